package model

import (
	"slices"
	"strings"
)

// blind says why nothing could be told of commits at all: neither who follows
// a repository nor what it has is readable. "" when something is.
func (s *Store) blind() string {
	for _, role := range []Role{RoleSync, RoleSource} {
		denied := ""
		open := false
		for i := range s.scopes {
			sc := &s.scopes[i]
			if sc.Kind.Role() != role {
				continue
			}
			open = open || sc.State != ScopeDenied && sc.State != ScopeAbsent
			if sc.State == ScopeDenied && denied == "" {
				denied = "you may not " + sc.Verb + " " + sc.Kind.Resource() + in(sc.Namespace)
			}
		}
		if denied != "" && !open {
			return denied
		}
	}
	return ""
}

// hidden ends the waiting when who is waited for is not seen, and may be there
// all the same. For a commit nobody need be named: who has it may be seen.
func (w *Waiting) hidden(s *Store, r *WaitReport) bool {
	name := ""
	for _, tenant := range w.want.Tenants {
		if s.Tenant(tenant) == nil {
			name = tenant
			break
		}
	}
	nobody := w.want.Ready && len(w.rows(s)) == 0
	if name == "" && !nobody {
		return false
	}
	why := Hidden(s)
	if why == "" {
		return false
	}
	what := "there is any tenant"
	if name != "" {
		what = "there is a tenant " + rowWord(name)
	}
	r.fail(WaitBlind, name, Key{}, "can't tell whether "+what+": "+why)
	return true
}

func in(namespace string) string {
	if namespace == "" {
		return ""
	}
	return " in " + namespace
}

// troubleIn says what keeps pods of a target from running, of the first
// workload that has trouble.
func (s *Store) troubleIn(t *WaitTarget) (TroubleKind, string) {
	if t.Live || !t.Attempted.Known() && !t.Applied.Known() {
		return TroubleNone, ""
	}
	for _, k := range s.WorkloadsOf(t.Sync) {
		o := s.Get(k)
		if o == nil || RolloutOf(o).State == RolloutDone {
			continue
		}
		if trouble := s.TroubleOf(k); trouble.Kind != TroubleNone {
			if strings.HasPrefix(trouble.Text, k.Name+" ") { // its container is called as it is
				return trouble.Kind, trouble.Text
			}
			return trouble.Kind, k.Name + ": " + trouble.Text
		}
	}
	return TroubleNone, ""
}

// Watch is what to read besides what is always read, to say why pods of the
// targets don't run: their pods and events. For a commit that nobody has it is
// the events of those that may have had it.
func (r *WaitReport) Watch(s *Store) []Want {
	var out []Want
	for _, ns := range r.untold {
		out = append(out, Want{Kind: Event, Namespace: ns})
	}
	for i := range r.Targets {
		t := &r.Targets[i]
		if t.Reached || !t.Attempted.Known() && !t.Applied.Known() {
			continue
		}
		for _, k := range s.WorkloadsOf(t.Sync) {
			for _, kind := range [...]Kind{Pod, Event} {
				if want := (Want{Kind: kind, Namespace: k.Namespace}); !slices.Contains(out, want) {
					out = append(out, want)
				}
			}
		}
	}
	return out
}
