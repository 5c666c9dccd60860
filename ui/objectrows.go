package ui

import (
	"fmt"
	"strings"
	"time"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/text"
)

// objectID is the identity of a row of a tenant's page: an object within a
// link of the chain, or the link itself.
type objectID struct {
	section string
	key     model.Key
}

type objectRow struct {
	id       objectID
	depth    int
	object   *model.Object // nil for the head of a link
	verdict  model.Verdict
	state    mark
	since    model.Unix
	what     string
	revision string
	rollout  model.Rollout
	members  int
}

// arrange lists the tenant's objects along its chain.
func (p *tenantPage) arrange() []*objectRow {
	t := p.tenant
	p.f.hidden = 0
	if t == nil {
		return nil
	}
	var rows []*objectRow
	first := ""
	p.several = false
	for i, title := range linkTitles(t) {
		link := p.kit.Glyph.Link(t.Chain[i])
		head := &objectRow{id: objectID{section: title}, state: link}
		var members []*objectRow
		for _, k := range p.keysOf(model.Link(i)) {
			if o := p.store.Get(k); o != nil {
				members = append(members, p.objectRow(title, o))
				if first == "" {
					first = o.Namespace
				}
				p.several = p.several || o.Namespace != "" && o.Namespace != first
			}
		}
		if t.IsPlatform && model.Link(i) == model.LinkWorkloads {
			head.what = p.store.Platform().Lockdown.Detail
		} else {
			head.what = linkWords(t.Chain[i], len(members))
		}
		shown := members[:0]
		for _, m := range members {
			if p.fits(m) {
				shown = append(shown, m)
			} else {
				p.f.hidden++
			}
		}
		if len(shown) == 0 && p.f.on() {
			continue
		}
		head.members = len(shown)
		rows = append(rows, head)
		if !p.folded[title] {
			rows = append(rows, shown...)
		}
	}
	return rows
}

// keysOf are the objects a link is made of.
func (p *tenantPage) keysOf(link model.Link) []model.Key {
	t := p.tenant
	var keys []model.Key
	switch link {
	case model.LinkAccess:
		if !t.IsPlatform {
			for _, ns := range t.Namespaces {
				keys = append(keys, model.Key{Kind: model.Namespace, Name: ns})
			}
			return append(keys, t.Access...)
		}
		platform := p.store.Platform()
		if platform.Instance != nil {
			keys = append(keys, platform.Instance.Key)
		}
		if platform.Operator != nil {
			keys = append(keys, platform.Operator.Key)
		}
		for _, c := range platform.Controllers {
			keys = append(keys, c.Key)
		}
		listed := map[model.Key]bool{}
		for _, k := range keys {
			listed[k] = true
		}
		for _, k := range t.Workloads {
			if !listed[k] {
				keys = append(keys, k)
			}
		}
	case model.LinkSource:
		return t.Sources
	case model.LinkSync:
		return t.Syncs
	case model.LinkWorkloads:
		if !t.IsPlatform {
			return t.Workloads
		}
	}
	return keys
}

func linkWords(l model.LinkState, n int) string {
	switch {
	case l.Denied:
		return "not readable by you"
	case l.Reading:
		return "not all of it has been read yet"
	case n == 0:
		return "none"
	}
	objects := "objects"
	if n == 1 {
		objects = "object"
	}
	return fmt.Sprintf("%d %s", n, objects)
}

func (p *tenantPage) objectRow(section string, o *model.Object) *objectRow {
	r := &objectRow{id: objectID{section, o.Key}, depth: 1, object: o}
	switch o.Kind.Role() {
	case model.RoleAccess, model.RoleOther:
		r.verdict = p.store.Verdict(o.Key)
		if r.verdict.Health == model.NotApplicable || r.verdict.Health == model.Unknown && o.Kind != model.Namespace {
			r.verdict.Health, r.verdict.Message = model.NotApplicable, ""
			r.state = mark{Shape: p.kit.Glyph.Of(model.Ready).Shape, Word: "Exists", Role: themes.OK}
		} else {
			r.state = p.kit.Glyph.Of(r.verdict.Health)
		}
	default:
		r.verdict = p.store.Verdict(o.Key)
		r.state = p.kit.Glyph.Of(r.verdict.Health)
		if r.verdict.Health == model.Ready && r.verdict.Overlays&(model.SourceFailing|model.Behind) != 0 {
			r.state = p.kit.Glyph.Old()
		}
	}
	if r.since = r.verdict.Since; r.since == 0 && o.Kind.Role() == model.RoleAccess {
		r.since = o.Created
	}
	p.describe(r)
	return r
}

