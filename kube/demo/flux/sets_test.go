package flux

import (
	"strings"
	"testing"
	"time"

	"tenantry/kube/demo/control"
	"tenantry/kube/demo/tree"
)

// What the contract cannot ask of a real cluster in reasonable time, or a real
// one does and this one does not.
const setsYAML = `
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSetInputProvider
metadata: {name: teams, namespace: team-x}
spec: {type: Static}
---
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: {name: provided, namespace: team-x}
spec:
  inputsFrom: [{kind: ResourceSetInputProvider, name: teams}]
  resources: [{apiVersion: v1, kind: ConfigMap, metadata: {name: "made-<< inputs.team >>", namespace: team-x}}]
---
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: {name: stepped, namespace: team-x}
spec:
  steps: [{name: one, resources: [{apiVersion: v1, kind: ConfigMap, metadata: {name: stepped, namespace: team-x}}]}]
---
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: {name: slow, namespace: team-x}
spec:
  wait: true
  resources:
  - apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata: {name: orphan, namespace: team-x}
    spec: {interval: 10m, prune: true, sourceRef: {kind: GitRepository, name: none}}
`

func TestSetsOfOtherKinds(t *testing.T) {
	w := newWorld(t)
	w.tenant("team-x")
	w.apply(setsYAML)
	w.pass(20 * time.Second)
	ready := func(name string) string {
		c := conditionOf(w.get(ResourceSet, "team-x", name), "Ready")
		return tree.Str(c, "reason") + " " + tree.Str(c, "message")
	}
	if have := ready("stepped"); have != "BuildFailed build failed: this cluster makes spec.resources and spec.resourcesTemplate, no steps" {
		t.Errorf("stepped: %s", have)
	}
	if have := ready("slow"); have != "Progressing "+inProgress {
		t.Errorf("slow while it waits: %s", have)
	}
	if n := len(tree.List(w.get(ResourceSet, "team-x", "provided"), "status", "inventory", "entries")); n != 0 {
		t.Errorf("%d objects from a provider that exports nothing", n)
	}
	if _, err := w.c.EditStatus(InputProvider, "team-x", "teams", func(o Object) error {
		tree.Make(o, "status")["exportedInputs"] = []any{Object{"id": "1", "team": "blue"}}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.c.Edit(ResourceSet, "team-x", "provided", func(o Object) error {
		tree.Make(o, "metadata", "annotations")[requestedAt] = "now"
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	w.pass(6 * time.Minute)
	cm := control.Namespace
	cm.Kind = "ConfigMap"
	if _, err := w.c.Get(cm, "team-x", "made-blue"); err != nil {
		t.Error(err)
	}
	want := "Warning ReconciliationFailed reconciliation failed: timeout waiting for: [Kustomization/team-x/orphan status: 'InProgress']\n" +
		`Kustomization/team-x/orphan status: GitRepository.source.toolkit.fluxcd.io "none" not found`
	// It is tried again at once, so only the event stays.
	if have := w.events("team-x", "slow"); !strings.Contains(have, want) {
		t.Errorf("slow after its time:\n%s", have)
	}
}

func TestTemplateFunctions(t *testing.T) {
	long := strings.Repeat("many words ", 12)
	for template, want := range map[string]string{
		`<< trunc -3 "abcdef" >>`:                      "def",
		`<< trunc 9 "abc" >>`:                          "abc",
		`<< slugify "  Team_A & Söhne -- GmbH " >>`:    "team_a-s-hne-gmbh",
		`<< list "a" "b" | last >>`:                    "b",
		`<< coalesce "" 0 "x" >>`:                      "x",
		`<< b64dec "YQ==" >><< add1 4 >><< sub 5 2 >>`: "a53",
		`<< quote "a\"b" 1 >>`:                         `"a\"b" "1"`,
	} {
		list, err := renderOne("k: |-\n  "+template, nil, "template", "object")
		if err != nil || len(list) != 1 || list[0]["k"] != want {
			t.Errorf("%s: %v %v, want %q", template, list, err, want)
		}
	}
	if s := slugify(long); len(s) > 63 || strings.HasSuffix(s, "-") || !strings.HasSuffix(s, "many") && !strings.HasSuffix(s, "words") {
		t.Errorf("a long name became %q", s)
	}
}
