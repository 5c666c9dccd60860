package restore

import (
	"strings"
	"testing"

	"tenantry/model"
	"tenantry/model/export"
)

// What Flux would delete something by is told from what it would not, and is
// applied only where that is allowed.
func TestPrunes(t *testing.T) {
	const (
		kustomization = `{"apiVersion":"kustomize.toolkit.fluxcd.io/v1","kind":"Kustomization","metadata":{"name":"app","namespace":"stage"},"spec":%}`
		instance      = `{"apiVersion":"fluxcd.controlplane.io/v1","kind":"FluxInstance","metadata":{"name":"flux","namespace":"flux-system"},"spec":%}`
		set           = `{"apiVersion":"fluxcd.controlplane.io/v1","kind":"ResourceSet","metadata":{"name":"tenants","namespace":"flux-system"},"spec":%}`
		git           = `{"apiVersion":"source.toolkit.fluxcd.io/v1","kind":"GitRepository","metadata":{"name":"app","namespace":"stage"},"spec":%}`
		release       = `{"apiVersion":"helm.toolkit.fluxcd.io/v2","kind":"HelmRelease","metadata":{"name":"app","namespace":"stage"},"spec":%}`
		provider      = `{"apiVersion":"fluxcd.controlplane.io/v1","kind":"ResourceSetInputProvider","metadata":{"name":"x","namespace":"flux-system","labels":{"of":"x"}},"spec":%}`
	)
	for _, c := range []struct{ object, live, becomes, says string }{
		{instance, `{"sync":{"kind":"GitRepository","url":"https://a","path":"."}}`, `{}`, "it loses spec.sync: the operator deletes the source and the Kustomization"},
		{instance, `{"sync":{"kind":"GitRepository","url":"https://a","name":"a"}}`, `{"sync":{"kind":"GitRepository","url":"https://a"}}`, "spec.sync.name changes: the operator deletes the source and"},
		{instance, `{"sync":{"url":"https://a","path":"a"}}`, `{"sync":{"url":"https://a","path":"b"}}`, "spec.sync.path changes: "},
		{instance, `{"sync":{"url":"https://a","name":{}}}`, `{"sync":{"url":"https://a","name":{}}, "wait":false}`, ""},
		{instance, `{"sync":{"url":"https://a","pullSecret":"a"}}`, `{"sync":{"url":"https://a"}}`, ""},
		{instance, `{}`, `{"sync":{"url":"https://a"}}`, ""},
		{instance, `{"components":["source-controller","image-automation-controller"]}`, `{}`, "it loses the component image-automation-controller: "},
		{instance, `{}`, `{"components":["source-controller","kustomize-controller","helm-controller"]}`, "it loses the component notification-controller"},
		{instance, `{}`, `{"cluster":{"networkPolicy":false}}`, "network policies"},
		{instance, `{"storage":{"size":"10Gi"}}`, `{}`, "spec.storage changes: the operator deletes"},
		{instance, `{"distribution":{"version":"2.8"}}`, `{"distribution":{"version":"2.9"}}`, ""},
		{set, `{"inputs":[{"tenant":"a"},{"tenant":"b"}]}`, `{"inputs":[{"tenant":"a"}]}`, `spec.inputs loses {"tenant":"b"}: the operator deletes`},
		{set, `{"inputs":[{"tenant":"a"}]}`, `{"inputs":[{"tenant":"b"},{"tenant":"a"}]}`, ""},
		{set, `{"resources":[{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}]}`, `{"resources":[]}`, "spec.resources loses ConfigMap/a: "},
		{set, `{"resources":[{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}]}`, `{"resources":[{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"a":"b"}}]}`, ""},
		{set, `{"resources":[` + put(kustomization, `{"prune":true,"path":"a"}`) + `]}`, `{"resources":[` + put(kustomization, `{"prune":true,"path":"b"}`) + `]}`,
			"spec.resources, Kustomization.kustomize.toolkit.fluxcd.io/stage/app: spec.path changes"},
		{set, `{"resources":["x"]}`, `{"resources":[7,"x"]}`, ""},
		{set, `{"resourcesTemplate":"a"}`, `{"resourcesTemplate":"b"}`, "spec.resourcesTemplate changes"},
		{provider, `{"url":"a"}`, `{"url":"b"}`, "the ResourceSets that take inputs from it"},
		{kustomization, `{"prune":true,"path":"a"}`, `{"prune":true,"path":"b"}`, "spec.path changes: what it applied and does not find any more is pruned"},
		{kustomization, `{"prune":true}`, `{"prune":true,"targetNamespace":"b","sourceRef":{"name":"x"}}`, "spec.sourceRef, spec.targetNamespace change"},
		{kustomization, `{"prune":false,"path":"a"}`, `{"prune":false,"path":"b"}`, ""},
		{kustomization, `{"prune":true,"interval":"1m"}`, `{"prune":true,"interval":"2m","serviceAccountName":"x"}`, ""},
		{kustomization, `{"prune":false}`, `{"prune":false,"force":true}`, "spec.force is set"},
		{kustomization, `{"prune":true,"suspend":true}`, `{"prune":true}`, "it is resumed"},
		{git, `{"url":"https://a"}`, `{"url":"https://b"}`, "spec.url changes: what was applied from it"},
		{git, `{"interval":"1m"}`, `{"interval":"2m","secretRef":{"name":"x"}}`, ""},
		{release, `{"releaseName":"a"}`, `{"releaseName":"b"}`, "or uninstalls it"},
		{account, `{"a":"b"}`, `{}`, ""},
	} {
		live, becomes := put(c.object, c.live), put(c.object, c.becomes)
		o := object(t, becomes)
		o.Live = normal(export.Clean(parsed(t, live)))
		o.Tried(&model.Written{Object: []byte(becomes)}, nil)
		p := &Plan{Objects: []*Object{o}}
		if c.says == "" {
			if o.Prunes != "" || len(p.Spared()) > 0 {
				t.Errorf("%s → %s: %s %q", c.live, c.becomes, o.State, o.Prunes)
			}
			continue
		}
		if o.State != Pruning || !strings.Contains(o.Prunes, c.says) || len(p.Sends()) > 0 {
			t.Errorf("%s → %s: %s %q, want %q", c.live, c.becomes, o.State, o.Prunes, c.says)
		}
		if p.Allow(); len(p.Sends()) != 1 || len(p.Deleting()) != 1 || strings.Contains(p.Action("x", "1", "ann").Back, "nothing is deleted") {
			t.Errorf("%s → %s, allowed: %s", c.live, c.becomes, o.State)
		}
	}
}

