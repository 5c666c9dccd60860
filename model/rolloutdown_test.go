package model

import (
	"strings"
	"testing"
	"time"
)

// renew renews the lease of a controller now.
func (h *shop) renew(name string) {
	o := lease(name+"-leader-election", 0)
	o.Detail.(*LeaseDetail).RenewedMS = h.now.UnixMilli()
	h.put(h.stamped(o))
}

// A commit waits for a controller that is not at work: the line says so, not
// that Git is being asked for ever.
func TestALineNamesTheControllerItWaitsFor(t *testing.T) {
	for _, c := range []struct {
		dead string
		play func(h *shop)
		fine func(h *shop)
	}{
		{"source-controller", func(h *shop) { h.fetch("prod", 1) }, func(h *shop) { h.fetch("stage", 1) }},
		{"kustomize-controller", func(h *shop) { h.fetch("stage", 1) }, func(h *shop) { h.sync("stage", revision(1), "fetching") }},
		{"kustomize-controller", func(h *shop) { h.fetch("stage", 1); h.sync("stage", revision(1), "fetching") }, func(h *shop) { h.sync("stage", revision(1), "done") }},
	} {
		h := newShop(t)
		for _, name := range []string{"source-controller", "kustomize-controller"} {
			h.put(controller(name))
			h.renew(name)
		}
		h.synced()
		c.play(h)
		if l := h.line("stage", revision(1)); l.Outcome == OutcomeBlocked || l.Cause != "" {
			t.Fatalf("%s is at work: %+v", c.dead, l)
		}
		for range 12 { // nothing but time passes for the dead one
			h.passTick(10 * time.Second)
			for _, name := range []string{"source-controller", "kustomize-controller"} {
				if name != c.dead {
					h.renew(name)
				}
			}
		}
		key := Key{Deployment, "flux-system", c.dead}
		l := h.line("stage", revision(1))
		if l.Outcome != OutcomeBlocked || l.At != key || !strings.Contains(l.Cause, c.dead+" is not at work: its lease") {
			t.Errorf("%s is dead: %s, %s %q", c.dead, l.Outcome, l.At, l.Cause)
		}
		asked := h.chain().Asked.Sentence(h.unix())
		if strings.Contains(asked, "not asked: source-controller is not at work") != (c.dead == "source-controller") {
			t.Errorf("%s is dead: %q", c.dead, asked)
		}
		h.renew(c.dead)
		c.fine(h)
		if l := h.line("stage", revision(1)); l.Outcome == OutcomeBlocked || l.Cause != "" {
			t.Errorf("%s is back: %s %q", c.dead, l.Outcome, l.Cause)
		}
	}
}
