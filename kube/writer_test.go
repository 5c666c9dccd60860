package kube_test

import (
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube"
	"tenantry/kube/demo"
	"tenantry/kube/demo/api"
	"tenantry/model"
)

// writer is a session on an embedded cluster with one Kustomization in each of
// two namespaces, both of the same name.
type writer struct {
	t       *testing.T
	cluster *demo.Cluster
	session *kube.Session
	sent    *sent
}

// sent records what left the session.
type sent struct {
	mu   sync.Mutex
	seen []string
	next http.RoundTripper
}

func (s *sent) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	if r.Method != http.MethodGet {
		s.seen = append(s.seen, r.Method+" "+r.URL.Path)
	}
	next := s.next
	s.mu.Unlock()
	return next.RoundTrip(r)
}

// through puts something in the way of requests.
func (s *sent) through(wrap func(next http.RoundTripper) roundTrip) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next = wrap(s.next)
}

// writes are the requests that could have written something.
func (s *sent) writes() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for _, r := range s.seen {
		if !strings.Contains(r, "/selfsubject") {
			out = append(out, r)
		}
	}
	return out
}

func newWriter(t *testing.T, opts kube.Options) *writer {
	t.Helper()
	w := &writer{t: t, cluster: demo.NewCluster(demo.Options{Kinds: true}), sent: &sent{}}
	client := w.cluster.Client("test")
	for _, ns := range []string{"dev", "stage"} {
		w.create(client.Create(map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": ns}}))
		w.create(client.Create(kustomization(ns)))
	}
	config := w.cluster.Config()
	w.sent.next = config.Transport
	config.Transport = w.sent
	session, err := kube.Open(t.Context(), config, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(session.Close)
	w.session = session
	return w
}

var kustomizations = schema.GroupKind{Group: "kustomize.toolkit.fluxcd.io", Kind: "Kustomization"}

func (w *writer) create(_ api.Object, err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func kustomization(ns string) map[string]any {
	return map[string]any{"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization",
		"metadata": map[string]any{"name": "app", "namespace": ns},
		"spec": map[string]any{"interval": "10m", "prune": true, "path": "./",
			"sourceRef": map[string]any{"kind": "GitRepository", "name": "app"}}}
}

// object reads a Kustomization past the session.
func (w *writer) object(ns string) map[string]any {
	w.t.Helper()
	o, err := w.cluster.Client("test").Get(kustomizations, ns, "app")
	if err != nil {
		w.t.Fatal(err)
	}
	return o
}

func field(o map[string]any, path ...string) any {
	var at any = o
	for _, p := range path {
		m, _ := at.(map[string]any)
		at = m[p]
	}
	return at
}

// suspend is a write to dev/app as it is now.
func (w *writer) suspend() model.Write {
	o := w.object("dev")
	return model.Write{Ref: model.ObjectRef{Group: "kustomize.toolkit.fluxcd.io", Kind: "Kustomization", Namespace: "dev", Name: "app"},
		UID: field(o, "metadata", "uid").(string), Generation: 1, Body: []byte(`{"spec":{"suspend":true}}`)}
}

func (w *writer) do(write model.Write) (*model.Written, *model.WriteError) {
	w.t.Helper()
	written, err := w.session.Do(w.t.Context(), write)
	var problem *model.WriteError
	if err != nil && !errors.As(err, &problem) {
		w.t.Fatalf("%T is no WriteError: %v", err, err)
	}
	return written, problem
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
