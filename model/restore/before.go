package restore

import (
	"time"

	"tenantry/model"
)

// trouble is what was wrong with an object, or with a tenant, before, as it was
// seen then; made is when the object at fault was. What moves is not ready, and
// on its way.
type trouble struct {
	seen, made time.Time
	moves      bool
	words      string
}

// ill reports whether an object in that state is in trouble, and not on its way.
func ill(h model.Health) bool {
	return h.Unhealthy() || h == model.Terminating || h == model.Unknown
}

// fine reports whether there is nothing to wait for.
func fine(h model.Health) bool {
	return h == model.Ready || h == model.Suspended || h == model.NotApplicable
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
		if is != nil && is.IsSuspended() && !o.suspends() {
			f.slept[k] = true
		}
		if is == nil || o.State != Same && o.State != Theirs && o.State != Pruning {
			continue
		}
		if v := s.Verdict(k); !fine(v.Health) && !f.bears(s, r, k, nil) {
			f.before[o.Ref.String()] = &trouble{s.Now(), time.Unix(int64(is.Created), 0), !ill(v.Health), saidOf(is, v)}
		}
	}
	for _, t := range f.rowsOf(s) {
		if !fine(t.Health) && !f.bearsOnRow(s, r, t) {
			b := &trouble{seen: s.Now(), moves: !ill(t.Health), words: rowWords(t)}
			if worst := s.Get(t.Worst); worst != nil {
				b.made = time.Unix(int64(worst.Created), 0)
			}
			f.before[rowName(t)] = b
		}
	}
}

// freshFor is how long what was made is waited for while it is on its way: the
// last restore may have run out of its time, and this one goes on from there.
const freshFor = time.Hour

// asBefore turns what is said of an object that was not ready before. What was
// broken is waited for only where it is so new that its trouble may be the mere
// beginning: a restore that is taken up again finds what the last one has made
// a moment ago. Since when it has been broken would tell more, but each try of
// a controller dates that anew.
func (f *Following) asBefore(name string, is stand, words string, now time.Time) (stand, string) {
	t := f.before[name]
	switch {
	case t == nil || is == wants || is == rests:
		return is, words
	case is == done:
		delete(f.before, name)
		return is, words
	case t.moves && (is == failed || is == held):
		return fell, words
	case t.moves && now.Sub(t.made) >= freshFor && now.Sub(t.seen) >= failedFor:
		return broken, "still " + words
	case t.moves:
		return is, words
	case now.Sub(t.made) < failedFor:
		return open, words
	}
	return broken, t.words
}
