package flux

import (
	"fmt"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo/tree"
)

// target is an object a run waits for.
type target struct {
	gk              schema.GroupKind
	namespace, name string
}

func (t target) String() string { return t.gk.Kind + "/" + t.namespace + "/" + t.name }

// healthTargets lists what the Kustomization asks to wait for.
func (r *run) healthTargets() []target {
	var out []target
	if tree.Bool(r.obj, "spec", "wait") {
		for _, o := range r.applied {
			out = append(out, target{groupKind(o), tree.Str(o, "metadata", "namespace"), tree.Str(o, "metadata", "name")})
		}
		return out
	}
	for _, check := range tree.Maps(r.obj, "spec", "healthChecks") {
		namespace := tree.Str(check, "namespace")
		if namespace == "" {
			namespace = r.key.Namespace
		}
		out = append(out, target{groupKind(check), namespace, tree.Str(check, "name")})
	}
	return out
}

// health is kstatus's word for an object.
func (f *Controllers) health(t target) string {
	o, err := f.client("").Get(t.gk, t.namespace, t.name)
	if err != nil {
		return "NotFound"
	}
	return kstatus(o)
}

// kstatus judges an object as Flux's health checks do.
func kstatus(o Object) string {
	if tree.Str(o, "metadata", "deletionTimestamp") != "" {
		return "Terminating"
	}
	if tree.Has(o, "status", "observedGeneration") && tree.Int(o, "status", "observedGeneration") != tree.Int(o, "metadata", "generation") {
		return "InProgress"
	}
	if c := conditionOf(o, "Reconciling"); c != nil && c["status"] == "True" {
		return "InProgress"
	}
	if c := conditionOf(o, "Stalled"); c != nil && c["status"] == "True" {
		return "Failed"
	}
	switch tree.Str(o, "kind") {
	case "Deployment":
		if c := conditionOf(o, "Progressing"); c != nil && c["reason"] == "ProgressDeadlineExceeded" {
			return "Failed"
		}
		want := tree.Int(o, "spec", "replicas")
		st := tree.Map(o, "status")
		if tree.Int(st, "observedGeneration") < tree.Int(o, "metadata", "generation") || tree.Int(st, "updatedReplicas") < want ||
			tree.Int(st, "availableReplicas") < want || tree.Int(st, "replicas") > want {
			return "InProgress"
		}
		return "Current"
	}
	if c := conditionOf(o, "Ready"); c != nil && c["status"] != "True" {
		return "InProgress"
	}
	return "Current"
}

// awaitHealth looks every other second until all is well, something has
// failed for good or the time is up.
func (r *run) awaitHealth(targets []target, since time.Time) {
	var waiting, stalled []string
	for _, t := range targets {
		switch s := r.f.health(t); s {
		case "Current":
		case "Failed":
			stalled = append(stalled, fmt.Sprintf("%s status: '%s'", t, s))
		default:
			waiting = append(waiting, fmt.Sprintf("%s status: '%s'", t, s))
		}
	}
	passed := r.f.env.Now().Sub(since)
	switch {
	case len(stalled) > 0:
		r.fail(failure{"HealthCheckFailed", "failed early due to stalled resources: [" + strings.Join(stalled, ", ") + "]"})
	case len(waiting) == 0:
		r.f.editSync(r.key, func(s status) {
			s.set("Healthy", "True", "Succeeded", fmt.Sprintf("Health check passed in %s", passed))
		})
		if r.changed || tree.Str(r.obj, "status", "lastAppliedRevision") != r.source.revision {
			r.event("Normal", "Progressing", fmt.Sprintf("Health check passed in %s", passed), r.source.revision)
		}
		r.succeed()
	case passed >= r.timeout():
		r.fail(failure{"HealthCheckFailed", "timeout waiting for: [" + strings.Join(waiting, ", ") + "]"})
	case r.overtaken():
		r.f.editSync(r.key, func(s status) {
			s.set("Healthy", "False", "HealthCheckCanceled", "New reconciliation triggered")
		})
		r.done(0)
	default:
		r.f.env.Loop.After(min(time.Second, max(r.timeout()-passed, time.Millisecond)), func() { r.awaitHealth(targets, since) })
	}
}

// overtaken says whether the object changed, was asked for again or is going
// while the run waits: waiting on would hide that.
func (r *run) overtaken() bool {
	now, err := r.f.client("").Get(Kustomization, r.key.Namespace, r.key.Name)
	if err != nil || tree.Str(now, "metadata", "deletionTimestamp") != "" {
		return true
	}
	had := r.f.uploaded[r.sourceID()]
	return tree.Int(now, "metadata", "generation") != tree.Int(r.obj, "metadata", "generation") ||
		tree.Str(now, "metadata", "annotations", requestedAt) != tree.Str(r.obj, "metadata", "annotations", requestedAt) ||
		had != nil && had.revision != r.source.revision
}

func (r *run) sourceID() string {
	ref := tree.Map(r.obj, "spec", "sourceRef")
	namespace := tree.Str(ref, "namespace")
	if namespace == "" {
		namespace = r.key.Namespace
	}
	return namespace + "/" + tree.Str(ref, "name")
}
