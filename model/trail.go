package model

// What is kept of rollouts while a session runs. The change log forgets by
// number, whoever is noisy; a page of rollouts needs the last few of each
// repository and workload, however busy the others are. All bounds together
// are about 9 MB, reached only when thousands of objects moved
// (TestTrailsOfADayAreBounded measures it); nothing is kept of what never
// moved.
const (
	fetchesEach, fetchesAll         = 12, 4096
	runsEach, runsAll               = 20, 8192
	generationsEach, generationsAll = 16, 8192
	maxSubjects                     = 2048
)

// trails are what was seen of commits on their way.
type trails struct {
	fetches     shelf[fetch]      // by source
	runs        shelf[run]        // by sync
	generations shelf[Generation] // by workload
	subjects    subjects
	authored    authored
	// unsettled are workloads whose change came before its sync's own news, by
	// sync: which commit it was is known with the sync's next state.
	unsettled map[Key][]Key
	// opening are syncs whose workloads may all be rolled out once their watch
	// had time to say otherwise, and when that is.
	opening map[Key]Unix
	// recalled is what earlier sessions wrote down, of whichever object had the
	// name.
	recalled shelf[Entry]
	// told is when what a sync ran before the session was live, as it was told of
	// it: with the next commit what that was read off is gone.
	told map[Key]toldLive
	// serial orders what was seen in the same second.
	serial uint64
	repos  *repoIndex // nil until somebody asks
	// blurred: the batch that is taken in may have left out whole runs; vague: it
	// may have left out whole fetches.
	blurred, vague bool
}

func newTrails() trails {
	return trails{
		fetches:     newShelf[fetch](fetchesEach, fetchesAll),
		runs:        newShelf[run](runsEach, runsAll),
		generations: newShelf[Generation](generationsEach, generationsAll),
		unsettled:   map[Key][]Key{}, opening: map[Key]Unix{}, told: map[Key]toldLive{},
		recalled: newShelf[Entry](recallEach, recallAll),
	}
}

// fetch is one revision a source got.
type fetch struct {
	revision string
	at       Moment
	serial   uint64
	version  uint64 // the resource version it was first seen in; 0 unknown
	direct   bool   // nothing was fetched between the one before it and this
}

// shelf keeps the newest records of each key: at most each of one, and all
// together.
type shelf[T any] struct {
	each, all, n int
	of           map[Key][]*kept[T] // oldest first
	order        []placed           // oldest first; may name records that are gone
	serial       uint64
}

type kept[T any] struct {
	serial uint64
	record T
}

type placed struct {
	key    Key
	serial uint64
}

func newShelf[T any](each, all int) shelf[T] {
	return shelf[T]{each: each, all: all, of: map[Key][]*kept[T]{}}
}

// add puts a record in and returns it where it stands.
func (h *shelf[T]) add(k Key, r T) *T {
	h.serial++
	rec := &kept[T]{h.serial, r}
	list := append(h.of[k], rec)
	h.n++
	if len(list) > h.each {
		list[0] = nil
		list = list[1:]
		h.n--
	}
	h.of[k] = list
	h.order = append(h.order, placed{k, h.serial})
	for h.n > h.all {
		h.dropOldest()
	}
	if len(h.order) > 2*h.all {
		h.compact()
	}
	return &rec.record
}

func (h *shelf[T]) dropOldest() {
	p := h.order[0]
	h.order = h.order[1:]
	if list := h.of[p.key]; len(list) > 0 && list[0].serial == p.serial {
		h.n--
		if len(list) == 1 {
			delete(h.of, p.key)
		} else {
			list[0] = nil
			h.of[p.key] = list[1:]
		}
	}
}

// compact leaves out of order what is gone.
func (h *shelf[T]) compact() {
	order := make([]placed, 0, h.n)
	for _, p := range h.order {
		if list := h.of[p.key]; len(list) > 0 && list[0].serial <= p.serial {
			order = append(order, p)
		}
	}
	h.order = order
}

// last returns the newest record of a key, or nil.
func (h *shelf[T]) last(k Key) *T {
	list := h.of[k]
	if len(list) == 0 {
		return nil
	}
	return &list[len(list)-1].record
}

// back calls f for the records of a key, newest first, until it returns false.
func (h *shelf[T]) back(k Key, f func(*T) bool) {
	list := h.of[k]
	for i := len(list) - 1; i >= 0 && f(&list[i].record); i-- {
	}
}

func (h *shelf[T]) forget(k Key) {
	h.n -= len(h.of[k])
	delete(h.of, k)
}

// follow takes in what one object's change says of a rollout. before is the
// old object's verdict.
func (s *Store) follow(old, new *Object, before Verdict, c *clock) {
	o := new
	if o == nil {
		o = old
	}
	role := o.Role()
	if role != RoleSource && role != RoleSync && role != RoleWorkload {
		return
	}
	if new == nil || old != nil && old.UID != new.UID {
		s.trails.fetches.forget(o.Key)
		s.trails.runs.forget(o.Key)
		s.trails.generations.forget(o.Key)
		delete(s.trails.opening, o.Key)
		delete(s.trails.told, o.Key)
		delete(s.trails.unsettled, o.Key)
		old = nil
	}
	if new != nil && new.Undecodable == "" {
		s.trails.serial++
		switch role {
		case RoleSource:
			s.followSource(old, new, c)
		case RoleSync:
			s.followSync(old, new, before, c)
		case RoleWorkload:
			s.followWorkload(old, new, c)
		}
	}
}

// followSource notes a new artifact.
func (s *Store) followSource(old, new *Object, c *clock) {
	d, ok := new.Detail.(*Source)
	if !ok {
		return
	}
	was := &Source{}
	if old != nil {
		if sd, ok := old.Detail.(*Source); ok {
			was = sd
		}
	}
	if was.Revision == d.Revision && was.Updated == d.Updated {
		return
	}
	t := &s.trails
	last := t.fetches.last(new.Key)
	if was.Revision != "" && last == nil {
		last = t.fetches.add(new.Key, fetch{revision: was.Revision, at: reconstructed(was.Updated, ProofArtifact)})
	}
	if d.Revision == "" || last != nil && last.revision == d.Revision {
		return // source-controller lost its storage, and fetches what it had
	}
	at := Moment{At: c.now, By: ProofSeen}
	switch {
	case old != nil && old.Undecodable != "" && last == nil:
		at = reconstructed(d.Updated, ProofArtifact) // whether it is new is not known
	case d.Updated != 0 && d.Updated != was.Updated:
		at = Moment{At: d.Updated, By: ProofArtifact}
	}
	t.fetches.add(new.Key, fetch{revision: d.Revision, at: at, serial: t.serial, version: versionOf(new), direct: was.Revision != "" && s.sawEach(new.Key)})
}

// reconstructed is a moment read off what was left behind.
func reconstructed(at Unix, by Proof) Moment {
	if at == 0 {
		return Moment{}
	}
	return Moment{At: at, By: by, Reconstructed: true}
}

// lastTransition dates a step by a condition's own time where this change
// moved it, and else by when it was seen.
func lastTransition(old, new *Object, typ string, c *clock) Moment {
	is := new.Condition(typ)
	if is != nil && is.LastTransition != 0 {
		if was := conditionOf(old, typ); was == nil || was.LastTransition != is.LastTransition {
			return Moment{At: is.LastTransition, By: ProofCondition}
		}
	}
	return Moment{At: c.now, By: ProofSeen}
}

func conditionOf(o *Object, typ string) *Condition {
	if o == nil {
		return nil
	}
	return o.Condition(typ)
}
