package flux

import (
	"fmt"
	"sort"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	kjson "sigs.k8s.io/json"

	"tenantry/kube/demo/sim"
	"tenantry/kube/demo/tree"
	"tenantry/kube/demo/workload"
)

func decodeJSON(b []byte) (Object, error) {
	var o Object
	err := kjson.UnmarshalCaseSensitivePreserveInts(b, &o)
	return o, err
}

func groupKind(o Object) schema.GroupKind {
	gv, _ := schema.ParseGroupVersion(tree.Str(o, "apiVersion"))
	return schema.GroupKind{Group: gv.Group, Kind: tree.Str(o, "kind")}
}

// subject names an object as Flux does in messages.
func subject(o Object) string {
	kind, namespace, name := tree.Str(o, "kind"), tree.Str(o, "metadata", "namespace"), tree.Str(o, "metadata", "name")
	if namespace == "" {
		return kind + "/" + name
	}
	return kind + "/" + namespace + "/" + name
}

// order is the order Flux applies kinds in: what others need comes first.
var order = map[string]int{"CustomResourceDefinition": 0, "Namespace": 1, "ClusterRole": 2, "ResourceQuota": 3, "StorageClass": 4,
	"ServiceAccount": 5, "Role": 6, "ClusterRoleBinding": 7, "RoleBinding": 8, "ConfigMap": 9, "Secret": 10, "Service": 11,
	"Deployment": 20, "StatefulSet": 20, "DaemonSet": 20}

func rank(o Object) int {
	if n, ok := order[tree.Str(o, "kind")]; ok {
		return n
	}
	return 15
}

// definitions says whether an object belongs to the first stage, which is
// applied before the rest is even tried.
func isDefinition(o Object) bool {
	switch tree.Str(o, "kind") {
	case "CustomResourceDefinition", "Namespace", "ClusterRole":
		return true
	}
	return false
}

// applyAll applies in stages. Within a stage every object is tried before any
// is written, so one that is refused blocks them all.
func (r *run) applyAll(objects []Object) *failure {
	sort.SliceStable(objects, func(i, j int) bool { return rank(objects[i]) < rank(objects[j]) })
	var first, rest []Object
	for _, o := range objects {
		if isDefinition(o) {
			first = append(first, o)
		} else {
			rest = append(rest, o)
		}
	}
	for _, stage := range [][]Object{first, rest} {
		if fail := r.applyStage(stage); fail != nil {
			return fail
		}
	}
	return nil
}

func (r *run) applyStage(stage []Object) *failure {
	var write []Object
	for _, o := range stage {
		policy := r.policy(o)
		if policy == "ignore" {
			r.applied = append(r.applied, o)
			continue
		}
		if res := r.client.Known(groupKind(o)); res != nil && res.Namespaced && tree.Str(o, "metadata", "namespace") == "" {
			return &failure{"ReconciliationFailed", r.withoutNamespace(o, res.GR())}
		}
		if r.client.Known(groupKind(o)) == nil {
			gv := strings.Split(tree.Str(o, "apiVersion"), "/")
			return &failure{"ReconciliationFailed", fmt.Sprintf("%s dry-run failed: no matches for kind %q in version %q\n",
				subject(o), tree.Str(o, "kind"), strings.Join(gv, "/"))}
		}
		if policy != "merge" {
			r.f.adopt(o)
		}
		if r.f.unchanged(r.who(), o) && r.may(o) {
			r.applied = append(r.applied, o)
			continue
		}
		if r.f.env.Loop.History() && r.may(o) {
			write = append(write, o) // nobody watches: tried by writing
			continue
		}
		_, created, changed, err := r.client.Apply(o, true, true)
		if err != nil {
			return &failure{"ReconciliationFailed", dryRunFailed(o, err)}
		}
		if policy == "ifnotpresent" && !created {
			r.applied = append(r.applied, o)
			continue
		}
		if !changed && !created {
			r.f.settle(r.who(), o)
			r.applied = append(r.applied, o)
			continue
		}
		write = append(write, o)
	}
	for _, o := range write {
		_, created, changed, err := r.client.Apply(o, true, false)
		if err != nil {
			return &failure{"ReconciliationFailed", fmt.Sprintf("%s apply failed: %v\n", subject(o), err)}
		}
		r.f.settle(r.who(), o)
		r.applied = append(r.applied, o)
		switch {
		case created:
			r.changes = append(r.changes, subject(o)+" created")
		case changed:
			r.changes = append(r.changes, subject(o)+" configured")
		}
	}
	return nil
}

// withoutNamespace is what the API says of a namespaced object sent to the
// cluster's own path: forbidden for most, not served for the rest.
func (r *run) withoutNamespace(o Object, gr schema.GroupResource) string {
	name := tree.Str(o, "metadata", "name")
	if !r.client.Can("patch", gr.Group, gr.Resource, "", name) {
		return fmt.Sprintf("%s dry-run failed (Forbidden): %s %q is forbidden: User %q cannot patch resource %q in API group %q at the cluster scope\n",
			subject(o), gr, name, r.client.User(), gr.Resource, gr.Group)
	}
	return subject(o) + " namespace not specified: the server could not find the requested resource\n"
}

