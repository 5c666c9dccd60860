package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// newArtifact is what source-controller says of a commit.
func newArtifact(namespace, revision, subject string) *model.Object {
	return uitest.Object(model.Event, namespace, "e-"+namespace, &model.EventDetail{Type: "Normal", Reason: "NewArtifact",
		Message: "stored artifact for commit '" + subject + "'", Revision: revision,
		Regarding: model.Ref{Kind: "GitRepository", Namespace: namespace, Name: namespace}, Count: 1})
}

// The last change is the commit's own words, where an event told them.
func TestLastChangeIsTheCommitsSubject(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.wants("main changed 2h ago")
	d.put(newArtifact("accounts", uitest.Rev1, "rotate the api key"), newArtifact("docs", uitest.Rev3, "docs 1.0.3"))
	d.pass(time.Second)
	if row := d.line("accounts"); !strings.HasSuffix(row, "rotate the api key") {
		t.Errorf("%q", row)
	}
	if row := d.line("docs"); !strings.HasSuffix(row, "docs 1.0.3") {
		t.Errorf("where it is going: %q", row)
	}
	d.jumpTo("accounts")
	d.wants("It runs 41aaea2 \"rotate the api key\"")
}

// A subject's own quotes are shown as they are.
func TestSubjectsKeepTheirQuotes(t *testing.T) {
	const subject = `Revert "Tidy the manifests"`
	d := newDesk(t, 160, 40, Options{}, uitest.NewCluster("prod-eu").Controllers().PlatformSync().Tenant("accounts"))
	d.put(newArtifact("accounts", uitest.Rev1, subject))
	d.pass(time.Second)
	d.jumpTo("accounts")
	d.wants(`It runs 41aaea2 "` + subject + `"`)
	d.misses(`\"`)
}

func TestPartlySuspendedSaysHowMuch(t *testing.T) {
	c := uitest.Prod()
	stopped := uitest.Sync("crm", "extra", "./extra", uitest.Rev1)
	stopped.Detail.(*model.Sync).Suspend = true
	d := newDesk(t, 120, 40, Options{}, c.Put(stopped))
	if row := d.line("crm"); !strings.Contains(row, "‖ 1 of 2  no reason given") {
		t.Errorf("%q", row)
	}
	if row := d.line("team-x"); strings.Contains(row, " of ") {
		t.Errorf("%q", row) // suspended as a whole but for its source
	}
}

// A suspension keeps what it was.
func TestSuspendedSaysWhatItWas(t *testing.T) {
	broken := uitest.Sync("crm", "crm", "./deploy", uitest.Rev1, uitest.Failing("BuildFailed", "kustomize build failed", time.Hour))
	broken.Detail.(*model.Sync).Suspend = true
	broken.Annotations = model.Pairs{{Name: model.AnnotationSuspendedBy, Value: "ann"}, {Name: model.AnnotationSuspendReason, Value: "database move"},
		{Name: model.AnnotationSuspendUntil, Value: "2026-11-27"}}
	d := newDesk(t, 200, 40, Options{}, uitest.Prod().Put(broken))
	if row := d.line("crm"); !strings.Contains(row, "until Fri, ann: database move; was ✗ Failed") {
		t.Errorf("%q", row)
	}
}

// A whole name typed into the filter is what is meant.
func TestExactNameWins(t *testing.T) {
	c := uitest.Prod()
	c.Tenant("shop-infra-2").Put(uitest.Sync("shop-infra-2", "shop-infra-2", "./x", uitest.Rev1,
		uitest.Condition("Stalled", "True", "BuildFailed", "broken", time.Minute), uitest.Failing("BuildFailed", "broken", time.Minute)))
	d := newDesk(t, 80, 24, Options{}, c)
	d.press("/")
	d.typ("shop-infra")
	if row := d.row(); !strings.HasPrefix(row, "shop-infra ") {
		t.Errorf("the cursor is on %q", row)
	}
	if d.place("shop-infra ") > d.place("shop-infra-2") {
		t.Errorf("it is not the first:\n%s", d.screen())
	}
	d.press("enter", "enter")
	if !strings.Contains(d.lines()[0], "▸ shop-infra ") {
		t.Errorf("enter opened %q", d.lines()[0])
	}
}

