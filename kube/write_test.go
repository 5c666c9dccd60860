package kube_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"

	"tenantry/kube"
	"tenantry/kube/demo"
	"tenantry/kube/demo/api"
	"tenantry/kube/demo/fault"
	"tenantry/model"
)

func TestAWriteTouchesItsObjectAlone(t *testing.T) {
	w := newWriter(t, kube.Options{})
	written, problem := w.do(w.suspend())
	if problem != nil {
		t.Fatal(problem)
	}
	if written.Generation != 2 || !strings.Contains(string(written.Object), `"suspend":true`) || strings.Contains(string(written.Object), "managedFields") {
		t.Errorf("written: %+v %s", written, written.Object)
	}
	if field(w.object("dev"), "spec", "suspend") != true || field(w.object("stage"), "spec", "suspend") != nil {
		t.Error("not dev/app alone is suspended")
	}
	managers := ""
	for _, m := range field(w.object("dev"), "metadata", "managedFields").([]any) {
		managers += field(m.(map[string]any), "manager").(string) + " "
	}
	if !strings.Contains(managers, model.FieldManager) {
		t.Errorf("written as %s", managers)
	}
}

func TestADryRunWritesNothing(t *testing.T) {
	w := newWriter(t, kube.Options{})
	write := w.suspend()
	write.DryRun = true
	if _, problem := w.do(write); problem != nil {
		t.Fatal(problem)
	}
	if field(w.object("dev"), "spec", "suspend") != nil {
		t.Error("a dry run wrote")
	}
}

// What is not what it was is left alone, and the error says what changed.
func TestAChangedObjectIsLeftAlone(t *testing.T) {
	tests := []struct {
		name   string
		change func(*writer, *model.Write)
		reason model.WriteReason
		says   string
	}{
		{"its spec", func(w *writer, _ *model.Write) {
			w.create(w.cluster.Client("kubectl-edit").Edit(kustomizations, "dev", "app", func(o api.Object) error {
				field(o, "spec").(map[string]any)["path"] = "./else"
				return nil
			}))
		}, model.WriteChanged, "generation 1 is now 2"},
		{"another of the same name", func(w *writer, _ *model.Write) {
			if err := w.cluster.Client("test").Delete(kustomizations, "dev", "app", &metav1.DeleteOptions{}); err != nil {
				w.t.Fatal(err)
			}
			w.create(w.cluster.Client("test").Create(kustomization("dev")))
		}, model.WriteChanged, "taken its place"},
		{"gone", func(w *writer, _ *model.Write) {
			if err := w.cluster.Client("test").Delete(kustomizations, "dev", "app", &metav1.DeleteOptions{}); err != nil {
				w.t.Fatal(err)
			}
		}, model.WriteGone, "does not exist"},
		{"an annotation it relied on", func(_ *writer, write *model.Write) {
			write.Was = model.Pairs{{Name: "fluxcd.controlplane.io/reconcile", Value: "disabled"}}
		}, model.WriteChanged, `is "" now and was "disabled"`},
		{"only the identity counts", func(w *writer, write *model.Write) {
			write.UID, write.Generation = "another", 0
		}, model.WriteChanged, "not the object it was"},
		{"a name that climbs", func(_ *writer, write *model.Write) { write.Ref.Name = "../../secrets" }, model.WriteRefused, "can't be part of an object's address"},
		{"a kind that is not served", func(_ *writer, write *model.Write) { write.Ref.Kind = "Castle" }, model.WriteRefused, "does not serve Castle"},
		{"what the server does not accept", func(_ *writer, write *model.Write) {
			write.Body = []byte(`{"spec":{"interval":"soon","suspend":true}}`)
		}, model.WriteRefused, "does not accept it"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWriter(t, kube.Options{})
			write := w.suspend()
			tt.change(w, &write)
			_, problem := w.do(write)
			if problem == nil || problem.Reason != tt.reason || !strings.Contains(problem.Text, tt.says) {
				t.Fatalf("said %+v, want %q", problem, tt.says)
			}
			if o, err := w.cluster.Client("test").Get(kustomizations, "dev", "app"); err == nil && field(o, "spec", "suspend") != nil {
				t.Error("it was written all the same")
			}
		})
	}
}

// A status that moves between the look and the patch is no conflict.
func TestABusyStatusIsNoConflict(t *testing.T) {
	w := newWriter(t, kube.Options{})
	var moved atomic.Bool
	w.sent.through(func(next http.RoundTripper) roundTrip {
		return func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodPatch && moved.CompareAndSwap(false, true) {
				w.create(w.cluster.Client("kustomize-controller").EditStatus(kustomizations, "dev", "app", func(o api.Object) error {
					o["status"] = map[string]any{"observedGeneration": int64(1)}
					return nil
				}))
			}
			return next.RoundTrip(r)
		}
	})
	if _, problem := w.do(w.suspend()); problem != nil {
		t.Fatal(problem)
	}
	if !moved.Load() || field(w.object("dev"), "spec", "suspend") != true {
		t.Error("not suspended")
	}
}

