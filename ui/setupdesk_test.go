package ui

import (
	"encoding/json"
	"testing"

	"tenantry/model"
	"tenantry/model/setup"
)

// fakeSetup answers for the FluxInstance as a server would: by server-side
// apply, with one manager for all that was there.
type fakeSetup struct {
	*fakeInstance
	conflict bool
	// meanwhile is called before each write, with how many there were.
	meanwhile func(n int)
	there     bool
}

// withSetup sets a desk up whose instance has these fields of cluster, or that
// has none.
func withSetup(d *desk, cluster map[string]any) *fakeSetup {
	f := &fakeSetup{fakeInstance: &fakeInstance{desk: d, meta: map[string]any{"name": "flux", "namespace": "flux-system", "uid": "FluxInstance-flux-system-flux", "generation": 1}}, there: cluster != nil}
	if f.there {
		f.spec = map[string]any{"distribution": map[string]any{"version": "2.x", "registry": "ghcr.io/fluxcd"},
			"components": []any{"source-controller", "kustomize-controller", "helm-controller", "notification-controller"}, "cluster": cluster}
		f.owners = []model.FieldOwner{{Path: ".spec.cluster.multitenant", Manager: "kubectl-edit", Operation: "Update"}}
		f.tell()
	}
	d.session.OnWrite(f.reply)
	return f
}

func (f *fakeSetup) conflicting() *fakeSetup { f.conflict = true; return f }

// byHelm says that Helm made the instance.
func (f *fakeSetup) byHelm() *fakeSetup {
	f.meta["annotations"] = map[string]any{"meta.helm.sh/release-name": "fluxcd", "meta.helm.sh/release-namespace": "flux-system"}
	f.tell()
	return f
}

func (f *fakeSetup) reply(w model.Write) (*model.Written, error) {
	f.writes++
	if f.meanwhile != nil {
		f.meanwhile(f.writes)
	}
	if f.conflict && !w.Force {
		return nil, &model.WriteError{Reason: model.WriteConflict, Text: "FluxInstance/flux-system/flux: .spec.cluster.multitenant belongs to kubectl-edit; nothing was written",
			Conflicts: []model.FieldConflict{{Manager: "kubectl-edit", Field: ".spec.cluster.multitenant"}}}
	}
	var body struct{ Spec map[string]any }
	if err := json.Unmarshal(w.Body, &body); err != nil {
		f.Fatal(err)
	}
	spec := map[string]any{}
	for k, v := range f.spec {
		spec[k] = v
	}
	for k, v := range body.Spec {
		inner, is := v.(map[string]any)
		was, had := spec[k].(map[string]any)
		if is && had {
			merged := map[string]any{}
			for a, b := range was {
				merged[a] = b
			}
			for a, b := range inner {
				merged[a] = b
			}
			v = merged
		}
		spec[k] = v
	}
	return &model.Written{UID: "FluxInstance-flux-system-flux", Object: f.object(spec)}, nil
}

// open goes to the step and its dialog.
func (f *fakeSetup) open() {
	f.Helper()
	f.act("w", "g", "down", "down", "enter")
}

// toOrder goes on to what will happen.
func (f *fakeSetup) toOrder() {
	f.Helper()
	f.open()
	if f.dialog == nil {
		f.Fatalf("no dialog:\n%s", f.screen())
	}
	f.push("Next")
}

func (d *desk) step(t *testing.T) setup.Step {
	t.Helper()
	p, ok := d.page().(*setupPage)
	if !ok {
		t.Fatalf("not on the setup:\n%s", d.screen())
	}
	return p.at
}
