package model

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// lockedDown are the controllers as cluster.multitenant runs them.
func lockedDown() []*Object {
	return []*Object{
		controller("source-controller"),
		controller("kustomize-controller", "--no-cross-namespace-refs=true", "--no-remote-bases=true", "--default-service-account=default"),
		controller("helm-controller", "--no-cross-namespace-refs=true", "--default-service-account=default"),
		controller("notification-controller", "--no-cross-namespace-refs=true"),
	}
}

func binding(ns, name, role string, subjects ...Subject) *Object {
	return obj(RoleBinding, ns, name, &Binding{RoleKind: "ClusterRole", RoleName: role, Subjects: subjects})
}

func subjectIn(ns, name string) Subject { return Subject{"ServiceAccount", ns, name} }

// posture is a tenant with nothing to be found.
func posture(ns string) []*Object {
	src := git(ns, "app", rev1)
	src.Detail.(*Source).Ref, src.Detail.(*Source).URL = "branch main", "https://git.example/"+ns
	k := kust(ns, "app", "app")
	sync(k).Wait = true
	return []*Object{namespace(ns, LabelTenant, ns), account(ns, ns), binding(ns, ns, "edit", subjectIn(ns, ns)), src, k}
}

// all updates and returns what is found.
func all(f *Findings, w *world) []Finding {
	f.Update(w.Store)
	var out []Finding
	f.Each(func(x *Finding) { out = append(out, *x) })
	return out
}

func found(w *world) []string {
	var f Findings
	var out, never []string
	for _, x := range all(&f, w) {
		if x.Unknown && x.Gravity == GravityInfo {
			never = append(never, x.Rule)
			continue
		}
		tenant := x.Tenant
		if tenant == PlatformKey {
			tenant = "platform"
		}
		line := strings.TrimSpace(fmt.Sprintf("%s %s %s %s", x.Rule, x.Gravity, tenant, x.Key.Name))
		if x.Unknown {
			line += "?"
		}
		out = append(out, line)
		if r := x.Words(); r.Title == "" || r.Why == "" || r.Fix == "" || x.Evidence == "" {
			panic("no words for " + x.Rule)
		}
	}
	if len(never) > 0 && !slices.Equal(never, []string{"P12b", "P22", "P24"}) {
		panic(fmt.Sprint("never judged: ", never))
	}
	return out
}

// An attempt to write into another's namespace is told with its commit, also
// after it was given up; the platform's own namespace counts as outside too.
func TestEscapes(t *testing.T) {
	w := newWorld(t).put(lockedDown()...).put(posture("stage")...).put(posture("prod")...).synced()
	escape := func(into, rev string) *Object {
		o := kust("stage", "app", "app", cond("Ready", "False", "ReconciliationFailed", `ConfigMap/`+into+`/intruder dry-run failed (Forbidden): configmaps "intruder" is forbidden: `+
			`User "system:serviceaccount:stage:stage" cannot patch resource "configmaps" in API group "" in the namespace "`+into+`"`))
		sync(o).Wait, sync(o).Attempted = true, rev
		return o
	}
	evidence := func() (out []string) {
		var f Findings
		for _, x := range all(&f, w) {
			if x.Rule == "escape" {
				out = append(out, x.Gravity.String()+" "+x.Tenant+": "+x.Evidence)
			}
		}
		return out
	}
	w.put(escape("prod", rev2))
	w.put(escape("prod", rev2)) // a retry is no second attempt
	want := "high stage: d634062 asked for ConfigMap intruder in prod at Nov 22 11:59, and was refused"
	if got := evidence(); len(got) != 1 || got[0] != want {
		t.Errorf("%q", got)
	}
	w.put(escape("stage", rev1)) // rights missing at home are no escape
	if got := evidence(); len(got) != 1 || got[0] != strings.Replace(want, "high", "info", 1)+"; not any more" {
		t.Errorf("given up: %q", got)
	}
	w.put(escape("flux-system", rev1))
	if got := evidence(); len(got) != 2 || !strings.HasPrefix(got[1], "high stage: 41aaea2 asked for ConfigMap intruder in flux-system") {
		t.Errorf("into the platform's: %q", got)
	}
}

