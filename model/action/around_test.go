package action

import (
	"strings"
	"testing"

	"tenantry/model"
)

// A dialog says what would take a suspension back, and what goes on.
func TestWhatWouldUndoIt(t *testing.T) {
	child := sync("dev", "child", "app")
	child.Labels = model.Pairs{{Name: model.LabelKustomizationName, Value: "fleet"}, {Name: model.LabelKustomizationNS, Value: "flux-system"}}
	parent := sync("flux-system", "fleet", "fleet")
	parent.Detail.(*model.Sync).Inventory = "dev_child_kustomize.toolkit.fluxcd.io_Kustomization\ndev_web_apps_Deployment"
	s := store(child, parent)
	p := New(s, Wish{Verb: Suspend, Targets: []Target{Object(child.Key)}, Stamp: stamp})
	if got := strings.Join(p.Around(s).Undoes, " "); !strings.Contains(got, "Kustomization/flux-system/fleet applies Kustomization child: if what it applies states whether it is suspended, its next run undoes this") {
		t.Errorf("undoes: %q", got)
	}
	p = New(s, Wish{Verb: Suspend, Targets: []Target{Object(parent.Key)}, Stamp: stamp})
	if got := strings.Join(p.Around(s).Keeps, " "); !strings.Contains(got, "One Flux object it made goes on reconciling") {
		t.Errorf("keeps: %q", got)
	}
}

// Who wrote the field an object is suspended by tells whether what applies it
// would take a suspension back.
func TestStates(t *testing.T) {
	made := func(k model.Kind, labels ...string) *model.Object {
		o := object(k, "dev", "app", &model.Sync{})
		for i := 0; i < len(labels); i += 2 {
			o.Labels = append(o.Labels, model.Pair{Name: labels[i], Value: labels[i+1]})
		}
		return o
	}
	byKustomization := []string{model.LabelKustomizationName, "fleet", model.LabelKustomizationNS, "flux-system"}
	bySet := []string{model.LabelResourceSetName, "tenants", model.LabelResourceSetNS, "flux-system"}
	owns := func(manager string, paths ...string) (out []model.FieldOwner) {
		for _, p := range paths {
			out = append(out, model.FieldOwner{Path: p, Manager: manager})
		}
		return out
	}
	for name, tc := range map[string]struct {
		o      *model.Object
		owners []model.FieldOwner
		want   Stated
	}{
		"Git states it":            {made(model.Kustomization, byKustomization...), owns("kustomize-controller", ".spec.path", ".spec.suspend"), StatedYes},
		"Git leaves it open":       {made(model.Kustomization, byKustomization...), owns("kustomize-controller", ".spec.path"), StatedNot},
		"somebody else wrote it":   {made(model.Kustomization, byKustomization...), append(owns("kubectl", ".spec.suspend"), owns("kustomize-controller", ".spec.path")...), StatedNot},
		"labels alone say nothing": {made(model.Kustomization, byKustomization...), owns("kubectl", ".spec.path"), StatedUnknown},
		"not read":                 {made(model.Kustomization, byKustomization...), nil, StatedUnknown},
		"nothing applies it":       {made(model.Kustomization), owns("kustomize-controller", ".spec.suspend"), StatedUnknown},
		"a template states it":     {made(model.Kustomization, bySet...), owns("flux-operator", ".spec.suspend"), StatedYes},
		"by annotation": {made(model.ResourceSet, byKustomization...),
			owns("kustomize-controller", ".metadata.annotations.fluxcd.controlplane.io/reconcile"), StatedYes},
		"only its status": {made(model.Kustomization, byKustomization...),
			[]model.FieldOwner{{Path: ".status.conditions", Manager: "kustomize-controller", Subresource: "status"}}, StatedUnknown},
	} {
		if got := States(tc.o, tc.owners); got != tc.want {
			t.Errorf("%s: %v, want %v", name, got, tc.want)
		}
	}
}

// What is itself stopped, or gone, undoes nothing.
func TestWhatIsStoppedUndoesNothing(t *testing.T) {
	child := sync("dev", "child", "app")
	child.Labels = model.Pairs{{Name: model.LabelKustomizationName, Value: "fleet"}, {Name: model.LabelKustomizationNS, Value: "flux-system"}}
	parent, held := sync("flux-system", "fleet", "fleet"), sync("flux-system", "fleet", "fleet")
	held.Detail.(*model.Sync).Suspend = true
	both := []Target{Object(child.Key), Object(parent.Key)}
	for name, tc := range map[string]struct {
		objects []*model.Object
		targets []Target
		want    int
	}{
		"it runs":           {[]*model.Object{child, parent}, both[:1], 1},
		"it is stopped too": {[]*model.Object{child, parent}, both, 0},
		"it is suspended":   {[]*model.Object{child, held}, both[:1], 0},
		"it is gone":        {[]*model.Object{child}, both[:1], 0},
	} {
		s := store(tc.objects...)
		p := New(s, Wish{Verb: Suspend, Targets: tc.targets, Stamp: stamp})
		if got := p.Around(s).Undoes; len(got) != tc.want {
			t.Errorf("%s: %q", name, got)
		}
	}
}
