package ui

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// shown is how many seconds the marks of the clock tell of.
func (p *promotion) shown() int {
	fields := strings.Fields(p.clockLine())
	last := fields[len(fields)-1]
	n, err := strconv.Atoi(last[:len(last)-1])
	if err != nil {
		p.Fatalf("no clock in %q", p.clockLine())
	}
	if strings.HasSuffix(last, "m") {
		n *= 60
	}
	return n
}

// The scale of what is under way only ever shows more, also when one is far
// behind the others, and it stays as it was when the last of them gets there.
func TestTheClockOnlyGrows(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.press("2")
	p.half(uitest.Rev3, "kcheck 1.0.3")
	most := p.shown()
	for range 40 {
		p.pass(5 * time.Second)
		if at := p.shown(); at < most {
			t.Fatalf("the clock showed %d s and shows %d:\n%s", most, at, p.screen())
		} else {
			most = at
		}
	}
	clock := p.clockLine()
	p.pods("fluxdemo-prod", 3, 3, 0)
	p.pass(time.Second)
	p.done("fluxdemo-prod", uitest.Rev3)
	p.wants("✓ live in 2 of 2")
	for range 3 {
		if got := p.clockLine(); got != clock {
			t.Fatalf("at its end the clock is\n%s\nit was\n%s", got, clock)
		}
		p.pass(20 * time.Second)
	}
}

// Neither a reason to be read nor what is usual, when it comes to be known, lets
// a scale show less than it did.
func TestAScaleIsNotTakenBack(t *testing.T) {
	for name, ends := range map[string][]int{"at rest": {9}, "nothing is known of its end": nil, "it ended later than was seen": {9, 55}} {
		a := &axis{}
		way := wayClock{zero: 100, least: leastSpan, ends: []int{9}, moving: true, told: true, axis: a}
		if got := way.span(140); got != 40 || !way.reasons() {
			t.Errorf("%s: under way it shows %d s", name, got)
		}
		rest := wayClock{zero: 100, least: leastSpan, ends: ends, axis: a}
		want := 40
		if len(ends) == 2 {
			want = 55
		}
		if got := rest.span(500); got != want || !rest.reasons() {
			t.Errorf("%s: it shows %d s", name, got)
		}
		again := wayClock{zero: 300, least: leastSpan, moving: true, axis: a}
		if got := again.span(303); got != leastSpan || again.reasons() {
			t.Errorf("%s: fetched again it shows %d s", name, got)
		}
	}
}

// A commit of before the session is read off what it left behind, some of it
// late: its scale holds still as well.
func TestAReconstructedCommitHoldsStill(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	zero := p.object(model.GitRepository, "fluxdemo-prod", "flux-stage-prod").Detail.(*model.Source).Updated
	for i, ns := range p.tenants {
		p.sync(ns, func(_ *model.Object, d *model.Sync) {
			d.History = []model.HistoryEntry{{Revision: uitest.Rev1, Status: "ReconciliationSucceeded", First: zero + model.Unix(20*(i+1)), Last: zero + model.Unix(20*(i+1)), Duration: 9, Total: 1}}
		})
	}
	p.press("2", "end", "right")
	clock := p.clockLine()
	if p.shown() < 40 {
		t.Fatalf("the clock is %q\n%s", clock, p.screen())
	}
	p.sync("fluxdemo-stage", func(_ *model.Object, d *model.Sync) { d.History = nil }) // the last to get there
	if got := p.clockLine(); got != clock {
		t.Errorf("the clock is\n%s\nit was\n%s", got, clock)
	}
}

// What keeps a line that goes on is read at one place, though its bar grows.
func TestAReasonHoldsStillBesideABar(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.half(uitest.Rev3, "kcheck 1.0.3")
	p.look("fluxdemo-prod")
	c := (&uitest.Cluster{}).Watch("fluxdemo-prod", model.Pod, model.Event)
	c.Put(uitest.ReplicaSet("fluxdemo-prod", "kcheck", "7c44", 4, "ghcr.io/acme/kcheck:7e01c2d", 1, time.Minute),
		uitest.Pod("fluxdemo-prod", "kcheck", "7c44", "aaaaa", model.PodContainer{Name: "kcheck", State: model.ContainerWaiting, Reason: "ImagePullBackOff",
			Image: "ghcr.io/acme/kcheck:7e01c2d", Message: `Back-off pulling image "ghcr.io/acme/kcheck:7e01c2d"`}))
	p.feed(c.Batch)
	p.wants("running 11s, stuck at the pod")
	column := func() int {
		before, _, found := strings.Cut(p.lineOf("fluxdemo-prod"), "! can't pull")
		if !found {
			t.Fatalf("no reason in %q", p.lineOf("fluxdemo-prod"))
		}
		return len([]rune(before))
	}
	was := column()
	for range 40 {
		if p.pass(time.Second); column() != was {
			t.Fatalf("it went from column %d to %d: %q", was, column(), p.lineOf("fluxdemo-prod"))
		}
	}
}

// A clock does not begin with days because the commits before took them.
func TestAUsualOfDaysIsNoScale(t *testing.T) {
	p := newPromotion(t, 120, 40, Options{Calm: true})
	p.press("2")
	p.pass(10 * time.Second) // the hands rest
	p.fetch("fluxdemo-stage", uitest.Rev2)
	p.apply("fluxdemo-stage", uitest.Rev2)
	p.pass(72 * time.Hour)
	p.pods("fluxdemo-stage", 3, 3, 0)
	p.done("fluxdemo-stage", uitest.Rev2)
	p.pass(time.Minute)
	p.fetch("fluxdemo-stage", uitest.Rev3)
	p.apply("fluxdemo-stage", uitest.Rev3)
	p.pass(10 * time.Second)
	p.wants("1 rolling out", "+3d")
	if line := p.clockLine(); !strings.Contains(line, "0s ") || !strings.HasSuffix(line, "m") {
		t.Errorf("the clock is %q\n%s", line, p.screen())
	}
}
