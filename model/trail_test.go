package model

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"
)

// dayLimit is what all trails together may take after any number of changes.
const dayLimit = 12 << 20

// town is many tenants, each with a repository, a sync and a workload.
type town struct {
	*world
	n       int
	version int
	at      []int // commits so far
}

func newTown(tb testing.TB, n int) *town {
	h := &town{n: n, at: make([]int, n)}
	h.world = &world{now: t0}
	h.Store = NewStore(func() time.Time { return h.now })
	var b Batch
	for _, k := range Kinds() {
		b.Scopes = append(b.Scopes, ScopeStatus{Kind: k, State: ScopeSynced})
	}
	for i := range n {
		for _, o := range h.objects(i, 0, true) {
			b.Changes = append(b.Changes, ObjectChange{o.Key, o})
		}
	}
	h.Apply(b)
	return h
}

// objects are a tenant's at a commit: fetched, applied and, when done, rolled
// out.
func (h *town) objects(i, n int, done bool) []*Object {
	ns := fmt.Sprintf("t%05d", i)
	now := Unix(h.now.Unix())
	src := git(ns, "app", revision(n))
	sd := src.Detail.(*Source)
	sd.URL, sd.Ref, sd.Updated = "https://git.example/acme/"+ns, "branch main", now
	ks := kust(ns, "app", "app")
	d := sync(ks)
	d.Applied, d.Attempted, d.Inventory = revision(n), revision(n), ns+"_app_apps_Deployment"
	ks.Conditions[0].LastTransition = now
	updated := int32(2)
	if !done {
		updated = 1
	}
	w := labelled(deploy(ns, "app", int64(n+1), int64(n+1), 2, updated, 2, 2), LabelKustomizationName, "app", LabelKustomizationNS, ns)
	wd := w.Detail.(*Workload)
	wd.Containers = []Container{{Name: "app", Image: fmt.Sprintf("reg/app:%d", n)}}
	wd.Revision = int64(n + 1)
	wd.Managers = []Manager{{Name: "kustomize-controller", Operation: "Apply", Time: now}}
	out := []*Object{src, ks, w}
	for _, o := range out {
		h.version++
		o.ResourceVersion = fmt.Sprint(h.version)
	}
	return out
}

// push takes one tenant's next commit all the way; four changes.
func (h *town) push(i int) {
	h.at[i]++
	list := h.objects(i, h.at[i], false)
	h.put(list[0])
	h.put(list[1])
	h.put(list[2])
	h.put(h.objects(i, h.at[i], true)[2])
}

// size is what the heap holds of the trails alone, which it throws away.
func (h *town) size() int64 {
	heap := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	with := heap()
	h.trails = newTrails()
	without := heap()
	runtime.KeepAlive(h)
	return with - without
}

// A day at one change a second stays within the limit; so does any longer
// time.
func TestTrailsOfADayAreBounded(t *testing.T) {
	const n = 5000
	h := newTown(t, n)
	r := rand.New(rand.NewPCG(1, 2))
	for range 86_400 / 4 {
		h.pass(4 * time.Second)
		h.push(r.IntN(n))
	}
	if m := &h.trails; m.fetches.n > fetchesAll || m.runs.n > runsAll || m.generations.n > generationsAll ||
		len(m.generations.order) > 2*generationsAll || len(m.opening) > n || len(m.unsettled) > n {
		t.Errorf("bounds: %d %d %d", m.fetches.n, m.runs.n, m.generations.n)
	}
	fetches, runs, generations := h.trails.fetches.n, h.trails.runs.n, h.trails.generations.n
	got := h.size()
	t.Logf("%d kB in %d fetches, %d runs, %d generations", got>>10, fetches, runs, generations)
	if got > dayLimit {
		t.Errorf("the trails of a day take %d kB, limit %d", got>>10, dayLimit>>10)
	}
}

// Heartbeats, which every sync has, are no news and leave nothing behind.
func TestHeartbeatsLeaveNoTrail(t *testing.T) {
	h := newTown(t, 3)
	for range 100 {
		h.pass(time.Minute)
		for i := range h.n {
			ks := h.objects(i, 0, true)[1]
			ks.Conditions = []Condition{cond("Reconciling", "True", "Progressing", "Fetching manifests for revision "+revision(0)+" with a timeout of 30s"),
				cond("Ready", "Unknown", "Progressing", "Reconciliation in progress")}
			ks.Conditions[0].LastTransition, ks.Conditions[1].LastTransition = Unix(h.now.Unix()), Unix(h.now.Unix())
			h.put(ks)
			h.put(h.objects(i, 0, true)[1])
		}
	}
	if h.trails.runs.n+h.trails.fetches.n+h.trails.generations.n+len(h.trails.unsettled)+len(h.trails.opening) != 0 {
		t.Errorf("%d runs, %d fetches, %d generations", h.trails.runs.n, h.trails.fetches.n, h.trails.generations.n)
	}
}

