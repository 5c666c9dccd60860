// Package modeltest has what the tests of model's rooms share: clusters written
// by hand, as a store knows them.
package modeltest

import (
	"time"

	"tenantry/model"
)

// Now is the moment the clusters are looked at.
var Now = time.Date(2026, 11, 22, 2, 58, 14, 0, time.UTC)

// Store is a connected cluster with these objects and every kind read.
func Store(objects ...*model.Object) *model.Store {
	return StoreAt(func() time.Time { return Now }, objects...)
}

// StoreAt is one with a clock of the test's own.
func StoreAt(clock func() time.Time, objects ...*model.Object) *model.Store {
	s := model.NewStore(clock)
	b := model.Batch{Conn: &model.Connection{State: model.ConnLive}}
	for _, k := range model.Kinds() {
		b.Scopes = append(b.Scopes, model.ScopeStatus{Kind: k, State: model.ScopeSynced})
	}
	s.Apply(b)
	Put(s, objects...)
	return s
}

// Put makes or changes objects.
func Put(s *model.Store, objects ...*model.Object) {
	var b model.Batch
	for _, o := range objects {
		b.Changes = append(b.Changes, model.ObjectChange{Key: o.Key, Object: o})
	}
	s.Apply(b)
}

// Object is an object with labels, as pairs of name and value.
func Object(k model.Kind, ns, name string, d model.Detail, labels ...string) *model.Object {
	o := &model.Object{Key: model.Key{Kind: k, Namespace: ns, Name: name}, UID: k.String() + "-" + ns + "-" + name, Detail: d}
	for i := 0; i+1 < len(labels); i += 2 {
		o.Labels = append(o.Labels, model.Pair{Name: labels[i], Value: labels[i+1]})
	}
	return o
}
