package ui

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/glyph"
	"tenantry/ui/text"
)

// statusPrinter lines up cells in columns.
type statusPrinter struct {
	r      *model.StatusReport
	kit    draw.Kit
	plain  bool
	width  int
	now    time.Time
	b      bytes.Buffer
	rows   [][]piece
	styled *themes.Theme
	listed []model.TenantReport // worst first
}

func newStatusPrinter(r *model.StatusReport, o StatusOptions) *statusPrinter {
	p := &statusPrinter{r: r, width: o.Width, plain: o.Theme == nil, styled: o.Theme, kit: draw.Kit{Glyph: glyph.Unicode}}
	if o.ASCII {
		p.kit.Glyph = glyph.Plain
	}
	p.now, _ = time.Parse(time.RFC3339, r.AsOf)
	p.listed = worstTenantsFirst(r.Tenants)
	return p
}

func (p *statusPrinter) add(cells ...piece) { p.rows = append(p.rows, cells) }

func (p *statusPrinter) head(titles ...string) {
	cells := make([]piece, len(titles))
	for i, t := range titles {
		cells[i] = piece{role: themes.Head, text: t}
	}
	p.add(cells...)
}

// flush writes the rows collected so far, their columns lined up.
func (p *statusPrinter) flush() {
	var widths []int
	for _, row := range p.rows {
		for i := range row {
			row[i].text = p.kit.Text(row[i].text)
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], text.Width(row[i].text))
		}
	}
	for _, row := range p.rows {
		var line strings.Builder
		x := 0
		for i, c := range row {
			s := c.text
			if p.width > 0 {
				s = text.Cut(s, p.width-x, p.kit.Glyph.Ellipsis)
			}
			n := text.Width(s)
			if !p.plain {
				s = p.styled.Paint(c.role, c.mod, s)
			}
			line.WriteString(s)
			if x += n; i < len(row)-1 {
				gap := widths[i] - n + 3
				line.WriteString(strings.Repeat(" ", gap))
				x += gap
			}
		}
		p.b.WriteString(strings.TrimRight(line.String(), " "))
		p.b.WriteByte('\n')
	}
	p.rows = p.rows[:0]
}

func (p *statusPrinter) age(since *string) string {
	if since == nil || p.now.IsZero() {
		return p.kit.Glyph.Unknown
	}
	at, err := time.Parse(time.RFC3339, *since)
	if err != nil {
		return p.kit.Glyph.Unknown
	}
	return text.Age(p.now.Sub(at))
}

// mark is a health as one cell.
func (p *statusPrinter) mark(h model.Health) piece {
	m := p.kit.Glyph.Of(h)
	if m.Word == "" {
		return piece{m.Role, 0, m.Shape}
	}
	return piece{m.Role, 0, m.Shape + " " + m.Word}
}

// objectMark is an object's state; ready on an old revision says so.
func (p *statusPrinter) objectMark(o model.ObjectReport) piece {
	if runsOn(o) {
		m := p.kit.Glyph.Old()
		return piece{m.Role, 0, m.Shape + " " + m.Word}
	}
	return p.mark(o.Health)
}

func runsOn(o model.ObjectReport) bool {
	return o.Health == model.Ready && (slices.Contains(o.Overlays, "SourceFailing") || slices.Contains(o.Overlays, "Behind"))
}

// link is one place of a chain: the worst of its objects.
func (p *statusPrinter) link(objects []model.ObjectReport) string {
	if objects == nil {
		return p.kit.Glyph.Denied().Shape
	}
	h := worstHealth(objects)
	if h == model.Ready && slices.ContainsFunc(objects, runsOn) {
		return p.kit.Glyph.Old().Shape
	}
	return p.kit.Glyph.Of(h).Shape
}

func (p *statusPrinter) tenants(wide bool) {
	titles := []string{"TENANT", "STATE", "SINCE", "CHAIN", "REVISION", "GENERATION", "PODS"}
	if wide {
		titles = slices.Insert(titles, 4, "NOT FINE")
		titles = append(titles, "NAMESPACES")
	}
	p.head(append(titles, "CAUSE, OR LAST CHANGE")...)
	pl := p.r.Platform
	g := p.kit.Glyph
	p.tenant(model.TenantReport{Name: model.PlatformName, Health: pl.Health, Message: pl.Message, Since: pl.Since, Sources: pl.Sources, Syncs: pl.Syncs, Workloads: pl.Workloads},
		g.Of(worstController(pl)).Shape, g.Of(lockdownHealth(pl.Lockdown)).Shape, wide)
	for _, t := range p.listed {
		p.tenant(t, g.Of(t.Tiers.Tenant).Shape, g.Of(t.Tiers.Workloads).Shape, wide)
	}
}

