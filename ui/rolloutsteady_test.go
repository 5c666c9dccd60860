package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// clockLine is the line of the column heads, with the clock of the newest
// commit.
func (p *promotion) clockLine() string {
	for _, l := range p.lines() {
		if strings.Contains(l, "FETCHED") {
			return strings.TrimRight(l, " ")
		}
	}
	return ""
}

// What came to rest stays on the scale it was drawn on, and its bar ends where
// its number says, whatever its pods do then.
func TestAFinishedRolloutHoldsStill(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.press("2")
	p.through(uitest.Rev2, "three replicas")
	p.pass(3 * time.Minute)
	p.half(uitest.Rev3, "kcheck 1.0.3")
	p.pass(20 * time.Second)
	c := (&uitest.Cluster{}).Watch("fluxdemo-prod", model.Pod, model.Event)
	c.Put(uitest.ReplicaSet("fluxdemo-prod", "kcheck", "7c44", 4, "ghcr.io/acme/kcheck:7e01c2d", 1, time.Minute),
		uitest.Pod("fluxdemo-prod", "kcheck", "7c44", "aaaaa", model.PodContainer{Name: "kcheck", State: model.ContainerWaiting, Reason: "ImagePullBackOff",
			Image: "ghcr.io/acme/kcheck:7e01c2d", Message: `Back-off pulling image "ghcr.io/acme/kcheck:7e01c2d"`}))
	p.feed(c.Batch) // for a while there is a reason to be read beside the bar
	p.pass(time.Second)
	p.wants("rolling out", "can't pull")
	clock := p.clockLine()
	p.pods("fluxdemo-prod", 3, 3, 0)
	p.done("fluxdemo-prod", uitest.Rev3)
	p.wants("✓ live in 2 of 2")
	if got := p.clockLine(); got != clock {
		t.Errorf("at its end the clock is\n%s\nit was\n%s", got, clock)
	}
	line := p.lineOf("fluxdemo-stage")
	p.pass(10 * time.Second)
	p.pods("fluxdemo-stage", 3, 2, 0) // a pod is lost
	p.pass(20 * time.Second)
	p.wants("0 rolling out", "live, pods move")
	if got := p.clockLine(); got != clock {
		t.Errorf("later the clock is\n%s\nit was\n%s", got, clock)
	}
	if got := p.lineOf("fluxdemo-stage"); strings.Count(got, "═") != strings.Count(line, "═") || !strings.Contains(got, "live; kcheck 2 of 3 pods") {
		t.Errorf("the bar grew after its end:\n%s\nit was\n%s", got, line)
	}
}

// What was folded away of one commit is not of the next.
func TestAFoldIsOfItsCommit(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.press("2")
	p.through(uitest.Rev2, "three replicas")
	for !strings.Contains(p.row(), "d634062") {
		p.press("up")
	}
	p.press("left")
	if p.lineOf("fluxdemo-prod") != "" {
		t.Fatalf("it is not folded:\n%s", p.screen())
	}
	p.pass(time.Minute)
	p.half(uitest.Rev3, "kcheck 1.0.3")
	p.pass(5 * time.Second)
	if p.lineOf("fluxdemo-prod") == "" {
		t.Errorf("the next commit is folded too:\n%s", p.screen())
	}
}

// The page shows what is under way, wherever it was opened from.
func TestRolloutsOpensAtWhatIsUnderWay(t *testing.T) {
	c := uitest.NewCluster("prod-eu").Controllers()
	for i := range 40 {
		c.Tenant(fmt.Sprintf("quiet-%02d", i))
	}
	d := newDesk(t, 120, 20, Options{Calm: true}, c)
	o := *d.store.Get(model.Key{Kind: model.GitRepository, Namespace: "quiet-00", Name: "quiet-00"})
	source := *o.Detail.(*model.Source)
	source.Revision, source.Updated = uitest.Rev3, model.Unix(d.clock.T.Unix())
	o.Detail, o.ResourceVersion = &source, "99"
	d.put(&o)
	d.press("2")
	d.wants("1 rolling out", "acme/quiet-00", "7e01c2d")
	d.press("1", "end", "2") // what somebody chose is where the cursor goes
	if line := d.App.cursorLine(); !strings.Contains(line, "quiet-39") {
		t.Errorf("the cursor is on %q", line)
	}
}

// A stuck commit keeps the earlier ones below it.
func TestEarlierStaysWhileStuck(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.press("2")
	p.through(uitest.Rev2, "three replicas")
	p.pass(3 * time.Minute)
	p.half(uitest.Rev3, "kcheck 1.0.3")
	p.wants("earlier")
	p.sync("fluxdemo-prod", func(_ *model.Object, d *model.Sync) { d.Attempted = uitest.Rev3 },
		p.condition("Ready", "False", "HealthCheckFailed", "health check failed after 5m0s: timeout waiting for: [Deployment/fluxdemo-prod/kcheck status: 'InProgress']"))
	for range 10 {
		p.pass(20 * time.Second)
		p.wants("1 stuck", "earlier")
	}
}

// A commit waits for a controller that is gone: its line, the repository and
// the pane name it.
func TestALineNamesTheDeadController(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.press("2")
	p.fetch("fluxdemo-stage", uitest.Rev3)
	for range 8 { // no lease is renewed
		p.desk.pass(10 * time.Second)
	}
	p.look("fluxdemo-prod")
	if l := p.lineOf("fluxdemo-prod"); !strings.Contains(l, "source-controller is not at work") {
		t.Errorf("prod: %q", l)
	}
	if l := p.lineOf("fluxdemo-stage"); !strings.Contains(l, "kustomize-controller is not at") {
		t.Errorf("stage: %q", l)
	}
	p.wants("blocked, source-controller is not at work")
	p.press("home")
	p.wants("It is not asked now: source-controller is not at")
}

func TestTheSaidCauseOfASourceStandsInThePane(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	o := p.object(model.GitRepository, "flux-dev", "flux-dev")
	o.Conditions = []model.Condition{p.condition("Ready", "False", "AuthenticationFailed", `failed to get secret 'flux-dev/git': secrets "git" not found`)}
	p.put(o)
	p.press("2")
	for !strings.Contains(p.row(), "acme/flux-dev") {
		p.press("down")
	}
	p.wants("can't be fetched: GitRepository flux-dev: secret git is missing")
	p.misses("does not answer")
}
