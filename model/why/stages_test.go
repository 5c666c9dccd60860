package why

import (
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/modeltest"
)

// The namespace was deleted and made anew ten minutes ago, the Secret went with it.
func TestNamespaceMadeAnewIsNotRuledOut(t *testing.T) {
	at := func(d time.Duration) model.Unix { return model.Unix(modeltest.Now.Add(-d).Unix()) }
	ns := modeltest.Object(model.Namespace, "", "a", &model.NamespaceDetail{Phase: "Active"}, model.LabelTenant, "a")
	ns.Created = at(10 * time.Minute)
	src := modeltest.Object(model.GitRepository, "a", "app", &model.Source{URL: "ssh://git@git.example/acme/app", Secrets: []model.Pair{{Name: "secretRef", Value: "deploy"}}})
	src.Created = at(9 * time.Minute)
	src.Conditions = []model.Condition{{Type: "Ready", Status: "False", Reason: "AuthenticationFailed", Message: `failed to get secret 'a/deploy': secrets "deploy" not found`, LastTransition: at(8 * time.Minute)}}
	e := Object(modeltest.Store(ns, src), src.Key)
	for _, r := range e.RuledOut {
		if strings.Contains(r, "namespace recreated") {
			t.Errorf("ruled out without any proof: %q", r)
		}
	}
}

// What is printed to be applied holds no object a field made up.
func TestAFieldMakesNoObject(t *testing.T) {
	evil := "x\n  namespace: a\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata:\n  name: own-all\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\nsubjects: [{kind: ServiceAccount, name: flux, namespace: a}]\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: x"
	k := modeltest.Object(model.Kustomization, "a", "app", &model.Sync{ServiceAccount: evil, Prune: true, SourceRef: model.Ref{Kind: "GitRepository", Name: "app"}})
	k.Conditions = []model.Condition{{Type: "Ready", Status: "True", Reason: "ReconciliationSucceeded"}}
	s := modeltest.Store(modeltest.Object(model.Namespace, "", "a", &model.NamespaceDetail{Phase: "Active"}, model.LabelTenant, "a"),
		modeltest.Object(model.GitRepository, "a", "app", &model.Source{URL: "https://git.example/acme/app", Revision: "main@sha1:41aaea2377872176849e91c97af0e08ed8ffd3c3"}), k)
	e := Object(s, k.Key)
	for _, f := range e.Faults {
		for _, x := range f.Fixes {
			if strings.Contains(x.Manifest, "\nkind: ClusterRoleBinding\n") {
				t.Errorf("a tenant's field becomes an object of its own in what is printed to apply:\n%s", x.Manifest)
			}
		}
	}
}
