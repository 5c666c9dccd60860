package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// While health checks run nothing has ended, though every pod may be ready: the
// step has no time before it is over, and keeps the one it gets.
func TestChecksAreNoEnd(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.press("2")
	p.pass(10 * time.Second) // the hands rest
	p.fetch("fluxdemo-stage", uitest.Rev3)
	p.apply("fluxdemo-stage", uitest.Rev3)
	p.pods("fluxdemo-stage", 3, 3, 0)
	for range 5 {
		if l := p.lineOf("fluxdemo-stage"); !strings.Contains(l, "◐ checks") || !strings.Contains(l, "◐ 3 of 3") {
			t.Errorf("while its checks run: %q", l)
		}
		p.pass(time.Second)
	}
	p.look("fluxdemo-stage")
	p.wants("checking; all of it is applied, its health checks run")
	p.done("fluxdemo-stage", uitest.Rev3)
	for range 5 {
		if l := p.lineOf("fluxdemo-stage"); !strings.Contains(l, "✓ +5s      ███") {
			t.Errorf("live: %q", l)
		}
		p.pass(time.Second)
	}
}

// Live in one, and not asked for by the other: that is what is said, and why.
func TestTheCommitSaysWhyTheOthersWait(t *testing.T) {
	for _, size := range sizes[:2] {
		p := newPromotion(t, size[0], size[1], Options{Calm: true})
		p.press("2")
		p.pass(10 * time.Second) // the hands rest
		p.fetch("fluxdemo-stage", uitest.Rev3)
		p.apply("fluxdemo-stage", uitest.Rev3)
		p.pass(2 * time.Second)
		p.pods("fluxdemo-stage", 3, 3, 0)
		p.done("fluxdemo-stage", uitest.Rev3)
		p.pass(2 * time.Second)
		p.wants("○ 1 of 2 live, fluxdemo-prod not fetched yet")
		p.press("home")
		p.wants("is live in 1 of 2, fluxdemo-prod")
		p.look("fluxdemo-prod")
		p.wants("in fluxdemo-prod: not fetched yet; Git ")
	}
}

// A commit that waits for another object is blocked, in its head too.
func TestTheHeadOfABlockedCommit(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.press("2")
	p.pass(10 * time.Second) // the hands rest
	for _, ns := range p.tenants {
		p.fetch(ns, uitest.Rev3)
		p.sync(ns, nil, p.condition("Ready", "False", "DependencyNotReady", "dependency 'infra/base' is not ready"))
	}
	p.pass(2 * time.Second)
	p.wants("» 0 of 2 live", "» 0 of 2 live, 2 blocked")
}

// However late a commit's first line is told, the repository, the commit, its
// lines and what is said of each have it.
func TestASubjectIsToldEverywhere(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.press("2")
	p.pass(10 * time.Second) // the hands rest
	p.fetch("fluxdemo-stage", uitest.Rev3)
	p.pass(time.Second)
	// Told by who fetches it for somebody else, of whom nothing else changed.
	e := uitest.Event(model.Key{Kind: model.GitRepository, Namespace: "elsewhere", Name: "mirror"}, "Normal", "NewArtifact",
		"stored artifact for commit 'kcheck 1.0.3'", "source-controller", 1, 0)
	e.Detail.(*model.EventDetail).Revision = uitest.Rev3
	p.put(e)
	p.press("home")
	p.wants("7e01c2d  kcheck 1.0.3", "NOW   7e01c2d kcheck 1.0.3 of")
	p.press("down")
	p.wants("NOW   7e01c2d kcheck 1.0.3: ")
	p.look("fluxdemo-stage")
	p.wants("WHY   7e01c2d kcheck 1.0.3 in fluxdemo-stage")
}

// What a commit was is not said as if it still were on its way.
func TestAPastCommitIsNotRollingOut(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.press("2")
	p.pass(10 * time.Second) // the hands rest
	p.through(uitest.Rev2, "three replicas")
	p.pass(3 * time.Minute)
	p.half(uitest.Rev3, "kcheck 1.0.3")
	page := p.page().(*rollouts)
	for i := range page.store.Rollouts() {
		chain := page.store.Chain(page.store.Rollouts()[i].Repo)
		if len(chain.Commits) < 2 {
			continue
		}
		for j := range chain.Commits[1].Lines {
			l := &chain.Commits[1].Lines[j]
			if m, _ := page.lineMark(l); m.Word != "Was live" && (m.Word != "Live" || !l.Live) {
				t.Errorf("%s: %s", l.Tenant, m.Word)
			}
		}
	}
}

// One that failed is named beside how many it is live in, and its failure called
// what its line calls it; of the only one that follows it is said for how long.
func TestTheCommitSaysWhereItFailed(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.press("2")
	p.pass(10 * time.Second) // the hands rest
	p.through(uitest.Rev2, "three replicas")
	p.fetch("fluxdemo-stage", uitest.Rev3)
	p.sync("fluxdemo-stage", func(_ *model.Object, d *model.Sync) { d.Attempted = uitest.Rev3 },
		p.condition("Ready", "False", "BuildFailed", "kustomize build failed: no such file"))
	p.pass(2 * time.Second)
	p.wants("! 0 of 2 live, fluxdemo-prod not fetched yet, fluxdemo-stage failed")
	o := p.object(model.Kustomization, "flux-dev", "flux-dev")
	o.Conditions = []model.Condition{p.condition("Ready", "False", "BuildFailed", "kustomize build failed: no such file")}
	p.put(o)
	p.pass(10 * time.Second)
	p.press("end", "right")
	p.wants("✗ failed, fetched 2h ago")
}

// The events that tell of a commit are read of each source, whatever is under
// way: what they tell does not come and go.
func TestTheEventsOfEverySourceAreRead(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.press("2")
	p.pass(10 * time.Second) // the hands rest
	p.through(uitest.Rev2, "three replicas")
	p.press("home")
	wants := p.page().(*rollouts).wants()
	for _, ns := range p.tenants {
		if !slices.Contains(wants, model.Want{Kind: model.Event, Namespace: ns}) {
			t.Errorf("not those of %s: %v", ns, wants)
		}
	}
}
