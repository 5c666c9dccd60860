package ui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/keymap"
	"tenantry/ui/query"
	"tenantry/ui/table"
)

// deployments are a tenant's workloads, each with its last generations: when,
// caused by what, what they changed, how long they took.
type deployments struct {
	*env
	table  *table.Table[deploymentID, *deploymentRow]
	f      filter
	tenant *model.Tenant
	folded map[model.Key]bool // as a person chose
	many   bool               // too many to show all their generations unasked
}

// deploymentID is a row's identity: a workload, or one of its generations. One
// from before the session may be known by its revision alone.
type deploymentID struct {
	key              model.Key
	number, revision int64
	generation       bool
}

type deploymentRow struct {
	id         deploymentID
	object     *model.Object
	facts      objectFacts       // of a workload's own row
	generation *model.Generation // nil in a workload's own row
	usual      string
	folds      bool
}

const (
	// generationsShown bounds the rows under a workload.
	generationsShown = 6
	// manyDeployments is from how many on they begin folded: reading the
	// generations of thousands takes longer than a key may.
	manyDeployments = 40
)

func newDeployments(e *env) *deployments {
	r := &deployments{env: e, folded: map[model.Key]bool{}}
	r.table = table.New(func(r *deploymentRow) deploymentID { return r.id }, r.columns()...)
	return r
}

// derive takes a new picture.
func (r *deployments) derive(t *model.Tenant) {
	r.tenant, r.f.hidden = t, 0
	var rows []*deploymentRow
	if t != nil {
		r.many = len(t.Workloads) > manyDeployments
		for _, k := range t.Workloads {
			o := r.store.Get(k)
			if o == nil {
				continue
			}
			head := &deploymentRow{id: deploymentID{key: k}, object: o, facts: r.factsOfObject(o), folds: true}
			if !r.fits(head) {
				r.f.hidden++
				continue
			}
			if rows = append(rows, head); r.open(k) {
				head.usual = r.usual(timesOf(r.store.RunsOf(k)))
				rows = r.under(rows, o)
			}
		}
	}
	// Generations stand under their workload, so no row may stay where it was.
	r.table.SetRows(rows, false)
}

func (r *deployments) open(k model.Key) bool {
	folded, chosen := r.folded[k]
	return chosen && !folded || !chosen && !r.many
}

// under adds a workload's generations, newest first.
func (r *deployments) under(rows []*deploymentRow, o *model.Object) []*deploymentRow {
	generations := r.store.Generations(o.Key)
	usual := r.usual(timesOf(r.store.RunsOf(o.Key)))
	for i := range generations[:min(len(generations), generationsShown)] {
		g := &generations[i]
		rows = append(rows, &deploymentRow{id: deploymentID{o.Key, g.Number, g.Revision, true}, object: o, generation: g, usual: usual})
	}
	return rows
}

func (r *deployments) fits(v *deploymentRow) bool {
	if r.f.trouble && v.facts.state.Role == themes.OK {
		return false
	}
	return r.f.query.Empty() || r.f.query.Fits(&query.Subject{Name: v.id.key.Name, State: v.facts.state.Word,
		Text: []string{v.id.key.Kind.String(), imagesOf(v.object)}, Namespaces: []string{v.id.key.Namespace}})
}

func (r *deployments) act(a keymap.Action) (tea.Cmd, bool) {
	if moveTable(r.table, a) {
		return nil, true
	}
	v, ok := r.table.Current()
	switch {
	case a == keymap.Sort: // each workload stands above its own generations
	case !ok:
		return nil, false
	case a == keymap.Open:
		return r.paths.open(newObjectPage(r.env, v.id.key)), true
	case a == keymap.Unfold:
		r.fold(v.id.key, false)
	case a == keymap.Fold:
		r.fold(v.id.key, true)
	default:
		return nil, false
	}
	return nil, true
}

// fold hides the generations under a workload or shows them; the cursor goes
// to the workload when its row is hidden.
func (r *deployments) fold(k model.Key, folded bool) {
	if folded {
		r.table.Select(deploymentID{key: k})
	}
	r.folded[k] = folded
	r.derive(r.tenant)
}

func (r *deployments) body(w, h int) []string {
	lines := r.table.View(r.kit, w, h)
	if r.table.Len() > 0 || h-len(lines) < 2 {
		return lines
	}
	said, t := "It has no Deployment, StatefulSet or DaemonSet.", r.tenant
	switch {
	case r.f.on():
		said = "Nothing matches " + r.f.words() + ". esc shows all again."
	case t != nil && t.Chain[model.LinkWorkloads].Denied:
		said = "What runs is not readable by you. That is neither a fault nor \"none\"."
	case t != nil && t.Reading:
		said = "Not everything it is made of has been read yet."
	}
	lines = append(lines, "")
	for _, s := range wrap(r.kit, said, min(w-6, 76)) {
		lines = append(lines, draw.NewLine(r.kit, w).Skip(3).Put(themes.Text, s).String())
	}
	return lines[:min(len(lines), h)]
}

func (r *deployments) pane(w, h int) []string {
	v, ok := r.table.Current()
	switch {
	case !ok:
		return nil
	case v.generation != nil:
		return drawPane(r.kit, w, h, r.generationSections(v.object, v.generation, v.usual)...)
	}
	return drawPane(r.kit, w, h, append(r.objectSections(v.object, &v.facts), section{label: "RUNS", text: imagesOf(v.object), spare: true})...)
}

func (r *deployments) subject(tenant string) subject {
	v, ok := r.table.Current()
	if !ok {
		return subject{spot: spot{tenant: tenant}}
	}
	s := subject{name: v.id.key.Kind.String() + " " + v.id.key.Name, copy: v.id.key.Name, spot: spot{tenant, v.id.key}, state: r.kit.Glyph.Nothing()}
	if v.generation == nil {
		s.state, s.since, s.cause = v.facts.state, r.age(v.facts.since), v.facts.what
		return s
	}
	s.name, s.cause = fmt.Sprintf("%s gen %d", v.id.key.Name, v.id.number), r.generationCause(v.generation)
	return s
}
