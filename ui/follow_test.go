package ui

import (
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// f right after a push, before anybody has fetched it: what was there is said to
// be at its end, and the push is followed.
func TestFollowRightAfterAPush(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.through(uitest.Rev2, "three replicas")
	p.pass(3 * time.Minute)
	p.press("2", "home", "f") // quiet, it is one line
	old := model.ShortRevision(uitest.Rev2)
	p.wants(old+" is live already; following what comes next", "following the next after "+old)
	if p.rung != 0 {
		t.Error("it rang for what was there")
	}
	p.fetch("fluxdemo-stage", uitest.Rev3)
	p.fetch("fluxdemo-prod", uitest.Rev3)
	p.press("down")
	p.wants("following 7e01c2d")
	p.misses("the next after")
	p.press("up")
	for _, ns := range p.tenants {
		p.apply(ns, uitest.Rev3)
		p.pass(time.Second)
		p.pods(ns, 3, 3, 0)
		p.done(ns, uitest.Rev3)
	}
	p.wants("✓ 7e01c2d live in 2 of 2")
	if p.rung == 0 {
		t.Error("it did not ring")
	}
}

// What was told of a commit leaves the screen when another one is the newest.
func TestFollowDropsYesterdaysVerdict(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.fetch("fluxdemo-stage", uitest.Rev2)
	p.fetch("fluxdemo-prod", uitest.Rev2)
	p.look("fluxdemo-prod")
	p.press("f")
	p.pass(time.Second)
	p.sync("fluxdemo-stage", func(_ *model.Object, d *model.Sync) { d.Attempted = uitest.Rev2 },
		p.condition("Ready", "False", "BuildFailed", "kustomize build failed: no such file"))
	told := "✗ fluxdemo-stage: " + model.ShortRevision(uitest.Rev2) + " failed"
	p.wants(told)
	p.pass(time.Second)
	p.wants(told)
	p.fetch("fluxdemo-stage", uitest.Rev3)
	p.misses(told)
	if title := p.View().WindowTitle; !strings.HasPrefix(title, "tenantry") {
		t.Errorf("the title is %q", title)
	}
}
