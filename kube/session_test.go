package kube

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"k8s.io/client-go/rest"

	"tenantry/model"
)

func TestMain(m *testing.M) {
	Quiet(io.Discard)
	m.Run()
}

func contextWithDeadline(t *testing.T) (context.Context, context.CancelFunc) {
	return context.WithTimeout(t.Context(), 20*time.Second)
}

const (
	deployments    = "/apis/apps/v1/deployments"
	kustomizations = "/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations"
	buckets        = "/apis/source.toolkit.fluxcd.io/v1/buckets"
	leases         = "/apis/coordination.k8s.io/v1/leases"
	namespacesPath = "/api/v1/namespaces"
)

func TestSessionFollowsACluster(t *testing.T) {
	s := newFakeServer(t)
	s.set(kustomizations, "a", "one", "")
	s.set(leases, "flux-system", "source-controller", "")
	s.set(leases, "kube-node-lease", "node", "")
	s.set(deployments, "flux-system", "source-controller", `,"labels":{}`)
	s.mu.Lock()
	s.objects[deployments]["flux-system/source-controller"] = `{"metadata":{"name":"source-controller","namespace":"flux-system","resourceVersion":"9","labels":{"app.kubernetes.io/part-of":"flux"}}}`
	s.mu.Unlock()
	r := openSession(t, s, Options{Epoch: 3})
	r.until("complete", r.complete)
	if r.conn.State != model.ConnLive || r.conn.Version != "v1.99.0" || len(r.conn.Namespaces) != 0 {
		t.Errorf("connection: %+v", r.conn)
	}
	if !r.has(model.Kustomization, "a", "one") {
		t.Error("the Kustomization is missing")
	}
	if !r.has(model.Lease, "flux-system", "source-controller") || r.has(model.Lease, "kube-node-lease", "node") {
		t.Error("Leases are read in Flux's namespaces, and only there")
	}
	s.set(kustomizations, "a", "two", "")
	s.remove(kustomizations, "a", "one")
	r.until("two instead of one", func() bool {
		return r.has(model.Kustomization, "a", "two") && !r.has(model.Kustomization, "a", "one")
	})
}

func TestSessionSurvivesALostServer(t *testing.T) {
	s := newFakeServer(t)
	s.set(kustomizations, "a", "one", "")
	r := openSession(t, s, Options{})
	r.until("complete", r.complete)
	s.change(func() { s.down = true })
	began := time.Now()
	r.until("lost", func() bool {
		return r.conn.State == model.ConnLost && r.scopes["Kustomization/"].State == model.ScopeStale
	})
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("said after %v", took)
	}
	if r.conn.Err == "" || r.conn.RetryAt == 0 || !r.has(model.Kustomization, "a", "one") {
		t.Errorf("what was known is kept and the reason said: %+v", r.conn)
	}
	s.change(func() { s.down = false })
	s.set(kustomizations, "a", "two", "")
	began = time.Now()
	r.until("live", func() bool {
		return r.conn.State == model.ConnLive && r.scopes["Kustomization/"].State == model.ScopeSynced && r.has(model.Kustomization, "a", "two")
	})
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("right again after %v", took)
	}
}

func TestSessionFallsBackToTheContextsNamespace(t *testing.T) {
	s := newFakeServer(t)
	s.set(kustomizations, "mine", "one", "")
	s.denied = func(_, path string) bool {
		return !strings.Contains(path, "/namespaces/mine/") || strings.HasSuffix(path, "/secrets")
	}
	r := openSession(t, s, Options{Secrets: true, DefaultNamespace: "mine"})
	r.until("complete", func() bool {
		return r.complete() && r.scopeIs("Kustomization/mine", model.ScopeSynced)() && r.scopeIs("Secret/mine", model.ScopeDenied)()
	})
	equal(t, "namespaces", r.conn.Namespaces, []string{"mine"})
	if r.conn.NamespacesReason == "" || !r.has(model.Kustomization, "mine", "one") {
		t.Errorf("%+v", r.conn)
	}
	if d := r.scopes["Kustomization/"]; d.State != model.ScopeDenied || d.Verb != "list" || d.Message == "" {
		t.Errorf("the refusal is kept: %+v", d)
	}
}

