package flux

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo/git"
)

// What leaves Git is deleted, but for what says by a label or an annotation that
// it is not to be.
func TestPruneKeepsWhatIsMarked(t *testing.T) {
	w := newWorld(t)
	w.tenant("team-x")
	repo := w.git.Add("http://git.local/app.git", git.Access{})
	kept := map[string]bool{"plain": false, "other": false}
	files := map[string]string{}
	add := func(name, meta string) {
		files["app/"+name+".yaml"] = fmt.Sprintf("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: team-x%s}\n", name, meta)
	}
	add("plain", "")
	add("other", ", annotations: {kustomize.toolkit.fluxcd.io/prune: enabled}")
	for mark, value := range map[string]string{"prune": "Disabled", "reconcile": "disabled", "ssa": "IfNotPresent"} {
		for _, field := range []string{"annotations", "labels"} {
			name := mark + "-" + field
			kept[name] = mark != "ssa" // that one is only about applying
			add(name, fmt.Sprintf(", %s: {kustomize.toolkit.fluxcd.io/%s: %s}", field, mark, value))
		}
	}
	push(w, repo, "first", files)
	w.apply("apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: app, namespace: team-x}\nspec: {interval: 1m, url: 'http://git.local/app.git', ref: {branch: main}}\n" +
		ks("app", "./app", "app", "team-x", ""))
	w.pass(30 * time.Second)
	configMap := schema.GroupKind{Kind: "ConfigMap"}
	for name := range kept {
		if _, err := w.c.Get(configMap, "team-x", name); err != nil {
			t.Fatalf("%s was not applied: %v", name, err)
		}
	}
	drop := map[string]*string{"app/rest.yaml": nil}
	for path := range files {
		drop[path] = nil
	}
	rest := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: rest, namespace: team-x}\n"
	drop["app/rest.yaml"] = &rest
	repo.Push("main", "Drop all", "dev", w.env.Now(), drop)
	w.pass(90 * time.Second)
	for name, want := range kept {
		if _, err := w.c.Get(configMap, "team-x", name); (err == nil) != want {
			t.Errorf("%s is there: %v (%v)", name, err == nil, err)
		}
	}
	if e := w.events("team-x", "app"); !strings.Contains(e, "ConfigMap/team-x/plain deleted") {
		t.Errorf("events:\n%s", e)
	}
}
