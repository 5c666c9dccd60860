package model

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"slices"
	"testing"
	"time"
)

func TestWhoseIsANamespace(t *testing.T) {
	w := newWorld(t).synced().put(
		namespace("fluxdemo-dev", LabelTenant, "dev"), namespace("dev-extra", LabelTenant, "dev"),
		namespace("caps", LabelCapsuleTenant, "oil"),
		namespace("tenant-root", "tenant.cozystack.io/tenant-root", ""),
		namespace("generated", LabelResourceSetName, "apps", LabelResourceSetNS, "flux-system"),
		namespace("bylabel"), labelled(account("bylabel", "x"), LabelTenant, "viaaccount"),
		namespace("implicit"), git("implicit", "g", rev1),
		namespace("kube-system"), deploy("kube-system", "coredns", 1, 1, 1, 1, 1, 1),
		namespace("flux-system", LabelTenant, "not-a-tenant"), controller("source-controller"), git("flux-system", "flux-system", rev1),
	)
	want := map[string][]string{
		"dev": {"dev-extra", "fluxdemo-dev"}, "oil": {"caps"}, "tenant-root": {"tenant-root"},
		"generated": {"generated"}, "viaaccount": {"bylabel"}, "implicit": {"implicit"},
	}
	for _, tn := range w.Tenants() {
		if !slices.Equal(want[tn.Name], tn.Namespaces) {
			t.Errorf("%s has %v, want %v", tn.Name, tn.Namespaces, want[tn.Name])
		}
		if len(tn.Evidence) == 0 {
			t.Errorf("%s without evidence", tn.Name)
		}
		delete(want, tn.Name)
	}
	if len(want) > 0 {
		t.Errorf("not found: %v", want)
	}
	p := w.Platform().Row
	if len(p.Sources) != 1 || len(p.Workloads) != 2 {
		t.Errorf("the platform's row has %d sources, %d workloads; want flux-system's and what is nobody's", len(p.Sources), len(p.Workloads))
	}
	// A label that moves takes the namespace along.
	w.put(namespace("fluxdemo-dev", LabelTenant, "qa"))
	if tn := w.Tenant("qa"); tn == nil || !slices.Equal(tn.Namespaces, []string{"fluxdemo-dev"}) {
		t.Errorf("relabelled: %+v", tn)
	}
	w.drop(Key{Namespace, "", "fluxdemo-dev"})
	if w.Tenant("qa") != nil {
		t.Error("a tenant without namespace or objects is still a row")
	}
}

func TestTenantTakesTheWorstAndNamesIt(t *testing.T) {
	w := newWorld(t).synced().put(namespace("a", LabelTenant, "a"), account("a", "a"), git("a", "g", rev1), kust("a", "fine", "g"),
		deploy("a", "web", 3, 3, 2, 2, 2, 2))
	if tn := w.Tenant("a"); tn.Health != Ready || tn.Message != "runs 41aaea2" || tn.Cause != nil {
		t.Errorf("healthy: %+v", tn)
	}
	w.put(kust("a", "bad", "g", cond("Ready", "False", "ArtifactFailed", "kustomization path not found: stat /tmp/kustomization-1/prod2: no such file")))
	tn := w.Tenant("a")
	if tn.Health != Failed || tn.Cause == nil || tn.Cause.Name != "bad" || tn.Message != "Kustomization bad: there is no path ./prod2 in the repository" {
		t.Errorf("broken: %s %q %+v", tn.Health, tn.Message, tn.Cause)
	}
	if tn.Chain[LinkSource].Health != Ready || tn.Chain[LinkSync].Health != Failed || tn.Chain[LinkWorkloads].Health != Ready {
		t.Errorf("chain: %+v", tn.Chain)
	}
	// The account a sync names is part of access.
	sa := kust("a", "ghostly", "g")
	sync(sa).ServiceAccount = "ghost"
	if tn := w.put(sa).Tenant("a"); tn.Chain[LinkAccess].Health != Failed {
		t.Errorf("missing account: %+v", tn.Chain[LinkAccess])
	}
}

func TestPartlySuspendedAndOverdue(t *testing.T) {
	k := kust("a", "k", "g")
	sync(k).Suspend = true
	k.Annotations = Pairs{{AnnotationSuspendUntil, "2026-11-20"}, {AnnotationSuspendReason, "database move"}}
	w := newWorld(t).synced().put(namespace("a", LabelTenant, "a"), account("a", "a"), git("a", "g", rev1), k)
	tn := w.Tenant("a")
	if tn.Health != Suspended || tn.Suspended != (SuspendedCount{1, 2}) || !tn.Overdue || tn.Message != "Kustomization k is suspended: database move" {
		t.Errorf("%+v", tn)
	}
}

