package kube

import (
	"net/http"
	"testing"
)

// What a read-only session lets through, also behind a proxy that serves
// several clusters under paths of its own.
func TestReadOnlyLetsReadsAndReviewsThrough(t *testing.T) {
	const reviews = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
	const object = "/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/dev/kustomizations/app"
	for _, tt := range []struct {
		base, method, path string
		passes             bool
	}{
		{"", http.MethodGet, object, true},
		{"", http.MethodPost, reviews, true},
		{"/", http.MethodPost, reviews, true},
		{"/k8s/clusters/c-1", http.MethodPost, "/k8s/clusters/c-1" + reviews, true},
		{"/k8s/clusters/c-1/", http.MethodPost, "/k8s/clusters/c-1/apis/authentication.k8s.io/v1/selfsubjectreviews", true},
		{"/k8s/clusters/c-1", http.MethodGet, "/k8s/clusters/c-1" + object, true},
		{"/k8s/clusters/c-1", http.MethodPost, reviews, false}, // not this cluster's
		{"/k8s/clusters/c-1", http.MethodPatch, "/k8s/clusters/c-1" + object, false},
		{"/k8s/clusters/c-1", http.MethodPost, "/k8s/clusters/c-1/api/v1/namespaces/dev/events", false},
		{"/k8s/clusters/c-1", http.MethodGet, "/k8s/clusters/c-1/api/v1/namespaces/dev/pods/web/exec", false},
		{"/pods/x", http.MethodGet, "/pods/x" + object, true},
		{"", http.MethodPost, "/authorization.k8s.io/v1/selfsubjectaccessreviews", false},
		{"", http.MethodPost, "/x/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", false},
		{"", http.MethodDelete, object, false},
	} {
		passed := false
		next := transportFunc(func(*http.Request) (*http.Response, error) { passed = true; return &http.Response{}, nil })
		req, err := http.NewRequest(tt.method, "https://example"+tt.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = readOnly{next, tt.base}.RoundTrip(req)
		if passed != tt.passes || (err == nil) != tt.passes {
			t.Errorf("%s %s behind %q: passed %v, %v", tt.method, tt.path, tt.base, passed, err)
		}
	}
}

type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
