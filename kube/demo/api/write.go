package api

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"reflect"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/validation/field"
	kjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"

	"tenantry/kube/demo/store"
	"tenantry/kube/demo/tree"
)

// maxBody is the largest request body the server reads.
const maxBody = 3 << 20

// writeOptions are what every write may ask for.
type writeOptions struct {
	manager string
	dryRun  bool
	force   bool
	strict  bool // unknown fields are refused
	trusted bool // made here, so it needs neither checks nor defaults
}

func requestOptions(r *http.Request, q request) writeOptions {
	o := writeOptions{
		manager: q.query.Get("fieldManager"),
		dryRun:  len(q.query["dryRun"]) > 0,
		force:   isTrue(q.query.Get("force")),
		strict:  q.query.Get("fieldValidation") == metav1.FieldValidationStrict,
	}
	if o.manager == "" {
		o.manager = userAgentManager(r.UserAgent())
	}
	return o
}

// checkOptions validates a write's query as apimachinery does.
func checkOptions(q request, patch types.PatchType) error {
	var errs field.ErrorList
	kind := "CreateOptions"
	dryRun, manager, fv := q.query["dryRun"], q.query.Get("fieldManager"), q.query.Get("fieldValidation")
	switch q.verb {
	case "create":
		errs = validation.ValidateCreateOptions(&metav1.CreateOptions{DryRun: dryRun, FieldManager: manager, FieldValidation: fv})
	case "update":
		kind = "UpdateOptions"
		errs = validation.ValidateUpdateOptions(&metav1.UpdateOptions{DryRun: dryRun, FieldManager: manager, FieldValidation: fv})
	case "patch":
		kind = "PatchOptions"
		o := &metav1.PatchOptions{DryRun: dryRun, FieldManager: manager, FieldValidation: fv}
		if q.query.Has("force") {
			force := isTrue(q.query.Get("force"))
			o.Force = &force
		}
		errs = validation.ValidatePatchOptions(o, patch)
	}
	if len(errs) > 0 {
		return apierrors.NewInvalid(schema.GroupKind{Group: metav1.GroupName, Kind: kind}, "", errs)
	}
	return nil
}

func readBody(r *http.Request) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return nil, apierrors.NewBadRequest("cannot read the request's body: " + err.Error())
	}
	if len(b) > maxBody {
		return nil, apierrors.NewRequestEntityTooLargeError("limit is 3145728")
	}
	return b, nil
}

// readObject decodes a request's object from JSON, YAML or protobuf.
func (s *Server) readObject(r *http.Request, res *Resource, strict bool) (map[string]any, error) {
	b, err := readBody(r)
	if err != nil {
		return nil, err
	}
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case media == protoType && res.typed != nil:
		return fromProto(res, b)
	case media == "application/yaml":
		if b, err = yaml.YAMLToJSON(b); err != nil {
			return nil, apierrors.NewBadRequest("error converting YAML to JSON: " + err.Error())
		}
	case media != jsonType && media != "":
		return nil, newStatus(http.StatusUnsupportedMediaType, metav1.StatusReasonUnsupportedMediaType,
			"the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf")
	}
	obj, err := parseJSON(b)
	if err != nil {
		return nil, apierrors.NewBadRequest(fmt.Sprintf("the object provided is unrecognized (must be of type %s): couldn't get version/kind; json parse error: %v (%.40s)", res.Kind, err, b))
	}
	tree.Default(obj, "apiVersion", res.APIVersion())
	tree.Default(obj, "kind", res.Kind)
	if err := s.checkKind(res, obj); err != nil {
		return nil, err
	}
	return obj, s.checkFields(res, obj, strict)
}

// parseJSON reads an object with whole numbers as int64, as the API machinery
// keeps them.
func parseJSON(b []byte) (map[string]any, error) {
	var obj map[string]any
	if err := kjson.UnmarshalCaseSensitivePreserveInts(b, &obj); err != nil {
		return nil, err
	}
	if obj == nil {
		obj = map[string]any{}
	}
	return obj, nil
}

