package ui

import (
	"context"
	"testing"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// asAccount is what an account of stage sees: its own namespace alone.
func asAccount() *uitest.Cluster {
	c := &uitest.Cluster{}
	c.Conn = &model.Connection{State: model.ConnLive, Context: "prod-eu", User: "system:serviceaccount:fluxdemo-stage:fluxdemo-stage",
		Namespaces: []string{"fluxdemo-stage"}}
	for _, k := range model.Kinds() {
		state := model.ScopeStatus{Kind: k, Namespace: "fluxdemo-stage", State: model.ScopeSynced}
		if !k.Namespaced() || k == model.FluxInstance {
			state.Namespace, state.State, state.Verb = "", model.ScopeDenied, "list"
		}
		c.Scope(state)
	}
	return c.Put(uitest.Access("fluxdemo-stage")...).Put(uitest.Git("fluxdemo-stage", "flux-stage-prod", "https://github.com/wolcn/flux-stage-prod", uitest.Rev2),
		uitest.Sync("fluxdemo-stage", "flux-stage-prod", "./stage", uitest.Rev2))
}

func TestViewAsATenantsAccount(t *testing.T) {
	var asked []Target
	session := uitest.NewSession(asAccount().Batch)
	session.Allow("fluxdemo-stage", model.AccessRule{Verbs: []string{"get", "list"}, Groups: []string{"apps"}, Resources: []string{"deployments"}},
		model.AccessRule{Verbs: []string{"patch"}, Groups: []string{"kustomize.toolkit.fluxcd.io"}, Resources: []string{"kustomizations"}})
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.opts.Connect = func(_ context.Context, to Target) (Cluster, error) {
		asked = append(asked, to)
		if to.As != "" {
			return session, nil
		}
		return uitest.NewSession(uitest.Prod().Batch), nil
	}
	connect := func() {
		t.Helper()
		cmd := d.viewAs()
		if cmd == nil {
			t.Fatal(d.notice)
		}
		msg := cmd()
		if may, ok := msg.(mayViewMsg); ok {
			msg = d.mayView(may)()
		}
		d.applyConnected(msg.(connectedMsg))
		d.applyRules(askRules(context.Background(), d.cluster, d.epoch, []string{"fluxdemo-stage", "flux-system"})().(rulesMsg))
	}
	d.aimAt("fluxdemo-stage")
	connect()
	if len(asked) != 1 || asked[0].As != "system:serviceaccount:fluxdemo-stage:fluxdemo-stage" || len(asked[0].Namespaces) != 1 || asked[0].Namespaces[0] != "fluxdemo-stage" {
		t.Fatalf("connected to %+v", asked)
	}
	d.wants(" AS fluxdemo-stage ", "As the ServiceAccount fluxdemo-stage/fluxdemo-stage", "V ends it", "kustomizations", "refused       clusterrolebindings, fluxinstances",
		"MAY, IN ITS NAMESPACES", "change        kustomizations", "read          deployments", "MAY, OUTSIDE", "in            flux-system", "may           nothing")
	d.press("esc")
	d.misses("fluxdemo-prod")
	if d.remember() != nil {
		t.Error("what an account sees is remembered as how the cluster is")
	}
	connect()
	if len(asked) != 2 || asked[1].As != "" || asked[1].Namespaces != nil {
		t.Errorf("came back to %+v", asked)
	}
	d.misses(" AS ")
	d.wants("fluxdemo-prod")
}

func TestViewAsIsRefusedWithTheRule(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.press("V")
	d.wants("there is only this one session")
	d.opts.Connect = func(context.Context, Target) (Cluster, error) {
		t.Error("connected all the same")
		return nil, nil
	}
	d.session.Deny("no RBAC policy matched", model.Access{Verb: "impersonate", Resource: "serviceaccounts", Namespace: "fluxdemo-stage", Name: "fluxdemo-stage"})
	d.aimAt("fluxdemo-stage")
	cmd := d.viewAs()
	d.mayView(cmd().(mayViewMsg))
	d.dirty = true
	d.wants("ann may not impersonate the ServiceAccount fluxdemo-stage in the namespace", "RBAC policy matched", "verbs: [impersonate]", "resourceNames: [fluxdemo-stage]", "[ Close ]")
	d.press("esc")
	d.press("g") // the platform has no account of its own
	d.aimAt(model.PlatformKey)
	if d.viewAs() != nil {
		t.Error("the platform is viewed as somebody")
	}
	d.dirty = true
	d.wants("no account here to view as")
}
