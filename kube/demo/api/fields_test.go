package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
	"sigs.k8s.io/structured-merge-diff/v6/typed"

	"tenantry/kube/demo/tree"
)

// TestFieldsAsAPIMachinery does the same random writes with this package's
// field manager and with apimachinery's: objects, owners and conflicts are
// the same after each.
func TestFieldsAsAPIMachinery(t *testing.T) {
	kinds := map[string]func(*rand.Rand) map[string]any{
		"deployments.apps": randomDeployment,
		"configmaps":       randomConfigMap,
		"gitrepositories.source.toolkit.fluxcd.io": randomSource,
		"widgets.example.com":                      randomWidget,
	}
	for id, make := range kinds {
		t.Run(id, func(t *testing.T) {
			now := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
			s := New(Options{Now: func() time.Time { return now }})
			res := s.builtins[id]
			if res == nil {
				gk := schema.ParseGroupKind(map[string]string{"gitrepositories.source.toolkit.fluxcd.io": "GitRepository.source.toolkit.fluxcd.io"}[id])
				if gk.Kind == "" {
					gk = schema.GroupKind{Group: "example.com", Kind: "Widget"}
				}
				res = &Resource{Group: gk.Group, Version: "v1", Kind: gk.Kind, Custom: true, Status: true}
			}
			seen := map[string]int{}
			for seed := range uint64(12) {
				rng := rand.New(rand.NewPCG(seed, 1))
				var live map[string]any
				for step := range 30 {
					now = now.Add(time.Second)
					w := randomWrite(rng, res, make, live)
					got, gotErr := w.ours(s, res)
					want, wantErr := w.theirs(t, s, res)
					seen[w.outcome(wantErr)]++
					if !sameError(gotErr, wantErr) {
						t.Fatalf("seed %d step %d, %s: error\n%v\nwant\n%v", seed, step, w, gotErr, wantErr)
					}
					if gotErr != nil {
						continue
					}
					if g, w2 := withoutFieldTimes(tree.CopyTop(got)), withoutFieldTimes(tree.CopyTop(want)); !reflect.DeepEqual(g, w2) {
						t.Fatalf("seed %d step %d, %s:\n%s\nwant\n%s", seed, step, w, asJSON(g), asJSON(w2))
					}
					live = w.stored(got)
				}
			}
			for _, o := range []string{"update", "apply", "apply conflicts"} {
				if seen[o] < 20 {
					t.Errorf("%s happened %d times: the test asks too little", o, seen[o])
				}
			}
		})
	}
}

// write is one write in the making.
type write struct {
	live, obj   map[string]any
	subresource string
	manager     string
	apply       bool
	force       bool
}

func (w write) String() string {
	return fmt.Sprintf("apply=%v force=%v %s/%s\nof %s\non %s", w.apply, w.force, w.manager, w.subresource, asJSON(w.obj), asJSON(w.live))
}

func (w write) outcome(err error) string {
	switch {
	case !w.apply:
		return "update"
	case err != nil:
		return "apply conflicts"
	}
	return "apply"
}

// stored is the state the next write meets.
func (w write) stored(obj map[string]any) map[string]any {
	obj = runtime.DeepCopyJSON(obj)
	tree.Meta(obj)["uid"] = "u"
	return obj
}

func randomWrite(rng *rand.Rand, res *Resource, make func(*rand.Rand) map[string]any, live map[string]any) write {
	w := write{manager: fmt.Sprintf("m%d", rng.IntN(3)), apply: rng.IntN(2) == 0, force: rng.IntN(3) == 0, live: live}
	if rng.IntN(3) == 0 {
		w.manager = fmt.Sprintf("one-off-%d", rng.IntN(30))
	}
	if rng.IntN(4) == 0 {
		w.manager = kubectl
	}
	w.obj = make(rng)
	w.obj["apiVersion"], w.obj["kind"] = res.APIVersion(), res.Kind
	if live != nil && rng.IntN(4) == 0 {
		w.subresource = "status"
	}
	if w.apply {
		if live == nil {
			w.live = map[string]any{"apiVersion": res.APIVersion(), "kind": res.Kind, "metadata": map[string]any{}}
		}
		return w
	}
	meta := tree.Meta(w.obj)
	if rng.IntN(3) == 0 {
		tree.Make(w.obj, "metadata", "annotations")[lastApplied] = asJSON(make(rng))
		if rng.IntN(2) == 0 {
			tree.Make(w.obj, "metadata", "annotations")[lastApplied] = asJSON(w.obj)
		}
	}
	entries := tree.List(live, "metadata", "managedFields")
	other := "other/v1"
	if res.Kind == "Deployment" { // these name items twice, which apimachinery cannot convert
		other = res.APIVersion()
	}
	switch rng.IntN(30) {
	case 0:
		meta["managedFields"] = []any{}
	case 1:
		meta["managedFields"] = []any{map[string]any{}}
	case 2:
		meta["managedFields"] = []any{map[string]any{"manager": "x"}}
	case 3:
		meta["managedFields"] = append(slices.Clone(entries), oldEntry("old", other, "a", 0))
	case 4:
		for i := range 14 {
			entries = append(slices.Clone(entries), oldEntry(fmt.Sprintf("old-%d", i), []string{res.APIVersion(), other}[i%2], fmt.Sprintf("x%d", i), rng.IntN(10)))
		}
		meta["managedFields"] = entries
	default:
		if entries != nil {
			meta["managedFields"] = runtime.DeepCopyJSONValue(entries)
		}
	}
	return w
}

