package restore

import (
	"fmt"
	"time"
)

// Report is how it stands.
type Report struct {
	Done, Of int
	// Moved are the lines of progress since the last time.
	Moved []string
	// Failed are those that failed, each with why; Open those still on their
	// way, Held those that wait for one in trouble, and Wants the Secrets waited
	// for.
	Failed, Open, Held []string
	Wants              []string
	// Rests are those that nothing comes to as long as another one is suspended,
	// as it was exported.
	Rests []string
	// Before are those that nothing was to be done for, and that are as broken
	// as they were before.
	Before []string
	// Fell are those that were on their way before, that nothing was to be done
	// for, and that failed since.
	Fell []string
	// Asleep are those somebody had suspended before, which the folder does not
	// say.
	Asleep []string
	// Ended: nothing more is going to happen by itself. Fine: and all is well.
	Ended, Fine bool

	waiting int // objects that wait for Secrets
}

// passed are how many are not ready, and not waited for either.
func (r *Report) passed() int {
	return len(r.Rests) + len(r.Before) + len(r.Fell) + len(r.Asleep)
}

// settle decides whether anything more is going to happen by itself: what is
// held by something that failed or is missing has to stand still for a while,
// because a moment ago it may have been held by what is fine by now.
func (f *Following) settle(r *Report, busy bool, now time.Time) {
	if !busy && len(r.Open)+len(r.Held)+len(r.Failed)+len(r.Wants) == 0 {
		r.Ended, r.Fine = true, r.passed() == 0
		return
	}
	picture := fmt.Sprint(r.Done, len(r.Failed), len(r.Open), len(r.Held), r.Wants)
	if picture != f.last {
		f.last, f.still = picture, now
	}
	r.Ended = !busy && len(r.Failed)+len(r.Wants)+len(r.Before)+len(r.Fell)+len(r.Asleep) > 0 && now.Sub(f.still) >= settledFor
}

// Counts says how many are how.
func (r *Report) Counts() string {
	out := fmt.Sprintf("%d of %d ready", r.Done, r.Of)
	for _, c := range []struct {
		n     int
		words string
	}{
		{len(r.Before), "broken as before"},
		{len(r.Fell), "failed meanwhile"},
		{len(r.Asleep), "suspended as before"},
		{len(r.Failed), "failed"},
		{r.waiting + len(r.Open) + len(r.Held), "waiting"},
		{len(r.Rests), "at rest"},
	} {
		if c.n > 0 {
			out += fmt.Sprintf(", %d %s", c.n, c.words)
		}
	}
	return out
}

// Sentence says it in one line.
func (r *Report) Sentence() string {
	out := fmt.Sprintf("%d of %d ready", r.Done, r.Of)
	if len(r.Wants) > 0 {
		out += "; waits for the Secret " + r.Wants[0]
		if n := len(r.Wants) - 1; n > 0 {
			out += fmt.Sprintf(" and %d more", n)
		}
		return out
	}
	for _, lines := range [][]string{r.Failed, r.Open, r.Held, r.Rests, r.Fell, r.Asleep} {
		if len(lines) > 0 {
			return out + "; " + lines[0]
		}
	}
	return out
}
