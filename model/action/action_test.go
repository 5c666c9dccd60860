package action

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/model"
)

var now = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

const stamp = "2026-11-22T12:00:00.123456789Z"

func ready() model.Condition {
	return model.Condition{Type: "Ready", Status: "True", Reason: "Succeeded", ObservedGeneration: 1}
}

func object(k model.Kind, ns, name string, d model.Detail) *model.Object {
	return &model.Object{Key: model.Key{Kind: k, Namespace: ns, Name: name}, UID: ns + "/" + name, Generation: 1, ObservedGeneration: 1,
		Created: model.Unix(now.Add(-time.Hour).Unix()), Detail: d, Conditions: []model.Condition{ready()}}
}

func git(ns, name string) *model.Object {
	return object(model.GitRepository, ns, name, &model.Source{URL: "https://git.example/r", Interval: 60, Revision: "main@sha1:41aaea2377872176849e91c97af0e08ed8ffd3c3"})
}

func sync(ns, name, source string) *model.Object {
	return object(model.Kustomization, ns, name, &model.Sync{SourceRef: model.Ref{Kind: "GitRepository", Name: source}, Interval: 600, Prune: true,
		Applied: "main@sha1:41aaea2377872176849e91c97af0e08ed8ffd3c3"})
}

// store has two tenants whose objects have the same names.
func store(more ...*model.Object) *model.Store {
	s := model.NewStore(func() time.Time { return now })
	var b model.Batch
	for _, k := range model.Kinds() {
		b.Scopes = append(b.Scopes, model.ScopeStatus{Kind: k, State: model.ScopeSynced})
	}
	for _, ns := range []string{"dev", "stage"} {
		n := object(model.Namespace, "", ns, &model.NamespaceDetail{Phase: "Active"})
		n.Labels = model.Pairs{{Name: model.LabelTenant, Value: ns}}
		more = append([]*model.Object{n, git(ns, "app"), sync(ns, "app", "app")}, more...)
	}
	for _, o := range more {
		b.Changes = append(b.Changes, model.ObjectChange{Key: o.Key, Object: o})
	}
	s.Apply(b)
	return s
}

func words(p Plan) []string {
	out := make([]string, len(p.Steps))
	for i, s := range p.Steps {
		out[i] = s.Words
	}
	return out
}

func key(k model.Kind, ns, name string) model.Key {
	return model.Key{Kind: k, Namespace: ns, Name: name}
}