// 200 pushes across 20 tenants in a minute, each kind on a connection that
// lags as it likes and leaves states out: the end is right.
func TestManyPushesEndRight(t *testing.T) {
	all, untold := 0, 0
	for seed := range uint64(40) {
		h := newTown(t, 20)
		h.Rollouts() // the index is kept up from here on
		r := rand.New(rand.NewPCG(seed, 7))
		type news struct {
			at     time.Time
			object *Object
		}
		var queues [3][]news // as on the server, by kind
		busy := make([]time.Time, h.n)
		past := make([][]HistoryEntry, h.n)
		began := h.now
		for n := range 200 {
			i := r.IntN(h.n)
			h.now = began.Add(time.Duration(n) * 300 * time.Millisecond)
			if busy[i].After(h.now) {
				h.now = busy[i] // one run after the other
			}
			h.at[i]++
			list := h.objects(i, h.at[i], true)
			running := *list[1]
			d := *sync(&running)
			d.Applied, d.Attempted = revision(h.at[i]-1), revision(h.at[i]-1)
			d.History = slices.Clone(past[i])
			running.Detail = &d
			running.Conditions = []Condition{{Type: "Reconciling", Status: "True", Reason: "Progressing", LastTransition: Unix(h.now.Unix()), ObservedGeneration: 1,
				Message: "Fetching manifests for revision " + revision(h.at[i]) + " with a timeout of 30s"},
				{Type: "Ready", Status: "Unknown", Reason: "Progressing", LastTransition: Unix(h.now.Unix()), ObservedGeneration: 1}}
			queues[0] = append(queues[0], news{h.now, list[0]})
			queues[1] = append(queues[1], news{h.now, &running})
			h.pass(200 * time.Millisecond)
			queues[2] = append(queues[2], news{h.now, list[2]})
			h.pass(100 * time.Millisecond)
			done := h.objects(i, h.at[i], true)[1]
			past[i] = slices.Insert(past[i], 0, HistoryEntry{Revision: revision(h.at[i]), Status: "ReconciliationSucceeded",
				First: Unix(h.now.Unix()), Last: Unix(h.now.Unix()), Total: 1})
			past[i] = past[i][:min(len(past[i]), 5)] // as Flux keeps
			sync(done).History = slices.Clone(past[i])
			queues[1] = append(queues[1], news{h.now, done})
			busy[i] = h.now
		}
		for left := 600 + 200; left > 0; left-- {
			// The next that any connection may bring: none is more than half a
			// second behind the furthest.
			first := -1
			for q := range queues {
				if len(queues[q]) > 0 && (first < 0 || queues[q][0].at.Before(queues[first][0].at)) {
					first = q
				}
			}
			q := r.IntN(len(queues))
			if len(queues[q]) == 0 || queues[q][0].at.Sub(queues[first][0].at) > 500*time.Millisecond {
				q = first
			}
			next := queues[q][0]
			queues[q] = queues[q][1:]
			h.now = next.at
			skip := false // the feed keeps only the last state of a key
			if r.IntN(2) == 0 {
				for _, later := range queues[q] {
					skip = skip || later.object.Key == next.object.Key && later.at.Sub(next.at) < 100*time.Millisecond
				}
			}
			if !skip {
				h.put(next.object)
				h.noneWrong(t, next.object.Namespace)
			}
		}
		h.pass(time.Minute)
		h.Tick()
		for i := range h.n {
			ns := fmt.Sprintf("t%05d", i)
			ch := h.Chain(h.RepoOf(Key{Kustomization, ns, "app"}))
			g := h.Generations(Key{Deployment, ns, "app"})[0]
			want := revision(h.at[i])
			if ch.Revision != want || ch.Live != 1 || ch.Of != 1 || ch.Moving || g.Number != int64(h.at[i]+1) {
				t.Errorf("seed %d %s: %+v, generation %d, want %s and %d", seed, ns, ch.Head, g.Number, want, h.at[i]+1)
			}
			if h.at[i] > 0 && g.Commit != want {
				t.Errorf("seed %d %s: generation %d is said to be of %s, want %s", seed, ns, g.Number, g.Commit, want)
			}
			for _, c := range ch.Commits { // the server applied every one of them
				if l := &c.Lines[0]; l.Outcome != OutcomeApplied {
					t.Errorf("seed %d %s: %s is said to be %s", seed, ns, ShortRevision(c.Revision), l.Outcome)
				}
			}
			h.noneWrong(t, ns)
			for _, g := range h.Generations(Key{Deployment, ns, "app"}) {
				if g.Reconstructed {
					continue
				}
				if all++; g.Commit == "" || g.AtOrBefore {
					untold++
				}
			}
		}
	}
	if untold > 0 {
		t.Errorf("of %d generations %d are said to be of one of several commits, or of none known", all, untold)
	}
}

// noneWrong checks that no generation is said to be of another commit than the
// server made it of: its number tells which that was.
func (h *town) noneWrong(t *testing.T, ns string) {
	t.Helper()
	for _, g := range h.Generations(Key{Deployment, ns, "app"}) {
		made := revision(int(g.Number) - 1)
		switch {
		case g.Reconstructed:
		case g.Drift || g.UndidDrift || g.Rollback:
			t.Errorf("%s: generation %d is said to be drift", ns, g.Number)
		case g.AtOrBefore && g.Commit < made:
			t.Errorf("%s: generation %d is said to be of %s or before, it is of %s", ns, g.Number, g.Commit, made)
		case g.Commit != "" && !g.AtOrBefore && g.Commit != made:
			t.Errorf("%s: generation %d is said to be of %s, it is of %s", ns, g.Number, g.Commit, made)
		}
	}
}