// tenant writes one line; first and last are the ends of its chain.
func (p *statusPrinter) tenant(t model.TenantReport, first, last string, wide bool) {
	state := p.mark(t.Health)
	switch {
	case refused(&t):
		m := p.kit.Glyph.Denied()
		state, first, last = piece{m.Role, 0, m.Shape + " " + m.Word}, m.Shape, m.Shape
	case t.Health == model.Ready && slices.ContainsFunc(slices.Concat(t.Sources, t.Syncs), runsOn):
		m := p.kit.Glyph.Old()
		state = piece{m.Role, 0, m.Shape + " " + m.Word}
	}
	generation, pods := p.kit.Glyph.Unknown, p.kit.Glyph.Unknown
	if t.Namespaces != nil { // the platform's workloads are its controllers
		generation, pods = p.workloads(t.Workloads)
	}
	chain, links := first+p.link(t.Sources)+p.link(t.Syncs)+last, tenantLinks
	if t.Namespaces == nil {
		links = platformLinks
	}
	row := []piece{{text: t.Name}, state, {text: p.age(t.Since)},
		{text: chain}, {text: p.revisions(t.Syncs, t.Sources)}, {text: generation}, {text: pods}}
	if wide {
		row = slices.Insert(row, 4, piece{text: p.notFineAt(chain, links)})
		row = append(row, piece{text: strings.Join(t.Namespaces, ",")})
	}
	p.add(append(row, piece{text: t.Message})...)
}

func worstController(pl model.PlatformReport) model.Health {
	h := model.NotApplicable
	for _, c := range pl.Controllers {
		h = model.Worse(h, c.Health)
	}
	return h
}

func lockdownHealth(l model.LockdownReport) model.Health {
	switch {
	case l.Enabled == nil:
		return model.Unknown
	case *l.Enabled:
		return model.Ready
	}
	return model.NotApplicable
}

func worstHealth(objects []model.ObjectReport) model.Health {
	h := model.NotApplicable
	for _, o := range objects {
		h = model.Worse(h, o.Health)
	}
	return h
}

func (p *statusPrinter) revisions(syncs, sources []model.ObjectReport) string {
	var seen []string
	add := func(revision string) {
		if short := model.ShortRevision(revision); revision != "" && !slices.Contains(seen, short) {
			seen = append(seen, short)
		}
	}
	for _, o := range syncs {
		if o.SyncReport != nil && o.Kind != model.ResourceSet.String() { // that one's is a digest of what it made
			add(o.AppliedRevision)
		}
	}
	for _, o := range sources {
		if o.SourceReport != nil && len(seen) == 0 {
			add(o.Revision)
		}
	}
	if len(seen) == 0 {
		return p.kit.Glyph.Unknown
	}
	return more(seen[0], len(seen)-1)
}

func (p *statusPrinter) workloads(list []model.ObjectReport) (generation, pods string) {
	if len(list) == 0 {
		return p.kit.Glyph.Unknown, p.kit.Glyph.Unknown
	}
	first := list[0]
	var available, desired int32
	for _, o := range list {
		if o.WorkloadReport != nil {
			available += o.AvailableReplicas
			desired += o.DesiredReplicas
		}
		if o.Health != model.Ready && first.Health == model.Ready {
			first = o
		}
	}
	return more(first.Name+" "+p.generation(first), len(list)-1), fmt.Sprintf("%d/%d", available, desired)
}

func (p *statusPrinter) generation(o model.ObjectReport) string {
	if o.ObservedGeneration >= 0 && o.ObservedGeneration != o.Generation {
		return fmt.Sprintf("%d%s%d", o.ObservedGeneration, p.kit.Glyph.Arrow, o.Generation)
	}
	return fmt.Sprint(o.Generation)
}

// objects lists every object with its tenant, the platform's first.
func (p *statusPrinter) objects() {
	p.head("TENANT", "NAMESPACE", "OBJECT", "STATE", "SINCE", "GENERATION", "REVISION", "PODS", "MESSAGE")
	list := func(tenant string, objects []model.ObjectReport) {
		for _, o := range objects {
			revision, pods := p.kit.Glyph.Unknown, p.kit.Glyph.Unknown
			switch {
			case o.SyncReport != nil && o.AppliedRevision != "":
				revision = model.ShortRevision(o.AppliedRevision)
			case o.SourceReport != nil && o.Revision != "":
				revision = model.ShortRevision(o.Revision)
			case o.WorkloadReport != nil:
				revision = fmt.Sprint(o.DeploymentRevision)
				pods = fmt.Sprintf("%d/%d", o.AvailableReplicas, o.DesiredReplicas)
			}
			p.add(piece{text: tenant}, piece{text: o.Namespace}, piece{text: o.Kind + "/" + o.Name}, p.objectMark(o),
				piece{text: p.age(o.Since)}, piece{text: p.generation(o)}, piece{text: revision}, piece{text: pods}, piece{text: said(o)})
		}
	}
	pl := p.r.Platform
	list(model.PlatformName, slices.Concat(pl.Sources, pl.Syncs, pl.Workloads))
	for _, t := range p.listed {
		list(t.Name, slices.Concat(t.Sources, t.Syncs, t.Workloads))
	}
}

// said is an object's message, and what stands beside its state.
func said(o model.ObjectReport) string {
	words := o.Message
	if o.Retrying {
		words += ", retrying"
	}
	if c := o.Cause; c != nil && c.Name != o.Name {
		words += "; because of " + c.Ref().String()
	}
	for _, overlay := range o.Overlays {
		words += "; " + overlay
	}
	return words
}
