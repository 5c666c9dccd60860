package ui

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
)

// Who made a commit is no cluster's to tell. For those who switched it on, it
// is read from the repository, one commit at a time and only of what a page
// shows, by a reader that uses the person's own credentials.

// ReadAuthor reads what one commit, by its whole digest, says of itself.
type ReadAuthor func(ctx context.Context, address, digest string) (model.Authorship, error)

// credited pages show commits.
type credited interface {
	// credits are the repositories whose newest commits the page shows.
	credits() []model.Repo
}

const (
	// maxCredits is how many commits of a page are looked at.
	maxCredits = 40
	// authorAgain is how long after a failure a repository is left alone.
	authorAgain = 10 * time.Minute
)

// authors are the reader's affairs.
type authors struct {
	busy   bool
	failed map[model.Repo]time.Time // this machine's
}

// authorMsg is who made a commit, or why that can't be told.
type authorMsg struct {
	epoch      uint64
	repo       model.Repo
	revision   string
	authorship model.Authorship
	err        error
}

// askAuthor asks for one commit the page shows and nobody told of yet.
func (a *App) askAuthor() tea.Cmd {
	p, ok := a.page().(credited)
	if a.opts.Authors == nil || a.authors.busy || !ok {
		return nil
	}
	repos := p.credits()
	for _, repo := range repos[:min(len(repos), maxCredits)] {
		address, revision := a.newestOf(repo)
		digest := commitOf(revision)
		if digest == "" || address == "" || a.store.Authored(revision) != (model.Authorship{}) {
			continue
		}
		if at, failed := a.authors.failed[repo]; failed && a.clock().Sub(at) < authorAgain {
			continue
		}
		a.authors.busy = true
		ctx, read, epoch := a.ctx, a.opts.Authors, a.epoch
		return func() tea.Msg {
			authorship, err := read(ctx, address, digest)
			return authorMsg{epoch, repo, revision, authorship, err}
		}
	}
	return nil
}

// newestOf is where a Git repository is, and its newest commit.
func (a *App) newestOf(repo model.Repo) (address, revision string) {
	if repo.Kind != model.GitRepository {
		return "", ""
	}
	chain := a.store.Chain(repo)
	if chain == nil {
		return "", ""
	}
	for _, source := range chain.Sources {
		if o := a.store.Get(source); o != nil {
			if d, ok := o.Detail.(*model.Source); ok && d.URL != "" {
				return d.URL, chain.Revision
			}
		}
	}
	return "", ""
}

// takeAuthor keeps an answer; a failure is said in the log, and the time stays
// unknown on the screen.
func (a *App) takeAuthor(msg authorMsg) {
	a.authors.busy = false
	if msg.err != nil {
		if a.authors.failed == nil {
			a.authors.failed = map[model.Repo]time.Time{}
		}
		a.authors.failed[msg.repo] = a.clock()
		if a.opts.Log != nil {
			a.opts.Log.Info("the author of a commit", "repository", msg.repo.URL, "revision", msg.revision, "error", msg.err)
		}
		return
	}
	if msg.epoch == a.epoch {
		a.store.Author(msg.revision, msg.authorship)
		a.dirty = true
	}
}

// by is ", by Ana Ruiz" for a commit whose author is known.
func (e *env) by(revision string) string {
	if who := e.store.Authored(revision).Author; who != "" {
		return ", by " + who
	}
	return ""
}

// byWords say when it was written, too.
func (e *env) byWords(revision string) string {
	by := e.by(revision)
	if at := e.moment(e.store.Authored(revision).At); by != "" && at != "" {
		return by + ", written " + at
	}
	return by
}

// credits: what the tenant's syncs are made from.
func (p *tenantPage) credits() []model.Repo {
	if p.tenant == nil {
		return nil
	}
	var out []model.Repo
	for _, k := range p.tenant.Syncs {
		if repo := p.store.RepoOf(k); !slices.Contains(out, repo) {
			out = append(out, repo)
		}
	}
	return out
}

// credits: what the object is made from.
func (p *objectPage) credits() []model.Repo { return []model.Repo{p.store.RepoOf(p.key)} }

// credits: what stands around the cursor.
func (p *rollouts) credits() []model.Repo {
	rows := p.table.Rows()
	from := max(p.table.Position()-maxCredits/2, 0)
	var out []model.Repo
	for _, r := range rows[min(from, len(rows)):] {
		if r.repo != nil && !slices.Contains(out, r.repo.Repo) {
			if out = append(out, r.repo.Repo); len(out) == maxCredits {
				break
			}
		}
	}
	return out
}
