package ui

import (
	"fmt"
	"path"
	"strings"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/keymap"
)

// sections say how far a commit has come, what keeps it, and when there will be
// news.
func (p *rollouts) sections(r *listRow) []section {
	switch {
	case r.line != nil:
		return p.lineSections(r)
	case r.way != nil:
		return p.commitSections(r)
	}
	h := r.repo
	if h.Revision == "" {
		return []section{{label: "WHY", text: "Nothing has been fetched from " + h.Repo.URL + " yet."}, {label: "GIT", text: p.askedWords(h.Repo)}}
	}
	why := fmt.Sprintf("%s of %s is live in %d of %d", p.commitWords(h.Revision), repoName(h.Repo), h.Live, h.Of)
	if h.Of == 0 {
		why = fmt.Sprintf("%s of %s: everything that follows it is suspended", p.commitWords(h.Revision), repoName(h.Repo))
	} else if h.Held > 0 {
		why += fmt.Sprintf(", %d suspended", h.Held)
	}
	if chain := p.store.Chain(h.Repo); !h.Moving && h.Live+h.Stirring < h.Of && chain != nil && len(chain.Commits) > 0 {
		why += ", " + p.openWords(&chain.Commits[0])
	}
	if h.Fetched.Known() {
		why += ", first fetched " + p.age(h.Fetched.At) + " ago"
	}
	why += p.waitsWords(p.store.Chain(h.Repo))
	if h.LiveAt.Known() && h.Fetched.Known() && h.LiveAt.At >= h.Fetched.At {
		why += ", live everywhere " + ageOf(seconds(h.LiveAt.At-h.Fetched.At)) + " after that"
	}
	return []section{{label: "NOW", text: sentence(why)}, {label: "GIT", text: p.askedWords(h.Repo)},
		{label: "WHO", text: strings.Join(p.followers(h.Repo), ", "), spare: true}}
}

// askedWords say how often the origin is asked, and when it last was.
func (p *rollouts) askedWords(repo model.Repo) string {
	chain := p.store.Chain(repo)
	if chain == nil {
		return ""
	}
	words := "It is asked " + every(chain.Asked.Every)
	if chain.Asked.Every <= 0 {
		words = "How often it is asked is not known"
	}
	if at := chain.Asked.Last; at.Known() {
		words += ", last " + p.age(at.At) + " ago"
	}
	if chain.Asked.Failing {
		return sentence(words + ". It can't be fetched: " + chain.Asked.Cause)
	}
	if chain.Asked.Down != "" {
		return sentence(words + ". It is not asked now: " + chain.Asked.Down)
	}
	return sentence(words) + " " + p.key2() + " asks now."
}

// commitSections say what became of one commit.
func (p *rollouts) commitSections(r *listRow) []section {
	c := r.way.commit
	what := p.commitWords(c.Revision) + p.byWords(c.Revision)
	words := what + ": " + c.LiveWords(model.Unix(p.now.Unix()))
	if c.Fetched.Known() {
		words += ", first fetched " + p.moment(c.Fetched.At)
	}
	if overtaken(c) {
		words += ", " + c.OvertakenWords()
	}
	var parts []string
	for i := range c.Lines {
		l := &c.Lines[i]
		if l.Cause != "" && (!l.Live || l.Outcome.Bad()) {
			parts = append(parts, p.tenantName(l.Tenant)+": "+l.Cause)
		}
	}
	return []section{{label: "NOW", text: sentence(words)}, {label: "WHY", text: sentence(strings.Join(parts, "; "))},
		{label: "GIT", text: p.askedWords(r.repo.Repo), spare: true}}
}

