package model

import (
	"slices"
)

// To wait for the newest is to have the sources asked for it first, and to hold
// fast to what they then have.

// Sources are the sources of what is waited for, each once: for Newest they
// are to be asked for news.
func (w *Waiting) Sources(s *Store) []Key {
	var out []Key
	w.each(s, func(_ *derivation, f *followed) {
		if !slices.Contains(out, f.source) {
			out = append(out, f.source)
		}
	})
	return out
}

// Mute says that a source can't be asked: without a reason because there is
// nobody to ask, so that what it has counts; with one, its newest can't be known.
func (w *Waiting) Mute(source Key, why string) {
	if w.mute == nil {
		w.mute = map[Key]string{}
	}
	w.mute[source] = why
}

// unasked ends the waiting when a source can't be asked for its newest.
func (w *Waiting) unasked(r *WaitReport, f *followed) {
	why := w.mute[f.source]
	switch {
	case why == "":
		return
	case f.sourceObject.IsSuspended():
		why = " is suspended, so nothing newer is fetched: resume it, or name the commit"
	default:
		why = " can't be asked: " + why
	}
	r.fail(WaitFailed, f.tenant, f.source, rowWord(f.tenant)+": its source "+f.source.String()+why)
}

// newest takes as targets the syncs with what their source has, once it has
// answered.
func (w *Waiting) newest(s *Store, r *WaitReport) {
	waiting := 0
	var left []Line
	for _, e := range w.entries(s) {
		if !s.followed(e) {
			continue
		}
		d := w.derive(s, e)
		asked := false
		for i := range d.syncs {
			f := &d.syncs[i]
			if !w.concerns(f) {
				continue
			}
			if !w.named() && (f.object.IsSuspended() || f.sourceObject.IsSuspended()) {
				left = append(left, Line{Tenant: f.tenant, Sync: f.object.Key, Source: f.source, Outcome: OutcomeSuspended})
				continue
			}
			w.unasked(r, f)
			if w.pin(f) {
				asked = true
				continue
			}
			waiting++
			w.say(r, rowWord(f.tenant), "its source is being asked")
			r.Open = append(r.Open, rowWord(f.tenant)+": its source is being asked")
			l := Line{Tenant: f.tenant, Sync: f.object.Key, Source: f.source}
			d.explain(&l, f, &sighted{})
			if l.Outcome == OutcomeSuspended && !f.sourceObject.IsSuspended() {
				continue // it may run already what its source is about to say
			}
			w.judge(s, r, &WaitTarget{Line: l, Revision: "the newest commit"}, rowWord(f.tenant))
		}
		if asked {
			left = append(left, w.addTargets(r, d, func(f *followed) *sighted { return d.sighted(w.pinned[f.source]) })...)
		}
	}
	r.Of += waiting // not all of it is known yet
	if r.Of == 0 && len(r.Targets) == 0 {
		if why := s.blind(); why != "" {
			r.fail(WaitBlind, "", Key{}, "can't tell what is newest: "+why)
		}
		if len(left) > 0 {
			s.nobodyWill(r, "the newest commit", left)
			return
		}
		w.say(r, "", "nothing here follows a source yet")
	}
}

// pin holds fast to what a source has, once it answered the request. A source
// that failed to answer has nothing new to hold fast to.
func (w *Waiting) pin(f *followed) bool {
	if w.pinned[f.source] != "" {
		return true
	}
	d, ok := f.sourceObject.Detail.(*Source)
	_, mute := w.mute[f.source]
	asked := w.want.Asked != "" && !mute
	if !ok || d.Revision == "" || asked && d.LastHandled != w.want.Asked {
		return false
	}
	if ready := f.sourceObject.Condition("Ready"); asked && (ready == nil || ready.Status != "True") {
		return false
	}
	w.pinned[f.source] = d.Revision
	return true
}
