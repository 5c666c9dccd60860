package onboard

import (
	"strings"
	"testing"

	"tenantry/model"
	"tenantry/model/modeltest"
)

// What a sync has applied that can't be read may all be deleted; what does not
// prune deletes nothing.
func TestLosses(t *testing.T) {
	spec := Spec{Name: "shop", Spaces: []Space{{Namespace: "shop"}}, Source: Source{URL: "https://git.example.com/acme/shop"}, Sync: Sync{NoPrune: true}}
	sync := func(prune bool) *model.Object {
		return modeltest.Object(model.Kustomization, "shop", "shop", &model.Sync{Prune: prune, Path: "./old", Inventory: "shop_web_apps_Deployment", SourceRef: model.Ref{Kind: "GitRepository", Name: "shop"}})
	}
	git := modeltest.Object(model.GitRepository, "shop", "shop", &model.Source{URL: spec.Source.URL, Ref: "name refs/heads/main"})
	if all := Losses(modeltest.Store(sync(false), git), spec); len(all) > 0 {
		t.Errorf("it does not prune: %+v", all)
	}
	all := Losses(modeltest.Store(sync(true), git), spec)
	if len(all) != 1 || !strings.HasPrefix(all[0].Why, "Kustomization/shop/shop gets another folder: of the 1 object") {
		t.Errorf("it prunes until it is told not to: %+v", all)
	}
	s := modeltest.Store()
	s.Apply(model.Batch{Scopes: []model.ScopeStatus{{Kind: model.Kustomization, State: model.ScopeDenied}}})
	if all := Losses(s, spec); len(all) != 1 || !all[0].Falls.Unread {
		t.Errorf("unread: %+v", all)
	}
	if all := Losses(modeltest.Store(), spec); len(all) > 0 {
		t.Errorf("nothing there: %+v", all)
	}
}
