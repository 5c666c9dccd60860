package kube

import (
	"net/http"
	"slices"
	"testing"

	"tenantry/kube/demo"
	"tenantry/model"
	"tenantry/model/why"
)

// An explanation costs at most five requests beyond what is read anyway, counted
// on the wire: two kinds of one namespace, listed and watched, and one review.
func TestAnExplanationCostsFiveRequests(t *testing.T) {
	e := newEmbedded(t).open(demo.AdminToken, Options{})
	e.until("complete", e.store.Complete)
	e.until("all that was listed is watched", func() bool { return len(unwatched(e.seen.of("/"))) == 0 })
	before := len(e.seen.of("/"))
	var wants []model.Want
	for _, k := range e.store.Objects(model.Deployment) {
		for _, w := range why.Object(e.store, k.Key).Wants {
			if !slices.Contains(wants, w) {
				wants = append(wants, w)
			}
		}
	}
	if len(wants) > 2 { // a page keeps to two
		wants = wants[:2]
	}
	for len(wants) < 2 { // the most a page ever asks for
		wants = append(wants, []model.Want{{Kind: model.Pod, Namespace: "a"}, {Kind: model.Event, Namespace: "a"}}[len(wants)])
	}
	e.session.Want(wants)
	e.until("both are read", func() bool {
		for _, w := range wants {
			if sc, ok := e.store.WantedScope(w.Kind, w.Namespace); !ok || sc.State != model.ScopeSynced {
				return false
			}
		}
		return true
	})
	if _, err := e.session.Can(t.Context(), []model.Access{{Verb: "patch", Group: "kustomize.toolkit.fluxcd.io", Resource: "kustomizations", Namespace: "a", Name: "app"}}); err != nil {
		t.Fatal(err)
	}
	// What the session may do at all it asks once by itself, whoever looks.
	after := slices.DeleteFunc(e.seen.of("/")[before:], func(r *http.Request) bool { return r.URL.Path == rulesPath })
	if len(after) > 5 || len(after) < 3 {
		for _, r := range after {
			t.Log(r.Method, r.URL)
		}
		t.Errorf("%d requests", len(after))
	}
}

// unwatched are the lists among requests that no watch has followed yet.
func unwatched(requests []*http.Request) map[string]bool {
	out := map[string]bool{}
	for _, r := range requests {
		switch q := r.URL.Query(); {
		case q.Get("watch") == "true":
			delete(out, r.URL.Path)
		case q.Has("resourceVersion") || q.Has("limit"):
			out[r.URL.Path] = true
		}
	}
	return out
}
