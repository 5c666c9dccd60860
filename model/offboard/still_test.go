package offboard

import (
	"strings"
	"testing"

	"tenantry/model"
	"tenantry/model/modeltest"
)

// Minutes may pass between the press and a step's turn: whom it concerns is
// looked at again then.
func TestWhatAStepConcernsByItsTurn(t *testing.T) {
	const crb = model.ClusterRoleBinding
	app := model.Key{Kind: model.Kustomization, Namespace: "stage", Name: "app"}
	right, source, set := model.Key{Kind: crb, Name: "x"}, model.Key{Kind: model.GitRepository, Namespace: "stage", Name: "app"}, model.Key{Kind: model.ResourceSet, Namespace: "flux-system", Name: "shop"}
	bound := func(change func(*model.Object, *model.Binding), subjects ...model.Subject) *model.Object {
		o := bind(crb, "", "x", subjects...)
		o.ResourceVersion = "8"
		change(o, o.Detail.(*model.Binding))
		return o
	}
	same := func(*model.Object, *model.Binding) {}
	applying := func(change func(*model.Object, *model.Sync)) *model.Object {
		o := *tenant("stage")[5]
		d := *o.Detail.(*model.Sync)
		o.Detail = &d
		change(&o, &d)
		return &o
	}
	user := func(ns string) *model.Object {
		return modeltest.Object(model.Kustomization, ns, "extra", &model.Sync{SourceRef: model.Ref{Kind: "GitRepository", Namespace: "stage", Name: "app"}})
	}
	for _, c := range []struct {
		name         string
		change       *model.Object
		step         model.Key
		version, why string
	}{
		{"a label of no matter", labelled(bound(same, flux), "a", "b"), right, "8", ""},
		{"names another as well", bound(same, flux, others), right, "", "it names ServiceAccount/prod/flux as well by now"},
		{"names another alone", bound(same, others), right, "", "it names ServiceAccount/prod/flux as well"},
		{"grants more", bound(func(_ *model.Object, b *model.Binding) { b.RoleName = "edit" }, flux), right, "", "it grants ClusterRole edit in the whole cluster by now"},
		{"is another's by its label", labelled(bound(same, flux), model.LabelTenant, "prod"), right, "", "it is labelled as prod's"},
		{"is being deleted", bound(func(o *model.Object, _ *model.Binding) { o.Deleting = 1 }, flux, others), right, "", ""},
		{"is another of that name", bound(func(o *model.Object, _ *model.Binding) { o.UID = "b" }, flux, others), right, "", ""},
		{"names less", bound(same), right, "8", ""},
		{"a user of the tenant's came", user("stage"), source, "", ""},
		{"a user of others came", user("prod"), source, "", "Kustomization/prod/extra applies from it by now"},
		{"more of the tenant's applied", applying(func(_ *model.Object, d *model.Sync) { d.Inventory += "\nstage_more__ConfigMap" }), app, "", ""},
		{"more of others' applied", applying(func(_ *model.Object, d *model.Sync) { d.Inventory += "\nprod_more__ConfigMap" }), app, "", "it has applied ConfigMap/prod/more meanwhile"},
		{"its set makes another tenant", modeltest.Object(model.ResourceSet, "flux-system", "shop", &model.Sync{Inventory: "_stage__Namespace\n_prod__Namespace"}), set, "", "it has applied Namespace/prod meanwhile"},
	} {
		t.Run(c.name, func(t *testing.T) {
			kept := applying(func(_ *model.Object, d *model.Sync) { d.Inventory += "\nshared_web_apps_Deployment" })
			if c.change.Key == app {
				c.change.Detail.(*model.Sync).Inventory += "\nshared_web_apps_Deployment"
			}
			s := modeltest.Store(append(tenant("stage"), kept, user("known"), bind(crb, "", "x", flux, asUser), modeltest.Object(model.ResourceSet, "flux-system", "shop", &model.Sync{Inventory: "_stage__Namespace"}))...)
			p := New(s, "stage", nil)
			modeltest.Put(s, c.change)
			for _, step := range p.Steps {
				if step.Key != c.step {
					continue
				}
				if version, why := step.Still(s); version != c.version || (why == "") != (c.why == "") || !strings.Contains(why, c.why) {
					t.Errorf("version %q, why %q, want %q %q", version, why, c.version, c.why)
				}
				return
			}
			t.Errorf("no step: %s", words(p.Steps))
		})
	}
}
