package model

import (
	"slices"
	"sort"
	"strings"
	"time"
)

// Store holds the last known state of one cluster. It is owned by one
// goroutine (the event loop): nothing in it is locked. Tenants and the
// platform are derived when they are asked for, and only for what changed.
type Store struct {
	local     func() time.Time
	conn      Connection
	scopes    []ScopeStatus // sorted by kind, namespace
	spaces    map[string]*space
	rows      map[string]*row
	memory    map[Key]*failure
	crossed   map[string]map[Key]bool // sync namespace → workloads it owns in other namespaces
	homes     homes                   // the namespaces Flux itself lives in
	hosts     hosts                   // from where sources fetch well
	atWork    map[Key]Health          // controllers as they were heeded last, to notice that they turned
	heeding   bool                    // something of them changed since
	log       *Log
	revision  uint64
	names     []string  // rows' names but the platform's, sorted; nil when one came or went
	sorted    []*Tenant // Tenants' answer; nil when a row came, went or is to be rebuilt
	platform  *Platform
	due       Unix // when time alone may change something; 0 = never
	complete  bool
	listening listening
	// What is read on request only.
	requested requested
	// What was seen of commits on their way.
	trails trails
	// What was refused outside of a tenant's namespaces.
	escapes shelf[Escape]
}

// space is what the store knows of one namespace; cluster-scoped objects are
// in the space "".
type space struct {
	name    string
	objects []*Object // sorted by kind, name
	row     string
}

// NewStore returns an empty store. now is the local clock; the server's is
// kept as an offset from it.
func NewStore(now func() time.Time) *Store {
	return &Store{
		local:   now,
		spaces:  map[string]*space{},
		rows:    map[string]*row{},
		memory:  map[Key]*failure{},
		crossed: map[string]map[Key]bool{},
		homes:   newHomes(),
		hosts:   newHosts(),
		log:     newLog(defaultLogSize),

		requested: newRequested(), trails: newTrails(), escapes: newShelf[Escape](escapesEach, escapesAll),
	}
}

// Now returns the server's time: ages, overdue and lease freshness use it.
func (s *Store) Now() time.Time {
	return s.local().Add(time.Duration(s.conn.ClockOffsetMS) * time.Millisecond)
}

func (s *Store) clock() *clock { return &clock{now: Unix(s.Now().Unix())} }

// Revision grows with every change a screen could show.
func (s *Store) Revision() uint64 { return s.revision }

// Connection returns the last known state of the connection.
func (s *Store) Connection() Connection { return s.conn }

// Log returns the change log.
func (s *Store) Log() *Log { return s.log }

// Get returns the object, or nil.
func (s *Store) Get(k Key) *Object {
	sp := s.spacesOf(k.Kind)[k.Namespace]
	if sp == nil {
		return nil
	}
	if i, ok := sp.find(k.Kind, k.Name); ok {
		return sp.objects[i]
	}
	return nil
}

// Verdict judges the object at the store's present moment.
func (s *Store) Verdict(k Key) Verdict {
	c := s.clock()
	v := s.verdictAt(s.Get(k), c, 0)
	s.noteDue(c.due)
	return v
}

// Rollout returns the workload's rollout; the zero value for anything else.
func (s *Store) Rollout(k Key) Rollout { return RolloutOf(s.Get(k)) }

// ObjectsIn calls f for the objects of a kind in a namespace, by name; an
// empty namespace means cluster-scoped objects.
func (s *Store) ObjectsIn(namespace string, kind Kind, f func(*Object) bool) {
	if sp := s.spacesOf(kind)[namespace]; sp != nil {
		i, _ := sp.find(kind, "")
		for ; i < len(sp.objects) && sp.objects[i].Kind == kind; i++ {
			if !f(sp.objects[i]) {
				return
			}
		}
	}
}

// Objects returns every object of a kind, sorted by namespace and name.
func (s *Store) Objects(kind Kind) []*Object {
	var out []*Object
	for ns := range s.spacesOf(kind) {
		s.ObjectsIn(ns, kind, func(o *Object) bool { out = append(out, o); return true })
	}
	sort.Slice(out, func(i, j int) bool { return keyLess(out[i].Key, out[j].Key) })
	return out
}

// spacesOf returns where the objects of a kind are kept.
func (s *Store) spacesOf(k Kind) map[string]*space {
	if k.OnRequest() {
		return s.requested.spaces
	}
	return s.spaces
}

func keyLess(a, b Key) bool { return compareKeys(a, b) < 0 }

// compareKeys orders by namespace, kind, name: the order of every list shown
// or printed.
func compareKeys(a, b Key) int {
	if c := strings.Compare(a.Namespace, b.Namespace); c != 0 {
		return c
	}
	if a.Kind != b.Kind {
		return strings.Compare(a.Kind.String(), b.Kind.String())
	}
	return strings.Compare(a.Name, b.Name)
}

func (sp *space) find(kind Kind, name string) (int, bool) {
	return slices.BinarySearchFunc(sp.objects, Key{Kind: kind, Name: name}, func(o *Object, k Key) int {
		if o.Kind != k.Kind {
			return int(o.Kind) - int(k.Kind)
		}
		return strings.Compare(o.Name, k.Name)
	})
}

func (s *Store) space(ns string) *space {
	sp := s.spaces[ns]
	if sp == nil {
		sp = &space{name: ns}
		s.spaces[ns] = sp
	}
	return sp
}

// noteDue remembers the earliest moment at which time alone changes something.
func (s *Store) noteDue(at Unix) {
	if at != 0 && (s.due == 0 || at < s.due) {
		s.due = at
	}
}

// Tick re-derives what time alone changes (stuck, unobserved, overdue, stale
// leases) and reports whether something may have changed.
func (s *Store) Tick() bool {
	now := Unix(s.Now().Unix())
	if s.due == 0 || now < s.due {
		return false
	}
	s.due = 0
	for _, r := range s.rows {
		if r.due != 0 && r.due <= now {
			s.markRow(r)
		} else {
			s.noteDue(r.due)
		}
	}
	s.platform = nil
	s.heed(s.clock())
	s.reopen(now)
	s.dirtyByTime(now)
	s.revision++
	return true
}
