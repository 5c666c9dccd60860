package model

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"
)

// event makes an event about an object, last seen some time ago.
func event(ns, name string, about Key, age time.Duration) *Object {
	o := obj(Event, ns, name, &EventDetail{Type: "Warning", Reason: "Failed", Message: "m",
		Regarding: Ref{about.Kind.String(), about.Namespace, about.Name}, Count: 1, First: ago(age), Last: ago(age)})
	return o
}

func pod(ns, name, ownerKind, owner, uid string) *Object {
	return obj(Pod, ns, name, &PodDetail{Phase: "Running", Owner: PodOwner{ownerKind, owner, uid}})
}

func replicaSet(ns, name, owner string) *Object {
	return obj(ReplicaSet, ns, name, &Replica{Owner: owner, OwnerUID: Deployment.String() + ns + owner})
}

func namesOf(objects []*Object) (out []string) {
	for _, o := range objects {
		out = append(out, o.Namespace+"/"+o.Name)
	}
	return out
}

func sameNames(t *testing.T, what string, got []*Object, want ...string) {
	t.Helper()
	if names := namesOf(got); !slices.Equal(names, want) {
		t.Errorf("%s: %v, want %v", what, names, want)
	}
}

func reportText(t *testing.T, w *world) string {
	t.Helper()
	text, err := json.Marshal(Report(w.Store))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// What is read on request must change nothing that is derived from the rest:
// the rows stay the very same, nothing is logged, nothing counted.
func TestRequestedObjectsTouchNothingElse(t *testing.T) {
	failing := kust("a", "k", "g", cond("Ready", "False", "HealthCheckFailed",
		"timeout waiting for: [Pod/a/job status: 'Failed']"))
	w := newWorld(t).put(namespace("a", LabelTenant, "a"), git("a", "g", rev1), failing, deploy("b", "web", 1, 1, 1, 1, 1, 1)).synced()
	tenants, platform := w.Tenants(), w.Platform()
	report := reportText(t, w)
	read, total := w.Progress()
	before := w.Revision()
	scopes := slices.Clone(w.Scopes())

	w.Apply(Batch{Scopes: []ScopeStatus{{Kind: Event, Namespace: "a"}, {Kind: Pod, State: ScopeDenied, Verb: "list"}}})
	gone := pod("a", "gone", "", "", "")
	w.put(event("a", "e", failing.Key, time.Minute), event("new", "e", failing.Key, time.Minute), gone, pod("a", "job", "", "", ""))
	w.put(event("a", "e", failing.Key, time.Second)).drop(gone.Key)
	w.Tick()

	if got := w.Tenants(); &got[0] != &tenants[0] || got[0] != tenants[0] || w.Platform() != platform {
		t.Error("an event made rows be derived anew")
	}
	w.Apply(Batch{Conn: &Connection{State: ConnLive}}) // and deriving again finds the same
	w.put(failing)
	if got := w.Tenant("a"); !reflect.DeepEqual(got, tenants[0]) || len(w.Tenants()) != len(tenants) {
		t.Errorf("derived anew:\n%+v\nwant\n%+v", got, tenants[0])
	}
	if got := reportText(t, w); got != report {
		t.Errorf("report:\n%s\nwant\n%s", got, report)
	}
	if n := w.Log().Len(); n != 0 {
		t.Errorf("%d log entries", n)
	}
	if r, n := w.Progress(); r != read || n != total || !w.Complete() || !reflect.DeepEqual(w.Scopes(), scopes) {
		t.Errorf("progress %d of %d, was %d of %d, complete %v, scopes %+v", r, n, read, total, w.Complete(), w.Scopes())
	}
	if w.Revision() == before {
		t.Error("a screen of events must see that something changed")
	}
	if len(w.Wanted()) != 2 || w.KindStatus(Pod).State != ScopeDenied || w.KindStatus(Event).State != ScopeSyncing {
		t.Errorf("wanted: %+v", w.Wanted())
	}
	if sc, ok := w.WantedScope(Pod, "b"); !ok || sc.Verb != "list" {
		t.Errorf("the cluster-wide scope answers for every namespace: %+v", sc)
	}
	if _, ok := w.WantedScope(Event, "b"); ok {
		t.Error("nobody reads the events of b")
	}
	if w.TenantOf(Key{Pod, "a", "job"}) != "a" {
		t.Error("a pod is of its namespace's tenant")
	}
}

func TestEventsAreFoundByWhatTheyRegard(t *testing.T) {
	stage, prod := Key{Kustomization, "stage", "flux-stage-prod"}, Key{Kustomization, "prod", "flux-stage-prod"}
	ns := Key{Namespace, "", "stage"}
	w := newWorld(t).put(
		event("stage", "old", stage, time.Hour), event("stage", "new", stage, time.Second), event("stage", "mid", stage, time.Minute),
		event("prod", "other", prod, time.Minute), event("stage", "kind", Key{GitRepository, "stage", "flux-stage-prod"}, time.Minute),
		event("default", "ns", ns, time.Minute), event("kube-system", "ns2", ns, time.Second))
	sameNames(t, "of one", w.EventsOf(stage), "stage/new", "stage/mid", "stage/old")
	sameNames(t, "of the same name elsewhere", w.EventsOf(prod), "prod/other")
	sameNames(t, "of a namespace", w.EventsOf(ns), "kube-system/ns2", "default/ns")
	sameNames(t, "in a namespace", w.Events("prod"), "prod/other")
	if got := w.Events(""); len(got) != 7 || got[6].Name != "old" || &got[0] != &w.Events("")[0] {
		t.Errorf("all: %v", namesOf(got))
	}
	// An event that is seen again moves to the front, one that expires goes.
	w.put(event("stage", "old", stage, 0)).drop(Key{Event, "stage", "mid"})
	sameNames(t, "after changes", w.EventsOf(stage), "stage/old", "stage/new")
	if len(w.Objects(Event)) != 6 {
		t.Errorf("objects: %v", namesOf(w.Objects(Event)))
	}
}

func TestPodsAreFoundByTheirWorkload(t *testing.T) {
	w := newWorld(t).put(deploy("a", "web", 1, 1, 1, 1, 1, 1), deploy("b", "web", 1, 1, 1, 1, 1, 1),
		replicaSet("a", "web-1", "web"), replicaSet("a", "web-2", "web"), replicaSet("b", "web-1", "web"), replicaSet("a", "web-x-1", "web-x"),
		obj(StatefulSet, "a", "web", &Workload{}), obj(DaemonSet, "a", "web", &Workload{}),
		pod("a", "web-2-x", "ReplicaSet", "web-2", "ReplicaSetaweb-2"), pod("a", "web-1-x", "ReplicaSet", "web-1", "ReplicaSetaweb-1"),
		pod("a", "web-x-1-x", "ReplicaSet", "web-x-1", "ReplicaSetaweb-x-1"), pod("b", "web-1-x", "ReplicaSet", "web-1", "ReplicaSetbweb-1"),
		pod("a", "web-0", "StatefulSet", "web", "StatefulSetaweb"), pod("a", "web-old", "StatefulSet", "web", "another"),
		pod("a", "web-ds", "DaemonSet", "web", "DaemonSetaweb"), pod("a", "alone", "", "", "")).synced()
	sameNames(t, "Deployment", w.PodsOf(Key{Deployment, "a", "web"}), "a/web-1-x", "a/web-2-x")
	sameNames(t, "the other namespace's", w.PodsOf(Key{Deployment, "b", "web"}), "b/web-1-x")
	sameNames(t, "StatefulSet", w.PodsOf(Key{StatefulSet, "a", "web"}), "a/web-0")
	sameNames(t, "DaemonSet", w.PodsOf(Key{DaemonSet, "a", "web"}), "a/web-ds")
	sameNames(t, "ReplicaSet", w.PodsOf(Key{ReplicaSet, "a", "web-2"}), "a/web-2-x")

	// Without its ReplicaSets, a Deployment's pods are known by their names.
	denied := newWorld(t).put(labelled(pod("a", "web-7d-x", "ReplicaSet", "web-7d", "u"), LabelPodTemplateHash, "7d"),
		labelled(pod("a", "web-x-7d-x", "ReplicaSet", "web-x-7d", "u"), LabelPodTemplateHash, "7d"))
	denied.Apply(Batch{Scopes: []ScopeStatus{{Kind: ReplicaSet, State: ScopeDenied}}})
	sameNames(t, "ReplicaSets denied", denied.PodsOf(Key{Deployment, "a", "web"}), "a/web-7d-x")
}

func TestWhatIsNoLongerWantedLeaves(t *testing.T) {
	w := newWorld(t).synced()
	e := event("a", "e", Key{Kustomization, "a", "k"}, 0)
	w.Apply(Batch{Scopes: []ScopeStatus{{Kind: Event, Namespace: "a", State: ScopeSynced}}, Changes: []ObjectChange{{Key: e.Key, Object: e}}})
	w.Apply(Batch{Scopes: []ScopeStatus{{Kind: Event, Namespace: "a", Removed: true}}, Changes: []ObjectChange{{Key: e.Key}}})
	if len(w.Wanted()) != 0 || len(w.Events("")) != 0 || len(w.requested.spaces) != 0 || w.KindStatus(Event).State != ScopeAbsent {
		t.Errorf("left: %+v %v", w.Wanted(), namesOf(w.Events("")))
	}
}

func TestInventoryRef(t *testing.T) {
	for id, want := range map[string]ObjectRef{
		"team-a_web_apps_Deployment":                          {Group: "apps", Kind: "Deployment", Namespace: "team-a", Name: "web"},
		"team-a_web__Service":                                 {Kind: "Service", Namespace: "team-a", Name: "web"},
		"_team-a__Namespace":                                  {Kind: "Namespace", Name: "team-a"},
		"_system__auth_rbac.authorization.k8s.io_ClusterRole": {Group: groupRBAC, Kind: "ClusterRole", Name: "system:auth"},
		"a_x.y-z_kustomize.toolkit.fluxcd.io_Kustomization":   {Group: groupKustomize, Kind: "Kustomization", Namespace: "a", Name: "x.y-z"},
	} {
		if got, ok := InventoryRef(id); !ok || got != want {
			t.Errorf("%s: %+v %v", id, got, ok)
		}
	}
	for _, id := range []string{"", "a", "a_b", "a_b_c", "a__g_Kind", "a_b_c_"} {
		if got, ok := InventoryRef(id); ok {
			t.Errorf("%q is no id: %+v", id, got)
		}
	}
}
