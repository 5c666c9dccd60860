package ui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/query"
)

// rollouts lists repositories and how far the newest commit of each has come:
// a row per repository, under it one per tenant that follows it.
type rollouts struct {
	list
	heads map[*model.Head]*listRow
	// who follows which repository, as of a revision of the store: looked up
	// only when something is filtered or left out by it.
	who     map[model.Repo][]string
	whoseAt uint64
}

func newRollouts(e *env) *rollouts {
	p := &rollouts{heads: map[*model.Head]*listRow{}}
	p.list = newList(e, p, p.columns()...)
	p.table.Markable = func(r *listRow) bool { return r.line != nil }
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
	all := p.store.Rollouts()
	heads := make(map[*model.Head]*listRow, len(all))
	rows := make([]*listRow, 0, len(all))
	for _, h := range all {
		if p.scope.on() && !p.inScope(h.Repo) {
			continue
		}
		r := p.heads[h]
		if r == nil {
			r = p.headRow(h)
		}
		heads[h] = r
		r.open = h.Moving || h.Stuck || len(all) == 1
		rows = append(rows, r)
	}
	p.heads = heads
	return rows
}

func (p *rollouts) headRow(h *model.Head) *listRow {
	r := &listRow{id: listID{what: "repository " + h.Repo.Kind.String() + " " + h.Repo.URL + " " + h.Repo.Ref}, repo: h, looked: true}
	r.state, r.rank = p.headMark(h)
	r.since, r.revision = h.Fetched.At, h.Revision
	r.what = join(model.ShortRevision(h.Revision), h.Subject)
	r.widths.whose = nameWidth(repoName(h.Repo)) + 2
	r.grow = func() []*listRow { return p.lines(r) }
	return r
}

// lines are the tenants that follow a repository, and how far its newest commit
// has come in each.
func (p *rollouts) lines(head *listRow) []*listRow {
	chain := p.store.Chain(head.repo.Repo)
	if chain == nil || len(chain.Commits) == 0 {
		return nil
	}
	newest := &chain.Commits[0]
	rows := make([]*listRow, 0, len(newest.Lines))
	several := map[string]int{} // syncs by tenant
	for i := range newest.Lines {
		several[newest.Lines[i].Tenant]++
	}
	for i := range newest.Lines {
		l := &newest.Lines[i]
		if !p.scope.covers(l.Tenant, l.Sync.Namespace) {
			continue
		}
		r := &listRow{id: listID{what: head.id.what, key: l.Sync}, tenant: l.Tenant, line: l, repo: head.repo, head: head, looked: true,
			mixed: several[l.Tenant] > 1}
		r.state, r.rank = p.lineMark(l)
		r.since, r.what = l.Fetched.At, lineWords(l)
		rows = append(rows, r)
	}
	return rows
}

// headMark is how a repository's newest commit is doing.
func (p *rollouts) headMark(h *model.Head) (mark, int) {
	g := p.kit.Glyph
	switch {
	case h.Stuck:
		return g.Of(model.Stuck), 2 * model.Stuck.Severity()
	case h.Moving:
		return mark{Shape: g.Of(model.Reconciling).Shape, Word: "Rolling out", Role: themes.Busy}, 2 * model.Reconciling.Severity()
	case h.Revision == "" || h.Live < h.Of:
		return mark{Shape: g.Of(model.Pending).Shape, Word: "Waiting", Role: themes.Muted}, 2 * model.Pending.Severity()
	case h.Of == 0:
		return g.Of(model.Suspended), 2 * model.Suspended.Severity()
	}
	return liveMark(p.env), 2 * model.Ready.Severity()
}

func liveMark(e *env) mark {
	return mark{Shape: e.kit.Glyph.Of(model.Ready).Shape, Word: "Live", Role: themes.OK}
}

// lineMark is how a commit is doing in one tenant.
func (p *rollouts) lineMark(l *model.Line) (mark, int) {
	as := func(h model.Health, word string) (mark, int) {
		m := p.kit.Glyph.Of(h)
		if word != "" {
			m.Word = word
		}
		return m, 2 * h.Severity()
	}
	switch l.Outcome {
	case model.OutcomeSuspended:
		return as(model.Suspended, "")
	case model.OutcomeRefused:
		return as(model.Failed, "Refused")
	case model.OutcomeFailed:
		return as(model.Failed, "")
	case model.OutcomeBlocked:
		return as(model.Blocked, "")
	case model.OutcomeOvertaken:
		return as(model.Pending, "Overtaken")
	}
	switch {
	case l.Live:
		return liveMark(p.env), 2 * model.Ready.Severity()
	case l.Outcome == model.OutcomeWaiting:
		return as(model.Pending, "Waiting")
	case l.Outcome == model.OutcomeApplying:
		return as(model.Reconciling, "Applying")
	case l.Reason != "":
		return as(model.Stuck, "")
	}
	return as(model.Reconciling, "Rolling out")
}

