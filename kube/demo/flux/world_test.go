package flux

import (
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo/api"
	"tenantry/kube/demo/control"
	"tenantry/kube/demo/git"
	"tenantry/kube/demo/sim"
	"tenantry/kube/demo/tree"
	"tenantry/kube/demo/workload"
)

// world is a cluster with Flux installed, on a clock the test moves.
type world struct {
	t    *testing.T
	env  *control.Env
	git  *git.Host
	flux *Controllers
	c    *api.Client
}

const instanceYAML = `
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: flux-system}
spec:
  distribution: {version: 2.x, registry: ghcr.io/fluxcd}
  components: [source-controller, kustomize-controller, helm-controller]
  cluster: {type: kubernetes, multitenant: true, networkPolicy: false}
`

func newWorld(t *testing.T) *world {
	t.Helper()
	loop := sim.New(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), 7)
	env := control.New(api.New(api.Options{Now: loop.Now, Seed: 7}), loop)
	workload.Start(env)
	w := &world{t: t, env: env, git: git.NewHost(), c: env.Client("kubectl-client-side-apply")}
	w.flux = Start(env, w.git)
	if err := w.flux.InstallOperator(); err != nil {
		t.Fatal(err)
	}
	w.apply(instanceYAML)
	w.pass(30 * time.Second)
	if in := w.get(Instance, "flux-system", "flux"); !isReady(in) {
		t.Fatalf("Flux did not install: %v", in["status"])
	}
	return w
}

func (w *world) pass(d time.Duration) { w.env.Loop.Advance(d) }

func (w *world) apply(text string) {
	w.t.Helper()
	list, err := parseManifests(text)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, o := range list {
		if _, _, _, err := w.c.Apply(o, true, false); err != nil {
			w.t.Fatalf("%s: %v", subject(o), err)
		}
	}
}

func (w *world) get(gk schema.GroupKind, namespace, name string) Object {
	w.t.Helper()
	o, err := w.c.Get(gk, namespace, name)
	if err != nil {
		w.t.Fatal(err)
	}
	return o
}

// wants checks conditions given as "Type Status Reason message"; all must be
// there and no other.
func (w *world) wants(gk schema.GroupKind, namespace, name string, conditions ...string) {
	w.t.Helper()
	o := w.get(gk, namespace, name)
	var have []string
	for _, c := range tree.Maps(o, "status", "conditions") {
		have = append(have, strings.Join([]string{tree.Str(c, "type"), tree.Str(c, "status"), tree.Str(c, "reason"), tree.Str(c, "message")}, " "))
	}
	if len(have) != len(conditions) {
		w.t.Errorf("%s: conditions are\n  %s\nwant\n  %s", name, strings.Join(have, "\n  "), strings.Join(conditions, "\n  "))
		return
	}
	for i, want := range conditions {
		got := have[i]
		// What varies with the run is written as "…".
		if before, after, ok := strings.Cut(want, "…"); ok {
			if !strings.HasPrefix(got, before) || !strings.HasSuffix(got, after) {
				w.t.Errorf("%s: condition\n  %s\nwant\n  %s", name, got, want)
			}
		} else if got != want {
			w.t.Errorf("%s: condition\n  %s\nwant\n  %s", name, got, want)
		}
	}
}

func (w *world) events(namespace, name string) string {
	var out []string
	for _, e := range w.c.List(control.Event, namespace) {
		if tree.Str(e, "involvedObject", "name") == name {
			out = append(out, tree.Str(e, "type")+" "+tree.Str(e, "reason")+" "+tree.Str(e, "message"))
		}
	}
	return strings.Join(out, "\n")
}

const deploymentYAML = `apiVersion: apps/v1
kind: Deployment
metadata: {name: kcheck, labels: {type: front-end}NS}
spec:
  replicas: 1
  selector: {matchLabels: {app: kcheck}}
  template:
    metadata: {labels: {app: kcheck}}
    spec:
      containers: [{name: kcheck, image: "ghcr.io/wolcn/kcheck:1.0.2", env: [{name: COLOUR, value: Cornsilk}]}]
`

const tenantYAML = `
apiVersion: v1
kind: Namespace
metadata: {name: TEAM, labels: {toolkit.fluxcd.io/tenant: TEAM}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: TEAM, namespace: TEAM}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: TEAM-reconciler, namespace: TEAM}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: TEAM, namespace: TEAM}]
`

func (w *world) tenant(name string) { w.apply(strings.ReplaceAll(tenantYAML, "TEAM", name)) }
