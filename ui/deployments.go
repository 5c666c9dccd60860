package ui

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/keymap"
	"tenantry/ui/query"
	"tenantry/ui/table"
	"tenantry/ui/text"
)

// deployments are a tenant's workloads, each with its last generations: from the
// change log what this session saw, from the ReplicaSets what was before.
type deployments struct {
	*env
	table *table.Table[deploymentID, *deploymentRow]
	f     filter
}

// deploymentID is a row's identity: a workload, or one of its generations, or one
// of its revisions.
type deploymentID struct {
	key                  model.Key
	generation, revision string
}

type deploymentRow struct {
	id       deploymentID
	object   *model.Object // of a workload's own row
	facts    objectFacts
	gen, rev string
	when     model.Unix
	by       string // the revision or whoever it came of
	took     string
	moving   bool
	image    string
}

// generationsShown bounds the rows under a workload.
const generationsShown = 5

func newDeployments(e *env) *deployments {
	r := &deployments{env: e}
	r.table = table.New(func(r *deploymentRow) deploymentID { return r.id }, r.columns()...)
	return r
}

func (r *deployments) columns() []table.Column[*deploymentRow] {
	word := func(f func(*deploymentRow) string) func(*draw.Line, *deploymentRow) {
		return func(l *draw.Line, v *deploymentRow) { l.Put(themes.Text, f(v)) }
	}
	return []table.Column[*deploymentRow]{
		{ID: "workload", Title: "WORKLOAD", Min: 18, Max: 44, Measure: func(v *deploymentRow) int { return nameWidth(r.label(v)) },
			Draw: func(l *draw.Line, v *deploymentRow) {
				if v.object == nil {
					l.Put(themes.Muted, r.label(v))
					return
				}
				l.Put(v.facts.state.Role, r.Turn(v.facts.state).Shape).Skip(1).Put(themes.Title, r.kit.CutMiddle(v.object.Kind.String()+" "+v.object.Name, l.Left()))
			}},
		{ID: "gen", Title: "GEN", Min: 5, Max: 12, Measure: func(v *deploymentRow) int { return nameWidth(v.gen) }, Draw: word(func(v *deploymentRow) string { return v.gen })},
		{ID: "rev", Title: "REV", Min: 3, Max: 5, Draw: word(func(v *deploymentRow) string { return v.rev })},
		{ID: colPods, Title: "PODS", Min: 5, Max: 8, Leave: 2, Draw: func(l *draw.Line, v *deploymentRow) {
			switch {
			case v.object == nil:
			case v.facts.rollout.Moving():
				drawBar(r.kit, l, v.facts.rollout, 8)
			default:
				l.Put(themes.Text, fmt.Sprintf("%d/%d", v.facts.rollout.Available, v.facts.rollout.Desired))
			}
		}},
		{ID: "when", Title: "WHEN", Min: 8, Max: 15, Measure: func(v *deploymentRow) int { return len(r.moment(v.when)) },
			Draw: func(l *draw.Line, v *deploymentRow) {
				l.Put(themes.Text, orNone(r.moment(v.when), r.kit.Glyph.Unknown))
			}},
		{ID: "by", Title: "CAUSED BY", Min: 14, Max: 34, Measure: func(v *deploymentRow) int { return nameWidth(v.by) },
			Draw: word(func(v *deploymentRow) string { return v.by })},
		{ID: "took", Title: "TOOK", Min: 5, Max: 5, Leave: 1, Draw: func(l *draw.Line, v *deploymentRow) {
			if v.moving {
				m := r.Turn(r.kit.Glyph.Of(model.Reconciling))
				l.Put(m.Role, m.Shape).Skip(1)
			}
			l.Put(themes.Text, v.took)
		}},
		{ID: "image", Title: "IMAGE", Min: 14, Flex: true, Leave: 3, Draw: func(l *draw.Line, v *deploymentRow) {
			l.Put(themes.Text, r.kit.CutMiddle(v.image, l.Left()))
		}},
	}
}

func (r *deployments) label(v *deploymentRow) string {
	switch {
	case v.object != nil:
		return v.object.Kind.String() + " " + v.object.Name + "  "
	case v.id.generation != "":
		return "    generation " + v.id.generation
	}
	return "    revision " + v.id.revision
}

