package offboard

import (
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/model/modeltest"
)

// tenant is one as flux create tenant makes it, with a sync that applied a
// Deployment: the same names in every tenant.
func tenant(ns string) []*model.Object {
	return []*model.Object{
		modeltest.Object(model.Namespace, "", ns, &model.NamespaceDetail{Phase: "Active"}, model.LabelTenant, ns),
		modeltest.Object(model.ServiceAccount, ns, "flux", &model.Account{}, model.LabelTenant, ns),
		modeltest.Object(model.ServiceAccount, ns, "default", &model.Account{}),
		modeltest.Object(model.RoleBinding, ns, "app-reconciler", &model.Binding{RoleKind: "ClusterRole", RoleName: "edit",
			Subjects: []model.Subject{{Kind: "ServiceAccount", Namespace: ns, Name: "flux"}}}, model.LabelTenant, ns),
		modeltest.Object(model.GitRepository, ns, "app", &model.Source{URL: "https://git.example/acme/app"}),
		modeltest.Object(model.Kustomization, ns, "app", &model.Sync{ServiceAccount: "flux", Prune: true, SourceRef: model.Ref{Kind: "GitRepository", Name: "app"},
			Inventory: ns + "_kcheck_apps_Deployment"}),
	}
}

func words(steps []action.Step) string {
	var out []string
	for _, s := range steps {
		out = append(out, s.Key.String())
	}
	return strings.Join(out, " ")
}

func TestOrderAndOnlyTheTenantsOwn(t *testing.T) {
	p := New(modeltest.Store(append(tenant("stage"), tenant("prod")...)...), "stage", nil)
	want := "Kustomization/stage/app GitRepository/stage/app RoleBinding/stage/app-reconciler ServiceAccount/stage/flux Namespace/stage"
	if got := words(p.Steps); got != want {
		t.Errorf("steps:\n got %s\nwant %s", got, want)
	}
	for _, s := range p.Steps {
		if !s.Wait || s.Write.Op != model.WriteDelete || s.Write.UID == "" || strings.Contains(s.Key.String(), "prod") {
			t.Errorf("step %+v", s)
		}
	}
	if len(p.Shared)+len(p.Returns)+len(p.Outside)+len(p.Notes) != 0 {
		t.Errorf("said of an ordinary tenant: %+v", p)
	}
}

func TestWhatDependsGoesFirst(t *testing.T) {
	objects := append(tenant("stage"), modeltest.Object(model.Kustomization, "stage", "late", &model.Sync{ServiceAccount: "flux", Prune: true,
		SourceRef: model.Ref{Kind: "GitRepository", Name: "app"}, DependsOn: []model.Ref{{Kind: "Kustomization", Name: "app"}}}))
	if got := words(New(modeltest.Store(objects...), "stage", nil).Steps); !strings.HasPrefix(got, "Kustomization/stage/late Kustomization/stage/app ") {
		t.Errorf("steps: %s", got)
	}
}

func TestWhatIsNotPruned(t *testing.T) {
	sync := func(change func(*model.Sync)) *model.Object {
		d := &model.Sync{ServiceAccount: "flux", Prune: true, Inventory: "stage_kcheck_apps_Deployment\n_reader_rbac.authorization.k8s.io_ClusterRole\n_stage__Namespace"}
		change(d)
		return modeltest.Object(model.Kustomization, "stage", "app", d)
	}
	for _, c := range []struct {
		name   string
		change func(*model.Sync)
		want   string // "" = pruned
	}{
		{"plain", func(*model.Sync) {}, ""},
		{"suspended", func(d *model.Sync) { d.Suspend = true }, "suspended"},
		{"orphan", func(d *model.Sync) { d.DeletionPolicy = "Orphan" }, "Orphan"},
		{"prune off", func(d *model.Sync) { d.Prune = false }, "does not prune"},
		{"prune off, but told to delete", func(d *model.Sync) { d.Prune, d.DeletionPolicy = false, "Delete" }, ""},
		{"account gone", func(d *model.Sync) { d.ServiceAccount = "nobody" }, "account nobody is gone"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := New(modeltest.Store(append(tenant("stage"), sync(c.change))...), "stage", nil)
			if len(p.Outside) != 1 || p.Outside[0].Ref.Kind != "ClusterRole" {
				t.Fatalf("outside: %+v", p.Outside)
			}
			if got := p.Outside[0].Stays; (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
				t.Errorf("stays %q, want %q", got, c.want)
			}
			if got := p.Steps[0].Effect; c.want != "" && !strings.Contains(got, "nothing is pruned") || c.want == "" && !strings.Contains(got, "3 objects") {
				t.Errorf("effect %q", got)
			}
		})
	}
}