// describe fills WHAT: what the object does while it is fine, else why not.
func (p *tenantPage) describe(r *objectRow) {
	fine := r.verdict.Health == model.Ready || r.verdict.Health == model.NotApplicable
	switch d := r.object.Detail.(type) {
	case *model.Source:
		r.revision = d.Revision
		r.what = join(refAt(d), every(d.Interval), shortURL(d.URL))
	case *model.Sync:
		r.revision = d.Applied
		from := ""
		if d.SourceRef.Kind != "" {
			from = "from " + d.SourceRef.Kind + " " + d.SourceRef.Name
		}
		r.what = join(model.ShortRevision(d.Applied), d.Path, from, every(d.Interval))
	case *model.Workload:
		r.rollout = model.RolloutOf(r.object)
		if fine && len(d.Containers) > 0 {
			r.what = d.Containers[0].Image
		}
	case *model.Binding:
		subjects := make([]string, 0, len(d.Subjects))
		for _, s := range d.Subjects {
			subjects = append(subjects, s.Name)
		}
		r.what = fmt.Sprintf("%s %s for %s", d.RoleKind, d.RoleName, strings.Join(subjects, ", "))
	case *model.Instance:
		r.what = join("Flux "+d.Version, strings.Join(d.Components, " "))
	}
	if !fine && r.verdict.Message != "" {
		r.what = brief(model.Sentence(r.object, r.verdict), r.object.Key)
	}
	if r.verdict.Retrying {
		r.what += ", retrying"
	}
}

// refAt is where a source stands: branch@commit.
func refAt(d *model.Source) string {
	if d.Revision == "" {
		return d.Ref
	}
	short := model.ShortRevision(d.Revision)
	if ref := model.RevisionRef(d.Revision); ref != "" && ref != short {
		return ref + "@" + short
	}
	return short
}

func every(seconds int32) string {
	if seconds <= 0 {
		return ""
	}
	return "every " + text.Age(time.Duration(seconds)*time.Second)
}

// join puts what is there side by side.
func join(parts ...string) string {
	var said []string
	for _, p := range parts {
		if p != "" {
			said = append(said, p)
		}
	}
	return strings.Join(said, "  ")
}

// label is what stands in the OBJECT column.
func (p *tenantPage) label(r *objectRow) string {
	if r.object == nil {
		fold := p.kit.Glyph.Unfolded
		if p.folded[r.id.section] {
			fold = p.kit.Glyph.Folded
		}
		return fold + " " + r.id.section
	}
	return r.object.Kind.String() + " " + r.object.Name
}

func (p *tenantPage) drawName(l *draw.Line, r *objectRow) {
	role := themes.Text
	if r.object == nil {
		role = themes.Title
	}
	l.Skip(2*r.depth).Put(role, p.kit.CutMiddle(p.label(r), l.Left()))
}

// generationOf is an object's generation, and the one its controller has seen
// when that is another.
func (p *tenantPage) generationOf(r *objectRow) string {
	o := r.object
	if o == nil || o.Generation == 0 {
		return ""
	}
	if r.rollout.Moving() {
		return p.generation(r.rollout)
	}
	if o.ObservedGeneration >= 0 && o.ObservedGeneration != o.Generation {
		return fmt.Sprintf("%d seen %d", o.Generation, o.ObservedGeneration)
	}
	return fmt.Sprint(o.Generation)
}

// drawWhat writes a workload's rollout as a bar, everything else as text.
func (p *tenantPage) drawWhat(l *draw.Line, r *objectRow) {
	if r.object == nil {
		l.Put(themes.Muted, r.what)
		return
	}
	if _, ok := r.object.Detail.(*model.Workload); ok {
		ro := r.rollout
		if !p.table.Shows(colGeneration) {
			l.Put(themes.Text, "gen "+p.generation(ro)+" ")
		}
		if ro.Revision > 0 {
			l.Put(themes.Text, fmt.Sprintf("rev %d", ro.Revision)).Skip(2)
		}
		if ro.Moving() {
			drawBar(p.kit, l, ro, 8)
		} else {
			l.Put(themes.Text, fmt.Sprintf("%d/%d", ro.Available, ro.Desired))
		}
		l.Skip(2)
	}
	l.Put(themes.Text, r.what)
}
