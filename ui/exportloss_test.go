package ui

import (
	"fmt"
	"testing"
	"time"
)

// A copy is not emptied step by step either; only a person takes it out, or the
// objects come back. What goes over hours is everyday life.
func TestLossInSteps(t *testing.T) {
	names := func(n int) (out []string) {
		for i := range n {
			out = append(out, fmt.Sprint(i))
		}
		return out
	}
	type step struct {
		after time.Duration // the step before
		there int           // objects in the cluster
		told  bool
	}
	for name, steps := range map[string][]step{
		"at once":        {{0, 20, false}, {time.Second, 2, true}},
		"one by one":     {{0, 20, false}, {time.Second, 15, false}, {time.Second, 11, false}, {time.Second, 8, true}, {time.Second, 0, true}},
		"for good":       {{0, 20, false}, {time.Second, 12, false}, {time.Second, 7, true}, {2 * time.Hour, 7, true}},
		"and back again": {{0, 20, false}, {time.Second, 12, false}, {time.Second, 7, true}, {time.Minute, 20, false}, {time.Minute, 15, false}},
		"over hours":     {{0, 20, false}, {time.Second, 12, false}, {2 * time.Hour, 7, false}, {2 * time.Hour, 4, false}},
		"a few":          {{0, 4, false}, {time.Second, 1, false}},
	} {
		t.Run(name, func(t *testing.T) {
			l, at, folder := leaving{}, time.Unix(1_800_000_000, 0), []string(nil)
			for i, s := range steps {
				at = at.Add(s.after)
				now := map[string]bool{}
				for _, n := range names(s.there) {
					now[n] = true
				}
				gone, of := l.look(folder, now, at)
				if told := gone > 0; told != s.told {
					t.Fatalf("step %d: %d of %d gone, told %v", i, gone, of, told)
				}
				if gone == 0 {
					folder = names(s.there)
				}
			}
		})
	}
}
