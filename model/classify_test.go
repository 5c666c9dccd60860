package model

import (
	"testing"
	"time"
)

// The conditions of domain rows, as the controllers write them.
func TestVerdictOfFluxObjects(t *testing.T) {
	retry := cond("Reconciling", "True", "ProgressingWithRetry", "building artifact")
	fetchFailed := `failed to get secret 'ns/s': failed to get secret 'ns/s': secrets "s" not found`
	cases := []struct {
		name     string
		obj      *Object
		want     Health
		retrying bool
		cause    string
	}{
		{"healthy git", git("a", "g", rev1), Ready, false, ""},
		{"secret wiped", git("a", "g", rev1, retry, cond("Ready", "False", "AuthenticationFailed", fetchFailed), cond("FetchFailed", "True", "AuthenticationFailed", fetchFailed)), Failed, true, "Secret/a/s"},
		{"fetching first time", git("a", "g", "", cond("Reconciling", "True", "Progressing", "building artifact"), cond("Ready", "Unknown", "Progressing", "building artifact")), Reconciling, false, ""},
		{"no ready yet but moving", git("a", "g", "", cond("Reconciling", "True", "NewGeneration", "x")), Reconciling, false, ""},
		{"no ready at all", git("a", "g", "", cond("ArtifactInStorage", "True", "Succeeded", "x")), Unknown, false, ""},
		{"path missing", kust("a", "k", "g", retry, cond("Ready", "False", "ArtifactFailed", "kustomization path not found: stat /tmp/kustomization-1/k: no such file or directory")), Failed, true, ""},
		{"source without artifact", kust("a", "k", "empty", cond("Ready", "False", "ArtifactFailed", "Source artifact not found, retrying in 30s")), Blocked, true, "GitRepository/a/empty"},
		{"source absent", kust("a", "k", "none", cond("Ready", "False", "ArtifactFailed", `GitRepository.source.toolkit.fluxcd.io "none" not found`)), Failed, true, ""},
		{"cross namespace", kust("a", "k", "g", cond("Stalled", "True", "AccessDenied", "can't access"), cond("Ready", "False", "AccessDenied", "can't access")), Stalled, false, ""},
		{"cancelled check", kust("a", "k", "g", cond("Ready", "False", "HealthCheckCanceled", "x")), Reconciling, false, ""},
		{"refused, account missing", kust("a", "k", "g", retry, cond("Ready", "False", "ReconciliationFailed", `ConfigMap/a/c dry-run failed (Forbidden): configmaps "c" is forbidden: User "system:serviceaccount:a:ghost" cannot patch resource "configmaps" in API group "" in the namespace "a"`)), Failed, true, "ServiceAccount/a/ghost"},
		{"refused, account there", kust("a", "k", "g", retry, cond("Ready", "False", "ReconciliationFailed", `ConfigMap/b/c dry-run failed (Forbidden): configmaps "c" is forbidden: User "system:serviceaccount:a:a" cannot patch resource "configmaps" in API group "" in the namespace "b"`)), Failed, true, ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t).synced().put(namespace("a"), account("a", "a"), git("a", "empty", "", cond("Ready", "False", "GitOperationFailed", "boom")))
			if tc.obj.Kind == Kustomization {
				w.put(git("a", "g", rev1))
			}
			v := w.put(tc.obj).Verdict(tc.obj.Key)
			if v.Health != tc.want || v.Retrying != tc.retrying {
				t.Errorf("got %s retrying=%v (%s: %s), want %s retrying=%v", v.Health, v.Retrying, v.Reason, v.Message, tc.want, tc.retrying)
			}
			got := ""
			if v.Cause != nil {
				got = v.Cause.Ref().String()
			}
			if got != tc.cause {
				t.Errorf("cause %q, want %q", got, tc.cause)
			}
		})
	}
}

func TestBlockedFollowsDependenciesToTheRoot(t *testing.T) {
	w := newWorld(t).synced().put(git("a", "g", rev1),
		kust("a", "nopath", "g", cond("Ready", "False", "ArtifactFailed", "kustomization path not found: stat /tmp/x/nopath: no such")))
	mid := kust("a", "mid", "g", cond("Ready", "False", "DependencyNotReady", "dependency 'a/nopath' is not ready"))
	sync(mid).DependsOn = []Ref{{"Kustomization", "a", "fine"}, {"Kustomization", "a", "nopath"}}
	top := kust("a", "top", "g", cond("Ready", "False", "DependencyNotReady", "dependency 'a/mid' is not ready"))
	sync(top).DependsOn = []Ref{{"Kustomization", "a", "mid"}}
	w.put(mid, top, kust("a", "fine", "g"))
	for _, name := range []string{"mid", "top"} {
		v := w.Verdict(Key{Kustomization, "a", name})
		if v.Health != Blocked || v.Cause == nil || v.Cause.Name != "nopath" {
			t.Errorf("%s: %s cause %+v, want Blocked by nopath", name, v.Health, v.Cause)
		}
	}
}

