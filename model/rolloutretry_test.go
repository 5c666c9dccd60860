package model

import (
	"testing"
	"time"
)

// A commit that failed and was tried anew when the next was fetched has failed,
// not only been overtaken.
func TestAFailureThatIsTriedAnewIsNotForgotten(t *testing.T) {
	h := newShop(t)
	h.fetch("stage", 1)
	h.sync("stage", revision(1), "checks")
	h.pass(time.Minute)
	h.sync("stage", revision(1), "HealthCheckFailed: health check failed after 30s: timeout waiting for: [Deployment/stage/kcheck status: 'InProgress']")
	h.pass(time.Minute)
	h.sync("stage", revision(1), "checks") // tried anew
	h.fetch("stage", 2)
	h.sync("stage", revision(2), "fetching")
	l := h.line("stage", revision(1))
	if l.Outcome != OutcomeFailed || !l.Overtaken {
		t.Errorf("%v, overtaken %v", l.Outcome, l.Overtaken)
	}
}
