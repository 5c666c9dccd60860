package api

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"reflect"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"tenantry/kube/demo/store"
	"tenantry/kube/demo/tree"
)

// attempts is how often a write that does not name a revision starts over
// when another write came first.
const attempts = 5

func (s *Server) serveUpdate(w http.ResponseWriter, r *http.Request, q request, res *Resource) error {
	if err := checkOptions(q, ""); err != nil {
		return err
	}
	opts := requestOptions(r, q)
	obj, err := s.readObject(r, res, opts.strict)
	if err != nil {
		return err
	}
	v, err := s.update(res, keyOf(res, q.namespace, q.name), q.subresource, obj, opts)
	if err != nil {
		return err
	}
	return s.writeVersion(w, r, http.StatusOK, res, v)
}

// update replaces an object, or its status.
func (s *Server) update(res *Resource, key store.Key, subresource string, obj map[string]any, opts writeOptions) (*store.Version, error) {
	if err := checkIdentity(key, obj); err != nil {
		return nil, err
	}
	if res.Custom && tree.Str(obj, "metadata", "resourceVersion") == "" {
		return nil, apierrors.NewInvalid(schema.GroupKind{Group: res.Group, Kind: res.Plural}, key.Name, field.ErrorList{
			field.Invalid(field.NewPath("metadata", "resourceVersion"), 0, "must be specified for an update")})
	}
	return s.change(res, key, subresource, opts, func(live map[string]any) (map[string]any, error) {
		copied := runtime.DeepCopyJSON(obj)
		return copied, nil
	}, func(live, next map[string]any) (map[string]any, error) {
		return s.trackUpdate(res, subresource, live, next, opts.manager)
	})
}

func checkIdentity(key store.Key, obj map[string]any) error {
	meta := tree.Meta(obj)
	if name := tree.Str(meta, "name"); name != "" && name != key.Name {
		return apierrors.NewBadRequest(fmt.Sprintf("the name of the object (%s) does not match the name on the URL (%s)", name, key.Name))
	}
	if ns := tree.Str(meta, "namespace"); key.Namespace != "" && ns != "" && ns != key.Namespace {
		return apierrors.NewBadRequest("the namespace of the provided object does not match the namespace sent on the request")
	}
	meta["name"] = key.Name
	if key.Namespace != "" {
		meta["namespace"] = key.Namespace
	}
	return nil
}

// change is every write to an existing object: edit makes the new state from
// a live one, own records who owns its fields. It starts over when another
// write came between, unless the new state names the revision it is based on.
func (s *Server) change(res *Resource, key store.Key, subresource string, opts writeOptions,
	edit func(live map[string]any) (map[string]any, error),
	own func(live, next map[string]any) (map[string]any, error)) (*store.Version, error) {
	for range attempts {
		v := s.store.Get(res.ID(), key)
		if v == nil {
			return nil, apierrors.NewNotFound(res.GR(), key.Name)
		}
		next, err := edit(v.Content)
		if err != nil {
			return nil, err
		}
		if err := checkPreconditions(res, v, next); err != nil {
			return nil, err
		}
		if err := checkFinalizers(res, v.Content, next); err != nil {
			return nil, err
		}
		if !opts.trusted || subresource != "status" {
			keepServerFields(res, subresource, v.Content, next)
		}
		if !opts.trusted {
			if next, err = s.settle(res, v.Content, next); err != nil {
				return nil, err
			}
		}
		if subresource != "status" {
			bumpGeneration(res, v.Content, next)
		}
		if next, err = own(v.Content, next); err != nil {
			return nil, err
		}
		if sameObject(v.Content, next) {
			return v, nil
		}
		if opts.dryRun {
			return &store.Version{Key: key, Revision: v.Revision, Content: next}, nil
		}
		if readyToGo(res, next) {
			return s.store.Commit(res.ID(), key, v, nil)
		}
		stored, err := s.store.Commit(res.ID(), key, v, next)
		if errors.Is(err, store.ErrRaced) {
			continue
		}
		return stored, err
	}
	return nil, conflictChanged(res, key.Name)
}

