package ui

import (
	"fmt"
	"strings"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
)

// facts are a tenant's cells that have to be looked up object by object. They
// are read when a row is first drawn and kept until its tenant is rebuilt.
type facts struct {
	revision   string
	newest     string // the whole revision it is at, or on its way to
	generation string
	pods       pods
	repos      []string
	ref        string     // the branch or tag it follows
	changed    model.Unix // when what its source holds changed last
	account    string
	byHand     string // what somebody changed of its workloads, past Git
}

// pods is what the PODS column shows.
type pods struct {
	known     bool
	moving    bool
	rollout   model.Rollout
	available int // of all workloads
	desired   int
}

func (e *env) factsOf(t *model.Tenant) facts {
	var f facts
	f.revision, f.newest = e.revisionOf(t), e.newestOf(t)
	f.generation, f.pods = e.rolloutOf(t)
	f.byHand = e.byHand(t)
	seen := map[string]bool{}
	for _, k := range t.Sources {
		o := e.store.Get(k)
		if o == nil {
			continue
		}
		s, ok := o.Detail.(*model.Source)
		if !ok {
			continue
		}
		if s.Updated > f.changed {
			f.changed, f.ref = s.Updated, model.RevisionRef(s.Revision)
		}
		if s.URL != "" && !seen[s.URL] {
			seen[s.URL] = true
			f.repos = append(f.repos, s.URL)
		}
	}
	for _, k := range t.Access {
		if k.Kind == model.ServiceAccount && (f.account == "" || k.Name == t.Name) {
			f.account = k.Name
		}
	}
	return f
}

// byHand is what was changed of a tenant's workloads and is not from Git: of the
// first, where there are several.
func (e *env) byHand(t *model.Tenant) string {
	first, n := "", 0
	for _, k := range t.Workloads {
		if g := e.store.ByHand(k); g != nil {
			if n++; n == 1 {
				first = strings.TrimSpace(k.Name+" "+changedWords(g)) + ", by " + orNone(g.By, "somebody")
			}
		}
	}
	return more(first, n-1)
}

// revisionOf is what the tenant runs, and where it is going when its source is
// ahead of what was applied.
func (e *env) revisionOf(t *model.Tenant) string {
	var applied []string
	ahead := ""
	for _, k := range t.Syncs {
		o := e.store.Get(k)
		if o == nil {
			continue
		}
		s, ok := o.Detail.(*model.Sync)
		if !ok || s.Applied == "" || k.Kind == model.ResourceSet { // that is a digest of what it made, no revision
			continue
		}
		short := model.ShortRevision(s.Applied)
		if !contains(applied, short) {
			applied = append(applied, short)
		}
		if k.Kind != model.Kustomization {
			continue // a chart's version is no revision of its repository
		}
		if source := e.sourceOf(k, s); source != nil && source.Revision != "" && !model.SameRevision(source.Revision, s.Applied) {
			ahead = model.ShortRevision(source.Revision)
		}
	}
	switch {
	case len(applied) == 0 && len(t.Revisions) == 0:
		return ""
	case len(applied) == 0:
		return more(model.ShortRevision(t.Revisions[0]), len(t.Revisions)-1)
	case ahead != "" && len(applied) == 1:
		return applied[0] + e.kit.Glyph.Arrow + ahead
	}
	return more(applied[0], len(applied)-1)
}

// newestOf is the whole revision a tenant is at, or on its way to: the first,
// where there are several.
func (e *env) newestOf(t *model.Tenant) string {
	for _, k := range t.Syncs {
		o := e.store.Get(k)
		if o == nil || k.Kind != model.Kustomization {
			continue
		}
		if s, ok := o.Detail.(*model.Sync); ok {
			if source := e.sourceOf(k, s); source != nil && source.Revision != "" {
				return source.Revision
			}
			return s.Applied
		}
	}
	if len(t.Revisions) > 0 {
		return t.Revisions[0]
	}
	return ""
}

// sourceOf is the source a sync applies from, nil when it can't be seen.
func (e *env) sourceOf(k model.Key, s *model.Sync) *model.Source {
	ref := s.SourceRef
	if ref.Namespace == "" {
		ref.Namespace = k.Namespace
	}
	key, ok := ref.Key()
	if !ok {
		return nil
	}
	o := e.store.Get(key)
	if o == nil {
		return nil
	}
	source, _ := o.Detail.(*model.Source)
	return source
}

// rolloutOf is the workload that moved last, and the pods of all of them while
// nothing moves.
func (e *env) rolloutOf(t *model.Tenant) (string, pods) {
	var p pods
	if len(t.Workloads) == 0 {
		return "", p
	}
	last := t.LastMoved
	if last == (model.Key{}) {
		last = t.Workloads[0]
	}
	for _, k := range t.Workloads {
		r := e.store.Rollout(k)
		p.available += r.Available
		p.desired += r.Desired
		if r.Moving() && (!p.moving || k == t.LastMoved) {
			p.moving, p.rollout, last = true, r, k
		}
	}
	p.known = true
	if !p.moving {
		p.rollout = e.store.Rollout(last)
	}
	return more(last.Name+" "+e.generation(p.rollout), len(t.Workloads)-1), p
}

// generation writes a workload's generation, and its move while it rolls out.
func (e *env) generation(r model.Rollout) string {
	if r.Moving() && r.Generation > 1 {
		return fmt.Sprintf("%d%s%d", r.Generation-1, e.kit.Glyph.Arrow, r.Generation)
	}
	return fmt.Sprint(r.Generation)
}

func more(s string, n int) string {
	if n > 0 {
		return fmt.Sprintf("%s +%d", s, n)
	}
	return s
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

// drawPods writes the PODS cell: the bar while something rolls out, else how
// many there are of how many wanted.
func drawPods(kit draw.Kit, l *draw.Line, p pods) {
	switch {
	case !p.known:
		l.Put(themes.Muted, kit.Glyph.Unknown)
	case p.moving:
		drawBar(kit, l, p.rollout, 8)
	case p.available < p.desired:
		l.Put(themes.Caution, fmt.Sprintf("%d/%d", p.available, p.desired))
	default:
		l.Put(themes.Text, fmt.Sprintf("%d/%d", p.available, p.desired))
	}
}

// newAndReady is how many pods of the new revision are available at least: the
// old ones that still serve are counted as available too.
func newAndReady(r model.Rollout) int { return min(max(r.Available-r.Old, 0), r.Updated) }

// drawBar writes a rollout place by place: new and ready, new and starting,
// old still serving, still to come. More than limit pods share places.
func drawBar(kit draw.Kit, l *draw.Line, r model.Rollout, limit int) {
	put(l, podShapes(kit, r, limit))
}

// podShapes are the places of a rollout, in order, at most about limit.
func podShapes(kit draw.Kit, r model.Rollout, limit int) []piece {
	ready := newAndReady(r)
	starting := max(r.Updated-ready, 0)
	places := max(r.Desired, r.Updated+r.Old)
	old := min(r.Old, places-ready-starting)
	toCome := max(places-ready-starting-old, 0)
	scale := func(n int) int {
		if places <= limit || n == 0 {
			return n
		}
		return max(n*limit/places, 1)
	}
	g := kit.Glyph
	var out []piece
	add := func(n int, role themes.Role, shape string) {
		for range scale(n) {
			out = append(out, piece{role: role, text: shape})
		}
	}
	add(ready, themes.OK, g.PodNew)
	add(starting, themes.Busy, g.PodStarting)
	add(old, themes.Text, g.PodOld)
	add(toCome, themes.Muted, g.PodToCome)
	return out
}