// What was seen to be fine is ruled out; what was not looked at is not said.
func TestRuledOut(t *testing.T) {
	c := uitest.Prod()
	timeout := "failed to checkout: dial tcp 203.0.113.7:443: i/o timeout"
	for _, name := range []string{"legacy-a", "legacy-b"} {
		c.Tenant(name).Put(uitest.Git(name, name, "https://git.acme.io/"+name, uitest.Rev1, uitest.Failing("GitOperationFailed", timeout, time.Minute)))
	}
	d := newDesk(t, 160, 40, Options{}, c)
	d.jumpTo("legacy-a")
	d.wants("RULED OUT  source-controller (lease fresh), name lookup, ")
	d.misses("git.acme.io (")
	// Somebody else fetches from the same host, which is what does not answer:
	// that is told as evidence.
	c = &uitest.Cluster{}
	c.Tenant("fine").Put(uitest.Git("fine", "fine", "https://git.acme.io/fine", uitest.Rev1))
	d.feed(c.Batch)
	d.pass(10 * time.Second)
	d.misses("git.acme.io (")
	d.press("x")
	d.wants("1 other fetches from git.acme.io")
	d.press("esc")
	d.jumpTo("billing-prod")
	d.wants("RULED OUT  kustomize-controller (lease fresh), its source (fetched 41aaea2)")
	d.misses("other hosts")
}

// A controller whose lease is old, or can't be read, is not ruled out.
func TestADeadControllerIsNotRuledOut(t *testing.T) {
	c := uitest.Prod()
	c.Put(uitest.Object(model.Lease, "flux-system", "kustomize-controller-leader-election", &model.LeaseDetail{Holder: "x", DurationSeconds: 35,
		RenewedMS: uitest.Start.Add(-time.Hour).UnixMilli()}))
	d := newDesk(t, 160, 40, Options{}, c)
	d.jumpTo("billing-prod")
	d.misses("kustomize-controller (lease fresh)")
}

// line is the line of the screen a tenant stands on.
func (d *desk) line(name string) string {
	d.Helper()
	return strings.TrimRight(d.lines()[3+d.place(name)], " ")
}

// What a ResourceSet applied last is a digest nobody knows: it stands for no
// revision of its row.
func TestNoDigestStandsForARevision(t *testing.T) {
	set := uitest.Object(model.ResourceSet, "flux-system", "tenants", &model.Sync{Applied: "sha256:4565f7a012", Interval: 3600},
		uitest.Failing("BuildFailed", "failed to build resources: template: x", time.Hour))
	d := newDesk(t, 120, 40, Options{}, uitest.NewCluster("prod").Controllers().Tenant("a").Put(set))
	d.wants("ResourceSet tenants")
	if strings.Contains(d.screen(), "4565f7a") {
		t.Error(d.screen())
	}
}

// A workload that somebody changed past Git shows in its tenant's row and pane.
func TestWhatWasChangedByHandShowsInItsRow(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	o := p.object(model.Deployment, "fluxdemo-stage", "kcheck")
	d := *o.Detail.(*model.Workload)
	d.Desired, d.Replicas, d.Updated, d.Available, d.Ready = 4, 4, 4, 4, 4
	d.Managers = append(slices.Clone(d.Managers), model.Manager{Name: "kubectl", Operation: "Update", Subresource: "scale", Time: p.at()})
	o.Detail, o.Generation, o.ObservedGeneration = &d, o.Generation+1, o.Generation+1
	p.put(o)
	for !strings.Contains(p.row(), "fluxdemo-stage") {
		p.press("down")
	}
	if row := p.row(); !strings.Contains(row, "~ kcheck replicas 3→4, by kubectl") {
		t.Errorf("%q", row)
	}
	p.wants("Not from Git: kcheck replicas 3→4, by kubectl.")
	p.apply("fluxdemo-stage", uitest.Rev2) // Flux writes it again
	p.misses("by kubectl")
}
