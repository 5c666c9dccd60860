package ui

import (
	"cmp"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/ui/keymap"
	"tenantry/ui/query"
)

// rollouts lists repositories and how far the commits of each have come: a row
// per repository, under it its newest commit with a line per tenant that follows
// it, and the commits before.
type rollouts struct {
	list
	heads map[*model.Head]*listRow
	// who follows which repository, as of a revision of the store: looked up
	// only when something is filtered or left out by it.
	askedAt int // the column of when Git was asked
	who     map[model.Repo][]string
	whoseAt uint64
	sought  sought
	large   bool       // the rows are those of a zoomed page,
	only    model.Repo // of this repository alone
	holding bool       // what is unfolded stays so, and nothing else
	opened  map[model.Repo]bool
	axes    map[model.Repo]map[string]*axis // by revision
	kept    bool                            // some is folded, or not, only because of that
}

func newRollouts(e *env) *rollouts {
	p := &rollouts{heads: map[*model.Head]*listRow{}, axes: map[model.Repo]map[string]*axis{}}
	p.list = newList(e, p, p.columns()...)
	p.block = p.rowsUnder
	p.table.Markable = func(r *listRow) bool { return r.line != nil && !r.still() }
	p.table.Still = (*listRow).still
	p.table.Whole = p.drawWhole
	p.table.Bare, p.table.Flat = true, false
	return p
}

func (p *rollouts) title() string   { return "Rollouts" }
func (p *rollouts) sorting() string { return "under way first" }
func (p *rollouts) kinds() []model.Kind {
	return []model.Kind{model.GitRepository, model.OCIRepository, model.Bucket, model.HelmRepository, model.HelmChart, model.Kustomization, model.HelmRelease}
}

func (p *rollouts) nothing() (head, body string) {
	return "No repository is followed", "A repository stands here as soon as a Kustomization or a HelmRelease applies what a source fetches from it."
}

// gather returns a row per repository; that of one that nothing happened to is
// the same row.
func (p *rollouts) gather() []*listRow {
	p.past.asked = true // what earlier runs saw tells of commits before this one
	all := p.store.Rollouts()
	heads := make(map[*model.Head]*listRow, len(all))
	rows := make([]*listRow, 0, len(all))
	scoped := p.inScope()
	opened := 0
	for _, h := range all {
		if scoped != nil && !scoped[h.Repo] || p.large && h.Repo != p.only {
			continue
		}
		r := p.heads[h]
		if r == nil {
			r = p.headRow(h)
		}
		r.what = p.commitWords(h.Revision) // its first line may have come to be known since
		heads[h] = r
		if r.open = p.tier(h) < tierQuiet || len(all) == 1 || p.large; r.open {
			opened++
		}
		rows = append(rows, r)
	}
	if opened > mostOpen {
		p.openFirst(rows)
	}
	p.heads = heads
	p.keepOpen(rows)
	return rows
}

func (p *rollouts) headRow(h *model.Head) *listRow {
	r := &listRow{id: listID{what: "repository " + h.Repo.Kind.String() + " " + h.Repo.URL + " " + h.Repo.Ref}, repo: h, looked: true}
	r.state, r.rank = p.headMark(h)
	r.since, r.revision = h.Fetched.At, h.Revision
	r.grow = func() []*listRow { return p.lines(r) }
	return r
}

// The tiers of the page: what moves, or came to rest a moment ago, stands above
// what needs a person, and that above what rests.
const (
	tierMoving = iota
	tierStuck
	tierQuiet
)

// restsAfter is how long, in seconds, what came to rest keeps its place.
const restsAfter = 60

// blockedFor is how long a commit keeps it that was fetched and waits for
// something else, such as a controller: it has not come to rest.
const blockedFor = 15 * 60

func (p *rollouts) tier(h *model.Head) int {
	latest := max(h.Fetched.At, h.LiveAt.At)
	switch since := model.Unix(p.now.Unix()) - latest; {
	case h.Moving, latest != 0 && since < restsAfter, h.Blocked > 0 && since < blockedFor:
		return tierMoving
	case h.Stuck:
		return tierStuck
	}
	return tierQuiet
}

// order is what is under way first, then what is stuck, then the newest commits.
func (p *rollouts) order(rows []*listRow) {
	p.askedAt = askedFrom
	for _, r := range rows {
		if n := p.kit.Width(repoPath(r.repo.Repo)+r.repo.Repo.Ref) + 8; n > p.askedAt && n <= askedUpTo {
			p.askedAt = n
		}
	}
	slices.SortStableFunc(rows, p.compare)
}

func (p *rollouts) compare(a, b *listRow) int {
	return cmp.Or(cmp.Compare(p.tier(a.repo), p.tier(b.repo)), cmp.Compare(b.since, a.since))
}

func (p *rollouts) found(r *listRow, s *query.Subject) {
	*s = query.Subject{Name: p.rowName(r), State: r.state.Word, Age: p.lasts(r.since), Text: []string{r.what, r.repo.Repo.URL, r.repo.Repo.Ref},
		Revisions: []string{model.RevisionSum(r.repo.Revision)}, Repos: func() []string { return []string{r.repo.Repo.URL} }}
	switch {
	case r.way != nil && r.way.part != partLine:
		s.Text, s.Revisions = []string{r.what}, []string{model.RevisionSum(r.way.commit.Revision)}
	case r.line != nil:
		s.Namespaces = []string{r.line.Sync.Namespace}
		s.Revisions = []string{model.RevisionSum(r.way.commit.Revision)}
	default:
		s.Text = append(s.Text, p.followers(r.repo.Repo)...)
		s.Revisions = append(s.Revisions, p.earlierSought(r.repo.Repo)...)
	}
}

