package sim

import (
	"slices"
	"testing"
	"time"
)

// A loop on a clock that stands still, with what is due run by hand.
func paced(at *time.Time, speed float64) *Loop {
	l := New(*at, 1)
	l.Start(func() time.Time { return *at }, speed)
	return l
}

func TestSpeedChangesWhatWaits(t *testing.T) {
	now := time.Unix(1000, 0)
	l := paced(&now, 1)
	var ran []string
	l.After(10*time.Second, func() { ran = append(ran, "ten") })
	l.After(60*time.Second, func() { ran = append(ran, "sixty") })
	l.SetSpeed(2)
	l.After(10*time.Second, func() { ran = append(ran, "ten at double speed") })
	if l.Speed() != 2 {
		t.Error(l.Speed())
	}
	now = now.Add(5 * time.Second)
	l.RunUntil(now)
	if want := []string{"ten", "ten at double speed"}; !slices.Equal(ran, want) {
		t.Errorf("after 5s: %q, want %q", ran, want)
	}
	l.SetSpeed(0.5) // 25s were left at double speed: 100s now
	now = now.Add(99 * time.Second)
	l.RunUntil(now)
	if len(ran) != 2 {
		t.Errorf("too early: %q", ran)
	}
	now = now.Add(2 * time.Second)
	l.RunUntil(now)
	if len(ran) != 3 {
		t.Errorf("too late: %q", ran)
	}
	l.SetSpeed(0)
	if l.Speed() != 0.5 {
		t.Error("a speed of 0 stops the world")
	}
}

func TestSkipBringsWhatWaitsCloser(t *testing.T) {
	now := time.Unix(1000, 0)
	l := paced(&now, 1)
	var ran []string
	l.After(8*time.Second, func() { ran = append(ran, "eight") })
	l.After(3*time.Second, func() { ran = append(ran, "three") })
	l.After(30*time.Second, func() { ran = append(ran, "thirty") })
	l.Skip(10 * time.Second)
	l.RunUntil(now)
	if want := []string{"three", "eight"}; !slices.Equal(ran, want) {
		t.Errorf("skipped to %q, want %q", ran, want)
	}
	now = now.Add(20 * time.Second)
	l.RunUntil(now)
	if len(ran) != 3 || !l.Now().Equal(now) {
		t.Errorf("%q at %s: the clock must stay true", ran, l.Now())
	}
}
