package why_test

import (
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/why"
	"tenantry/ui/uitest"
)

func deleted(ago time.Duration, finalizers ...string) *model.Object {
	o := uitest.Sync("eu", "app", "./deploy", uitest.Rev1)
	o.Deleting, o.Finalizers = uitest.Ago(ago), finalizers
	return o
}

// What was deleted a moment ago goes; nothing is wrong with it, also beside
// something that is.
func TestGoingIsNoFault(t *testing.T) {
	w := newWorld(deleted(10*time.Second, "finalizers.fluxcd.io"))
	if e := why.Object(w.Store, sync); !e.Fine() || e.Headline != "Kustomization eu/app is being deleted" || !strings.Contains(e.Text(time.UTC), "It goes once finalizer finalizers.fluxcd.io") {
		t.Errorf("%s", e.Text(time.UTC))
	}
	w.put(stuckDeployment())
	if e := why.Row(w.Store, "eu"); len(e.Faults) != 1 || e.Faults[0].Root().Ref.Kind != "Deployment" {
		t.Errorf("%s", e.Text(time.UTC))
	}
	w.clock.Pass(6 * time.Minute)
	e := why.Object(w.Store, sync)
	if e.Fine() || !strings.Contains(e.Headline, "held by finalizer") || len(e.Faults[0].Evidence) == 0 || e.Effect != "What it applied runs on until it goes, and is deleted with it." {
		t.Errorf("%s", e.Text(time.UTC))
	}
}

// Whose controller is dead can't go, however short ago that was asked for.
func TestNobodyLetsItGo(t *testing.T) {
	w := newWorld(deleted(10*time.Second, "finalizers.fluxcd.io"), uitest.Label(uitest.Deployment("flux-system", "kustomize-controller", 2, 0, 0, 0, 0), model.LabelPartOf, "flux"))
	if e := why.Object(w.Store, sync); len(e.Faults) != 1 || links(&e.Faults[0]) != "Kustomization app > Deployment kustomize-controller" {
		t.Errorf("%s", e.Text(time.UTC))
	}
}

// A namespace that can't go because an API does not answer is not helped by
// looking for what is left in it.
func TestNamespaceHeldByAnAPI(t *testing.T) {
	o := uitest.Namespace("eu", "eu")
	o.Deleting, o.Detail = uitest.Ago(time.Hour), &model.NamespaceDetail{Phase: "Terminating"}
	o.Conditions = []model.Condition{{Type: "NamespaceContentRemaining", Status: "True", Reason: "SomeResourcesRemain", Message: "Some resources are remaining: pods."},
		{Type: "NamespaceDeletionDiscoveryFailure", Status: "True", Reason: "DiscoveryFailed", Message: "Discovery failed for some groups, 1 failing: metrics.k8s.io/v1beta1: stale GroupVersion discovery"}}
	e := why.Row(newWorld(o).Store, "eu")
	if len(e.Faults) != 1 || !strings.Contains(e.Headline, "metrics.k8s.io/v1beta1") || !strings.Contains(e.Faults[0].Fixes[0].Words, "APIService") {
		t.Errorf("%s", e.Text(time.UTC))
	}
}
