package model

import (
	"cmp"
	"slices"
	"strings"
)

// requested holds what is read on request only. It is kept apart from all
// else: no tenant, total, log entry or progress ever depends on what a screen
// happens to ask for.
type requested struct {
	spaces map[string]*space
	scopes []ScopeStatus        // sorted by kind, namespace
	events map[string][]*Object // Events' answers; emptied when one changes
}

func newRequested() requested {
	return requested{spaces: map[string]*space{}, events: map[string][]*Object{}}
}

// apply takes in one object and reports whether anything changed.
func (r *requested) apply(ch *ObjectChange) bool {
	sp := r.spaces[ch.Key.Namespace]
	if sp == nil {
		if ch.Object == nil {
			return false
		}
		sp = &space{name: ch.Key.Namespace}
		r.spaces[sp.name] = sp
	}
	i, found := sp.find(ch.Key.Kind, ch.Key.Name)
	switch {
	case ch.Object == nil && !found:
		return false
	case ch.Object == nil:
		sp.objects = slices.Delete(sp.objects, i, i+1)
	case found:
		sp.objects[i] = ch.Object
	default:
		sp.objects = slices.Insert(sp.objects, i, ch.Object)
	}
	if len(sp.objects) == 0 {
		delete(r.spaces, sp.name)
	}
	if ch.Key.Kind == Event {
		clear(r.events)
	}
	return true
}

// Wanted returns the state of every scope that is read on request, by kind and
// namespace; Scopes has the others. The slice is the store's own: read it,
// don't keep it.
func (s *Store) Wanted() []ScopeStatus { return s.requested.scopes }

// WantedScope returns the scope that holds, or would hold, objects of a kind
// read on request in a namespace; false while none is read. With "" it is the
// cluster-wide one: KindStatus answers for all namespaces read one by one.
func (s *Store) WantedScope(k Kind, namespace string) (ScopeStatus, bool) {
	if !k.OnRequest() {
		return ScopeStatus{}, false
	}
	return s.scopeOf(k, namespace)
}

// Events returns the events of a namespace, or with "" all that are read,
// newest first. The slice is the store's own: read it, don't keep it. It is
// sorted once per change.
func (s *Store) Events(namespace string) []*Object {
	if known, ok := s.requested.events[namespace]; ok {
		return known
	}
	out := []*Object{}
	add := func(o *Object) bool { out = append(out, o); return true }
	if namespace != "" {
		s.ObjectsIn(namespace, Event, add)
	} else {
		for ns := range s.requested.spaces {
			s.ObjectsIn(ns, Event, add)
		}
	}
	slices.SortFunc(out, newestEvent)
	s.requested.events[namespace] = out
	return out
}

func newestEvent(a, b *Object) int {
	if c := cmp.Compare(eventTime(b), eventTime(a)); c != 0 {
		return c
	}
	if c := cmp.Compare(b.Created, a.Created); c != 0 {
		return c
	}
	return compareKeys(a.Key, b.Key)
}

func eventTime(o *Object) Unix {
	if d, ok := o.Detail.(*EventDetail); ok {
		return d.Last
	}
	return o.Created
}

// EventsOf returns the events about an object, newest first: those of an
// earlier object of its name too, which RegardingUID tells apart. Events about
// a cluster-scoped object are in the namespace default or kube-system. It
// looks at every event of the namespace once.
func (s *Store) EventsOf(k Key) []*Object {
	if k.Namespace != "" {
		return eventsAbout(s.Events(k.Namespace), k, nil)
	}
	out := eventsAbout(s.Events("kube-system"), k, eventsAbout(s.Events("default"), k, nil))
	slices.SortFunc(out, newestEvent)
	return out
}

func eventsAbout(events []*Object, k Key, out []*Object) []*Object {
	kind := k.Kind.String()
	for _, o := range events {
		d, ok := o.Detail.(*EventDetail)
		if !ok || d.Regarding.Name != k.Name || d.Regarding.Kind != kind {
			continue
		}
		// Of a cluster-scoped object some components write the event's own
		// namespace as the object's.
		if d.Regarding.Namespace == k.Namespace || k.Namespace == "" {
			out = append(out, o)
		}
	}
	return out
}

// PodsOf returns the pods of a Deployment, StatefulSet, DaemonSet or
// ReplicaSet, by name. Those of a Deployment belong to its ReplicaSets; where
// these can't be read, their names tell. It looks at every ReplicaSet and pod
// of the namespace once.
func (s *Store) PodsOf(workload Key) []*Object {
	owner := s.Get(workload)
	uid := ""
	if owner != nil {
		uid = owner.UID
	}
	var replicas map[string]bool
	if workload.Kind == Deployment {
		replicas = s.replicasOf(workload, uid)
	}
	var out []*Object
	s.ObjectsIn(workload.Namespace, Pod, func(o *Object) bool {
		if d, ok := o.Detail.(*PodDetail); ok && s.owns(workload, uid, replicas, o, d.Owner) {
			out = append(out, o)
		}
		return true
	})
	return out
}

// replicasOf returns the UIDs of a Deployment's ReplicaSets.
func (s *Store) replicasOf(deployment Key, uid string) map[string]bool {
	out := map[string]bool{}
	s.ObjectsIn(deployment.Namespace, ReplicaSet, func(o *Object) bool {
		if d, ok := o.Detail.(*Replica); ok && d.Owner == deployment.Name && (uid == "" || d.OwnerUID == uid) {
			out[o.UID] = true
		}
		return true
	})
	return out
}

func (s *Store) owns(workload Key, uid string, replicas map[string]bool, pod *Object, owner PodOwner) bool {
	if workload.Kind != Deployment {
		return owner.Kind == workload.Kind.String() && owner.Name == workload.Name && (uid == "" || owner.UID == uid)
	}
	if owner.Kind != ReplicaSet.String() {
		return false
	}
	if s.readable(Key{Kind: ReplicaSet, Namespace: workload.Namespace}) {
		return replicas[owner.UID]
	}
	// A Deployment's ReplicaSets are named after it and their template's hash.
	hash := pod.Labels.Get(LabelPodTemplateHash)
	name, ok := strings.CutSuffix(owner.Name, "-"+hash)
	return ok && hash != "" && name == workload.Name
}
