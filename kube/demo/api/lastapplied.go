package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/runtime"

	"tenantry/kube/demo/tree"
)

const (
	// kubectl is the field manager of `kubectl apply --server-side`. Only for
	// it does the server know of the annotation of `kubectl apply`.
	kubectl     = "kubectl"
	lastApplied = "kubectl.kubernetes.io/last-applied-configuration"
)

// withoutLastApplied returns the conflicts that are not over fields kubectl
// itself set before it applied on the server's side.
func (f *fieldManager) withoutLastApplied(live map[string]any, conflicts conflictError) conflictError {
	var config map[string]any
	if json.Unmarshal([]byte(tree.Str(live, "metadata", "annotations", lastApplied)), &config) != nil ||
		tree.Str(config, "apiVersion") != string(f.version) ||
		f.types.check(live, "", false) != nil || f.types.check(config, "", false) != nil {
		return conflicts
	}
	// A field somebody changed since is not kubectl's any more.
	since, err := f.types.compare(config, live)
	if err != nil {
		return conflicts
	}
	own := f.types.fields(config).Difference(since.modified).Difference(since.added).Difference(since.removed)
	return slices.DeleteFunc(slices.Clone(conflicts), func(c conflict) bool { return own.Has(c.path) })
}

// renewLastApplied brings the annotation of `kubectl apply`, where there is
// one, to what was applied now.
func renewLastApplied(obj, config map[string]any) error {
	if tree.Str(obj, "metadata", "annotations", lastApplied) == "" {
		return nil
	}
	bare := runtime.DeepCopyJSON(config)
	delete(tree.Map(bare, "metadata", "annotations"), lastApplied)
	var b bytes.Buffer
	if err := json.NewEncoder(&b).Encode(bare); err != nil {
		return fmt.Errorf("cannot write the annotation %s: %w", lastApplied, err)
	}
	annotations := tree.Make(obj, "metadata", "annotations")
	annotations[lastApplied] = b.String()
	size := map[string]string{}
	for k, v := range annotations {
		size[k], _ = v.(string)
	}
	if validation.ValidateAnnotationsSize(size) != nil {
		delete(annotations, lastApplied)
	}
	return nil
}
