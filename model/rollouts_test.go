package model

import (
	"strings"
	"testing"
	"time"
)

func TestCommitGoesLive(t *testing.T) {
	h := newShop(t)
	if c := h.chain(); c.Revision != revision(0) || c.Live != 2 || c.Of != 2 || c.Moving {
		t.Fatalf("at first: %+v", c.Head)
	}
	began := h.unix()
	for i, ns := range shopTenants {
		h.fetch(ns, 1)
		if i == 0 {
			h.pass(time.Second)
		}
	}
	if l := h.line("prod", revision(1)); l.Outcome != OutcomeWaiting || l.Fetched != (Moment{At: began + 1, By: ProofArtifact}) {
		t.Errorf("fetched: %+v", l)
	}
	if c := h.chain(); c.Live != 0 || c.Of != 2 || !c.Moving || c.Commits[0].Fetched.At != began {
		t.Errorf("fetched: %+v", c.Head)
	}
	h.pass(time.Second)
	h.sync("stage", revision(1), "fetching")
	if l := h.line("stage", revision(1)); l.Outcome != OutcomeApplying || l.Attempted != (Moment{At: began + 2, By: ProofCondition}) || l.Applied.Known() {
		t.Errorf("taken up: %+v", l)
	}
	h.change("stage", 1)
	h.pass(time.Second)
	h.sync("stage", revision(1), "checks")
	h.pods("stage", 1, 2)
	l := h.line("stage", revision(1))
	if l.Outcome != OutcomeApplying || l.Applied.At != began+3 || l.Concluded.Known() || len(l.Moves) != 1 {
		t.Fatalf("checked: %+v", l)
	}
	m := l.Moves[0]
	if m.From != 1 || m.To != 2 || m.Updated != 1 || m.Old != 1 || m.Superseded || ChangedWords(m.Changed) != "image 0→1" {
		t.Errorf("the move: %+v", m)
	}
	h.pass(4 * time.Second)
	h.pods("stage", 2, 2)
	h.pass(time.Second)
	h.sync("stage", revision(1), "done")
	l = h.line("stage", revision(1))
	if l.Outcome != OutcomeApplied || !l.Live || l.LiveAt.At != began+8 || l.Concluded.At != began+8 || l.Moves[0].RolledOut != (Moment{At: began + 7, By: ProofCondition}) {
		t.Errorf("live: %+v", l)
	}
	if c := h.chain(); c.Live != 1 || c.Of != 2 || !c.Moving {
		t.Errorf("half way: %+v", c.Head)
	}
	if l := h.line("stage", revision(0)); l.Live || l.LiveAt.Known() && !l.LiveAt.Reconstructed {
		t.Errorf("the commit before: %+v", l)
	}
}

// A sync that does not wait for its workloads says it is done before they are
// and, on another connection, perhaps before their change is seen at all.
func TestNotLiveBeforeItsWorkloadsAre(t *testing.T) {
	h := newShop(t)
	h.fetch("stage", 1)
	h.pass(time.Second)
	h.sync("stage", revision(1), "done")
	if l := h.line("stage", revision(1)); l.Outcome != OutcomeApplied || l.Live || l.LiveAt.Known() {
		t.Fatalf("the Deployment has shown nothing yet: %+v", l)
	}
	h.change("stage", 1)
	h.pass(time.Minute)
	h.Tick()
	if l := h.line("stage", revision(1)); l.Live || len(l.Moves) != 1 {
		t.Fatalf("it rolls out: %+v", l)
	}
	h.pods("stage", 2, 2)
	if l := h.line("stage", revision(1)); !l.Live || l.LiveAt.At != h.unix() {
		t.Fatalf("rolled out: %+v", l)
	}
}

func TestLiveWithoutAnySignAfterAMoment(t *testing.T) {
	h := newShop(t)
	h.fetch("stage", 1)
	h.sync("stage", revision(1), "done") // a ConfigMap, say
	at := h.unix()
	h.pass(watchSlack * time.Second)
	if !h.Tick() {
		t.Fatal("time alone had to be looked at")
	}
	if l := h.line("stage", revision(1)); !l.Live || l.Outcome != OutcomeApplied || l.LiveAt != (Moment{At: at, By: ProofSeen}) || l.Still != 1 {
		t.Errorf("%+v", l)
	}
}

