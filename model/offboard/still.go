package offboard

import (
	"slices"

	"tenantry/model"
)

// still says how to tell, when the turn of a step has come, whether its deletion
// still does what it did when it was decided on, which may be minutes ago. An
// object's UID says that it is the same, not whom it concerns by now.
func (p *planner) still(o *model.Object) func(*model.Store) (version, why string) {
	var judge func(*model.Store, *model.Object) (version, why string)
	switch d := o.Detail.(type) {
	case *model.Binding:
		if p.within(o.Namespace) {
			return nil // it goes with its namespace, whomever it names
		}
		judge = func(_ *model.Store, now *model.Object) (string, string) { return stillGrants(o, now, d) }
	case *model.Source:
		known := p.strangers(p.store, o.Key)
		judge = func(s *model.Store, now *model.Object) (string, string) {
			for _, k := range p.strangers(s, now.Key) {
				if !slices.Contains(known, k) {
					return "", k.String() + " applies from it by now"
				}
			}
			return "", ""
		}
	case *model.Sync:
		if d.RemoteCluster || p.prunesNot(o) != "" { // what changes that is in its spec
			return nil
		}
		known := p.abroad(o)
		judge = func(_ *model.Store, now *model.Object) (string, string) {
			for _, ref := range p.abroad(now) {
				if !slices.Contains(known, ref) {
					return "", "it has applied " + ref.String() + " meanwhile, which is outside this tenant"
				}
			}
			return "", ""
		}
	default:
		return nil
	}
	key, uid := o.Key, o.UID
	return func(s *model.Store) (string, string) {
		now := s.Get(key)
		if now == nil || now.UID != uid || now.Deleting != 0 { // it goes anyway, or its UID tells
			return "", ""
		}
		return judge(s, now)
	}
}

// stillGrants compares a binding elsewhere with what it was. It is bound to its
// version: it has no generation that would tell.
func stillGrants(was, now *model.Object, d *model.Binding) (version, why string) {
	b, ok := now.Detail.(*model.Binding)
	switch {
	case !ok:
		return "", "it can't be read any more"
	case b.RoleKind != d.RoleKind || b.RoleName != d.RoleName:
		return "", "it " + grants(now, b) + " by now"
	}
	for _, s := range b.Subjects {
		if !slices.Contains(d.Subjects, s) {
			name := s.Kind + "/" + s.Name
			if s.Namespace != "" {
				name = s.Kind + "/" + s.Namespace + "/" + s.Name
			}
			return "", "it names " + name + " as well by now"
		}
	}
	if t := now.Labels.Get(model.LabelTenant); t != "" && t != was.Labels.Get(model.LabelTenant) {
		return "", "it is labelled as " + t + "'s by now"
	}
	return now.ResourceVersion, ""
}

// strangers are the users of a source outside the tenant's namespaces.
func (p *planner) strangers(s *model.Store, source model.Key) []model.Key {
	return slices.DeleteFunc(s.UsersOf(source), func(k model.Key) bool { return p.within(k.Namespace) })
}

// abroad is what a sync applied that is not the tenant's.
func (p *planner) abroad(o *model.Object) []model.ObjectRef {
	return slices.DeleteFunc(model.InventoryRefs(o), p.its)
}
