package doctor_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/doctor"
	"tenantry/ui/uitest"
)

func examine(c *uitest.Cluster) *doctor.Report {
	s := model.NewStore(uitest.NewClock().Now)
	s.Apply(c.Batch)
	return doctor.Examine(s)
}

func failing(ns, reason, message string, ago time.Duration) *model.Object {
	return uitest.Sync(ns, ns, "./deploy", uitest.Rev1, uitest.Failing(reason, message, ago))
}

func pods(ns string, available, old int32) *model.Object {
	o := uitest.Deployment(ns, "web", 5, 2, 1, available, old)
	o.Conditions = []model.Condition{{Type: "Progressing", Status: "False", Reason: "ProgressDeadlineExceeded", LastTransition: uitest.Ago(time.Hour)}}
	return o
}

// bad is a cluster with causes of every severity; the names run against the
// order, and what breaks many is nothing grave.
func bad() *uitest.Cluster {
	c := uitest.NewCluster("prod-eu").Controllers()
	c.PlatformSync(uitest.Failing("AuthenticationFailed", `failed to get secret 'flux-system/flux-system': secrets "flux-system" not found`, 2*time.Hour))
	c.Put(uitest.Object(model.ServiceAccount, "flux-system", "flux-system", &model.Account{}))
	for _, n := range []string{"a-note", "b-held", "d-stands", "e-stands", "f-stands", "g-newer", "h-older", "y-down", "z-partly"} {
		c.Tenant(n)
	}
	c.Put(uitest.Git("a-note", "spare", "https://git.acme.io/acme/spare", uitest.Rev1, uitest.Failing("GitOperationFailed", "unable to clone 'x': authentication required", time.Minute)))
	held := uitest.Sync("b-held", "b-held", "./deploy", uitest.Rev1)
	held.Deleting, held.Finalizers = uitest.Ago(time.Hour), []string{"example.com/mine"}
	c.Put(held)
	for _, ns := range []string{"d-stands", "e-stands", "f-stands"} {
		c.Put(failing(ns, "ReconciliationFailed", `Certificate/x dry-run failed: no matches for kind "Certificate" in version "example.com/v1"`, time.Hour))
	}
	c.Put(failing("g-newer", "ArtifactFailed", "kustomization path not found: stat /tmp/kustomization-1/deploy: no such file or directory", time.Hour),
		failing("h-older", "ArtifactFailed", "kustomization path not found: stat /tmp/kustomization-1/deploy: no such file or directory", 3*time.Hour))
	return c.Put(pods("y-down", 0, 0), pods("z-partly", 2, 2))
}

func order(r *doctor.Report) string {
	var out []string
	for _, c := range r.Causes {
		out = append(out, c.Severity.String()+" "+strings.Join(c.Breaks, ","))
	}
	return strings.Join(out, "\n")
}

const wantOrder = `critical platform
down y-down
degraded d-stands,e-stands,f-stands
degraded z-partly
degraded g-newer
degraded h-older
warning b-held
note a-note`

// What is gravest comes first, whatever breaks more; then breadth, then what
// began last.
func TestWorstFirst(t *testing.T) {
	if got := order(examine(bad())); got != wantOrder {
		t.Errorf("got\n%s\nwant\n%s", got, wantOrder)
	}
}

// The order does not hang on the one in which objects were read.
func TestOrderIsTheSameEachTime(t *testing.T) {
	for seed := range uint64(20) {
		c := bad()
		last := map[model.Key]model.ObjectChange{}
		for _, ch := range c.Changes {
			last[ch.Key] = ch
		}
		c.Changes = c.Changes[:0]
		for _, ch := range last {
			c.Changes = append(c.Changes, ch)
		}
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(c.Changes), func(i, j int) { c.Changes[i], c.Changes[j] = c.Changes[j], c.Changes[i] })
		if got := order(examine(c)); got != wantOrder {
			t.Fatalf("seed %d:\n%s", seed, got)
		}
	}
}

// A severity is read back from JSON as it was written.
func TestSeverityInJSON(t *testing.T) {
	for s := doctor.Critical; s <= doctor.Note; s++ {
		var back doctor.Severity
		text, _ := s.MarshalText()
		if _ = back.UnmarshalText(text); back != s {
			t.Errorf("%s is read as %s", s, back)
		}
	}
}

// What is held in its deletion stands in the report, with what holds it and
// what to try; what goes right now does not.
func TestWhatDoesNotGoAway(t *testing.T) {
	gone := func(o *model.Object, ago time.Duration) *model.Object {
		o.Deleting = uitest.Ago(ago)
		return o
	}
	space := func(ago time.Duration) *model.Object {
		o := gone(uitest.Namespace("a", "a"), ago)
		o.Detail = &model.NamespaceDetail{Phase: "Terminating"}
		o.Conditions = []model.Condition{{Type: "NamespaceFinalizersRemaining", Status: "True", Reason: "SomeFinalizersRemain",
			Message: "Some content in the namespace has finalizers remaining: example.com/backup in 1 resource instances"}}
		return o
	}
	held := func(ago time.Duration, finalizers ...string) *model.Object {
		o := gone(uitest.Sync("a", "a", "./deploy", uitest.Rev1), ago)
		o.Finalizers = finalizers
		return o
	}
	for _, c := range []struct {
		name  string
		held  *model.Object
		says  string
		tries string // "" = it is not in the report
	}{
		{"namespace", space(time.Hour), "example.com/backup in 1 resource instances", "find what is left in it"},
		{"namespace, just now", space(time.Minute), "", ""},
		{"foreign finalizer", held(time.Hour, "example.com/backup"), "held by finalizer example.com/backup, which is not Flux's", "whoever set the finalizer"},
		{"a foreign one beside Flux's", held(time.Hour, "finalizers.fluxcd.io", "example.com/backup"), "example.com/backup is not Flux's", "logs of kustomize-controller"},
		{"Flux's finalizer", held(time.Hour, "finalizers.fluxcd.io"), "held by finalizer finalizers.fluxcd.io", "logs of kustomize-controller"},
		{"just now", held(10*time.Second, "finalizers.fluxcd.io"), "", ""},
	} {
		r := examine(uitest.NewCluster("prod-eu").Controllers().PlatformSync().Put(uitest.Object(model.ServiceAccount, "flux-system", "flux-system", &model.Account{})).
			Tenant("a").Tenant("b").Put(c.held))
		switch {
		case c.tries == "" && (len(r.Causes) > 0 || r.Verdict != doctor.Healthy):
			t.Errorf("%s: %s %+v", c.name, r.Verdict, r.Causes)
		case c.tries == "":
		case len(r.Causes) != 1 || r.Verdict != doctor.Unhealthy || r.Broken != 1 || strings.Join(r.Causes[0].Breaks, " ") != "a":
			t.Errorf("%s: %s, %d broken, %+v", c.name, r.Verdict, r.Broken, r.Causes)
		default:
			first := r.Causes[0]
			if !strings.Contains(first.Words, c.says) || len(first.Fixes) == 0 || !strings.Contains(first.Fixes[0].Words, c.tries) || first.Since == nil {
				t.Errorf("%s: %+v", c.name, first)
			}
		}
	}
}
