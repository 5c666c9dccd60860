package model

import (
	"slices"
	"testing"
	"time"
)

// scale is kubectl scale: another manager, another number.
func (h *shop) scale(ns string, to int32, m Manager) {
	h.gen[ns]++
	o := deploy(ns, "kcheck", h.gen[ns], h.gen[ns], to, to, to, to, cond("Progressing", "True", "NewReplicaSetAvailable", ""))
	d := o.Detail.(*Workload)
	d.Revision, d.Containers = 1, []Container{{Name: "kcheck", Image: h.image[ns]}}
	m.Time = h.unix()
	d.Managers = []Manager{{Name: "kustomize-controller", Operation: "Apply", Time: h.written[ns]},
		{Name: "kube-controller-manager", Operation: "Update", Subresource: "status", Time: h.unix()}, m}
	if m.Name == "kustomize-controller" {
		d.Managers, h.written[ns] = d.Managers[1:], m.Time
	}
	labelled(o, LabelKustomizationName, "shop", LabelKustomizationNS, ns)
	h.put(h.stamped(o))
}

func (h *shop) generations(ns string) []Generation {
	return h.Generations(Key{Deployment, ns, "kcheck"})
}

// A run that comes right after another is seen late, and Ready has been Unknown
// all along: it began no sooner than its commit was fetched, and what was
// written since then is its.
func TestARunThatIsSeenLate(t *testing.T) {
	h := newShop(t)
	h.fetch("stage", 1)
	h.sync("stage", revision(1), "fetching")
	began := h.unix()
	h.change("stage", 1)
	h.pass(4 * time.Second)
	h.fetch("stage", 2)
	h.change("stage", 2)
	h.pass(6 * time.Second)
	o := kust("stage", "shop", "shop", cond("Reconciling", "True", "Progressing", "Running health checks for revision "+revision(2)+" with a timeout of 30s"),
		cond("Ready", "Unknown", "Progressing", "Reconciliation in progress"))
	for i := range o.Conditions {
		o.Conditions[i].LastTransition = began
	}
	d := sync(o)
	d.Wait, d.Applied, d.Attempted, d.History = true, revision(0), revision(2), h.history["stage"]
	h.put(h.stamped(o))
	if list := h.generations("stage"); list[0].Commit != revision(2) || list[1].Commit != revision(1) {
		t.Errorf("they are said to be of %s and %s", list[0].Commit, list[1].Commit)
	}
}

// Somebody scales while the health checks of a push still run: what Flux puts
// back then is that push's.
func TestDriftDuringHealthChecks(t *testing.T) {
	h := newShop(t)
	h.fetch("stage", 1)
	h.sync("stage", revision(1), "fetching")
	h.change("stage", 1)
	h.sync("stage", revision(1), "checks")
	for _, to := range []int32{5, 6} {
		h.pass(5 * time.Second)
		h.scale("stage", to, Manager{Name: "kubectl", Operation: "Update", Subresource: "scale"})
	}
	h.pass(5 * time.Second)
	h.sync("stage", revision(1), "done")
	h.pass(5 * time.Second)
	h.sync("stage", revision(1), "fetching")
	h.scale("stage", 2, Manager{Name: "kustomize-controller", Operation: "Apply"})
	h.sync("stage", revision(1), "done")
	if g := h.generations("stage")[0]; !g.UndidDrift || g.Commit != revision(1) {
		t.Errorf("undone: %+v", g)
	}
}

func TestPushDriftAndItsUndoingAreToldApart(t *testing.T) {
	h := newShop(t)
	h.push(1)
	h.pass(time.Minute)
	h.scale("stage", 1, Manager{Name: "kubectl-scale", Operation: "Update"})
	h.pass(time.Minute)
	h.sync("stage", revision(1), "fetching")
	h.scale("stage", 2, Manager{Name: "kustomize-controller", Operation: "Apply"})
	h.sync("stage", revision(1), "done")
	h.pass(time.Minute)
	h.scale("stage", 5, Manager{Name: "kube-controller-manager", Operation: "Update", Subresource: "scale"})
	list := h.generations("stage")
	if len(list) != 5 {
		t.Fatalf("%d generations: %+v", len(list), list)
	}
	hpa, undo, drift, push, past := list[0], list[1], list[2], list[3], list[4]
	if hpa.Number != 5 || !hpa.Current || hpa.Actor != ActorAutoscaler || hpa.Drift || hpa.Commit != "" || ChangedWords(hpa.Changed) != "replicas 2→5" {
		t.Errorf("the autoscaler's: %+v", hpa)
	}
	if undo.Commit != revision(1) || !undo.UndidDrift || undo.Drift || !undo.FromGit() || ChangedWords(undo.Changed) != "replicas 1→2" {
		t.Errorf("Flux undoing: %+v", undo)
	}
	if drift.Number != 3 || !drift.Drift || drift.By != "kubectl-scale" || drift.Actor != ActorPerson || drift.Commit != "" || drift.At.By != ProofManager {
		t.Errorf("kubectl scale: %+v", drift)
	}
	if push.Number != 2 || push.Commit != revision(1) || push.UndidDrift || push.Took != 3 || ChangedWords(push.Changed) != "image 0→1" || push.Revision != 2 {
		t.Errorf("the push: %+v", push)
	}
	if past.Number != 1 || !past.Reconstructed || past.Commit != revision(0) && !past.AtOrBefore {
		t.Errorf("before the session: %+v", past)
	}
	if l := h.line("stage", revision(1)); !l.Live || len(l.Moves) != 1 || l.Moves[0].To != 2 {
		t.Errorf("replicas set by others leave the commit live: %+v", l)
	}
}

