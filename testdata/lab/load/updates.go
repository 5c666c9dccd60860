package load

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tenantry/lab/cluster"
)

// An UpdateReport says what Update did and where the cluster stands after it.
type UpdateReport struct {
	Made            int64   `json:"made"`
	Failed          int64   `json:"failed"`
	LastError       string  `json:"lastError,omitempty"`
	Seconds         float64 `json:"seconds"`
	Rate            float64 `json:"rate"`
	ResourceVersion string  `json:"resourceVersion"`
	// Digest is over States, one line each, in order.
	Digest string  `json:"digest"`
	States []State `json:"-"`
}

// A State is what a watcher should hold of one object in the end.
type State struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Ready     string `json:"ready,omitempty"` // of a Kustomization
	Reason    string `json:"reason,omitempty"`
	Revision  string `json:"revision,omitempty"`
	Available int64  `json:"available"` // of a Deployment
	Version   string `json:"resourceVersion"`
}

func (s State) line() string {
	return fmt.Sprintf("%s/%s/%s %s %s %s %d", s.Kind, s.Namespace, s.Name, s.Ready, s.Reason, s.Revision, s.Available)
}

// Update writes statuses of loaded objects at the given rate for a while.
func Update(ctx context.Context, api *cluster.Client, etcd *store, rate int, length time.Duration) (UpdateReport, error) {
	targets, err := loaded(ctx, api)
	if err != nil {
		return UpdateReport{}, err
	}
	if len(targets) == 0 {
		return UpdateReport{}, fmt.Errorf("nothing is loaded: run lab load first")
	}
	var report UpdateReport
	var lastError atomic.Value
	// Each worker has objects of its own, so no two write the same one.
	var jobs [workers]chan int
	var wg sync.WaitGroup
	for w := range jobs {
		jobs[w] = make(chan int, 4)
		wg.Add(1)
		go func() {
			defer wg.Done()
			for n := range jobs[w] {
				mine := (len(targets) - w + workers - 1) / workers
				if mine <= 0 {
					continue
				}
				if err := targets[w+workers*rand.IntN(mine)].touch(ctx, etcd, n); err != nil {
					atomic.AddInt64(&report.Failed, 1)
					lastError.Store(err.Error())
					continue
				}
				atomic.AddInt64(&report.Made, 1)
			}
		}()
	}
	start := time.Now()
	pace(ctx, rate, length, func(n int, over <-chan struct{}) {
		select {
		case jobs[n%workers] <- n:
		case <-over:
		}
	})
	for _, j := range jobs {
		close(j)
	}
	wg.Wait()
	report.Seconds = time.Since(start).Seconds()
	report.Rate = float64(report.Made) / report.Seconds
	report.LastError, _ = lastError.Load().(string)
	return report, report.settle(ctx, api)
}

// pace calls send at the rate until the time is over. What cannot keep up gets
// fewer calls, never a queue to work off afterwards.
func pace(ctx context.Context, rate int, length time.Duration, send func(n int, over <-chan struct{})) {
	ctx, cancel := context.WithTimeout(ctx, length)
	defer cancel()
	start, sent := time.Now(), 0
	// Bursts: finer timers cost more than they give.
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
		for due := int(time.Since(start).Seconds() * float64(rate)); sent < due && ctx.Err() == nil; sent++ {
			send(sent, ctx.Done())
		}
	}
}

// settle records what the server holds in the end.
func (r *UpdateReport) settle(ctx context.Context, api *cluster.Client) error {
	for _, k := range kinds[:2] {
		items, err := api.List(ctx, k.apiVersion, k.kind, "", "labelSelector="+Label)
		if err != nil {
			return err
		}
		for _, o := range items {
			ready := o.Condition("Ready")
			r.States = append(r.States, State{
				Kind: k.kind, Namespace: o.Str("metadata", "namespace"), Name: o.Str("metadata", "name"),
				Ready: ready.Status, Reason: ready.Reason, Revision: o.Str("status", "lastAppliedRevision"),
				Available: o.Num("status", "availableReplicas"), Version: o.Str("metadata", "resourceVersion"),
			})
		}
	}
	slices.SortFunc(r.States, func(a, b State) int { return strings.Compare(a.line(), b.line()) })
	h := sha256.New()
	for _, s := range r.States {
		fmt.Fprintln(h, s.line())
	}
	r.Digest = hex.EncodeToString(h.Sum(nil))
	var err error
	r.ResourceVersion, err = resourceVersion(ctx, api)
	return err
}

// A target is a loaded object as it stands.
type target struct {
	ref    cluster.Ref
	object cluster.Object
}

func loaded(ctx context.Context, api *cluster.Client) ([]*target, error) {
	var out []*target
	for _, k := range kinds[:2] {
		items, err := api.List(ctx, k.apiVersion, k.kind, "", "labelSelector="+Label)
		if err != nil {
			return nil, err
		}
		for _, o := range items {
			// Items of a built-in kind's list do not say what they are, and
			// what is stored does not hold its own resourceVersion.
			o["apiVersion"], o["kind"] = k.apiVersion, k.kind
			delete(o["metadata"].(map[string]any), "resourceVersion")
			out = append(out, &target{o.Ref(), o})
		}
	}
	return out, nil
}

// touch changes an object's status to something a screen would show.
func (t *target) touch(ctx context.Context, etcd *store, n int) error {
	status, ok := t.object["status"].(map[string]any)
	if !ok {
		status = map[string]any{}
		t.object["status"] = status
	}
	if t.ref.Kind == "Deployment" {
		ready := n % 3
		status["availableReplicas"], status["readyReplicas"], status["unavailableReplicas"] = ready, ready, 2-ready
	} else {
		rev := revision(n)
		cond := condition("Ready", "True", "ReconciliationSucceeded", "Applied revision: "+rev, time.Now())
		if n%20 == 0 {
			cond = condition("Ready", "False", "HealthCheckFailed", "health check failed after 30s: timeout waiting for: [Deployment/"+t.ref.Namespace+"/web status: 'InProgress']", time.Now())
		}
		status["conditions"], status["lastAppliedRevision"], status["lastAttemptedRevision"] = []any{cond}, rev, rev
	}
	// The API server reads JSON where it writes protobuf.
	body, err := json.Marshal(t.object)
	if err != nil {
		return err
	}
	return etcd.put(ctx, t.ref, body)
}