func (p *rollouts) lineSections(r *listRow) []section {
	l := r.line
	commit := p.commitWords(r.way.commit.Revision)
	why := fmt.Sprintf("%s in %s: %s", commit, p.tenantName(r.tenant), strings.ToLower(r.state.Word))
	if t := p.stuckAt(r); t.Kind != model.TroubleNone {
		why = fmt.Sprintf("%s in %s is stuck at the pod: %s", commit, p.tenantName(r.tenant), t.Text)
	} else if words := strings.TrimPrefix(p.lineWords(r), "refused: "); words != "" {
		why += ", " + words
	}
	switch {
	case l.Moving():
		why += p.wayWords(r)
	case l.Outcome == model.OutcomeWaiting: // not fetched here yet
		why += "; " + p.origin(r.repo.Repo) + " " + p.store.AskedOf(l.Source).Sentence(model.Unix(p.now.Unix()))
	}
	if l.Unproved != "" {
		why += "; " + l.Unproved
	}
	if drift := p.notFromGit(r); drift != "" {
		why += "; " + drift
	}
	sections := []section{{label: "WHY", text: sentence(why)}}
	var moves []string
	for i := range l.Moves {
		moves = append(moves, p.podWords(&l.Moves[i], len(l.Moves) > 1))
	}
	if len(moves) > 0 {
		sections = append(sections, section{label: "PODS", text: strings.Join(moves, "; ")})
	}
	return append(sections, section{label: "SYNC", text: l.Sync.String() + " from " + l.Source.String(), spare: true},
		section{label: "RUN", text: describe(l.Sync), spare: true})
}

// wayWords say how far a line on its way is, and when it should be there.
func (p *rollouts) wayWords(r *listRow) string {
	l, words := r.line, ""
	switch {
	case l.InChecks():
		words = "; all of it is applied, its health checks run"
	case l.Busy != "":
		words = ", fetched; " + p.busyWords(l)
	case l.Outcome == model.OutcomeWaiting && l.Fetched.Known():
		words = ", fetched; its controller has not taken it up"
	}
	if usual := r.way.chain.Usual; r.way.newest && usual.Commits > 0 && usual.Live > 0 {
		words += ". Usually it is live " + ageOf(secondsOf(usual.Live)) + " after the first fetch"
	}
	return words
}

// podWords say of a workload's pods how many are at which place of the bar, and
// what keeps those that are not ready.
func (p *rollouts) podWords(m *model.Move, named bool) string {
	g := p.kit.Glyph
	r := movedPods(m).rollout
	ready := newAndReady(r)
	starting := max(r.Updated-ready, 0)
	toCome := max(r.Desired-r.Updated-r.Old, 0)
	parts := []string{fmt.Sprintf("%s generation %d", m.Workload.Name, m.To)}
	switch {
	case m.To > 0:
	case m.Revision > 0:
		parts[0] = fmt.Sprintf("%s revision %d", m.Workload.Name, m.Revision)
	default:
		parts[0] = m.Workload.Name + ", a generation whose number nothing tells"
	}
	if changed := model.ChangedWords(m.Changed); len(m.Changed) > 0 {
		parts[0] += " (" + changed + ")"
	}
	if m.AtOrBefore != "" {
		parts[0] += ", at or before " + model.ShortRevision(m.AtOrBefore)
	}
	add := func(n int, shape, words string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d %s", shape, n, words))
		}
	}
	add(ready, g.PodNew, "new, ready")
	add(starting, g.PodStarting, "new, starting")
	add(r.Old, g.PodOld, "old, still serving")
	add(toCome, g.PodToCome, "still to come")
	words := strings.Join(parts, "  ")
	if m.Superseded {
		return words
	}
	switch t := p.store.TroubleOf(m.Workload); {
	case t.Kind != model.TroubleNone:
		words += ": " + t.Text
		if t.Pods > 1 {
			words += fmt.Sprintf(" (%d pods)", t.Pods)
		}
	case m.Stuck != "":
		words += ": " + m.Stuck
	case t.Text != "" && m.State != model.RolloutDone:
		words += "  " + t.Text
	}
	return words
}

