package model_test

import (
	"strings"
	"testing"

	"tenantry/model"
	"tenantry/model/modeltest"
)

func oneTenant(extra ...*model.Object) *model.Store {
	ctl := func(name string) *model.Object {
		o := modeltest.Object(model.Deployment, "flux-system", name, &model.Workload{Desired: 1, Replicas: 1, Updated: 1, Available: 1, Ready: 1, Containers: []model.Container{{Name: "manager", Image: "x/" + name + ":v1", Args: []string{"--x"}}}}, model.LabelPartOf, "flux")
		return o
	}
	all := []*model.Object{
		modeltest.Object(model.Namespace, "", "flux-system", &model.NamespaceDetail{Phase: "Active"}), ctl("source-controller"),
		modeltest.Object(model.Namespace, "", "a", &model.NamespaceDetail{Phase: "Active"}, model.LabelTenant, "a"),
		modeltest.Object(model.ServiceAccount, "a", "flux", &model.Account{}),
		modeltest.Object(model.GitRepository, "a", "app", &model.Source{URL: "http://ann:hunter2hunter2@git.example/acme/app"}),
		modeltest.Object(model.Kustomization, "a", "app", &model.Sync{ServiceAccount: "flux", Prune: true, Wait: true, SourceRef: model.Ref{Kind: "GitRepository", Namespace: "a", Name: "app"}}),
	}
	return modeltest.Store(append(all, extra...)...)
}

func foundBy(s *model.Store, rule string) []model.Finding {
	var f model.Findings
	f.Update(s)
	var out []model.Finding
	f.Each(func(x *model.Finding) {
		if x.Rule == rule && !x.Unknown {
			out = append(out, *x)
		}
	})
	return out
}

// A group of accounts means the accounts.
func TestGroupBoundToTheWholeCluster(t *testing.T) {
	s := oneTenant(modeltest.Object(model.ClusterRoleBinding, "", "evil", &model.Binding{RoleKind: "ClusterRole", RoleName: "cluster-admin", Subjects: []model.Subject{{Kind: "Group", Name: "system:serviceaccounts:a"}}}))
	if got := foundBy(s, "P6"); len(got) == 0 {
		t.Error("ClusterRoleBinding cluster-admin → Group system:serviceaccounts:a is not found (P6 critical)")
	}
	if got := foundBy(s, "P5"); len(got) > 0 {
		t.Errorf("P5 false: %+v", got)
	}
}

func TestAccountBoundAsAUser(t *testing.T) {
	s := oneTenant(modeltest.Object(model.ClusterRoleBinding, "", "u", &model.Binding{RoleKind: "ClusterRole", RoleName: "view", Subjects: []model.Subject{{Kind: "User", Name: "system:serviceaccount:a:flux"}}}))
	if got := foundBy(s, "P5"); len(got) > 0 {
		t.Errorf("P5 false: %+v", got)
	}
}

func TestGroupOfAnotherTenant(t *testing.T) {
	s := oneTenant(modeltest.Object(model.Namespace, "", "b", &model.NamespaceDetail{Phase: "Active"}, model.LabelTenant, "b"),
		modeltest.Object(model.RoleBinding, "a", "x", &model.Binding{RoleKind: "ClusterRole", RoleName: "admin", Subjects: []model.Subject{{Kind: "Group", Name: "system:serviceaccounts:b"}}}))
	if got := foundBy(s, "P7"); len(got) == 0 {
		t.Error("RoleBinding in a names all accounts of b: not found (P7)")
	}
}

func TestNoDefaultIsClaimedUnseen(t *testing.T) {
	s := oneTenant(modeltest.Object(model.RoleBinding, "a", "x", &model.Binding{RoleKind: "ClusterRole", RoleName: "admin", Subjects: []model.Subject{{Kind: "ServiceAccount", Namespace: "a", Name: "flux"}}}),
		modeltest.Object(model.Kustomization, "a", "bare", &model.Sync{Prune: true, Wait: true, SourceRef: model.Ref{Kind: "GitRepository", Namespace: "a", Name: "app"}}))
	for _, f := range foundBy(s, "P2") {
		if strings.Contains(f.Evidence, "its controller has no") {
			t.Errorf("no kustomize-controller was read, yet: %s", f.Evidence)
		}
	}
}

func TestGroupBesideTheDefaultAccount(t *testing.T) {
	s := oneTenant(modeltest.Object(model.ServiceAccount, "a", "default", &model.Account{}),
		modeltest.Object(model.Kustomization, "a", "d", &model.Sync{ServiceAccount: "default", Prune: true, Wait: true, SourceRef: model.Ref{Kind: "GitRepository", Namespace: "a", Name: "app"}}),
		modeltest.Object(model.RoleBinding, "a", "x", &model.Binding{RoleKind: "ClusterRole", RoleName: "admin", Subjects: []model.Subject{{Kind: "ServiceAccount", Namespace: "a", Name: "default"}, {Kind: "Group", Name: "devs"}}}))
	if len(foundBy(s, "P3b")) == 0 {
		t.Error("P3b not found when a Group stands beside the account")
	}
}

func TestOneRepositorySpeltTwice(t *testing.T) {
	s := oneTenant(modeltest.Object(model.Namespace, "", "b", &model.NamespaceDetail{Phase: "Active"}, model.LabelTenant, "b"),
		modeltest.Object(model.GitRepository, "b", "app", &model.Source{URL: "http://ann:hunter2hunter2@git.example/acme/app.git"}),
		modeltest.Object(model.Kustomization, "b", "app", &model.Sync{ServiceAccount: "flux", Prune: true, Wait: true, SourceRef: model.Ref{Kind: "GitRepository", Namespace: "b", Name: "app"}}))
	if len(foundBy(s, "P12")) == 0 {
		t.Error("P12 not found when one URL ends in .git")
	}
}

// The last of several values counts (pflag): a patch that appends "=false" switches it off.
func TestLastFlagWins(t *testing.T) {
	p := modeltest.Store(modeltest.Object(model.Namespace, "", "flux-system", &model.NamespaceDetail{Phase: "Active"}),
		modeltest.Object(model.Deployment, "flux-system", "kustomize-controller", &model.Workload{Desired: 1, Replicas: 1, Updated: 1, Available: 1, Ready: 1, Containers: []model.Container{{Name: "manager", Image: "x/kustomize-controller:v1",
			Args: []string{"--no-cross-namespace-refs=true", "--no-remote-bases=true", "--default-service-account=default", "--no-cross-namespace-refs=false"}}}}, model.LabelPartOf, "flux")).Platform()
	if p.Lockdown.Enabled {
		t.Errorf("lockdown is %q", p.Lockdown.Detail)
	}
}
