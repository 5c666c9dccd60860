package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/validate/content"
	"k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
	kjson "sigs.k8s.io/json"

	"tenantry/kube/demo/store"
	"tenantry/kube/demo/tree"
)

func (s *Server) serveCreate(w http.ResponseWriter, r *http.Request, q request, res *Resource) error {
	if err := checkOptions(q, ""); err != nil {
		return err
	}
	opts := requestOptions(r, q)
	obj, err := s.readObject(r, res, opts.strict)
	if err != nil {
		return err
	}
	v, err := s.create(res, keyOf(res, q.namespace, "").Namespace, obj, opts, s.ownUpdate)
	if err != nil {
		return err
	}
	return s.writeVersion(w, r, http.StatusCreated, res, v)
}

// track records who owns the fields of an object about to be stored.
type track func(res *Resource, live, obj map[string]any, opts writeOptions) (map[string]any, error)

func (s *Server) ownUpdate(res *Resource, live, obj map[string]any, opts writeOptions) (map[string]any, error) {
	return s.trackUpdate(res, "", live, obj, opts.manager)
}

// create stores a new object. obj is the server's from here on.
func (s *Server) create(res *Resource, namespace string, obj map[string]any, opts writeOptions, own track) (*store.Version, error) {
	meta := tree.Meta(obj)
	if err := s.prepareMeta(res, namespace, meta); err != nil {
		return nil, err
	}
	name := tree.Str(meta, "name")
	if res.Status {
		delete(obj, "status")
	}
	var err error
	if opts.trusted {
		applyDefaults(res, obj)
	} else if obj, err = s.settle(res, nil, obj); err != nil {
		return nil, err
	}
	meta = tree.Meta(obj)
	meta["uid"] = s.ids.uid()
	meta["creationTimestamp"] = timestamp(s.now())
	delete(meta, "deletionTimestamp")
	delete(meta, "deletionGracePeriodSeconds")
	delete(meta, "selfLink")
	delete(meta, "generation")
	if res.Generations {
		meta["generation"] = int64(1)
	}
	if tree.Str(meta, "resourceVersion") != "" {
		return nil, newStatus(http.StatusInternalServerError, "", "resourceVersion should not be set on objects to be created")
	}
	delete(meta, "resourceVersion")
	key := store.Key{Namespace: namespace, Name: name}
	if s.store.Get(res.ID(), key) != nil {
		return nil, apierrors.NewAlreadyExists(res.GR(), name)
	}
	if err := s.namespaceOpen(res, namespace, name); err != nil {
		return nil, err
	}
	var spec any
	if res.Plural == "namespaces" {
		spec = obj["spec"] // the server's own addition, which nobody owns
		delete(obj, "spec")
	}
	if obj, err = own(res, nil, obj, opts); err != nil {
		return nil, err
	}
	if spec != nil {
		obj["spec"] = spec
	}
	if opts.dryRun {
		return &store.Version{Key: key, Content: obj}, nil
	}
	v, err := s.store.Commit(res.ID(), key, nil, obj)
	if errors.Is(err, store.ErrRaced) {
		return nil, apierrors.NewAlreadyExists(res.GR(), name)
	}
	return v, err
}

// prepareMeta checks and completes a new object's name and namespace.
func (s *Server) prepareMeta(res *Resource, namespace string, meta map[string]any) error {
	if res.Namespaced {
		if ns := tree.Str(meta, "namespace"); ns != "" && ns != namespace {
			return apierrors.NewBadRequest("the namespace of the provided object does not match the namespace sent on the request")
		}
		meta["namespace"] = namespace
	} else {
		delete(meta, "namespace")
	}
	name, prefix := tree.Str(meta, "name"), tree.Str(meta, "generateName")
	if name == "" && prefix != "" {
		if len(prefix) > 58 {
			prefix = prefix[:58]
		}
		name = prefix + s.ids.suffix(5)
		meta["name"] = name
	}
	at := field.NewPath("metadata", "name")
	var errs field.ErrorList
	if name == "" {
		errs = append(errs, field.Required(at, "name or generateName is required"))
	} else {
		for _, problem := range nameProblems(res, name) {
			errs = append(errs, field.Invalid(at, name, problem))
		}
	}
	if len(errs) > 0 {
		return apierrors.NewInvalid(res.GVK().GroupKind(), name, errs)
	}
	return nil
}

func nameProblems(res *Resource, name string) []string {
	switch {
	case res.Group == rbacGroup:
		return content.IsPathSegmentName(name)
	case res.Plural == "namespaces":
		return validation.ValidateNamespaceName(name, false)
	case res.Plural == "services" && res.Group == "":
		return validation.NameIsDNS1035Label(name, false)
	}
	return validation.NameIsDNSSubdomain(name, false)
}

// settle brings an object to the form it is stored in: defaults filled in,
// checked, and for built-in kinds without what their type does not have.
func (s *Server) settle(res *Resource, live, obj map[string]any) (map[string]any, error) {
	obj, err := normalize(res, obj)
	if err != nil {
		return nil, err
	}
	applyDefaults(res, obj)
	if errs := validate(res, live, obj); len(errs) > 0 {
		return nil, apierrors.NewInvalid(res.GVK().GroupKind(), tree.Str(obj, "metadata", "name"), errs)
	}
	return obj, nil
}

// normalize rebuilds a built-in object through its type: unknown fields go.
func normalize(res *Resource, obj map[string]any) (map[string]any, error) {
	if res.typed == nil {
		dropNulls(obj)
		return obj, nil
	}
	target := res.typed()
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(obj, target); err != nil {
		if err := wrongType(res, obj); err != nil {
			return nil, err
		}
		return nil, apierrors.NewBadRequest(res.Kind + ` in version "` + res.Version + `" cannot be handled as a ` + res.Kind + ": " + err.Error())
	}
	out, err := runtime.DefaultUnstructuredConverter.ToUnstructured(target)
	if err != nil {
		return nil, apierrors.NewInternalError(err)
	}
	out["apiVersion"], out["kind"] = res.APIVersion(), res.Kind
	dropNulls(out)
	return out, nil
}

// wrongType finds a value of the wrong type, in the words of the decoder the
// server uses.
func wrongType(res *Resource, obj map[string]any) error {
	b, err := json.Marshal(obj)
	if err == nil {
		err = kjson.UnmarshalCaseSensitivePreserveInts(b, res.typed())
	}
	if err == nil {
		return nil
	}
	return apierrors.NewBadRequest(fmt.Sprintf("%[1]s in version %[2]q cannot be handled as a %[1]s: %[3]v", res.Kind, res.Version, err))
}

// dropNulls removes null fields: encoding a zero time leaves them.
func dropNulls(v any) {
	switch v := v.(type) {
	case map[string]any:
		for k, item := range v {
			if item == nil {
				delete(v, k)
				continue
			}
			dropNulls(item)
		}
	case []any:
		for _, item := range v {
			dropNulls(item)
		}
	}
}
