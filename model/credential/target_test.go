package credential

import (
	"strings"
	"testing"
	"time"

	"tenantry/model"
)

func storeWith(objects ...*model.Object) *model.Store {
	s := model.NewStore(func() time.Time { return time.Unix(1_800_000_000, 0) })
	var b model.Batch
	for _, k := range model.Kinds() {
		b.Scopes = append(b.Scopes, model.ScopeStatus{Kind: k, State: model.ScopeSynced})
	}
	for _, o := range objects {
		o.UID, o.Generation, o.ObservedGeneration = o.Key.String(), 1, 1
		b.Changes = append(b.Changes, model.ObjectChange{Key: o.Key, Object: o})
	}
	s.Apply(b)
	return s
}

func repository(ns, name, secret string, missing bool) *model.Object {
	c := model.Condition{Type: "Ready", Status: "True", Reason: "Succeeded", ObservedGeneration: 1}
	if missing {
		c = model.Condition{Type: "Ready", Status: "False", Reason: "AuthenticationFailed", ObservedGeneration: 1,
			Message: "failed to get secret '" + ns + "/" + secret + `': secrets "` + secret + `" not found`}
	}
	d := &model.Source{URL: "ssh://git@git.acme.io/" + ns}
	if secret != "" {
		d.Secrets = []model.Pair{{Name: "secretRef", Value: secret}}
	}
	return &model.Object{Key: model.Key{Kind: model.GitRepository, Namespace: ns, Name: name}, Detail: d, Conditions: []model.Condition{c}}
}

func namespace(name string) *model.Object {
	return &model.Object{Key: model.Key{Kind: model.Namespace, Name: name}, Detail: &model.NamespaceDetail{Phase: "Active"},
		Labels: model.Pairs{{Name: model.LabelTenant, Value: name}}}
}

// The Secret of the namespace that was meant, all sources that share it, the
// instance behind it and whoever applies it; the same names elsewhere are left
// alone.
func TestTargets(t *testing.T) {
	sync := &model.Object{Key: model.Key{Kind: model.Kustomization, Namespace: "prod", Name: "secrets"}, Detail: &model.Sync{
		SourceRef: model.Ref{Kind: "GitRepository", Name: "app"}, Inventory: "prod_key__Secret", Secrets: []model.Pair{{Name: "decryption.secretRef", Value: "sops"}}}}
	instance := &model.Object{Key: model.Key{Kind: model.FluxInstance, Namespace: "flux-system", Name: "flux"},
		Detail: &model.Instance{Sync: &model.InstanceSync{Kind: "GitRepository", URL: "ssh://git@git.acme.io/fleet", PullSecret: "pull"}}}
	s := storeWith(namespace("prod"), namespace("stage"), repository("prod", "app", "key", false), repository("prod", "other", "key", false),
		repository("stage", "app", "key", true), repository("stage", "open", "", false), sync, instance)

	key := func(k model.Kind, ns, name string) model.Key { return model.Key{Kind: k, Namespace: ns, Name: name} }
	one := func(row string, k model.Key) Target {
		t.Helper()
		all, why := Targets(s, row, k)
		if len(all) == 0 {
			t.Fatalf("%v: %s", k, why)
		}
		return all[0]
	}
	got := one("", key(model.Kustomization, "prod", "secrets"))
	if got.Namespace != "prod" || got.Name != "key" || len(got.Sources) != 2 || got.Missing || len(got.Owners) != 1 || !got.Encrypted {
		t.Errorf("prod: %+v", got)
	}
	got = one("stage", model.Key{})
	if got.Namespace != "stage" || !got.Missing || len(got.Sources) != 1 || got.Owners != nil {
		t.Errorf("stage: %+v", got)
	}
	if all, _ := Targets(s, "stage", model.Key{}); len(all) != 2 || all[1].Name != "" {
		t.Errorf("the source without a Secret comes last: %+v", all)
	}
	got = one("", key(model.FluxInstance, "flux-system", "flux"))
	if got.Name != "pull" || got.Instance.Name != "flux" || got.URL != "ssh://git@git.acme.io/fleet" || len(got.Sources) != 0 {
		t.Errorf("a sync that was not made: %+v", got)
	}
	s = storeWith(instance, repository("flux-system", "flux-system", "pull", true))
	if got, _ := Targets(s, model.PlatformKey, model.Key{}); len(got) != 1 || !got[0].Missing || got[0].Instance.Name != "flux" || len(got[0].Sources) != 1 {
		t.Errorf("the platform's: %+v", got)
	}
	for k, want := range map[model.Key]string{
		key(model.Bucket, "prod", "b"):           "not fetched from Git",
		key(model.GitRepository, "prod", "gone"): "no longer in the cluster",
	} {
		if all, why := Targets(s, "", k); len(all) != 0 || !strings.Contains(why, want) {
			t.Errorf("%v: %v, %q", k, all, why)
		}
	}
}
