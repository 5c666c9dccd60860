package ui

import (
	"strings"

	"tenantry/model"
)

// grow makes the overview: access, then each source with what applies from it
// and what that made.
func (p *tenantPage) grow() []*node {
	t := p.tenant
	switch {
	case t == nil:
		return nil
	case t.IsPlatform:
		return p.growPlatform(t)
	}
	roots := []*node{p.accessNode(t)}
	placed := map[model.Key]bool{}
	for _, k := range t.Sources {
		if !placed[k] && !p.fromOther(t, k) {
			roots = append(roots, p.sourceNode(t, k, placed))
		}
	}
	var stray []*node
	for _, k := range t.Syncs {
		if !placed[k] {
			stray = append(stray, p.tenantSync(t, k, placed))
		}
	}
	if len(stray) > 0 {
		roots = append(roots, p.heading("without a source here", p.kit.Glyph.Nothing(), "they apply from elsewhere, or what they apply from is gone", stray...))
	}
	var rest []*node
	for _, k := range t.Workloads {
		if !placed[k] {
			rest = append(rest, p.leafOf(k.ObjectRef()))
		}
	}
	if len(rest) > 0 {
		byLabel(rest)
		roots = append(roots, p.heading("in no inventory", p.kit.Glyph.Nothing(), "none of its syncs says that it applied them", rest...))
	}
	return append(roots, p.sameRepository(t)...)
}

// accessNode is the tenant's namespaces, accounts and bindings.
func (p *tenantPage) accessNode(t *model.Tenant) *node {
	var children []*node
	for _, ns := range t.Namespaces {
		n := p.leafOf(model.Key{Kind: model.Namespace, Name: ns}.ObjectRef())
		for _, e := range t.Evidence {
			if e.Namespace == ns || e.Name == ns {
				n.what = join(e.Rule, e.Detail)
				break
			}
		}
		children = append(children, n)
	}
	for _, k := range t.Access {
		n := p.leafOf(k.ObjectRef())
		if k.Kind == model.ServiceAccount {
			n.what = p.accountInBrief(k)
		}
		children = append(children, n)
	}
	link := t.Chain[model.LinkAccess]
	n := p.heading("access", p.kit.Glyph.Link(link), linkWords(link, len(children)), children...)
	// Who may do what is set up once and rarely the trouble: where it is fine
	// and long, it makes room for what moves.
	n.folded = len(children) > manyOthers && link.Health == model.Ready
	return n
}

// accountInBrief is what an account may do, the most important first.
func (p *tenantPage) accountInBrief(k model.Key) string {
	var parts []string
	for _, g := range p.others.grants[k] {
		where := "inside " + g.binding.Namespace
		switch g.binding.Namespace {
		case "":
			where = "everywhere"
		case k.Namespace:
			where = "inside this namespace"
		}
		parts = append(parts, g.role+", "+where)
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, "; ")
}

// fromOther reports whether a source is made from another one of the tenant,
// under which it stands.
func (p *tenantPage) fromOther(t *model.Tenant, k model.Key) bool {
	o := p.store.Get(k)
	if o == nil {
		return false
	}
	s, ok := o.Detail.(*model.Source)
	if !ok || s.SourceRef.Kind == "" {
		return false
	}
	from, known := refIn(s.SourceRef, k.Namespace)
	for _, other := range t.Sources {
		if known && other == from {
			return true
		}
	}
	return false
}

// sourceNode is a source with the tenant's syncs that apply from it.
func (p *tenantPage) sourceNode(t *model.Tenant, k model.Key, placed map[model.Key]bool) *node {
	placed[k] = true
	n := p.leafOf(k.ObjectRef())
	if o := n.object; o != nil {
		if s, ok := o.Detail.(*model.Source); ok && n.verdict.Health == model.Ready {
			n.what = join(refAt(s), every(s.Interval), secretNames(s.Secrets), shortURL(s.URL))
		}
	}
	for _, s := range t.Sources {
		if o := p.store.Get(s); o != nil && !placed[s] {
			if d, ok := o.Detail.(*model.Source); ok && d.SourceRef.Kind != "" {
				if from, known := refIn(d.SourceRef, s.Namespace); known && from == k {
					n.children = append(n.children, p.sourceNode(t, s, placed))
				}
			}
		}
	}
	for _, s := range t.Syncs {
		if o := p.store.Get(s); o != nil && !placed[s] {
			if d, ok := o.Detail.(*model.Sync); ok {
				if from, known := refIn(d.SourceRef, s.Namespace); known && from == k {
					n.children = append(n.children, p.tenantSync(t, s, placed))
				}
			}
		}
	}
	return n
}

func secretNames(pairs []model.Pair) string {
	if len(pairs) == 0 {
		return ""
	}
	return "secret " + pairs[0].Value
}

// tenantSync is a sync with what it applied: its inventory, and what bears its
// labels where the inventory says nothing.
func (p *tenantPage) tenantSync(t *model.Tenant, k model.Key, placed map[model.Key]bool) *node {
	placed[k] = true
	n := p.leafOf(k.ObjectRef())
	if n.object == nil {
		return n
	}
	if s, ok := n.object.Detail.(*model.Sync); ok {
		if s.Path != "" {
			n.label += " " + s.Path
		}
		if n.verdict.Health == model.Ready {
			n.what = syncInBrief(s)
		}
	}
	n.children = p.inventory(n.object, t.Namespaces)
	known := map[model.Key]bool{}
	n.each(func(c *node) { known[c.key] = true })
	for key := range known {
		placed[key] = true
	}
	for _, w := range t.Workloads {
		if o := p.store.Get(w); o != nil && !placed[w] {
			if owner, ok := p.store.Owner(o); ok && owner == k {
				placed[w] = true
				n.children = append(n.children, p.leaf(o))
			}
		}
	}
	return n
}

// syncInBrief is how a sync works, in a few words.
func syncInBrief(s *model.Sync) string {
	account := "as the controller"
	if s.ServiceAccount != "" {
		account = "as " + s.ServiceAccount
	}
	prune := "prune off"
	if s.Prune {
		prune = "prune on"
	}
	return join(model.ShortRevision(s.Applied), every(s.Interval), account, prune)
}

// each calls f for the node and all under it.
func (n *node) each(f func(*node)) {
	f(n)
	for _, c := range n.children {
		c.each(f)
	}
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
	return objects(n)
}
