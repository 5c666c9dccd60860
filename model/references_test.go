package model

import (
	"slices"
	"testing"
	"time"
)

func refStore(objects ...*Object) *Store {
	s := NewStore(func() time.Time { return time.Unix(1000, 0) })
	var b Batch
	for _, o := range objects {
		b.Changes = append(b.Changes, ObjectChange{Key: o.Key, Object: o})
	}
	s.Apply(b)
	return s
}

func ksync(ns, name string, d *Sync) *Object {
	return &Object{Key: Key{Kustomization, ns, name}, Detail: d}
}

func TestReferences(t *testing.T) {
	a, b := Key{GitRepository, "stage", "app"}, Key{GitRepository, "prod", "app"}
	s := refStore(
		&Object{Key: a, Detail: &Source{}}, &Object{Key: b, Detail: &Source{}},
		ksync("stage", "app", &Sync{SourceRef: Ref{Kind: "GitRepository", Name: "app"}, Inventory: "stage_web_apps_Deployment\n_view__x_rbac.authorization.k8s.io_ClusterRole"}),
		ksync("prod", "app", &Sync{SourceRef: Ref{Kind: "GitRepository", Namespace: "prod", Name: "app"}, DependsOn: []Ref{{Kind: "Kustomization", Name: "infra"}}, Inventory: "prod_web_apps_Deployment"}),
		ksync("prod", "infra", &Sync{SourceRef: Ref{Kind: "GitRepository", Namespace: "stage", Name: "app"}}),
		&Object{Key: Key{HelmChart, "prod", "c"}, Detail: &Source{SourceRef: Ref{Kind: "GitRepository", Name: "app"}}},
		ksync("other", "liar", &Sync{Inventory: "xstage_web_apps_Deployment\nstage_web_apps_DeploymentX"}),
		&Object{Key: Key{Deployment, "stage", "web"}, Labels: Pairs{{LabelKustomizationName, "app"}, {LabelKustomizationNS, "stage"}}},
		&Object{Key: Key{Deployment, "prod", "web"}, Labels: Pairs{{LabelKustomizationName, "gone"}, {LabelKustomizationNS, "prod"}}},
	)
	if got, want := s.UsersOf(a), []Key{{Kustomization, "prod", "infra"}, {Kustomization, "stage", "app"}}; !slices.Equal(got, want) {
		t.Errorf("users of stage's source: %v", got)
	}
	if got, want := s.UsersOf(b), []Key{{HelmChart, "prod", "c"}, {Kustomization, "prod", "app"}}; !slices.Equal(got, want) {
		t.Errorf("users of prod's source: %v", got)
	}
	if got, want := s.WaitersOf(Key{Kustomization, "prod", "infra"}), []Key{{Kustomization, "prod", "app"}}; !slices.Equal(got, want) {
		t.Errorf("waiters: %v", got)
	}
	if got, want := s.HoldersOf(Key{Deployment, "stage", "web"}.ObjectRef()), []Key{{Kustomization, "stage", "app"}}; !slices.Equal(got, want) {
		t.Errorf("holders: %v", got)
	}
	role := ObjectRef{Group: groupRBAC, Kind: "ClusterRole", Name: "view:x"}
	if got := s.HoldersOf(role); len(got) != 1 {
		t.Errorf("holders of a role with a colon: %v", got)
	}
	if got, ok := s.Owner(s.Get(Key{Deployment, "stage", "web"})); !ok || got != (Key{Kustomization, "stage", "app"}) {
		t.Errorf("owner %v %v", got, ok)
	}
	if got, ok := s.Owner(s.Get(Key{Deployment, "prod", "web"})); ok {
		t.Errorf("an owner that is gone: %v", got)
	}
}

func TestInventoryRefsGoBothWays(t *testing.T) {
	o := ksync("a", "b", &Sync{Inventory: "stage_web_apps_Deployment\n_view__x_rbac.authorization.k8s.io_ClusterRole\nstage_cm__ConfigMap\nno id"})
	refs := InventoryRefs(o)
	if len(refs) != 3 {
		t.Fatalf("%d entries: %v", len(refs), refs)
	}
	for i, want := range []string{"stage_web_apps_Deployment", "_view__x_rbac.authorization.k8s.io_ClusterRole", "stage_cm__ConfigMap"} {
		if got := refs[i].InventoryID(); got != want {
			t.Errorf("id %q, want %q", got, want)
		}
	}
	if k, ok := refs[0].Key(); !ok || k != (Key{Deployment, "stage", "web"}) {
		t.Errorf("key %v %v", k, ok)
	}
	if _, ok := (ObjectRef{Group: "evil.io", Kind: "Deployment", Name: "x"}).Key(); ok {
		t.Error("another group's Deployment is taken for Kubernetes' own")
	}
}

func TestBindingsOf(t *testing.T) {
	bind := func(kind Kind, ns, name string, subjects ...Subject) *Object {
		return &Object{Key: Key{kind, ns, name}, Detail: &Binding{RoleKind: "ClusterRole", RoleName: "view", Subjects: subjects}}
	}
	s := refStore(
		bind(RoleBinding, "stage", "own", Subject{"ServiceAccount", "", "app"}),
		bind(RoleBinding, "prod", "same-name", Subject{"ServiceAccount", "prod", "app"}),
		bind(RoleBinding, "prod", "foreign", Subject{"ServiceAccount", "stage", "app"}),
		bind(RoleBinding, "other", "group", Subject{"Group", "", "system:serviceaccounts:stage"}),
		bind(ClusterRoleBinding, "", "user", Subject{"User", "", "system:serviceaccount:stage:app"}),
		bind(ClusterRoleBinding, "", "somebody", Subject{"User", "", "app"}),
	)
	var got []string
	for _, o := range s.BindingsOf(Key{ServiceAccount, "stage", "app"}) {
		got = append(got, o.Name)
	}
	if want := []string{"user", "group", "foreign", "own"}; !slices.Equal(got, want) {
		t.Errorf("bindings %v, want %v", got, want)
	}
}
