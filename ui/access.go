package ui

import (
	"strings"

	"tenantry/model"
)

// granted is a binding that names an account.
type granted struct {
	binding *model.Object
	role    string
}

// words say what the account may do, and by which binding.
func (g granted) words() string {
	return roleInWords(g.role, g.binding.Namespace) + ", by " + g.binding.Kind.String() + " " + g.binding.Name
}

// where is where it may: in its own namespace, in another, everywhere.
func (g granted) where(own string) string {
	switch ns := g.binding.Namespace; ns {
	case "":
		return "everywhere"
	case own:
		return "inside"
	default:
		return "in " + ns
	}
}

// bindingsOf are the bindings that name a service account, those of its own
// namespace first.
func (e *env) bindingsOf(account model.Key) []granted {
	var own, others []granted
	for _, o := range e.store.BindingsOf(account) {
		g := granted{o, o.Detail.(*model.Binding).RoleName}
		if o.Namespace == account.Namespace {
			own = append(own, g)
		} else {
			others = append(others, g)
		}
	}
	return append(own, others...)
}

// roleInWords is what Kubernetes' own roles allow; others are not read.
func roleInWords(role, namespace string) string {
	switch role {
	case "cluster-admin":
		if namespace == "" {
			return "everything, everywhere (cluster-admin)"
		}
		return "everything, also secrets, roles and Flux's objects (cluster-admin)"
	case "admin":
		return "nearly everything, also secrets and roles (admin)"
	case "edit":
		return "change what runs, also secrets, but no roles (edit)"
	case "view":
		return "read, but no secrets (view)"
	}
	return "what the role " + role + " allows"
}

func subjectName(s model.Subject, in string) string {
	if s.Kind != "ServiceAccount" {
		return s.Kind + " " + s.Name
	}
	if s.Namespace == "" {
		s.Namespace = in
	}
	if s.Namespace == in {
		return "ServiceAccount " + s.Name
	}
	return "ServiceAccount " + s.Name + " of " + s.Namespace
}

// accessWords describe who may do what in a tenant, and what its accounts may
// do elsewhere.
func (e *env) accessWords(d *describer, t *model.Tenant, known map[model.Key][]granted) {
	shown := map[model.Key]bool{}
	for _, k := range t.Access {
		if k.Kind != model.ServiceAccount {
			continue
		}
		grants := known[k]
		acts := e.actsFor(k)
		if k.Name == "default" && len(grants)+len(acts) == 0 {
			continue // every namespace has one, and this one can do nothing
		}
		e.accountWords(d, t, k, grants, acts)
		for _, g := range grants {
			shown[g.binding.Key] = true
		}
	}
	d.section("OTHERS WITH RIGHTS HERE")
	for _, k := range t.Access {
		o := e.store.Get(k)
		if o == nil || shown[k] {
			continue
		}
		if b, ok := o.Detail.(*model.Binding); ok {
			for _, s := range b.Subjects {
				d.add(strings.ToLower(s.Kind), join(strings.TrimPrefix(subjectName(s, o.Namespace), s.Kind+" "), granted{o, b.RoleName}.words()))
			}
		}
	}
	e.accessUnknown(d, t)
}

func (e *env) accountWords(d *describer, t *model.Tenant, k model.Key, grants []granted, acts []model.Key) {
	title := "ACCOUNT " + k.Name
	if len(t.Namespaces) > 1 {
		title += " in " + k.Namespace
	}
	d.section(title)
	for _, g := range grants {
		d.add(g.where(k.Namespace), g.words())
	}
	if len(grants) == 0 {
		d.add("may", "nothing: no binding names it")
	}
	for _, a := range acts {
		d.object("acts for", a, "")
	}
	if len(acts) == 0 {
		d.add("acts for", "no sync here")
	}
}

// actsFor are the syncs that run as an account.
func (e *env) actsFor(k model.Key) []model.Key {
	var out []model.Key
	for _, kind := range []model.Kind{model.Kustomization, model.HelmRelease, model.ResourceSet} {
		e.store.ObjectsIn(k.Namespace, kind, func(o *model.Object) bool {
			if s, ok := o.Detail.(*model.Sync); ok && s.ServiceAccount == k.Name {
				out = append(out, o.Key)
			}
			return true
		})
	}
	return out
}

// accessUnknown says what could not be read, so that what is not listed is not
// taken for not granted.
func (e *env) accessUnknown(d *describer, t *model.Tenant) {
	d.section("NOT KNOWN")
	for _, k := range []model.Kind{model.ServiceAccount, model.RoleBinding, model.ClusterRoleBinding} {
		key := model.Key{Kind: k}
		if k.Namespaced() && len(t.Namespaces) > 0 {
			key.Namespace = t.Namespaces[0]
		}
		if !e.store.Readable(key) {
			d.add(k.Resource(), "not readable by you, so there may be more than this")
		}
	}
	d.add("roles", "are not read: what a role allows is told for Kubernetes' own alone")
}
