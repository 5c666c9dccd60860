package model

import (
	"cmp"
	"slices"
)

// derivation is one repository being told of.
type derivation struct {
	s       *Store
	clock   *clock
	syncs   []followed // by tenant, namespace, kind, name
	commits []*sighted // newest first
	known   map[string]*sighted
	listed  map[Key][]Generation
}

type followed struct {
	tenant       string
	object       *Object
	source       Key
	sourceObject *Object
	fetches      []fetch  // the source's, oldest first
	has          *sighted // what the source has; nil for nothing
}

// sighted is a revision and the first that is known of it.
type sighted struct {
	revision string
	fetched  Moment
	order    Unix
	serial   uint64
	back     Unix // fetched again then, after another: its way begins anew
	past     bool // another came since
	direct   bool // and the next of the list is the one that came
}

// newer orders commits, the newest first.
func newer(a, b *sighted) int {
	return cmp.Or(cmp.Compare(b.order, a.order), cmp.Compare(b.serial, a.serial))
}

// derivation knows every commit of a repository that anything here tells of.
func (s *Store) derivation(e *repoEntry) *derivation { return s.derivationFor(e, Key{}) }

// derivationFor is a derivation that tells of one sync only, or with the zero
// Key of all.
func (s *Store) derivationFor(e *repoEntry, only Key) *derivation {
	c := &derivation{s: s, clock: s.clock(), known: map[string]*sighted{}}
	known, steps := c.known, map[[2]*sighted]bool{}
	see := func(revision string) (*sighted, bool) {
		if revision == "" {
			return nil, false
		}
		key := revisionKey(revision)
		one, had := known[key]
		if !had {
			one = &sighted{revision: revision}
			known[key] = one
			c.commits = append(c.commits, one)
		}
		return one, !had
	}
	for _, source := range e.sources {
		o := s.Get(source)
		if o == nil {
			continue
		}
		seenHere := map[string]bool{}
		fetches := s.fetchesOf(o)
		var before *sighted
		for j, f := range fetches {
			one, _ := see(f.revision)
			if f.direct {
				steps[[2]*sighted{before, one}] = true
			}
			before = one
			back := seenHere[revisionKey(f.revision)] // fetched again after another
			seenHere[revisionKey(f.revision)] = true
			if f.at.Known() && (!one.fetched.Known() || back && f.at.At > one.fetched.At || !back && f.at.At < one.fetched.At) {
				one.fetched = f.at
			}
			if one.serial == 0 || back {
				one.serial = f.serial
			}
			if back {
				one.back = max(one.back, f.at.At)
			}
			if one.order = one.fetched.At; one.order == 0 && j+1 < len(fetches) {
				one.order = fetches[j+1].at.At - 1 // it is known only by what came then
			}
		}
		for _, k := range s.trails.repos.syncs[source] {
			if only != (Key{}) && k != only {
				continue
			}
			if sync := s.Get(k); sync != nil {
				c.syncs = append(c.syncs, followed{tenant: s.rowName(sync), object: sync, source: source, sourceObject: o, fetches: fetches})
			}
		}
	}
	slices.SortFunc(c.syncs, func(a, b followed) int {
		return cmp.Or(cmp.Compare(a.tenant, b.tenant), compareKeys(a.object.Key, b.object.Key))
	})
	for _, f := range c.syncs {
		if f.object.Kind == HelmRelease {
			continue // a release knows its chart's version, not the artifact
		}
		for _, h := range history(f.object) {
			if one, first := see(h.Revision); one != nil && !one.fetched.Known() && (first || h.First < one.order) {
				one.order = f.before(h.First)
			}
		}
		s.trails.runs.back(f.object.Key, func(r *run) bool {
			if one, first := see(r.revision); first {
				one.order, one.serial = f.before(cmp.Or(r.attempted.At, r.concluded.At)), r.serial
			}
			return true
		})
		c.s.recalls(f.object, ChangeApplied, func(e *Entry) bool {
			for back, revision := range []string{e.To, e.From} {
				if one, first := see(revision); first {
					one.order = f.before(e.At) - Unix(back)
				}
			}
			return true
		})
		// What it was at work on when it was first looked at.
		if one, first := see(s.workOf(f.object).revision); first {
			if ready := f.object.Condition("Ready"); ready != nil {
				one.order = f.before(ready.LastTransition)
			}
		}
	}
	slices.SortStableFunc(c.commits, newer)
	for i, one := range c.commits {
		one.past = i > 0
		one.direct = i > 0 && steps[[2]*sighted{one, c.commits[i-1]}]
	}
	for i := range c.syncs {
		if f := &c.syncs[i]; len(f.fetches) > 0 {
			f.has = known[revisionKey(f.fetches[len(f.fetches)-1].revision)]
		}
	}
	return c
}

// before dates a commit that only the sync tells of. Its source had it before
// what it has now, however late the sync came to an end with it: what
// status.history calls the first time is when the health checks were over.
func (f *followed) before(at Unix) Unix {
	if n := len(f.fetches); n > 0 && f.fetches[n-1].at.Known() {
		return min(at, f.fetches[n-1].at.At-1)
	}
	return at
}

// cut leaves the commits a chain tells of.
func (c *derivation) cut() {
	told := maxCommits
	if n := len(c.syncs); n > 0 {
		told = min(max(maxLines/n, 3), maxCommits)
	}
	c.commits = c.commits[:min(len(c.commits), told)]
}

// fetchesOf returns what a source fetched, oldest first.
func (s *Store) fetchesOf(o *Object) []fetch {
	var out []fetch
	for _, k := range s.trails.fetches.of[o.Key] {
		out = append(out, k.record)
	}
	if d, ok := o.Detail.(*Source); ok && d.Revision != "" && (len(out) == 0 || !SameRevision(out[len(out)-1].revision, d.Revision)) {
		out = append(out, fetch{revision: d.Revision, at: reconstructed(d.Updated, ProofArtifact)})
	}
	return s.withPast(o, out)
}
