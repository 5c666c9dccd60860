package restore

import (
	"time"

	"tenantry/model"
)

// trouble is what was wrong with an object, or with a tenant, before; made is
// when the object at fault was.
type trouble struct {
	made  time.Time
	words string
}

// ill reports whether an object in that state is in trouble, and not on its way.
func ill(h model.Health) bool {
	return h.Unhealthy() || h == model.Terminating || h == model.Unknown
}

// onItsWay reports whether an object is fine, or will be by itself.
func onItsWay(s *model.Store, k model.Key) bool {
	return !ill(s.Verdict(k).Health) && !s.Get(k).IsSuspended()
}

// look notes what is broken before anything is applied, and is not to become
// better by what is.
func (f *Following) look(s *model.Store, r *reach) {
	for _, o := range f.objects {
		k, _ := o.Key()
		is := s.Get(k)
		if is == nil || o.State != Same && o.State != Theirs {
			continue
		}
		if v := s.Verdict(k); ill(v.Health) && !f.bears(s, r, k, nil) {
			f.before[o.Ref.String()] = &trouble{time.Unix(int64(is.Created), 0), saidOf(is, v)}
		}
	}
	for _, t := range f.rowsOf(s) {
		if ill(t.Health) && !f.bearsOnRow(s, r, t) {
			b := &trouble{words: rowWords(t)}
			if worst := s.Get(t.Worst); worst != nil {
				b.made = time.Unix(int64(worst.Created), 0)
			}
			f.before[rowName(t)] = b
		}
	}
}

// asBefore turns what is said of an object that was broken before. It is waited
// for only where it is so new that its trouble may be the mere beginning: a
// restore that is taken up again finds what the last one has made a moment ago.
// Since when it has been broken would tell more, but each try of a controller
// dates that anew.
func (f *Following) asBefore(name string, is stand, words string, now time.Time) (stand, string) {
	t := f.before[name]
	if t == nil {
		return is, words
	}
	switch is {
	case done:
		delete(f.before, name)
	case moves, open, held, failed:
		if now.Sub(t.made) < failedFor {
			return open, words
		}
		return broken, t.words
	}
	return is, words
}
