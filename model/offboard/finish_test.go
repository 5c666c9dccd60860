package offboard

import (
	"strings"
	"testing"

	"tenantry/model"
	"tenantry/model/modeltest"
)

// unlabelled is a tenant that nothing but its source and its sync make one.
func unlabelled(ns string) []*model.Object {
	all := tenant(ns)
	for _, o := range all {
		o.Labels = nil
	}
	return all
}

func recorded(p Plan) []Recorded {
	var out []Recorded
	for _, s := range p.Steps {
		out = append(out, Recorded{model.Ref{Kind: s.Key.Kind.String(), Namespace: s.Key.Namespace, Name: s.Key.Name}, s.Write.UID})
	}
	return out
}

// Once its sync and source are gone nothing tells the tenant any more; what was
// written down still does.
func TestFinishWhatIsNoTenantAnyMore(t *testing.T) {
	other := bind(model.ClusterRoleBinding, "", "stage-view", flux)
	labelledOther := labelled(bind(model.ClusterRoleBinding, "", "labelled", flux), model.LabelTenant, "stage")
	objects := append(unlabelled("stage"), unlabelled("prod")...)
	objects = append(objects, other, labelledOther)
	s := modeltest.Store(objects...)
	begun := New(s, "stage", nil).Without(map[model.Key]bool{labelledOther.Key: true})
	if begun.Blocked != "" || len(begun.Steps) != 6 {
		t.Fatalf("%s %s", begun.Blocked, words(begun.Steps))
	}
	for _, o := range objects {
		if o.Namespace == "stage" && (o.Kind == model.Kustomization || o.Kind == model.GitRepository) {
			s.Apply(model.Batch{Changes: []model.ObjectChange{{Key: o.Key}}})
		}
	}
	if p := New(s, "stage", nil); p.Blocked == "" {
		t.Fatal("it is still known as a tenant: nothing is shown by this")
	}
	p := Finish(s, "stage", recorded(begun), nil)
	want := "RoleBinding/stage/app-reconciler ClusterRoleBinding/labelled ClusterRoleBinding/stage-view ServiceAccount/stage/flux Namespace/stage"
	if got := words(p.Steps); got != want || p.Blocked != "" || p.Tenant != "stage" {
		t.Errorf("steps:\n got %s\nwant %s\n%s", got, want, p.Blocked)
	}
	for _, o := range p.Offered { // as it was decided the first time
		if o.Ticked != (o.Key == other.Key) {
			t.Errorf("offered %+v", o)
		}
	}
}

// Of a namespace that was made anew meanwhile nothing is touched; what came into
// the one that goes, goes before it.
func TestFinishOnlyWhatItWas(t *testing.T) {
	s := modeltest.Store(unlabelled("stage")...)
	begun := recorded(New(s, "stage", nil))
	late := modeltest.Object(model.Kustomization, "stage", "late", &model.Sync{ServiceAccount: "flux", Prune: true})
	modeltest.Put(s, late)
	p := Finish(s, "stage", begun, nil)
	if got := words(p.Steps); !strings.Contains(got, "Kustomization/stage/late") || !strings.Contains(strings.Join(p.Notes, "; "), "Kustomization/stage/late has come since") {
		t.Errorf("steps %s, notes %q", got, p.Notes)
	}
	s = modeltest.Store()
	for _, o := range unlabelled("stage") {
		o.UID = "another " + o.UID
		modeltest.Put(s, o)
	}
	if p := Finish(s, "stage", begun, nil); len(p.Steps) > 0 || p.Blocked == "" || len(p.Notes) > 0 {
		t.Errorf("of another: %s, %q", words(p.Steps), p.Notes)
	}
	right := bind(model.ClusterRoleBinding, "", "theirs", flux)
	modeltest.Put(s, right) // of the one that was made anew
	if p := Finish(s, "stage", begun, nil); len(p.Steps) > 0 || len(p.Offered) > 0 {
		t.Errorf("a right of another: %s", words(p.Steps))
	}
	p = Finish(s, "stage", append(begun, Recorded{model.Ref{Kind: "ClusterRoleBinding", Name: "theirs"}, right.UID}), nil)
	if got := words(p.Steps); got != "ClusterRoleBinding/theirs" || !p.Offered[0].Ticked {
		t.Errorf("a right that was to go: %s", got)
	}
	if p := Finish(modeltest.Store(), "stage", begun, nil); len(p.Steps) > 0 || p.Blocked != "all of it is gone" {
		t.Errorf("gone: %q %s", p.Blocked, words(p.Steps))
	}
}

// What a ResourceSet was to take along is waited for when that is finished.
func TestFinishWithAResourceSet(t *testing.T) {
	objects := tenant("stage")
	for _, o := range objects {
		if o.Labels = nil; o.Name != "default" {
			labelled(labelled(o, model.LabelResourceSetName, "shop"), model.LabelResourceSetNS, "flux-system")
		}
	}
	set := modeltest.Object(model.ResourceSet, "flux-system", "shop", &model.Sync{Inventory: "_stage__Namespace\nstage_flux__ServiceAccount"})
	s := modeltest.Store(append(objects, set)...)
	begun := New(s, "stage", nil)
	s.Apply(model.Batch{Changes: []model.ObjectChange{{Key: objects[5].Key}}})
	being := *set
	being.Deleting = 1
	modeltest.Put(s, &being)
	p := Finish(s, "stage", recorded(begun), nil)
	want := "ResourceSet/flux-system/shop GitRepository/stage/app RoleBinding/stage/app-reconciler ServiceAccount/stage/flux Namespace/stage"
	if got := words(p.Steps); got != want {
		t.Errorf("steps:\n got %s\nwant %s", got, want)
	}
	for i, step := range p.Steps {
		if step.Watch != (i > 0) {
			t.Errorf("%s: watched %v", step.Key, step.Watch)
		}
	}
	if len(p.Returns) > 0 || !strings.Contains(p.Steps[0].Effect, "being deleted already") {
		t.Errorf("returns %q, effect %q", p.Returns, p.Steps[0].Effect)
	}
}

// Where namespaces can't be read, what was written down goes, and nothing else
// that is beside it.
func TestFinishWithoutNamespaces(t *testing.T) {
	begun := []Recorded{{model.Ref{Kind: "Kustomization", Namespace: "stage", Name: "app"}, "Kustomization-stage-app"}, {model.Ref{Kind: "ServiceAccount", Namespace: "stage", Name: "flux"}, "ServiceAccount-stage-flux"}}
	p := Finish(modeltest.Store(unlabelled("stage")...), "stage", begun, nil)
	if got := words(p.Steps); got != "Kustomization/stage/app ServiceAccount/stage/flux" {
		t.Errorf("steps: %s", got)
	}
}
