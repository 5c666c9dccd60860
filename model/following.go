package model

import (
	"fmt"
	"slices"
)

// Followed is something a person follows: a commit, or what a sync or a
// workload does next.
type Followed struct {
	Revision string // a commit, as it was written
	Key      Key    // a sync or a workload; the zero Key for a commit
}

// Notice is something worth ringing for: what is followed is live everywhere
// it should be, failed, or was overtaken.
type Notice struct {
	FollowState
}

// FollowState is how something followed stands.
type FollowState struct {
	Of       Followed
	State    WaitState // WaitRunning while something is on its way
	Revision string    // the commit it is about; "" while none
	// Live of Count syncs run it; for a workload, pods of the newest
	// generation that are available.
	Live, Count int
	// Text is a sentence, without the name of what is followed.
	Text string
	// Next: the commit was at its end when it began to be followed, so the next
	// one of its repository is followed instead, once there is one.
	Next  bool
	heads []newestHere
}

// Following follows several things at once. Step looks at the store after each
// batch and each tick.
type Following struct {
	items []*followItem // what was added first first
	by    map[Followed]*followItem
}

type followItem struct {
	FollowState
	waiting    *Waiting
	generation int64 // of a workload
	// rung is the state that was rung for, or that it was in from the start;
	// WaitRunning for none.
	rung WaitState
}

// Add begins to follow, and tells how it stands; following the same thing twice
// is following it once.
func (f *Following) Add(s *Store, of Followed) FollowState {
	if f.Has(of) {
		return f.by[of].FollowState
	}
	item := &followItem{FollowState: FollowState{Of: of}}
	if of.Key == (Key{}) {
		item.waiting = NewWaiting(WaitFor{Revision: of.Revision, Since: Unix(s.Now().Unix())})
		item.begin(s)
	} else {
		item.step(s)
		item.rung = item.State
	}
	f.items = append(f.items, item)
	if f.by == nil {
		f.by = map[Followed]*followItem{}
	}
	f.by[of] = item
	return item.FollowState
}

// Remove ends following.
func (f *Following) Remove(all ...Followed) {
	for _, of := range all {
		delete(f.by, of)
	}
	f.items = slices.DeleteFunc(f.items, func(i *followItem) bool { return f.by[i.Of] != i })
}

// Has reports whether something is followed.
func (f *Following) Has(of Followed) bool {
	return f.by[of] != nil
}

// States tells how everything followed stands, what was added first first.
func (f *Following) States() []FollowState {
	out := make([]FollowState, len(f.items))
	for i, item := range f.items {
		out[i] = item.FollowState
	}
	return out
}

// Step looks at the store and returns what there is to ring for.
func (f *Following) Step(s *Store) []Notice {
	var out []Notice
	for _, item := range f.items {
		if revision := item.next(s); revision != "" {
			f.goOn(s, item, revision)
		}
		item.step(s)
		if item.State != WaitRunning && item.State != item.rung {
			item.heads = s.headsOf(&item.FollowState)
			out = append(out, Notice{item.FollowState})
		}
		item.rung = item.State
	}
	f.Remove() // those that another one came to follow the same commit as
	return out
}

func (i *followItem) step(s *Store) {
	if i.Next {
		return
	}
	switch i.Of.Key.Kind.Role() {
	case RoleSync:
		i.stepSync(s)
	case RoleWorkload:
		i.stepWorkload(s)
	default:
		i.take(i.waiting.Step(s), s)
	}
}

// stepSync follows the commit its source has; a newer one takes over.
func (i *followItem) stepSync(s *Store) {
	o := s.Get(i.Of.Key)
	revision := ""
	if src := s.Get(sourceKeyOf(o)); src != nil {
		if d, ok := src.Detail.(*Source); ok {
			revision = d.Revision
		}
	}
	switch {
	case o == nil:
		i.State, i.Text = WaitFailed, "is gone"
		return
	case revision == "":
		i.State, i.Text = WaitRunning, "has nothing to apply yet"
		return
	case i.waiting == nil || !SameRevision(i.Revision, revision):
		i.rung = WaitRunning
		i.waiting = NewWaiting(WaitFor{Revision: revision, Sync: i.Of.Key, Since: Unix(s.Now().Unix())})
	case i.State == WaitFailed:
		// Its controller tries again: what failed may yet come up.
		i.waiting = NewWaiting(WaitFor{Revision: revision, Sync: i.Of.Key})
	}
	i.take(i.waiting.Step(s), s)
	i.Revision = revision
}

// take turns a step of waiting into how it stands.
func (i *followItem) take(r WaitReport, s *Store) {
	i.State, i.Live, i.Count = r.State, r.Live, r.Of
	if r.Revision != "" {
		i.Revision = r.Revision
	}
	short := ShortRevision(i.Revision)
	switch r.State {
	case WaitDone:
		i.Text = fmt.Sprintf("%s live in %d of %d%s", short, r.Live, r.Of, tookWords(r))
	case WaitRunning:
		if i.Text = fmt.Sprintf("%s live in %d of %d", short, r.Live, r.Of); r.Of == 0 {
			i.Text = "not seen yet"
		}
	default:
		i.Text = r.Cause
	}
}

// tookWords says how long it took from the first fetch to the last tenant.
func tookWords(r WaitReport) string {
	first, last := Unix(0), Unix(0)
	for k := range r.Targets {
		t := &r.Targets[k]
		if !t.Fetched.Known() || !t.LiveAt.Known() {
			return ""
		}
		if first == 0 || t.Fetched.At < first {
			first = t.Fetched.At
		}
		last = max(last, t.LiveAt.At)
	}
	if len(r.Targets) == 0 || last < first {
		return ""
	}
	return ", " + shortSpan(last-first) + " after the first fetch"
}

// stepWorkload follows a workload's newest generation.
func (i *followItem) stepWorkload(s *Store) {
	o := s.Get(i.Of.Key)
	if o == nil {
		i.State, i.Text = WaitFailed, "is gone"
		return
	}
	if i.generation != o.Generation {
		i.generation, i.rung = o.Generation, WaitRunning
		i.Revision = ""
	}
	if g := s.trails.generations.last(o.Key); g != nil && g.Number == o.Generation {
		i.Revision = g.Commit
	}
	r := RolloutOf(o)
	i.Live, i.Count = min(r.Available, r.Updated), r.Desired
	switch r.State {
	case RolloutDone:
		i.State, i.Text = WaitDone, fmt.Sprintf("generation %d rolled out", o.Generation)
		if g := s.trails.generations.last(o.Key); g != nil && g.Number == o.Generation && g.Took != UnknownTook {
			i.Text += " in " + shortSpan(Unix(g.Took))
		}
	case RolloutFailed:
		i.State, i.Text = WaitFailed, fmt.Sprintf("generation %d does not roll out: %s", o.Generation, r.Message)
	default:
		i.State, i.Text = WaitRunning, fmt.Sprintf("generation %d: %s", o.Generation, r.Message)
	}
}
