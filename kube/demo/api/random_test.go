package api

import (
	"fmt"
	"math/rand/v2"
)

// Random objects of a few kinds, of few enough values for them to collide.

func randomMeta(rng *rand.Rand) map[string]any {
	meta := map[string]any{"name": "o", "namespace": "n"}
	for _, field := range []string{"labels", "annotations"} {
		if rng.IntN(2) == 0 {
			meta[field] = randomStrings(rng)
		}
	}
	if rng.IntN(3) == 0 {
		meta["finalizers"] = subset(rng, "f/a", "f/b", "f/c")
	}
	if rng.IntN(4) == 0 {
		meta["ownerReferences"] = []any{map[string]any{"apiVersion": "v1", "kind": "ConfigMap", "name": "x", "uid": fmt.Sprintf("u%d", rng.IntN(2))}}
	}
	return meta
}

func randomStrings(rng *rand.Rand) map[string]any {
	out := map[string]any{}
	for _, k := range subset(rng, "a", "b", "c") {
		out[k.(string)] = fmt.Sprint(rng.IntN(2))
	}
	return out
}

func subset(rng *rand.Rand, items ...any) []any {
	out := []any{}
	for _, i := range rng.Perm(len(items)) {
		if rng.IntN(2) == 0 {
			out = append(out, items[i])
		}
	}
	return out
}

func randomConfigMap(rng *rand.Rand) map[string]any {
	obj := map[string]any{"metadata": randomMeta(rng)}
	if rng.IntN(4) > 0 {
		obj["data"] = randomStrings(rng)
	}
	if rng.IntN(4) == 0 {
		obj["immutable"] = rng.IntN(2) == 0
	}
	return obj
}

func randomDeployment(rng *rand.Rand) map[string]any {
	containers := []any{}
	for _, name := range subset(rng, "web", "proxy", "log") {
		c := map[string]any{"name": name, "image": fmt.Sprintf("image:%d", rng.IntN(3))}
		if rng.IntN(2) == 0 {
			env := []any{}
			for _, k := range subset(rng, "A", "B", "C") {
				env = append(env, map[string]any{"name": k, "value": fmt.Sprint(rng.IntN(2))})
			}
			if len(env) > 0 && rng.IntN(6) == 0 {
				env = append(env, map[string]any{"name": env[0].(map[string]any)["name"], "value": "twice"})
			}
			c["env"] = env
		}
		if rng.IntN(2) == 0 {
			ports := []any{}
			for _, p := range subset(rng, int64(80), int64(81)) {
				ports = append(ports, map[string]any{"containerPort": p, "protocol": []string{"TCP", "UDP"}[rng.IntN(2)]})
			}
			c["ports"] = ports
		}
		if rng.IntN(3) == 0 {
			c["args"] = subset(rng, "x", "y")
			c["resources"] = map[string]any{"limits": map[string]any{"cpu": fmt.Sprint(rng.IntN(3))}}
		}
		containers = append(containers, c)
	}
	pod := map[string]any{"containers": containers}
	if rng.IntN(2) == 0 {
		pod["nodeSelector"] = randomStrings(rng)
	}
	if rng.IntN(3) == 0 {
		pod["serviceAccountName"] = fmt.Sprintf("sa%d", rng.IntN(2))
		pod["volumes"] = []any{map[string]any{"name": "v", "secret": map[string]any{"secretName": fmt.Sprint(rng.IntN(2))}}}
	}
	spec := map[string]any{"replicas": rng.Int64N(3),
		"selector": map[string]any{"matchLabels": randomStrings(rng)},
		"template": map[string]any{"metadata": map[string]any{"labels": randomStrings(rng)}, "spec": pod}}
	obj := map[string]any{"metadata": randomMeta(rng), "spec": spec}
	if rng.IntN(12) == 0 {
		obj["metadata"].(map[string]any)["finalizers"] = []any{"f/a", "f/b", "f/a"}
	}
	if rng.IntN(2) == 0 {
		obj["status"] = map[string]any{"replicas": rng.Int64N(3), "conditions": []any{map[string]any{"type": "Available", "status": []string{"True", "False"}[rng.IntN(2)]}}}
	}
	return obj
}

func randomSource(rng *rand.Rand) map[string]any {
	spec := map[string]any{"url": fmt.Sprintf("https://git/%d", rng.IntN(3)), "interval": fmt.Sprintf("%dm", rng.IntN(3))}
	if rng.IntN(2) == 0 {
		spec["ref"] = map[string]any{"branch": fmt.Sprint(rng.IntN(2))}
	}
	if rng.IntN(3) == 0 {
		spec["secretRef"] = map[string]any{"name": fmt.Sprint(rng.IntN(2))}
	}
	obj := map[string]any{"metadata": randomMeta(rng), "spec": spec}
	if rng.IntN(2) == 0 {
		obj["status"] = map[string]any{"observedGeneration": rng.Int64N(3),
			"conditions": []any{map[string]any{"type": "Ready", "status": "True", "message": fmt.Sprint(rng.IntN(2))}}}
	}
	return obj
}

// randomWidget is of a kind nothing is known of.
func randomWidget(rng *rand.Rand) map[string]any {
	odd := []any{nil, "s", int64(1), 1.5, true, []any{}, []any{"x"}, map[string]any{}, map[string]any{"a": "b"}, map[string]any{"a": map[string]any{"b": int64(1)}}}
	return map[string]any{"metadata": randomMeta(rng), "status": map[string]any{"n": rng.Int64N(2)},
		"spec": map[string]any{"a": randomStrings(rng), "odd": odd[rng.IntN(len(odd))], "list": subset(rng, "x", "y", int64(1)),
			"deep": map[string]any{"list": []any{map[string]any{"name": "n", "v": rng.Int64N(2)}}, "null": nil}}}
}
