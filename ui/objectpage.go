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
	"tenantry/ui/text"
)

// objectPage is what tenantry knows of one object, as text to scroll in.
type objectPage struct {
	*env
	key    model.Key
	object *model.Object
	fields []field
	lines  []string // as wrapped for the width drawn last
	width  int
	height int
	top    int
	left   int
	cut    bool // long lines are cut, not wrapped
}

// field is one labelled value; without a label it goes on from the one above.
type field struct{ label, value string }

func newObjectPage(e *env, key model.Key) *objectPage { return &objectPage{env: e, key: key} }

func (p *objectPage) crumbs() []string {
	return []string{p.key.Kind.String() + " " + p.key.Name}
}

func (p *objectPage) scopes() []keymap.Scope { return []keymap.Scope{keymap.TextView, keymap.Page} }
func (p *objectPage) held() bool             { return false }
func (p *objectPage) above(int) string       { return "" }
func (p *objectPage) paneNeeds(int) int      { return 0 }

func (p *objectPage) derive(bool) {
	p.object = p.store.Get(p.key)
	p.lines, p.fields = nil, nil
	if o := p.object; o != nil {
		p.fields = p.describe(o)
	}
}

func (p *objectPage) describe(o *model.Object) []field {
	v := p.store.Verdict(o.Key)
	tenant := p.store.TenantOf(o.Key)
	if tenant == model.PlatformKey {
		tenant = model.PlatformName
	}
	f := []field{{"object", o.Key.String()}, {"tenant", tenant}}
	add := func(label, value string) {
		if value != "" {
			f = append(f, field{label, value})
		}
	}
	state := v.Health.String()
	if v.Reason != "" {
		state += ", " + v.Reason
	}
	if v.Retrying {
		state += ", retrying"
	}
	add("state", state)
	add("since", p.when(v.Since))
	add("message", v.Message)
	if v.Cause != nil {
		add("cause", v.Cause.Ref().String()+": "+v.Cause.Message)
	}
	add("also", strings.Join(p.overlays(o, v), "; "))
	if o.Generation > 0 {
		seen := ""
		if o.ObservedGeneration >= 0 {
			seen = fmt.Sprintf(", its controller has seen %d", o.ObservedGeneration)
		}
		add("generation", fmt.Sprint(o.Generation)+seen)
	}
	add("created", p.when(o.Created))
	if o.Deleting != 0 {
		add("deleted", p.when(o.Deleting)+", held by "+strings.Join(o.Finalizers, ", "))
	}
	p.detail(o, add)
	for _, c := range o.Conditions {
		add("condition", fmt.Sprintf("%s is %s, %s, since %s", c.Type, c.Status, c.Reason, p.when(c.LastTransition)))
		add("", c.Message)
	}
	for _, l := range o.Labels {
		add("label", l.Name+"="+l.Value)
	}
	for _, a := range o.Annotations {
		add("annotation", a.Name+"="+a.Value)
	}
	add("undecodable", o.Undecodable)
	return f
}

func (p *objectPage) detail(o *model.Object, add func(label, value string)) {
	switch d := o.Detail.(type) {
	case *model.Source:
		add("url", d.URL)
		add("ref", d.Ref)
		add("revision", d.Revision)
		add("changed", p.when(d.Updated))
		add("interval", every(d.Interval))
		for _, s := range d.Secrets {
			add(s.Name, s.Value)
		}
	case *model.Sync:
		if d.SourceRef.Kind != "" {
			add("source", d.SourceRef.String())
		}
		add("path", d.Path)
		add("applied", d.Applied)
		if d.Attempted != d.Applied {
			add("attempted", d.Attempted)
		}
		add("interval", every(d.Interval))
		if n := d.InventoryLen(); n > 0 {
			add("inventory", fmt.Sprintf("%d objects", n))
		}
		for _, h := range d.History {
			add("history", fmt.Sprintf("%s  %s  %s, %d times", p.when(h.Last), model.ShortRevision(h.Revision), h.Status, h.Total))
		}
	case *model.Workload:
		r := model.RolloutOf(o)
		add("rollout", fmt.Sprintf("revision %d: %d wanted, %d new, %d old, %d available", r.Revision, r.Desired, r.Updated, r.Old, r.Available))
		add("", r.Message)
		for _, c := range d.Containers {
			add("container", c.Name+"  "+c.Image)
		}
		for _, m := range d.Managers {
			add("written by", fmt.Sprintf("%s  %s %s  %s", m.Name, m.Operation, m.Subresource, p.when(m.Time)))
		}
	}
}

