package api

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"reflect"
	"strings"

	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/yaml"

	"tenantry/kube/demo/store"
	"tenantry/kube/demo/tree"
)

func (s *Server) servePatch(w http.ResponseWriter, r *http.Request, q request, res *Resource) error {
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	typ := types.PatchType(media)
	switch typ {
	case types.JSONPatchType, types.MergePatchType, types.ApplyYAMLPatchType:
	case types.StrategicMergePatchType:
		if res.typed != nil {
			break
		}
		fallthrough
	default:
		accepted := "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml"
		if res.typed != nil {
			accepted = "application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml"
		}
		if typ != types.StrategicMergePatchType && res.typed != nil {
			return plainStatus(http.StatusUnsupportedMediaType, metav1.StatusReasonUnsupportedMediaType, "415: Unsupported Media Type")
		}
		return newStatus(http.StatusUnsupportedMediaType, metav1.StatusReasonUnsupportedMediaType,
			"the body of the request was in an unknown format - accepted media types include: %s", accepted)
	}
	if err := checkOptions(q, typ); err != nil {
		return err
	}
	body, err := readBody(r)
	if err != nil {
		return err
	}
	v, created, err := s.patch(q, res, typ, body, requestOptions(r, q))
	if err != nil {
		return err
	}
	code := http.StatusOK
	if created {
		code = http.StatusCreated
	}
	return s.writeVersion(w, r, code, res, v)
}

// patch changes an object; an apply patch creates a missing one, for which
// the user needs the verb create as well.
func (s *Server) patch(q request, res *Resource, typ types.PatchType, body []byte, opts writeOptions) (*store.Version, bool, error) {
	key := keyOf(res, q.namespace, q.name)
	if typ == types.ApplyYAMLPatchType {
		config, err := s.readApply(res, key, body)
		if err != nil {
			return nil, false, err
		}
		return s.apply(q, res, key, config, opts)
	}
	v, err := s.change(res, key, q.subresource, opts, func(live map[string]any) (map[string]any, error) {
		next, err := patched(res, typ, live, body)
		if err != nil {
			return nil, err
		}
		if err := checkIdentity(key, next); err != nil {
			return nil, err
		}
		if err := s.checkKind(res, next); err != nil {
			return nil, err
		}
		return next, s.checkFields(res, next, opts.strict)
	}, func(live, next map[string]any) (map[string]any, error) {
		return s.trackUpdate(res, q.subresource, live, next, opts.manager)
	})
	return v, false, err
}

// patched applies a patch to a live object.
func patched(res *Resource, typ types.PatchType, live map[string]any, body []byte) (map[string]any, error) {
	original, err := json.Marshal(live)
	if err != nil {
		return nil, apierrors.NewInternalError(err)
	}
	var out []byte
	switch typ {
	case types.JSONPatchType:
		patch, err := jsonpatch.DecodePatch(body)
		if err != nil {
			return nil, apierrors.NewBadRequest(err.Error())
		}
		if out, err = patch.Apply(original); err != nil {
			return nil, apierrors.NewGenericServerResponse(http.StatusUnprocessableEntity, "", res.GR(), "", err.Error(), 0, false)
		}
	case types.MergePatchType:
		if !json.Valid(body) {
			return nil, apierrors.NewBadRequest("error decoding patch: invalid JSON")
		}
		if out, err = jsonpatch.MergePatch(original, body); err != nil {
			return nil, apierrors.NewBadRequest(err.Error())
		}
	case types.StrategicMergePatchType:
		patch, err := parseJSON(body)
		if err == nil {
			patch, err = mergeStrategic(runtime.DeepCopyJSON(live), patch, reflect.TypeOf(res.typed()))
		}
		if err != nil {
			return nil, apierrors.NewBadRequest(err.Error())
		}
		return patch, nil
	}
	obj, err := parseJSON(out)
	if err != nil {
		return nil, apierrors.NewBadRequest(err.Error())
	}
	// A patch that does not name a revision applies to whatever there is.
	return obj, nil
}

// apply merges a configuration into what there is, or creates it. config is
// not changed.
func (s *Server) apply(q request, res *Resource, key store.Key, config map[string]any, opts writeOptions) (*store.Version, bool, error) {
	for range attempts {
		if s.store.Get(res.ID(), key) == nil {
			v, err := s.applyNew(q, res, key, config, opts)
			if apierrors.IsAlreadyExists(err) {
				continue
			}
			return v, err == nil, err
		}
		v, err := s.change(res, key, q.subresource, opts, func(live map[string]any) (map[string]any, error) {
			return s.trackApply(res, q.subresource, runtime.DeepCopyJSON(live), runtime.DeepCopyJSON(config), opts.manager, opts.force)
		}, func(live, next map[string]any) (map[string]any, error) {
			if sameObject(live, next) {
				return live, nil
			}
			return next, nil
		})
		if apierrors.IsNotFound(err) {
			continue
		}
		return v, false, err
	}
	return nil, false, conflictChanged(res, key.Name)
}

// applyNew creates an object from an applied configuration.
func (s *Server) applyNew(q request, res *Resource, key store.Key, config map[string]any, opts writeOptions) (*store.Version, error) {
	if q.subresource != "" {
		return nil, apierrors.NewNotFound(res.GR(), key.Name)
	}
	create := attributes{verb: "create", group: res.Group, resource: res.Plural, namespace: key.Namespace}
	if err := s.authorize(q.user, create); err != nil {
		return nil, err
	}
	empty := map[string]any{"apiVersion": res.APIVersion(), "kind": res.Kind, "metadata": map[string]any{}}
	obj, err := s.trackApply(res, "", empty, runtime.DeepCopyJSON(config), opts.manager, opts.force)
	if err != nil {
		return nil, err
	}
	return s.create(res, key.Namespace, obj, opts, func(_ *Resource, _, obj map[string]any, _ writeOptions) (map[string]any, error) {
		return obj, nil
	})
}

// readApply decodes an apply patch, YAML or JSON.
func (s *Server) readApply(res *Resource, key store.Key, body []byte) (map[string]any, error) {
	b, err := yaml.YAMLToJSON(body)
	if err != nil {
		return nil, apierrors.NewBadRequest("error decoding YAML: " + err.Error())
	}
	config, err := parseJSON(b)
	if err != nil {
		return nil, apierrors.NewBadRequest("error decoding YAML: " + err.Error())
	}
	if version, kind := tree.Str(config, "apiVersion"), tree.Str(config, "kind"); version != res.APIVersion() || kind != res.Kind {
		group, v, ok := strings.Cut(version, "/")
		if !ok {
			group, v = "", version
		}
		return nil, apierrors.NewBadRequest(fmt.Sprintf("invalid object type: %s/%s, Kind=%s", group, v, kind))
	}
	if err := checkIdentity(key, config); err != nil {
		return nil, err
	}
	if err := s.checkApply(res, key, config); err != nil {
		return nil, err
	}
	if _, ok := tree.Map(config, "metadata")["managedFields"]; ok {
		return nil, apierrors.NewBadRequest("metadata.managedFields must be nil")
	}
	return config, nil
}
