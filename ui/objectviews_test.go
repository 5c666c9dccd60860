package ui

import (
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

var stageKS = model.Key{Kind: model.Kustomization, Namespace: "fluxdemo-stage", Name: "flux-stage-prod"}

// manifest is a live object as the cluster would answer.
const manifest = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  annotations:
    note: "quoted: not a key"
  generation: 1
  name: flux-stage-prod
  namespace: fluxdemo-stage
spec:
  # left out: kubectl.kubernetes.io/last-applied-configuration
  interval: 10m0s
  path: ./stage
  prune: true
  dependsOn: []
  patches:
  - patch: |
      - op: remove
        path: /spec: not a key either
    target:
      kind: Deployment
  retryInterval: null
  sourceRef:
    kind: GitRepository
    name: flux-stage-prod
status:
  conditions:
  - lastTransitionTime: "2026-11-10T02:58:14Z"
    message: 'Applied revision: main@sha1:d63406218397243c9520d48f91d7d07d85b351b3'
    observedGeneration: 1
    status: "True"
    type: Ready
`

func stageDocument() *model.Document {
	return &model.Document{ObjectRef: stageKS.ObjectRef(), YAML: manifest, At: uitest.Ago(0), ResourceVersion: "7"}
}

// visit puts a page on top.
func (d *desk) visit(s screen) {
	d.open(s)
	d.press("ctrl+l") // it draws, and the page's errands are run
}

// at opens an object's page.
func (d *desk) at(key model.Key, keys ...string) {
	d.visit(newObjectPage(&d.App.env, key))
	d.press(keys...)
}

// a push to stage: what a session sees from the fetch to the pods.
func (d *desk) push() {
	git := uitest.Git("fluxdemo-stage", "flux-stage-prod", "https://github.com/wolcn/flux-stage-prod", uitest.Rev3)
	sync := func(applied string, conditions ...model.Condition) *model.Object {
		o := uitest.Sync("fluxdemo-stage", "flux-stage-prod", "./stage", applied, conditions...)
		o.Detail.(*model.Sync).Attempted = uitest.Rev3
		o.Detail.(*model.Sync).Inventory = uitest.Inventory("fluxdemo-stage", "kcheck")
		return o
	}
	deploy := func(generation int64, updated, available, old int32) *model.Object {
		o := uitest.Deployment("fluxdemo-stage", "kcheck", generation, 3, updated, available, old)
		o.Detail.(*model.Workload).Containers[0].Image = "ghcr.io/acme/kcheck:1.0.3"
		uitest.Label(o, model.LabelKustomizationName, "flux-stage-prod", model.LabelKustomizationNS, "fluxdemo-stage")
		return o
	}
	said := uitest.Event(model.Key{Kind: model.GitRepository, Namespace: "fluxdemo-stage", Name: "flux-stage-prod"}, "Normal", "NewArtifact",
		"stored artifact for commit 'kcheck 1.0.3'", "source-controller", 1, 0)
	said.Detail.(*model.EventDetail).Revision = uitest.Rev3
	d.put(said)
	d.put(git)
	d.pass(2 * time.Second)
	d.put(sync(uitest.Rev2, uitest.Condition("Ready", "Unknown", "Progressing", "Running health checks for revision "+uitest.Rev3+" with a timeout of 9m30s", 0),
		uitest.Condition("Reconciling", "True", "Progressing", "Running health checks", 0)))
	d.put(deploy(6, 1, 3, 2))
	d.pass(7 * time.Second)
	d.put(deploy(6, 3, 3, 0))
	d.pass(time.Second)
	d.put(sync(uitest.Rev3))
}

// views are the pages of one object and of one tenant, in every state.
var views = []struct {
	name    string
	cluster func() *uitest.Cluster
	open    func(*desk)
}{
	{"object/describe-sync", uitest.Watched, func(d *desk) { d.at(stageKS) }},
	{"object/describe-source", uitest.Prod, func(d *desk) {
		d.at(model.Key{Kind: model.GitRepository, Namespace: "flux-system", Name: "flux-system"})
	}},
	{"object/describe-workload", uitest.Watched, func(d *desk) {
		d.at(model.Key{Kind: model.Deployment, Namespace: "fluxdemo-stage", Name: "kcheck"})
	}},
	{"object/describe-instance", uitest.Prod, func(d *desk) {
		d.at(model.Key{Kind: model.FluxInstance, Namespace: "flux-system", Name: "flux"})
	}},
	{"object/describe-suspended", uitest.Prod, func(d *desk) {
		d.at(model.Key{Kind: model.Kustomization, Namespace: "team-x", Name: "team-x"})
	}},
	{"object/describe-account", uitest.Prod, func(d *desk) {
		d.at(model.Key{Kind: model.ServiceAccount, Namespace: "fluxdemo-stage", Name: "fluxdemo-stage"})
	}},
	{"object/gone", uitest.Prod, func(d *desk) {
		d.at(model.Key{Kind: model.Kustomization, Namespace: "fluxdemo-stage", Name: "gone"})
	}},
	{"object/yaml", uitest.Prod, func(d *desk) {
		d.session.SetDocument(stageKS.ObjectRef(), stageDocument(), nil)
		d.at(stageKS, "y")
	}},
	{"object/yaml-search", uitest.Prod, func(d *desk) {
		d.session.SetDocument(stageKS.ObjectRef(), stageDocument(), nil)
		d.at(stageKS, "y", "/")
		d.typ("stage")
		d.press("enter", "n")
	}},
	{"object/yaml-forbidden", uitest.Prod, func(d *desk) {
		d.session.SetDocument(stageKS.ObjectRef(), nil, &model.RequestError{Reason: model.RequestForbidden,
			Text: `user "ann" may not get kustomizations in fluxdemo-stage`})
		d.at(stageKS, "y")
	}},
	{"object/yaml-other-kind", uitest.Prod, func(d *desk) {
		ref := model.ObjectRef{Kind: "ConfigMap", Namespace: "fluxdemo-stage", Name: "settings"}
		d.session.SetDocument(ref, &model.Document{ObjectRef: ref, At: uitest.Ago(0), YAML: "apiVersion: v1\ndata:\n  colour: green\nkind: ConfigMap\nmetadata:\n  name: settings\n  namespace: fluxdemo-stage\n"}, nil)
		d.visit(newRefPage(&d.App.env, ref))
		d.press("j")
	}},
	{"object/events", uitest.Watched, func(d *desk) {
		d.at(model.Key{Kind: model.Deployment, Namespace: "fluxdemo-stage", Name: "kcheck"}, "e")
	}},
	{"object/events-reading", uitest.Prod, func(d *desk) { d.at(stageKS, "e") }},
	{"object/events-forbidden", func() *uitest.Cluster {
		return uitest.Prod().Scope(model.ScopeStatus{Kind: model.Event, Namespace: "fluxdemo-stage", State: model.ScopeDenied, Verb: "list"})
	}, func(d *desk) { d.at(stageKS, "e") }},
	{"object/history", uitest.Watched, func(d *desk) {
		d.push()
		d.at(model.Key{Kind: model.Deployment, Namespace: "fluxdemo-stage", Name: "kcheck"}, "h")
	}},
	{"object/history-quiet", uitest.Prod, func(d *desk) { d.at(stageKS, "h") }},
	{"object/tree-sync", uitest.Watched, func(d *desk) { d.at(stageKS, "t") }},
	{"object/tree-blocked", uitest.Prod, func(d *desk) {
		d.at(model.Key{Kind: model.Kustomization, Namespace: "shop-api", Name: "shop-api"}, "t")
	}},
	{"object/tree-source", uitest.Prod, func(d *desk) {
		d.at(model.Key{Kind: model.GitRepository, Namespace: "fluxdemo-prod", Name: "flux-stage-prod"}, "t")
	}},
	{"object/tree-workload", uitest.Watched, func(d *desk) {
		d.at(model.Key{Kind: model.Deployment, Namespace: "fluxdemo-stage", Name: "kcheck"}, "t")
	}},
	{"tenant/stage", uitest.Watched, func(d *desk) { d.visit(newTenantPage(&d.App.env, "fluxdemo-stage", false)) }},
	{"tenant/deployments", uitest.Watched, func(d *desk) {
		d.push()
		d.visit(newTenantPage(&d.App.env, "fluxdemo-stage", false))
		d.press("tab", "j")
	}},
	{"tenant/events", uitest.Watched, func(d *desk) { d.visit(newTenantPage(&d.App.env, "fluxdemo-stage", false)); d.press("tab", "tab") }},
	{"tenant/warnings", uitest.Watched, func(d *desk) { d.visit(newTenantPage(&d.App.env, "fluxdemo-stage", false)); d.press("tab", "tab", "!") }},
	{"tenant/history", uitest.Watched, func(d *desk) {
		d.push()
		d.visit(newTenantPage(&d.App.env, "fluxdemo-stage", false))
		d.press("tab", "tab", "tab", "tab")
	}},
	{"tenant/access", uitest.Watched, func(d *desk) {
		d.put(uitest.Object(model.RoleBinding, "fluxdemo-prod", "stage-too", &model.Binding{RoleKind: "ClusterRole", RoleName: "edit",
			Subjects: []model.Subject{{Kind: "ServiceAccount", Namespace: "fluxdemo-stage", Name: "fluxdemo-stage"}}}),
			uitest.Object(model.RoleBinding, "fluxdemo-stage", "people", &model.Binding{RoleKind: "ClusterRole", RoleName: "view",
				Subjects: []model.Subject{{Kind: "Group", Name: "developers"}}}))
		d.visit(newTenantPage(&d.App.env, "fluxdemo-stage", false))
		d.press("tab", "tab", "tab", "tab", "tab")
	}},
	{"tenant/nomatch", uitest.Prod, func(d *desk) {
		d.visit(newTenantPage(&d.App.env, "fluxdemo-stage", false))
		d.press("/")
		d.typ("zebra")
	}},
	{"tenant/gone", uitest.Prod, func(d *desk) { d.visit(newTenantPage(&d.App.env, "no-such-tenant", false)) }},
}

func TestGoldenViews(t *testing.T) {
	g := &gallery{of: "views"}
	for _, v := range views {
		for _, size := range sizes {
			d := newDesk(t, size[0], size[1], Options{Calm: true}, v.cluster())
			v.open(d)
			if err := d.fits(); err != nil {
				t.Errorf("%s: %v", v.name, err)
			}
			g.picture(t, v.name, size, d, false)
		}
	}
	g.close(t)
}

// TestViewsInASCII: no view needs a glyph that a plain terminal has not.
func TestViewsInASCII(t *testing.T) {
	for _, v := range views {
		d := newDesk(t, 120, 40, Options{Calm: true, ASCII: true}, v.cluster())
		v.open(d)
		for _, r := range d.screen() {
			if r > 0x7e {
				t.Errorf("%s: %q is no ASCII", v.name, r)
				break
			}
		}
		if strings.Contains(d.screen(), "?") && !strings.Contains(d.screen(), "? keys") {
			t.Errorf("%s: a glyph was replaced:\n%s", v.name, d.screen())
		}
	}
}