func TestChangedNothing(t *testing.T) {
	h := newShop(t)
	h.fetch("stage", 1)
	h.sync("stage", revision(1), "fetching")
	h.history["stage"][0].Revision = revision(1) // the same content under a new name
	h.pass(time.Second)
	h.sync("stage", revision(1), "done")
	if l := h.line("stage", revision(1)); l.Outcome != OutcomeUnchanged || !l.Live || l.LiveAt.At != h.unix() {
		t.Errorf("%+v", l)
	}
}

// Equal contents share an entry of status.history, however many others came
// between: a commit that goes back to an older content has changed something.
func TestBackToAnOlderContentIsNotUnchanged(t *testing.T) {
	h := newShop(t)
	h.fetch("stage", 1)
	h.sync("stage", revision(1), "fetching")
	h.change("stage", 1)
	h.pass(2 * time.Second)
	h.fetch("stage", 2) // before the first came to an end
	h.sync("stage", revision(2), "fetching")
	h.change("stage", 0)
	h.history["stage"][0].Revision = revision(2)
	h.pass(time.Second)
	h.pods("stage", 2, 2)
	h.sync("stage", revision(2), "done")
	if l := h.line("stage", revision(2)); l.Outcome != OutcomeApplied || !l.Live || len(l.Moves) != 1 {
		t.Errorf("%+v", l)
	}
}

func TestOneTenantRefuses(t *testing.T) {
	h := newShop(t)
	for _, ns := range shopTenants {
		h.fetch(ns, 1)
	}
	h.sync("prod", revision(1), "done")
	h.change("prod", 1)
	h.sync("stage", revision(1), "fetching")
	h.pass(time.Second)
	h.sync("stage", revision(1), `ReconciliationFailed: Deployment/other/x dry-run failed (Forbidden): deployments.apps "x" is forbidden: `+
		`User "system:serviceaccount:stage:stage" cannot patch resource "deployments" in API group "apps" in the namespace "other"`)
	h.pods("prod", 2, 2)
	first := h.unix()
	h.pass(10 * time.Second)
	h.sync("stage", revision(1), "fetching") // a retry
	c := h.chain()
	if c.Live != 1 || c.Of != 2 || !c.Stuck || c.Moving {
		t.Errorf("%+v", c.Head)
	}
	l := h.line("stage", revision(1))
	if l.Outcome != OutcomeRefused || l.Concluded.At != first || !strings.Contains(l.Cause, "not for account stage/stage to write in other") {
		t.Errorf("%+v", l)
	}
}

// The path is checked before lastAttemptedRevision is written (domain §14).
func TestPathGoneFailsForThatVeryCommit(t *testing.T) {
	h := newShop(t)
	h.fetch("stage", 1)
	o := kust("stage", "shop", "shop", cond("Reconciling", "True", "ProgressingWithRetry", "Fetching manifests for revision "+revision(1)+" with a timeout of 30s"),
		cond("Ready", "False", "ArtifactFailed", "kustomization path not found: stat /tmp/kustomization-1/stage: no such file or directory"))
	d := sync(o)
	d.Applied, d.Attempted, d.History = revision(0), revision(0), h.history["stage"]
	h.put(h.stamped(o))
	if l := h.line("stage", revision(1)); l.Outcome != OutcomeFailed || l.Reason != "ArtifactFailed" || l.Cause != "there is no path ./stage in the repository" {
		t.Errorf("%+v", l)
	}
	if l := h.line("stage", revision(0)); l.Outcome != OutcomeApplied {
		t.Errorf("the commit before it: %+v", l)
	}
}

