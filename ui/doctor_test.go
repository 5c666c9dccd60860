package ui

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/doctor"
	"tenantry/ui/uitest"
)

func examine(c *uitest.Cluster) *doctor.Report {
	clock := uitest.NewClock()
	s := model.NewStore(clock.Now)
	s.Apply(c.Batch)
	return doctor.Examine(s)
}

func TestGoldenDoctor(t *testing.T) {
	for name, c := range map[string]*uitest.Cluster{"prod": uitest.Prod(), "healthy": uitest.NewCluster("prod-eu").Controllers().PlatformSync().Tenant("a").Tenant("b"),
		"noflux": noFlux()} {
		for _, ascii := range []bool{false, true} {
			var b bytes.Buffer
			if err := PrintDoctor(&b, examine(c), "text", StatusOptions{ASCII: ascii, Width: 100}); err != nil {
				t.Fatal(err)
			}
			for _, l := range strings.Split(b.String(), "\n") {
				if n := len([]rune(l)); n > 100 {
					t.Errorf("%d columns: %q", n, l)
				}
			}
			suffix := ""
			if ascii {
				suffix = "-ascii"
			}
			uitest.Golden(t, "doctor/"+name+suffix, b.String())
		}
		var b bytes.Buffer
		if err := PrintDoctor(&b, examine(c), "json", StatusOptions{}); err != nil {
			t.Fatal(err)
		}
		uitest.Golden(t, "doctor/"+name+"-json", b.String())
		var back doctor.Report
		if err := json.Unmarshal(b.Bytes(), &back); err != nil || back.SchemaVersion != 1 {
			t.Errorf("%v", err)
		}
	}
}

func noFlux() *uitest.Cluster {
	c := uitest.NewCluster("empty")
	for _, k := range model.Kinds() {
		switch k.Role() {
		case model.RolePlatform, model.RoleSource, model.RoleSync:
			c.Scope(model.ScopeStatus{Kind: k, State: model.ScopeAbsent})
		}
	}
	return c
}

// What starts at one place is said once, with everybody it breaks; a tenant of
// the same object names is not among them.
func TestDoctorSaysACauseOnce(t *testing.T) {
	c := uitest.NewCluster("prod-eu").Controllers().PlatformSync()
	for _, n := range []string{"a", "b", "c"} {
		c.Tenant(n)
	}
	missing := func(ns string) *model.Object {
		o := uitest.Git(ns, ns, "https://ann:hunter2hunter2@github.com/acme/"+ns, uitest.Rev1,
			uitest.Failing("AuthenticationFailed", `failed to get secret '`+ns+`/git': secrets "git" not found`, time.Hour))
		o.Detail.(*model.Source).Secrets = []model.Pair{{Name: "secretRef", Value: "git"}}
		return o
	}
	r := examine(c.Put(missing("a"), missing("b")))
	if r.Verdict != doctor.Unhealthy || r.Broken != 2 || len(r.Causes) != 2 {
		t.Fatalf("%s, %d broken, %+v", r.Verdict, r.Broken, r.Causes)
	}
	for _, cause := range r.Causes {
		if cause.Object.Kind != "Secret" || cause.Object.Name != "git" || len(cause.Breaks) != 1 || cause.Breaks[0] != cause.Object.Namespace {
			t.Errorf("%+v", cause)
		}
	}
	down := uitest.Deployment("flux-system", "source-controller", 1, 0, 0, 0, 0)
	down.Detail.(*model.Workload).Containers[0] = model.Container{Name: "manager", Image: "ghcr.io/fluxcd/source-controller:v1.9.6"}
	c.Put(uitest.Label(down, model.LabelPartOf, "flux"))
	r = examine(c)
	if first := r.Causes[0]; first.Object.Name != "source-controller" {
		t.Errorf("the platform's cause does not stand first: %+v", first)
	}
	var b bytes.Buffer
	_ = printJSON(&b, r)
	if strings.Contains(b.String(), "hunter2") {
		t.Errorf("a password is handed on:\n%s", b.String())
	}
}

// Whom a dead controller holds up is broken by it, though what it runs is Ready.
func TestDoctorCountsWhomACauseHoldsUp(t *testing.T) {
	c := uitest.NewCluster("prod-eu").Controllers().PlatformSync()
	for _, n := range []string{"a", "b", "c"} {
		c.Tenant(n)
	}
	for _, name := range []string{"kustomize-controller", "source-controller"} {
		lease := uitest.Object(model.Lease, "flux-system", name+"-leader-election", &model.LeaseDetail{Holder: name + "-0", DurationSeconds: 35,
			RenewedMS: uitest.Start.Add(-4 * time.Second).UnixMilli()})
		old := uitest.Object(model.Lease, "flux-system", name+"-leader-election", &model.LeaseDetail{Holder: name + "-0", DurationSeconds: 35,
			RenewedMS: uitest.Start.Add(-10 * time.Minute).UnixMilli()})
		r := examine(c.Put(old))
		if strings.Join(r.Causes[0].Breaks, " ") != "platform a b c" || r.Broken != 4 || r.Causes[0].Object.Name != name {
			t.Errorf("%s: %d broken, %+v", name, r.Broken, r.Causes)
		}
		c.Put(lease)
	}
}