func TestDriftOfThePodsIsNotLive(t *testing.T) {
	h := newShop(t)
	h.push(1)
	h.image["stage"] = "reg/kcheck:hand"
	h.scale("stage", 2, Manager{Name: "kubectl-edit", Operation: "Update"})
	if l := h.line("stage", revision(1)); l.Live || l.Reason != "Drift" || !l.LiveAt.Known() {
		t.Errorf("%+v", l)
	}
}

// The Deployment's watch may be ahead of the Kustomization's: then the commit
// is told by the Kustomization's next state.
func TestGenerationSeenBeforeItsSync(t *testing.T) {
	for name, c := range map[string]struct {
		play func(h *shop)
		want int
	}{
		"deployment first, then the run": {func(h *shop) {
			h.change("stage", 2)
			h.sync("stage", revision(2), "checks")
			h.sync("stage", revision(2), "done")
		}, 2},
		"deployment first, only the end of the run seen": {func(h *shop) {
			h.change("stage", 2)
			h.pass(time.Second)
			h.sync("stage", revision(2), "done")
		}, 2},
		"the end of the run first, same second": {func(h *shop) {
			h.sync("stage", revision(2), "done")
			h.change("stage", 2)
			h.pass(10 * time.Second)
			h.sync("stage", revision(3), "fetching")
		}, 2},
		"the end of the run first, written before it": {func(h *shop) {
			at := h.unix()
			h.pass(time.Second)
			h.sync("stage", revision(2), "done")
			h.written["stage"] = at
			h.gen["stage"]++
			h.image["stage"] = "reg/kcheck:2"
			h.pods("stage", 2, 2)
			h.pass(10 * time.Second)
			h.sync("stage", revision(3), "done")
		}, 2},
		"two runs within a second, the second's Deployment before its run": {func(h *shop) {
			h.sync("stage", revision(1), "fetching")
			h.change("stage", 1)
			h.version += 10
			h.change("stage", 2)
			h.version -= 11 // the watch of Kustomizations lags
			h.sync("stage", revision(1), "done")
			h.sync("stage", revision(2), "fetching")
		}, 2},
		"run under way": {func(h *shop) {
			h.sync("stage", revision(2), "fetching")
			h.change("stage", 2)
			h.pass(10 * time.Second)
			h.sync("stage", revision(3), "fetching")
		}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			h := newShop(t)
			h.pass(time.Minute)
			h.sync("stage", revision(0), "done")
			h.pass(time.Minute)
			c := c
			c.play(h)
			if g := h.generations("stage")[0]; g.Commit != revision(c.want) {
				t.Errorf("the newest generation is said to be of %s: %+v", ShortRevision(g.Commit), g)
			}
		})
	}
}

func TestGenerationsBeforeTheSession(t *testing.T) {
	h := newShop(t)
	rs := func(rev int64, hash string, created Unix, images ...string) *Object {
		o := obj(ReplicaSet, "stage", "kcheck-"+hash, &Replica{Owner: "kcheck", OwnerUID: "Deploymentstagekcheck", Revision: rev, Images: images})
		o.Created = created
		return o
	}
	o := kust("stage", "shop", "shop")
	d := sync(o)
	d.Inventory, d.Applied = "stage_kcheck_apps_Deployment", revision(4)
	d.History = []HistoryEntry{
		{Revision: revision(4), Status: "ReconciliationSucceeded", First: ago(10 * time.Minute), Last: ago(time.Minute), Duration: 2, Total: 9},
		{Revision: revision(3), Status: "ReconciliationSucceeded", First: ago(time.Hour), Last: ago(time.Hour), Duration: 4, Total: 1},
	}
	h.put(o, rs(7, "c", ago(10*time.Minute+2*time.Second), "reg/kcheck:4", "reg/proxy:1"), rs(6, "b", ago(time.Hour+2*time.Second), "reg/kcheck:3", "reg/proxy:1"),
		rs(5, "a", ago(48*time.Hour), "reg/kcheck:3"))
	list := h.generations("stage")
	if len(list) != 3 {
		t.Fatalf("%+v", list)
	}
	a, b, c := list[0], list[1], list[2]
	// revision 4 stands for nine runs, and nothing says it was fetched before the first.
	if a.Number != 1 || a.Revision != 7 || a.Commit != revision(4) || !a.AtOrBefore || ChangedWords(a.Changed) != "image 3→4" || a.At.By != ProofReplicaSet {
		t.Errorf("the newest: %+v", a)
	}
	if b.Number != 0 || b.Commit != revision(3) || b.AtOrBefore || !slices.Equal(b.Changed, []SpecChange{{Aspect: AspectImage, To: "reg/proxy:1"}}) {
		t.Errorf("the one before: %+v", b)
	}
	if c.Commit != revision(3) || !c.AtOrBefore || c.Changed != nil {
		t.Errorf("the oldest: %+v", c)
	}
	h.source("stage", revision(4), ago(11*time.Minute)) // it was fetched before the ReplicaSet was made
	if g := h.generations("stage")[0]; g.Commit != revision(4) || g.AtOrBefore {
		t.Errorf("the newest, by the artifact's time: %+v", g)
	}
}