func TestDependencyCycleEnds(t *testing.T) {
	w := newWorld(t).synced()
	for _, p := range [][2]string{{"x", "y"}, {"y", "x"}} {
		k := kust("a", p[0], "g", cond("Ready", "False", "DependencyNotReady", "dependency 'a/"+p[1]+"' is not ready"))
		sync(k).DependsOn = []Ref{{"Kustomization", "a", p[1]}}
		w.put(k)
	}
	if v := w.Verdict(Key{Kustomization, "a", "x"}); v.Health != Blocked {
		t.Errorf("got %s", v.Health)
	}
}

// Every retry passes through Ready=Unknown; a failing object must not look
// as if it were moving.
func TestFailingObjectStaysFailedWhileItRetries(t *testing.T) {
	failed := func() *Object {
		return kust("a", "k", "g", cond("Reconciling", "True", "ProgressingWithRetry", "x"), cond("Ready", "False", "BuildFailed", "bad yaml\n"))
	}
	w := newWorld(t).synced().put(git("a", "g", rev1), failed())
	running := func() *Object {
		o := kust("a", "k", "g", cond("Reconciling", "True", "Progressing", "Building manifests"), cond("Ready", "Unknown", "Progressing", "Reconciliation in progress"))
		o.Conditions[1].LastTransition = Unix(w.now.Unix())
		return o
	}
	key := failed().Key
	for i := 0; i < 10; i++ {
		w.pass(30 * time.Second).put(running())
		if v := w.Verdict(key); v.Health != Failed || !v.Retrying || v.Message != "bad yaml" {
			t.Fatalf("retry %d: %s %q", i, v.Health, v.Message)
		}
		w.put(failed())
	}
	if since := w.Verdict(key).Since; since != ago(10*time.Second) {
		t.Errorf("since moved with the retries: %v", timeOf(since))
	}
	t.Run("a new revision is a new try", func(t *testing.T) {
		w.put(git("a", "g", rev2), running())
		if v := w.Verdict(key); v.Health != Reconciling {
			t.Errorf("got %s, want Reconciling", v.Health)
		}
	})
	t.Run("so is a new generation", func(t *testing.T) {
		o := running()
		o.Generation = 2
		for i := range o.Conditions {
			o.Conditions[i].ObservedGeneration = 2
		}
		if v := w.put(git("a", "g", rev1), failed(), o).Verdict(key); v.Health != Reconciling {
			t.Errorf("got %s, want Reconciling", v.Health)
		}
	})
}

func TestFirstLookAtARetry(t *testing.T) {
	running := kust("a", "k", "g", cond("Reconciling", "True", "Progressing", "Running health checks"), cond("Ready", "Unknown", "Progressing", "Reconciliation in progress"))
	t.Run("history tells that it failed before", func(t *testing.T) {
		o := *running
		s := *sync(running)
		s.History = []HistoryEntry{{Revision: rev1, Status: "HealthCheckFailed", First: ago(time.Hour), Last: ago(time.Minute)}}
		o.Detail = &s
		v := newWorld(t).put(git("a", "g", rev1), &o).synced().Verdict(o.Key)
		if v.Health != Failed || v.Since != ago(time.Hour) {
			t.Errorf("got %s since %v", v.Health, timeOf(v.Since))
		}
		s.History[0].Revision = rev2
		if v := newWorld(t).put(git("a", "g", rev1), &o).synced().Verdict(o.Key); v.Health == Failed {
			t.Errorf("a failure on another revision says nothing about this one")
		}
	})
	t.Run("without history it is held open for two seconds", func(t *testing.T) {
		w := newWorld(t).put(git("a", "g", rev1), running).synced()
		if v := w.Verdict(running.Key); v.Health != Pending {
			t.Errorf("at once: %s", v.Health)
		}
		w.Tenants()
		w.pass(3 * time.Second)
		if !w.Tick() {
			t.Error("nothing asked to look again")
		}
		if v := w.Verdict(running.Key); v.Health != Reconciling {
			t.Errorf("after it: %s", v.Health)
		}
	})
}

func TestTimeAloneChangesVerdicts(t *testing.T) {
	created := git("a", "new", "")
	created.Conditions, created.Created = nil, ago(0)
	newer := git("a", "newer", rev1)
	newer.Generation = 2
	running := kust("a", "run", "g", cond("Ready", "Unknown", "Progressing", "Reconciliation in progress"))
	running.Conditions[0].LastTransition = ago(0)
	dying := git("a", "dying", rev1)
	dying.Deleting, dying.Finalizers = ago(0), []string{"finalizers.fluxcd.io"}
	idle := kust("a", "idle", "g")
	w := newWorld(t).synced().put(created, newer, running, dying, idle, git("a", "g", rev1))
	expect := func(when string, k Key, want Health) {
		t.Helper()
		if v := w.Verdict(k); v.Health != want {
			t.Errorf("%s %s: %s (%s), want %s", when, k, v.Health, v.Message, want)
		}
	}
	expect("at once", created.Key, Pending)
	expect("at once", newer.Key, Outdated)
	expect("at once", running.Key, Reconciling)
	expect("at once", dying.Key, Terminating)
	w.pass(62 * time.Second)
	expect("after 62 s", newer.Key, Unobserved)
	expect("after 62 s", running.Key, Reconciling)
	w.pass(30 * time.Second)
	expect("after 92 s", running.Key, Stuck)
	w.pass(30 * time.Second)
	expect("after 122 s", created.Key, Unobserved)
	w.pass(5 * time.Minute)
	if v := w.Verdict(dying.Key); v.Reason != "FinalizerPending" {
		t.Errorf("finalizer not named: %+v", v)
	}
	if v := w.Verdict(idle.Key); v.Overlays.Has(Overdue) {
		t.Errorf("overdue too early")
	}
	if v := w.pass(4 * time.Minute).Verdict(idle.Key); !v.Overlays.Has(Overdue) || v.Health != Ready {
		t.Errorf("not overdue after two intervals and a timeout: %+v", v)
	}
}