// The exit codes are the design's.
func TestDoctorExits(t *testing.T) {
	healthy := uitest.NewCluster("prod-eu").Controllers().PlatformSync().Tenant("a")
	denied := uitest.NewCluster("prod-eu").Controllers().PlatformSync().Tenant("a").Scope(model.ScopeStatus{Kind: model.Kustomization, State: model.ScopeDenied, Verb: "list"})
	now := time.Now().Unix() - uitest.Start.Unix()
	for _, c := range []struct {
		name string
		of   *uitest.Cluster
		want string
	}{{"healthy", healthy, ""}, {"unhealthy", uitest.Prod(), "unhealthy"}, {"denied", denied, "not everything"}} {
		for i := range c.of.Changes { // leases are judged by the present clock
			if l, ok := c.of.Changes[i].Object.Detail.(*model.LeaseDetail); ok {
				fresh := *l
				fresh.RenewedMS += now * 1000
				o := *c.of.Changes[i].Object
				o.Detail = &fresh
				c.of.Changes[i].Object = &o
			}
			fresh := *c.of.Changes[i].Object
			for j := range fresh.Conditions {
				fresh.Conditions[j].LastTransition += model.Unix(now)
			}
			c.of.Changes[i].Object = &fresh
		}
		err := Doctor(t.Context(), uitest.NewSession(c.of.Batch), &bytes.Buffer{}, StatusRun{Format: "text", Limit: 20 * time.Second})
		switch {
		case c.want == "" && err != nil, c.want == "unhealthy" && !errors.Is(err, ErrUnhealthy), c.want == "not everything" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// Ten thousand tenants, every tenth broken, are examined within seconds.
func BenchmarkDoctor(b *testing.B) {
	s := model.NewStore(uitest.NewClock().Now)
	s.Apply(uitest.NewCluster("big").Controllers().PlatformSync().Many(10_000).Batch)
	for b.Loop() {
		if r := doctor.Examine(s); r.Broken != 1000 || r.NotExplained != 500 {
			b.Fatal(fmt.Sprint(r.Broken, r.NotExplained))
		}
	}
}

// Each cause says what it does itself; one of several tenants lasts as long as
// the first of them has been broken, whichever is looked at first.
func TestDoctorSaysOfEachCauseWhatItDoes(t *testing.T) {
	c := uitest.NewCluster("prod-eu").Controllers().PlatformSync().Tenant("a").Tenant("b")
	missing := func(ns string, ago time.Duration) *model.Object {
		return uitest.Sync(ns, ns, "./deploy", uitest.Rev1, uitest.Failing("ReconciliationFailed", `Certificate/x dry-run failed: no matches for kind "Certificate" in version "example.com/v1"`, ago))
	}
	spare := uitest.Git("a", "spare", "https://github.com/acme/spare", uitest.Rev1, uitest.Failing("GitOperationFailed", "unable to clone 'x': authentication required", time.Hour))
	r := examine(c.Put(missing("a", time.Hour), missing("b", 2*time.Hour), spare))
	if len(r.Causes) != 2 {
		t.Fatalf("%+v", r.Causes)
	}
	crd, source := r.Causes[0], r.Causes[1]
	if want := time.Unix(int64(uitest.Ago(2*time.Hour)), 0).UTC().Format(time.RFC3339); len(crd.Breaks) != 2 || crd.Since == nil || *crd.Since != want {
		t.Errorf("want since %s: %+v", want, crd)
	}
	if source.Object.Name != "spare" || source.Effect != "No sync uses it: nothing that runs came from it." {
		t.Errorf("%+v", source)
	}
}

// A server that does not answer, or a platform outside the namespaces that were
// asked for, can't be told about: neither is taken for a broken one.
func TestDoctorDoesNotTakeTheUnreadForBroken(t *testing.T) {
	s := model.NewStore(uitest.NewClock().Now)
	s.Apply(model.Batch{Conn: &model.Connection{State: model.ConnLost}})
	if r := doctor.Examine(s); r.Verdict != doctor.Unknown || strings.Contains(r.Summary(), "Not healthy") {
		t.Errorf("%s: %s, %+v", r.Verdict, r.Summary(), r.Checks)
	}
	c := uitest.NewCluster("prod-eu").Tenant("a")
	var scopes []model.ScopeStatus
	for _, sc := range c.Scopes {
		if sc.Kind.Namespaced() {
			sc.Namespace = "a"
		}
		scopes = append(scopes, sc)
	}
	c.Scopes = scopes
	r := examine(c)
	if r.Verdict != doctor.Healthy || !strings.Contains(r.Summary(), "one tenant; the platform is not in") {
		t.Errorf("%s: %s, %+v", r.Verdict, r.Summary(), r.Checks)
	}
	if r := examine(uitest.NewCluster("prod-eu").Tenant("a")); r.Verdict != doctor.Unhealthy {
		t.Errorf("no controller anywhere is %s", r.Verdict)
	}
}
