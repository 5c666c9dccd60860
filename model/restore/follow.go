package restore

import (
	"slices"
	"strings"
	"time"

	"tenantry/model"
	"tenantry/model/export"
)

// How long a verdict has to stand before it counts: controllers try again
// within half a minute, and right after a restore much is still on its way.
const (
	failedFor  = 45 * time.Second
	stalledFor = 5 * time.Second
	settledFor = 6 * time.Second
	goneFor    = time.Minute
)

// stand is how an object is getting on.
type stand uint8

const (
	moves  stand = iota // on its way, and no more to say of it
	open                // on its way, with something in the way so far
	done                // as it should be
	failed              // and has been for a while
	wants               // waits for a Secret that is not there
	held                // waits for another object that is in trouble itself
	rests               // waits for one that the folder has as suspended
	broken              // as it was before anything was restored
	fell                // was on its way before, is none of what was applied, and failed since
	asleep              // suspended before, which the folder does not say
)

// Following tells how a restored folder is getting on.
type Following struct {
	objects []*Object
	spaces  map[string]bool
	missing map[string]bool     // Secrets, as namespace/name, that were not there
	there   map[string]bool     // and those that were
	paused  map[model.Key]bool  // what the folder has as suspended
	ours    map[model.Key]bool  // what is followed
	before  map[string]*trouble // what was broken before, by object or row
	slept   map[model.Key]bool  // what somebody had suspended before
	bad     map[string]time.Time
	said    map[string]string
	began   bool
	last    string
	still   time.Time // since when nothing has moved
}

// Known is what is known when a restore begins.
type Known struct {
	// Missing are the Secrets the folder's objects refer to that are not there,
	// There those that are.
	Missing, There []export.Secret
	// Earlier is what a restore of the same folder that was cut off has sent.
	Earlier []model.Ref
}

// Follow begins to follow all of a folder that reports how it is. It is called
// before anything is applied: what is broken then is not this restore's doing.
func (p *Plan) Follow(s *model.Store, known Known) *Following {
	f := &Following{spaces: map[string]bool{}, missing: named(known.Missing), there: named(known.There), paused: map[model.Key]bool{},
		ours: map[model.Key]bool{}, slept: map[model.Key]bool{}, before: map[string]*trouble{}, bad: map[string]time.Time{}, said: map[string]string{}}
	for _, o := range p.Objects {
		if o.Ref.Kind == "Namespace" {
			f.spaces[o.Ref.Name] = true
		} else if o.Kind.Namespaced {
			f.spaces[o.Ref.Namespace] = true
		}
		if o.Kind.Flux || o.Kind.Operator {
			f.objects = append(f.objects, o)
			if k, ok := o.Key(); ok {
				f.ours[k], f.paused[k] = true, o.suspends()
			}
		}
	}
	f.look(s, p.reach(known.Earlier))
	return f
}

func named(secrets []export.Secret) map[string]bool {
	out := map[string]bool{}
	for _, s := range secrets {
		out[s.Namespace+"/"+s.Name] = true
	}
	return out
}

// Step looks at the cluster.
func (f *Following) Step(s *model.Store, now time.Time) Report {
	r := Report{Of: len(f.objects)}
	busy := false
	for _, o := range f.objects {
		is, words := f.judge(s, o, now)
		name := o.Ref.String()
		is, words = f.asBefore(name, is, words, now)
		line := name + ": " + words
		switch is {
		case done:
			r.Done++
		case failed:
			r.Failed = append(r.Failed, line)
		case wants:
			r.waiting++
			if !slices.Contains(r.Wants, words) {
				r.Wants = append(r.Wants, words)
			}
			words = "waits for the Secret " + words
		case rests:
			r.Rests = append(r.Rests, line)
		case held:
			r.Held = append(r.Held, line)
		case broken:
			r.Before = append(r.Before, line)
		case fell:
			r.Fell = append(r.Fell, line)
		case asleep:
			r.Asleep = append(r.Asleep, line)
		default:
			busy = true
			r.Open = append(r.Open, line)
		}
		if !f.began && is == done && o.State == Same {
			f.said[name] = words // it was so before: no news
		}
		f.tell(&r, is, name, words)
	}
	f.began = true
	if !busy && r.Done+r.passed() == r.Of {
		busy = f.rows(s, &r, now)
	}
	slices.Sort(r.Wants)
	f.settle(&r, busy, now)
	return r
}

