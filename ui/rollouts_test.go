package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

func TestAPromotionIsAStaircase(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.press("2")
	p.half(uitest.Rev3, "kcheck 1.0.3")
	p.wants("1 rolling out", "1 of 2 live", "7e01c2d  kcheck 1.0.3", "running 11s", "0s        5s        10s")
	stage, prod := p.lineOf("fluxdemo-stage"), p.lineOf("fluxdemo-prod")
	for _, want := range []string{"02:59:14", "✓ +2s", "kcheck 5→6", "✓ +9s", "███", "────══════════════✓ live"} {
		if !strings.Contains(stage, want) {
			t.Errorf("stage lacks %q: %q", want, stage)
		}
	}
	for _, want := range []string{"✓ +1s", "◐ checks", "kcheck 5→6", "◐ 1 of 3", "█▒░░", "  ────════════════"} {
		if !strings.Contains(prod, want) {
			t.Errorf("prod lacks %q: %q", want, prod)
		}
	}
	p.pods("fluxdemo-prod", 3, 3, 0)
	p.pass(time.Second)
	p.done("fluxdemo-prod", uitest.Rev3)
	p.wants("0 rolling out", "✓ live in 2 of 2, 12s after the first fetch")
	p.pass(50 * time.Second)
	if prod := p.lineOf("fluxdemo-prod"); !strings.Contains(prod, "✓ +12s") {
		t.Errorf("what came to rest is not left to be read: %q\n%s", prod, p.screen())
	}
}

func TestStuckOnesNameTheCauseAtThePod(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.half(uitest.Rev3, "kcheck 1.0.3")
	p.look("fluxdemo-prod")
	wants := fmt.Sprint(p.page().(*rollouts).wants())
	if !strings.Contains(wants, "Pod fluxdemo-prod") && !strings.Contains(wants, "fluxdemo-prod") {
		t.Errorf("the pods of what is looked at are not asked for: %s", wants)
	}
	c := &uitest.Cluster{}
	for _, ns := range p.tenants { // pods of the same name in both
		c.Watch(ns, model.Pod, model.Event)
		c.Put(uitest.ReplicaSet(ns, "kcheck", "7c44", 4, "ghcr.io/acme/kcheck:7e01c2d", 1, time.Minute))
	}
	c.Put(uitest.Pod("fluxdemo-stage", "kcheck", "7c44", "aaaaa"), uitest.Pod("fluxdemo-prod", "kcheck", "7c44", "aaaaa",
		model.PodContainer{Name: "kcheck", Restarts: 3, State: model.ContainerWaiting, Reason: "CrashLoopBackOff",
			Last: &model.Termination{Reason: "Error", ExitCode: 2, Finished: uitest.Ago(0)}}))
	p.feed(c.Batch)
	prod := p.lineOf("fluxdemo-prod")
	if !strings.Contains(prod, "! stuck") || !strings.Contains(prod, "! kcheck crashes") {
		t.Errorf("prod's line: %q\n%s", prod, p.screen())
	}
	if stage := p.lineOf("fluxdemo-stage"); strings.Contains(stage, "stuck") || !strings.Contains(stage, "✓ live") {
		t.Errorf("stage has pods of the same name: %q", stage)
	}
	p.wants("PODS", "█ 1 new, ready", "▒ 1 new, starting", "░ 2 old, still serving", "exit code 2")
}

func TestLinesSayWhatKeepsThem(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.press("2")
	p.pass(10 * time.Second) // the hands rest
	for _, ns := range p.tenants {
		p.fetch(ns, uitest.Rev3)
	}
	p.pass(time.Second)
	p.sync("fluxdemo-stage", func(o *model.Object, d *model.Sync) {
		d.Suspend = true
		o.Annotations = model.Pairs{{Name: model.AnnotationSuspendedBy, Value: "mara"}, {Name: model.AnnotationSuspendReason, Value: "database move"}}
	})
	p.sync("fluxdemo-prod", func(_ *model.Object, d *model.Sync) { d.Attempted = uitest.Rev3 },
		p.condition("Ready", "False", "ReconciliationFailed", `ConfigMap/fluxdemo-stage/intruder dry-run failed (Forbidden): configmaps "intruder" is forbidden: User "system:serviceaccount:fluxdemo-prod:fluxdemo-prod" cannot patch resource "configmaps" in API group "" in the namespace "fluxdemo-stage"`))
	if l := p.lineOf("fluxdemo-stage"); !strings.Contains(l, "‖ suspended") || !strings.Contains(l, "mara: database m") {
		t.Errorf("the suspended one: %q\n%s", l, p.screen())
	}
	if l := p.lineOf("fluxdemo-prod"); !strings.Contains(l, "✗ refused") || !strings.Contains(l, "ConfigMap/fluxdemo-stage/intr") {
		t.Errorf("the refused one: %q\n%s", l, p.screen())
	}
	p.wants("1 stuck", "! 0 of 1 live")
}

