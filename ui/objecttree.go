package ui

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"tenantry/model"
)

// grow makes the object's tree: what it is made of, what it made, what it
// waits for and who uses it.
func (p *objectPage) grow() []*node {
	o := p.object
	if o == nil {
		return nil
	}
	n := p.leaf(o)
	switch d := o.Detail.(type) {
	case *model.Source:
		for _, k := range p.refs.users {
			n.children = append(n.children, p.syncNode(k, p.tenantNamespaces(k)))
		}
	case *model.Sync:
		n.children = append(p.dependencies(o, d), p.inventory(o, p.tenantNamespaces(o.Key))...)
	case *model.Instance:
		n.children = p.inventory(o, nil)
	case *model.Workload:
		n.children = p.podNodes(o)
	}
	roots := p.parents(o)
	return append(roots, n)
}

// parents are the objects that this one comes from.
func (p *objectPage) parents(o *model.Object) []*node {
	var out []*node
	add := func(title string, keys ...model.Key) {
		var children []*node
		for _, k := range keys {
			children = append(children, p.leafOf(k.ObjectRef()))
		}
		if len(children) > 0 {
			out = append(out, p.heading(title, p.kit.Glyph.Nothing(), "", children...))
		}
	}
	if s, ok := o.Detail.(*model.Sync); ok {
		if k, known := refIn(s.SourceRef, o.Namespace); known {
			add("applies from", k)
		}
		add("waited for by", p.refs.waiters...)
	}
	add("applied by", p.refs.holders...)
	return out
}

// refIn is the key of a reference made in a namespace.
func refIn(r model.Ref, namespace string) (model.Key, bool) {
	if r.Namespace == "" {
		r.Namespace = namespace
	}
	return r.Key()
}

// syncNode is a sync with what it has applied.
func (e *env) syncNode(k model.Key, namespaces []string) *node {
	n := e.leafOf(k.ObjectRef())
	if n.object != nil {
		n.children = e.inventory(n.object, namespaces)
	}
	return n
}

// dependencies are what a sync waits for, the blocker marked.
func (p *objectPage) dependencies(o *model.Object, s *model.Sync) []*node {
	var children []*node
	for _, r := range s.DependsOn {
		k, ok := refIn(r, o.Namespace)
		if !ok {
			continue
		}
		n := p.leafOf(k.ObjectRef())
		if n.object != nil && n.verdict.Health != model.Ready && p.facts.verdict.Health == model.Blocked {
			n.what = join("blocks it", n.what)
		}
		children = append(children, n)
	}
	if len(children) == 0 {
		return nil
	}
	return []*node{p.heading("depends on", p.kit.Glyph.Nothing(), objects(len(children)), children...)}
}

// tenantNamespaces are those of the tenant a sync belongs to; nil where
// everything is its own.
func (e *env) tenantNamespaces(k model.Key) []string {
	row := e.store.TenantOf(k)
	if row == "" || row == model.PlatformKey {
		return nil
	}
	if t := e.store.Tenant(row); t != nil {
		return t.Namespaces
	}
	return nil
}

// manyOthers is from how many on the objects of kinds that are not watched
// begin folded.
const manyOthers = 6

// inventory are the objects something has applied: those with a state first,
// then the others; what lies outside the namespaces is
// called foreign.
func (e *env) inventory(o *model.Object, namespaces []string) []*node {
	var own, others, foreign []*node
	counts := map[string]int{}
	for _, ref := range model.InventoryRefs(o) {
		n := e.leafOf(ref)
		switch {
		case namespaces != nil && !within(ref, namespaces):
			foreign = append(foreign, n)
		case n.object != nil || n.state.Word != "":
			own = append(own, n)
		default:
			counts[ref.Kind]++
			others = append(others, n)
		}
	}
	byLabel(own)
	byLabel(foreign)
	if len(others) >= manyOthers {
		byLabel(others)
		group := e.heading(fmt.Sprintf("%d other objects", len(others)), e.kit.Glyph.Nothing(), kindCounts(counts), others...)
		group.folded = true
		own = append(own, group)
	} else {
		own = append(own, others...)
	}
	if len(foreign) > 0 {
		own = append(own, e.heading("foreign", e.kit.Glyph.Nothing(), "outside the tenant's namespaces", foreign...))
	}
	return own
}

// within reports whether an object is in one of the namespaces, or is one.
func within(ref model.ObjectRef, namespaces []string) bool {
	if ref.Kind == "Namespace" && ref.Group == "" {
		return slices.Contains(namespaces, ref.Name)
	}
	return slices.Contains(namespaces, ref.Namespace)
}

// byLabel orders nodes by kind and name, those with a state first.
func byLabel(nodes []*node) {
	slices.SortStableFunc(nodes, func(a, b *node) int {
		if x, y := a.object == nil, b.object == nil; x != y {
			if y {
				return -1
			}
			return 1
		}
		return strings.Compare(a.label, b.label)
	})
}

func kindCounts(counts map[string]int) string {
	var parts []string
	for k, n := range counts {
		parts = append(parts, fmt.Sprintf("%d %s", n, k))
	}
	sort.Strings(parts)
	return strings.Join(parts, ", ")
}

// podNodes are a workload's pods, under their ReplicaSets where it has any.
func (p *objectPage) podNodes(o *model.Object) []*node {
	pods := map[string][]*node{}
	for _, pod := range p.store.PodsOf(o.Key) {
		n := p.leaf(pod)
		n.state, n.what = p.podState(pod)
		n.since = pod.Created
		d, ok := pod.Detail.(*model.PodDetail)
		if !ok {
			continue
		}
		pods[d.Owner.Name] = append(pods[d.Owner.Name], n)
	}
	var out []*node
	for _, r := range p.replicaSets(o) {
		d := r.Detail.(*model.Replica)
		n := p.leaf(r)
		n.what = join(fmt.Sprintf("rev %d", d.Revision), fmt.Sprintf("%d/%d", d.Ready, d.Desired), strings.Join(d.Images, ", "))
		n.children = pods[r.Name]
		delete(pods, r.Name)
		n.since = r.Created
		switch {
		case d.Desired == 0 && len(n.children) == 0:
			n.state = p.kit.Glyph.Nothing()
		case d.Ready < d.Desired:
			n.state = p.kit.Glyph.Of(model.Reconciling)
		default:
			n.state = p.kit.Glyph.Of(model.Ready)
		}
		out = append(out, n)
	}
	owners := make([]string, 0, len(pods))
	for owner := range pods {
		owners = append(owners, owner)
	}
	sort.Strings(owners)
	for _, owner := range owners {
		out = append(out, pods[owner]...)
	}
	return append(out, p.podsUnseen(o)...)
}

// podsUnseen says why there are no pods to see, if that is so.
func (p *objectPage) podsUnseen(o *model.Object) []*node {
	status, known := p.store.WantedScope(model.Pod, o.Namespace)
	switch {
	case !known || status.State == model.ScopeSyncing:
		return []*node{p.heading("pods", p.kit.Glyph.Reading(), "being read")}
	case status.State == model.ScopeDenied:
		return []*node{p.heading("pods", p.kit.Glyph.Denied(), "you may not "+orNone(status.Verb, "list")+" pods in "+o.Namespace)}
	}
	return nil
}
