package kube

import (
	"hash/maphash"
	"strconv"
	"sync"

	"tenantry/model"
)

// store is what one Reflector fills. It implements cache.ReflectorStore but
// holds no objects: only which ones exist and in which version, so that a
// list can tell what vanished and what did not change.
type store struct {
	feed *feed
	// onObject, when set, is told every object before the feed is.
	onObject func(*model.Object)
	// onListed is told that a list is complete.
	onListed func()

	mu      sync.Mutex
	kind    model.Kind
	known   map[objectName]mark
	pass    uint32
	listing bool
	closed  bool
}

type objectName struct{ namespace, name string }

// mark is an object's version and the list it was last seen in. 32 bits of the
// resourceVersion are enough to tell a change from none.
type mark struct{ version, pass uint32 }

func newStore(kind model.Kind, f *feed) *store {
	return &store{kind: kind, feed: f, known: map[objectName]mark{}}
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
}

// put notes an object and hands it to the feed unless that version is known.
func (s *store) put(o *model.Object) {
	if s.onObject != nil {
		s.onObject(o) // without the lock: it opens scopes
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || o.Name == "" {
		return
	}
	name := objectName{o.Namespace, o.Name}
	version := shortVersion(o.UID, o.ResourceVersion)
	old, exists := s.known[name]
	s.known[name] = mark{version, s.pass}
	if exists && old.version == version && o.ResourceVersion != "" {
		return
	}
	s.feed.put(o.Key, o)
}

// drop notes that an object is gone.
func (s *store) drop(name objectName) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, exists := s.known[name]; exists && !s.closed {
		s.forget(name)
	}
}

func (s *store) forget(name objectName) {
	delete(s.known, name)
	s.feed.put(model.Key{Kind: s.kind, Namespace: name.namespace, Name: name.name}, nil)
}

// clear deletes everything: the kind is absent or refused.
func (s *store) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name := range s.known {
		s.forget(name)
	}
	s.known = map[objectName]mark{}
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
	for name := range s.known {
		if heir == nil || !heir.has(name) {
			s.forget(name)
		}
	}
	s.known = nil
}

func (s *store) has(name objectName) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, exists := s.known[name]
	return exists
}

// names returns up to limit names of cluster-scoped objects, and how many
// there are.
func (s *store) names() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]string, 0, len(s.known))
	for name := range s.known {
		out = append(out, name.name)
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
func (s *store) Replace(items []any, _ string) error {
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
	for name, m := range s.known {
		if m.pass != s.pass && !s.closed {
			s.forget(name)
		}
	}
	s.listing = false
	s.mu.Unlock()
	if s.onListed != nil {
		s.onListed()
	}
	return nil
}

// Resync implements cache.ReflectorStore; there is nothing to resync.
func (s *store) Resync() error { return nil }

var versionSeed = maphash.MakeSeed()

// shortVersion condenses uid and resourceVersion. A recreated object never
// has the resourceVersion of the one before, so a number is enough.
func shortVersion(uid, resourceVersion string) uint32 {
	if n, err := strconv.ParseUint(resourceVersion, 10, 64); err == nil {
		return uint32(n)
	}
	return uint32(maphash.String(versionSeed, uid+"/"+resourceVersion))
}
