package model

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// shop is a repository that stage and prod follow, each with one Deployment
// kcheck, and the moves that controllers make in it.
type shop struct {
	*world
	t       *testing.T
	version int // resourceVersion
	gen     map[string]int64
	image   map[string]string
	written map[string]Unix
	history map[string][]HistoryEntry
	applied map[string]string
	fetched map[string]string
}

var shopTenants = []string{"stage", "prod"}

func revision(n int) string { return fmt.Sprintf("main@sha1:%040x", n+0xabc0) }

func newShop(t *testing.T) *shop {
	h := &shop{world: newWorld(t), t: t, gen: map[string]int64{}, image: map[string]string{}, written: map[string]Unix{},
		history: map[string][]HistoryEntry{}, applied: map[string]string{}, fetched: map[string]string{}}
	for _, ns := range shopTenants {
		h.put(namespace(ns, LabelTenant, ns), account(ns, ns))
		h.gen[ns], h.image[ns], h.written[ns] = 1, "reg/kcheck:0", ago(time.Hour)
		h.history[ns] = []HistoryEntry{{Revision: revision(0), Status: "ReconciliationSucceeded", First: ago(time.Hour), Last: ago(time.Minute), Duration: 1, Total: 30}}
		h.applied[ns], h.fetched[ns] = revision(0), revision(0)
		h.source(ns, revision(0), ago(2*time.Hour))
		h.sync(ns, revision(0), "done")
		h.pods(ns, 2, 2)
	}
	h.synced()
	return h
}

func (h *shop) unix() Unix { return Unix(h.now.Unix()) }

func (h *shop) stamped(o *Object) *Object {
	h.version++
	o.ResourceVersion = fmt.Sprint(h.version)
	return o
}

func (h *shop) source(ns, rev string, at Unix) {
	h.fetched[ns] = rev
	o := git(ns, "shop", rev)
	d := o.Detail.(*Source)
	d.URL, d.Ref, d.Updated = "https://git.example/acme/shop.git", "branch main", at
	if ns == "prod" { // another scheme, the same repository
		d.URL, d.Ref = "ssh://git@git.example/acme/shop", "name refs/heads/main"
	}
	h.put(h.stamped(o))
}

func (h *shop) fetch(ns string, n int) { h.source(ns, revision(n), h.unix()) }

// sync puts the Kustomization into a state: fetching, checks, done, or a
// reason of failure with its message behind a colon.
func (h *shop) sync(ns, rev, state string) {
	o := kust(ns, "shop", "shop")
	d := o.Detail.(*Sync)
	d.Wait = true
	d.Inventory = ns + "_kcheck_apps_Deployment\n" + ns + "_web__Service"
	at := func(c Condition) Condition { c.LastTransition = h.unix(); c.ObservedGeneration = 1; return c }
	reason, message, failed := strings.Cut(state, ": ")
	switch {
	case state == "fetching":
		o.Conditions = []Condition{at(cond("Reconciling", "True", "Progressing", "Fetching manifests for revision "+rev+" with a timeout of 30s")),
			at(cond("Ready", "Unknown", "Progressing", "Reconciliation in progress"))}
	case state == "checks":
		o.Conditions = []Condition{at(cond("Reconciling", "True", "Progressing", "Running health checks for revision "+rev+" with a timeout of 30s")),
			cond("Ready", "Unknown", "Progressing", "Reconciliation in progress")}
		o.Conditions[1].LastTransition, o.Conditions[1].ObservedGeneration = h.unix()-1, 1
		d.Attempted = rev
	case failed:
		o.Conditions = []Condition{at(cond("Reconciling", "True", "ProgressingWithRetry", "Detecting drift for revision "+rev+" with a timeout of 30s")),
			at(cond("Ready", "False", reason, message))}
		d.Attempted = rev
		if reason != "BuildFailed" && reason != "ArtifactFailed" {
			h.remember(ns, rev, reason)
		}
	default:
		o.Conditions = []Condition{at(cond("Ready", "True", "ReconciliationSucceeded", "Applied revision: "+rev))}
		h.applied[ns] = rev
		d.Attempted = rev
		h.remember(ns, rev, "ReconciliationSucceeded")
	}
	d.Applied, d.History = h.applied[ns], h.history[ns]
	if d.Attempted == "" || state == "fetching" {
		d.Attempted = d.Applied
	}
	h.put(h.stamped(o))
}

