package kube

import (
	"os"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/why"
)

// Statuses as the real controllers wrote them on the lab, and what the lab had
// done (testdata/lab/scenes/faults.go).
func TestRecordedFaultsAreExplained(t *testing.T) {
	store := model.NewStore(func() time.Time { return time.Unix(1795335700, 0) })
	var b model.Batch
	for _, k := range model.Kinds() {
		b.Scopes = append(b.Scopes, model.ScopeStatus{Kind: k, State: model.ScopeSynced})
	}
	for _, k := range []model.Kind{model.Namespace, model.ServiceAccount, model.RoleBinding, model.GitRepository, model.Kustomization, model.FluxInstance,
		model.Deployment, model.ReplicaSet} {
		f, err := os.Open("testdata/lab/" + k.Resource() + ".json")
		if err != nil {
			t.Fatal(err)
		}
		e := entryOf(t, k)
		if _, err := readList(f, func(raw []byte, enc encoding) {
			o := e.decodeObject(raw, enc)
			b.Changes = append(b.Changes, model.ObjectChange{Key: o.Key, Object: o})
		}); err != nil {
			t.Fatal(err)
		}
		_ = f.Close()
	}
	store.Apply(b)
	const git, ks = model.GitRepository, model.Kustomization
	for _, c := range []struct {
		kind       model.Kind
		name       string
		at         model.Ref // zero: the object itself
		says       string
		asItShould bool
	}{
		{git, "nosecret", model.Ref{Kind: "Secret", Namespace: "team-x", Name: "flux-system"}, "flux-system", false},
		{git, "nobranch", model.Ref{}, "nope", false},
		{git, "norepo", model.Ref{}, "none.git", false},
		{git, "nohost", model.Ref{}, "git.invalid", false},
		{ks, "escape", model.Ref{Kind: "ServiceAccount", Namespace: "team-x", Name: "team-x"}, "ConfigMap intruder in fluxdemo-prod", true},
		{ks, "badyaml", model.Ref{}, "x.yaml", false},
		{ks, "nopath", model.Ref{}, "./nopath", false},
		{ks, "unhealthy", model.Ref{Kind: "Deployment", Namespace: "team-x", Name: "slow"}, "Deployment team-x/slow", false},
		{ks, "crossns", model.Ref{Kind: "GitRepository", Namespace: "fluxdemo-dev", Name: "git-demo-dev"}, "fluxdemo-dev/git-demo-dev", true},
		{ks, "nosa", model.Ref{Kind: "ServiceAccount", Namespace: "team-x", Name: "ghost"}, "team-x/ghost does not exist", false},
		{ks, "defaultsa", model.Ref{Kind: "ServiceAccount", Namespace: "team-x", Name: "default"}, "no role binding names it", false},
		{ks, "waitfor", model.Ref{Kind: "Kustomization", Namespace: "team-x", Name: "nopath"}, "./nopath", false},
		{ks, "nosource", model.Ref{Kind: "GitRepository", Namespace: "team-x", Name: "missing"}, "does not exist", false},
		{ks, "fromnosecret", model.Ref{Kind: "Secret", Namespace: "team-x", Name: "flux-system"}, "flux-system", false},
	} {
		key := model.Key{Kind: c.kind, Namespace: "team-x", Name: c.name}
		if store.Get(key) == nil {
			t.Errorf("%s was not recorded", c.name)
			continue
		}
		e := why.Object(store, key)
		if c.at == (model.Ref{}) {
			c.at = model.Ref{Kind: c.kind.String(), Namespace: "team-x", Name: c.name}
		}
		if len(e.Faults) != 1 || e.Faults[0].Root().Ref != c.at || e.Faults[0].AsItShould != c.asItShould || e.Faults[0].Raw || !strings.Contains(e.Headline, c.says) {
			t.Errorf("%s: want %s, %q\n%s", c.name, c.at, c.says, e.Text(time.UTC))
		}
	}
	for _, name := range []string{"fluxdemo-dev", "fluxdemo-stage", "fluxdemo-prod"} {
		if e := why.Row(store, name); e == nil || !e.Fine() {
			t.Errorf("%s: %+v", name, e)
		}
	}
}
