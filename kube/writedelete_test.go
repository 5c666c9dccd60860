package kube_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"tenantry/kube"
	"tenantry/kube/demo/api"
	"tenantry/model"
)

// deletion is one of dev/app as it is now, bound to its spec.
func (w *writer) deletion() model.Write {
	write := w.suspend()
	write.Op, write.Body = model.WriteDelete, nil
	return write
}

// hold gives dev/app a finalizer, so that it stays while it is being deleted.
func (w *writer) hold() {
	w.t.Helper()
	w.create(w.cluster.Client("test").Edit(kustomizations, "dev", "app", func(o api.Object) error {
		field(o, "metadata").(map[string]any)["finalizers"] = []any{"example.com/hold"}
		return nil
	}))
}

func (w *writer) there(ns string) bool {
	_, err := w.cluster.Client("test").Get(kustomizations, ns, "app")
	return err == nil
}

// A deletion is bound to the spec it was decided on: what deleting a sync does
// stands in there.
func TestADeletionIsBoundToTheSpec(t *testing.T) {
	w := newWriter(t, kube.Options{})
	write := w.deletion()
	w.create(w.cluster.Client("kubectl-edit").Edit(kustomizations, "dev", "app", func(o api.Object) error {
		field(o, "spec").(map[string]any)["targetNamespace"] = "prod"
		return nil
	}))
	_, problem := w.do(write)
	if problem == nil || problem.Reason != model.WriteChanged || !strings.Contains(problem.Text, "generation 1 is now 2") {
		t.Fatalf("said %+v", problem)
	}
	if !w.there("dev") {
		t.Error("it was deleted all the same")
	}
}

// A status that moves between the look and the deletion is no conflict; a spec
// that moves then is.
func TestADeletionOfABusyObject(t *testing.T) {
	for _, c := range []struct {
		name string
		move func(o api.Object)
		gone bool
	}{
		{"status", func(o api.Object) { o["status"] = map[string]any{"observedGeneration": int64(1)} }, true},
		{"spec", func(o api.Object) { field(o, "spec").(map[string]any)["prune"] = false }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWriter(t, kube.Options{})
			write := w.deletion()
			var moved atomic.Bool
			w.sent.through(func(next http.RoundTripper) roundTrip {
				return func(r *http.Request) (*http.Response, error) {
					if r.Method == http.MethodDelete && moved.CompareAndSwap(false, true) {
						change := func(o api.Object) error { c.move(o); return nil }
						edit := w.cluster.Client("kustomize-controller").Edit
						if c.gone {
							edit = w.cluster.Client("kustomize-controller").EditStatus
						}
						w.create(edit(kustomizations, "dev", "app", change))
					}
					return next.RoundTrip(r)
				}
			})
			_, problem := w.do(write)
			if !moved.Load() || (problem == nil) != c.gone || w.there("dev") == c.gone || !w.there("stage") {
				t.Errorf("gone %v, said %v", !w.there("dev"), problem)
			}
			if problem != nil && problem.Reason != model.WriteChanged {
				t.Errorf("said %+v", problem)
			}
		})
	}
}

// What is being deleted already has another generation for that alone.
func TestADeletionOfWhatIsBeingDeleted(t *testing.T) {
	w := newWriter(t, kube.Options{})
	w.hold()
	write := w.deletion()
	if err := w.cluster.Client("test").Delete(kustomizations, "dev", "app", &metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	if now := field(w.object("dev"), "metadata", "generation"); now == write.Generation {
		t.Fatalf("the generation stays %v: nothing is shown by this", now)
	}
	if written, problem := w.do(write); problem != nil || written.Gone {
		t.Errorf("said %v, %+v", problem, written)
	}
}

// What is gone already is what a deletion wanted, with and without a look
// before; another object of that name is not it.
func TestADeletionOfWhatIsGone(t *testing.T) {
	for _, generation := range []int64{0, 1} {
		w := newWriter(t, kube.Options{})
		write := w.deletion()
		write.Generation = generation
		if err := w.cluster.Client("test").Delete(kustomizations, "dev", "app", &metav1.DeleteOptions{}); err != nil {
			t.Fatal(err)
		}
		if written, problem := w.do(write); problem != nil || !written.Gone || written.UID != write.UID {
			t.Errorf("generation %d: said %v, %+v", generation, problem, written)
		}
		w.create(w.cluster.Client("test").Create(kustomization("dev")))
		if _, problem := w.do(write); problem == nil || problem.Reason != model.WriteChanged || !w.there("dev") {
			t.Errorf("generation %d: of another said %+v", generation, problem)
		}
	}
}

// A deletion of what has no generation is bound to the very state it was decided
// on.
func TestADeletionIsBoundToTheVersion(t *testing.T) {
	for _, changed := range []bool{true, false} {
		w := newWriter(t, kube.Options{})
		write := w.deletion()
		write.Generation, write.Version = 0, field(w.object("dev"), "metadata", "resourceVersion").(string)
		if changed {
			w.create(w.cluster.Client("kubectl-edit").Edit(kustomizations, "dev", "app", func(o api.Object) error {
				field(o, "metadata").(map[string]any)["labels"] = map[string]any{"a": "b"}
				return nil
			}))
		}
		_, problem := w.do(write)
		if w.there("dev") != changed || (problem != nil) != changed || changed && problem.Reason != model.WriteChanged {
			t.Errorf("changed %v: there %v, said %+v", changed, w.there("dev"), problem)
		}
	}
}
