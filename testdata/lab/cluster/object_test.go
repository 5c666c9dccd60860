package cluster

import "testing"

func TestPaths(t *testing.T) {
	for want, r := range map[string]Ref{
		"/api/v1/namespaces/a":                                                                   {"v1", "Namespace", "", "a"},
		"/api/v1/namespaces/a/secrets/b":                                                         {"v1", "Secret", "a", "b"},
		"/apis/apps/v1/namespaces/a/deployments/b":                                               {"apps/v1", "Deployment", "a", "b"},
		"/apis/source.toolkit.fluxcd.io/v1/namespaces/a/gitrepositories/b":                       {"source.toolkit.fluxcd.io/v1", "GitRepository", "a", "b"},
		"/apis/networking.k8s.io/v1/namespaces/a/ingresses/b":                                    {"networking.k8s.io/v1", "Ingress", "a", "b"},
		"/apis/kwok.x-k8s.io/v1alpha1/namespaces/a/logs/b":                                       {"kwok.x-k8s.io/v1alpha1", "Logs", "a", "b"},
		"/apis/kwok.x-k8s.io/v1alpha1/stages/b":                                                  {"kwok.x-k8s.io/v1alpha1", "Stage", "", "b"},
		"/apis/fluxcd.controlplane.io/v1/namespaces/a/resourcesetinputproviders/b":               {"fluxcd.controlplane.io/v1", "ResourceSetInputProvider", "a", "b"},
		"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/buckets.source.toolkit.flux.io": {"apiextensions.k8s.io/v1", "CustomResourceDefinition", "", "buckets.source.toolkit.flux.io"},
	} {
		if got := r.Path(); got != want {
			t.Errorf("%v is at %s, want %s", r, got, want)
		}
	}
}

func TestParse(t *testing.T) {
	objects, err := Parse([]byte("# a comment\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: b, namespace: c}\n"))
	if err != nil || len(objects) != 2 {
		t.Fatalf("%d objects, error %v", len(objects), err)
	}
	if r := objects[1].Ref(); r != (Ref{"v1", "Secret", "c", "b"}) {
		t.Errorf("read %v", r)
	}
	for _, bad := range []string{"a: b: c", "metadata: {name: a}"} {
		if _, err := Parse([]byte(bad)); err == nil {
			t.Errorf("%q was taken for a manifest", bad)
		}
	}
}