// when writes a moment; pages say when, lists how long ago.
func (p *objectPage) when(u model.Unix) string {
	if u == 0 {
		return ""
	}
	return text.Clock(time.Unix(int64(u), 0), p.now)
}

const labelWidth = 14

func (p *objectPage) body(w, h int) []string {
	if p.lines == nil || w != p.width {
		p.layout(w)
	}
	p.height = h
	p.top = max(min(p.top, len(p.lines)-h), 0)
	return p.lines[p.top:min(p.top+h, len(p.lines))]
}

func (p *objectPage) layout(w int) {
	p.width = w
	if p.object == nil {
		p.lines = []string{draw.NewLine(p.kit, w).Skip(3).Put(themes.Text, "It is not in the cluster any more. esc goes back.").String()}
		return
	}
	room := max(w-labelWidth-4, 8)
	p.lines = p.lines[:0]
	for _, f := range p.fields {
		values := wrap(p.kit, f.value, room)
		if p.cut {
			values = []string{cutLeft(p.kit.Text(f.value), p.left)}
		}
		for i, v := range values {
			l := draw.NewLine(p.kit, w).Skip(3)
			if i == 0 {
				l.Put(themes.Head, f.label)
			}
			p.lines = append(p.lines, l.To(labelWidth+3).Put(themes.Text, v).String())
		}
	}
}

func cutLeft(s string, n int) string {
	runes := []rune(s)
	return string(runes[min(n, len(runes)):])
}

func (p *objectPage) act(a keymap.Action) (tea.Cmd, bool) {
	page := max(p.height-1, 1)
	switch a {
	case keymap.Down:
		p.top++
	case keymap.Up:
		p.top--
	case keymap.PageDown:
		p.top += page
	case keymap.PageUp:
		p.top -= page
	case keymap.Top:
		p.top = 0
	case keymap.Bottom:
		p.top = len(p.lines)
	case keymap.Wrap:
		p.cut, p.left, p.lines = !p.cut, 0, nil
	case keymap.Unfold, keymap.Fold:
		if step := 8; p.cut {
			if a == keymap.Fold {
				step = -step
			}
			p.left, p.lines = max(p.left+step, 0), nil
		}
	default:
		return nil, false
	}
	p.top = max(min(p.top, len(p.lines)-p.height), 0)
	return nil, true
}

func (p *objectPage) counts(l *draw.Line) {
	if p.object == nil {
		return
	}
	v := p.store.Verdict(p.key)
	drawMark(l, p.Turn(p.kit.Glyph.Of(v.Health)), 0)
	l.Put(themes.Text, " "+p.age(v.Since))
}

func (p *objectPage) pane(w, h int) []string {
	if p.object == nil {
		return nil
	}
	v := p.store.Verdict(p.key)
	return drawPane(p.kit, w, h, section{label: "WHY", text: sentence(model.Sentence(p.object, v))},
		section{label: "RUN", text: describe(p.key)})
}

func (p *objectPage) subject() subject {
	s := subject{name: p.key.Name, copy: p.key.Name, state: p.kit.Glyph.Nothing(), spot: spot{p.store.TenantOf(p.key), p.key}}
	if p.object != nil {
		v := p.store.Verdict(p.key)
		s.state, s.since, s.cause = p.kit.Glyph.Of(v.Health), p.age(v.Since), model.Sentence(p.object, v)
	}
	return s
}

func (p *objectPage) hints() []keymap.Action {
	return []keymap.Action{keymap.Escape, keymap.PageDown, keymap.Wrap, keymap.Copy, keymap.Help}
}

func (p *objectPage) position() (at, of int) {
	return min(p.top+p.height, len(p.lines)), len(p.lines)
}

func (p *objectPage) click(_, _ int) bool { return false }
func (p *objectPage) clickAbove(_, _ int) {}
func (p *objectPage) scroll(n int)        { p.top = max(min(p.top+n, len(p.lines)-p.height), 0) }
