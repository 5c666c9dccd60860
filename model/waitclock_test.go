package model

import (
	"fmt"
	"testing"
	"time"
)

// Whose clock is ahead or behind decides nothing: what came before the waiting
// and what came since is told by when it was seen.
func TestWaitWhateverTheControllersClocks(t *testing.T) {
	const broken, another = "BuildFailed: kustomize build failed: x", "BuildFailed: kustomize build failed: y"
	commit, ready := WaitFor{Tenants: []string{"stage"}, Revision: digits(1)}, WaitFor{Tenants: []string{"stage"}, Ready: true}
	begins := func(h *shop, n int) {
		h.fetch("stage", n)
		h.sync("stage", revision(n), "fetching")
	}
	fails := func(h *shop) {
		begins(h, 1)
		h.pass(2 * time.Second)
		h.sync("stage", revision(1), broken)
		h.pass(2 * time.Second)
	}
	again := func(h *shop) { h.sync("stage", revision(1), "fetching") }
	tried := func(h *shop) { fails(h); again(h) }
	both := func(n ...int) func(*shop) {
		return func(h *shop) {
			for _, n := range n {
				h.push(n)
				h.pass(5 * time.Second)
			}
		}
	}
	sync := func(n int, state string) func(*shop) { return func(h *shop) { h.sync("stage", revision(n), state) } }
	nothing := func(*shop) {}
	for _, c := range []struct {
		name   string
		want   WaitFor
		before func(*shop)
		since  []func(*shop) // a step after each
		state  WaitState
	}{
		{"done", commit, nothing, []func(*shop){both(1)}, WaitDone},
		{"done before", commit, both(1), []func(*shop){nothing}, WaitDone},
		{"done, and overtaken before the next look", commit, nothing, []func(*shop){both(1, 2)}, WaitDone},
		{"overtaken", commit, nothing, []func(*shop){func(h *shop) { h.fetch("stage", 1); h.fetch("stage", 2) }}, WaitOvertaken},
		{"live before, and overtaken", commit, both(1, 2), []func(*shop){nothing}, WaitOvertaken},
		{"failed", commit, nothing, []func(*shop){fails}, WaitFailed},
		{"failed, and tried again before the next look", commit, nothing, []func(*shop){tried}, WaitFailed},
		{"still running", commit, func(h *shop) { begins(h, 1) }, []func(*shop){nothing}, WaitRunning},
		{"failed before", commit, fails, []func(*shop){nothing}, WaitFailed},
		{"failed before, being tried again", commit, tried, []func(*shop){nothing}, WaitRunning},
		{"failed before, tried again in vain", commit, tried, []func(*shop){sync(1, broken)}, WaitFailed},

		{"ready", ready, func(h *shop) { begins(h, 1) }, []func(*shop){both(1)}, WaitDone},
		{"not ready: failed", ready, func(h *shop) { begins(h, 1) }, []func(*shop){sync(1, broken)}, WaitFailed},
		{"not ready: still running", ready, func(h *shop) { begins(h, 1) }, []func(*shop){nothing}, WaitRunning},
		{"not ready: failed before", ready, fails, []func(*shop){nothing}, WaitRunning},
		{"not ready: failed before, tried again in vain", ready, fails, []func(*shop){again, sync(1, broken)}, WaitRunning},
		{"not ready: failed before, and another since", ready, fails, []func(*shop){func(h *shop) { begins(h, 2) }, sync(2, another)}, WaitFailed},
		{"not ready: failed before, and another before the next look", ready, fails, []func(*shop){func(h *shop) { begins(h, 2); h.sync("stage", revision(2), another) }}, WaitFailed},
	} {
		for _, skew := range []Unix{-60, -5, 0, 5, 60} {
			t.Run(fmt.Sprintf("%s/%d", c.name, skew), func(t *testing.T) {
				h := newShop(t)
				h.skew = skew
				h.pass(5 * time.Second)
				c.before(h)
				h.pass(2 * time.Second)
				h.Tick()
				c.want.Since = h.unix()
				w := NewWaiting(c.want)
				r := w.Step(h.Store)
				for _, play := range c.since {
					h.pass(2 * time.Second)
					play(h)
					h.pass(5 * time.Second)
					h.Tick()
					r = w.Step(h.Store)
				}
				if r.State != c.state {
					t.Errorf("%s, want %s: %q, open %q", r.State.Word(), c.state.Word(), r.Cause, r.Open)
				}
			})
		}
	}
}

