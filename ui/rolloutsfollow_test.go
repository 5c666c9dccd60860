package ui

import (
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

func TestFollow(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.fetch("fluxdemo-stage", uitest.Rev3)
	p.fetch("fluxdemo-prod", uitest.Rev3)
	p.look("fluxdemo-prod")
	p.press("f")
	p.wants("following 7e01c2d")
	if title := p.View().WindowTitle; !strings.HasPrefix(title, "◐ 7e01c2d 0/2") {
		t.Errorf("the title is %q", title)
	}
	p.press("6", "/") // several at once: prod's Kustomization, stage's has its name
	p.typ("ns:fluxdemo-prod")
	p.press("enter", "f")
	p.wants("following 7e01c2d +1")
	for _, ns := range p.tenants {
		p.apply(ns, uitest.Rev3)
		p.pass(time.Second)
	}
	p.pods("fluxdemo-stage", 3, 3, 0)
	p.done("fluxdemo-stage", uitest.Rev3)
	if p.misses("live in 2 of 2"); p.rung != 0 {
		t.Error("it rang before it was live everywhere")
	}
	p.pods("fluxdemo-prod", 3, 3, 0)
	p.done("fluxdemo-prod", uitest.Rev3)
	p.wants("live in 2 of 2", "Kustomization fluxdemo-prod/flux-stage-prod: 7e01c2d live in 1 of 1")
	if p.rung == 0 {
		t.Error("it did not ring")
	}
	p.press("down", "f") // what is followed on is a sync's next commit: again stops it
	p.wants("not following flux-stage-prod any more")
	p.misses("following 7e01c2d")
}

func TestFollowTellsAFailure(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true, NoBell: true})
	p.fetch("fluxdemo-stage", uitest.Rev3)
	p.fetch("fluxdemo-prod", uitest.Rev3)
	p.look("fluxdemo-prod")
	p.press("f")
	p.pass(time.Second)
	p.sync("fluxdemo-stage", func(_ *model.Object, d *model.Sync) { d.Attempted = uitest.Rev3 },
		p.condition("Ready", "False", "BuildFailed", "kustomize build failed: no such file"))
	p.wants("✗ fluxdemo-stage: 7e01c2d failed")
	if p.rung != 0 {
		t.Error("it rang although the bell is off")
	}
	if title := p.View().WindowTitle; !strings.HasPrefix(title, "✗ 7e01c2d") {
		t.Errorf("the title is %q", title)
	}
	p.press("down")
	if title := p.View().WindowTitle; !strings.HasPrefix(title, "tenantry") {
		t.Errorf("after a key the title is %q", title)
	}
}
