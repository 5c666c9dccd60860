package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/why"
	"tenantry/ui/keymap"
)

// The cursor of an explanation stands on links of its chains: what it is moved
// by, and what is opened and acted on from there.

// whyAt names a link: the fault by where it starts, and the object.
type whyAt struct {
	root, ref model.Ref
}

// chains are the links of all faults, in their order.
func (p *whyPage) chains() []whyAt {
	var out []whyAt
	for i := range p.e.Faults {
		f := &p.e.Faults[i]
		for _, l := range f.Chain {
			out = append(out, whyAt{f.Root().Ref, l.Ref})
		}
	}
	return out
}

// settle keeps the cursor on its link; at first it stands where it starts.
func (p *whyPage) settle() {
	all := p.chains()
	if len(all) == 0 {
		p.at = whyAt{}
		return
	}
	if slices.Contains(all, p.at) {
		return
	}
	p.moved = p.at != whyAt{}
	root := p.e.Faults[0].Root().Ref
	p.at = whyAt{root, root}
}

func (p *whyPage) displaced() bool {
	moved := p.moved
	p.moved = false
	return moved
}

func (p *whyPage) act(a keymap.Action) (tea.Cmd, bool) {
	switch a {
	case keymap.Down:
		p.step(1)
	case keymap.Up:
		p.step(-1)
	case keymap.Top:
		p.step(-len(p.lines))
		p.top = 0
	case keymap.Bottom:
		p.step(len(p.lines))
		p.scroll(len(p.lines))
	case keymap.PageDown:
		p.scroll(max(p.height-1, 1))
	case keymap.PageUp:
		p.scroll(-max(p.height-1, 1))
	case keymap.Fold, keymap.Unfold:
		folded := a == keymap.Fold
		p.fold = &folded
	case keymap.Open:
		return p.openLink(keymap.Describe), true
	case keymap.Describe, keymap.YAML:
		if l := p.link(); l != nil {
			if _, watched := l.Key(); !watched {
				return p.openLink(a), true
			}
		}
		return nil, false
	default:
		return nil, false
	}
	return nil, true
}

// step moves the cursor along the links; past their ends, or without any, the
// text scrolls.
func (p *whyPage) step(n int) {
	all := p.chains()
	i := slices.Index(all, p.at)
	to := min(max(i+n, 0), len(all)-1)
	if i < 0 || to == i {
		p.scroll(min(max(n, -1), 1))
		return
	}
	p.at = all[to]
	for y, l := range p.lines {
		if l.link != nil && *l.link == p.at {
			p.top = min(max(p.top, y-p.height+2), y)
			if to == 0 {
				p.top = 0
			}
		}
	}
}

func (p *whyPage) scroll(n int) {
	p.top = min(max(p.top+n, 0), max(len(p.lines)-p.height, 0))
}

// link is the link under the cursor; nil when nothing is wrong.
func (p *whyPage) link() *why.Link {
	f, i := p.place()
	if f == nil {
		return nil
	}
	return &f.Chain[i]
}

func (p *whyPage) place() (*why.Fault, int) {
	for i := range p.e.Faults {
		f := &p.e.Faults[i]
		if f.Root().Ref != p.at.root {
			continue
		}
		for j := range f.Chain {
			if f.Chain[j].Ref == p.at.ref {
				return f, j
			}
		}
	}
	return nil, 0
}

// openLink opens the object under the cursor, of whatever kind it is.
func (p *whyPage) openLink(a keymap.Action) tea.Cmd {
	l := p.link()
	if l == nil {
		if p.of.key != (model.Key{}) {
			return p.paths.open(newObjectPage(p.env, p.of.key))
		}
		return p.paths.open(newTenantPage(p.env, p.tenantName(p.of.tenant), p.of.tenant == model.PlatformKey))
	}
	if k, ok := l.Key(); ok {
		view, _ := viewFor(a)
		return p.paths.open(newObjectPageAt(p.env, k, view))
	}
	return p.paths.open(newRefPage(p.env, model.ObjectRef{Kind: l.Ref.Kind, Namespace: l.Ref.Namespace, Name: l.Ref.Name}))
}

// meant is what an action of this page is for: the object under the cursor if
// it is one of Flux's, else the one above it in the chain, which has to be
// asked again once the cause is mended.
func (p *whyPage) meant() spot {
	f, at := p.place()
	if f == nil {
		return p.of
	}
	for i := at; i >= 0; i-- {
		k, ok := f.Chain[i].Key()
		if !ok || p.store.Get(k) == nil {
			continue
		}
		if r := k.Kind.Role(); r == model.RoleSource || r == model.RoleSync || k.Kind == model.FluxInstance {
			return spot{tenant: p.of.tenant, key: k}
		}
	}
	return p.of
}

func (p *whyPage) position() (at, of int) {
	all := p.chains()
	return slices.Index(all, p.at) + 1, len(all)
}

func (p *whyPage) click(_, y int) (hit bool) {
	if i := p.top + y; i < len(p.lines) && p.lines[i].link != nil {
		p.at = *p.lines[i].link
		return true
	}
	return false
}

func (p *whyPage) clickAbove(_, _ int) {}