func TestRules(t *testing.T) {
	k := Key{Kustomization, "stage", "app"}
	src := Key{GitRepository, "stage", "app"}
	change := func(key Key, f func(*Object)) func(*world) {
		return func(w *world) {
			o := *w.Get(key)
			switch d := o.Detail.(type) {
			case *Sync:
				c := *d
				o.Detail = &c
			case *Source:
				c := *d
				o.Detail = &c
			}
			f(&o)
			w.put(&o)
		}
	}
	put := func(objs ...*Object) func(*world) { return func(w *world) { w.put(objs...) } }
	instance := func(annotations ...Pair) *Object {
		o := obj(FluxInstance, "flux-system", "flux", &Instance{Sync: &InstanceSync{}}, cond("Ready", "True", "ReconciliationSucceeded", ""))
		o.Annotations = annotations
		return o
	}
	own := kust("flux-system", "flux-system", "flux-system")
	sync(own).Inventory = "flux-system_flux_fluxcd.controlplane.io_FluxInstance"
	for name, tc := range map[string]struct {
		do   func(*world)
		want []string
	}{
		"nothing": {func(*world) {}, nil},
		"P1 off":  {put(controller("kustomize-controller"), controller("helm-controller"), controller("notification-controller")), []string{"P1 high platform"}},
		"P2": {func(w *world) {
			put(controller("kustomize-controller"))(w)
			change(k, func(o *Object) { sync(o).ServiceAccount = "" })(w)
		}, []string{"P1 high platform", "P2 high stage app"}},
		"P3, and P4 of it": {change(k, func(o *Object) { sync(o).ServiceAccount = "" }), []string{"P3 info stage app", "P4 high stage app"}},
		"P3b": {func(w *world) {
			put(account("stage", "default"), binding("stage", "all", "edit", subjectIn("stage", "default")))(w)
			change(k, func(o *Object) { sync(o).ServiceAccount = "default" })(w)
		}, []string{"P3b high stage app"}},
		"P4":      {change(k, func(o *Object) { sync(o).ServiceAccount = "ghost" }), []string{"P4 high stage app"}},
		"P5":      {put(binding("stage", "stage", "edit", subjectIn("stage", "other"))), []string{"P5 high stage app"}},
		"P6 here": {put(binding("stage", "stage", "cluster-admin", subjectIn("stage", "stage"))), []string{"P6 medium stage stage"}},
		"P6 everywhere": {put(obj(ClusterRoleBinding, "", "all", &Binding{RoleKind: "ClusterRole", RoleName: "view", Subjects: []Subject{subjectIn("stage", "stage")}})),
			[]string{"P6 critical stage all"}},
		"P7":                   {put(binding("stage", "guest", "view", subjectIn("prod", "prod"))), []string{"P7 high stage guest"}},
		"P7 as a user":         {put(binding("stage", "guest", "view", Subject{Kind: "User", Name: "system:serviceaccount:prod:prod"})), []string{"P7 high stage guest"}},
		"P7 not of a platform": {put(binding("stage", "guest", "view", subjectIn("flux-system", "x"))), nil},
		"P8 source":            {change(k, func(o *Object) { sync(o).SourceRef.Namespace = "prod" }), []string{"P8 high stage app", "P12 info prod app", "P12 info stage app"}},
		"P8 dependency":        {change(k, func(o *Object) { sync(o).DependsOn = []Ref{{"Kustomization", "prod", "app"}} }), []string{"P8 high stage app"}},
		"P9":                   {change(k, func(o *Object) { sync(o).Inventory = "prod_x__ConfigMap\nstage_web_apps_Deployment\n_stage__Namespace" }), []string{"P9 high stage app"}},
		"P10":                  {change(k, func(o *Object) { sync(o).TargetNamespace = "prod" }), []string{"P10 high stage app"}},
		"P11 said": {change(src, func(o *Object) {
			o.Conditions = []Condition{cond("Ready", "False", "AuthenticationFailed", `failed to get secret 'stage/git': secrets "git" not found`)}
		}), []string{"P11 high stage app"}},
		"P11 seen": {change(src, func(o *Object) { o.Detail.(*Source).Secrets = []Pair{{"secretRef", "git"}} }), []string{"P11 high stage app"}},
		"P12": {change(src, func(o *Object) { o.Detail.(*Source).URL = "https://git.example/prod" }),
			[]string{"P12 info prod app", "P12 info stage app"}},
		"P13":          {change(k, func(o *Object) { sync(o).Prune = false }), []string{"P13 low stage app"}},
		"P13 orphan":   {change(k, func(o *Object) { sync(o).DeletionPolicy = "Orphan" }), []string{"P13 info stage app"}},
		"P14":          {change(k, func(o *Object) { sync(o).RemoteCluster, sync(o).ServiceAccount = true, "" }), []string{"P14 info stage app"}},
		"P15":          {change(k, func(o *Object) { sync(o).Force = true }), []string{"P15 medium stage app"}},
		"P16":          {change(k, func(o *Object) { sync(o).Wait = false }), []string{"P16 low stage app"}},
		"P17":          {change(src, func(o *Object) { o.Detail.(*Source).URL = "http://git.example/stage" }), []string{"P17 low stage app"}},
		"P17b":         {change(src, func(o *Object) { o.Detail.(*Source).Verify = false }), []string{"P17b low stage app"}},
		"P18":          {change(src, func(o *Object) { o.Detail.(*Source).Ref = "" }), []string{"P18 low stage app"}},
		"P19":          {put(binding("stage", "old", "view", Subject{Kind: "User", Name: "gotk:stage:reconciler"})), []string{"P19 medium stage old"}},
		"P20":          {func(w *world) { w.put(namespace("stage"), account("stage", "stage")) }, []string{"P20 low stage stage"}},
		"P20 label":    {put(labelled(binding("stage", "stage", "edit", subjectIn("stage", "stage")), LabelTenant, "prod")), []string{"P20 low stage stage"}},
		"P21 overdue":  {change(k, func(o *Object) { suspend(o, AnnotationSuspendUntil, "2026-11-20") }), []string{"P21 medium stage app"}},
		"P21 old":      {change(k, func(o *Object) { suspend(o, AnnotationSuspendedAt, "2026-11-20T00:00:00Z") }), []string{"P21 low stage app"}},
		"P21 of today": {change(k, func(o *Object) { suspend(o, AnnotationSuspendedAt, "2026-11-22T00:00:00Z") }), nil},
		"P23":          {put(instance(), own, git("flux-system", "flux-system", rev1)), []string{"P23 high platform flux"}},
		"P23 guarded":  {put(instance(Pair{annotationPrune, "disabled"}), own, git("flux-system", "flux-system", rev1)), nil},
		"P25":          {change(k, func(o *Object) { o.Labels = Pairs{{LabelShard, "shard1"}} }), []string{"P25 high stage app"}},
		"P25 answered": {func(w *world) {
			put(controller("kustomize-controller-shard1", "--no-cross-namespace-refs=true", "--no-remote-bases=true", "--default-service-account=default",
				"--watch-label-selector=sharding.fluxcd.io/key in (shard1,shard2)"))(w)
			change(k, func(o *Object) { o.Labels = Pairs{{LabelShard, "shard2"}} })(w)
		}, nil},
		"P26":   {put(instance(Pair{annotationPrune, "disabled"}), own, git("flux-system", "flux-system", rev1), kust("flux-system", "stage-app", "flux-system")), []string{"P26 medium platform stage-app"}},
		"lease": {put(lease("source-controller-leader-election", 5*time.Minute)), []string{"lease high platform source-controller"}},
		"refused": {func(w *world) {
			w.Apply(Batch{Scopes: []ScopeStatus{{Kind: RoleBinding, State: ScopeDenied, Verb: "list"}}})
		}, []string{"P5 high platform?", "P6 critical platform?"}},
		"no controllers": {func(w *world) {
			w.drop(Key{Deployment, "flux-system", "kustomize-controller"}, Key{Deployment, "flux-system", "helm-controller"},
				Key{Deployment, "flux-system", "notification-controller"}, Key{Deployment, "flux-system", "source-controller"})
			change(k, func(o *Object) { sync(o).ServiceAccount = "" })(w)
		}, []string{"P1 high platform?", "P2 high platform?"}},
	} {
		w := newWorld(t).put(lockedDown()...).put(posture("stage")...).put(posture("prod")...).synced()
		tc.do(w)
		if got := found(w); !slices.Equal(got, tc.want) {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}

// What is kept between two looks must say what a first look would.
func TestFindingsFollowChanges(t *testing.T) {
	var kept Findings
	w := newWorld(t).put(lockedDown()...).put(posture("stage")...).put(posture("prod")...).synced()
	var seen []Finding
	same := func(step string) {
		t.Helper()
		var fresh, before Findings
		was := seen
		version := kept.version
		changed := kept.Update(w.Store) != version
		a, b := all(&kept, w), all(&fresh, w)
		if !slices.Equal(a, b) {
			t.Errorf("%s: kept %+v, fresh %+v", step, a, b)
		}
		if seen = a; step != "at first" && changed == slices.Equal(was, seen) {
			t.Errorf("%s: changed is %v; before %+v, now %+v", step, changed, was, seen)
		}
		if first := before.Update(w.Store); before.Update(w.Store) != first {
			t.Errorf("%s: nothing happened, and something else is found", step)
		}
	}
	same("at first")
	k := kust("stage", "app", "app")
	w.put(k)
	same("a sync that does not wait")
	w.put(binding("stage", "guest", "view", subjectIn("prod", "prod")))
	same("a guest")
	w.put(namespace("prod", LabelTenant, "stage"), labelled(account("prod", "prod"), LabelTenant, "stage"))
	same("the guest's namespace becomes the tenant's own")
	w.put(controller("kustomize-controller"))
	same("lockdown goes")
	shared := git("prod", "app", rev1)
	shared.Detail.(*Source).URL = "https://git.example/stage"
	w.put(namespace("prod", LabelTenant, "prod"), account("prod", "prod"), shared)
	same("one repository")
	var gone []Key
	for _, o := range posture("prod") {
		gone = append(gone, o.Key)
	}
	w.drop(gone...)
	same("a tenant is gone")
	if len(kept.of) != 1 || len(kept.shared) != 1 {
		t.Errorf("%d tenants and %d paths are kept of one", len(kept.of), len(kept.shared))
	}
	w.pass(48 * time.Hour).put(suspend(kust("stage", "app", "app"), AnnotationSuspendUntil, "2026-11-25"))
	same("suspended")
	w.pass(48 * time.Hour).Tick()
	same("overdue")
	if !slices.ContainsFunc(found(w), func(s string) bool { return s == "P21 medium stage app" }) {
		t.Errorf("nothing is overdue: %q", found(w))
	}
}
