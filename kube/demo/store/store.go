// Package store keeps the embedded cluster's objects: versioned, in memory,
// with one revision counter for all resources and a bounded history of events
// per resource, as etcd and the API server's watch cache do together.
package store

import (
	"errors"
	"sort"
	"strconv"
	"strings"
	"sync"
)

// Errors a caller has to tell apart.
var (
	// ErrRaced is returned by Commit when the object is not the one the caller
	// started from any more.
	ErrRaced = errors.New("the object has been changed meanwhile")
	// ErrExpired is returned for a revision older than the kept history.
	ErrExpired = errors.New("too old revision")
	// ErrFuture is returned for a revision the store has not reached.
	ErrFuture = errors.New("revision is in the future")
)

// Key identifies an object within a resource; Namespace is empty for
// cluster-scoped ones.
type Key struct{ Namespace, Name string }

// path is the key as etcd would sort it: "ns/a-b" before "ns/a/…" matters for
// the order of lists and of pages.
func (k Key) path() string {
	if k.Namespace == "" {
		return k.Name
	}
	return k.Namespace + "/" + k.Name
}

// Path returns the key as namespace/name, the order lists have.
func (k Key) Path() string { return k.path() }

// Version is one state of an object. It never changes once committed, so it
// is shared freely; callers that edit must copy Content.
type Version struct {
	Key      Key
	Revision uint64
	Content  map[string]any
	cache    encodings
}

// EventType is what happened to an object.
type EventType uint8

// The event types.
const (
	Added EventType = iota + 1
	Modified
	Deleted
)

// Event is one committed change. Previous is nil for Added; for Deleted,
// Object is the last state with the revision of the deletion.
type Event struct {
	Type     EventType
	Resource string
	Revision uint64
	Object   *Version
	Previous *Version
}

// Store is safe for concurrent use.
type Store struct {
	mu        sync.Mutex
	revision  uint64
	limit     int
	tables    map[string]*table
	observers []func(Event)
}

type table struct {
	objects   map[Key]*Version
	sorted    []*Version // nil when out of date
	snapshot  []*Version // the last older state asked for, while it is paged through
	snapRev   uint64
	events    []Event
	compacted uint64 // events up to here are gone
	dropped   bool   // the definition is gone; only open watches still read
	changed   chan struct{}
}

// New returns an empty store that keeps at most history events per resource.
func New(history int) *Store {
	if history <= 0 {
		history = 2000
	}
	return &Store{limit: history, revision: 1, tables: map[string]*table{}}
}

func (s *Store) table(resource string) *table {
	t := s.tables[resource]
	if t == nil || t.dropped {
		t = &table{objects: map[Key]*Version{}, compacted: s.revision, changed: make(chan struct{})}
		s.tables[resource] = t
	}
	return t
}

// Observe registers f for every commit, in order. f runs with the store
// locked: it may note what happened and must not call the store.
func (s *Store) Observe(f func(Event)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.observers = append(s.observers, f)
}

// Revision returns the newest revision.
func (s *Store) Revision() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.revision
}

// Get returns the newest version of an object, or nil.
func (s *Store) Get(resource string, key Key) *Version {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.tables[resource]; t != nil && !t.dropped {
		return t.objects[key]
	}
	return nil
}

// Commit replaces previous (nil: there must be no such object) by content
// (nil: the object is removed) and returns the new version; for a removal,
// the last state carrying the removal's revision. Content belongs to the
// store afterwards.
func (s *Store) Commit(resource string, key Key, previous *Version, content map[string]any) (*Version, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.table(resource)
	if t.objects[key] != previous {
		return nil, ErrRaced
	}
	if content == nil && previous == nil {
		return nil, ErrRaced
	}
	s.revision++
	event := Event{Type: Modified, Resource: resource, Revision: s.revision, Previous: previous}
	switch {
	case content == nil:
		event.Type = Deleted
		content = shallowWithMeta(previous.Content)
	case previous == nil:
		event.Type = Added
	}
	setRevision(content, s.revision)
	v := &Version{Key: key, Revision: s.revision, Content: content}
	event.Object = v
	switch event.Type {
	case Deleted:
		delete(t.objects, key)
		t.sorted = nil
	case Added:
		t.objects[key] = v
		t.sorted = nil
	default:
		t.objects[key] = v
		if i, ok := t.find(key); ok {
			// Lists already handed out must not change under their reader.
			sorted := make([]*Version, len(t.sorted))
			copy(sorted, t.sorted)
			sorted[i] = v
			t.sorted = sorted
		}
	}
	t.record(event, s.limit)
	for _, f := range s.observers {
		f(event)
	}
	return v, nil
}

func (t *table) record(e Event, limit int) {
	t.events = append(t.events, e)
	if len(t.events) > limit+limit/2 {
		drop := len(t.events) - limit
		t.compacted = t.events[drop-1].Revision
		t.events = append([]Event(nil), t.events[drop:]...)
	}
	close(t.changed)
	t.changed = make(chan struct{})
}

func (t *table) find(key Key) (int, bool) {
	if t.sorted == nil {
		return 0, false
	}
	p := key.path()
	i := sort.Search(len(t.sorted), func(i int) bool { return t.sorted[i].Key.path() >= p })
	return i, i < len(t.sorted) && t.sorted[i].Key == key
}

func (t *table) list() []*Version {
	if t.sorted == nil {
		t.sorted = sortVersions(t.objects)
	}
	return t.sorted
}

func sortVersions(objects map[Key]*Version) []*Version {
	type entry struct {
		path string
		v    *Version
	}
	entries := make([]entry, 0, len(objects))
	for k, v := range objects {
		entries = append(entries, entry{k.path(), v})
	}
	sort.Slice(entries, func(i, j int) bool { return entries[i].path < entries[j].path })
	out := make([]*Version, len(entries))
	for i := range entries {
		out[i] = entries[i].v
	}
	return out
}

// inNamespace narrows a sorted list to one namespace; "" is all.
func inNamespace(sorted []*Version, namespace string) []*Version {
	if namespace == "" {
		return sorted
	}
	prefix := namespace + "/"
	from := sort.Search(len(sorted), func(i int) bool { return sorted[i].Key.path() >= prefix })
	to := from + sort.Search(len(sorted)-from, func(i int) bool {
		return !strings.HasPrefix(sorted[from+i].Key.path(), prefix)
	})
	return sorted[from:to]
}

// setRevision writes metadata.resourceVersion; content and its metadata must
// not be shared with another version.
func setRevision(content map[string]any, revision uint64) {
	meta, _ := content["metadata"].(map[string]any)
	if meta == nil {
		meta = map[string]any{}
		content["metadata"] = meta
	}
	meta["resourceVersion"] = strconv.FormatUint(revision, 10)
}

// shallowWithMeta copies what setRevision writes to.
func shallowWithMeta(content map[string]any) map[string]any {
	out := make(map[string]any, len(content))
	for k, v := range content {
		out[k] = v
	}
	meta, _ := content["metadata"].(map[string]any)
	copied := make(map[string]any, len(meta)+1)
	for k, v := range meta {
		copied[k] = v
	}
	out["metadata"] = copied
	return out
}
