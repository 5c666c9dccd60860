package demo_test

import (
	"context"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"k8s.io/client-go/rest"

	"tenantry/kube/demo"
)

func ask(t *testing.T, cfg *rest.Config, path string) (int, string) {
	t.Helper()
	client, err := rest.HTTPClientFor(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", demo.Host+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

func TestOpenLivesAndEnds(t *testing.T) {
	before := runtime.NumGoroutine()
	cfg, end := demo.Open(demo.CompanyOptions{Seed: 1, Speed: 20, Log: func(s string) { t.Error(s) }})
	code, body := ask(t, cfg, "/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations?watch=true&timeoutSeconds=2&resourceVersion=0")
	if code != 200 || !strings.Contains(body, `"type":"MODIFIED"`) {
		t.Errorf("nothing moved in two seconds at speed 20: %d, %d bytes", code, len(body))
	}
	end()
	end() // harmless
	eventually(t, "its goroutines are gone", func() bool { return runtime.NumGoroutine() <= before+2 })
}

func TestTenantsSeeTheirOwn(t *testing.T) {
	c := demo.NewCompany(demo.CompanyOptions{Seed: 1, Manual: true})
	defer c.Close()
	dev := c.Cluster.ConfigFor(demo.TenantToken)
	for path, want := range map[string]int{
		"/apis/apps/v1/namespaces/fluxdemo-dev/deployments":                               200,
		"/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/fluxdemo-dev/kustomizations":     200,
		"/apis/apps/v1/namespaces/fluxdemo-prod/deployments":                              403,
		"/apis/apps/v1/deployments":                                                       403,
		"/api/v1/namespaces/fluxdemo-dev/secrets":                                         403,
		"/apis/fluxcd.controlplane.io/v1/namespaces/flux-system/fluxinstances":            403,
		"/apis/fluxcd.controlplane.io/v1/namespaces/flux-system/fluxinstances?watch=true": 403,
	} {
		if code, body := ask(t, dev, path); code != want {
			t.Errorf("%s: %d %.200s, want %d", path, code, body, want)
		}
	}
}
