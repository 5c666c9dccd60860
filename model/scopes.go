package model

import (
	"slices"
	"strings"
)

// Scopes returns the state of every kind × scope that is always watched, by
// kind and namespace; Wanted has the others. The slice is the store's own: read
// it, don't keep it.
func (s *Store) Scopes() []ScopeStatus { return s.scopes }

// Progress returns how many kinds have been read (or their refusal is known),
// of how many.
func (s *Store) Progress() (read, total int) {
	var last Kind
	done := true
	for _, sc := range s.scopes {
		if sc.Kind != last {
			if last != KindUnknown {
				total++
				if done {
					read++
				}
			}
			last, done = sc.Kind, true
		}
		done = done && sc.State != ScopeSyncing
	}
	if last != KindUnknown {
		total++
		if done {
			read++
		}
	}
	return read, total
}

// Complete reports whether every kind × scope is read or its refusal is known.
func (s *Store) Complete() bool { return s.complete }

// KindStatus rolls the scopes of one kind up: the worst for a reader counts
// (syncing, stale, denied, absent, synced). A kind without a scope is absent.
func (s *Store) KindStatus(k Kind) ScopeStatus {
	rank := func(st ScopeState) int {
		return slices.Index([]ScopeState{ScopeSynced, ScopeAbsent, ScopeDenied, ScopeStale, ScopeSyncing}, st)
	}
	worst := ScopeStatus{Kind: k, State: ScopeAbsent}
	found := false
	for _, sc := range *s.scopesOf(k) {
		if sc.Kind == k && (!found || rank(sc.State) > rank(worst.State)) {
			worst, found = sc, true
		}
	}
	return worst
}

// scopeOf returns the scope that would hold objects of kind k in namespace ns.
func (s *Store) scopeOf(k Kind, ns string) (ScopeStatus, bool) {
	scopes := *s.scopesOf(k)
	if i, ok := scopeIndex(scopes, k, ns); ok {
		return scopes[i], true
	}
	if i, ok := scopeIndex(scopes, k, ""); ok {
		return scopes[i], true
	}
	return ScopeStatus{}, false
}

// scopesOf returns where the states of a kind's scopes are kept.
func (s *Store) scopesOf(k Kind) *[]ScopeStatus {
	if k.OnRequest() {
		return &s.requested.scopes
	}
	return &s.scopes
}

func scopeIndex(scopes []ScopeStatus, k Kind, ns string) (int, bool) {
	return slices.BinarySearchFunc(scopes, Key{Kind: k, Namespace: ns}, func(a ScopeStatus, b Key) int {
		if a.Kind != b.Kind {
			return int(a.Kind) - int(b.Kind)
		}
		return strings.Compare(a.Namespace, b.Namespace)
	})
}

// applyScope takes in one scope's new state.
func (s *Store) applyScope(sc ScopeStatus) {
	scopes := s.scopesOf(sc.Kind)
	i, ok := scopeIndex(*scopes, sc.Kind, sc.Namespace)
	switch {
	case sc.Removed && ok:
		*scopes = slices.Delete(*scopes, i, i+1)
	case sc.Removed:
	case ok:
		(*scopes)[i] = sc
	default:
		*scopes = slices.Insert(*scopes, i, sc)
	}
	if sc.Kind.OnRequest() {
		return // no row reads differently for it
	}
	// What is readable decides how every row reads.
	for _, r := range s.rows {
		s.markRow(r)
	}
	s.platform = nil
	s.complete = len(s.scopes) > 0 && !slices.ContainsFunc(s.scopes, func(sc ScopeStatus) bool { return sc.State == ScopeSyncing })
}