func TestOvertaken(t *testing.T) {
	h := newShop(t)
	h.push(1)
	h.fetch("stage", 2)
	h.sync("stage", revision(2), "fetching")
	h.change("stage", 2)
	h.pass(time.Second)
	h.fetch("stage", 3)
	// It ends what it began before it looks at its source again.
	if l := h.line("stage", revision(2)); l.Outcome != OutcomeApplying || l.OvertakenBy != "" || l.Newer != revision(3) {
		t.Errorf("the second, being applied: %+v", l)
	}
	if c := h.chain().Commits[1]; c.OvertakenBy != "" {
		t.Errorf("the second, being applied, is overtaken by %s", c.OvertakenBy)
	}
	h.sync("stage", revision(3), "fetching")
	l := h.line("stage", revision(2))
	if l.Outcome != OutcomeOvertaken || l.OvertakenBy != revision(3) {
		t.Errorf("the second: %+v", l)
	}
	if l := h.line("stage", revision(1)); l.OvertakenBy != "" || !l.LiveAt.Known() {
		t.Errorf("the first was live: %+v", l)
	}
	if c := h.chain().Commits; c[0].Revision != revision(3) || c[1].OvertakenBy != revision(3) {
		t.Errorf("order: %s %s", c[0].Revision, c[1].OvertakenBy)
	}
	// prod asks later and gets only the third.
	if l := h.line("prod", revision(2)); l.Outcome != OutcomeWaiting || l.Fetched.Known() {
		t.Errorf("prod and the second: %+v", l)
	}
}

// What was applied before this session is not live at the time at which the
// next commit's pods are: the sync still runs that one's health checks.
func TestTheNextCommitsPodsAreNotTheLasts(t *testing.T) {
	h := newShop(t)
	h.fetch("stage", 1)
	h.sync("stage", revision(1), "fetching")
	h.pass(time.Second)
	h.change("stage", 1)
	h.sync("stage", revision(1), "checks")
	h.pass(40 * time.Second)
	h.pods("stage", 2, 2)
	if l := h.line("stage", revision(0)); l.Live || l.LiveAt.Known() && l.LiveAt.At > ago(time.Minute) {
		t.Errorf("the last: %+v", l)
	}
	h.sync("stage", revision(1), "done")
	if l := h.line("stage", revision(1)); !l.Live {
		t.Errorf("the next: %+v", l)
	}
}

// A push back to the old commit is a new way, not the old one's.
func TestRolledBackInGit(t *testing.T) {
	h := newShop(t)
	h.push(1)
	h.push(2)
	h.fetch("stage", 1)
	c := h.chain()
	if c.Revision != revision(1) || c.Live != 0 || c.Commits[0].Live != 0 {
		t.Fatalf("newest: %+v", c.Head)
	}
	if l := h.line("prod", revision(1)); l.Outcome != OutcomeWaiting || l.Fetched.Known() || l.LiveAt.Known() {
		t.Errorf("prod was not told yet, and ran it long ago: %+v", l)
	}
	if l := h.line("stage", revision(1)); l.Outcome != OutcomeWaiting || l.LiveAt.Known() || l.Attempted.Known() {
		t.Errorf("%+v", l)
	}
	h.sync("stage", revision(1), "fetching")
	h.change("stage", 1)
	h.pods("stage", 2, 2)
	h.sync("stage", revision(1), "done")
	if l := h.line("stage", revision(1)); !l.Live || l.LiveAt.At != h.unix() {
		t.Errorf("%+v", l)
	}
}

func TestUsual(t *testing.T) {
	h := newShop(t)
	for n := range 7 {
		h.push(n + 1)
	}
	u := h.chain().Usual
	if u != (Usual{Fetched: 0, Applied: 2, RolledOut: 4, Live: 4, Commits: 5}) {
		t.Errorf("%+v", u)
	}
}

func TestSuspendedKeepsItsLineAndDoesNotCount(t *testing.T) {
	h := newShop(t)
	o := kust("prod", "shop", "shop")
	d := sync(o)
	d.Suspend, d.Applied, d.Attempted = true, revision(0), revision(0)
	o.Annotations = Pairs{{AnnotationSuspendReason, "freeze"}}
	h.put(h.stamped(o))
	h.fetch("stage", 1)
	h.fetch("prod", 1)
	c := h.chain()
	if c.Of != 1 {
		t.Errorf("%+v", c.Head)
	}
	if l := h.line("prod", revision(1)); l.Outcome != OutcomeSuspended || l.Cause != "Kustomization shop is suspended: freeze" {
		t.Errorf("%+v", l)
	}
}
