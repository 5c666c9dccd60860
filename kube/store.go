package kube

import (
	"hash/maphash"
	"sync"

	"tenantry/model"
)

// store is what one Reflector fills. It implements cache.ReflectorStore but
// holds no API objects: only a pointer to each compact one, which the model
// holds anyway, so that a list can tell what vanished and what did not change.
type store struct {
	feed *feed
	// onObject, when set, is told every object before the feed is.
	onObject func(*model.Object)
	// onListed is told that a list is complete.
	onListed func()
	// newest, when set, bounds how many objects are kept, and onFull is told
	// when the oldest begin to be left out.
	newest *newest
	onFull func()

	mu      sync.Mutex
	kind    model.Kind
	known   map[uint64]mark // by the hash of the name: half the size of names
	pass    uint32
	listing bool
	closed  bool
	last    string // the revision that was read last; "" before the first
	strange bool   // until the next list is complete, versions tell nothing
}

type objectName struct{ namespace, name string }

// mark is an object and the list it was last seen in.
type mark struct {
	object *model.Object
	pass   uint32
}

// hash is a name's place in a store. Two of a million names collide once in
// forty million clusters.
func (n objectName) hash() uint64 {
	var h maphash.Hash
	h.SetSeed(hashSeed)
	_, _ = h.WriteString(n.namespace)
	_ = h.WriteByte('/')
	_, _ = h.WriteString(n.name)
	return h.Sum64()
}

func newStore(kind model.Kind, f *feed) *store {
	return &store{kind: kind, feed: f, known: map[uint64]mark{}}
}

// item carries a compact object, or a bookmark, through client-go's Reflector.
// The API object it came from is already gone: that is why no cache.
// TransformFunc is needed.
type item struct {
	embeddedMeta
	object           *model.Object // nil for a bookmark
	resourceVersion  string
	initialEventsEnd bool
}

// begin starts a list: what is not seen before its end is gone.
func (s *store) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pass++
	s.listing = true
	if s.newest != nil {
		s.newest.begin()
	}
}

// put takes in an object that was listed or watched.
func (s *store) put(o *model.Object) {
	if s.onObject != nil {
		s.onObject(o) // without the lock: it opens scopes
	}
	if s.take(o) {
		s.onFull()
	}
}

// take puts an object and reports whether the oldest begin to be left out.
func (s *store) take(o *model.Object) (full bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed || o.Name == "":
		return false
	case s.newest != nil && s.listing:
		s.newest.collect(o)
		return false
	}
	s.keep(o)
	return s.newest != nil && s.trim()
}

// keep notes an object and hands it to the feed unless that version is known.
func (s *store) keep(o *model.Object) {
	name := objectName{o.Namespace, o.Name}.hash()
	old, exists := s.known[name]
	if exists && !s.strange && old.object.ResourceVersion == o.ResourceVersion && old.object.UID == o.UID && o.ResourceVersion != "" {
		s.known[name] = mark{old.object, s.pass}
		return
	}
	s.known[name] = mark{o, s.pass}
	if s.newest != nil {
		s.newest.add(o)
	}
	s.feed.put(o.Key, o)
}

// trim forgets the oldest of too many and reports whether that is new.
func (s *store) trim() bool {
	before := s.newest.dropped
	for o := s.newest.surplus(s.known); o != nil; o = s.newest.surplus(s.known) {
		s.forget(o)
	}
	s.newest.tidy(s.known)
	return s.newest.dropped && !before
}

// left returns how many objects are kept at most, if there were more; else 0.
func (s *store) left() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.newest == nil || !s.newest.dropped {
		return 0
	}
	return s.newest.limit
}

// drop notes that an object is gone.
func (s *store) drop(name objectName) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m, exists := s.known[name.hash()]; exists && !s.closed {
		s.forget(m.object)
	}
}

func (s *store) forget(o *model.Object) {
	delete(s.known, objectName{o.Namespace, o.Name}.hash())
	s.feed.put(o.Key, nil)
}

// clear deletes everything: the kind is absent or refused.
func (s *store) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.known {
		s.forget(m.object)
	}
	s.known, s.last = map[uint64]mark{}, ""
	if s.newest != nil {
		s.newest = &newest{limit: s.newest.limit}
	}
}

// close ends the store; late writers are ignored. Its objects are deleted,
// except those heir holds by now.
func (s *store) close(heir *store) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	s.closed = true
	for name, m := range s.known {
		if heir == nil || !heir.has(name) {
			s.forget(m.object)
		}
	}
	s.known = nil
}

func (s *store) has(name uint64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, exists := s.known[name]
	return exists
}

// names returns the names of cluster-scoped objects, in no order.
func (s *store) names() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]string, 0, len(s.known))
	for _, m := range s.known {
		out = append(out, m.object.Name)
	}
	return out
}

// Add implements cache.ReflectorStore.
func (s *store) Add(obj any) error {
	if it, ok := obj.(*item); ok && it.object != nil {
		s.put(it.object)
	}
	return nil
}

// Update implements cache.ReflectorStore.
func (s *store) Update(obj any) error { return s.Add(obj) }

// Delete implements cache.ReflectorStore.
func (s *store) Delete(obj any) error {
	if it, ok := obj.(*item); ok && it.object != nil {
		s.drop(objectName{it.object.Namespace, it.object.Name})
	}
	return nil
}

// Replace implements cache.ReflectorStore. After a list, whose objects were
// put as they arrived, items is empty; after a streaming list it has them all.
func (s *store) Replace(items []any, version string) error {
	s.mu.Lock()
	listing := s.listing
	s.mu.Unlock()
	if !listing {
		s.begin()
	}
	for _, it := range items {
		_ = s.Add(it)
	}
	s.mu.Lock()
	if s.newest != nil && !s.closed {
		for _, o := range s.newest.end() {
			s.keep(o)
		}
	}
	for _, m := range s.known {
		if m.pass != s.pass && !s.closed {
			s.forget(m.object)
		}
	}
	if s.newest != nil {
		s.newest.hold(s.known)
	}
	s.listing, s.strange, s.last = false, false, version
	s.mu.Unlock()
	if s.onListed != nil {
		s.onListed()
	}
	return nil
}

// UpdateResourceVersion implements cache.ResourceVersionUpdater.
func (s *store) UpdateResourceVersion(version string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.strange {
		s.last = version
	}
}

// version returns the revision that was read last; "" when none was.
func (s *store) version() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last
}

// since returns from which revision a list may be: any the server remembers,
// unless those are not to be trusted.
func (s *store) since(version string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.strange {
		return ""
	}
	return version
}

// distrust forgets the revision that was read last. Until the next list is
// complete, an object of a known version is not taken for the known one.
func (s *store) distrust() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last, s.strange = "", true
}

// Resync implements cache.ReflectorStore; there is nothing to resync.
func (s *store) Resync() error { return nil }

var hashSeed = maphash.MakeSeed()
