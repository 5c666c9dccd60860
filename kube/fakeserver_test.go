package kube

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"k8s.io/client-go/rest"

	"tenantry/model"
)

// fakeServer answers lists and watches of JSON objects as far as these tests
// need it; what a real API server does is tested on the lab.
type fakeServer struct {
	*httptest.Server
	mu       sync.Mutex
	version  int
	objects  map[string]map[string]string // path of the collection → name → JSON
	denied   func(verb, path string) bool
	absent   map[string]bool // collections that answer 404
	groups   map[string]string
	rules    string
	down     bool
	changed  chan struct{} // closed and replaced at every change
	requests []*http.Request
	events   map[string][]string
}

func newFakeServer(t *testing.T) *fakeServer {
	s := &fakeServer{version: 10, objects: map[string]map[string]string{}, absent: map[string]bool{}, groups: map[string]string{},
		rules: `[]`, changed: make(chan struct{}), events: map[string][]string{}}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	t.Cleanup(func() { s.change(func() {}) })
	return s
}

func (s *fakeServer) change(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
	close(s.changed)
	s.changed = make(chan struct{})
}

// set creates or replaces an object; extra is JSON members of the object.
func (s *fakeServer) set(path, namespace, name, extra string) {
	s.change(func() {
		s.version++
		o := fmt.Sprintf(`{"metadata":{"name":%q,"namespace":%q,"uid":"u-%s","resourceVersion":"%d"}%s}`, name, namespace, name, s.version, extra)
		if s.objects[path] == nil {
			s.objects[path] = map[string]string{}
		}
		typ := "MODIFIED"
		if s.objects[path][namespace+"/"+name] == "" {
			typ = "ADDED"
		}
		s.objects[path][namespace+"/"+name] = o
		s.events[path] = append(s.events[path], `{"type":"`+typ+`","object":`+o+`}`)
	})
}

func (s *fakeServer) remove(path, namespace, name string) {
	s.change(func() {
		o := s.objects[path][namespace+"/"+name]
		delete(s.objects[path], namespace+"/"+name)
		s.events[path] = append(s.events[path], `{"type":"DELETED","object":`+o+`}`)
	})
}

func (s *fakeServer) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.requests = append(s.requests, r.Clone(r.Context()))
	down := s.down
	s.mu.Unlock()
	if down {
		panic(http.ErrAbortHandler)
	}
	switch {
	case r.URL.Path == "/version":
		_, _ = io.WriteString(w, `{"gitVersion":"v1.99.0"}`)
	case r.URL.Path == "/readyz":
		_, _ = io.WriteString(w, `ok`)
	case r.URL.Path == rulesPath:
		s.mu.Lock()
		defer s.mu.Unlock()
		_, _ = fmt.Fprintf(w, `{"status":{"resourceRules":%s}}`, s.rules)
	default:
		s.collection(w, r)
	}
}

func fail(w http.ResponseWriter, code int, reason, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_, _ = fmt.Fprintf(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","code":%d,"reason":%q,"message":%q}`, code, reason, message)
}

func (s *fakeServer) collection(w http.ResponseWriter, r *http.Request) {
	path, namespace := r.URL.Path, ""
	if before, after, ok := strings.Cut(path, "/namespaces/"); ok {
		if ns, resource, ok := strings.Cut(after, "/"); ok {
			path, namespace = before+"/"+resource, ns
		}
	}
	verb := "list"
	if r.URL.Query().Get("watch") == "true" {
		verb = "watch"
	}
	s.mu.Lock()
	denied := s.denied != nil && s.denied(verb, r.URL.Path)
	absent, group := s.absent[path], s.groups[path]
	s.mu.Unlock()
	switch {
	case denied:
		fail(w, http.StatusForbidden, "Forbidden", "you cannot "+verb+" "+r.URL.Path)
	case group != "":
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, group)
	case absent:
		fail(w, http.StatusNotFound, "NotFound", "the server could not find the requested resource")
	case verb == "watch":
		s.watch(w, r, path, namespace)
	default:
		s.list(w, path, namespace)
	}
}