func TestPlans(t *testing.T) {
	suspended := sync("dev", "held", "app")
	suspended.Detail.(*model.Sync).Suspend = true
	base := sync("dev", "base", "app")
	last := sync("dev", "last", "app")
	last.Detail.(*model.Sync).DependsOn = []model.Ref{{Name: "base"}}
	gone := sync("dev", "going", "app")
	gone.Deleting = model.Unix(now.Unix())
	static := object(model.HelmRepository, "dev", "oci", &model.Source{Static: true})
	web := object(model.Deployment, "dev", "web", &model.Workload{})
	web.Labels = model.Pairs{{Name: model.LabelKustomizationName, Value: "app"}, {Name: model.LabelKustomizationNS, Value: "dev"}}
	full := []*model.Object{suspended, base, last, gone, static, web}

	tests := []struct {
		name    string
		verb    Verb
		targets []Target
		objects []*model.Object
		steps   []string
		refused string
		asks    bool
	}{
		{"one sync", Reconcile, []Target{Object(key(model.Kustomization, "stage", "app"))}, full,
			[]string{"reconcile Kustomization/stage/app"}, "", false},
		{"its source first", Fetch, []Target{Object(key(model.Kustomization, "stage", "app"))}, full,
			[]string{"fetch GitRepository/stage/app", "reconcile Kustomization/stage/app"}, "", false},
		{"a tenant, dependencies first", Reconcile, []Target{{Row: "dev"}}, full,
			[]string{"reconcile Kustomization/dev/app", "reconcile Kustomization/dev/base", "reconcile Kustomization/dev/last"},
			"Kustomization/dev/going: it is being deleted", true},
		{"a tenant stops from the end", Suspend, []Target{{Row: "dev"}}, []*model.Object{base, last},
			[]string{"suspend Kustomization/dev/last", "suspend Kustomization/dev/app", "suspend Kustomization/dev/base", "suspend GitRepository/dev/app"}, "", true},
		{"suspended", Reconcile, []Target{Object(key(model.Kustomization, "dev", "held"))}, full, nil, "a request would be swallowed", false},
		{"resume", Resume, []Target{{Row: "dev"}}, full, []string{"resume Kustomization/dev/held"}, "being deleted", true},
		{"static", Reconcile, []Target{Object(key(model.HelmRepository, "dev", "oci"))}, full, nil, "nobody reconciles it", false},
		{"a workload", Reconcile, []Target{Object(key(model.Deployment, "dev", "web"))}, full, nil,
			"Flux does not reconcile a Deployment by itself; Kustomization/dev/app applies it", false},
		{"vanished", Reconcile, []Target{Object(key(model.Kustomization, "dev", "nothing"))}, full, nil, "no longer in the cluster", false},
		{"a vanished tenant", Suspend, []Target{{Row: "prod"}}, full, nil, "prod: it is no longer in the cluster", true},
		{"nothing to resume", Resume, []Target{{Row: "stage"}}, full, nil, "stage: nothing of it is suspended", true},
		{"marked rows, each once", Suspend, []Target{{Row: "stage"}, Object(key(model.Kustomization, "stage", "app")), {Row: "stage"}}, nil,
			[]string{"suspend Kustomization/stage/app", "suspend GitRepository/stage/app"}, "", true},
		{"force is for releases", Force, []Target{Object(key(model.Kustomization, "stage", "app"))}, nil, nil, "only a HelmRelease", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := New(store(tt.objects...), Wish{Verb: tt.verb, Targets: tt.targets, Stamp: stamp, Who: "ann"})
			if got := words(p); !slices.Equal(got, tt.steps) {
				t.Errorf("steps %q, want %q", got, tt.steps)
			}
			var refused []string
			for _, r := range p.Refused {
				name := r.Row
				if name == "" {
					name = r.Key.String()
				}
				refused = append(refused, name+": "+r.Why)
			}
			if all := strings.Join(refused, "; "); !strings.Contains(all, tt.refused) || tt.refused == "" && all != "" {
				t.Errorf("refused %q, want %q", all, tt.refused)
			}
			if p.Asks != tt.asks {
				t.Errorf("asks %v, want %v", p.Asks, tt.asks)
			}
			for _, s := range p.Steps {
				if s.Write.UID == "" {
					t.Errorf("%s is not bound to its object", s.Words)
				}
			}
		})
	}
}

// A source that is suspended can't be fetched: what hangs on it is refused, and
// why is said.
func TestFetchOfASuspendedSource(t *testing.T) {
	src := git("dev", "frozen")
	src.Detail.(*model.Source).Suspend = true
	s := store(src, sync("dev", "cold", "frozen"))
	p := New(s, Wish{Verb: Fetch, Targets: []Target{Object(key(model.Kustomization, "dev", "cold"))}, Stamp: stamp})
	if len(p.Steps) != 0 || len(p.Refused) != 1 || !strings.Contains(p.Refused[0].Why, "GitRepository/dev/frozen can't be fetched: it is suspended") {
		t.Errorf("steps %q, refused %+v", words(p), p.Refused)
	}
}

