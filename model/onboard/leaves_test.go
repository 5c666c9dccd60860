package onboard

import (
	"slices"
	"strings"
	"testing"

	"tenantry/model"
	"tenantry/model/export"
	"tenantry/model/modeltest"
)

// shopSet is the tenant shop as a ResourceSet, and that as it is in the cluster.
func shopSet(inventory ...string) (Spec, *model.Object) {
	s := Spec{Name: "shop", Set: "flux-system", Spaces: []Space{{Namespace: "shop-stage"}, {Namespace: "shop-prod"}}, Source: Source{URL: "https://git.example.com/acme/shop"}}
	return s, modeltest.Object(model.ResourceSet, "flux-system", "shop", &model.Sync{Inventory: strings.Join(inventory, "\n")})
}

func blocking(all []Problem) string {
	for _, p := range all {
		if p.Blocks {
			return p.Text
		}
	}
	return ""
}

// A ResourceSet that was sent before is changed, unless somebody else keeps it;
// what it makes is no obstacle.
func TestAResourceSetIsMended(t *testing.T) {
	s, set := shopSet("_shop-stage__Namespace", "shop-stage_shop_source.toolkit.fluxcd.io_GitRepository")
	made := modeltest.Object(model.GitRepository, s.Spaces[0].Namespace, "shop", &model.Source{}, model.LabelResourceSetName, "shop", model.LabelResourceSetNS, "flux-system")
	if all := Check(modeltest.Store(set, made), s, &s); Blocked(all) || !slices.ContainsFunc(all, func(p Problem) bool { return p.Key.Kind == model.ResourceSet }) {
		t.Errorf("%+v", all)
	}
	alone := s
	alone.Set = ""
	if all := Check(modeltest.Store(set, made), alone, &s); !Blocked(all) {
		t.Errorf("taken from its ResourceSet: %+v", all)
	}
	_, owned := shopSet()
	owned.Labels = model.Pairs{{Name: model.LabelKustomizationName, Value: "fleet"}, {Name: model.LabelKustomizationNS, Value: "flux-system"}}
	all := Check(modeltest.Store(owned, modeltest.Object(model.Kustomization, "flux-system", "fleet", &model.Sync{})), s, &s)
	if why := blocking(all); !strings.Contains(why, "Kustomization/flux-system/fleet applies it") {
		t.Errorf("taken from Git: %+v", all)
	}
}

// One that exists is none of a new tenant's, whatever it is asked for: what of
// its inputs is left out would be deleted.
func TestAResourceSetThatExistsIsNotAddedTo(t *testing.T) {
	s, set := shopSet()
	plain := s
	plain.Set = ""
	other := s
	other.Name = "boutique"
	for name, sent := range map[string]*Spec{"new": nil, "sent as single objects": &plain, "another tenant sent": &other} {
		if why := blocking(Check(modeltest.Store(set), s, sent)); !strings.Contains(why, "ResourceSet/flux-system/shop exists already: choose another name") {
			t.Errorf("%s: %q", name, why)
		}
	}
}

// No namespace is taken out of a ResourceSet by mending it: flux-operator would
// delete it.
func TestNoNamespaceLeavesAResourceSet(t *testing.T) {
	sent, _ := shopSet()
	only := func(names ...string) Spec {
		s := sent
		s.Spaces = nil
		for _, n := range names {
			s.Spaces = append(s.Spaces, Space{Namespace: n})
		}
		return s
	}
	live := export.Object{
		"spec":   map[string]any{"inputs": []any{map[string]any{"namespace": "shop-stage"}, map[string]any{"namespace": "shop-prod"}, "odd"}},
		"status": map[string]any{"inventory": map[string]any{"entries": []any{map[string]any{"id": "_shop-stage__Namespace", "v": "v1"}, map[string]any{"id": "shop-old_web__ServiceAccount"}, 7}}},
	}
	for _, c := range []struct {
		name      string
		now       Spec
		says      string // of the store's inventory
		saysInput string // of the live object
	}{
		{"as it was", only("shop-stage", "shop-prod", "shop-old"), "", ""},
		{"one more", only("shop-old", "shop-prod", "shop-qa", "shop-stage"), "", ""},
		{"not made yet", only("shop-stage", "shop-old"), "", "without namespace shop-prod here, flux-operator would delete it with all that is in it"},
		{"another", only("shop-qa"), "without namespaces shop-old, shop-stage here", "without namespaces shop-old, shop-prod, shop-stage here, flux-operator would delete them with all that is in them"},
	} {
		_, set := shopSet("_shop-stage__Namespace", "shop-old_web__ServiceAccount")
		if why := blocking(Check(modeltest.Store(set), c.now, &sent)); c.says == "" && why != "" || !strings.Contains(why, c.says) {
			t.Errorf("%s: %q", c.name, why)
		}
		if why := c.now.SetRefuses(live); c.saysInput == "" && why != "" || !strings.Contains(why, c.saysInput) {
			t.Errorf("%s, live: %q", c.name, why)
		}
	}
	plain := only("shop-qa")
	plain.Set = ""
	if why := plain.SetRefuses(live); why != "" {
		t.Errorf("of no ResourceSet: %q", why)
	}
}