// What runs on in a suspended tenant is not green, and neither is what would not
// see a newer commit.
func TestLiveIsNotTheWholeStory(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.press("2")
	p.sync("fluxdemo-stage", func(_ *model.Object, d *model.Sync) { d.Suspend = true })
	p.pass(4 * time.Second)
	p.wants("✓ 41aaea2 live in 2 of 2", "‖ 1")
	p.sync("fluxdemo-prod", func(_ *model.Object, d *model.Sync) { d.Suspend = true })
	p.pass(4 * time.Second)
	p.wants("‖ 41aaea2")
	o := p.object(model.GitRepository, "flux-dev", "flux-dev")
	o.Conditions = []model.Condition{p.condition("Ready", "False", "GitOperationFailed", `failed to checkout and determine revision: unable to clone 'https://github.com/acme/flux-dev': dial tcp: lookup github.com: no such host`)}
	p.put(o)
	p.pass(4 * time.Second)
	for _, l := range p.lines() {
		if strings.Contains(l, "▸ acme/flux-dev") && (!strings.Contains(l, "~ 41aaea2") || !strings.Contains(l, "✗ can't fetch: the host github.com")) {
			t.Errorf("its Git does not answer: %q", l)
		}
	}
}

func TestEarlierCommits(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.press("2")
	p.through(uitest.Rev2, "three replicas")
	p.pass(3 * time.Minute)
	p.half(uitest.Rev3, "kcheck 1.0.3")
	p.wants("usual", "earlier", "d634062  three replicas", "prod ✓ 8s  stage ✓ 6s")
	p.press("end") // the last repository
	p.press("/")
	p.typ("d634062") // an earlier commit is found, and shown
	p.press("enter")
	p.wants("▸ d634062  three replicas")
	p.misses("acme/flux-dev")
	for !strings.Contains(p.row(), "d634062") {
		at := p.row()
		if p.press("down"); p.row() == at {
			t.Fatalf("the cursor does not come to the earlier commit:\n%s", p.screen())
		}
	}
	p.press("enter")
	p.wants("▾ d634062  three replicas", "══✓ was live")
	p.press("left")
	p.wants("▸ d634062")
}

func TestACommitNobodyFetched(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.press("2", "/")
	p.typ("c0ffee1")
	p.wants("No source here has seen c0ffee1", "asks now", "Is it pushed")
	p.press("esc")
	p.misses("c0ffee1")
}

func TestACommitThatChangedNothing(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.press("2")
	p.fetch("fluxdemo-stage", uitest.Rev3)
	p.fetch("fluxdemo-prod", uitest.Rev3)
	p.apply("fluxdemo-prod", uitest.Rev3)
	p.pass(2 * time.Second)
	p.sync("fluxdemo-stage", func(_ *model.Object, d *model.Sync) {
		d.Attempted, d.Applied = uitest.Rev3, uitest.Rev3
		h := d.History[0] // the same content under a new name
		h.Revision, h.Last = uitest.Rev3, p.at()
		d.History = []model.HistoryEntry{h}
	}, p.condition("Ready", "True", "ReconciliationSucceeded", "Applied revision: "+uitest.Rev3))
	p.pass(5 * time.Second)
	if l := p.lineOf("fluxdemo-stage"); !strings.Contains(l, "./stage is the same as at 41aaea2") {
		t.Errorf("%q\n%s", l, p.screen())
	}
}

// What a tenant never had is nothing to compare with: the commit between was
// only the other's.
func TestSameAsWhatItHad(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.press("2")
	p.fetch("fluxdemo-prod", uitest.Rev3)
	p.apply("fluxdemo-prod", uitest.Rev3)
	p.pass(2 * time.Second)
	const rev4 = "main@sha1:4444444444444444444444444444444444444444"
	p.fetch("fluxdemo-prod", rev4)
	p.fetch("fluxdemo-stage", rev4)
	p.pass(2 * time.Second)
	p.sync("fluxdemo-stage", func(_ *model.Object, d *model.Sync) {
		d.Attempted, d.Applied = rev4, rev4
		h := d.History[0]
		h.Revision, h.Last = rev4, p.at()
		d.History = []model.HistoryEntry{h}
	}, p.condition("Ready", "True", "ReconciliationSucceeded", "Applied revision: "+rev4))
	p.pass(5 * time.Second)
	if l := p.lineOf("fluxdemo-stage"); !strings.Contains(l, "./stage is the same as at 41aaea2") {
		t.Errorf("%q\n%s", l, p.screen())
	}
}

// A date that has passed is said to have: its weekday would be read as the next.
func TestRolloutsSayThatASuspensionIsOverdue(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.press("2")
	p.sync("fluxdemo-stage", func(o *model.Object, d *model.Sync) {
		d.Suspend = true
		o.Annotations = model.Pairs{{Name: model.AnnotationSuspendUntil, Value: p.clock.T.Add(-40 * 24 * time.Hour).Format(time.RFC3339)}}
	})
	p.press("down", "right")
	if l := p.lineOf("fluxdemo-stage"); !strings.Contains(l, "overdue 40d") {
		t.Errorf("%q\n%s", l, p.screen())
	}
}