func TestBodies(t *testing.T) {
	set := object(model.ResourceSet, "dev", "rs", &model.Sync{})
	release := object(model.HelmRelease, "dev", "web", &model.Sync{})
	s := store(set, release)
	body := func(w Wish, k model.Key) (map[string]any, model.Write) {
		t.Helper()
		w.Targets, w.Stamp, w.Who = []Target{Object(k)}, stamp, "ann"
		p := New(s, w)
		if len(p.Steps) != 1 {
			t.Fatalf("%v of %s: %d steps, refused %v", w.Verb, k, len(p.Steps), p.Refused)
		}
		var m map[string]any
		if err := json.Unmarshal(p.Steps[0].Write.Body, &m); err != nil {
			t.Fatal(err)
		}
		return m, p.Steps[0].Write
	}
	annotations := func(m map[string]any) map[string]any {
		return m["metadata"].(map[string]any)["annotations"].(map[string]any)
	}

	m, w := body(Wish{Verb: Suspend, Reason: "freeze", Until: "2026-11-25"}, key(model.Kustomization, "dev", "app"))
	if m["spec"].(map[string]any)["suspend"] != true || w.Generation != 1 {
		t.Errorf("suspend is %v on generation %d", m, w.Generation)
	}
	for name, want := range map[string]string{"tenantry.dev/suspended-by": "ann", "tenantry.dev/suspended-at": "2026-11-22T12:00:00Z",
		"tenantry.dev/suspended-reason": "freeze", "tenantry.dev/suspended-until": "2026-11-25", "fluxcd.controlplane.io/suspendedBy": "ann"} {
		if got := annotations(m)[name]; got != want {
			t.Errorf("%s is %v, want %s", name, got, want)
		}
	}

	m, w = body(Wish{Verb: Suspend}, key(model.ResourceSet, "dev", "rs"))
	if m["spec"] != nil || annotations(m)["fluxcd.controlplane.io/reconcile"] != "disabled" || len(w.Was) != 1 {
		t.Errorf("a ResourceSet is suspended by %v, bound to %v", m, w.Was)
	}

	m, _ = body(Wish{Verb: Force}, key(model.HelmRelease, "dev", "web"))
	if a := annotations(m); a["reconcile.fluxcd.io/forceAt"] != stamp || a["reconcile.fluxcd.io/requestedAt"] != stamp {
		t.Errorf("force is %v", a)
	}
}

func TestMixed(t *testing.T) {
	held := sync("dev", "held", "app")
	held.Detail.(*model.Sync).Suspend = true
	if s, r := Mixed(store(held), []Target{{Row: "dev"}}); s != 1 || r != 2 {
		t.Errorf("%d suspended, %d running; want 1 and 2", s, r)
	}
}

// The object that was shown is meant, not another one of its name.
func TestATargetIsOneObject(t *testing.T) {
	k := key(model.Kustomization, "dev", "app")
	p := New(store(), Wish{Verb: Suspend, Stamp: stamp, Targets: []Target{{Key: k, UID: "an older one"}}})
	if len(p.Steps) != 0 || len(p.Refused) != 1 || !strings.Contains(p.Refused[0].Why, "another object of that name") {
		t.Errorf("steps %q, refused %+v", words(p), p.Refused)
	}
	if p := New(store(), Wish{Verb: Suspend, Stamp: stamp, Targets: []Target{{Key: k, UID: "dev/app"}}}); len(p.Steps) != 1 {
		t.Errorf("refused %+v", p.Refused)
	}
}

// A source is resumed before what it feeds, which waits for its fetch: else it
// would be called done on the old revision.
func TestResumeWaitsForTheSource(t *testing.T) {
	src, ks := git("stage", "app"), sync("stage", "app", "app")
	src.Detail.(*model.Source).Suspend, ks.Detail.(*model.Sync).Suspend = true, true
	p := New(store(src, ks), Wish{Verb: Resume, Targets: []Target{{Row: "stage"}}, Stamp: stamp})
	if len(p.Steps) != 2 || p.Steps[0].Key.Kind != model.GitRepository || !p.Steps[0].Wait || p.Steps[1].Wait {
		t.Errorf("steps %+v", p.Steps)
	}
}

// What is one to a person is fetched at once, though it be several objects of
// several namespaces; it is asked about all the same where something stops.
func TestSeveralThatAreOne(t *testing.T) {
	source := func(ns string) Target { return Object(key(model.GitRepository, ns, "app")) }
	w := Wish{Verb: Fetch, Targets: []Target{source("dev"), source("stage")}, Stamp: stamp, Together: "the 2 sources of acme/app"}
	p := New(store(), w)
	if p.Asks || len(p.Steps) != 2 || p.Title != "fetch and reconcile the 2 sources of acme/app" {
		t.Errorf("asks %v, %q, title %q", p.Asks, words(p), p.Title)
	}
	w.Together = ""
	if !New(store(), w).Asks {
		t.Error("marked rows are fetched without asking")
	}
	w.Verb, w.Together = Suspend, "the 2 sources of acme/app"
	if !New(store(), w).Asks {
		t.Error("suspended without asking")
	}
}
