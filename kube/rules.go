package kube

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"hash/maphash"
	"slices"
	"time"
)

const (
	// rulesEvery: how soon a permission that was granted or revoked is seen.
	// The API server does not end a watch when its permission is revoked, so
	// something has to ask; with the answer's time this stays below the six
	// seconds allowed for something silent.
	rulesEvery = 4 * time.Second
	// firstRules: the answer later ones are compared with; not at once, to
	// stay out of the first lists' way.
	firstRules = time.Second
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
	var last uint64
	complete := true
	every := cmp.Or(s.opts.rulesEvery, rulesEvery)
	ticker := time.NewTicker(min(every, firstRules))
	defer ticker.Stop()
	lastRotate := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if s.conn.wait(ctx) != nil {
			return
		}
		hash, whole, err := s.rules(ctx)
		if err != nil {
			whole = false
		}
		complete = whole
		s.rulesComplete.Store(whole)
		if whole {
			ticker.Reset(every)
		} else {
			ticker.Reset(rotateEvery)
		}
		if err == nil && last != 0 && hash != last {
			s.recheck()
		}
		if err == nil {
			last = hash
		}
		if !complete && time.Since(lastRotate) >= rotateEvery {
			lastRotate = time.Now()
			s.rotate()
		}
	}
}

// rules condenses the user's rules in every namespace that is read by itself
// (or in "default" for cluster-wide rules, which every answer includes). whole
// is false when the server says that there may be more.
func (s *Session) rules(ctx context.Context) (hash uint64, whole bool, err error) {
	whole = true
	for _, namespace := range s.ruleNamespaces() {
		body, _ := json.Marshal(map[string]any{
			"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview",
			"spec": map[string]string{"namespace": namespace}})
		ctx, cancel := context.WithTimeout(ctx, probeTimeout)
		raw, err := s.client.Post().AbsPath(rulesPath).SetHeader("Content-Type", acceptJSON).
			SetHeader("Accept", acceptJSON).MaxRetries(0).Body(body).DoRaw(ctx)
		cancel()
		if err != nil {
			return 0, false, err
		}
		h, complete, err := condenseRules(raw)
		if err != nil {
			return 0, false, err
		}
		hash = hash*31 + h
		whole = whole && complete
	}
	return max(hash, 1), whole, nil
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
	h.SetSeed(versionSeed)
	for _, r := range rules {
		_, _ = h.Write(r)
		_ = h.WriteByte('\n')
	}
	return h.Sum64(), !review.Status.Incomplete, nil
}
