package offboard

import (
	"fmt"
	"slices"
	"strings"

	"tenantry/model"
)

// bindings are the role bindings in its namespaces, and those elsewhere that
// name nobody but its accounts. What outlives a tenant there gives its rights to
// whoever makes accounts of the same names later.
func (p *planner) bindings() {
	p.objects(p.access(model.RoleBinding))
	for _, kind := range []model.Kind{model.RoleBinding, model.ClusterRoleBinding} {
		if !p.store.Readable(model.Key{Kind: kind}) {
			p.plan.Notes = append(p.plan.Notes, fmt.Sprintf("not every %s can be read by you: whether one elsewhere names its accounts, and so stays, is not known", kind))
		}
	}
	for _, o := range p.found(func(o *model.Object) bool { return len(p.named(o)) > 0 }) {
		b := o.Detail.(*model.Binding)
		if named := p.named(o); len(named) == len(b.Subjects) {
			p.offer(o, b, named)
		} else {
			p.plan.Listed = append(p.plan.Listed, listed(o, b, named))
		}
	}
}

// named are the subjects of a binding elsewhere that are accounts of the tenant.
func (p *planner) named(o *model.Object) []string {
	b, ok := o.Detail.(*model.Binding)
	switch {
	case !ok, p.within(o.Namespace):
		return nil
	case p.wasBegun(o):
		return namedIn(o, b, p.once)
	}
	return namedIn(o, b, p.names)
}

// offer adds the deletion of a binding elsewhere: as a step like others where
// it goes with one of these anyway, else as one that may be left out.
func (p *planner) offer(o *model.Object, b *model.Binding, named []string) {
	effect := grants(o, b) + " to nobody but " + strings.Join(named, ", ")
	before := len(p.plan.Steps)
	p.step(o, effect)
	id := o.ObjectRef().InventoryID()
	for _, ids := range p.plan.deletes {
		if slices.Contains(ids, id) {
			return
		}
	}
	if len(p.plan.Steps) == before {
		return // it goes with a ResourceSet
	}
	offer := Offer{Key: o.Key}
	owner, owned := p.store.Owner(o)
	switch {
	case p.wasBegun(o):
		offer.Ticked = true
	case p.begun != nil:
		offer.Why = "it was not among what was begun"
	case o.Labels.Get(model.LabelTenant) == p.plan.Tenant, owned && p.within(owner.Namespace):
		offer.Ticked = true
	default:
		offer.Why = "nothing but its subjects says that it is this tenant's"
		if t := o.Labels.Get(model.LabelTenant); t != "" {
			offer.Why = "it is labelled as " + t + "'s"
		}
	}
	p.plan.Offered = append(p.plan.Offered, offer)
}

// grants says what a binding gives.
func grants(o *model.Object, b *model.Binding) string {
	kind := b.RoleKind
	if kind == "" {
		kind = "ClusterRole"
	}
	if o.Namespace == "" {
		return fmt.Sprintf("grants %s %s in the whole cluster", kind, b.RoleName)
	}
	return fmt.Sprintf("grants %s %s in the namespace %s", kind, b.RoleName, o.Namespace)
}

// listed says what it means that a binding of others goes on naming accounts
// that are gone.
func listed(o *model.Object, b *model.Binding, named []string) string {
	who := strings.Join(named, ", ")
	return fmt.Sprintf("%s %s to %s and to others: it stays, with that name in it. Whoever makes a namespace and an account of that name later has these rights, unless it is taken out by hand", o.Key, grants(o, b), who)
}

// namedIn are the subjects of a binding that are accounts of some namespaces.
func namedIn(o *model.Object, b *model.Binding, namespaces []string) []string {
	var out []string
	for _, s := range b.Subjects {
		if s.Kind == model.ServiceAccount.String() && s.Namespace == "" {
			s.Namespace = o.Namespace
		}
		k, ok := s.Accounts()
		switch {
		case ok && k.Namespace != "" && slices.Contains(namespaces, k.Namespace) && k.Name == "":
			out = append(out, "Group "+s.Name)
		case ok && slices.Contains(namespaces, k.Namespace):
			out = append(out, k.String())
		case s.Kind == "User" && slices.ContainsFunc(namespaces, func(ns string) bool { return s.Name == "gotk:"+ns+":reconciler" }):
			out = append(out, "User "+s.Name) // as flux create tenant names it
		}
	}
	return out
}
