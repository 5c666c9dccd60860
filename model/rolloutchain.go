package model

import "slices"

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
	h.Revision, h.Fetched, h.Of = newest.Revision, newest.Fetched, newest.Of
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
		if l.Outcome == OutcomeBlocked {
			h.Blocked++
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
