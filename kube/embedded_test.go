package kube

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo"
	"tenantry/kube/demo/api"
	"tenantry/model"
)

// embedded is a session on an embedded cluster, and the store it fills. The
// cluster has the namespaces a and b with objects of the same names, and user
// dev, who may do what a test grants.
type embedded struct {
	t       *testing.T
	cluster *demo.Cluster
	admin   *api.Client
	session *Session
	store   *model.Store
	seen    *seen
}

// seen records what a session asked for.
type seen struct {
	next http.RoundTripper

	mu       sync.Mutex
	requests []*http.Request
	reviews  int // under way
	most     int // at once
}

func (s *seen) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.requests = append(s.requests, r)
	review := r.URL.Path == reviewsPath
	if review {
		s.reviews++
		s.most = max(s.most, s.reviews)
	}
	s.mu.Unlock()
	resp, err := s.next.RoundTrip(r)
	if review {
		s.mu.Lock()
		s.reviews--
		s.mu.Unlock()
	}
	return resp, err
}

// of returns the requests whose URL contains part.
func (s *seen) of(part string) (out []*http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.requests {
		if strings.Contains(r.URL.String(), part) {
			out = append(out, r)
		}
	}
	return out
}

type tree = map[string]any

func newEmbedded(t *testing.T) *embedded {
	t.Helper()
	e := &embedded{t: t, cluster: demo.NewCluster(demo.Options{Kinds: true}), seen: &seen{}, store: model.NewStore(time.Now)}
	e.admin = e.cluster.Client("test")
	for _, ns := range []string{"a", "b"} {
		e.create("v1", "Namespace", "", ns, nil)
		e.event(ns, "first", "Deployment", "web")
	}
	return e
}

// open starts the session as the user of a token.
func (e *embedded) open(token string, opts Options) *embedded {
	e.t.Helper()
	config := e.cluster.ConfigFor(token)
	e.seen.next, config.Transport = config.Transport, e.seen
	session, err := Open(e.t.Context(), config, opts)
	if err != nil {
		e.t.Fatal(err)
	}
	e.t.Cleanup(session.Close)
	e.session = session
	return e
}

func (e *embedded) create(version, kind, namespace, name string, more tree) {
	e.t.Helper()
	meta := tree{"name": name}
	if namespace != "" {
		meta["namespace"] = namespace
	}
	o := tree{"apiVersion": version, "kind": kind, "metadata": meta}
	for k, v := range more {
		if k == "metadata" {
			for mk, mv := range v.(tree) {
				meta[mk] = mv
			}
			continue
		}
		o[k] = v
	}
	if _, err := e.admin.Create(o); err != nil {
		e.t.Fatal(err)
	}
}

// event writes an event about an object of its namespace.
func (e *embedded) event(namespace, name, kind, object string) {
	e.t.Helper()
	e.create("v1", "Event", namespace, name, tree{"involvedObject": tree{"kind": kind, "namespace": namespace, "name": object},
		"reason": "Tested", "message": "m", "type": "Normal", "count": int64(1), "source": tree{"component": "test"},
		"lastTimestamp": time.Now().UTC().Format(time.RFC3339)})
}

// grant lets user dev do verbs with resources of the core group in a
// namespace, or everywhere.
func (e *embedded) grant(namespace, name string, rules ...tree) {
	e.t.Helper()
	kind, list := "Role", make([]any, len(rules))
	if namespace == "" {
		kind = "ClusterRole"
	}
	for i := range rules {
		list[i] = rules[i]
	}
	e.create("rbac.authorization.k8s.io/v1", kind, namespace, name, tree{"rules": list})
	e.create("rbac.authorization.k8s.io/v1", kind+"Binding", namespace, name, tree{
		"roleRef":  tree{"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": name},
		"subjects": []any{tree{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "dev"}}})
}

func (e *embedded) revoke(namespace, name string) {
	e.t.Helper()
	if err := e.admin.Delete(schema.GroupKind{Group: "rbac.authorization.k8s.io", Kind: "RoleBinding"}, namespace, name, nil); err != nil {
		e.t.Fatal(err)
	}
}

func rule(group, resources, verbs string) tree {
	list := func(s string) (out []any) {
		for _, part := range strings.Fields(s) {
			out = append(out, part)
		}
		return out
	}
	return tree{"apiGroups": []any{group}, "resources": list(resources), "verbs": list(verbs)}
}

// everything but events can be read with these.
func allButEvents() []tree {
	return []tree{rule("", "namespaces serviceaccounts pods", "get list watch"), rule("apps", "*", "get list watch"),
		rule("rbac.authorization.k8s.io", "*", "get list watch"), rule("coordination.k8s.io", "*", "get list watch"),
		rule("source.toolkit.fluxcd.io", "*", "get list watch"), rule("kustomize.toolkit.fluxcd.io", "*", "get list watch"),
		rule("helm.toolkit.fluxcd.io", "*", "get list watch"), rule("fluxcd.controlplane.io", "*", "get list watch")}
}

// until applies batches until the condition holds.
func (e *embedded) until(what string, done func() bool) {
	e.t.Helper()
	for !done() {
		ctx, cancel := contextWithDeadline(e.t)
		b, err := e.session.Next(ctx)
		cancel()
		if err != nil {
			e.t.Fatalf("waiting until %s: %v; wanted %s, connection %+v", what, err, show(e.store.Wanted()), e.store.Connection())
		}
		e.store.Apply(b)
	}
}

// wanted lists the scopes read on request with their states.
func (e *embedded) wanted() string {
	var out []string
	for _, sc := range e.store.Wanted() {
		out = append(out, fmt.Sprintf("%s/%s %s", sc.Kind, sc.Namespace, sc.State))
	}
	slices.Sort(out)
	return strings.Join(out, ", ")
}

func (e *embedded) untilWanted(want string) {
	e.t.Helper()
	e.until(want, func() bool { return e.wanted() == want })
}

// events lists what the store holds, by namespace and name.
func (e *embedded) events() string {
	var out []string
	for _, o := range e.store.Objects(model.Event) {
		out = append(out, o.Namespace+"/"+o.Name)
	}
	return strings.Join(out, ", ")
}