// A process that was just started has only what statuses tell, by whatever clock.
func TestWaitBegunByAnotherProcess(t *testing.T) {
	fails := func(h *shop) {
		h.fetch("stage", 1)
		h.sync("stage", revision(1), "fetching")
		h.pass(time.Second)
		h.sync("stage", revision(1), "HealthCheckFailed: health check failed after 30s: timeout waiting for: [Deployment/stage/kcheck status: 'InProgress']")
		h.pass(time.Second)
	}
	again := func(h *shop) { fails(h); h.sync("stage", revision(1), "fetching") }
	for _, c := range []struct {
		name   string
		ready  bool
		before func(*shop)
		state  WaitState
	}{
		{"live before, and overtaken", false, func(h *shop) { h.push(1); h.push(2) }, WaitOvertaken},
		{"failed before", false, fails, WaitFailed},
		{"failed before, being tried again", false, again, WaitRunning},
		{"not ready: failed before", true, fails, WaitRunning},
		{"not ready: failed before, being tried again", true, again, WaitRunning},
	} {
		for _, skew := range []Unix{-60, -5, 0, 5, 60} {
			t.Run(fmt.Sprintf("%s/%d", c.name, skew), func(t *testing.T) {
				h := newShop(t)
				h.skew = skew
				c.before(h)
				want := WaitFor{Tenants: []string{"stage"}, Ready: c.ready, Since: h.unix()}
				if !c.ready {
					want.Revision = digits(1)
				}
				s, w := h.anew(), NewWaiting(want)
				r := w.Step(s)
				if r.State == WaitRunning { // the try ends as the one before
					h.pass(5 * time.Second)
					s.Tick()
					if again := w.Step(s); again.State != WaitRunning {
						r = again
					}
				}
				if r.State != c.state {
					t.Errorf("%s, want %s: %q, open %q", r.State.Word(), c.state.Word(), r.Cause, r.Open)
				}
			})
		}
	}
}

// The try that was under way at the first look ends as the one before it, of
// which only status.history told: that is no failure since.
func TestWaitForReadyBegunDuringATry(t *testing.T) {
	for _, skew := range []Unix{-60, 0, 60} {
		h := newShop(t)
		h.skew = skew
		failed := func() {
			h.sync("stage", revision(1), "HealthCheckFailed: health check failed after 30s: timeout waiting for: [Deployment/stage/kcheck status: 'InProgress']")
		}
		h.fetch("stage", 1)
		failed()
		h.pass(time.Minute)
		h.sync("stage", revision(1), "fetching")
		h.Store = h.anew()
		w := NewWaiting(WaitFor{Tenants: []string{"stage"}, Ready: true, Since: h.unix()})
		step := func(want WaitState) {
			t.Helper()
			if r := w.Step(h.Store); r.State != want {
				t.Fatalf("%d: %s, want %s: %q", skew, r.State.Word(), want.Word(), r.Cause)
			}
		}
		step(WaitRunning)
		h.pass(time.Second)
		failed()
		step(WaitRunning)
		h.pass(time.Minute)
		h.fetch("stage", 2)
		h.sync("stage", revision(2), "fetching")
		step(WaitRunning)
		h.pass(time.Second)
		h.sync("stage", revision(2), "BuildFailed: kustomize build failed: y")
		step(WaitFailed)
	}
}

// What was mended and fails again failed since, however it stood at the first
// look.
func TestWaitForReadyOfWhatFailsAnew(t *testing.T) {
	const unhealthy = "HealthCheckFailed: health check failed after 30s: timeout waiting for: [Deployment/stage/kcheck status: 'InProgress']"
	h := newShop(t)
	h.fetch("stage", 1)
	h.sync("stage", revision(1), unhealthy)
	h.pass(time.Minute)
	h.sync("stage", revision(1), "fetching")
	h.fetch("prod", 1)
	h.sync("prod", revision(1), "fetching")
	h.Store = h.anew()
	w := NewWaiting(WaitFor{Tenants: shopTenants, Ready: true, Since: h.unix()})
	for _, c := range []struct {
		state string
		want  WaitState
	}{{"fetching", WaitRunning}, {"done", WaitRunning}, {unhealthy, WaitFailed}} {
		h.sync("stage", revision(1), c.state)
		if r := w.Step(h.Store); r.State != c.want {
			t.Fatalf("%s: %s, want %s: %q", c.state, r.State.Word(), c.want.Word(), r.Cause)
		}
		h.pass(time.Second)
	}
}