func TestNothingIsSaidBeforeItIsRead(t *testing.T) {
	if p := newWorld(t).Platform().Row; !p.Reading || p.Health != Pending {
		t.Errorf("before anything was read: %+v", p)
	}
	w := newWorld(t).synced().put(namespace("a", LabelTenant, "a"), git("a", "g", rev1))
	w.Apply(Batch{Scopes: []ScopeStatus{{Kind: Kustomization, State: ScopeSyncing}}})
	if tn := w.Tenant("a"); !tn.Reading || tn.Health != Pending || w.Complete() {
		t.Errorf("%+v complete=%v", tn, w.Complete())
	}
	if read, total := w.Progress(); read != total-1 {
		t.Errorf("progress %d of %d", read, total)
	}
}

func TestTenantUserSeesRefusalsNotFaults(t *testing.T) {
	w := newWorld(t)
	b := Batch{Conn: &Connection{Namespaces: []string{"a"}}}
	for _, k := range Kinds() {
		st := ScopeStatus{Kind: k, Namespace: "a", State: ScopeSynced}
		switch k {
		case FluxInstance, ServiceAccount, RoleBinding:
			st.State, st.Verb = ScopeDenied, "list"
		case Namespace, ClusterRoleBinding:
			st.Namespace, st.State, st.Verb = "", ScopeDenied, "list"
		}
		b.Scopes = append(b.Scopes, st)
	}
	w.Apply(b)
	w.put(git("a", "g", rev1), kust("a", "k", "g"))
	tn := w.Tenant("a")
	if tn.Health != Ready || !tn.Chain[LinkAccess].Denied {
		t.Errorf("%s %+v", tn.Health, tn.Chain[LinkAccess])
	}
	if p := w.Platform().Row; !p.Denied || p.Health.Unhealthy() {
		t.Errorf("platform: %+v", p)
	}
	r := Report(w.Store)
	if r.Platform.Sources != nil || r.Platform.Lockdown.Enabled != nil {
		t.Errorf("what is refused must be null: %+v", r.Platform)
	}
}

func TestWorkloadElsewhereBelongsToItsSync(t *testing.T) {
	far := labelled(deploy("apps", "web", 1, 1, 1, 1, 1, 1), LabelKustomizationName, "k", LabelKustomizationNS, "a")
	w := newWorld(t).synced().put(far, namespace("apps"))
	if got := w.TenantOf(far.Key); got != PlatformKey {
		t.Errorf("a label without its sync proves nothing: %s", got)
	}
	w.put(namespace("a", LabelTenant, "team"), git("a", "g", rev1), kust("a", "k", "g"))
	if tn := w.Tenant("team"); len(tn.Workloads) != 1 || w.TenantOf(far.Key) != "team" || len(w.Platform().Row.Workloads) != 0 {
		t.Errorf("%v in %s", tn.Workloads, w.TenantOf(far.Key))
	}
}

// Whatever happens in whatever order, every object is in exactly one row, and
// the rows equal those of a store that saw only the end.
func TestEveryObjectIsInExactlyOneRow(t *testing.T) {
	for seed := int64(0); seed < 30; seed++ {
		rng := rand.New(rand.NewSource(seed))
		w := newWorld(t).synced()
		live := map[Key]*Object{}
		for step := 0; step < 400; step++ {
			o := randomObject(rng)
			if rng.Intn(4) == 0 {
				w.drop(o.Key)
				delete(live, o.Key)
			} else {
				w.put(o)
				live[o.Key] = o
			}
			if rng.Intn(10) == 0 {
				w.Tenants()
				w.Platform()
			}
		}
		fresh := newWorld(t).synced()
		for _, o := range live {
			fresh.put(o)
		}
		a, b := Report(w.Store), Report(fresh.Store)
		ja, _ := json.Marshal(a)
		jb, _ := json.Marshal(b)
		if string(ja) != string(jb) {
			t.Fatalf("seed %d: a store that watched differs from one that listed\n%s\n%s", seed, ja, jb)
		}
		count := map[string]int{}
		tally := func(lists ...[]ObjectReport) {
			for _, l := range lists {
				for _, o := range l {
					count[o.Kind+o.Namespace+o.Name]++
				}
			}
		}
		tally(a.Platform.Sources, a.Platform.Syncs, a.Platform.Workloads)
		for _, tn := range a.Tenants {
			tally(tn.Sources, tn.Syncs, tn.Workloads)
		}
		for k := range live {
			switch k.Kind.Role() {
			case RoleSource, RoleSync, RoleWorkload:
				if n := count[k.Kind.String()+k.Namespace+k.Name]; n != 1 {
					t.Fatalf("seed %d: %s stands in %d rows", seed, k, n)
				}
			}
		}
	}
}

