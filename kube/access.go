package kube

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"tenantry/model"
)

const (
	// reviewsPath is where everyone authenticated may ask what they may do.
	reviewsPath = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
	// permissionFor is how long an answer is taken as still true. An action
	// that is refused after all says so itself.
	permissionFor = 30 * time.Second
	// maxPermissions bounds what is remembered; it starts anew when full.
	maxPermissions = 4096
	// maxReviews is how many reviews run at once.
	maxReviews = 4
	// requestLimit bounds what a person waits for.
	requestLimit = 10 * time.Second
)

// permissions remembers what the server allowed a moment ago.
type permissions struct {
	running slots
	mu      sync.Mutex
	known   map[model.Access]permission
	epoch   int // grows with forget
}

type permission struct {
	model.Permission
	until time.Time
}

func newPermissions() *permissions {
	return &permissions{running: make(slots, maxReviews), known: map[model.Access]permission{}}
}

// forget drops every answer: what is allowed may have changed.
func (p *permissions) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.epoch++
	clear(p.known)
}

// get returns a remembered answer, and the epoch to put a new one with.
func (p *permissions) get(a model.Access, now time.Time) (answer model.Permission, known bool, epoch int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	k, known := p.known[a]
	if known && now.After(k.until) {
		delete(p.known, a)
		known = false
	}
	return k.Permission, known, p.epoch
}

// put remembers an answer unless everything was forgotten since it was asked for.
func (p *permissions) put(answer model.Permission, until time.Time, epoch int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.known) >= maxPermissions {
		clear(p.known)
	}
	if p.epoch == epoch {
		p.known[answer.Access] = permission{answer, until}
	}
}

// Can asks the server whether the user may do each of these, at most four at
// once and for no longer than ten seconds. The answers are in the same order;
// they are remembered for half a minute, or until Refresh. Where the server
// could not be asked the answer is unknown, and the first reason for that is
// the error, a *model.RequestError.
func (s *Session) Can(ctx context.Context, what []model.Access) ([]model.Permission, error) {
	ctx, cancel := s.personal(ctx)
	defer cancel()
	out := make([]model.Permission, len(what))
	failures := make([]error, len(what))
	var wg sync.WaitGroup
	for i, a := range what {
		answer, known, epoch := s.permissions.get(a, s.opts.Clock())
		if known {
			out[i] = answer
			continue
		}
		wg.Go(func() {
			out[i], failures[i] = s.review(ctx, a)
			if failures[i] == nil && out[i].State != model.PermissionUnknown {
				s.permissions.put(out[i], s.opts.Clock().Add(permissionFor), epoch)
			}
		})
	}
	wg.Wait()
	for _, err := range failures {
		if err != nil {
			return out, err
		}
	}
	return out, nil
}

// review asks about one access.
func (s *Session) review(ctx context.Context, a model.Access) (model.Permission, error) {
	out := model.Permission{Access: a}
	failed := func(err error) (model.Permission, error) {
		problem := s.requestError(ctx, "asking what you may do", err)
		out.Reason = problem.Text
		return out, problem
	}
	release, err := s.permissions.running.acquire(ctx)
	if err != nil {
		return failed(err)
	}
	defer release()
	if err := s.reachable(ctx); err != nil {
		return failed(err)
	}
	body, err := json.Marshal(map[string]any{
		"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
		"spec": map[string]any{"resourceAttributes": map[string]string{
			"verb": a.Verb, "group": a.Group, "resource": a.Resource, "subresource": a.Subresource,
			"namespace": a.Namespace, "name": a.Name}}})
	if err != nil {
		return failed(err)
	}
	raw, err := answer(s.client.Post().AbsPath(reviewsPath).SetHeader("Content-Type", acceptJSON).
		SetHeader("Accept", acceptJSON).MaxRetries(0).Body(body).DoRaw(ctx))
	if err != nil {
		return failed(err)
	}
	var review struct {
		Status *struct {
			Allowed         bool   `json:"allowed"`
			Denied          bool   `json:"denied"`
			Reason          string `json:"reason"`
			EvaluationError string `json:"evaluationError"`
		} `json:"status"`
	}
	if err := json.Unmarshal(raw, &review); err != nil {
		return failed(fmt.Errorf("the answer makes no sense: %w", err))
	}
	if review.Status == nil {
		return failed(errors.New("the answer has no status"))
	}
	out.Reason = oneLine(review.Status.Reason)
	switch st := review.Status; {
	case st.Allowed:
		out.State = model.PermissionAllowed
	case !st.Denied && st.EvaluationError != "":
		// An authorizer that could not be asked might have allowed it.
		out.Reason = oneLine(st.EvaluationError)
	default:
		out.State = model.PermissionDenied
	}
	return out, nil
}
