package model

import "slices"

// cachedFrom is from how many syncs on the lines of those that nothing
// happened to are kept: a repository that a thousand tenants follow is not
// told anew for each of them.
const cachedFrom = 32

// lineCache holds each sync's lines, one per commit.
type lineCache struct {
	commits []sighted
	of      map[Key][]Line
}

func (l *lineCache) drop(sync Key) { delete(l.of, sync) }

// fresh empties the cache when the commits are other ones.
func (l *lineCache) fresh(commits []*sighted) {
	if l.of != nil && slices.EqualFunc(l.commits, commits, func(a sighted, b *sighted) bool { return a == *b }) {
		return
	}
	l.of, l.commits = map[Key][]Line{}, nil
	for _, one := range commits {
		l.commits = append(l.commits, *one)
	}
}

// fill tells the commits' way; without full only what a head needs.
func (c *derivation) fill(commits []Commit, cache *lineCache, full bool) {
	keep := len(c.syncs) >= cachedFrom
	if keep {
		cache.fresh(c.commits)
	}
	for i, one := range c.commits {
		commits[i] = Commit{Revision: one.revision, Subject: c.s.Subject(one.revision), Fetched: one.fetched, Past: one.past, Lines: make([]Line, 0, len(c.syncs))}
	}
	for j := range c.syncs {
		f := &c.syncs[j]
		clear(c.listed)
		lines := cache.of[f.object.Key]
		if lines == nil {
			lines = make([]Line, 0, len(c.commits))
			for _, one := range c.commits {
				lines = append(lines, c.line(f, one, full))
			}
			if keep {
				cache.of[f.object.Key] = lines
			}
		}
		for i := range lines {
			commits[i].add(&lines[i])
		}
	}
	for i := range commits {
		if i > 0 {
			commits[i].overtake(c.commits[i], commits[i-1].Revision)
		}
	}
}

func (c *Commit) add(l *Line) {
	if l.absent {
		return
	}
	if l.Outcome != OutcomeSuspended && l.Outcome != OutcomeUntold && (l.Outcome != OutcomeOvertaken || !l.Held) {
		c.Of++
		if l.LiveAt.Known() || l.Live {
			c.Live++
		}
	}
	c.Lines = append(c.Lines, *l)
}

// left reports whether a commit that is not the newest will not be live
// everywhere any more: no sync is still at work on it or about to be. Of one
// whose way was not watched nobody can say so.
func (c *Commit) left() bool {
	watched := c.Fetched.Known() && !c.Fetched.Reconstructed
	return c.Live < c.Of && !slices.ContainsFunc(c.Lines, func(l Line) bool { return l.Outcome == OutcomeApplying || l.Newer == "" && l.Moving() }) &&
		slices.ContainsFunc(c.Lines, func(l Line) bool {
			return l.Overtaken || watched && !l.Live && !l.LiveAt.Known() && l.Newer == ""
		})
}

// commit tells one commit's whole way.
func (c *derivation) commit(i int) Commit {
	out := []Commit{{}}
	one := *c
	one.commits = c.commits[i : i+1]
	one.fill(out, &lineCache{}, true)
	if i > 0 {
		out[0].overtake(c.commits[i], c.commits[i-1].revision)
	}
	return out[0]
}
