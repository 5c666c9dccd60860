package api

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/strategicpatch"

	"tenantry/kube/demo/tree"
)

// TestStrategicAsAPIMachinery merges random strategic patches with this
// package's merge and with apimachinery's: the results are the same.
func TestStrategicAsAPIMachinery(t *testing.T) {
	outcomes := map[bool]int{}
	for seed := range uint64(3000) {
		rng := rand.New(rand.NewPCG(seed, 2))
		live, patch := randomDeployment(rng), randomDeployment(rng)
		dropEmpty(live) // apimachinery cannot order empty lists
		dropEmpty(patch)
		direct(rng, patch)
		got, gotErr := mergeStrategic(runtime.DeepCopyJSON(live), runtime.DeepCopyJSON(patch), reflect.TypeFor[appsv1.Deployment]())
		want, wantErr := strategicpatch.StrategicMergeMapPatch(runtime.DeepCopyJSON(live), runtime.DeepCopyJSON(patch), &appsv1.Deployment{})
		outcomes[wantErr == nil]++
		dropNulls(got) // as the server does next
		dropNulls(map[string]any(want))
		if (gotErr == nil) != (wantErr == nil) || gotErr == nil && asJSON(got) != asJSON(want) {
			t.Fatalf("seed %d: patch\n%s\nof\n%s\ngave %v\n%s\nwant %v\n%s", seed, asJSON(patch), asJSON(live), gotErr, asJSON(got), wantErr, asJSON(want))
		}
	}
	if outcomes[true] < 1000 || outcomes[false] < 100 {
		t.Errorf("merged and refused %v: the test asks too little", outcomes)
	}
}

func dropEmpty(obj map[string]any) {
	for key, v := range obj {
		switch v := v.(type) {
		case map[string]any:
			dropEmpty(v)
		case []any:
			if len(v) == 0 {
				delete(obj, key)
			}
			for _, item := range v {
				if item, ok := item.(map[string]any); ok {
					dropEmpty(item)
				}
			}
		}
	}
}

// direct adds directives to a patch.
func direct(rng *rand.Rand, patch map[string]any) {
	if rng.IntN(3) == 0 {
		delete(tree.Meta(patch), "finalizers") // apimachinery adds and deletes the same in either order
		tree.Meta(patch)["$deleteFromPrimitiveList/finalizers"] = subset(rng, "f/a", "f/b", "f/c")
	}
	if order := subset(rng, "f/a", "f/b", "f/c"); len(order) > 0 && rng.IntN(3) == 0 {
		tree.Meta(patch)["$setElementOrder/finalizers"] = order
	}
	pod := tree.Make(patch, "spec", "template", "spec")
	containers := tree.List(pod, "containers")
	if rng.IntN(3) == 0 {
		order := []any{map[string]any{"name": "first"}}
		for _, name := range subset(rng, "web", "proxy", "log") {
			order = append(order, map[string]any{"name": name})
		}
		if rng.IntN(2) == 0 {
			order = order[:1]
			for _, c := range containers {
				order = append(order, map[string]any{"name": tree.Str(c.(map[string]any), "name")})
			}
		}
		pod["$setElementOrder/containers"] = order
	}
	for _, c := range containers {
		c := c.(map[string]any)
		switch rng.IntN(12) {
		case 0:
			if pod["$setElementOrder/containers"] == nil { // apimachinery overwrites the list it orders by
				c["$patch"] = "delete"
			}
		case 1:
			c["image"] = nil
		case 2:
			c["$retainKeys"] = []any{"name", "image"}
		case 3:
			c["resources"] = map[string]any{"$patch": []any{"replace", "delete"}[rng.IntN(2)], "requests": map[string]any{"cpu": "1"}}
		case 4:
			c["env"] = append(slices.Clone(tree.List(c, "env")), map[string]any{"$patch": "delete", "name": "A"})
		case 5:
			c["$setElementOrder/ports"] = []any{map[string]any{"containerPort": int64(81)}, map[string]any{"containerPort": int64(80)}}
		}
	}
	if rng.IntN(10) == 0 {
		delete(tree.Meta(patch), "$deleteFromPrimitiveList/finalizers")
		tree.Meta(patch)["finalizers"] = []any{"f/a", []any{map[string]any{}, []any{"f/b"}}[rng.IntN(2)]}
	}
	switch rng.IntN(18) {
	case 0:
		pod["containers"] = append(slices.Clone(containers), map[string]any{"$patch": "replace"})
	case 1:
		pod["containers"] = append(slices.Clone(containers), map[string]any{"image": "nameless"})
	case 2:
		pod["containers"] = append(slices.Clone(containers), map[string]any{"name": "x", "$patch": []string{"merge", "odd"}[rng.IntN(2)]})
	case 3:
		pod["nowhere"] = map[string]any{"a": "b"}
	case 4:
		pod["$retainKeys"] = []any{"containers", "nodeSelector"}
	case 5:
		tree.Make(patch, "spec")["strategy"] = map[string]any{"$retainKeys": []any{"type"}, "type": "Recreate"}
	case 6:
		tree.Make(patch, "spec")["template"] = nil
	case 7:
		tree.Meta(patch)["$setElementOrder/finalizers"] = "no list"
	case 8:
		tree.Make(patch, "spec", "selector")["matchLabels"] = map[string]any{"a": map[string]any{"b": "c"}, "c": []any{"d"}}
	case 9:
		tree.Make(patch, "spec", "selector")["matchExpressions"] = []any{map[string]any{"key": "a"}}
		pod["tolerations"] = "none"
	case 10:
		tree.Make(patch, "spec")["$patch"] = []any{"replace", "delete", "odd"}[rng.IntN(3)]
	}
}
