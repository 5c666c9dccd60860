package ui

import "testing"

// Who interrupts a restore that has applied all is told how far it got.
func TestInterruptedRestoreSaysHowFar(t *testing.T) {
	for want, c := range map[string]struct {
		r     restorer
		sends int
	}{
		"interrupted with nothing to apply, 6 of 7 ready: the same command again goes on from there":       {restorer{ready: "6 of 7 ready"}, 0},
		"interrupted with 3 of 3 objects applied, 1 of 7 ready: the same command again goes on from there": {restorer{sent: 3, ready: "1 of 7 ready"}, 3},
		"interrupted with 1 of 3 objects applied: the same command again goes on from there":               {restorer{sent: 1}, 3},
	} {
		if got := c.r.interrupted(c.sends); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
