package restore

import (
	"fmt"
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
	open   stand = iota // on its way
	done                // as it should be
	failed              // and has been for a while
	wants               // waits for a Secret that is not there
	held                // waits for another object
	rests               // waits for one that the folder has as suspended
)

// Following tells how a restored folder is getting on.
type Following struct {
	objects []*Object
	spaces  map[string]bool
	missing map[string]bool    // Secrets, as namespace/name, that were not there
	paused  map[model.Key]bool // what the folder has as suspended
	bad     map[string]time.Time
	said    map[string]string
	began   bool
	last    string
	still   time.Time // since when nothing has moved
}

// Follow begins to follow all of a folder that reports how it is.
func (p *Plan) Follow(missing []export.Secret) *Following {
	f := &Following{spaces: map[string]bool{}, missing: map[string]bool{}, paused: map[model.Key]bool{}, bad: map[string]time.Time{}, said: map[string]string{}}
	for _, s := range missing {
		f.missing[s.Namespace+"/"+s.Name] = true
	}
	for _, o := range p.Objects {
		if o.Ref.Kind == "Namespace" {
			f.spaces[o.Ref.Name] = true
		} else if o.Kind.Namespaced {
			f.spaces[o.Ref.Namespace] = true
		}
		if o.Kind.Flux || o.Kind.Operator {
			f.objects = append(f.objects, o)
			if k, ok := o.Key(); ok && o.suspends() {
				f.paused[k] = true
			}
		}
	}
	return f
}

// Report is how it stands.
type Report struct {
	Done, Of int
	// Moved are the lines of progress since the last time.
	Moved []string
	// Failed are those that failed, each with why; Open those still on their
	// way, and Wants the Secrets waited for.
	Failed, Open []string
	Wants        []string
	// Rests are those that nothing comes to as long as another one is suspended,
	// as it was exported.
	Rests []string
	// Ended: nothing more is going to happen by itself. Fine: and all is well.
	Ended, Fine bool
}

// Step looks at the cluster.
func (f *Following) Step(s *model.Store, now time.Time) Report {
	r := Report{Of: len(f.objects)}
	counts := [rests + 1]int{}
	for _, o := range f.objects {
		is, words := f.judge(s, o, now)
		counts[is]++
		name := o.Ref.String()
		switch is {
		case done:
			r.Done++
		case failed:
			r.Failed = append(r.Failed, name+": "+words)
		case wants:
			if !slices.Contains(r.Wants, words) {
				r.Wants = append(r.Wants, words)
			}
			words = "waits for the Secret " + words
		case rests:
			r.Rests = append(r.Rests, name+": "+words)
		default:
			r.Open = append(r.Open, name+": "+words)
		}
		if !f.began && is == done && o.State == Same {
			f.said[name] = words // it was so before: no news
		}
		f.tell(&r, name, words)
	}
	f.began = true
	busy := counts[open] > 0
	if !busy && r.Done+len(r.Rests) == r.Of {
		busy = f.rows(s, &r, now)
	}
	slices.Sort(r.Wants)
	f.settle(&r, busy, now)
	return r
}

// tell adds a line when an object has come on.
func (f *Following) tell(r *Report, name, words string) {
	if f.said[name] != words {
		f.said[name] = words
		r.Moved = append(r.Moved, name+": "+words)
	}
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
	case is.IsSuspended():
		return failed, "it is suspended, though the folder does not say so"
	case v.Health == model.NotApplicable, v.Health == model.Ready && current:
		delete(f.bad, k.String())
		return done, is.Arrived()
	}
	if secret := f.secret(is, v); secret != "" {
		return wants, secret
	}
	switch v.Health {
	case model.Blocked:
		if by, ok := f.suspended(s, v.Cause); ok {
			return rests, "waits for " + by + ", which is suspended, as exported"
		}
		return held, model.Sentence(is, v)
	case model.Failed, model.Unobserved, model.Stuck:
		return f.lasts(k.String(), failedFor, now, model.Sentence(is, v), model.Sentence(is, v))
	case model.Stalled:
		return f.lasts(k.String(), stalledFor, now, model.Sentence(is, v), model.Sentence(is, v))
	}
	delete(f.bad, k.String())
	return open, strings.ToLower(v.Health.String())
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

// rows waits for the tenants themselves, once their objects are fine: their
// workloads may still be starting.
func (f *Following) rows(s *model.Store, r *Report, now time.Time) (busy bool) {
	rows := s.Tenants()
	if p := s.Platform(); p != nil && p.Row != nil {
		rows = append([]*model.Tenant{p.Row}, rows...)
	}
	for _, t := range rows {
		if !slices.ContainsFunc(t.Namespaces, func(ns string) bool { return f.spaces[ns] }) {
			continue
		}
		name := "tenant " + t.Name
		if t.IsPlatform {
			name = "platform"
		}
		_, rests := f.suspended(s, t.Cause)
		if rests || t.Health == model.Ready || t.Health == model.Suspended || t.Health == model.NotApplicable {
			delete(f.bad, name)
			continue
		}
		words := strings.ToLower(t.Health.String())
		if t.Message != "" {
			words = fmt.Sprintf("%s: %s", t.Health, t.Message)
		}
		is := open
		if t.Health.Unhealthy() {
			is, words = f.lasts(name, failedFor, now, words, words)
		}
		f.tell(r, name, words)
		if is == failed {
			r.Failed = append(r.Failed, name+": "+words)
		} else {
			r.Open, busy = append(r.Open, name+": "+words), true
		}
	}
	return busy
}

// settle decides whether anything more is going to happen by itself: what is
// held by something that failed or is missing has to stand still for a while,
// because a moment ago it may have been held by what is fine by now.
func (f *Following) settle(r *Report, busy bool, now time.Time) {
	if !busy && len(r.Open)+len(r.Failed)+len(r.Wants) == 0 {
		r.Ended, r.Fine = true, len(r.Rests) == 0
		return
	}
	picture := fmt.Sprint(r.Done, len(r.Failed), len(r.Open), r.Wants)
	if picture != f.last {
		f.last, f.still = picture, now
	}
	r.Ended = !busy && len(r.Failed)+len(r.Wants) > 0 && now.Sub(f.still) >= settledFor
}

// Sentence says it in one line.
func (r *Report) Sentence() string {
	out := fmt.Sprintf("%d of %d ready", r.Done, r.Of)
	switch {
	case len(r.Wants) > 0:
		out += "; waits for the Secret " + r.Wants[0]
		if n := len(r.Wants) - 1; n > 0 {
			out += fmt.Sprintf(" and %d more", n)
		}
	case len(r.Failed) > 0:
		out += "; " + r.Failed[0]
	case len(r.Open) > 0:
		out += "; " + r.Open[0]
	case len(r.Rests) > 0:
		out += "; " + r.Rests[0]
	}
	return out
}
