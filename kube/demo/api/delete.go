package api

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"tenantry/kube/demo/store"
	"tenantry/kube/demo/tree"
)

func (s *Server) serveDelete(w http.ResponseWriter, r *http.Request, q request, res *Resource) error {
	opts, err := deleteOptions(r, q)
	if err != nil {
		return err
	}
	v, gone, err := s.delete(res, keyOf(res, q.namespace, q.name), opts)
	if err != nil {
		return err
	}
	if !gone || res.Plural == "pods" {
		return s.writeVersion(w, r, http.StatusOK, res, v)
	}
	return writeStatus(w, r, &metav1.Status{
		TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}, Status: metav1.StatusSuccess,
		Details: &metav1.StatusDetails{Name: q.name, Group: res.Group, Kind: res.Plural,
			UID: types.UID(tree.Str(v.Content, "metadata", "uid"))},
	})
}

func writeStatus(w http.ResponseWriter, r *http.Request, status *metav1.Status) error {
	if out, _ := negotiate(r, nil, ""); out.protobuf {
		raw, err := status.Marshal()
		if err != nil {
			return err
		}
		body, err := envelope("v1", "Status", raw)
		if err != nil {
			return err
		}
		return writeBody(w, http.StatusOK, protoType, body)
	}
	b, err := json.Marshal(status)
	if err != nil {
		return err
	}
	return writeBody(w, http.StatusOK, jsonType, append(b, '\n'))
}

func deleteOptions(r *http.Request, q request) (*metav1.DeleteOptions, error) {
	opts := &metav1.DeleteOptions{}
	b, err := readBody(r)
	if err != nil {
		return nil, err
	}
	if len(b) > 0 {
		if media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); media == protoType {
			var unknown runtime.Unknown
			if len(b) < 4 || unknown.Unmarshal(b[4:]) != nil || opts.Unmarshal(unknown.Raw) != nil {
				return nil, apierrors.NewBadRequest("the body is not protobuf DeleteOptions")
			}
		} else if err := json.Unmarshal(b, opts); err != nil {
			return nil, apierrors.NewBadRequest(err.Error())
		}
	}
	if v := q.query.Get("propagationPolicy"); v != "" {
		policy := metav1.DeletionPropagation(v)
		opts.PropagationPolicy = &policy
	}
	if v := q.query["dryRun"]; len(v) > 0 {
		opts.DryRun = v
	}
	if errs := validation.ValidateDeleteOptions(opts); len(errs) > 0 {
		return nil, apierrors.NewInvalid(schema.GroupKind{Group: metav1.GroupName, Kind: "DeleteOptions"}, "", errs)
	}
	return opts, nil
}

// delete removes an object, or marks it as being deleted while finalizers,
// its pods' grace or its namespace's contents hold it. It returns the last
// state and whether the object is gone.
func (s *Server) delete(res *Resource, key store.Key, opts *metav1.DeleteOptions) (*store.Version, bool, error) {
	for range attempts {
		v := s.store.Get(res.ID(), key)
		if v == nil {
			return nil, false, apierrors.NewNotFound(res.GR(), key.Name)
		}
		if err := checkDeletePreconditions(res, v, opts.Preconditions); err != nil {
			return nil, false, err
		}
		next := s.marked(res, v, opts)
		if readyToGo(res, next) {
			if len(opts.DryRun) > 0 {
				return v, true, nil
			}
			last, err := s.store.Commit(res.ID(), key, v, nil)
			if err == nil {
				return last, true, nil
			}
			continue
		}
		if len(opts.DryRun) > 0 || sameObject(v.Content, next) {
			return v, false, nil
		}
		if stored, err := s.store.Commit(res.ID(), key, v, next); err == nil {
			return stored, false, nil
		}
	}
	return nil, false, conflictChanged(res, key.Name)
}

