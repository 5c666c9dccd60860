package api

import (
	"fmt"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"

	"tenantry/kube/demo/tree"
)

// fieldManager returns the keeper of managedFields for a resource. There is
// one version of everything, so nothing is ever converted.
func (s *Server) fieldManager(res *Resource, subresource string) (*managedfields.FieldManager, error) {
	id := res.ID() + "/" + subresource
	s.fieldsMu.Lock()
	defer s.fieldsMu.Unlock()
	if m := s.fields[id]; m != nil {
		return m, nil
	}
	gvk := res.GVK()
	version := fieldpath.APIVersion(gvk.GroupVersion().String())
	reset := map[fieldpath.APIVersion]fieldpath.Filter{}
	switch {
	case subresource == "status" && res.Group == "apps":
		reset[version] = fieldpath.NewExcludeSetFilter(fieldpath.NewSet(
			fieldpath.MakePathOrDie("spec"), fieldpath.MakePathOrDie("metadata", "labels")))
	case subresource == "status":
		reset[version] = fieldpath.NewExcludeSetFilter(fieldpath.NewSet(
			fieldpath.MakePathOrDie("spec"), fieldpath.MakePathOrDie("metadata")))
	case res.Status:
		reset[version] = fieldpath.NewExcludeSetFilter(fieldpath.NewSet(fieldpath.MakePathOrDie("status")))
	}
	m, err := managedfields.NewDefaultCRDFieldManager(s.types, sameVersion{}, noDefaults{}, newObject{}, gvk, gvk.GroupVersion(), subresource, reset)
	if err != nil {
		return nil, fmt.Errorf("cannot track fields of %s: %w", res.Kind, err)
	}
	s.fields[id] = m
	return m, nil
}

// trackUpdate returns obj with managedFields that say the manager wrote what
// differs from live.
func (s *Server) trackUpdate(res *Resource, subresource string, live, obj map[string]any, manager string) (map[string]any, error) {
	m, err := s.fieldManager(res, subresource)
	if err != nil {
		return nil, err
	}
	before := &unstructured.Unstructured{Object: emptyObject(res)}
	if live != nil {
		before.Object = live
	}
	after := m.UpdateNoErrors(before, &unstructured.Unstructured{Object: obj}, manager)
	u, ok := after.(*unstructured.Unstructured)
	if !ok {
		return nil, fmt.Errorf("tracking fields returned a %T", after)
	}
	s.stampFields(live, u.Object)
	return u.Object, nil
}

// emptyObject is what a new object is compared with: for built-in kinds the
// structs within are there before anything is written.
func emptyObject(res *Resource) map[string]any {
	obj := map[string]any{}
	if res.typed != nil {
		if o, err := runtime.DefaultUnstructuredConverter.ToUnstructured(res.typed()); err == nil {
			obj = o
		}
	} else if strings.HasPrefix(res.Plural, "selfsubject") {
		obj["spec"] = map[string]any{}
	}
	obj["apiVersion"], obj["kind"] = res.APIVersion(), res.Kind
	return obj
}

// trackApply merges an applied configuration into live, as server-side apply
// does; conflicts come back as the real server words them.
func (s *Server) trackApply(res *Resource, subresource string, live, config map[string]any, manager string, force bool) (map[string]any, error) {
	m, err := s.fieldManager(res, subresource)
	if err != nil {
		return nil, err
	}
	after, err := m.Apply(&unstructured.Unstructured{Object: live}, &unstructured.Unstructured{Object: config}, manager, force)
	if err != nil {
		if _, ok := err.(apierrors.APIStatus); ok {
			return nil, err
		}
		return nil, apierrors.NewInternalError(err)
	}
	u, ok := after.(*unstructured.Unstructured)
	if !ok {
		return nil, fmt.Errorf("applying returned a %T", after)
	}
	s.stampFields(live, u.Object)
	return u.Object, nil
}

// stampFields puts the server's clock in place of the machine's on entries
// that changed: apimachinery asks time.Now itself.
func (s *Server) stampFields(live, obj map[string]any) {
	kept := map[string]any{}
	for _, item := range tree.List(live, "metadata", "managedFields") {
		entry, _ := item.(map[string]any)
		kept[entryID(entry)] = entry["time"]
	}
	now := s.now().Format(time.RFC3339)
	for _, item := range tree.List(obj, "metadata", "managedFields") {
		entry, _ := item.(map[string]any)
		if t, ok := kept[entryID(entry)]; entry["time"] != nil && (!ok || t != entry["time"]) {
			entry["time"] = now
		}
	}
}

func entryID(entry map[string]any) string {
	return tree.Str(entry, "manager") + "\x00" + tree.Str(entry, "operation") + "\x00" +
		tree.Str(entry, "subresource") + "\x00" + tree.Str(entry, "apiVersion")
}

// sameVersion is the converter of a server that has one version of each kind.
type sameVersion struct{}

func (sameVersion) Convert(in, out, _ any) error {
	from, ok1 := in.(*unstructured.Unstructured)
	to, ok2 := out.(*unstructured.Unstructured)
	if !ok1 || !ok2 {
		return fmt.Errorf("cannot convert %T to %T", in, out)
	}
	to.Object = from.Object
	return nil
}

func (sameVersion) ConvertToVersion(in runtime.Object, _ runtime.GroupVersioner) (runtime.Object, error) {
	return in, nil
}

func (sameVersion) ConvertFieldLabel(_ schema.GroupVersionKind, label, value string) (string, string, error) {
	return label, value, nil
}

type noDefaults struct{}

func (noDefaults) Default(runtime.Object) {}

type newObject struct{}

func (newObject) New(kind schema.GroupVersionKind) (runtime.Object, error) {
	u := &unstructured.Unstructured{}
	u.SetGroupVersionKind(kind)
	return u, nil
}

// withoutFieldTimes returns managedFields without their times, to compare two
// states of an object: a write that changes nothing else is no write.
func withoutFieldTimes(obj map[string]any) map[string]any {
	meta := tree.Map(obj, "metadata")
	entries := tree.List(meta, "managedFields")
	if len(entries) == 0 {
		return obj
	}
	out := tree.CopyTop(obj)
	bare := make([]any, len(entries))
	for i, item := range entries {
		entry, _ := item.(map[string]any)
		e := make(map[string]any, len(entry))
		for k, v := range entry {
			if k != "time" {
				e[k] = v
			}
		}
		bare[i] = e
	}
	out["metadata"].(map[string]any)["managedFields"] = bare
	return out
}

// userAgentManager is the field manager of a client that names none.
func userAgentManager(userAgent string) string {
	name := userAgent
	for i, c := range userAgent {
		if c == '/' {
			name = userAgent[:i]
			break
		}
	}
	if len(name) > 128 {
		name = name[:128]
	}
	if name == "" {
		return "unknown"
	}
	return name
}
