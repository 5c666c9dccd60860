package load

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
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
func Update(ctx context.Context, api *cluster.Client, rate int, length time.Duration) (UpdateReport, error) {
	targets, err := loaded(ctx, api)
	if err != nil {
		return UpdateReport{}, err
	}
	if len(targets) == 0 {
		return UpdateReport{}, fmt.Errorf("nothing is loaded: run lab load first")
	}
	var report UpdateReport
	var lastError atomic.Value
	jobs := make(chan int, rate)
	var wg sync.WaitGroup
	for range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for n := range jobs {
				if err := touch(ctx, api, targets[rand.IntN(len(targets))], n); err != nil {
					atomic.AddInt64(&report.Failed, 1)
					lastError.Store(err.Error())
					continue
				}
				atomic.AddInt64(&report.Made, 1)
			}
		}()
	}
	start := time.Now()
	// Ten small bursts a second: finer timers cost more than they give.
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	sent := 0
	for time.Since(start) < length && ctx.Err() == nil {
		<-tick.C
		for due := int(time.Since(start).Seconds() * float64(rate)); sent < due; sent++ {
			jobs <- sent
		}
	}
	close(jobs)
	wg.Wait()
	report.Seconds = time.Since(start).Seconds()
	report.Rate = float64(report.Made) / report.Seconds
	report.LastError, _ = lastError.Load().(string)
	return report, report.settle(ctx, api)
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

func loaded(ctx context.Context, api *cluster.Client) ([]cluster.Ref, error) {
	var out []cluster.Ref
	for _, k := range kinds[:2] {
		items, err := api.List(ctx, k.apiVersion, k.kind, "", "labelSelector="+Label)
		if err != nil {
			return nil, err
		}
		for _, o := range items {
			// Items of a list of a built-in kind do not repeat their kind.
			out = append(out, cluster.Ref{APIVersion: k.apiVersion, Kind: k.kind, Namespace: o.Str("metadata", "namespace"), Name: o.Str("metadata", "name")})
		}
	}
	return out, nil
}

// touch changes one object's status to something a screen would show.
func touch(ctx context.Context, api *cluster.Client, r cluster.Ref, n int) error {
	now := time.Now()
	if r.Kind == "Deployment" {
		return api.Merge(ctx, r, "status", "kube-controller-manager", map[string]any{"status": map[string]any{
			"availableReplicas": n % 3, "readyReplicas": n % 3, "unavailableReplicas": 2 - min(n%3, 2),
		}})
	}
	rev := revision(n)
	cond := condition("Ready", "True", "ReconciliationSucceeded", "Applied revision: "+rev, now)
	if n%20 == 0 {
		cond = condition("Ready", "False", "HealthCheckFailed", "health check failed after 30s: timeout waiting for: [Deployment/"+r.Namespace+"/web status: 'InProgress']", now)
	}
	return api.Merge(ctx, r, "status", "kustomize-controller", map[string]any{"status": map[string]any{
		"conditions": []any{cond}, "lastAppliedRevision": rev, "lastAttemptedRevision": rev,
	}})
}