// tell adds a line when an object has come on. That one moves is news only the
// first time: every sync runs again and again. What was broken before is said
// once, at the end.
func (f *Following) tell(r *Report, is stand, name, words string) {
	if b := f.before[name]; b != nil && !b.moves || is == broken || is == asleep || f.said[name] == words || is == moves && f.said[name] != "" {
		return
	}
	f.said[name] = words
	r.Moved = append(r.Moved, name+": "+words)
}

// judge says how one object is getting on.
func (f *Following) judge(s *model.Store, o *Object, now time.Time) (stand, string) {
	k, _ := o.Key()
	is := s.Get(k)
	if is == nil {
		return f.lasts(k.String(), goneFor, now, "not there yet", "it is not there")
	}
	v := s.Verdict(k)
	ready := is.Condition("Ready")
	current := ready == nil || ready.ObservedGeneration == 0 || ready.ObservedGeneration == is.Generation
	switch {
	case is.IsSuspended() && o.suspends():
		return done, "suspended, as exported"
	case is.IsSuspended() && f.slept[k]:
		return asleep, "it is suspended, though the folder does not say so"
	case is.IsSuspended():
		return failed, "it is suspended, though the folder does not say so"
	case v.Health == model.NotApplicable, v.Health == model.Ready && current:
		delete(f.bad, k.String())
		if d, ok := is.Detail.(*model.Sync); ok && k.Kind == model.Kustomization && d.Applied == "" {
			// Flux writes the conditions a moment before what was applied.
			if yet, words := f.lasts(k.String()+" applied", settledFor, now, "ready", ""); yet == open {
				return moves, words
			}
		}
		return done, is.Arrived()
	}
	if secret := f.secret(is, v); f.there[secret] {
		yet := "its Secret " + secret + " is there: it looks for it again by itself"
		if st, _ := f.lasts(k.String(), failedFor, now, "", ""); st == open {
			return open, yet
		}
		return wants, secret // it was there when this began
	} else if secret != "" {
		return wants, secret
	}
	switch said := saidOf(is, v); v.Health {
	case model.Blocked:
		return f.blocked(s, k, v, said, now)
	case model.Failed, model.Unobserved, model.Stuck:
		if st, words := f.lasts(k.String(), failedFor, now, said, said); st == failed || !sourceCame(s, is, v) {
			return st, words
		}
		return moves, "its source is ready: it looks again"
	case model.Stalled:
		return f.lasts(k.String(), stalledFor, now, said, said)
	}
	delete(f.bad, k.String())
	return moves, strings.ToLower(v.Health.String())
}

// blocked says what comes of an object that waits for another one. As long as
// that is on its way, so is this.
func (f *Following) blocked(s *model.Store, k model.Key, v model.Verdict, said string, now time.Time) (stand, string) {
	if by, ok := f.suspended(s, v.Cause); ok {
		return rests, "waits for " + by + ", which is suspended, as exported"
	}
	if v.Cause != nil {
		by, ok := v.Cause.Ref().Key()
		switch {
		case !ok:
		case s.Get(by) != nil && onItsWay(s, by):
			waits, _, _ := strings.Cut(said, ": ") // how far that one is, is told of it
			return open, waits
		case f.ours[by]:
			return held, said
		}
	}
	return f.lasts(k.String(), failedFor, now, said, said)
}

// suspended is the object that keeps another waiting because it is suspended
// and the folder has it so.
func (f *Following) suspended(s *model.Store, c *model.Cause) (string, bool) {
	if c == nil {
		return "", false
	}
	k, ok := c.Ref().Key()
	o := s.Get(k)
	return k.String(), ok && f.paused[k] && o != nil && o.IsSuspended()
}

// secret is the Secret an object waits for. An instance does not say so: its
// run goes on until its time is over.
func (f *Following) secret(o *model.Object, v model.Verdict) string {
	if c := v.Cause; c != nil && c.Kind == model.Secret.String() && c.Reason == "Missing" {
		return c.Namespace + "/" + c.Name
	}
	if d, ok := o.Detail.(*model.Instance); ok && d.Sync != nil && d.Sync.PullSecret != "" {
		if name := o.Namespace + "/" + d.Sync.PullSecret; f.missing[name] {
			return name
		}
	}
	return ""
}

// lasts turns what has been bad for long enough into a failure.
func (f *Following) lasts(key string, limit time.Duration, now time.Time, yet, over string) (stand, string) {
	since, known := f.bad[key]
	if !known {
		f.bad[key], since = now, now
	}
	if now.Sub(since) < limit {
		return open, yet
	}
	return failed, over
}