// lineWords say what keeps a commit, or that there was nothing to do.
func lineWords(l *model.Line) string {
	switch {
	case l.Cause != "":
		return l.Cause
	case l.Reason != "":
		return l.Reason
	case l.Outcome == model.OutcomeOvertaken && l.OvertakenBy != "":
		return "overtaken by " + model.ShortRevision(l.OvertakenBy)
	case l.Outcome == model.OutcomeUnchanged:
		return "what it makes is the same as before"
	}
	return ""
}

// order is what is under way first, then the newest commits.
func (p *rollouts) order(rows []*listRow) {
	slices.SortStableFunc(rows, func(a, b *listRow) int {
		return cmp.Or(cmp.Compare(b.rank, a.rank), cmp.Compare(b.since, a.since))
	})
}

func (p *rollouts) found(r *listRow, s *query.Subject) {
	*s = query.Subject{Name: p.rowName(r), State: r.state.Word, Age: p.lasts(r.since), Text: []string{r.what, r.repo.Repo.URL, r.repo.Repo.Ref},
		Revisions: []string{model.RevisionSum(r.repo.Revision)}, Repos: func() []string { return []string{r.repo.Repo.URL} }}
	if r.line != nil {
		s.Namespaces = []string{r.line.Sync.Namespace}
		return
	}
	s.Text = append(s.Text, p.followers(r.repo.Repo)...)
}

func (p *rollouts) rowName(r *listRow) string {
	if r.line != nil {
		if r.mixed { // a tenant's syncs are told apart
			return p.tenantName(r.tenant) + " " + shortName(r.line.Sync)
		}
		return p.tenantName(r.tenant)
	}
	return repoName(r.repo.Repo)
}

// repoName is a repository as short as it can be told from others.
func repoName(r model.Repo) string {
	_, path, ok := strings.Cut(r.URL, "/")
	if !ok {
		path = r.URL
	}
	return join(path, r.Ref)
}

// followers are the tenants that follow a repository.
func (p *rollouts) followers(repo model.Repo) []string {
	if at := p.store.Revision(); p.who == nil || p.whoseAt != at {
		p.who, p.whoseAt = map[model.Repo][]string{}, at
		p.eachTenant(func(row string, t *model.Tenant) {
			for _, k := range t.Syncs {
				if r := p.store.RepoOf(k); r != (model.Repo{}) && !slices.Contains(p.who[r], p.tenantName(row)) {
					p.who[r] = append(p.who[r], p.tenantName(row))
				}
			}
		})
	}
	return p.who[repo]
}

func (e *env) eachTenant(f func(row string, t *model.Tenant)) {
	if platform := e.store.Platform(); platform.Row != nil {
		f(model.PlatformKey, platform.Row)
	}
	for _, t := range e.store.Tenants() {
		f(t.Name, t)
	}
}

// inScope reports whether any tenant in the scope follows a repository.
func (p *rollouts) inScope(repo model.Repo) bool {
	chain := p.store.Chain(repo)
	return chain != nil && len(chain.Commits) > 0 && slices.ContainsFunc(chain.Commits[0].Lines, func(l model.Line) bool {
		return p.scope.covers(l.Tenant, l.Sync.Namespace)
	})
}

// moving counts the repositories whose newest commit is under way.
func (p *rollouts) moving() int {
	n := 0
	for _, r := range p.all {
		if r.repo.Moving {
			n++
		}
	}
	return n
}

func (p *rollouts) counts(l *draw.Line) {
	stuck := 0
	for _, r := range p.all {
		if r.repo.Stuck {
			stuck++
		}
	}
	moving := p.moving()
	role := themes.Text
	if stuck > 0 {
		role = themes.Bad
	}
	l.Put(themes.Text, fmt.Sprintf("%d rolling out", moving)).Skip(2).Put(role, fmt.Sprintf("%d stuck", stuck)).Skip(2)
	repositories := "1 repository"
	if n := len(p.all); n != 1 {
		repositories = fmt.Sprintf("%d repositories", n)
	}
	l.Put(themes.Text, repositories)
	p.putUnread(l)
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
		if r.repo != nil && r.repo.Repo == repo && (r.line == nil || r.tenant == at.tenant) {
			p.table.Select(r.id)
			if r.line != nil {
				return
			}
		}
	}
}

// enter opens the tenant.
func (p *rollouts) enter(r *listRow) tea.Cmd {
	if r.line == nil {
		return nil
	}
	return p.paths.open(p.tenantPage(r.tenant))
}
