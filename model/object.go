package model

// Key identifies an object within one cluster. Namespace is empty for
// cluster-scoped kinds. Identity is always a Key: never a name, never a row.
type Key struct {
	Kind      Kind
	Namespace string
	Name      string
}

// String returns Kind/namespace/name, as Flux writes object references.
func (k Key) String() string {
	if k.Namespace == "" {
		return k.Kind.String() + "/" + k.Name
	}
	return k.Kind.String() + "/" + k.Namespace + "/" + k.Name
}

// Ref names an object that may be of a kind tenantry does not watch.
type Ref struct {
	Kind      string
	Namespace string
	Name      string
}

// Key returns the key the reference means, and false when the kind is not
// always watched.
func (r Ref) Key() (Key, bool) {
	k, ok := KindNamed(r.Kind)
	return Key{Kind: k, Namespace: r.Namespace, Name: r.Name}, ok && !k.OnRequest()
}

// String returns Kind/namespace/name.
func (r Ref) String() string {
	if r.Namespace == "" {
		return r.Kind + "/" + r.Name
	}
	return r.Kind + "/" + r.Namespace + "/" + r.Name
}

// Unix is a time in whole seconds since the epoch, as Kubernetes stores
// times; 0 means unknown. It takes a third of a time.Time.
type Unix int64

// Pair is one label or annotation.
type Pair struct{ Name, Value string }

// Pairs are the labels or annotations kept of an object: few, so a slice is
// smaller than a map and as fast.
type Pairs []Pair

// Get returns the value of name, or "".
func (p Pairs) Get(name string) string {
	for i := range p {
		if p[i].Name == name {
			return p[i].Value
		}
	}
	return ""
}

// Has reports whether name is present, be its value empty.
func (p Pairs) Has(name string) bool {
	for i := range p {
		if p[i].Name == name {
			return true
		}
	}
	return false
}

// Condition is a status condition. Status is "True", "False" or "Unknown".
type Condition struct {
	Type, Status, Reason, Message string
	ObservedGeneration            int64
	LastTransition                Unix
}

// Object is one cluster object reduced to what tenantry shows and decides on.
// It is immutable once it has left the decoder: a change is a new Object.
type Object struct {
	Key
	UID             string
	ResourceVersion string
	Generation      int64
	// ObservedGeneration is status.observedGeneration; -1 where the status has
	// none (Flux CRDs default it to -1 too).
	ObservedGeneration int64
	Created            Unix
	Deleting           Unix // deletionTimestamp
	Finalizers         []string
	Labels             Pairs // only those KeepLabel accepts
	Annotations        Pairs // only those KeepAnnotation accepts
	Conditions         []Condition
	// SpecWriters says of a Flux object whose spec was seen to change who wrote
	// each field of it last, by the field's name in spec.
	SpecWriters map[string]Manager
	// Detail is one of the Detail types below, by kind; nil when the kind has
	// nothing more to say.
	Detail Detail
	// Undecodable says why the object could not be read; all else but Key is
	// then unreliable.
	Undecodable string
}

// Condition returns the condition of that type, or nil. Conditions are looked
// up by type, never by index (Flux orders them by severity).
func (o *Object) Condition(typ string) *Condition {
	for i := range o.Conditions {
		if o.Conditions[i].Type == typ {
			return &o.Conditions[i]
		}
	}
	return nil
}