func TestOthersAreNamed(t *testing.T) {
	objects := append(tenant("stage"), tenant("prod")...)
	objects = append(objects,
		modeltest.Object(model.Kustomization, "prod", "extra", &model.Sync{SourceRef: model.Ref{Kind: "GitRepository", Namespace: "stage", Name: "app"},
			DependsOn: []model.Ref{{Kind: "Kustomization", Namespace: "stage", Name: "app"}}, Inventory: "stage_intruder__ConfigMap"}),
		modeltest.Object(model.Kustomization, "flux-system", "tenants", &model.Sync{Inventory: "_stage__Namespace"}))
	for _, o := range objects {
		if o.Kind == model.Namespace && o.Name == "stage" {
			o.Labels = append(o.Labels, model.Pair{Name: model.LabelKustomizationName, Value: "tenants"}, model.Pair{Name: model.LabelKustomizationNS, Value: "flux-system"})
		}
	}
	p := New(modeltest.Store(objects...), "stage", nil)
	for _, want := range []string{"prod/extra applies from GitRepository/stage/app", "prod/extra depends on Kustomization/stage/app", "prod/extra, of prod, applies into stage"} {
		if !strings.Contains(strings.Join(p.Shared, "; "), want) {
			t.Errorf("shared %q lacks %q", p.Shared, want)
		}
	}
	if got := strings.Join(p.Returns, "; "); !strings.Contains(got, "Kustomization/flux-system/tenants applies Namespace/stage") {
		t.Errorf("returns: %q", got)
	}
}

// A tenant that a ResourceSet makes goes with it; one that makes others too
// stays, and is named as what brings it back.
func TestResourceSets(t *testing.T) {
	of := func(ns string) []*model.Object {
		all := tenant(ns)
		for _, o := range all {
			if o.Name != "default" {
				o.Labels = append(o.Labels, model.Pair{Name: model.LabelResourceSetName, Value: "shop"}, model.Pair{Name: model.LabelResourceSetNS, Value: "flux-system"})
			}
		}
		return all
	}
	const made = "_stage__Namespace\nstage_flux__ServiceAccount\nstage_app_kustomize.toolkit.fluxcd.io_Kustomization"
	set := func(more string) *model.Object {
		return modeltest.Object(model.ResourceSet, "flux-system", "shop", &model.Sync{Inventory: made + more})
	}
	p := New(modeltest.Store(append(of("stage"), set(""))...), "stage", nil)
	want := "Kustomization/stage/app ResourceSet/flux-system/shop GitRepository/stage/app RoleBinding/stage/app-reconciler ServiceAccount/stage/flux Namespace/stage"
	if got := words(p.Steps); got != want {
		t.Errorf("steps:\n got %s\nwant %s", got, want)
	}
	for i, s := range p.Steps {
		if s.Watch != (i > 1) || !s.Watch && s.Write.Op != model.WriteDelete {
			t.Errorf("%s: %+v", s.Key, s)
		}
	}
	if len(p.Returns) > 0 || !strings.Contains(p.Steps[1].Effect, "the 3 objects it made") {
		t.Errorf("returns %q, effect %q", p.Returns, p.Steps[1].Effect)
	}
	p = New(modeltest.Store(append(append(of("stage"), of("prod")...), set("\n_prod__Namespace"))...), "stage", nil)
	if got := words(p.Steps); strings.Contains(got, "ResourceSet") || len(p.Returns) != 1 || !strings.Contains(p.Returns[0], "ResourceSet/flux-system/shop applies") {
		t.Errorf("of two: steps %s, returns %q", got, p.Returns)
	}
}

func TestBlocked(t *testing.T) {
	s := modeltest.Store(tenant("stage")...)
	for name, want := range map[string]string{model.PlatformKey: "platform", "nobody": "no tenant nobody"} {
		if p := New(s, name, nil); len(p.Steps) > 0 || !strings.Contains(p.Blocked, want) {
			t.Errorf("%q: %+v", name, p)
		}
	}
}

func TestFollow(t *testing.T) {
	k := model.Key{Kind: model.Namespace, Name: "stage"}
	is := func(uid string, deleting model.Unix, finalizers ...string) *model.Store {
		return modeltest.Store(&model.Object{Key: k, UID: uid, Deleting: deleting, Finalizers: finalizers, Detail: &model.NamespaceDetail{}})
	}
	for _, c := range []struct {
		name  string
		store *model.Store
		after time.Duration
		state action.State
		words string
	}{
		{"gone", modeltest.Store(), time.Second, action.Done, "gone"},
		{"made anew", is("b", 0), time.Second, action.Done, "gone"},
		{"asked", is("a", 0), time.Second, action.Waiting, "asked"},
		{"refused in silence", is("a", 0), time.Minute, action.Failed, "nobody is deleting"},
		{"going", is("a", 1), time.Second, action.Running, "going"},
		{"slow", is("a", 1, "finalizers.fluxcd.io"), time.Minute, action.Running, "its Flux controller"},
		{"stuck", is("a", 1, "example.com/hold"), 6 * time.Minute, action.Failed, "stuck: its finalizer example.com/hold"},
	} {
		got := goes(c.store, k, "a", modeltest.Now, modeltest.Now.Add(c.after))
		if got.State != c.state || !strings.Contains(got.Words, c.words) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}