// An answer that never came is not asked for again, and is not called a
// failure.
func TestNoAnswerIsSaid(t *testing.T) {
	w := newWriter(t, kube.Options{})
	w.sent.through(func(next http.RoundTripper) roundTrip {
		return func(r *http.Request) (*http.Response, error) {
			if r.Method != http.MethodPatch {
				return next.RoundTrip(r)
			}
			resp, err := next.RoundTrip(r)
			if err == nil {
				_, _ = io.Copy(io.Discard, resp.Body)
				_ = resp.Body.Close()
			}
			return nil, io.ErrUnexpectedEOF
		}
	})
	_, problem := w.do(w.suspend())
	if problem == nil || problem.Reason != model.WriteNoAnswer || !strings.Contains(problem.Text, "may have been written") {
		t.Fatalf("said %+v", problem)
	}
	patches := 0
	for _, s := range w.sent.writes() {
		if strings.HasPrefix(s, http.MethodPatch) {
			patches++
		}
	}
	if patches != 1 {
		t.Errorf("%d patches were sent, want one", patches)
	}
	if field(w.object("dev"), "spec", "suspend") != true {
		t.Error("the test's server did not write")
	}
}

func TestReadOnlySendsNothing(t *testing.T) {
	w := newWriter(t, kube.Options{ReadOnly: true})
	for _, dry := range []bool{false, true} {
		write := w.suspend()
		write.DryRun = dry
		if _, problem := w.do(write); problem == nil || problem.Reason != model.WriteReadOnly || !strings.Contains(problem.Text, "--read-only") {
			t.Errorf("said %+v", problem)
		}
	}
	if got := w.sent.writes(); len(got) > 0 {
		t.Errorf("left the process: %v", got)
	}
}

func TestForbiddenWritesNameTheRule(t *testing.T) {
	w := newWriter(t, kube.Options{})
	w.cluster.Faults().Add(fault.Rule{Verb: "patch", Do: fault.Status, Code: http.StatusForbidden, Text: "no"})
	write := w.suspend()
	write.Generation = 0
	_, problem := w.do(write)
	if problem == nil || problem.Reason != model.WriteForbidden || !strings.Contains(problem.Text, "resources: [kustomizations], verbs: [patch]") {
		t.Fatalf("said %+v", problem)
	}
}

// A server that is away is said so at once; nothing is sent.
func TestAWriteToALostServer(t *testing.T) {
	session, err := kube.Open(t.Context(), &rest.Config{Host: "http://127.0.0.1:1"}, kube.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	_, err = session.Do(ctx, model.Write{Ref: model.Key{Kind: model.Kustomization, Namespace: "dev", Name: "app"}.ObjectRef(), Body: []byte("{}")})
	var problem *model.WriteError
	if !errors.As(err, &problem) || problem.Reason != model.WriteUnreachable || !strings.Contains(problem.Text, "nothing was written") {
		t.Errorf("said %v", err)
	}
}

func TestWhoTheServerTakesUsFor(t *testing.T) {
	for _, readOnly := range []bool{false, true} {
		w := newWriter(t, kube.Options{ReadOnly: readOnly})
		if who := w.session.Who(t.Context()); who != "admin" {
			t.Errorf("read-only %v: who is %q, want admin", readOnly, who)
		}
	}
}

// What the server says about a refused write reaches the person: who owns a
// field, which rule it breaks.
func TestRefusalsKeepTheServersWords(t *testing.T) {
	c := demo.NewCompany(demo.CompanyOptions{Manual: true, Bare: true, Seed: 3})
	defer c.Close()
	apply := func(path, provider string) model.Write {
		return model.Write{Ref: model.Key{Kind: model.FluxInstance, Namespace: "flux-system", Name: "flux"}.ObjectRef(), Op: model.WriteApply, DryRun: true,
			Body: []byte(`{"apiVersion":"fluxcd.controlplane.io/v1","kind":"FluxInstance","metadata":{"name":"flux","namespace":"flux-system"},"spec":{"sync":{` +
				`"kind":"GitRepository","url":"https://git.example.com/x","ref":"refs/heads/main","path":"` + path + `"` + provider + `}}}`)}
	}
	other := demo.Object{"apiVersion": "fluxcd.controlplane.io/v1", "kind": "FluxInstance", "metadata": demo.Object{"name": "flux", "namespace": "flux-system"},
		"spec": demo.Object{"sync": demo.Object{"kind": "GitRepository", "url": "https://git.example.com/x", "ref": "refs/heads/main", "path": "./one"}}}
	if _, _, _, err := c.Cluster.Client("platform-operator").Apply(other, false, false); err != nil {
		t.Fatal(err)
	}
	s, err := kube.Open(t.Context(), c.Config(), kube.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx := t.Context()
	var problem *model.WriteError
	_, err = s.Do(ctx, apply("./two", ""))
	if !errors.As(err, &problem) || problem.Reason != model.WriteConflict || len(problem.Conflicts) != 1 ||
		problem.Conflicts[0] != (model.FieldConflict{Manager: "platform-operator", Field: ".spec.sync.path"}) {
		t.Errorf("a conflict is told as %v: %+v", err, problem)
	}
	if _, err = s.Do(ctx, apply("./one", `,"provider":"gcp"`)); err == nil || !strings.Contains(err.Error(), "only supported for OCIRepository and Bucket") {
		t.Errorf("a broken rule is told as %v", err)
	}
}
