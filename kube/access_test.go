package kube

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"tenantry/kube/demo"
	"tenantry/kube/demo/fault"
	"tenantry/model"
)

func (e *embedded) can(what ...model.Access) []model.Permission {
	e.t.Helper()
	out, err := e.session.Can(e.t.Context(), what)
	if err != nil || len(out) != len(what) {
		e.t.Fatalf("%v %+v", err, out)
	}
	return out
}

func TestCanAsksForTheExactTarget(t *testing.T) {
	e := newEmbedded(t)
	named := rule("kustomize.toolkit.fluxcd.io", "kustomizations", "patch")
	named["resourceNames"] = []any{"web"}
	e.grant("a", "actions", rule("", "pods/log", "get"), named)
	e.open(demo.TenantToken, Options{})
	patch := func(ns, name string) model.Access {
		return model.Access{Verb: "patch", Group: "kustomize.toolkit.fluxcd.io", Resource: "kustomizations", Namespace: ns, Name: name}
	}
	got := e.can(patch("a", "web"), patch("a", "other"), patch("b", "web"),
		model.Access{Verb: "get", Resource: "pods", Subresource: "log", Namespace: "a"}, model.Access{Verb: "get", Resource: "pods", Namespace: "a"})
	want := []model.PermissionState{model.PermissionAllowed, model.PermissionDenied, model.PermissionDenied, model.PermissionAllowed, model.PermissionDenied}
	for i, p := range got {
		if p.State != want[i] {
			t.Errorf("%+v is %s, want %s", p.Access, p.State, want[i])
		}
	}
	if !strings.Contains(got[0].Reason, "RoleBinding") {
		t.Errorf("the server's reason: %q", got[0].Reason)
	}
}

func TestAnswersAreRememberedForAWhile(t *testing.T) {
	e := newEmbedded(t)
	var mu sync.Mutex
	now := time.Now()
	clock := func() time.Time { mu.Lock(); defer mu.Unlock(); return now }
	e.open(demo.TenantToken, Options{Clock: clock})
	access := model.Access{Verb: "get", Resource: "pods", Namespace: "a"}
	asked := func() int { return len(e.seen.of(reviewsPath)) }
	e.can(access)
	e.can(access)
	if asked() != 1 {
		t.Errorf("%d requests for one answer", asked())
	}
	e.grant("a", "pods", rule("", "pods", "get"))
	mu.Lock()
	now = now.Add(permissionFor + time.Second)
	mu.Unlock()
	if got := e.can(access)[0].State; got != model.PermissionAllowed || asked() != 2 {
		t.Errorf("half a minute later: %s after %d requests", got, asked())
	}
	e.revoke("a", "pods")
	e.session.Refresh()
	if got := e.can(access)[0].State; got != model.PermissionDenied || asked() != 3 {
		t.Errorf("after a refresh: %s after %d requests", got, asked())
	}
}

func TestCanAsksAFewAtOnce(t *testing.T) {
	e := newEmbedded(t)
	e.cluster.Faults().Add(fault.Rule{Path: reviewsPath, Do: fault.Slow, Delay: 5 * time.Millisecond})
	e.open(demo.AdminToken, Options{})
	var what []model.Access
	for i := range 20 {
		what = append(what, model.Access{Verb: "get", Resource: "pods", Namespace: "a", Name: fmt.Sprint(i)})
	}
	e.can(what...)
	e.seen.mu.Lock()
	defer e.seen.mu.Unlock()
	if e.seen.most != maxReviews {
		t.Errorf("%d at once", e.seen.most)
	}
}

func TestWhatCannotBeAskedIsUnknown(t *testing.T) {
	e := newEmbedded(t)
	e.open(demo.AdminToken, Options{})
	access := model.Access{Verb: "get", Resource: "pods", Namespace: "a"}
	known := model.Access{Verb: "list", Resource: "pods", Namespace: "a"}
	e.can(known)
	heal := e.cluster.Faults().Add(fault.Rule{Path: reviewsPath, Do: fault.Fail})
	got, err := e.session.Can(t.Context(), []model.Access{access, known})
	var problem *model.RequestError
	if !errors.As(err, &problem) || got[0].State != model.PermissionUnknown || got[0].Reason == "" || got[1].State != model.PermissionAllowed {
		t.Errorf("%v %+v", err, got)
	}
	heal()
	if got := e.can(access)[0].State; got != model.PermissionAllowed {
		t.Errorf("what was unknown is asked again: %s", got)
	}
	e.session.Refresh() // forgets
	for body, want := range map[string]string{
		`{"status":{"allowed":false,"evaluationError":"webhook down"}}`:                  "unknown webhook down",
		`{"status":{"allowed":false,"denied":true,"evaluationError":"x","reason":"no"}}`: "denied no",
		`{"status":{"allowed":true,"evaluationError":"x"}}`:                              "allowed ",
	} {
		heal := e.cluster.Faults().Add(fault.Rule{Path: reviewsPath, Do: fault.Replace, Body: body})
		e.session.Refresh()
		if p := e.can(access)[0]; p.State.String()+" "+p.Reason != want {
			t.Errorf("%s: %s %q", body, p.State, p.Reason)
		}
		heal()
	}
	for _, body := range []string{`{}`, `[`, `{"status":7}`} {
		heal := e.cluster.Faults().Add(fault.Rule{Path: reviewsPath, Do: fault.Replace, Body: body})
		e.session.Refresh()
		if got, err := e.session.Can(t.Context(), []model.Access{access}); err == nil || got[0].State != model.PermissionUnknown {
			t.Errorf("%s: %v %+v", body, err, got)
		}
		heal()
	}
}
