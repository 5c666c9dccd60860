package kube

import (
	"slices"

	"tenantry/model"
)

// Want replaces what is read on request: only kinds of model.KindsOnRequest,
// each in one namespace or, with "", everywhere the session may read. It does
// not wait, and may be called from anywhere at any time. What is no longer
// wanted is deleted from the store by the batches that follow.
func (s *Session) Want(wants []model.Want) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wants = slices.Clone(wants)
	s.readWanted()
}

// readWanted starts the scopes that are wanted and ends those that no longer
// are. Called with mu held, also when the namespaces of the session change.
func (s *Session) readWanted() {
	if s.ctx.Err() != nil {
		return
	}
	wanted := s.wantedScopes()
	for key, c := range s.wanted {
		if wanted[key] == nil {
			delete(s.wanted, key)
			c.retire(nil)
		}
	}
	for key, e := range wanted {
		if s.wanted[key] == nil {
			s.wanted[key] = s.start(e, key)
		}
	}
}

// wantedScopes turns wants into scopes. Everywhere means the one cluster-wide
// scope, which makes single namespaces needless, or each of the namespaces
// read one by one. A refusal is an answer: nothing narrower is tried for it.
func (s *Session) wantedScopes() map[scopeKey]*entry {
	out := map[scopeKey]*entry{}
	everywhere := map[model.Kind]bool{}
	for _, w := range s.wants {
		e := wantable(w.Kind)
		switch {
		case e == nil:
		case !w.Kind.Namespaced():
			out[scopeKey{kind: w.Kind}] = e
		case w.Namespace != "" || len(s.namespaces) == 0:
			out[scopeKey{w.Kind, w.Namespace}] = e
			everywhere[w.Kind] = everywhere[w.Kind] || w.Namespace == ""
		default:
			for _, namespace := range s.namespaces {
				out[scopeKey{w.Kind, namespace}] = e
			}
		}
	}
	for key := range out {
		if key.namespace != "" && everywhere[key.kind] {
			delete(out, key)
		}
	}
	return out
}

// overfull is told by the store that it begins to leave the oldest out.
func (c *scope) overfull() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.removed {
		c.status.Newest = c.e.newest
		c.s.feed.putStatus(c.status)
	}
}

// wantable returns the entry of a kind that is read on request, else nil.
func wantable(kind model.Kind) *entry {
	for i := range registry {
		if e := &registry[i]; e.kind == kind && kind.OnRequest() {
			return e
		}
	}
	return nil
}
