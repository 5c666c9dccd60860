package model

import (
	"slices"
	"strings"
)

// What refers to what: read off the objects when a page asks, not kept. Asking
// looks at every sync once.

// UsersOf returns the syncs that apply from a source, and charts made from it,
// sorted.
func (s *Store) UsersOf(source Key) []Key {
	var out []Key
	s.eachOf(func(o *Object) {
		if d, ok := o.Detail.(*Sync); ok && refers(d.SourceRef, o.Namespace, source) {
			out = append(out, o.Key)
		}
	}, Kustomization, HelmRelease)
	s.eachOf(func(o *Object) {
		if d, ok := o.Detail.(*Source); ok && refers(d.SourceRef, o.Namespace, source) {
			out = append(out, o.Key)
		}
	}, HelmChart)
	slices.SortFunc(out, compareKeys)
	return out
}

// WaitersOf returns the syncs that depend on a sync, sorted.
func (s *Store) WaitersOf(sync Key) []Key {
	var out []Key
	s.eachOf(func(o *Object) {
		d, ok := o.Detail.(*Sync)
		if ok && slices.ContainsFunc(d.DependsOn, func(r Ref) bool { return refers(r, o.Namespace, sync) }) {
			out = append(out, o.Key)
		}
	}, Kustomization, HelmRelease, ResourceSet)
	slices.SortFunc(out, compareKeys)
	return out
}

// HoldersOf returns the syncs and instances in whose inventory an object is,
// sorted.
func (s *Store) HoldersOf(ref ObjectRef) []Key {
	id := ref.InventoryID()
	var out []Key
	s.eachOf(func(o *Object) {
		if holds(Inventory(o), id) {
			out = append(out, o.Key)
		}
	}, Kustomization, HelmRelease, ResourceSet, FluxInstance)
	slices.SortFunc(out, compareKeys)
	return out
}

// BindingsOf returns the role bindings that name a service account, or a group
// it is in, sorted.
func (s *Store) BindingsOf(account Key) []*Object {
	var out []*Object
	s.eachOf(func(o *Object) {
		b, ok := o.Detail.(*Binding)
		if ok && slices.ContainsFunc(b.Subjects, func(sub Subject) bool { return sub.means(o.Namespace, account) }) {
			out = append(out, o)
		}
	}, RoleBinding, ClusterRoleBinding)
	slices.SortFunc(out, func(a, b *Object) int { return compareKeys(a.Key, b.Key) })
	return out
}

// BindingsIn returns the role bindings of some namespaces that name a service
// account, or a group it is in, and those of the whole cluster. It is BindingsOf
// without a look at every namespace.
func (s *Store) BindingsIn(account Key, namespaces ...string) []*Object {
	var out []*Object
	look := func(o *Object) bool {
		b, ok := o.Detail.(*Binding)
		if ok && slices.ContainsFunc(b.Subjects, func(sub Subject) bool { return sub.means(o.Namespace, account) }) {
			out = append(out, o)
		}
		return true
	}
	for _, ns := range namespaces {
		s.ObjectsIn(ns, RoleBinding, look)
	}
	s.ObjectsIn("", ClusterRoleBinding, look)
	return out
}

// means reports whether a subject, of a binding in a namespace, is a service
// account: by name, as a user, or as one of the groups all accounts are in.
func (s Subject) means(in string, account Key) bool {
	if s.Namespace == "" {
		s.Namespace = in
	}
	switch s.Kind {
	case "ServiceAccount":
		return s.Name == account.Name && s.Namespace == account.Namespace
	case "Group":
		return s.Name == "system:serviceaccounts" || s.Name == "system:serviceaccounts:"+account.Namespace
	case "User":
		return s.Name == "system:serviceaccount:"+account.Namespace+":"+account.Name
	}
	return false
}

// Owner returns the sync or instance an object's labels name, and false when
// they name none or it is not there: labels can be stale or copied.
func (s *Store) Owner(o *Object) (Key, bool) {
	k := ownerKey(o)
	return k, k.Name != "" && s.Get(k) != nil
}

// Readable reports whether an object of that key would have been seen if it
// existed: its kind was read where it would be.
func (s *Store) Readable(k Key) bool { return s.readable(k) }

// eachOf calls f for every object of the kinds, in no order. Most namespaces
// hold so few objects that looking at each is quicker than finding the kinds.
func (s *Store) eachOf(f func(*Object), kinds ...Kind) {
	var want [kindCount]bool
	for _, k := range kinds {
		want[k] = true
	}
	for _, sp := range s.spaces {
		for _, o := range sp.objects {
			if want[o.Kind] {
				f(o)
			}
		}
	}
}

// refers reports whether a reference, made in a namespace, means an object.
func refers(r Ref, namespace string, k Key) bool {
	if r.Name != k.Name || r.Kind != k.Kind.String() {
		return false
	}
	if r.Namespace != "" {
		namespace = r.Namespace
	}
	return namespace == k.Namespace
}

// Inventory returns the ids of what an object has applied, newline-separated.
func Inventory(o *Object) string {
	switch d := o.Detail.(type) {
	case *Sync:
		return d.Inventory
	case *Instance:
		return d.Inventory
	}
	return ""
}

// InventoryRefs returns what an object has applied, in the inventory's order.
// What is no id is left out.
func InventoryRefs(o *Object) []ObjectRef {
	ids := Inventory(o)
	if ids == "" {
		return nil
	}
	out := make([]ObjectRef, 0, strings.Count(ids, "\n")+1)
	for id := range strings.SplitSeq(ids, "\n") {
		if ref, ok := InventoryRef(id); ok {
			out = append(out, ref)
		}
	}
	return out
}

// InventoryID is the id of an object in an inventory.
func (r ObjectRef) InventoryID() string {
	name := r.Name
	if r.Group == groupRBAC {
		name = strings.ReplaceAll(name, ":", "__")
	}
	return r.Namespace + "_" + name + "_" + r.Group + "_" + r.Kind
}

// Key returns the key of the object when its kind is one tenantry reads.
func (r ObjectRef) Key() (Key, bool) {
	k, ok := KindNamed(r.Kind)
	if !ok || k.Group() != r.Group {
		return Key{}, false
	}
	return Key{Kind: k, Namespace: r.Namespace, Name: r.Name}, true
}

// holds reports whether an id is one of newline-separated ones.
func holds(ids, id string) bool {
	for from := 0; ; {
		at := strings.Index(ids[from:], id)
		if at < 0 {
			return false
		}
		at += from
		end := at + len(id)
		if (at == 0 || ids[at-1] == '\n') && (end == len(ids) || ids[end] == '\n') {
			return true
		}
		from = end
	}
}