func put(object, spec string) string { return strings.Replace(object, "%", spec, 1) }

// What was judged of an object's spec is sent to that spec alone.
func TestAppliedToTheSpecThatWasSeen(t *testing.T) {
	live := strings.Replace(strings.Replace(sync, "./a", "./b", 1), `"name":"app"`, `"name":"app","uid":"1","generation":7`, 1)
	o := object(t, sync)
	p := Compare([]*Object{o}, Live{Objects: map[model.ObjectRef]export.Object{o.key(): parsed(t, live)}, Exists: func(model.Key) bool { return false }})
	o.Tried(&model.Written{Object: []byte(sync)}, nil)
	if steps := p.Action("x", "1", "ann").Steps; len(steps) != 1 || steps[0].Write.Generation != 7 || steps[0].Write.UID != "1" {
		t.Errorf("%+v", steps)
	}
}

// Of a list the elements that go and come are shown, not two beginnings that
// look alike.
func TestDifferencesOfLists(t *testing.T) {
	long := `{"tenant":"` + strings.Repeat("a", shownLength) + `"}`
	a := parsed(t, `{"spec":{"inputs":[`+long+`,{"tenant":"b"}],"more":["x"]}}`)
	b := parsed(t, `{"spec":{"inputs":[`+long+`],"more":["y","x"]}}`)
	var got []string
	for _, d := range differences(a, b) {
		got = append(got, d.String())
		if d.Lost() != (d.To == "–") {
			t.Error(d)
		}
	}
	if want := `spec.inputs[] {"tenant":"b"} → –; spec.more[] – → y`; strings.Join(got, "; ") != want {
		t.Errorf("%s, want %s", strings.Join(got, "; "), want)
	}
}
