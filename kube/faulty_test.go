package kube

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo"
	"tenantry/kube/demo/fault"
	"tenantry/model"
)

// faulty is an embedded session under a virtual clock: waiting costs nothing,
// and how long something took is exact.
type faulty struct{ *embedded }

var syncKind = schema.GroupKind{Group: "kustomize.toolkit.fluxcd.io", Kind: "Kustomization"}

// underFaults runs a test on a session that has read a Kustomization "app" in
// each of the namespaces a and b. With rules, they break what it reads first.
func underFaults(t *testing.T, test func(faulty), rules ...fault.Rule) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		e := faulty{newEmbedded(t)}
		e.create("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "a", "app", syncSpec("one"))
		e.create("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "b", "app", syncSpec("one"))
		for _, r := range rules {
			e.cluster.Faults().Add(r)
		}
		e.open(demo.AdminToken, Options{})
		if len(rules) == 0 {
			e.within(time.Second, "all is read", e.settled)
		}
		test(e)
	})
}

func syncSpec(path string) tree {
	return tree{"spec": tree{"interval": "1m", "path": path, "prune": true, "sourceRef": tree{"kind": "GitRepository", "name": "app"}}}
}

// within applies batches until the condition holds, for at most that long.
func (e faulty) within(d time.Duration, what string, done func() bool) {
	e.t.Helper()
	began := time.Now()
	ctx, cancel := context.WithTimeout(e.t.Context(), d)
	defer cancel()
	for !done() {
		b, err := e.session.Next(ctx)
		if err != nil {
			e.t.Fatalf("not within %v: %s; scopes\n%s\nconnection %+v\nread   %s\nserver %s", time.Since(began), what,
				strings.Join(e.words(), "\n"), e.store.Connection(), e.read(), e.served())
		}
		e.store.Apply(b)
	}
}

// pass lets time go by and applies what comes.
func (e faulty) pass(d time.Duration) {
	e.t.Helper()
	ctx, cancel := context.WithTimeout(e.t.Context(), d)
	defer cancel()
	for {
		b, err := e.session.Next(ctx)
		if err != nil {
			return
		}
		e.store.Apply(b)
	}
}

// words are the scopes as a person is told of them.
func (e faulty) words() (out []string) {
	for _, sc := range e.store.Scopes() {
		out = append(out, fmt.Sprintf("%s/%s %s %s %s", sc.Kind, sc.Namespace, sc.State, sc.Verb, sc.Message))
	}
	return out
}

func (e faulty) syncs() model.ScopeStatus {
	for _, sc := range e.store.Scopes() {
		if sc.Kind == model.Kustomization && sc.Namespace == "" {
			return sc
		}
	}
	return model.ScopeStatus{}
}

// is reports whether the Kustomizations are in a state, with a reason if it is
// not a good one.
func (e faulty) is(state string) func() bool {
	return func() bool {
		sc := e.syncs()
		return sc.State.String() == state && (sc.Message != "" || state == "synced")
	}
}

// read and served list the Kustomizations with their contents, as the session
// has and the server holds them.
func (e faulty) read() string {
	out := map[string]string{}
	for _, o := range e.store.Objects(model.Kustomization) {
		out[o.Namespace+"/"+o.Name] = o.ResourceVersion + " " + o.Detail.(*model.Sync).Path
	}
	return listing(out)
}

func (e faulty) served() string {
	out := map[string]string{}
	for _, o := range e.admin.List(syncKind, "") {
		meta := o["metadata"].(tree)
		out[fmt.Sprintf("%s/%s", meta["namespace"], meta["name"])] = fmt.Sprintf("%s %s", meta["resourceVersion"], o["spec"].(tree)["path"])
	}
	return listing(out)
}

func listing(m map[string]string) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, k+"@"+m[k])
	}
	return strings.Join(out, ", ")
}

// settled reports whether everything is read and as the server has it.
func (e faulty) settled() bool {
	for _, sc := range e.store.Scopes() {
		if sc.State != model.ScopeSynced {
			return false
		}
	}
	return len(e.store.Scopes()) > 0 && e.store.Connection().State == model.ConnLive && e.read() == e.served()
}

// change changes, adds and deletes Kustomizations on the server.
func (e faulty) change() {
	e.t.Helper()
	e.edit("a", "two")
	e.create("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "a", "new", syncSpec("one"))
	if err := e.admin.Delete(syncKind, "b", "app", nil); err != nil {
		e.t.Fatal(err)
	}
	e.edit("a", "three")
}

func (e faulty) edit(namespace, path string) {
	e.t.Helper()
	if _, err := e.admin.Edit(syncKind, namespace, "app", func(o tree) error {
		o["spec"].(tree)["path"] = path
		return nil
	}); err != nil {
		e.t.Fatal(err)
	}
}