// counts say how many repositories are under way.
func (p *rollouts) counts(l *draw.Line) {
	moving, stuck := 0, 0
	for _, r := range p.all {
		switch {
		case r.repo == nil:
		case r.repo.Stuck, p.podsKeep(r):
			stuck++
		case r.repo.Moving:
			moving++
		}
	}
	role := themes.Text
	if stuck > 0 {
		role = themes.Bad
	}
	l.Put(themes.Text, fmt.Sprintf("%d rolling out", moving)).Skip(2).Put(role, fmt.Sprintf("%d stuck", stuck)).Skip(2)
	l.Put(themes.Text, fmt.Sprintf("%d quiet", max(len(p.all)-moving-stuck, 0)))
	p.putUnread(l)
}

// subject is the row under the cursor: a tenant's line is its sync's, a commit
// is copied and opened by its digest.
func (p *rollouts) subject() subject {
	r, ok := p.table.Current()
	if !ok || r.denied != nil {
		return p.list.subject()
	}
	s := subject{name: orNone(path.Base(repoPath(r.repo.Repo)), p.rowName(r)), state: r.state, since: p.age(r.since), cause: r.what, copy: p.rowName(r)}
	revision := r.repo.Revision
	if r.way != nil {
		revision = r.way.commit.Revision
	}
	if chain := p.store.Chain(r.repo.Repo); chain != nil && len(chain.Sources) > 0 {
		if o := p.store.Get(chain.Sources[0]); o != nil && o.Kind == model.GitRepository {
			if d, ok := o.Detail.(*model.Source); ok {
				s.link = sourceLink(d.URL, revision)
			}
		}
	}
	if r.way != nil {
		s.name = p.rowName(r)
	}
	s.why = p.worstSync(r)
	switch {
	case r.line != nil:
		s.spot = spot{r.tenant, r.line.Sync}
		if m := moveOf(r); s.cause == "" && m != nil {
			s.cause = fmt.Sprintf("%s, %d of %d new pods ready", p.moveWords(r), newAndReady(movedPods(m).rollout), m.Desired)
		}
	case r.way != nil:
		s.copy = orNone(model.RevisionSum(revision), revision)
		s.cause = join(r.what, r.way.commit.LiveWords(model.Unix(p.now.Unix())))
	default:
		s.cause = join(r.what, fmt.Sprintf("live in %d of %d", r.repo.Live, r.repo.Of))
	}
	return s
}

// followed is the commit of the row under the cursor.
func (p *rollouts) followed() []model.Followed {
	r, ok := p.table.Current()
	if !ok || r.repo == nil {
		return nil
	}
	revision := r.repo.Revision
	if r.way != nil {
		revision = r.way.commit.Revision
	}
	if revision == "" {
		return nil
	}
	return []model.Followed{{Revision: revision}}
}

// origins are the sources of the repository under the cursor that fetch, and
// what it is called.
func (p *rollouts) origins() (out []model.Key, name string) {
	r, ok := p.table.Current()
	if !ok || r.repo == nil || r.line != nil {
		return nil, ""
	}
	chain := p.store.Chain(r.repo.Repo)
	if chain == nil {
		return nil, ""
	}
	for _, k := range chain.Sources {
		if o := p.store.Get(k); o != nil && !o.IsSuspended() {
			out = append(out, k)
		}
	}
	return out, repoName(r.repo.Repo)
}

// hints are the keys that do something on the row under the cursor.
func (p *rollouts) hints() []keymap.Action {
	open := keymap.Open
	r, ok := p.table.Current()
	if !ok || r.repo == nil {
		return []keymap.Action{keymap.Escape, keymap.Filter, keymap.Copy, keymap.Help}
	}
	if ok && r.folds() {
		open = keymap.Unfold
		if p.isOpen(r) {
			open = keymap.Fold
		}
	}
	out := []keymap.Action{open, keymap.Escape, keymap.Follow, keymap.Fetch}
	if ok && r.line != nil {
		out = append(out, keymap.Reconcile, keymap.Suspend, keymap.History)
	}
	return append(out, keymap.OpenLink, keymap.Zoom, keymap.Filter, keymap.Pause, keymap.Help, keymap.Sort, keymap.Copy)
}
