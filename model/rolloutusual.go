package model

import (
	"slices"
	"time"
)

// usualCommits is how many commits "usual" is made of.
const usualCommits = 5

// longWay is how long, in seconds, a way may have taken that nobody saw, to be
// counted with.
const longWay = 3600

// usualOf returns the medians of the last commits that got anywhere, over
// every sync they went through.
func usualOf(commits []Commit) Usual {
	var fetched, applied, rolledOut, live []int32
	u := Usual{}
	for i := range commits {
		c := &commits[i]
		if u.Commits == usualCommits {
			break
		}
		if !c.Fetched.Known() || !slices.ContainsFunc(c.Lines, func(l Line) bool { return l.LiveAt.Known() }) {
			continue
		}
		u.Commits++
		for j := range c.Lines {
			l := &c.Lines[j]
			if !l.LiveAt.Known() || l.LiveAt.Reconstructed && l.LiveAt.At > c.Fetched.At+longWay {
				continue // its times may be those of another commit with the same content
			}
			fetched = appendSince(fetched, c.Fetched, l.Fetched)
			applied = appendSince(applied, c.Fetched, l.Applied)
			live = appendSince(live, c.Fetched, l.LiveAt)
			last := Moment{}
			for k := range l.Moves {
				if at := l.Moves[k].RolledOut; at.At > last.At {
					last = at
				}
			}
			rolledOut = appendSince(rolledOut, c.Fetched, last)
		}
	}
	u.Fetched, u.Applied, u.RolledOut, u.Live = median(fetched), median(applied), median(rolledOut), median(live)
	return u
}

func appendSince(list []int32, from, to Moment) []int32 {
	if !from.Known() || !to.Known() || to.At < from.At {
		return list
	}
	return append(list, int32(to.At-from.At))
}

func median(list []int32) int32 {
	if len(list) == 0 {
		return UnknownTook
	}
	slices.Sort(list)
	return list[len(list)/2]
}

// askedOf tells how often the sources ask their origin and when one last did.
// A poll that finds nothing leaves no time in a source's status (domain.md
// §6), so there may be nothing to tell.
func (s *Store) askedOf(sources []Key, c *clock) Asked {
	out := Asked{}
	failing, asking := 0, 0
	var stale bool
	for _, k := range sources {
		o := s.Get(k)
		if o == nil {
			continue
		}
		d, ok := o.Detail.(*Source)
		if !ok {
			continue
		}
		if d.Suspend {
			continue
		}
		asking++
		if d.Interval > 0 && (out.Every == 0 || d.Interval < out.Every) {
			out.Every = d.Interval
		}
		last := s.lastAsked(o, d)
		if last.At > out.Last.At {
			out.Last = last
			// It has asked again since, and nothing says when: intervals jitter by
			// 5 % (domain.md §6), and however long that may take, it has begun.
			stale = d.Interval > 0 && c.passed(last.At, int64(d.Interval)+int64(d.Interval)/20+watchSlack)
		}
		if view := s.ServedBy(o).View; view != nil && !view.AtWork() {
			out.Down = view.Message
		}
		if asked := o.Annotations.Get(AnnotationRequestedAt); asked != "" && asked != d.LastHandled {
			out.Pending = true
		}
		if v := s.verdictAt(o, c, 0); v.Health.Unhealthy() {
			if failing++; failing == 1 {
				out.Cause = Sentence(o, v)
			}
		}
	}
	out.Failing = failing > 0 && failing == asking
	if !out.Failing {
		out.Cause = ""
	}
	if stale {
		out.Last = Moment{}
	}
	return out
}

// AskedOf tells how often one source asks its origin and when it last did.
func (s *Store) AskedOf(source Key) Asked { return s.askedOf([]Key{source}, s.clock()) }

// lastAsked returns the newest sign that a source asked its origin.
func (s *Store) lastAsked(o *Object, d *Source) Moment {
	last := reconstructed(d.Updated, ProofArtifact)
	see := func(at Unix, by Proof) {
		if at > last.At {
			last = Moment{At: at, By: by}
		}
	}
	if ready := o.Condition("Ready"); ready != nil {
		see(ready.LastTransition, ProofCondition)
	}
	if at, err := time.Parse(time.RFC3339Nano, d.LastHandled); err == nil {
		see(Unix(at.Unix()), ProofCondition)
	}
	if f := s.trails.fetches.last(o.Key); f != nil {
		see(f.at.At, f.at.By)
	}
	for _, e := range s.EventsOf(o.Key) {
		ev := e.Detail.(*EventDetail)
		switch ev.Reason {
		case "GitOperationSucceeded", "ArtifactUpToDate", "NewArtifact", "GitOperationFailed", "AuthenticationFailed":
			see(ev.Last, ProofEvent)
		}
	}
	return last
}
