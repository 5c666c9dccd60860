package model

import (
	"testing"
	"time"
)

// A poll that finds nothing leaves no time. Once the next must have begun, when
// the last was is not known any more: not that it was two intervals ago.
func TestAPollIsNotSaidToBeTheLastForLongerThanAnInterval(t *testing.T) {
	h := newShop(t)
	h.pass(time.Hour)
	h.fetch("stage", 1)
	key := Key{GitRepository, "stage", "shop"}
	for _, step := range []struct {
		after time.Duration
		want  string
	}{{0, "asked 0s ago, every 1m"}, {59 * time.Second, "asked 59s ago, every 1m"}, {65 * time.Second, "asked 65s ago, every 1m"}, {66 * time.Second, "asked every 1m"}, {2 * time.Minute, "asked every 1m"}} {
		h.now = t0.Add(time.Hour + step.after)
		h.Tick()
		asked := h.AskedOf(key)
		if got := asked.Sentence(h.unix()); got != step.want {
			t.Errorf("after %s: %q, want %q", step.after, got, step.want)
		}
		asked = h.chain().Asked
		if got := asked.Sentence(h.unix()); got != step.want {
			t.Errorf("after %s, on the page: %q, want %q", step.after, got, step.want)
		}
	}
}