func checkPreconditions(res *Resource, live *store.Version, next map[string]any) error {
	meta := tree.Meta(next)
	if rv := tree.Str(meta, "resourceVersion"); rv != "" && rv != tree.Str(live.Content, "metadata", "resourceVersion") {
		return conflictChanged(res, live.Key.Name)
	}
	have := tree.Str(live.Content, "metadata", "uid")
	if uid := tree.Str(meta, "uid"); uid != "" && uid != have {
		return apierrors.NewConflict(res.GR(), live.Key.Name,
			//lint:ignore ST1005 these are the API server's own words
			fmt.Errorf("Precondition failed: UID in precondition: %v, UID in object meta: %v", uid, have))
	}
	return nil
}

// checkFinalizers refuses new finalizers on an object that is going.
func checkFinalizers(res *Resource, live, next map[string]any) error {
	if tree.Str(live, "metadata", "deletionTimestamp") == "" {
		return nil
	}
	var added []string
	had := tree.Strings(live, "metadata", "finalizers")
	for _, f := range tree.Strings(next, "metadata", "finalizers") {
		if !contains(had, f) {
			added = append(added, f)
		}
	}
	if len(added) == 0 {
		return nil
	}
	problem := field.Forbidden(field.NewPath("metadata", "finalizers"),
		fmt.Sprintf("no new finalizers can be added if the object is being deleted, found new finalizers %#v", added))
	err := apierrors.NewInvalid(res.GVK().GroupKind(), tree.Str(live, "metadata", "name"), field.ErrorList{problem})
	if !res.Custom {
		// Built-in kinds check this in two places.
		err.ErrStatus.Details.Causes = append(err.ErrStatus.Details.Causes, err.ErrStatus.Details.Causes...)
	}
	return err
}

// keepServerFields restores what a write may not change. A write of the
// status changes nothing else, any other does not change the status.
func keepServerFields(res *Resource, subresource string, live, next map[string]any) {
	liveMeta := tree.Map(live, "metadata")
	if subresource == "status" {
		status, fields, has := next["status"], tree.Map(next, "metadata")["managedFields"], false
		_, has = tree.Map(next, "metadata")["managedFields"]
		annotations := tree.Map(next, "metadata", "annotations")
		for k := range next {
			delete(next, k)
		}
		for k, v := range runtime.DeepCopyJSON(live) {
			next[k] = v
		}
		next["status"] = status
		if status == nil {
			delete(next, "status")
		}
		if has {
			tree.Meta(next)["managedFields"] = fields
		}
		if res.Group == "apps" && annotations != nil {
			tree.Meta(next)["annotations"] = annotations // workloads' controllers keep theirs with the status
		}
		return
	}
	meta := tree.Meta(next)
	for _, f := range []string{"uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "generateName", "resourceVersion", "name", "namespace"} {
		if v, ok := liveMeta[f]; ok {
			meta[f] = v
		} else {
			delete(meta, f)
		}
	}
	if _, ok := meta["managedFields"]; !ok {
		if v, ok := liveMeta["managedFields"]; ok {
			meta["managedFields"] = runtime.DeepCopyJSONValue(v)
		}
	}
	if res.Status {
		if status, ok := live["status"]; ok {
			next["status"] = runtime.DeepCopyJSONValue(status)
		} else {
			delete(next, "status")
		}
	}
}

// bumpGeneration counts changes of what the object asks for: neither metadata
// nor status.
func bumpGeneration(res *Resource, live, next map[string]any) {
	if !res.Generations {
		return
	}
	changed := !reflect.DeepEqual(wanted(live), wanted(next))
	if res.Group == "apps" && res.Kind == "Deployment" {
		// A Deployment's annotations go on to its ReplicaSets, so they count.
		changed = changed || !reflect.DeepEqual(tree.Map(live, "metadata", "annotations"), tree.Map(next, "metadata", "annotations"))
	}
	if changed {
		tree.Meta(next)["generation"] = tree.Int(live, "metadata", "generation") + 1
	}
}

func wanted(obj map[string]any) map[string]any {
	out := maps.Clone(obj)
	delete(out, "metadata")
	delete(out, "status")
	return out
}

// readyToGo reports whether an object being deleted has nothing left to wait
// for.
func readyToGo(res *Resource, obj map[string]any) bool {
	meta := tree.Map(obj, "metadata")
	if tree.Str(meta, "deletionTimestamp") == "" || len(tree.List(meta, "finalizers")) > 0 {
		return false
	}
	if res.Plural == "namespaces" {
		return len(tree.List(obj, "spec", "finalizers")) == 0
	}
	return tree.Int(meta, "deletionGracePeriodSeconds") == 0
}