func checkDeletePreconditions(res *Resource, v *store.Version, p *metav1.Preconditions) error {
	if p == nil {
		return nil
	}
	if have := tree.Str(v.Content, "metadata", "uid"); p.UID != nil && string(*p.UID) != have {
		return apierrors.NewConflict(schema.GroupResource{Group: res.Group, Resource: res.Kind}, v.Key.Name,
			fmt.Errorf("the UID in the precondition (%v) does not match the UID in record (%v). The object might have been deleted and then recreated", *p.UID, have))
	}
	if have := tree.Str(v.Content, "metadata", "resourceVersion"); p.ResourceVersion != nil && *p.ResourceVersion != have {
		return apierrors.NewConflict(res.GR(), v.Key.Name,
			//lint:ignore ST1005 these are the API server's own words
			fmt.Errorf("Precondition failed: ResourceVersion in precondition: %v, ResourceVersion in object meta: %v", *p.ResourceVersion, have))
	}
	return nil
}

// marked returns the object with its deletion noted.
func (s *Server) marked(res *Resource, v *store.Version, opts *metav1.DeleteOptions) map[string]any {
	next := runtime.DeepCopyJSON(v.Content)
	meta := tree.Meta(next)
	if tree.Str(meta, "deletionTimestamp") != "" {
		// Asked again: a shorter grace is honoured.
		if opts.GracePeriodSeconds != nil && *opts.GracePeriodSeconds < tree.Int(meta, "deletionGracePeriodSeconds") {
			meta["deletionGracePeriodSeconds"] = *opts.GracePeriodSeconds
		}
		return next
	}
	grace := s.grace(res, next, opts)
	meta["deletionTimestamp"] = timestamp(s.now().Add(time.Duration(grace) * time.Second))
	meta["deletionGracePeriodSeconds"] = grace
	if g := tree.Int(meta, "generation"); g > 0 {
		meta["generation"] = g + 1
	}
	if p := opts.PropagationPolicy; p != nil {
		finalizers := tree.List(meta, "finalizers")
		switch *p {
		case metav1.DeletePropagationForeground:
			meta["finalizers"] = append(finalizers, metav1.FinalizerDeleteDependents)
		case metav1.DeletePropagationOrphan:
			meta["finalizers"] = append(finalizers, metav1.FinalizerOrphanDependents)
		}
	}
	if res.Plural == "namespaces" {
		tree.Make(next, "status")["phase"] = "Terminating"
		delete(meta, "deletionGracePeriodSeconds")
	}
	return next
}

// grace is how long a pod that runs may take to end; nothing else has any.
func (s *Server) grace(res *Resource, obj map[string]any, opts *metav1.DeleteOptions) int64 {
	if res.Plural != "pods" || tree.Str(obj, "spec", "nodeName") == "" {
		return 0
	}
	if opts.GracePeriodSeconds != nil {
		return *opts.GracePeriodSeconds
	}
	if _, ok := tree.Map(obj, "spec")["terminationGracePeriodSeconds"]; ok {
		return tree.Int(obj, "spec", "terminationGracePeriodSeconds")
	}
	return 30
}

func (s *Server) serveDeleteCollection(w http.ResponseWriter, r *http.Request, q request, res *Resource) error {
	opts, err := deleteOptions(r, q)
	if err != nil {
		return err
	}
	sel, err := parseSelection(res, q.query.Get("labelSelector"), q.query.Get("fieldSelector"))
	if err != nil {
		return err
	}
	if q.namespace == "" && res.Namespaced {
		return methodNotAllowed(res, q.verb)
	}
	versions, revision := s.store.List(res.ID(), keyOf(res, q.namespace, "").Namespace)
	var items []*store.Version
	for _, v := range versions {
		if !sel.matches(v.Content) {
			continue
		}
		last, _, err := s.delete(res, v.Key, opts)
		if err == nil {
			items = append(items, last)
		} else if !apierrors.IsNotFound(err) {
			return err
		}
	}
	out, err := negotiate(r, res, partialKind+"List")
	if err != nil {
		return err
	}
	body, err := encodeList(res, items, metav1.ListMeta{ResourceVersion: fmt.Sprint(revision)}, out)
	if err != nil {
		return err
	}
	return writeBody(w, http.StatusOK, out.contentType(false), body)
}
