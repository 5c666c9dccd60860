package kube

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"hash/maphash"
	"maps"
	"slices"
	"time"
)

const (
	// rulesEvery: how soon a permission that was granted or revoked is seen.
	// The API server does not end a watch when its permission is revoked, so
	// something has to ask; with the answer's time this stays below the six
	// seconds allowed for something silent.
	rulesEvery = 4 * time.Second
	// rotateEvery: where the rules are not the whole truth (a webhook or cloud
	// authorizer), one running watch is opened again this often, so that each
	// is checked within half a minute or so.
	rotateEvery = 2 * time.Second
)

// rulesPath is where everyone authenticated may ask for their own rules.
const rulesPath = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"

// watchRules asks for the user's own rules now and then and wakes every scope
// when they change: denied ones try again, running watches are opened again
// and refused if they now are. That is one small request instead of one per
// kind.
func (s *Session) watchRules(ctx context.Context) {
	every := cmp.Or(s.opts.rulesEvery, rulesEvery)
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	last := map[string]uint64{} // by namespace
	for turn := 0; ; turn++ {
		// The first answer, which later ones are compared with, is asked for
		// beside the first lists: what they showed can't have been revoked
		// unnoticed before it.
		if turn > 0 {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
		}
		if s.conn.wait(ctx) != nil {
			return
		}
		changed, whole := s.askRules(ctx, s.ruleNamespaces(turn), last)
		before := s.rulesComplete.Swap(whole)
		switch {
		case changed:
			s.recheck()
		case !whole && before:
			s.wakeDenied() // they have to ask by themselves from now on
		}
		if whole {
			ticker.Reset(every)
		} else {
			ticker.Reset(rotateEvery)
			s.rotate()
		}
	}
}

// rulesAtOnce bounds how many namespaces' rules are asked for at a time.
const rulesAtOnce = 10

// ruleNamespaces returns the namespaces whose rules decide what is readable,
// many in turns.
func (s *Session) ruleNamespaces(turn int) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.namespaces
	if len(all) == 0 {
		all = append([]string{"default"}, s.narrowlyRead()...)
	}
	n := len(all)
	out := make([]string, 0, rulesAtOnce)
	for i := range min(n, rulesAtOnce) {
		out = append(out, all[(turn*rulesAtOnce+i)%n])
	}
	return out
}

// narrowlyRead returns the namespaces in which a session that reads
// cluster-wide reads single kinds all the same: a RoleBinding there may be all
// that allows it. Called with mu held.
func (s *Session) narrowlyRead() []string {
	names := map[string]bool{}
	for key := range s.wanted {
		names[key.namespace] = true
	}
	for key, c := range s.scopes {
		if !c.e.fluxNamespacesOnly {
			names[key.namespace] = true
		}
	}
	delete(names, "")
	delete(names, "default")
	return slices.Sorted(maps.Keys(names))
}

// askRules compares the user's rules with the last answers, which it updates.
// whole is false when the server says that there may be more, or nothing.
func (s *Session) askRules(ctx context.Context, namespaces []string, last map[string]uint64) (changed, whole bool) {
	whole = true
	for _, namespace := range namespaces {
		hash, complete, err := s.rules(ctx, namespace)
		if err != nil {
			whole = false
			continue
		}
		whole = whole && complete
		before, known := last[namespace]
		changed = changed || known && before != hash
		last[namespace] = hash
	}
	return changed, whole
}

// rules condenses the user's rules in a namespace; those that hold cluster-wide
// are part of every answer.
func (s *Session) rules(ctx context.Context, namespace string) (hash uint64, complete bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	raw, err := s.reviewRules(ctx, namespace)
	if err != nil {
		return 0, false, err
	}
	return condenseRules(raw)
}

// condenseRules hashes a review's rules whatever their order, which changes
// from answer to answer.
func condenseRules(raw []byte) (hash uint64, complete bool, err error) {
	var review struct {
		Status struct {
			Incomplete       bool              `json:"incomplete"`
			ResourceRules    []json.RawMessage `json:"resourceRules"`
			NonResourceRules []json.RawMessage `json:"nonResourceRules"`
		} `json:"status"`
	}
	if err := json.Unmarshal(raw, &review); err != nil {
		return 0, false, err
	}
	rules := review.Status.ResourceRules
	slices.SortFunc(rules, func(a, b json.RawMessage) int { return bytes.Compare(a, b) })
	var h maphash.Hash
	h.SetSeed(hashSeed)
	for _, r := range rules {
		_, _ = h.Write(r)
		_ = h.WriteByte('\n')
	}
	return h.Sum64(), !review.Status.Incomplete, nil
}
