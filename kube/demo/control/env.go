// Package control is what the embedded cluster's controllers share: the
// objects, the clock, what changed, and the events they write.
package control

import (
	"fmt"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo/api"
	"tenantry/kube/demo/sim"
	"tenantry/kube/demo/store"
	"tenantry/kube/demo/tree"
)

// Object is an object as JSON tree.
type Object = map[string]any

// Kinds several controllers work on.
var (
	Namespace      = schema.GroupKind{Kind: "Namespace"}
	ServiceAccount = schema.GroupKind{Kind: "ServiceAccount"}
	Secret         = schema.GroupKind{Kind: "Secret"}
	Pod            = schema.GroupKind{Kind: "Pod"}
	Event          = schema.GroupKind{Kind: "Event"}
	Deployment     = schema.GroupKind{Group: "apps", Kind: "Deployment"}
	ReplicaSet     = schema.GroupKind{Group: "apps", Kind: "ReplicaSet"}
	Lease          = schema.GroupKind{Group: "coordination.k8s.io", Kind: "Lease"}
)

// Env is the world of a controller.
type Env struct {
	API  *api.Server
	Loop *sim.Loop
	// EventsFrom is when events begin to be written: earlier ones would have
	// expired before anyone looks.
	EventsFrom time.Time

	mu     sync.Mutex
	subs   map[string][]func(store.Event)
	events map[eventID]string
	seq    uint64
}

// New returns the environment of a server's controllers.
func New(server *api.Server, loop *sim.Loop) *Env {
	e := &Env{API: server, Loop: loop, subs: map[string][]func(store.Event){}, events: map[eventID]string{}}
	server.Store().Observe(func(ev store.Event) {
		e.mu.Lock()
		subs := e.subs[ev.Resource]
		e.mu.Unlock()
		for _, f := range subs {
			f(ev)
		}
	})
	return e
}

// On calls f for every change of a resource, named as in the store, e.g.
// "deployments.apps". f may only note what happened.
func (e *Env) On(resource string, f func(store.Event)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.subs[resource] = append(e.subs[resource], f)
}

// Client returns a client that may do everything and writes as manager.
func (e *Env) Client(manager string) *api.Client {
	return e.API.Client(api.System(manager), manager)
}

// Now returns the cluster's time.
func (e *Env) Now() time.Time { return e.Loop.Now().UTC() }

// Stamp returns the cluster's time as objects hold it.
func (e *Env) Stamp() string { return e.Now().Format(time.RFC3339) }

// KeyOf returns the key of a changed object.
func KeyOf(ev store.Event) sim.Key {
	return sim.Key{Namespace: ev.Object.Key.Namespace, Name: ev.Object.Key.Name}
}

// Changed reports whether what an object asks for changed: its spec, its
// deletion, or one of the annotations named.
func Changed(ev store.Event, annotations ...string) bool {
	if ev.Type == store.Added {
		return true
	}
	if ev.Type == store.Deleted {
		return false
	}
	now, was := tree.Map(ev.Object.Content, "metadata"), tree.Map(ev.Previous.Content, "metadata")
	if now["generation"] != was["generation"] || now["deletionTimestamp"] != was["deletionTimestamp"] {
		return true
	}
	for _, a := range annotations {
		if tree.Str(now, "annotations", a) != tree.Str(was, "annotations", a) {
			return true
		}
	}
	return false
}

type eventID struct{ uid, component, typ, reason, message string }

// eventTTL is how long events are kept, as on a real server.
const eventTTL = time.Hour

// Event records an event about an object. The same event again counts up.
func (e *Env) Event(component string, obj Object, typ, reason, message string, annotations map[string]string) {
	if e.Now().Before(e.EventsFrom) {
		return
	}
	meta := tree.Map(obj, "metadata")
	id := eventID{tree.Str(meta, "uid"), component, typ, reason, message}
	namespace := tree.Str(meta, "namespace")
	if namespace == "" {
		namespace = "default"
	}
	now := e.Stamp()
	client := e.Client(component).Untracked()
	e.mu.Lock()
	name := e.events[id]
	e.mu.Unlock()
	if name != "" {
		_, err := client.Edit(Event, namespace, name, func(ev Object) error {
			ev["count"] = tree.Int(ev, "count") + 1
			ev["lastTimestamp"] = now
			return nil
		})
		if err == nil {
			return
		}
	}
	e.mu.Lock()
	e.seq++
	name = fmt.Sprintf("%s.%x", tree.Str(meta, "name"), uint64(e.Loop.Now().UnixNano())+e.seq)
	e.events[id] = name
	e.mu.Unlock()
	ev := Object{
		"apiVersion": "v1", "kind": "Event",
		"metadata": Object{"name": name, "namespace": namespace},
		"involvedObject": Object{"apiVersion": obj["apiVersion"], "kind": obj["kind"], "namespace": namespace,
			"name": meta["name"], "uid": meta["uid"], "resourceVersion": meta["resourceVersion"]},
		"type": typ, "reason": reason, "message": message, "count": int64(1),
		"firstTimestamp": now, "lastTimestamp": now, "eventTime": nil,
		"source": Object{"component": component}, "reportingComponent": component, "reportingInstance": "",
	}
	if len(annotations) > 0 {
		a := Object{}
		for k, v := range annotations {
			a[k] = v
		}
		ev["metadata"].(Object)["annotations"] = a
	}
	if _, err := client.Create(ev); err == nil {
		e.expire(client, id, namespace, name)
	}
}

func (e *Env) expire(client *api.Client, id eventID, namespace, name string) {
	e.Loop.After(eventTTL, func() {
		ev, err := client.Get(Event, namespace, name)
		if err != nil {
			return
		}
		last, _ := time.Parse(time.RFC3339, tree.Str(ev, "lastTimestamp"))
		if e.Now().Sub(last) < eventTTL/2 {
			e.expire(client, id, namespace, name)
			return
		}
		e.mu.Lock()
		delete(e.events, id)
		e.mu.Unlock()
		_ = client.Delete(Event, namespace, name, nil)
	})
}
