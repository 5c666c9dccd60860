package load

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"tenantry/lab/cluster"
)

// A Weight is what one kind's list weighs as JSON.
type Weight struct {
	Kind    string  `json:"kind"`
	Objects int     `json:"objects"`
	Bytes   int     `json:"bytes"`
	Seconds float64 `json:"seconds"`
}

// A Report is the size of a load and how long its bare download takes.
type Report struct {
	Tenants         int       `json:"tenants"`
	Profile         string    `json:"profile"`
	CreateSeconds   float64   `json:"createSeconds"`
	Kinds           []Weight  `json:"kinds"`
	Objects         int       `json:"objects"`
	Bytes           int       `json:"bytes"`
	Parallel        int       `json:"parallel"`        // requests at once while downloading
	DownloadSeconds float64   `json:"downloadSeconds"` // the best of Tries
	Tries           []float64 `json:"tries"`
	ResourceVersion string    `json:"resourceVersion"`
}

var kinds = []struct{ apiVersion, kind string }{
	{kustomizeV1, "Kustomization"}, {"apps/v1", "Deployment"}, {sourceV1, "GitRepository"},
	{"v1", "Namespace"}, {"v1", "ServiceAccount"}, {rbacV1, "RoleBinding"},
}

var fullKinds = []struct{ apiVersion, kind string }{{"apps/v1", "ReplicaSet"}, {helmV2, "HelmRelease"}, {"v1", "Secret"}}

const parallel = 6

// Measure downloads every list three times: the first one warms the server up,
// and what is asked for is what the wire allows.
func Measure(ctx context.Context, api *cluster.Client, full bool) (Report, error) {
	var best Report
	var tries []float64
	for range 3 {
		report, err := download(ctx, api, full)
		if err != nil {
			return Report{}, err
		}
		tries = append(tries, report.DownloadSeconds)
		if best.Kinds == nil || report.DownloadSeconds < best.DownloadSeconds {
			best = report
		}
	}
	best.Tries = tries
	return best, nil
}

// download fetches every kind's list, six at a time, the largest first.
func download(ctx context.Context, api *cluster.Client, full bool) (Report, error) {
	all := kinds
	report := Report{Profile: "plain", Parallel: parallel}
	if full {
		all, report.Profile = append(fullKinds[:1:1], append(kinds, fullKinds[1:]...)...), "full"
	}
	report.Kinds = make([]Weight, len(all))
	errs := make([]error, len(all))
	slots := make(chan struct{}, parallel)
	var wg sync.WaitGroup
	start := time.Now()
	for i, k := range all {
		slots <- struct{}{}
		wg.Add(1)
		go func() {
			defer func() { <-slots; wg.Done() }()
			began := time.Now()
			var body []byte
			errs[i] = api.Do(ctx, http.MethodGet, cluster.CollectionPath(k.apiVersion, k.kind, ""), "", nil, &body)
			// Each object has one resourceVersion, and the list has one too.
			report.Kinds[i] = Weight{k.kind, bytes.Count(body, []byte(`"resourceVersion":`)) - 1, len(body), time.Since(began).Seconds()}
		}()
	}
	wg.Wait()
	report.DownloadSeconds = time.Since(start).Seconds()
	for i, w := range report.Kinds {
		if errs[i] != nil {
			return Report{}, fmt.Errorf("listing %s: %w", cluster.Resource(w.Kind), errs[i])
		}
		report.Objects += w.Objects
		report.Bytes += w.Bytes
	}
	version, err := resourceVersion(ctx, api)
	report.ResourceVersion = version
	return report, err
}

// resourceVersion is where the server stands now.
func resourceVersion(ctx context.Context, api *cluster.Client) (string, error) {
	var list cluster.Object
	if err := api.Do(ctx, http.MethodGet, "/api/v1/namespaces?limit=1", "", nil, &list); err != nil {
		return "", err
	}
	return list.Str("metadata", "resourceVersion"), nil
}