func (s *fakeServer) list(w http.ResponseWriter, path, namespace string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	items := []string{}
	for key, o := range s.objects[path] {
		if namespace == "" || strings.HasPrefix(key, namespace+"/") {
			items = append(items, o)
		}
	}
	slices.Sort(items)
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"kind":"List","items":[%s],"metadata":{"resourceVersion":"%d"}}`, strings.Join(items, ","), s.version)
}

func (s *fakeServer) watch(w http.ResponseWriter, r *http.Request, path, namespace string) {
	w.Header().Set("Content-Type", "application/json")
	var from int
	_, _ = fmt.Sscan(r.URL.Query().Get("resourceVersion"), &from)
	w.WriteHeader(http.StatusOK)
	w.(http.Flusher).Flush()
	for at := 0; ; {
		s.mu.Lock()
		events, changed, down := slices.Clone(s.events[path][min(at, len(s.events[path])):]), s.changed, s.down || s.absent[path]
		at = len(s.events[path])
		s.mu.Unlock()
		for _, e := range events {
			var v struct {
				Object struct {
					Metadata struct{ Namespace, ResourceVersion string } `json:"metadata"`
				} `json:"object"`
			}
			_ = json.Unmarshal([]byte(e), &v)
			var version int
			_, _ = fmt.Sscan(v.Object.Metadata.ResourceVersion, &version)
			if (namespace == "" || v.Object.Metadata.Namespace == namespace) && (version > from || strings.Contains(e, "DELETED")) {
				_, _ = io.WriteString(w, e+"\n")
			}
		}
		w.(http.Flusher).Flush()
		if down {
			panic(http.ErrAbortHandler)
		}
		select {
		case <-changed:
		case <-r.Context().Done():
			return
		}
	}
}

// asked counts the requests for a path.
func (s *fakeServer) asked(path string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.requests {
		if r.URL.Path == path {
			n++
		}
	}
	return n
}

// poll waits for something no batch tells of.
func poll(t *testing.T, what string, done func() bool) {
	t.Helper()
	ctx, cancel := contextWithDeadline(t)
	defer cancel()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for !done() {
		select {
		case <-ctx.Done():
			t.Fatal("waiting until " + what)
		case <-ticker.C:
		}
	}
}

// reader collects what a session delivers.
type reader struct {
	t       *testing.T
	session *Session
	objects map[model.Key]*model.Object
	scopes  map[string]model.ScopeStatus
	conn    model.Connection
}

func openSession(t *testing.T, s *fakeServer, opts Options) *reader {
	t.Helper()
	config := &rest.Config{Host: s.URL}
	Prepare(config, "test")
	session, err := Open(t.Context(), config, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(session.Close)
	return &reader{t: t, session: session, objects: map[model.Key]*model.Object{}, scopes: map[string]model.ScopeStatus{}}
}

// until reads batches until the condition holds; the test's deadline is the
// limit.
func (r *reader) until(what string, done func() bool) {
	r.t.Helper()
	for !done() {
		ctx, cancel := contextWithDeadline(r.t)
		b, err := r.session.Next(ctx)
		cancel()
		if err != nil {
			r.t.Fatalf("waiting until %s: %v; scopes %s, connection %+v", what, err, show(r.scopes), r.conn)
		}
		for _, c := range b.Changes {
			if r.objects[c.Key] = c.Object; c.Object == nil {
				delete(r.objects, c.Key)
			}
		}
		for _, s := range b.Scopes {
			key := s.Kind.String() + "/" + s.Namespace
			if r.scopes[key] = s; s.Removed {
				delete(r.scopes, key)
			}
		}
		if b.Conn != nil {
			r.conn = *b.Conn
		}
	}
}

// complete reports whether every scope has an answer.
func (r *reader) complete() bool {
	for _, s := range r.scopes {
		if s.State == model.ScopeSyncing {
			return false
		}
	}
	return len(r.scopes) > 0
}

func (r *reader) scopeIs(key string, state model.ScopeState) func() bool {
	return func() bool { s, ok := r.scopes[key]; return ok && s.State == state }
}

func (r *reader) has(kind model.Kind, namespace, name string) bool {
	return r.objects[model.Key{Kind: kind, Namespace: namespace, Name: name}] != nil
}