// oldEntry is an entry of years ago, of an update that set a label.
func oldEntry(manager, version, label string, day int) map[string]any {
	return map[string]any{"manager": manager, "operation": "Update", "apiVersion": version, "fieldsType": "FieldsV1",
		"time":     fmt.Sprintf("2019-01-0%dT00:00:00Z", day%9+1),
		"fieldsV1": map[string]any{"f:metadata": map[string]any{"f:labels": map[string]any{"f:" + label: map[string]any{}}}}}
}

func (w write) copies() (live, obj map[string]any) {
	if w.live != nil {
		live = runtime.DeepCopyJSON(w.live)
	}
	return live, runtime.DeepCopyJSON(w.obj)
}

func (w write) ours(s *Server, res *Resource) (map[string]any, error) {
	live, obj := w.copies()
	if w.apply {
		return s.trackApply(res, w.subresource, live, obj, w.manager, w.force)
	}
	return s.trackUpdate(res, w.subresource, live, obj, w.manager)
}

func (w write) theirs(t *testing.T, s *Server, res *Resource) (map[string]any, error) {
	gvk := res.GVK()
	version := fieldpath.APIVersion(gvk.GroupVersion().String())
	reset := map[fieldpath.APIVersion]fieldpath.Filter{}
	if ignore := s.fieldManager(res, w.subresource).ignore; ignore != nil {
		reset[version] = ignore
	}
	m, err := managedfields.NewDefaultCRDFieldManager(theirTypes{s.types}, theirObjects{}, theirObjects{}, theirObjects{}, gvk, gvk.GroupVersion(), w.subresource, reset)
	if err != nil {
		t.Fatal(err)
	}
	live, obj := w.copies()
	var out runtime.Object
	if w.apply {
		if out, err = m.Apply(&unstructured.Unstructured{Object: live}, &unstructured.Unstructured{Object: obj}, w.manager, w.force); err != nil {
			return nil, err
		}
	} else {
		if live == nil {
			live = emptyObject(res)
		}
		out = m.UpdateNoErrors(&unstructured.Unstructured{Object: live}, &unstructured.Unstructured{Object: obj}, w.manager)
	}
	return out.(*unstructured.Unstructured).Object, nil
}

// sameError compares the errors of an apply. apimachinery lists conflicting
// managers in any order, and its own words for what cannot be read are not
// ours.
func sameError(got, want error) bool {
	var g, w apierrors.APIStatus
	if (got == nil) != (want == nil) || !errors.As(want, &w) {
		return (got == nil) == (want == nil)
	}
	if !errors.As(got, &g) {
		return false
	}
	order := func(s metav1.Status) metav1.Status {
		slices.SortStableFunc(s.Details.Causes, func(a, b metav1.StatusCause) int { return compareText(a.Message, b.Message) })
		return s
	}
	return reflect.DeepEqual(order(g.Status()), order(w.Status()))
}

func compareText(a, b string) int {
	if a < b {
		return -1
	} else if a > b {
		return 1
	}
	return 0
}

func asJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

type theirTypes struct{ *fieldTypes }

func (c theirTypes) ObjectToTyped(obj runtime.Object, opts ...typed.ValidationOptions) (*typed.TypedValue, error) {
	u := obj.(*unstructured.Unstructured)
	t := c.typeOf(u.GroupVersionKind())
	return typed.ParseableType{Schema: t.schema, TypeRef: t.ref}.FromUnstructured(u.Object, opts...)
}

func (c theirTypes) TypedToObject(value *typed.TypedValue) (runtime.Object, error) {
	return &unstructured.Unstructured{Object: value.AsValue().Unstructured().(map[string]any)}, nil
}

type theirObjects struct{}

func (theirObjects) Convert(_, _, _ any) error { return errors.New("not asked") }

func (theirObjects) ConvertToVersion(in runtime.Object, _ runtime.GroupVersioner) (runtime.Object, error) {
	return in, nil
}

func (theirObjects) ConvertFieldLabel(_ schema.GroupVersionKind, label, value string) (string, string, error) {
	return label, value, nil
}

func (theirObjects) Default(runtime.Object) {}

func (theirObjects) New(kind schema.GroupVersionKind) (runtime.Object, error) {
	u := &unstructured.Unstructured{}
	u.SetGroupVersionKind(kind)
	return u, nil
}