func randomObject(rng *rand.Rand) *Object {
	ns := fmt.Sprintf("ns%d", rng.Intn(4))
	name := fmt.Sprintf("o%d", rng.Intn(2))
	switch rng.Intn(7) {
	case 0:
		return namespace(ns, LabelTenant, []string{"", "x", "y"}[rng.Intn(3)])
	case 1:
		return labelled(account(ns, name), LabelTenant, []string{"", "x", "z"}[rng.Intn(3)])
	case 2:
		return git(ns, name, []string{rev1, rev2, ""}[rng.Intn(3)])
	case 3:
		k := kust(ns, name, "o0")
		sync(k).SourceRef.Namespace = fmt.Sprintf("ns%d", rng.Intn(4))
		return k
	case 4:
		return labelled(deploy(ns, name, 1, 1, 1, 1, int32(rng.Intn(2)), 1), LabelKustomizationName, "o0", LabelKustomizationNS, fmt.Sprintf("ns%d", rng.Intn(4)))
	case 5:
		o := controller("source-controller")
		o.Namespace = ns
		return o
	}
	return obj(FluxInstance, ns, "flux", &Instance{}, cond("Ready", "True", "ok", ""))
}

func TestHealthCheckNamesTheWorkload(t *testing.T) {
	k := kust("a", "k", "g", cond("Ready", "False", "HealthCheckFailed", "health check failed after 23.7ms: failed early due to stalled resources: [Deployment/a/slow status: 'Failed']"))
	slow := deploy("a", "slow", 1, 1, 1, 1, 0, 1, cond("Progressing", "False", "ProgressDeadlineExceeded", "x"))
	w := newWorld(t).synced().put(namespace("a", LabelTenant, "a"), account("a", "a"), git("a", "g", rev1), k, slow)
	if v := w.Verdict(k.Key); v.Cause == nil || v.Cause.Ref() != (Ref{"Deployment", "a", "slow"}) {
		t.Errorf("%+v", v.Cause)
	}
	if got, want := w.Tenant("a").Message, "Kustomization k: Deployment slow does not come up: rollout exceeded its progress deadline; 0 of 1 pods available"; got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// What is not there breaks a tenant though every object left looks fine.
func TestWhatIsGoneIsNamed(t *testing.T) {
	applied := func() *Object {
		k := kust("a", "k", "g")
		sync(k).Inventory = "a_web_apps_Deployment\na_web__Service\na_db_apps_StatefulSet"
		return k
	}
	w := newWorld(t).synced().put(namespace("a", LabelTenant, "a"), account("a", "a"), git("a", "g", rev1), applied(),
		deploy("a", "web", 1, 1, 1, 1, 1, 1), obj(StatefulSet, "a", "db", &Workload{}))
	if tn := w.Tenant("a"); tn.Health != Ready {
		t.Fatalf("all there: %s %s", tn.Health, tn.Message)
	}
	w.drop(Key{StatefulSet, "a", "db"})
	if tn := w.Tenant("a"); tn.Health != Failed || tn.Cause == nil || tn.Cause.Name != "db" || tn.Chain[LinkWorkloads].Health != Failed {
		t.Errorf("workload gone: %s %q %+v", tn.Health, tn.Message, tn.Cause)
	}
	w.put(obj(StatefulSet, "a", "db", &Workload{})).drop(Key{ServiceAccount, "a", "a"})
	if tn := w.Tenant("a"); tn.Health != Failed || tn.Cause == nil || tn.Cause.Kind != "ServiceAccount" || tn.Message != "Kustomization k: serviceAccount a is missing" {
		t.Errorf("account gone: %s %q %+v", tn.Health, tn.Message, tn.Cause)
	}
	w.Apply(Batch{Scopes: []ScopeStatus{{Kind: ServiceAccount, State: ScopeDenied}}})
	if tn := w.Tenant("a"); tn.Health != Ready {
		t.Errorf("what can't be read is not gone: %s %q", tn.Health, tn.Message)
	}
}

func TestFetchedAndNotApplied(t *testing.T) {
	w := newWorld(t).synced().put(namespace("a", LabelTenant, "a"), account("a", "a"), kust("a", "k", "g"))
	next := git("a", "g", rev2)
	next.Detail.(*Source).Updated = Unix(w.now.Unix())
	if tn := w.put(next).Tenant("a"); tn.Chain[LinkSync].RunsOn {
		t.Error("a fetch just now is no old revision yet")
	}
	w.pass(15 * time.Second)
	w.Tick()
	tn := w.Tenant("a")
	if !tn.Chain[LinkSync].RunsOn || tn.Message != "runs 41aaea2; d634062 is fetched and not applied" {
		t.Errorf("%q %+v", tn.Message, tn.Chain[LinkSync])
	}
}
