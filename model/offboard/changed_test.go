package offboard

import (
	"strings"
	"testing"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/model/modeltest"
)

// Whatever a person decided on and is otherwise by now is said.
func TestChanges(t *testing.T) {
	sync := func(change func(*model.Object, *model.Sync)) func(*model.Store) {
		return func(s *model.Store) {
			o := *s.Get(model.Key{Kind: model.Kustomization, Namespace: "stage", Name: "app"})
			d := *o.Detail.(*model.Sync)
			o.Detail = &d
			change(&o, &d)
			modeltest.Put(s, &o)
		}
	}
	put := func(o *model.Object) func(*model.Store) { return func(s *model.Store) { modeltest.Put(s, o) } }
	other := applied("shared", "web")
	for _, c := range []struct {
		name   string
		change func(*model.Store)
		want   string // "" = nothing
	}{
		{"nothing", func(*model.Store) {}, ""},
		{"its status", sync(func(o *model.Object, _ *model.Sync) { o.ResourceVersion = "7" }), ""},
		{"prune off", sync(func(_ *model.Object, d *model.Sync) { d.Prune = false }), "Kustomization/stage/app changed: nothing is pruned by it"},
		{"suspended", sync(func(_ *model.Object, d *model.Sync) { d.Suspend = true }), "because it is suspended"},
		{"the target", sync(func(o *model.Object, d *model.Sync) { d.TargetNamespace = "prod"; o.Generation = 5 }), "has another spec now (generation 5 was 0)"},
		{"another object in the inventory", sync(func(_ *model.Object, d *model.Sync) {
			d.Inventory = "stage_settings__ConfigMap\nshared_web_apps_Deployment"
		}), "deleting Kustomization/stage/app takes ConfigMap/stage/settings along as well now"},
		{"one outside", sync(func(_ *model.Object, d *model.Sync) { d.Inventory += "\nshared_settings__ConfigMap" }), "new: ConfigMap/shared/settings, applied by Kustomization/stage/app"},
		{"one outside is kept now", put(marked(applied("shared", "web"), model.MarkKustomizePrune, "disabled")), "Deployment/shared/web, of Kustomization/stage/app: it is marked"},
		{"another object of the name", put(&model.Object{Key: model.Key{Kind: model.ServiceAccount, Namespace: "stage", Name: "flux"}, UID: "anew", Detail: &model.Account{}}), "ServiceAccount/stage/flux is another object of that name now"},
		{"one came", put(modeltest.Object(model.GitRepository, "stage", "late", &model.Source{})), "GitRepository/stage/late has come meanwhile"},
		{"one went", func(s *model.Store) {
			s.Apply(model.Batch{Changes: []model.ObjectChange{{Key: model.Key{Kind: model.GitRepository, Namespace: "stage", Name: "app"}}}})
		}, "GitRepository/stage/app is gone already"},
		{"a user of it came", put(modeltest.Object(model.Kustomization, "prod", "extra", &model.Sync{SourceRef: model.Ref{Kind: "GitRepository", Namespace: "stage", Name: "app"}})), "new: Kustomization/prod/extra applies from GitRepository/stage/app"},
		{"a right came", put(bind(model.ClusterRoleBinding, "", "x", flux, others)), "new: ClusterRoleBinding/x grants"},
		{"a right elsewhere is its alone now", put(bind(model.ClusterRoleBinding, "", "readers", flux)), "ClusterRoleBinding/readers has come meanwhile: grants"},
		{"it is no tenant any more", func(s *model.Store) {
			for _, o := range unlabelled("stage") {
				if o.Kind == model.Namespace || o.Kind == model.ServiceAccount || o.Kind == model.RoleBinding {
					modeltest.Put(s, o)
				} else {
					s.Apply(model.Batch{Changes: []model.ObjectChange{{Key: o.Key}}})
				}
			}
		}, "there is no tenant stage any more"},
	} {
		t.Run(c.name, func(t *testing.T) {
			objects := append(tenant("stage"), other, bind(model.ClusterRoleBinding, "", "readers", flux, others))
			objects[5].Detail.(*model.Sync).Inventory += "\nshared_web_apps_Deployment"
			s := modeltest.Store(objects...)
			shown := New(s, "stage", nil)
			c.change(s)
			got := strings.Join(shown.Changes(New(s, "stage", nil)), "; ")
			if c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("said %q, want %q", got, c.want)
			}
		})
	}
}

// So are another order and another note, by themselves.
func TestChangesOfOrderAndNotes(t *testing.T) {
	shown := New(modeltest.Store(tenant("stage")...), "stage", nil)
	now := shown
	now.Steps = append([]action.Step{}, shown.Steps...)
	now.Steps[0], now.Steps[1] = now.Steps[1], now.Steps[0]
	if got := strings.Join(shown.Changes(now), "; "); got != "the order is another" {
		t.Errorf("order: %q", got)
	}
	now = shown
	now.Notes = append(append([]string{}, shown.Notes...), "mind this")
	if got := strings.Join(shown.Changes(now), "; "); got != "new: mind this" {
		t.Errorf("notes: %q", got)
	}
}