// Zoomed, the page is the repository under the cursor, three lines a tenant.
func TestZoomIsForARoom(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.half(uitest.Rev3, "kcheck 1.0.3")
	p.look("fluxdemo-prod")
	p.press("z")
	p.misses("acme/flux-dev", "? keys", "earlier")
	p.wants("████ ▒▒▒▒ ░░░░ ░░░░", "1 of 2 live", "kcheck 5→6")
	if row := p.row(); !strings.HasPrefix(row, "fluxdemo-prod") {
		t.Errorf("the cursor went to %q", row)
	}
	p.press("up")
	if row := p.row(); !strings.HasPrefix(row, "fluxdemo-stage") && !strings.Contains(row, "7e01c2d") {
		t.Errorf("up goes to %q", row)
	}
	p.press("esc")
	p.wants("acme/flux-dev", "? keys")
}

func TestRolloutsGoToTheTenant(t *testing.T) {
	d := newDesk(t, 160, 40, Options{}, uitest.Prod())
	d.press("/")
	d.typ("fluxdemo-stage")
	d.press("enter", "2")
	if row := d.row(); !strings.Contains(row, "wolcn/flux-stage-prod") {
		t.Errorf("the cursor is on %q, want the tenant's repository", row)
	}
	d.press("right", "down", "down", "down")
	if row := d.row(); !strings.HasPrefix(row, "fluxdemo-stage") {
		t.Fatalf("under the repository there is %q", row)
	}
	d.press("enter")
	d.wants("▸ Rollouts ▸ fluxdemo-stage")
	d.press("esc", "space")
	d.wants("1 marked")
	d.press("esc", "1")
	d.scope = scope{tenants: map[string]bool{"fluxdemo-stage": true}}
	d.press("2")
	d.misses("acme/", "fluxdemo-prod")
	d.wants("wolcn/flux-stage-prod", "fluxdemo-stage")
}

// The key line names no key that would only be refused.
func TestKeyLineNamesWhatWorks(t *testing.T) {
	keys := func(d *desk) string { l := d.lines(); return l[len(l)-1] }
	p := newPromotion(t, 200, 40, Options{Calm: true})
	p.press("2", "end")
	if k := keys(p.desk); !strings.Contains(k, "R fetch") || strings.Contains(k, "s suspend") {
		t.Errorf("on a repository: %q", k)
	}
	p.press("right")
	p.look("fluxdemo-prod")
	if k := keys(p.desk); !strings.Contains(k, "R fetch") || !strings.Contains(k, "s suspend") {
		t.Errorf("on a tenant: %q", k)
	}
	p.press("7")
	if k := keys(p.desk); strings.Contains(k, "reconcile") || strings.Contains(k, "suspend") {
		t.Errorf("on a Deployment: %q", k)
	}
}

// A push to a repository above does not move the row under somebody's hands.
func TestRolloutsHoldStillUnderTheHands(t *testing.T) {
	d := newDesk(t, 120, 40, Options{Calm: true}, uitest.Prod())
	d.clock.Pass(10 * time.Minute)
	d.send(tickMsg{d.clock.T})
	d.press("2", "home")
	p := d.page().(*rollouts)
	var quiet []*listRow
	for _, r := range p.table.Rows() {
		if r.way == nil && !p.isOpen(r) {
			quiet = append(quiet, r)
		}
	}
	if len(quiet) < 3 {
		t.Fatalf("%d repositories are folded", len(quiet))
	}
	p.table.Go(quiet[2].id)
	d.press("down", "up")
	line := func() int {
		return slices.IndexFunc(d.lines(), func(l string) bool { return strings.HasPrefix(l, "▌") })
	}
	before := line()
	above := d.store.Chain(quiet[0].repo.Repo)
	o := *d.store.Get(above.Sources[0])
	src := *o.Detail.(*model.Source)
	src.Revision, src.Updated = uitest.Rev3, model.Unix(d.clock.T.Unix())
	o.Detail = &src
	d.put(&o)
	if at := line(); at != before {
		t.Errorf("the cursor's row went from line %d to %d", before, at)
	}
	for range 5 { // the hands rest
		d.clock.Pass(time.Second)
		d.send(tickMsg{d.clock.T})
	}
	if !slices.ContainsFunc(p.table.Rows(), func(r *listRow) bool { return r.way != nil && r.repo.Repo == above.Repo }) {
		t.Error("what is under way is never unfolded")
	}
}

// A push to thousands unfolds, and derives, no more than screens show.
func TestRolloutsUnfoldWhatAScreenShows(t *testing.T) {
	d := newDesk(t, 120, 40, Options{Calm: true}, uitest.NewCluster("big").Controllers().PlatformSync(), (&uitest.Cluster{}).Many(200))
	d.press("2")
	d.clock.Pass(10 * time.Second) // the hands rest
	d.feed(pushed(d, 200))
	p := d.page().(*rollouts)
	open := 0
	for _, r := range p.table.Rows() {
		if r.way == nil && p.isOpen(r) {
			open++
		}
	}
	if open != mostOpen {
		t.Errorf("%d are unfolded", open)
	}
}