func (h *shop) remember(ns, rev, status string) {
	list := h.history[ns]
	if len(list) > 0 && list[0].Revision == rev && list[0].Status == status {
		first := list[0]
		first.Last, first.Total = h.unix(), first.Total+1
		h.history[ns] = append([]HistoryEntry{first}, list[1:]...)
		return
	}
	entry := HistoryEntry{Revision: rev, Status: status, First: h.unix(), Last: h.unix(), Duration: 1, Total: 1}
	h.history[ns] = append([]HistoryEntry{entry}, list...)
}

// pods puts the Deployment with so many new and available pods of three.
func (h *shop) pods(ns string, updated, available int32) {
	cs := cond("Progressing", "True", "ReplicaSetUpdated", "")
	if updated == 2 && available == 2 {
		cs = cond("Progressing", "True", "NewReplicaSetAvailable", "")
	}
	cs.LastTransition = h.unix()
	o := deploy(ns, "kcheck", h.gen[ns], h.gen[ns], 2, updated, available, 2, cs)
	d := o.Detail.(*Workload)
	d.Revision, d.ProgressDeadline = h.gen[ns], 600
	d.Containers = []Container{{Name: "kcheck", Image: h.image[ns]}}
	d.Managers = []Manager{{Name: "kustomize-controller", Operation: "Apply", Time: h.written[ns]}}
	labelled(o, LabelKustomizationName, "shop", LabelKustomizationNS, ns)
	h.put(h.stamped(o))
}

// change applies a new image, as Flux does.
func (h *shop) change(ns string, n int) {
	h.gen[ns]++
	h.image[ns], h.written[ns] = fmt.Sprintf("reg/kcheck:%d", n), h.unix()
	h.pods(ns, 0, 2)
}

func (h *shop) chain() *Chain {
	h.t.Helper()
	list := h.Rollouts()
	if len(list) != 1 {
		h.t.Fatalf("%d repositories, want stage's and prod's to be one", len(list))
	}
	return h.Chain(list[0].Repo)
}

func (h *shop) line(ns string, rev string) Line {
	h.t.Helper()
	for _, c := range h.chain().Commits {
		for _, l := range c.Lines {
			if c.Revision == rev && l.Tenant == ns {
				return l
			}
		}
	}
	h.t.Fatalf("no line of %s for %s", ns, rev)
	return Line{}
}

// push takes a commit all the way in both tenants, a second a step.
func (h *shop) push(n int) {
	for _, ns := range shopTenants {
		h.fetch(ns, n)
	}
	h.pass(time.Second)
	for _, ns := range shopTenants {
		h.sync(ns, revision(n), "fetching")
		h.change(ns, n)
	}
	h.pass(time.Second)
	for _, ns := range shopTenants {
		h.sync(ns, revision(n), "checks")
		h.pods(ns, 1, 2)
	}
	h.pass(2 * time.Second)
	for _, ns := range shopTenants {
		h.pods(ns, 2, 2)
		h.sync(ns, revision(n), "done")
	}
	h.pass(time.Second)
}

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

func TestSourceThatCannotFetchBlocks(t *testing.T) {
	h := newShop(t)
	h.fetch("stage", 1)
	o := git("prod", "shop", revision(0), cond("Ready", "False", "AuthenticationFailed", `failed to get secret 'prod/key': secrets "key" not found`))
	o.Detail.(*Source).URL, o.Detail.(*Source).Ref = "ssh://git@git.example/acme/shop", "branch main"
	h.put(h.stamped(o))
	if l := h.line("prod", revision(1)); l.Outcome != OutcomeBlocked || l.At.Kind != GitRepository || l.Cause != "GitRepository shop: secret key is missing" && !strings.Contains(l.Cause, "missing") {
		t.Errorf("%+v", l)
	}
}

