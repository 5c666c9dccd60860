package ui

import (
	"maps"
	"slices"

	"tenantry/model"
	"tenantry/ui/bars"
)

// wayClock is the one clock of a commit's bars.
type wayClock struct {
	zero   model.Unix
	ends   []int // in seconds since zero, of what has come to rest
	least  int
	moving bool
	told   bool  // some bar has more to say than that it ended
	axis   *axis // nil for one that is drawn once
}

// axis is the scale a commit was drawn on. It only ever shows more: what is
// being read does not jump, and what came to rest stays where it was.
type axis struct {
	zero model.Unix
	span int
	told bool
}

// axisOf returns the scale of one of a chain's commits.
func (p *rollouts) axisOf(chain *model.Chain, revision string) *axis {
	axes := p.axes[chain.Repo]
	if axes == nil {
		axes = map[string]*axis{}
		p.axes[chain.Repo] = axes
	}
	if axes[revision] == nil {
		maps.DeleteFunc(axes, func(known string, _ *axis) bool {
			return !slices.ContainsFunc(chain.Commits, func(c model.Commit) bool { return c.Revision == known })
		})
		axes[revision] = &axis{}
	}
	return axes[revision]
}

// span is how many seconds the clock shows by now.
func (c *wayClock) span(now model.Unix) int {
	ends := c.ends
	if c.moving {
		ends = append(ends[:len(ends):len(ends)], int(now-c.zero))
	}
	span := bars.Span(ends, c.least)
	if c.axis == nil {
		return span
	}
	if c.zero > c.axis.zero { // it was fetched again: another way
		*c.axis = axis{zero: c.zero}
	}
	c.axis.span = max(c.axis.span, span)
	return c.axis.span
}

// reasons reports whether there is to be room beside the bars for why they have
// not ended: once there was one, its room stays.
func (c *wayClock) reasons() bool {
	if c.axis == nil {
		return c.told
	}
	c.axis.told = c.axis.told || c.told
	return c.axis.told
}

// leastSpan is what a clock shows at least, in seconds, so that it needs not
// change while the first of it is drawn.
const leastSpan = 12

// mostUsual is how much of it, at most, is shown from the beginning because it is
// usual: no first second is to be looked for on a clock of days.
const mostUsual = 300

// note takes a line's end into account.
func (c *wayClock) note(l *model.Line) {
	if l.Moving() {
		c.moving = true
		return
	}
	if at := endOf(l); at >= c.zero && at != 0 {
		c.ends = append(c.ends, int(at-c.zero))
	}
}

// endOf is when a line came to rest; 0 unknown.
func endOf(l *model.Line) model.Unix {
	if l.LiveAt.Known() {
		return l.LiveAt.At
	}
	last := max(l.Fetched.At, l.Attempted.At, l.Applied.At, l.Concluded.At)
	for i := range l.Moves {
		last = max(last, l.Moves[i].At.At, l.Moves[i].RolledOut.At)
	}
	return last
}

// wayOf is a line's way on its clock.
func (r *listRow) wayOf(now model.Unix) bars.Way {
	l, zero := r.line, r.way.clock.zero
	at := func(m model.Unix) int {
		if m == 0 || zero == 0 || m < zero {
			return bars.Never
		}
		return int(m - zero)
	}
	w := bars.Way{Fetched: at(l.Fetched.At), Applied: at(l.Applied.At), End: at(endOf(l))}
	if l.Moving() {
		w.End = max(at(now), 0)
	}
	return w
}
