package ui

import (
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// badImage has prod at work on a commit whose image can't be pulled, and its pods
// read; stage has pods of the same name that run.
func (p *promotion) badImage() {
	p.half(uitest.Rev3, "kcheck 1.0.3")
	p.look("fluxdemo-prod")
	p.feed(stuckPods().Batch)
}

func stuckPods() *uitest.Cluster {
	c := (&uitest.Cluster{}).Watch("fluxdemo-prod", model.Pod, model.Event).Watch("fluxdemo-stage", model.Pod, model.Event)
	for _, ns := range []string{"fluxdemo-prod", "fluxdemo-stage"} {
		c.Put(uitest.ReplicaSet(ns, "kcheck", "7c44", 4, "ghcr.io/acme/kcheck:7e01c2d", 1, time.Minute))
	}
	return c.Put(uitest.Pod("fluxdemo-stage", "kcheck", "7c44", "aaaaa"), uitest.Pod("fluxdemo-prod", "kcheck", "7c44", "aaaaa",
		model.PodContainer{Name: "kcheck", State: model.ContainerWaiting, Reason: "ImagePullBackOff", Image: "ghcr.io/acme/kcheck:7e01c2d",
			Message: `Back-off pulling image "ghcr.io/acme/kcheck:7e01c2d"`}))
}

// toTheTop puts the cursor on the first repository's row.
func (p *promotion) toTheTop() {
	p.press("home")
	if !strings.Contains(p.row(), "wolcn/flux-stage-prod") {
		p.Errorf("the cursor is on %q\n%s", p.row(), p.screen())
	}
}

// says: these words stand on the screen, over several lines or not.
func (p *promotion) says(words string) {
	p.Helper()
	if flat := strings.Join(strings.Fields(p.screen()), " "); !strings.Contains(flat, words) {
		p.Errorf("no %q on the screen:\n%s", words, p.screen())
	}
}

// What is called stuck below is counted as stuck above, and x on the repository
// explains the sync that is.
func TestARepositoryStuckAtThePodIsCounted(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.badImage()
	p.wants("0 rolling out  1 stuck", "running 11s, stuck at the pod")
	p.toTheTop()
	p.wants("! 1 of 2 live")
	p.says("stuck at the pod: can't pull ghcr.io/acme/kcheck:7e01c2d")
	p.press("x")
	p.wants("Kustomization flux-stage-prod ▸ Why", "can't pull ghcr.io/acme/kcheck:7e01c2d")
	p.misses("nothing under the cursor")
	if at := p.page().(*whyPage).of; at.key.Namespace != "fluxdemo-prod" {
		t.Errorf("it explains %v", at)
	}
}

// While a fix waits behind a commit that is stuck, it is said what the sync is
// still at work on, and what keeps that.
func TestAFixBehindAStuckCommitSaysWhatItWaitsFor(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.badImage()
	const fix = "main@sha1:03a5b07411aabbccddeeff001122334455667788"
	p.fetch("fluxdemo-prod", fix)
	p.pass(2 * time.Second)
	p.toTheTop()
	const keeps = "the sync still waits for health checks of 7e01c2d: can't pull ghcr.io/acme/kcheck:7e01c2d"
	p.wants("0 rolling out  1 stuck", "03a5b07")
	p.says(keeps)
	p.look("fluxdemo-prod")
	p.says(keeps)
}

// First seen in the middle of a rollout: the controller says that its health
// checks run, so all is applied, though nobody saw since when; the generation and
// its pods are the commit's, and what keeps them is named.
func TestARolloutFirstSeenInItsMiddle(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.fetch("fluxdemo-prod", uitest.Rev3)
	p.pass(time.Second)
	p.apply("fluxdemo-prod", uitest.Rev3)
	p.pods("fluxdemo-prod", 1, 0, 3)
	p.pass(5 * time.Second)
	late := &promotion{tenants: p.tenants}
	c := uitest.NewCluster("prod-eu").Controllers()
	for _, k := range model.Kinds() {
		if k != model.Pod && k != model.Event {
			c.Put(p.store.Objects(k)...)
		}
	}
	late.desk = newDesk(t, 120, 40, Options{Calm: true}, c)
	late.clock.T = p.clock.T
	late.pass(time.Second)
	late.look("fluxdemo-prod")
	prod := late.lineOf("fluxdemo-prod")
	for _, want := range []string{"◐ checks", "kcheck 6", "◐ 0 of 3", "▒░░░"} {
		if !strings.Contains(prod, want) {
			t.Errorf("prod lacks %q: %q\n%s", want, prod, late.screen())
		}
	}
	late.feed(stuckPods().Batch)
	if prod := late.lineOf("fluxdemo-prod"); !strings.Contains(prod, "! stuck") || !strings.Contains(prod, "! can't pull") {
		t.Errorf("its pods: %q\n%s", prod, late.screen())
	}
	late.wants("1 stuck", "stuck at the pod")
}
