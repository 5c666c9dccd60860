package model

import (
	"cmp"
	"slices"
)

// maxCommits is how many commits of a repository are told of; fewer, but
// three, where that would be more than maxLines lines.
const maxCommits, maxLines = 12, 3000

// Rollouts returns every repository that some sync follows, in one line each,
// by address and reference. The slice is the store's own: read it, don't keep
// it. Only repositories that something happened to are looked at again.
func (s *Store) Rollouts() []*Head {
	ix := s.rolloutIndex()
	if ix.heads == nil {
		ix.heads = []*Head{}
		for _, e := range ix.entries() {
			e.place = -1
			if s.followed(e) {
				e.place = len(ix.heads)
				ix.heads = append(ix.heads, s.headOf(e))
			}
		}
	} else {
		for _, e := range ix.stale {
			if e.place >= 0 {
				ix.heads[e.place] = s.headOf(e)
			}
		}
	}
	clear(ix.stale)
	ix.stale = ix.stale[:0]
	return ix.heads
}

// followed reports whether some sync follows the repository.
func (s *Store) followed(e *repoEntry) bool {
	return slices.ContainsFunc(e.sources, func(k Key) bool { return len(s.trails.repos.syncs[k]) > 0 })
}

// usedOf are the sources of a repository that some sync follows: that another
// can't fetch keeps no commit.
func (s *Store) usedOf(e *repoEntry) []Key {
	var out []Key
	for _, k := range e.sources {
		if len(s.trails.repos.syncs[k]) > 0 {
			out = append(out, k)
		}
	}
	return out
}

func (s *Store) headOf(e *repoEntry) *Head {
	if e.head == nil {
		c := s.derivation(e)
		chain := &Chain{Head: Head{Repo: e.repo}}
		if len(c.commits) > 0 {
			c.commits = c.commits[:1]
			chain.Commits = []Commit{{}}
			c.fill(chain.Commits, &e.heads, false)
		}
		e.head = chain.summarize(c)
		e.due = c.clock.due
		s.noteDue(e.due)
	}
	return e.head
}

// Chain returns a repository's commits and their way; nil when nothing follows
// it. It is the store's own and is replaced, never changed.
func (s *Store) Chain(repo Repo) *Chain {
	ix := s.rolloutIndex()
	e := ix.repos[repo]
	if e == nil || !s.followed(e) {
		return nil
	}
	if e.chain == nil {
		c := s.derivation(e)
		c.cut()
		chain := &Chain{Head: Head{Repo: e.repo}, Sources: slices.Clone(e.sources), Commits: make([]Commit, len(c.commits))}
		c.fill(chain.Commits, &e.lines, true)
		chain.Head = *chain.summarize(c)
		chain.Usual = usualOf(chain.Commits[min(1, len(chain.Commits)):])
		chain.Asked = s.askedOf(s.usedOf(e), c.clock)
		e.chain = chain
		if e.due == 0 || c.clock.due != 0 && c.clock.due < e.due {
			e.due = c.clock.due
		}
		s.noteDue(e.due)
	}
	ix.keep(e)
	return e.chain
}

// keep lets only the chains asked for last stay derived.
func (ix *repoIndex) keep(e *repoEntry) {
	if i := slices.Index(ix.chains, e); i >= 0 {
		ix.chains = slices.Delete(ix.chains, i, i+1)
	} else if len(ix.chains) == maxChains {
		ix.chains[0].chain, ix.chains[0].lines = nil, lineCache{}
		ix.chains = slices.Delete(ix.chains, 0, 1)
	}
	ix.chains = append(ix.chains, e)
}

// RepoOf returns the repository a source fetches or a sync follows, or that a
// workload's sync does; the zero Repo for none.
func (s *Store) RepoOf(k Key) Repo {
	ix := s.rolloutIndex()
	switch k.Kind.Role() {
	case RoleWorkload:
		if o := s.Get(k); o != nil {
			k = ix.sourceOf[ownerKey(o)]
		}
	case RoleSync:
		k = ix.sourceOf[k]
	}
	if e := ix.ofSource[k]; e != nil {
		return e.repo
	}
	return Repo{}
}

// summarize fills in the head from the newest commit.
func (ch *Chain) summarize(c *derivation) *Head {
	h := ch.Head
	rows := map[string]bool{}
	for _, l := range c.syncs {
		rows[l.tenant] = true
	}
	h.Tenants = len(rows)
	h.Failing = c.failing()
	if len(ch.Commits) == 0 {
		return &h
	}
	newest := &ch.Commits[0]
	h.Revision, h.Subject, h.Fetched, h.Of = newest.Revision, newest.Subject, newest.Fetched, newest.Of
	for i := range newest.Lines {
		l := &newest.Lines[i]
		if l.Live && l.Outcome != OutcomeSuspended {
			h.Live++
			if l.LiveAt.At > h.LiveAt.At {
				h.LiveAt = l.LiveAt
			}
		}
		if l.Held {
			h.Held++
		}
		if !l.Live && l.LiveAt.Known() && l.Newer == "" && l.Reason == "" {
			h.Stirring++
		}
		h.Moving = h.Moving || l.Moving()
		h.Stuck = h.Stuck || l.Outcome.Bad() || l.Reason != "" && (l.Outcome == OutcomeApplied || l.Outcome == OutcomeUnchanged)
	}
	if h.Live < h.Of {
		h.LiveAt = Moment{}
	}
	return &h
}

// failing reports whether no source that should fetch can.
func (c *derivation) failing() bool {
	failing := false
	for i := range c.syncs {
		o := c.syncs[i].sourceObject
		if i > 0 && o == c.syncs[i-1].sourceObject || o.IsSuspended() {
			continue
		}
		if failing = c.s.verdictAt(o, c.clock, 0).Health.Unhealthy(); !failing {
			return false
		}
	}
	return failing
}

// Moving reports whether the line is on its way by itself. That pods come and go
// after it was live is no way any more.
func (l *Line) Moving() bool {
	switch l.Outcome {
	case OutcomeApplying:
		return true
	case OutcomeWaiting:
		return l.Fetched.Known()
	case OutcomeApplied, OutcomeUnchanged:
		return !l.Live && l.Reason == "" && !l.LiveAt.Known()
	}
	return false
}

// derivation is one repository being told of.
type derivation struct {
	s       *Store
	clock   *clock
	syncs   []followed // by tenant, namespace, kind, name
	commits []*sighted // newest first
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
	c := &derivation{s: s, clock: s.clock()}
	known := map[string]*sighted{}
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
		for _, f := range fetches {
			one, _ := see(f.revision)
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
			one.order = one.fetched.At
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
	}
	for i := range c.syncs {
		if f := &c.syncs[i]; len(f.fetches) > 0 {
			f.has = known[revisionKey(f.fetches[len(f.fetches)-1].revision)]
		}
	}
	return c
}

// skipped is the commit that a sync's source has instead of one that it never
// fetched and that came before it; "" when that may still come.
func (f *followed) skipped(one *sighted) string {
	if f.has == nil || newer(f.has, one) >= 0 {
		return ""
	}
	return f.has.revision
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
	return append(s.toldFetches(o.Key, out), out...)
}