func TestSpecChanges(t *testing.T) {
	env := func(pairs ...any) string {
		var b []byte
		for i := 0; i < len(pairs); i += 2 {
			b = AddEnv(b, pairs[i].(string), uint32(pairs[i+1].(int)))
		}
		return string(b)
	}
	base := Workload{Desired: 2, Containers: []Container{{Name: "web", Image: "reg/web:1"}, {Name: "proxy", Image: "proxy@sha256:aaaaaaaaaa"}},
		Print: SpecPrint{Env: env("COLOUR", 1, "CONTENT", 2)}}
	for want, edit := range map[string]func(*Workload){
		"other settings":                     func(*Workload) {},
		"replicas 2→3":                       func(w *Workload) { w.Desired = 3 },
		"image 1→1.1":                        func(w *Workload) { w.Containers[0].Image = "reg/web:1.1" },
		"image web:1→shop:2":                 func(w *Workload) { w.Containers[0].Image = "reg/shop:2" },
		"image aaaaaaa→bbbbbbb":              func(w *Workload) { w.Containers[1].Image = "proxy@sha256:bbbbbbbbbb" },
		"image web:1→web:1":                  func(w *Workload) { w.Containers[0].Image = "mirror/web:1" },
		"image →new:1":                       func(w *Workload) { w.Containers = append(w.Containers, Container{Name: "x", Image: "new:1"}) },
		"image proxy@sha256:aaaaaaaaaa→":     func(w *Workload) { w.Containers = w.Containers[:1] },
		"env COLOUR":                         func(w *Workload) { w.Print.Env = env("COLOUR", 9, "CONTENT", 2) },
		"env COLOUR, env NEW":                func(w *Workload) { w.Print.Env = env("CONTENT", 2, "NEW", 1) },
		"env":                                func(w *Workload) { w.Print.Env = env("CONTENT", 2, "COLOUR", 1) },
		"resources, probes":                  func(w *Workload) { w.Print.Resources, w.Print.Probes = 1, 1 },
		"command, volumes, strategy":         func(w *Workload) { w.Print.Command, w.Print.Volumes, w.Print.Strategy = 1, 1, 1 },
		"restarted":                          func(w *Workload) { w.Print.Restarted = 1 },
		"pod template":                       func(w *Workload) { w.Print.Elsewhere = 1 },
		"replicas 2→0, paused false→true":    func(w *Workload) { w.Desired, w.Paused = 0, true },
		"replicas 2→3, image 1→2, resources": func(w *Workload) { w.Desired, w.Containers[0].Image, w.Print.Resources = 3, "reg/web:2", 4 },
	} {
		a, b := base, base
		b.Containers = slices.Clone(base.Containers)
		edit(&b)
		if got := ChangedWords(specChanges(obj(Deployment, "a", "b", &a), obj(Deployment, "a", "b", &b))); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	b := base
	b.Desired = 9 // nodes came
	if got := ChangedWords(specChanges(obj(DaemonSet, "a", "b", &base), obj(DaemonSet, "a", "b", &b))); got != "other settings" {
		t.Errorf("a DaemonSet: %q", got)
	}
}

func TestActors(t *testing.T) {
	for _, c := range []struct {
		manager, subresource string
		want                 Actor
	}{
		{"kustomize-controller", "", ActorFlux}, {"helm-controller", "", ActorFlux}, {"kubectl-scale", "scale", ActorPerson},
		{"kubectl", "scale", ActorPerson}, {"kubectl-client-side-apply", "", ActorPerson}, {"flux", "", ActorPerson},
		{"kube-controller-manager", "scale", ActorAutoscaler}, {"kube-controller-manager", "", ActorOther},
		{"vpa-recommender", "", ActorAutoscaler}, {"cluster-autoscaler", "", ActorAutoscaler}, {"argocd-controller", "", ActorOther}, {"", "", ActorUnknown},
	} {
		if got := actorOf(c.manager, c.subresource); got != c.want {
			t.Errorf("%s/%s: %d, want %d", c.manager, c.subresource, got, c.want)
		}
	}
}
