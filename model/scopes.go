package model

import (
	"slices"
	"strings"
)

// Scopes returns the state of every kind × scope, by kind and namespace. The
// slice is the store's own: read it, don't keep it.
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
	for _, sc := range s.scopes {
		if sc.Kind == k && (!found || rank(sc.State) > rank(worst.State)) {
			worst, found = sc, true
		}
	}
	return worst
}

// scopeOf returns the scope that would hold objects of kind k in namespace ns.
func (s *Store) scopeOf(k Kind, ns string) (ScopeStatus, bool) {
	if i, ok := s.scopeIndex(k, ns); ok {
		return s.scopes[i], true
	}
	if i, ok := s.scopeIndex(k, ""); ok {
		return s.scopes[i], true
	}
	return ScopeStatus{}, false
}

func (s *Store) scopeIndex(k Kind, ns string) (int, bool) {
	return slices.BinarySearchFunc(s.scopes, Key{Kind: k, Namespace: ns}, func(a ScopeStatus, b Key) int {
		if a.Kind != b.Kind {
			return int(a.Kind) - int(b.Kind)
		}
		return strings.Compare(a.Namespace, b.Namespace)
	})
}

// applyScope takes in one scope's new state.
func (s *Store) applyScope(sc ScopeStatus) {
	i, ok := s.scopeIndex(sc.Kind, sc.Namespace)
	switch {
	case sc.Removed && ok:
		s.scopes = slices.Delete(s.scopes, i, i+1)
	case sc.Removed:
	case ok:
		s.scopes[i] = sc
	default:
		s.scopes = slices.Insert(s.scopes, i, sc)
	}
	// What is readable decides how every row reads.
	for _, r := range s.rows {
		s.markRow(r)
	}
	s.platform = nil
	s.complete = len(s.scopes) > 0 && !slices.ContainsFunc(s.scopes, func(sc ScopeStatus) bool { return sc.State == ScopeSyncing })
}
