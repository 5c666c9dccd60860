package why

import (
	"slices"
	"strings"

	"tenantry/model"
	"tenantry/model/said"
)

// forbidden explains a refused apply. A missing account is refused like one
// without rights, since impersonating a name that does not exist is allowed
// (domain.md §4): it is looked up to tell them apart.
func (w *walk) forbidden(o *model.Object, s said.Saying, f Fault) Fault {
	acc := model.Key{Kind: model.ServiceAccount, Namespace: s.AccountNamespace, Name: s.Account}
	ref := refOf(acc)
	what := named(s)
	commit := ""
	if d, ok := o.Detail.(*model.Sync); ok {
		commit = model.ShortRevision(orNone(d.Attempted, w.sourceRevision(d)))
	}
	object := w.s.Get(acc)
	switch {
	case object == nil && w.s.Readable(acc):
		f.Kind, f.Ours = said.Unknown, AccountMissing
		f.Chain, f.Words = []Link{missing(ref, "it applies as this account")}, lower(ref)+" does not exist"
		return f
	case object == nil:
		f.Chain = []Link{{Ref: ref, Health: model.Unknown, Word: "not read", Note: "it applies as this account"}}
	default:
		f.Chain = []Link{w.link(object, "it applies as this account")}
	}
	t := w.s.Tenant(w.s.TenantOf(o.Key))
	own := t != nil && !t.IsPlatform && slices.Contains(t.Namespaces, s.Into)
	switch {
	case f.Kind == said.ForbiddenCluster:
		f.AsItShould = t != nil && !t.IsPlatform
		f.Words = asksFor(commit) + what + ", which is cluster-wide; account " + s.AccountNamespace + "/" + s.Account + " may not " + s.Verb + " " + s.Resource
	case !own && s.Into != s.AccountNamespace:
		f.AsItShould = true
		f.Words = asksFor(commit) + what + " in " + s.Into + ", outside its namespaces; account " + s.AccountNamespace + "/" + s.Account + " may not"
	default:
		f.Words = "account " + s.AccountNamespace + "/" + s.Account + " may not " + s.Verb + " " + s.Resource + " in " + s.Into
		if w.bindingsKnown(acc) && !w.bound(acc, s.Into) {
			f.Kind, f.Ours = said.Unknown, NoRights
			f.Words = lower(ref) + " may do nothing in " + s.Into + ": no role binding names it"
			if d, ok := o.Detail.(*model.Sync); ok && d.ServiceAccount == "" {
				f.Words += "; the sync names no account of its own, so it applies as the default one"
			}
		}
	}
	return f
}

func asksFor(commit string) string {
	if commit == "" {
		return "Git asks for "
	}
	return commit + " asks for "
}

// named is the object a message names, without its namespace.
func named(s said.Saying) string { return strings.TrimSpace(s.Kind + " " + s.Name) }

func (w *walk) bindingsKnown(acc model.Key) bool {
	return w.s.Readable(model.Key{Kind: model.RoleBinding, Namespace: acc.Namespace}) && w.s.Readable(model.Key{Kind: model.ClusterRoleBinding})
}

// bound reports whether any binding gives the account rights in a namespace.
func (w *walk) bound(acc model.Key, in string) bool {
	return slices.ContainsFunc(w.s.BindingsIn(acc, in), giving)
}

// giving reports whether a binding is one that somebody made: those every
// Kubernetes has give every account what is of no use to a sync.
func giving(b *model.Object) bool {
	return b.Kind != model.ClusterRoleBinding || !strings.HasPrefix(b.Name, "system:")
}

// missingThings are what is not there although nothing has complained yet: the
// account a sync applies as, and workloads it has applied.
func (w *walk) missingThings(o *model.Object, v model.Verdict) []Fault {
	d, ok := o.Detail.(*model.Sync)
	if !ok || d.RemoteCluster || v.Suspended || v.Health == model.Terminating {
		return nil
	}
	var out []Fault
	if d.ServiceAccount != "" {
		acc := model.Key{Kind: model.ServiceAccount, Namespace: o.Namespace, Name: d.ServiceAccount}
		if w.s.Get(acc) == nil && w.s.Readable(acc) {
			out = append(out, Fault{Ours: AccountMissing, Chain: []Link{missing(refOf(acc), "it applies as this account")}, Words: lower(refOf(acc)) + " does not exist"})
		}
	}
	if r := o.Condition("Ready"); r == nil || r.Status != "True" {
		return out // what is being applied, or failed to be, is not there yet
	}
	for _, ref := range model.InventoryRefs(o) {
		k, ok := ref.Key()
		if ok && k.Kind.Role() == model.RoleWorkload && w.s.Get(k) == nil && w.s.Readable(k) {
			out = append(out, Fault{Ours: WorkloadGone, Chain: []Link{missing(refOf(k), "it has applied this")},
				Words: lower(refOf(k)) + " was applied and is not there any more"})
		}
	}
	return out
}