// derive takes a new picture.
func (r *deployments) derive(t *model.Tenant, hold bool) {
	r.f.hidden = 0
	var rows []*deploymentRow
	if t != nil {
		seen := r.generations(t)
		for _, k := range t.Workloads {
			o := r.store.Get(k)
			if o == nil {
				continue
			}
			head := r.head(o, seen[k])
			if !r.fits(head) {
				r.f.hidden++
				continue
			}
			rows = append(rows, head)
			rows = append(rows, r.past(o, seen[k])...)
		}
	}
	r.table.SetRows(rows, hold)
}

func (r *deployments) fits(v *deploymentRow) bool {
	if r.f.trouble && v.facts.state.Role == themes.OK {
		return false
	}
	return r.f.query.Empty() || r.f.query.Fits(&query.Subject{Name: v.id.key.Name, State: v.facts.state.Word,
		Text: []string{v.id.key.Kind.String(), v.image}, Namespaces: []string{v.id.key.Namespace}})
}

// generation is one change of a workload's spec that this session saw.
type generation struct {
	entry model.Entry
	done  model.Unix // when its pods were there; 0 = not, or not seen
}

// generations reads the tenant's workloads off the change log, oldest first.
func (r *deployments) generations(t *model.Tenant) map[model.Key][]generation {
	out := map[model.Key][]generation{}
	for _, k := range t.Workloads {
		out[k] = nil
	}
	r.store.Log().Since(0, func(e model.Entry) bool {
		list, mine := out[e.Key]
		switch {
		case !mine:
		case e.Change == model.ChangeGeneration:
			out[e.Key] = append(list, generation{entry: e})
		case e.Change == model.ChangeRollout && e.To == "done" && len(list) > 0 && list[len(list)-1].done == 0:
			list[len(list)-1].done = e.At
		}
		return true
	})
	return out
}

// head is a workload's own row.
func (r *deployments) head(o *model.Object, seen []generation) *deploymentRow {
	v := &deploymentRow{id: deploymentID{key: o.Key}, object: o, facts: r.factsOfObject(o)}
	v.gen = r.generationOf(o, v.facts.rollout)
	if v.facts.rollout.Revision > 0 {
		v.rev = fmt.Sprint(v.facts.rollout.Revision)
	}
	if w, ok := o.Detail.(*model.Workload); ok {
		v.image = images(w)
		v.when = specWritten(w, o)
	}
	if len(seen) > 0 {
		last := seen[len(seen)-1]
		v.when, v.by = last.entry.At, r.cause(o, last.entry)
		r.time(v, o, last)
		return v
	}
	if owner, ok := r.store.Owner(o); ok {
		if rev := r.revisionAt(owner); rev != "" {
			v.by = "at or before " + model.ShortRevision(rev)
		}
	}
	v.by = orNone(v.by, r.kit.Glyph.Unknown)
	return v
}

func images(w *model.Workload) string {
	var out []string
	for _, c := range w.Containers {
		out = append(out, c.Image)
	}
	return strings.Join(out, ", ")
}

// specWritten is when a workload's spec was last written, as well as the
// object tells.
func specWritten(w *model.Workload, o *model.Object) model.Unix {
	at := o.Created
	for _, m := range w.Managers {
		if m.Subresource == "" && m.Name != "kube-controller-manager" {
			at = max(at, m.Time)
		}
	}
	return at
}

// cause is what a generation came of: the revision its sync was applying, or
// somebody else who wrote to it at that moment.
func (r *deployments) cause(o *model.Object, e model.Entry) string {
	if w, ok := o.Detail.(*model.Workload); ok {
		for _, m := range w.Managers {
			if m.Subresource != "status" && near(m.Time, e.At) && !fluxManagers[m.Name] {
				return "not from Git: " + m.Name
			}
		}
	}
	if e.Revision == "" {
		return r.kit.Glyph.Unknown
	}
	return model.ShortRevision(e.Revision)
}

// fluxManagers are those who write what is in Git, and Kubernetes itself.
var fluxManagers = map[string]bool{"kustomize-controller": true, "helm-controller": true, "flux-operator": true, "kube-controller-manager": true}

func near(a, b model.Unix) bool { return a != 0 && a-b <= 2 && b-a <= 2 }