func TestSuspendedKeepsWhatItWas(t *testing.T) {
	k := kust("a", "k", "g", cond("Ready", "False", "BuildFailed", "x"))
	sync(k).Suspend = true
	in := obj(FluxInstance, "flux-system", "flux", &Instance{}, cond("Ready", "True", "ReconciliationSucceeded", "x"))
	in.Annotations = Pairs{{AnnotationReconcile, "Disabled"}}
	never := git("a", "never", "")
	never.Conditions, never.ObservedGeneration = nil, -1
	never.Detail.(*Source).Suspend = true
	w := newWorld(t).synced().put(git("a", "g", rev1), k, in, never)
	for key, was := range map[Key]Health{k.Key: Failed, in.Key: Ready, never.Key: Pending} {
		if v := w.Verdict(key); v.Health != Suspended || !v.Suspended || v.Was != was {
			t.Errorf("%s: %s was %s, want Suspended was %s", key, v.Health, v.Was, was)
		}
	}
}

func TestOverlaysOfASyncThatRunsOn(t *testing.T) {
	old := kust("a", "k", "g")
	w := newWorld(t).synced().put(old, git("a", "g", rev2))
	if v := w.Verdict(old.Key); v.Overlays != 0 {
		t.Errorf("behind within its interval: %v", v.Overlays.Names())
	}
	w.pass(5 * time.Minute)
	if v := w.Verdict(old.Key); !v.Overlays.Has(Behind) {
		t.Errorf("not behind after its interval: %v", v.Overlays.Names())
	}
	w.put(git("a", "g", rev1, cond("Ready", "False", "GitOperationFailed", "boom")))
	if v := w.Verdict(old.Key); v.Overlays.Names()[0] != "SourceFailing" || v.Health != Ready {
		t.Errorf("source failing: %s %v", v.Health, v.Overlays.Names())
	}
	w.drop(Key{GitRepository, "a", "g"})
	if v := w.Verdict(old.Key); !v.Overlays.Has(SourceFailing) {
		t.Errorf("source gone: %v", v.Overlays.Names())
	}
}

func TestUndecodableIsUnknownNotAPanic(t *testing.T) {
	for _, k := range Kinds() {
		o := &Object{Key: Key{k, "a", "x"}, Undecodable: "bad"}
		if v := newWorld(t).synced().put(o, &Object{Key: Key{k, "a", "y"}}).Verdict(o.Key); v.Health != Unknown {
			t.Errorf("%s: %s", k, v.Health)
		}
	}
}

func TestWhatIsKnownOutlivesTheServer(t *testing.T) {
	k := kust("a", "k", "g", cond("Ready", "False", "ReconciliationFailed", `ConfigMap/a/c dry-run failed (Forbidden): configmaps "c" is forbidden: User "system:serviceaccount:a:ghost" cannot patch resource "configmaps" in API group "" in the namespace "a"`))
	w := newWorld(t).synced().put(git("a", "g", rev1), k)
	w.Apply(Batch{Conn: &Connection{State: ConnLost}, Scopes: []ScopeStatus{{Kind: ServiceAccount, State: ScopeStale}}})
	if v := w.Verdict(k.Key); v.Cause == nil || v.Cause.Name != "ghost" {
		t.Errorf("losing the server lost the cause: %+v", v.Cause)
	}
}

// Equal content is one entry of a history, whatever ran in between: it has not
// been Ready since that entry began.
func TestReadySinceItWasReadyAgain(t *testing.T) {
	k := kust("a", "k", "g")
	k.Conditions[0].LastTransition = ago(time.Minute)
	sync(k).History = []HistoryEntry{{Status: "ReconciliationSucceeded", First: ago(time.Hour), Last: ago(time.Minute)},
		{Status: "HealthCheckFailed", First: ago(10 * time.Minute), Last: ago(2 * time.Minute)}}
	if v := newWorld(t).put(git("a", "g", rev1), k).synced().Verdict(k.Key); v.Since != ago(time.Minute) {
		t.Errorf("since %s, it became Ready again %s", timeOf(v.Since).UTC(), timeOf(ago(time.Minute)).UTC())
	}
	sync(k).History[1].First, sync(k).History[1].Last = ago(3*time.Hour), ago(2*time.Hour)
	if since := AppliedSince(k); since != ago(time.Hour) {
		t.Errorf("since %s", timeOf(since).UTC())
	}
}