func TestSessionReadsTheNamespacesItCanList(t *testing.T) {
	s := newFakeServer(t)
	s.set(namespacesPath, "", "b", "")
	s.set(kustomizations, "b", "one", "")
	s.denied = func(_, path string) bool { return path != namespacesPath && !strings.Contains(path, "/namespaces/") }
	r := openSession(t, s, Options{})
	r.until("b is read", func() bool { return r.complete() && r.has(model.Kustomization, "b", "one") })
	equal(t, "namespaces", r.conn.Namespaces, []string{"b"})
}

func TestSessionKeepsToTheNamespacesAsked(t *testing.T) {
	s := newFakeServer(t)
	s.set(kustomizations, "b", "one", "")
	s.set(kustomizations, "c", "two", "")
	r := openSession(t, s, Options{Namespaces: []string{"b"}})
	r.until("complete", func() bool { return r.complete() && r.conn.State == model.ConnLive })
	if !r.has(model.Kustomization, "b", "one") || r.has(model.Kustomization, "c", "two") {
		t.Errorf("%s", show(r.objects))
	}
}

func TestSessionDoesNotNarrowWithAllNamespaces(t *testing.T) {
	s := newFakeServer(t)
	s.denied = func(_, path string) bool { return !strings.Contains(path, "/namespaces/") }
	r := openSession(t, s, Options{AllNamespaces: true, DefaultNamespace: "mine"})
	r.until("complete", func() bool { return r.complete() && r.conn.State == model.ConnLive })
	for key, status := range r.scopes {
		if status.State != model.ScopeDenied {
			t.Errorf("%s is %s", key, status.State)
		}
	}
}

func TestSessionListsWhereWatchingIsRefused(t *testing.T) {
	s := newFakeServer(t)
	s.set(kustomizations, "a", "one", "")
	s.denied = func(verb, path string) bool { return verb == "watch" && path == kustomizations }
	r := openSession(t, s, Options{})
	r.until("complete", r.complete)
	if st := r.scopes["Kustomization/"]; st.State != model.ScopeSynced || st.Verb != "watch" || !r.has(model.Kustomization, "a", "one") {
		t.Errorf("%+v", st)
	}
	s.set(kustomizations, "a", "two", "")
	s.mu.Lock()
	s.denied = nil
	s.mu.Unlock()
	r.session.Refresh()
	r.until("watched", func() bool {
		return r.scopes["Kustomization/"].Verb == "" && r.has(model.Kustomization, "a", "two")
	})
}

func TestSessionSeesPermissionsChange(t *testing.T) {
	s := newFakeServer(t)
	s.set(kustomizations, "a", "one", "")
	s.rules = `[{"verbs":["*"]}]`
	r := openSession(t, s, Options{rulesEvery: 20 * time.Millisecond})
	r.until("complete", r.complete)
	// Two answers: the first is what later ones are compared with.
	poll(t, "the rules are known", func() bool { return s.asked(rulesPath) > 1 })
	s.mu.Lock()
	s.rules, s.denied = `[]`, func(_, path string) bool { return path == kustomizations }
	s.mu.Unlock()
	r.until("denied", r.scopeIs("Kustomization/", model.ScopeDenied))
	if r.has(model.Kustomization, "a", "one") {
		t.Error("what may not be read any more is not shown as if it were")
	}
	s.mu.Lock()
	s.rules, s.denied = `[{"verbs":["*"]}]`, nil
	s.mu.Unlock()
	r.until("synced again", func() bool {
		return r.scopes["Kustomization/"].State == model.ScopeSynced && r.has(model.Kustomization, "a", "one")
	})
}

func TestSessionSeesKindsComeAndGo(t *testing.T) {
	s := newFakeServer(t)
	s.absent[buckets] = true
	s.absent["/apis/source.toolkit.fluxcd.io"] = true
	r := openSession(t, s, Options{})
	r.until("absent", func() bool { return r.complete() && r.scopes["Bucket/"].State == model.ScopeAbsent })
	s.set(buckets, "a", "one", "")
	s.change(func() { s.absent[buckets] = false })
	s.set(crdPath, "", "buckets.source.toolkit.fluxcd.io", "")
	r.until("synced", func() bool { return r.scopes["Bucket/"].State == model.ScopeSynced && r.has(model.Bucket, "a", "one") })
	s.change(func() { s.absent[buckets] = true })
	s.remove(crdPath, "", "buckets.source.toolkit.fluxcd.io")
	r.until("absent again", func() bool { return r.scopes["Bucket/"].State == model.ScopeAbsent && !r.has(model.Bucket, "a", "one") })
}

