package load

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"tenantry/lab/cluster"
)

func TestProfilesHoldWhatTheyPromise(t *testing.T) {
	for full, want := range map[bool]map[string]int{
		false: {"Namespace": 1, "ServiceAccount": 1, "RoleBinding": 1, "GitRepository": 1, "Kustomization": 2, "Deployment": 2},
		true: {"Namespace": 1, "ServiceAccount": 1, "RoleBinding": 1, "GitRepository": 1, "Kustomization": 2, "Deployment": 2,
			"ReplicaSet": 4, "Secret": 1, "HelmRelease": 1},
	} {
		got := map[string]int{}
		for _, it := range newTenant(42, full, time.Now()).items() {
			r := it.object.Ref()
			got[r.Kind]++
			if r.Kind != "Namespace" && r.Namespace != "load-00042" {
				t.Errorf("%v is in the wrong namespace", r)
			}
			if r.Kind == "Kustomization" {
				entries := cluster.Object{"status": it.status}.At("status", "inventory", "entries").([]any)
				if len(entries) != 12 {
					t.Errorf("%v has %d inventory entries", r, len(entries))
				}
			}
		}
		for kind, n := range want {
			if got[kind] != n {
				t.Errorf("full=%v has %d of %s, want %d", full, got[kind], kind, n)
			}
		}
		if len(got) != len(want) {
			t.Errorf("full=%v makes %v", full, got)
		}
	}
}

// Protobuf texts carry their length, so a copy may only replace like by like.
func TestCopiesKeepTheirLength(t *testing.T) {
	now := time.Now()
	from := newTenant(1, true, now)
	m := &model{tenant: from, uids: []string{newUID()}}
	var body strings.Builder
	for _, it := range from.items() {
		b, err := json.Marshal([]any{it.object, it.status, m.uids})
		if err != nil {
			t.Fatal(err)
		}
		body.Write(b)
	}
	for _, n := range []int{2, 99, 12345, 99999} {
		to := newTenant(n, true, now)
		copied := m.replacer(to).Replace(body.String())
		if len(copied) != body.Len() {
			t.Errorf("the copy for %d is %d bytes long, the model %d", n, len(copied), body.Len())
		}
		if strings.Contains(copied, from.ns) || strings.Contains(copied, m.uids[0]) || strings.Contains(copied, sha(1)) {
			t.Errorf("the copy for %d still names its model", n)
		}
	}
}

func TestSomeTenantsFail(t *testing.T) {
	bad := 0
	for n := 1; n <= 1000; n++ {
		x := newTenant(n, false, time.Now())
		if x.sourceFails() || x.applyFails() || x.rolloutFails() {
			bad++
		}
	}
	if bad < 20 || bad > 100 {
		t.Errorf("%d of 1000 tenants fail", bad)
	}
}

func TestStorageKeys(t *testing.T) {
	for want, r := range map[string]cluster.Ref{
		"/registry/namespaces/a":                                    {APIVersion: "v1", Kind: "Namespace", Name: "a"},
		"/registry/deployments/a/b":                                 {APIVersion: "apps/v1", Kind: "Deployment", Namespace: "a", Name: "b"},
		"/registry/rolebindings/a/b":                                {APIVersion: rbacV1, Kind: "RoleBinding", Namespace: "a", Name: "b"},
		"/registry/kustomize.toolkit.fluxcd.io/kustomizations/a/b":  {APIVersion: kustomizeV1, Kind: "Kustomization", Namespace: "a", Name: "b"},
		"/registry/source.toolkit.fluxcd.io/gitrepositories/load/b": {APIVersion: sourceV1, Kind: "GitRepository", Namespace: "load", Name: "b"},
	} {
		if got := key(r); got != want {
			t.Errorf("%v is kept at %s, want %s", r, got, want)
		}
	}
}
