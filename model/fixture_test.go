package model

import (
	"testing"
	"time"
)

// t0 is the moment every test starts at.
var t0 = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

const rev1, rev2 = "main@sha1:41aaea2377872176849e91c97af0e08ed8ffd3c3", "main@sha1:d63406218397243c9520d48f91d7d07d85b351b3"

// world is a store with a clock that tests move.
type world struct {
	*Store
	now time.Time
	// holding keeps back what is put, for telling of it in another order.
	holding bool
	held    []*Object
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{now: t0}
	w.Store = NewStore(func() time.Time { return w.now })
	return w
}

// synced makes every kind read cluster-wide.
func (w *world) synced() *world {
	var b Batch
	for _, k := range Kinds() {
		b.Scopes = append(b.Scopes, ScopeStatus{Kind: k, State: ScopeSynced})
	}
	w.Apply(b)
	return w
}

func (w *world) put(objs ...*Object) *world {
	if w.holding {
		w.held = append(w.held, objs...)
		return w
	}
	var b Batch
	for _, o := range objs {
		b.Changes = append(b.Changes, ObjectChange{Key: o.Key, Object: o})
	}
	w.Apply(b)
	return w
}

func (w *world) drop(keys ...Key) *world {
	var b Batch
	for _, k := range keys {
		b.Changes = append(b.Changes, ObjectChange{Key: k})
	}
	w.Apply(b)
	return w
}

func (w *world) pass(d time.Duration) *world { w.now = w.now.Add(d); return w }

func ago(d time.Duration) Unix { return Unix(t0.Add(-d).Unix()) }

// obj makes an object of generation 1, seen by its controller, an hour old.
func obj(k Kind, ns, name string, d Detail, conds ...Condition) *Object {
	o := &Object{Key: Key{k, ns, name}, UID: k.String() + ns + name, Generation: 1, ObservedGeneration: 1,
		Created: ago(time.Hour), Detail: d, Conditions: conds}
	for i := range o.Conditions {
		if o.Conditions[i].ObservedGeneration == 0 {
			o.Conditions[i].ObservedGeneration = 1
		}
	}
	return o
}

func cond(typ, status, reason, msg string) Condition {
	return Condition{Type: typ, Status: status, Reason: reason, Message: msg, LastTransition: ago(10 * time.Second)}
}

func git(ns, name, rev string, conds ...Condition) *Object {
	if conds == nil {
		conds = []Condition{cond("Ready", "True", "Succeeded", "stored artifact for revision '"+rev+"'")}
	}
	return obj(GitRepository, ns, name, &Source{URL: "https://git.example/r", Interval: 60, Verify: true, Revision: rev, Updated: ago(time.Minute)}, conds...)
}

func kust(ns, name, source string, conds ...Condition) *Object {
	if conds == nil {
		conds = []Condition{cond("Ready", "True", "ReconciliationSucceeded", "Applied revision: "+rev1)}
	}
	return obj(Kustomization, ns, name, &Sync{Path: "./" + name, SourceRef: Ref{"GitRepository", ns, source}, Interval: 300,
		RetryInterval: 30, Timeout: 30, ServiceAccount: ns, Prune: true, Applied: rev1, Attempted: rev1}, conds...)
}

func sync(o *Object) *Sync { return o.Detail.(*Sync) }

func deploy(ns, name string, gen, seen int64, want, updated, available, total int32, conds ...Condition) *Object {
	o := obj(Deployment, ns, name, &Workload{Desired: want, Updated: updated, Available: available, Replicas: total, Revision: 1}, conds...)
	o.Generation, o.ObservedGeneration = gen, seen
	return o
}

func labelled(o *Object, pairs ...string) *Object {
	for i := 0; i+1 < len(pairs); i += 2 {
		o.Labels = append(o.Labels, Pair{pairs[i], pairs[i+1]})
	}
	return o
}

func namespace(name string, labels ...string) *Object {
	return labelled(obj(Namespace, "", name, &NamespaceDetail{Phase: "Active"}), labels...)
}

func account(ns, name string) *Object { return obj(ServiceAccount, ns, name, &Account{}) }

func controller(name string, args ...string) *Object {
	o := deploy("flux-system", name, 1, 1, 1, 1, 1, 1)
	o.Detail.(*Workload).Containers = []Container{{Name: "manager", Image: "ghcr.io/fluxcd/" + name + ":v1.9.6", Args: args}}
	return labelled(o, LabelPartOf, "flux", LabelVersion, "v2.9.4")
}

func lease(name string, renewed time.Duration) *Object {
	return obj(Lease, "flux-system", name, &LeaseDetail{Holder: "me", DurationSeconds: 35, RenewedMS: t0.Add(-renewed).UnixMilli()})
}