func TestSubjectsOutliveTheirEvents(t *testing.T) {
	h := newShop(t)
	h.fetch("stage", 1)
	e := obj(Event, "stage", "shop.1", &EventDetail{Type: "Normal", Reason: "NewArtifact", Revision: revision(1),
		Message: "stored artifact for commit 'Say it's three'", Regarding: Ref{"GitRepository", "stage", "shop"}})
	h.put(e)
	h.drop(e.Key)
	if c := h.chain(); c.Subject != "Say it's three" || c.Commits[0].Subject != c.Subject {
		t.Errorf("subject %q", c.Subject)
	}
	for n := range maxSubjects + 10 {
		h.trails.subjects.put(revision(n+100), "x")
	}
	if n := len(h.trails.subjects.of); n != maxSubjects || h.Subject(revision(1)) != "" {
		t.Errorf("%d subjects kept, the oldest still %q", n, h.Subject(revision(1)))
	}
}

// A look that begins after the fact: what the last hour's events say.
func TestEventsTellOfBefore(t *testing.T) {
	h := newShop(t)
	gitRepo, kustomization := Ref{"GitRepository", "stage", "shop"}, Ref{"Kustomization", "stage", "shop"}
	told := func(name string, about Ref, reason, message string, n int, ago time.Duration) {
		at := Unix(t0.Add(-ago).Unix())
		h.put(obj(Event, "stage", name, &EventDetail{Type: "Normal", Reason: reason, Message: message, Regarding: about, Revision: revision(n), First: at, Last: at}))
	}
	h.source("stage", revision(2), ago(10*time.Minute))
	h.sync("stage", revision(2), "done")
	o := *h.Get(Key{Kustomization, "stage", "shop"})
	d := *sync(&o)
	d.History, o.Detail = nil, &d
	h.put(&o)
	h.trails.fetches.forget(Key{GitRepository, "stage", "shop"}) // as if the session began here
	h.trails.runs.forget(Key{Kustomization, "stage", "shop"})
	rs := obj(ReplicaSet, "stage", "kcheck-a", &Replica{Owner: "kcheck", OwnerUID: "Deploymentstagekcheck", Revision: 4, Images: []string{"x"}})
	rs.Created = ago(29 * time.Minute)
	h.put(rs)
	told("a", gitRepo, "NewArtifact", "stored artifact for commit 'First'", 1, 30*time.Minute)
	told("b", kustomization, "Progressing", "Service/stage/web configured\nDeployment/stage/kcheck configured", 1, 29*time.Minute)
	told("c", kustomization, "ReconciliationSucceeded", "Reconciliation finished in 1s, next run in 5m0s", 1, 28*time.Minute)
	told("d", gitRepo, "NewArtifact", "stored artifact for commit 'Second'", 2, 10*time.Minute)
	told("e", kustomization, "ReconciliationSucceeded", "Reconciliation finished in 1s, next run in 5m0s", 2, 9*time.Minute)
	told("f", kustomization, "ReconciliationSucceeded", "Reconciliation finished in 1s, next run in 5m0s", 2, 4*time.Minute)
	c := h.chain().Commits
	if len(c) < 2 || c[0].Subject != "Second" || c[1].Subject != "First" || c[1].Fetched != (Moment{ago(30 * time.Minute), ProofEvent, true}) {
		t.Fatalf("%+v", c)
	}
	if l := h.line("stage", revision(1)); l.Applied != (Moment{ago(29 * time.Minute), ProofEvent, true}) || l.Newer != revision(2) {
		t.Errorf("the first: %+v", l)
	}
	if l := h.line("stage", revision(2)); l.Applied != (Moment{ago(9 * time.Minute), ProofEvent, true}) || l.Concluded != l.Applied || !l.Live {
		t.Errorf("the second: %+v", l)
	}
	if g := h.generations("stage")[0]; g.Commit != revision(1) || g.AtOrBefore {
		t.Errorf("the generation: %+v", g)
	}
}
