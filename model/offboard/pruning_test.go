package offboard

import (
	"slices"
	"strings"
	"testing"

	"tenantry/model"
	"tenantry/model/modeltest"
)

func marked(o *model.Object, name, value string) *model.Object {
	o.Annotations = append(o.Annotations, model.Pair{Name: name, Value: value})
	return o
}

// applied is a Deployment of stage/app in a namespace.
func applied(ns, name string) *model.Object {
	return modeltest.Object(model.Deployment, ns, name, &model.Workload{}, model.LabelKustomizationName, "app", model.LabelKustomizationNS, "stage")
}

// What is kept from being pruned is not said to go; in the tenant's own
// namespaces it goes all the same.
func TestWhatIsKeptFromPruning(t *testing.T) {
	const prune, ssa = "kustomize.toolkit.fluxcd.io/prune", "kustomize.toolkit.fluxcd.io/ssa"
	for _, c := range []struct {
		name    string
		outside *model.Object
		stays   string
	}{
		{"plain", applied("shared", "web"), ""},
		{"prune disabled", marked(applied("shared", "web"), prune, "Disabled"), prune + ": disabled"},
		{"by a label", labelled(applied("shared", "web"), prune, "disabled"), prune + ": disabled"},
		{"ignored", marked(applied("shared", "web"), ssa, "Ignore"), ssa + ": Ignore"},
		{"another mark", marked(applied("shared", "web"), ssa, "Merge"), ""},
		{"of another by its labels", modeltest.Object(model.Deployment, "shared", "web", &model.Workload{}), "its labels do not name that sync"},
	} {
		t.Run(c.name, func(t *testing.T) {
			objects := append(tenant("stage"), c.outside)
			objects[5].Detail.(*model.Sync).Inventory += "\nshared_web_apps_Deployment"
			p := New(modeltest.Store(objects...), "stage", nil)
			if len(p.Outside) != 1 || p.Outside[0].Ref != c.outside.ObjectRef() {
				t.Fatalf("outside: %+v", p.Outside)
			}
			if got := p.Outside[0].Stays; (got == "") != (c.stays == "") || !strings.Contains(got, c.stays) || p.Outside[0].Unsure {
				t.Errorf("stays %q, want %q", got, c.stays)
			}
			want := "deletes the 2 objects"
			if c.stays != "" {
				want = "deletes 1 of the 2 objects"
			}
			if got := p.Steps[0].Effect; !strings.Contains(got, want) {
				t.Errorf("effect %q, want %q", got, want)
			}
		})
	}
	objects := append(tenant("stage"), marked(applied("stage", "kcheck"), prune, "disabled"))
	p := New(modeltest.Store(objects...), "stage", nil)
	if len(p.Outside) > 0 || len(p.Notes) != 1 || !strings.Contains(p.Notes[0], "Deployment/stage/kcheck does not go with Kustomization/stage/app") || !strings.Contains(p.Notes[0], "with its namespace all the same") {
		t.Errorf("inside: %q, %+v", p.Notes, p.Outside)
	}
}

// Of kinds nothing watches it takes a look; without one nothing is promised.
func TestWhatIsNotWatched(t *testing.T) {
	ref := model.ObjectRef{Kind: "ConfigMap", Namespace: "shared", Name: "settings"}
	secret := model.ObjectRef{Kind: "Secret", Namespace: "shared", Name: "key"}
	objects := tenant("stage")
	objects[5].Detail.(*model.Sync).Inventory = ref.InventoryID() + "\n" + secret.InventoryID()
	s := modeltest.Store(objects...)
	p := New(s, "stage", nil)
	if !slices.Equal(p.Unread, []model.ObjectRef{ref}) || len(p.Outside) != 2 || !p.Outside[0].Unsure || !p.Outside[1].Unsure {
		t.Fatalf("unread %v, outside %+v", p.Unread, p.Outside)
	}
	ours := model.Pairs{{Name: model.LabelKustomizationName, Value: "app"}, {Name: model.LabelKustomizationNS, Value: "stage"}}
	p = New(s, "stage", Known{ref: {Labels: ours, Annotations: model.Pairs{{Name: model.MarkKustomizePrune, Value: "disabled"}}}})
	if len(p.Unread) > 0 || p.Outside[0].Stays == "" || p.Outside[0].Unsure {
		t.Errorf("unread %v, outside %+v", p.Unread, p.Outside)
	}
	p = New(s, "stage", Known{ref: {Labels: ours}})
	if p.Outside[0].Stays != "" || p.Outside[0].Unsure {
		t.Errorf("outside %+v", p.Outside)
	}
	if p = New(s, "stage", Known{ref: {Gone: true}}); len(p.Outside) != 1 {
		t.Errorf("gone: outside %+v", p.Outside)
	}
}

// What says it is of a sync, and stands in no inventory, is pruned by nobody.
func TestWhatStandsInNoInventory(t *testing.T) {
	s := modeltest.Store(append(tenant("stage"), applied("shared", "forgotten"), applied("stage", "web"))...)
	p := New(s, "stage", nil)
	if len(p.Outside) != 1 || p.Outside[0].Ref.Name != "forgotten" || !strings.Contains(p.Outside[0].Stays, "not in its inventory") {
		t.Errorf("outside: %+v", p.Outside)
	}
}

func TestASyncToAnotherCluster(t *testing.T) {
	objects := tenant("stage")
	d := objects[5].Detail.(*model.Sync)
	d.RemoteCluster, d.Inventory = true, "kube-system_web_apps_Deployment"
	p := New(modeltest.Store(objects...), "stage", nil)
	if len(p.Outside) > 0 || !strings.Contains(p.Steps[0].Effect, "the one object it applied, on another cluster") {
		t.Errorf("outside %+v, effect %q", p.Outside, p.Steps[0].Effect)
	}
}

// A ResourceSet passes over what is guarded: it is deleted by itself then, and
// not waited for in vain.
func TestAGuardedNamespaceOfASet(t *testing.T) {
	objects := tenant("stage")
	for _, o := range objects {
		labelled(labelled(o, model.LabelResourceSetName, "shop"), model.LabelResourceSetNS, "flux-system")
	}
	marked(objects[0], model.MarkOperatorPrune, "disabled")
	p := New(modeltest.Store(append(objects, modeltest.Object(model.ResourceSet, "flux-system", "shop", &model.Sync{Inventory: "_stage__Namespace\nstage_flux__ServiceAccount"}))...), "stage", nil)
	for _, s := range p.Steps {
		if s.Watch != (s.Key.Kind == model.ServiceAccount || s.Key.Kind == model.GitRepository || s.Key.Kind == model.RoleBinding) {
			t.Errorf("%s: watched %v", s.Key, s.Watch)
		}
	}
}
