// Package bars lays the way of a commit out on columns: every tenant's bar on
// one clock, whose zero is the first fetch.
package bars

import (
	"fmt"
	"slices"
)

// Clock lays seconds out on columns. The zero Clock is none.
type Clock struct {
	columns, seconds int // so many columns in so many seconds
}

// scales are the clocks there are, the finest first. They are few, so that a
// bar that grows is drawn anew on a coarser one only seldom.
var scales = []Clock{{4, 1}, {2, 1}, {1, 1}, {1, 2}, {1, 3}, {1, 6}, {1, 12}, {1, 30}, {1, 60}, {1, 120}, {1, 360}, {1, 720},
	{1, 2160}, {1, 8640}, {1, 60480}}

// Fit returns the finest clock that has span seconds within room columns.
func Fit(span, room int) Clock {
	for _, c := range scales {
		if c.Column(span) <= room {
			return c
		}
	}
	return scales[len(scales)-1]
}

// Column is where a second is, counted from zero.
func (c Clock) Column(second int) int {
	if c.seconds == 0 || second <= 0 {
		return 0
	}
	return second / c.seconds * c.columns
}

// Tick is a mark on the clock.
type Tick struct {
	X     int
	Label string
}

// steps are how far ticks may be apart, in seconds.
var steps = []int{1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 2 * 3600, 6 * 3600, 12 * 3600, 86400, 2 * 86400, 7 * 86400, 14 * 86400, 28 * 86400}

// apart is how many columns there are at least between two ticks.
const apart = 10

// Ticks are the marks within room columns, the first at zero; a label never
// reaches beyond.
func (c Clock) Ticks(room int) []Tick {
	if c.seconds == 0 {
		return nil
	}
	step := steps[len(steps)-1]
	if i := slices.IndexFunc(steps, func(s int) bool { return c.Column(s) >= apart }); i >= 0 {
		step = steps[i]
	}
	var out []Tick
	for at := 0; ; at += step {
		t := Tick{c.Column(at), label(at)}
		if t.X+len(t.Label) > room {
			return out
		}
		out = append(out, t)
	}
}

func label(s int) string {
	switch {
	case s == 0 || s%60 != 0:
		return fmt.Sprintf("%ds", s)
	case s%3600 != 0:
		return fmt.Sprintf("%dm", s/60)
	case s%86400 != 0:
		return fmt.Sprintf("%dh", s/3600)
	}
	return fmt.Sprintf("%dd", s/86400)
}

// Way is one tenant's way on the clock, in seconds since zero; a step that has
// not happened, or whose time is not known, is Never.
type Way struct {
	Fetched, Applied int
	// End is where the bar ends: live, failed, or now while it is under way.
	End int
}

// Never stands for a step without a time.
const Never = -1

// Bar is a way in columns: Blank, then Fetched, then Applied ones.
type Bar struct{ Blank, Fetched, Applied int }

// Draw lays a way out. What is longer than room is cut, and so reported.
func (c Clock) Draw(w Way, room int) (b Bar, cut bool) {
	if w.Fetched == Never || w.End == Never || room <= 0 {
		return Bar{}, false
	}
	from, end := c.Column(w.Fetched), c.Column(w.End)
	if cut = end > room; cut {
		end = room
	}
	from = min(from, end)
	applied := end
	if w.Applied != Never {
		applied = min(max(c.Column(w.Applied), from), end)
	}
	return Bar{from, applied - from, end - applied}, cut
}

// Span is how many seconds a clock should show: until the last end. One that
// comes long after the others does not make theirs unreadable: it is left out,
// and its bar cut.
func Span(ends []int, least int) int {
	ends = slices.DeleteFunc(slices.Clone(ends), func(e int) bool { return e == Never })
	if len(ends) == 0 {
		return least
	}
	slices.Sort(ends)
	last := ends[len(ends)-1]
	usual := max(ends[(len(ends)-1)/2], least)
	if last > straggler*usual {
		for last > straggler*usual && len(ends) > 1 {
			ends = ends[:len(ends)-1]
			last = ends[len(ends)-1]
		}
	}
	return max(last, least)
}

// straggler is how many times the usual an end must be to be left out.
const straggler = 8

// Levels are the heights of a sparkline, of 8 each, for values since the
// oldest; what is Never has none (0).
func Levels(values []int) []int {
	top := 0
	for _, v := range values {
		top = max(top, v)
	}
	out := make([]int, len(values))
	for i, v := range values {
		switch {
		case v == Never:
		case top == 0:
			out[i] = 1
		default:
			out[i] = 1 + v*7/top
		}
	}
	return out
}
