package scenes

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"tenantry/lab/cluster"
)

// A kind that is established but not in the discovery yet makes the operator
// end at its start.
func TestKindsAreServedOnceDiscovered(t *testing.T) {
	const crd = `{"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "things.x.io"},
		"spec": {"group": "x.io", "names": {"plural": "things"}, "versions": [{"name": "v1", "served": true}, {"name": "v0", "served": false}]},
		"status": {"conditions": [{"type": "Established", "status": "True"}]}}`
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.Contains(r.URL.Path, "customresourcedefinitions"):
			w.Write([]byte(crd))
		case r.URL.Path != "/apis/x.io/v1":
			t.Errorf("asked for %s", r.URL.Path)
		default:
			if asked++; asked < 3 {
				w.Write([]byte(`{"kind": "APIResourceList", "resources": [{"name": "others"}]}`))
				return
			}
			w.Write([]byte(`{"kind": "APIResourceList", "resources": [{"name": "others"}, {"name": "things"}]}`))
		}
	}))
	defer server.Close()
	s := &Scene{API: cluster.New(server.URL, "", 1)}
	if err := s.kindsServed(t.Context(), "things.x.io"); err != nil {
		t.Fatal(err)
	}
	if asked != 3 {
		t.Errorf("asked the discovery %d times, want 3", asked)
	}
}
