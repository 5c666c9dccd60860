package workload

import (
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"tenantry/kube/demo/control"
	"tenantry/kube/demo/sim"
	"tenantry/kube/demo/store"
	"tenantry/kube/demo/tree"
)

// dependents names what objects of a kind own.
var dependents = map[string]schema.GroupKind{"Deployment": control.ReplicaSet, "ReplicaSet": control.Pod}

// collect removes what an object owned when it goes, and settles the
// finalizers that ask for another order.
func (w *Controllers) collect(ev store.Event) {
	obj := ev.Object.Content
	owned, ok := dependents[tree.Str(obj, "kind")]
	if !ok {
		return
	}
	meta := tree.Map(obj, "metadata")
	uid, namespace := tree.Str(meta, "uid"), tree.Str(meta, "namespace")
	if ev.Type == store.Deleted {
		w.env.Loop.After(50*time.Millisecond, func() { w.removeOwned(owned, namespace, uid) })
		return
	}
	if tree.Str(meta, "deletionTimestamp") == "" {
		return
	}
	for _, f := range tree.Strings(meta, "finalizers") {
		switch f {
		case metav1.FinalizerDeleteDependents, metav1.FinalizerOrphanDependents:
			w.env.Loop.After(50*time.Millisecond, func() { w.finishOwner(obj, owned, f) })
		}
	}
}

func (w *Controllers) removeOwned(kind schema.GroupKind, namespace, uid string) {
	client := w.client("kube-controller-manager")
	for _, o := range client.List(kind, namespace) {
		if ownedBy(o, uid) && tree.Str(o, "metadata", "deletionTimestamp") == "" {
			_ = client.Delete(kind, namespace, tree.Str(o, "metadata", "name"), nil)
		}
	}
}

func (w *Controllers) finishOwner(owner Object, owned schema.GroupKind, finalizer string) {
	client := w.client("kube-controller-manager")
	meta := tree.Map(owner, "metadata")
	namespace, uid := tree.Str(meta, "namespace"), tree.Str(meta, "uid")
	if finalizer == metav1.FinalizerDeleteDependents {
		w.removeOwned(owned, namespace, uid)
		for _, o := range client.List(owned, namespace) {
			if ownedBy(o, uid) {
				w.env.Loop.After(200*time.Millisecond, func() { w.finishOwner(owner, owned, finalizer) })
				return
			}
		}
	} else {
		for _, o := range client.List(owned, namespace) {
			if ownedBy(o, uid) {
				_, _ = client.Edit(owned, namespace, tree.Str(o, "metadata", "name"), func(o Object) error {
					delete(tree.Meta(o), "ownerReferences")
					return nil
				})
			}
		}
	}
	gv, _ := schema.ParseGroupVersion(tree.Str(owner, "apiVersion"))
	gk := schema.GroupKind{Group: gv.Group, Kind: tree.Str(owner, "kind")}
	_, _ = client.Edit(gk, namespace, tree.Str(meta, "name"), func(o Object) error {
		DropFinalizer(o, finalizer)
		return nil
	})
}

// DropFinalizer removes one finalizer of an object.
func DropFinalizer(obj Object, finalizer string) {
	meta := tree.Meta(obj)
	var left []any
	for _, f := range tree.List(meta, "finalizers") {
		if f != finalizer {
			left = append(left, f)
		}
	}
	if left == nil {
		delete(meta, "finalizers")
		return
	}
	meta["finalizers"] = left
}

// namespace gives a namespace its default service account, and empties one
// that is being deleted.
func (w *Controllers) namespace(key sim.Key, done func(time.Duration)) {
	client := w.client("kube-controller-manager")
	ns, err := client.Get(control.Namespace, "", key.Name)
	if err != nil {
		done(sim.Never)
		return
	}
	if tree.Str(ns, "metadata", "deletionTimestamp") == "" {
		if _, err := client.Get(control.ServiceAccount, key.Name, "default"); err != nil {
			_, _ = client.Create(Object{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": Object{"name": "default", "namespace": key.Name}})
		}
		done(sim.Never)
		return
	}
	left := 0
	for _, res := range w.env.API.Namespaced() {
		gk := schema.GroupKind{Group: res.Group, Kind: res.Kind}
		for _, o := range client.List(gk, key.Name) {
			left++
			if tree.Str(o, "metadata", "deletionTimestamp") == "" {
				_ = client.Delete(gk, key.Name, tree.Str(o, "metadata", "name"), nil)
			}
		}
	}
	if left > 0 {
		done(500 * time.Millisecond)
		return
	}
	_, _ = client.Edit(control.Namespace, "", key.Name, func(o Object) error {
		tree.Make(o, "spec")["finalizers"] = []any{}
		return nil
	})
	done(sim.Never)
}

// definition removes the objects of a kind whose definition is being deleted,
// then lets the definition go.
func (w *Controllers) definition(key sim.Key, done func(time.Duration)) {
	client := w.client("kube-controller-manager")
	crds := schema.GroupKind{Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition"}
	crd, err := client.Get(crds, "", key.Name)
	if err != nil || tree.Str(crd, "metadata", "deletionTimestamp") == "" {
		done(sim.Never)
		return
	}
	gk := schema.GroupKind{Group: tree.Str(crd, "spec", "group"), Kind: tree.Str(crd, "spec", "names", "kind")}
	left := 0
	for _, o := range client.List(gk, "") {
		left++
		_ = client.Delete(gk, tree.Str(o, "metadata", "namespace"), tree.Str(o, "metadata", "name"), nil)
	}
	if left > 0 {
		done(200 * time.Millisecond)
		return
	}
	_, _ = client.Edit(crds, "", key.Name, func(o Object) error {
		DropFinalizer(o, "customresourcecleanup.apiextensions.k8s.io")
		return nil
	})
	w.env.API.Store().Drop(key.Name)
	done(sim.Never)
}