func TestSessionReadsOlderVersions(t *testing.T) {
	s := newFakeServer(t)
	old := "/apis/kustomize.toolkit.fluxcd.io/v1beta2/kustomizations"
	s.absent[kustomizations] = true
	s.groups["/apis/kustomize.toolkit.fluxcd.io"] = `{"kind":"APIGroup","versions":[{"version":"v1beta2"},{"version":"v1beta1"}]}`
	s.groups["/apis/kustomize.toolkit.fluxcd.io/v1beta2"] = `{"kind":"APIResourceList","resources":[{"name":"kustomizations"}]}`
	s.set(old, "a", "one", "")
	r := openSession(t, s, Options{})
	r.until("read", func() bool { return r.complete() && r.has(model.Kustomization, "a", "one") })
}

// Without being asked to, a session never asks for Secrets at all.
func TestSecretsAreNotReadUnasked(t *testing.T) {
	s := newFakeServer(t)
	r := openSession(t, s, Options{})
	r.until("complete", r.complete)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, req := range s.requests {
		if strings.Contains(req.URL.Path, "secrets") {
			t.Errorf("asked for %s", req.URL)
		}
	}
}

// TestSecretsAreAskedForAsMetadataOnly is Invariant 1 for what this package
// asks and keeps.
func TestSecretsAreAskedForAsMetadataOnly(t *testing.T) {
	s := newFakeServer(t)
	s.set("/api/v1/secrets", "a", "one", `,"data":{"password":"Y2FuYXJ5"}`)
	s.mu.Lock()
	s.objects["/api/v1/secrets"]["a/one"] = `{"metadata":{"name":"one","namespace":"a","resourceVersion":"9",
		"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"canary"},
		"managedFields":[{"manager":"m","fieldsV1":{"f:data":{".":{},"f:password":{},"f:username":{}}}}]},"data":{"password":"canary"}}`
	s.mu.Unlock()
	r := openSession(t, s, Options{Secrets: true})
	r.until("complete", r.complete)
	o := r.objects[model.Key{Kind: model.Secret, Namespace: "a", Name: "one"}]
	if strings.Contains(show(o), "canary") || strings.Contains(show(o), "Y2FuYXJ5") || o.Annotations != nil {
		t.Errorf("data survived: %s", show(o))
	}
	equal(t, "keys", o.Detail, &model.SecretDetail{Keys: []string{"password", "username"}})
	s.mu.Lock()
	defer s.mu.Unlock()
	seen := 0
	for _, req := range s.requests {
		if !strings.Contains(req.URL.Path, "secrets") {
			continue
		}
		seen++
		for _, accept := range strings.Split(req.Header.Get("Accept"), ",") {
			if !strings.Contains(accept, ";as=PartialObjectMetadata") || !strings.Contains(accept, ";g=meta.k8s.io;v=v1") {
				t.Errorf("%s accepts %q", req.URL, accept)
			}
		}
		if got := req.URL.Query().Get("fieldSelector"); got != "type!=helm.sh/release.v1,type!=kubernetes.io/service-account-token" {
			t.Errorf("%s has the selector %q", req.URL, got)
		}
	}
	if seen < 2 {
		t.Errorf("%d requests for secrets, want a list and a watch", seen)
	}
}

func TestSessionSaysThatALoginHasExpired(t *testing.T) {
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fail(w, http.StatusUnauthorized, "Unauthorized", "Unauthorized")
	}))
	defer refusing.Close()
	r := openSession(t, &fakeServer{Server: refusing}, Options{})
	r.until("lost", func() bool { return r.conn.State == model.ConnLost })
	if !strings.Contains(r.conn.Err, "401") || !strings.Contains(r.conn.Err, "log in") {
		t.Error(r.conn.Err)
	}
}

func TestClosedSession(t *testing.T) {
	s := newFakeServer(t)
	session, err := Open(context.Background(), &rest.Config{Host: s.URL}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	session.Close()
	for {
		if _, err := session.Next(context.Background()); err != nil {
			if err != ErrClosed {
				t.Error(err)
			}
			return
		}
	}
}