// may says that the account has the right to apply an object.
func (r *run) may(o Object) bool {
	gk, namespace, name := groupKind(o), tree.Str(o, "metadata", "namespace"), tree.Str(o, "metadata", "name")
	res := r.client.Known(gk)
	return res != nil && r.client.Can("patch", gk.Group, res.Plural, namespace, name)
}

func dryRunFailed(o Object, err error) string {
	reason := apierrors.ReasonForError(err)
	if reason == "NotFound" {
		return fmt.Sprintf("%s not found: %v\n", subject(o), err)
	}
	if reason == "" {
		return fmt.Sprintf("%s dry-run failed: %v\n", subject(o), err)
	}
	return fmt.Sprintf("%s dry-run failed (%s): %v\n", subject(o), reason, err)
}

const ssaAnnotation = GroupKustomize + "/ssa"

// policy reads how an object wants to be applied, from the manifest or from
// what is there.
func (r *run) policy(o Object) string {
	sources := []Object{o}
	if live, err := r.f.client("").Get(groupKind(o), tree.Str(o, "metadata", "namespace"), tree.Str(o, "metadata", "name")); err == nil {
		sources = append(sources, live)
	}
	for _, s := range sources {
		for _, field := range []string{"annotations", "labels"} {
			if v := tree.Str(s, "metadata", field, ssaAnnotation); v != "" {
				return strings.ToLower(v)
			}
		}
	}
	return ""
}

// inventoryIDs returns the ids of objects as status.inventory holds them.
func inventoryIDs(objects []Object) []string {
	ids := make([]string, 0, len(objects))
	for _, o := range objects {
		gk := groupKind(o)
		name := tree.Str(o, "metadata", "name")
		if gk.Group == "rbac.authorization.k8s.io" {
			name = strings.ReplaceAll(name, ":", "__")
		}
		ids = append(ids, strings.Join([]string{tree.Str(o, "metadata", "namespace"), name, gk.Group, gk.Kind}, "_"))
	}
	sort.Strings(ids)
	return ids
}

// parseID reads an inventory id.
func parseID(id string) (gk schema.GroupKind, namespace, name string) {
	namespace, rest, _ := strings.Cut(id, "_")
	i := strings.LastIndex(rest, "_")
	if i < 0 {
		return gk, namespace, rest
	}
	gk.Kind, rest = rest[i+1:], rest[:i]
	if i = strings.LastIndex(rest, "_"); i >= 0 {
		gk.Group, rest = rest[i+1:], rest[:i]
	}
	return gk, namespace, strings.ReplaceAll(rest, "__", ":")
}

// prune deletes what was applied before and is not any more.
func (r *run) prune() *failure {
	if !tree.Bool(r.obj, "spec", "prune") {
		return nil
	}
	keep := map[string]bool{}
	for _, id := range inventoryIDs(r.applied) {
		keep[id] = true
	}
	var gone []Object
	for _, entry := range tree.Maps(r.obj, "status", "inventory", "entries") {
		if !keep[tree.Str(entry, "id")] {
			gone = append(gone, entry)
		}
	}
	if problem := r.removeAll(gone); problem != "" {
		return &failure{"PruneFailed", "delete failed, errors: " + problem}
	}
	return nil
}

// keptFromDeletion says whether labels or annotations take an object out of
// pruning (kustomize-controller, deleteObjects).
func keptFromDeletion(meta Object) bool {
	for mark, value := range map[string]string{"/prune": "disabled", "/reconcile": "disabled", "/ssa": "ignore"} {
		for _, field := range []string{"annotations", "labels"} {
			if strings.EqualFold(tree.Str(meta, field, GroupKustomize+mark), value) {
				return true
			}
		}
	}
	return false
}

func (r *run) removeAll(entries []Object) string {
	for _, entry := range entries {
		gk, namespace, name := parseID(tree.Str(entry, "id"))
		live, err := r.f.client("").Get(gk, namespace, name)
		if err != nil {
			continue
		}
		meta := tree.Map(live, "metadata")
		if keptFromDeletion(meta) || tree.Str(meta, "labels", GroupKustomize+"/name") != r.key.Name ||
			tree.Str(meta, "labels", GroupKustomize+"/namespace") != r.key.Namespace {
			continue
		}
		if err := r.client.Delete(gk, namespace, name, nil); err != nil && !apierrors.IsNotFound(err) {
			return fmt.Sprintf("%s delete failed: %v", subject(live), err)
		}
		r.changes = append(r.changes, subject(live)+" deleted")
	}
	return ""
}

func (f *Controllers) dropFinalizer(key sim.Key) {
	_, _ = f.client(kustomizeStatus).Edit(Kustomization, key.Namespace, key.Name, func(o Object) error {
		workload.DropFinalizer(o, finalizer)
		return nil
	})
}
