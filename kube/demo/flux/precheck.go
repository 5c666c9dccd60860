package flux

import (
	"fmt"
	"time"

	"tenantry/kube/demo/sim"
	"tenantry/kube/demo/tree"
)

// check looks at what the Kustomization needs before it can run.
func (r *run) check() (*failure, time.Duration) {
	ref := tree.Map(r.obj, "spec", "sourceRef")
	kind, name, namespace := tree.Str(ref, "kind"), tree.Str(ref, "name"), tree.Str(ref, "namespace")
	if namespace == "" {
		namespace = r.key.Namespace
	}
	if namespace != r.key.Namespace && r.f.hasFlag(kustomizeController, "--no-cross-namespace-refs") {
		return &failure{"AccessDenied", fmt.Sprintf("can't access '%s/%s/%s', cross-namespace references have been blocked", kind, namespace, name)}, sim.Never
	}
	gk := GitRepository
	gk.Kind = kind
	src, err := r.f.client(kustomizeController).Get(gk, namespace, name)
	if err != nil {
		return &failure{"ArtifactFailed", fmt.Sprintf("%s.%s %q not found", kind, GroupSource, name)}, retryDependency
	}
	r.source = r.f.uploaded[namespace+"/"+name]
	if revisionOf(src) == "" || r.source == nil {
		return &failure{"ArtifactFailed", "Source artifact not found, retrying in 30s"}, retryDependency
	}
	for _, dep := range tree.Maps(r.obj, "spec", "dependsOn") {
		if fail := r.checkDependency(dep, ref, namespace); fail != nil {
			return fail, retryDependency
		}
	}
	return nil, 0
}

func (r *run) checkDependency(dep, ref Object, sourceNamespace string) *failure {
	namespace, name := tree.Str(dep, "namespace"), tree.Str(dep, "name")
	if namespace == "" {
		namespace = r.key.Namespace
	}
	id := namespace + "/" + name
	other, err := r.f.client(kustomizeController).Get(Kustomization, namespace, name)
	switch {
	case err != nil:
		return &failure{"DependencyNotReady", fmt.Sprintf("dependency '%s' not found: %v", id, err)}
	case !isReady(other) || tree.Int(other, "status", "observedGeneration") != tree.Int(other, "metadata", "generation"):
		return &failure{"DependencyNotReady", fmt.Sprintf("dependency '%s' is not ready", id)}
	}
	theirs := tree.Map(other, "spec", "sourceRef")
	ns := tree.Str(theirs, "namespace")
	if ns == "" {
		ns = namespace
	}
	if ns == sourceNamespace && tree.Str(theirs, "name") == tree.Str(ref, "name") && tree.Str(theirs, "kind") == tree.Str(ref, "kind") &&
		tree.Str(other, "status", "lastAppliedRevision") != r.source.revision {
		return &failure{"DependencyNotReady", fmt.Sprintf("dependency '%s' revision is not up to date", id)}
	}
	return nil
}
