package export

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"tenantry/model"
)

func parsed(t *testing.T, text string) Object {
	t.Helper()
	o := Object{}
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		t.Fatal(err)
	}
	return o
}

func TestClean(t *testing.T) {
	for _, c := range []struct{ name, live, want string }{
		{"a namespace", `{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"dev","uid":"1","resourceVersion":"2","creationTimestamp":"2026-11-22T02:58:14Z",
			"labels":{"kubernetes.io/metadata.name":"dev","toolkit.fluxcd.io/tenant":"dev"},
			"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{}"},"managedFields":[{}]},
			"spec":{"finalizers":["kubernetes"]},"status":{"phase":"Active"}}`,
			`{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"dev","labels":{"toolkit.fluxcd.io/tenant":"dev"}}}`},
		{"a namespace nobody labelled", `{"kind":"Namespace","metadata":{"name":"dev","labels":{"kubernetes.io/metadata.name":"dev"}},"spec":{}}`,
			`{"kind":"Namespace","metadata":{"name":"dev"}}`},
		{"a source that was asked", `{"kind":"GitRepository","metadata":{"name":"app","namespace":"dev","finalizers":["finalizers.fluxcd.io"],
			"annotations":{"reconcile.fluxcd.io/requestedAt":"x","tenantry.dev/suspended-reason":"freeze"}},
			"spec":{"url":"https://git.example/app","timeout":"60s","interval":"1m","suspend":true},"status":{"observedGeneration":1}}`,
			`{"kind":"GitRepository","metadata":{"name":"app","namespace":"dev","annotations":{"tenantry.dev/suspended-reason":"freeze"}},
			"spec":{"url":"https://git.example/app","interval":"1m","suspend":true}}`},
		{"a timeout somebody chose", `{"kind":"GitRepository","metadata":{"name":"app"},"spec":{"timeout":"20s"}}`,
			`{"kind":"GitRepository","metadata":{"name":"app"},"spec":{"timeout":"20s"}}`},
		{"an account with a token", `{"kind":"ServiceAccount","metadata":{"name":"app"},"secrets":[{"name":"app-token-x"}],"imagePullSecrets":[{"name":"pull"}]}`,
			`{"kind":"ServiceAccount","metadata":{"name":"app"},"imagePullSecrets":[{"name":"pull"}]}`},
		{"a binding", `{"kind":"RoleBinding","metadata":{"name":"app"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"edit"},
			"subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"User","name":"ann"}]}`,
			`{"kind":"RoleBinding","metadata":{"name":"app"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"edit"},
			"subjects":[{"kind":"User","name":"ann"}]}`},
		{"an instance", `{"kind":"FluxInstance","metadata":{"name":"flux"},"spec":{"wait":true,"cluster":{"type":"kubernetes","multitenant":true,"networkPolicy":true,"domain":"cluster.local"},"sync":{"interval":"1m","path":"x"}}}`,
			`{"kind":"FluxInstance","metadata":{"name":"flux"},"spec":{"cluster":{"multitenant":true},"sync":{"path":"x"}}}`},
		{"hardly an object", `{"kind":"GitRepository","metadata":[],"spec":"x"}`, `{"kind":"GitRepository","metadata":[],"spec":"x"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			live := parsed(t, c.live)
			got := Clean(live)
			if want := parsed(t, c.want); !reflect.DeepEqual(got, want) {
				text, _ := json.MarshalIndent(got, "", " ")
				t.Errorf("got %s", text)
			}
			if !reflect.DeepEqual(live, parsed(t, c.live)) {
				t.Error("the live object was changed")
			}
			if again := Clean(got); !reflect.DeepEqual(again, got) {
				t.Errorf("cleaned again: %v", again)
			}
		})
	}
}

func TestMaker(t *testing.T) {
	all := func(model.Key) bool { return true }
	none := func(model.Key) bool { return false }
	labelled := `{"kind":"Deployment","metadata":{"name":"a","labels":{"kustomize.toolkit.fluxcd.io/name":"app","kustomize.toolkit.fluxcd.io/namespace":"dev"}}}`
	for _, c := range []struct {
		name, object string
		exists       func(model.Key) bool
		want         string
	}{
		{"applied by a sync", labelled, all, "Kustomization/dev/app"},
		{"the sync is gone", labelled, none, ""},
		{"owned", `{"kind":"HelmChart","metadata":{"ownerReferences":[{"kind":"HelmRelease","name":"app"}]}}`, none, "HelmRelease app"},
		{"made by the operator", `{"kind":"GitRepository","metadata":{"labels":{"fluxcd.controlplane.io/name":"flux","fluxcd.controlplane.io/namespace":"flux-system"}}}`, all, "FluxInstance/flux-system/flux"},
		{"made by the Helm program", `{"kind":"FluxInstance","metadata":{"labels":{"app.kubernetes.io/managed-by":"Helm"},"annotations":{"meta.helm.sh/release-name":"flux"}}}`, all, ""},
		{"made by a person", `{"kind":"Namespace","metadata":{"name":"dev"}}`, all, ""},
	} {
		if got := Maker(parsed(t, c.object), c.exists); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestArrange(t *testing.T) {
	item := func(folder, kind, ns, name, maker string) Item {
		return Item{folder, parsed(t, `{"kind":"`+kind+`","metadata":{"namespace":"`+ns+`","name":"`+name+`"}}`), maker}
	}
	items := []Item{
		item("tenants/stage", "Kustomization", "stage", "app", ""),
		item("tenants/prod", "Kustomization", "prod", "app", ""),
		item("tenants/stage", "RoleBinding", "stage", "app", ""),
		item("tenants/stage", "Namespace", "", "stage", ""),
		item("tenants/stage", "ServiceAccount", "stage", "default", ""),
		item("tenants/stage", "ServiceAccount", "stage", "app", ""),
		item("tenants/stage", "Deployment", "stage", "web", ""),
		item("tenants/stage", "GitRepository", "stage", "app", ""),
		item("platform", "FluxInstance", "flux-system", "flux", ""),
		item("platform", "GitRepository", "flux-system", "flux-system", "FluxInstance/flux-system/flux"),
	}
	set := Arrange(items)
	var got []string
	for _, f := range set.Files {
		for _, o := range f.Objects {
			kind, ns, name := identity(o)
			got = append(got, f.Path+" "+kind+"/"+ns+"/"+name)
		}
	}
	want := []string{
		"platform/2_platform.yaml FluxInstance/flux-system/flux",
		"tenants/prod/4_sync.yaml Kustomization/prod/app",
		"tenants/stage/1_access.yaml Namespace//stage",
		"tenants/stage/1_access.yaml ServiceAccount/stage/app",
		"tenants/stage/1_access.yaml RoleBinding/stage/app",
		"tenants/stage/3_source.yaml GitRepository/stage/app",
		"tenants/stage/4_sync.yaml Kustomization/stage/app",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if len(set.Left) != 1 || set.Left[0].Maker != "FluxInstance/flux-system/flux" {
		t.Errorf("left: %v", set.Left)
	}
	slices.Reverse(items)
	if again := Arrange(items); !reflect.DeepEqual(again, set) {
		t.Error("the order the objects come in makes a difference")
	}
}