// time says how long a generation took, or takes.
func (r *deployments) time(v *deploymentRow, o *model.Object, g generation) {
	switch {
	case g.done != 0:
		v.took = text.Age(time.Duration(g.done-g.entry.At) * time.Second)
	case v.object != nil && v.facts.rollout.Moving():
		v.took, v.moving = r.age(g.entry.At), true
	}
}

// past are the rows under a workload, newest first: generations this session
// saw, then revisions from before.
func (r *deployments) past(o *model.Object, seen []generation) []*deploymentRow {
	var rows []*deploymentRow
	for i := len(seen) - 1; i >= 0 && len(rows) < generationsShown; i-- {
		g := seen[i]
		v := &deploymentRow{id: deploymentID{key: o.Key, generation: g.entry.To}, gen: g.entry.From + r.kit.Glyph.Arrow + g.entry.To, when: g.entry.At, by: r.kit.Glyph.Unknown}
		if i == len(seen)-1 {
			v.by = r.cause(o, g.entry) // who wrote is only known of the last write
		} else if g.entry.Revision != "" {
			v.by = model.ShortRevision(g.entry.Revision)
		}
		r.time(v, o, g)
		rows = append(rows, v)
	}
	for _, rs := range r.replicaSets(o) {
		if len(rows) >= generationsShown {
			break
		}
		if !r.beforeSession(rs.Created) {
			continue
		}
		d := rs.Detail.(*model.Replica)
		rows = append(rows, &deploymentRow{id: deploymentID{key: o.Key, revision: fmt.Sprint(d.Revision)}, rev: fmt.Sprint(d.Revision),
			when: rs.Created, by: orNone(d.ChangeNote, r.kit.Glyph.Unknown), image: strings.Join(d.Images, ", ")})
	}
	return rows
}

func (r *deployments) act(a keymap.Action) (tea.Cmd, bool) {
	if moveTable(r.table, a) {
		return nil, true
	}
	v, ok := r.table.Current()
	switch {
	case a == keymap.Sort: // each workload stands above its own generations
		return nil, true
	case a == keymap.Open && ok:
		return r.paths.open(newObjectPage(r.env, v.id.key)), true
	}
	return nil, false
}

func (r *deployments) body(w, h int, t *model.Tenant) []string {
	lines := r.table.View(r.kit, w, h)
	if r.table.Len() > 0 || h-len(lines) < 2 {
		return lines
	}
	said := "It has no Deployment, StatefulSet or DaemonSet."
	switch {
	case r.f.on():
		said = "Nothing matches " + r.f.words() + ". esc shows all again."
	case t != nil && t.Chain[model.LinkWorkloads].Denied:
		said = "What runs is not readable by you. That is neither a fault nor \"none\"."
	case t != nil && t.Reading:
		said = "Not everything it is made of has been read yet."
	}
	return append(lines, "", draw.NewLine(r.kit, w).Skip(3).Put(themes.Text, said).String())
}

func (r *deployments) pane(w, h int) []string {
	v, ok := r.table.Current()
	if !ok {
		return nil
	}
	o := r.store.Get(v.id.key)
	if o == nil {
		return nil
	}
	f := r.factsOfObject(o)
	if v.object != nil {
		return drawPane(r.kit, w, h, r.objectSections(o, &f)...)
	}
	what := fmt.Sprintf("%s of %s %s, %s", strings.TrimSpace(r.label(v)), o.Kind, o.Name, r.moment(v.when))
	why := "It came by " + v.by
	if v.by == r.kit.Glyph.Unknown {
		why = "What it came of is not known: it was before this session, or nothing was being applied"
	}
	took := ""
	if v.took != "" {
		took = "It took " + v.took + " until its pods were available."
	}
	return drawPane(r.kit, w, h, section{label: "WHAT", text: sentence(what) + " " + took}, section{label: "WHY", text: sentence(why)},
		section{label: "IMAGE", text: v.image, spare: true})
}

func (r *deployments) subject(tenant string) subject {
	v, ok := r.table.Current()
	if !ok {
		return subject{spot: spot{tenant: tenant}}
	}
	s := subject{name: strings.TrimSpace(r.label(v)), copy: v.id.key.Name, spot: spot{tenant, v.id.key}, state: r.kit.Glyph.Nothing(), cause: v.by}
	if v.object != nil {
		s.state, s.since, s.cause = v.facts.state, r.age(v.facts.since), v.facts.what
	}
	return s
}