func (p *rollouts) rowName(r *listRow) string {
	switch {
	case r.line != nil && r.mixed: // a tenant's syncs are told apart
		return p.tenantName(r.tenant) + " " + shortName(r.line.Sync)
	case r.line != nil:
		return p.tenantName(r.tenant)
	case r.way != nil && r.way.commit != nil:
		return model.ShortRevision(r.way.commit.Revision)
	}
	return repoName(r.repo.Repo)
}

// repoName is a repository as short as it can be told from others.
func repoName(r model.Repo) string { return join(repoPath(r), r.Ref) }

func repoPath(r model.Repo) string {
	if _, path, ok := strings.Cut(r.URL, "/"); ok {
		return path
	}
	return r.URL
}

// aim puts the cursor on the tenant's line of the repository its object comes
// from, or on the repository where it is folded.
func (p *rollouts) aim(at spot) {
	repo := p.store.RepoOf(at.key)
	if t := p.store.Tenant(at.tenant); repo == (model.Repo{}) && t != nil && len(t.Syncs) > 0 {
		repo = p.store.RepoOf(t.Syncs[0])
	}
	if repo == (model.Repo{}) {
		return
	}
	for _, r := range p.table.Rows() {
		if r.repo == nil || r.repo.Repo != repo {
			continue
		}
		switch {
		case r.way == nil:
			p.table.Select(r.id)
		case r.way.part == partLine && r.tenant == at.tenant && (at.key == (model.Key{}) || at.key == r.line.Sync || at.key.Kind.Role() != model.RoleSync):
			p.table.Select(r.id)
			return
		}
	}
}

// aimAtNews puts the cursor on what is under way since lately, which the page is
// opened for where nobody has chosen anything.
func (p *rollouts) aimAtNews() bool {
	rows := p.table.Rows()
	if len(rows) == 0 || rows[0].repo == nil || !rows[0].repo.Moving || p.lasts(rows[0].repo.Fetched.At) >= newFor {
		return false
	}
	return p.table.Select(rows[0].id)
}

// newFor is for how long after its fetch a commit on its way is what the page
// is opened for.
const newFor = 10 * time.Minute

// enter opens the tenant.
func (p *rollouts) enter(r *listRow) tea.Cmd {
	if r.line == nil {
		return nil
	}
	return p.paths.open(p.tenantPage(r.tenant))
}

func (p *rollouts) act(a keymap.Action) (tea.Cmd, bool) {
	if r, ok := p.table.Current(); ok && a == keymap.Fold && r.way != nil && r.way.part != partLine && p.isOpen(r) {
		p.fold(r, false) // the commit, not its repository
		return nil, true
	}
	return p.list.act(a)
}

// derive takes a new picture. An answer about a commit is of the store it was
// asked of.
func (p *rollouts) derive(hold bool) {
	p.seek()
	p.holding = hold
	p.list.derive(hold)
	p.holding, p.late = false, p.late || p.kept
	p.openOnly()
}

func (p *rollouts) refilter() {
	p.seek()
	p.list.refilter()
	p.openOnly()
}

// wants are the events that tell a commit's first line, of the repositories that
// are shown open, and pods and events where something is under way or stuck.
func (p *rollouts) wants() []model.Want {
	var out []model.Want
	add := func(ns string, kinds ...model.Kind) {
		for _, k := range kinds {
			if w := (model.Want{Kind: k, Namespace: ns}); len(out) < mostWants && !slices.Contains(out, w) {
				out = append(out, w)
			}
		}
	}
	current, _ := p.table.Current()
	look := func(r *listRow) {
		switch {
		case r.repo == nil:
		case r.line == nil:
			if chain := p.store.Chain(r.repo.Repo); chain != nil {
				for _, source := range chain.Sources[:min(len(chain.Sources), mostTold)] {
					add(source.Namespace, model.Event)
				}
			}
		case !r.line.Live && r.line.Outcome != model.OutcomeSuspended:
			add(r.line.Source.Namespace, model.Event)
			for i := range r.line.Moves {
				add(r.line.Moves[i].Workload.Namespace, model.Pod, model.Event)
			}
			for _, k := range p.behind(r.line) {
				add(k.Namespace, model.Pod, model.Event)
			}
		default:
			add(r.line.Source.Namespace, model.Event)
		}
	}
	if current != nil {
		look(current)
	}
	for _, r := range p.table.Rows() {
		if len(out) == mostWants {
			break
		}
		if r.repo != nil && (r.way == nil && p.isOpen(r) || r.way != nil && r.way.part == partLine && !r.line.Live) {
			look(r)
		}
	}
	return out
}

// mostWants bounds what the page has read besides what is always read, mostTold
// of how many sources of one repository the events are read: what they tell does
// not come and go with what is under way.
const mostWants, mostTold = 12, 3