func fromProto(res *Resource, b []byte) (map[string]any, error) {
	var unknown runtime.Unknown
	target := res.typed()
	ok := len(b) > 4 && string(b[:4]) == string(protoMagic)
	if ok {
		ok = unknown.Unmarshal(b[4:]) == nil
	}
	if u, can := target.(interface{ Unmarshal([]byte) error }); !ok || !can || u.Unmarshal(unknown.Raw) != nil {
		return nil, apierrors.NewBadRequest("the body is not a protobuf " + res.Kind)
	}
	obj, err := runtime.DefaultUnstructuredConverter.ToUnstructured(target)
	if err != nil {
		return nil, apierrors.NewBadRequest(err.Error())
	}
	obj["apiVersion"], obj["kind"] = res.APIVersion(), res.Kind
	return obj, nil
}

func (s *Server) checkKind(res *Resource, obj map[string]any) error {
	version, kind := tree.Str(obj, "apiVersion"), tree.Str(obj, "kind")
	if version == res.APIVersion() && kind == res.Kind {
		return nil
	}
	return apierrors.NewBadRequest("the API version in the data (" + version + ") and kind (" + kind +
		") do not match the expected " + res.APIVersion() + ", Kind=" + res.Kind)
}

// decodeTyped reads a request's body into a typed object.
func (s *Server) decodeTyped(r *http.Request, res *Resource, into runtime.Object) error {
	b, err := readBody(r)
	if err != nil {
		return err
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), protoType) {
		var unknown runtime.Unknown
		u, ok := into.(interface{ Unmarshal([]byte) error })
		if !ok || len(b) < 4 || unknown.Unmarshal(b[4:]) != nil || u.Unmarshal(unknown.Raw) != nil {
			return apierrors.NewBadRequest("the body is not a protobuf " + res.Kind)
		}
		return nil
	}
	if err := kjson.UnmarshalCaseSensitivePreserveInts(b, into); err != nil {
		return apierrors.NewBadRequest(err.Error())
	}
	return nil
}

// sameObject reports whether a write changed anything worth storing.
func sameObject(a, b map[string]any) bool {
	if tree.Int(a, "metadata", "generation") != tree.Int(b, "metadata", "generation") || len(a) != len(b) {
		return false
	}
	return reflect.DeepEqual(a["status"], b["status"]) && reflect.DeepEqual(withoutFieldTimes(a), withoutFieldTimes(b))
}

// timestamp formats a time as objects hold it.
func timestamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// namespaceOpen checks that a namespace exists and takes new objects.
func (s *Server) namespaceOpen(res *Resource, namespace, name string) error {
	if !res.Namespaced {
		return nil
	}
	ns := s.store.Get("namespaces", store.Key{Name: namespace})
	if ns == nil {
		return apierrors.NewNotFound(schema.GroupResource{Resource: "namespaces"}, namespace)
	}
	if tree.Str(ns.Content, "metadata", "deletionTimestamp") == "" {
		return nil
	}
	err := apierrors.NewForbidden(res.GR(), name, errorText("unable to create new content in namespace "+
		namespace+" because it is being terminated"))
	err.ErrStatus.Details.Causes = []metav1.StatusCause{{Type: "NamespaceTerminating",
		Message: "namespace " + namespace + " is being terminated", Field: "metadata.namespace"}}
	return err
}

type errorText string

func (e errorText) Error() string { return string(e) }

func methodNotAllowed(res *Resource, verb string) error {
	err := newStatus(http.StatusMethodNotAllowed, metav1.StatusReasonMethodNotAllowed,
		"the server does not allow this method on the requested resource")
	err.(*apierrors.StatusError).ErrStatus.Details = &metav1.StatusDetails{}
	return err
}
