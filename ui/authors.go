package ui

import (
	"context"
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
	// credits are objects whose newest commits the page shows, what matters
	// most first.
	credits() []model.Key
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
	keys := p.credits()
	for _, k := range keys[:min(len(keys), maxCredits)] {
		repo := a.store.RepoOf(k)
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

// byWords are ", by Ana Ruiz, written 12:03" for a commit whose author is known.
func (e *env) byWords(revision string) string {
	a := e.store.Authored(revision)
	if a.Author == "" {
		return ""
	}
	if at := e.moment(a.At); at != "" {
		return ", by " + a.Author + ", written " + at
	}
	return ", by " + a.Author
}

// credits: what the tenant's syncs are made from.
func (p *tenantPage) credits() []model.Key {
	if p.tenant == nil {
		return nil
	}
	return p.tenant.Syncs
}

// credits: what the object is made from.
func (p *objectPage) credits() []model.Key { return []model.Key{p.key} }
