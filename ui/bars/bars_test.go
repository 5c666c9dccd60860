package bars

import (
	"math/rand/v2"
	"testing"
)

func TestBarsOfAPromotion(t *testing.T) {
	c := Fit(15, 32)
	if c != (Clock{2, 1}) {
		t.Fatalf("15 s in 32 columns: %v", c)
	}
	for _, w := range []struct {
		way  Way
		want Bar
	}{
		{Way{0, 2, 9}, Bar{0, 4, 14}},
		{Way{1, 3, 11}, Bar{2, 4, 16}},
		{Way{1, Never, 5}, Bar{2, 8, 0}},
		{Way{Never, Never, 5}, Bar{}},
		{Way{4, 2, 3}, Bar{6, 0, 0}}, // times that contradict each other
	} {
		if got, cut := c.Draw(w.way, 32); got != w.want || cut {
			t.Errorf("%v: %v, cut %v, want %v", w.way, got, cut, w.want)
		}
	}
	if b, cut := c.Draw(Way{0, 2, 100}, 32); !cut || b.Fetched+b.Applied != 32 {
		t.Errorf("what is longer: %v, cut %v", b, cut)
	}
}

func TestTicks(t *testing.T) {
	for _, w := range []struct {
		span, room int
		labels     []string
	}{
		{15, 32, []string{"0s", "5s", "10s"}},
		{20, 100, []string{"0s", "5s", "10s", "15s", "20s"}},
		{300, 40, []string{"0s", "2m", "4m", "6m"}},
		{5 * 3600, 40, []string{"0s", "2h", "4h", "6h"}},
		{3, 6, []string{"0s"}},
	} {
		ticks := Fit(w.span, w.room).Ticks(w.room)
		if len(ticks) != len(w.labels) {
			t.Errorf("%d s in %d: %v, want %v", w.span, w.room, ticks, w.labels)
			continue
		}
		for i, tick := range ticks {
			if tick.Label != w.labels[i] {
				t.Errorf("%d s in %d: %v, want %v", w.span, w.room, ticks, w.labels)
			}
		}
	}
}

func TestNothingLeavesTheRoom(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		room := rng.IntN(120)
		ends := make([]int, rng.IntN(5))
		for i := range ends {
			ends[i] = rng.IntN(1<<rng.IntN(31)) - 1
		}
		c := Fit(Span(ends, rng.IntN(40)), room)
		for _, e := range ends {
			b, _ := c.Draw(Way{rng.IntN(1<<rng.IntN(31)) - 1, rng.IntN(1<<rng.IntN(31)) - 1, e}, room)
			if b.Blank < 0 || b.Fetched < 0 || b.Applied < 0 || b.Blank+b.Fetched+b.Applied > room {
				t.Fatalf("%v in %d columns, clock %v", b, room, c)
			}
		}
		for _, tick := range c.Ticks(room) {
			if tick.X < 0 || tick.X+len(tick.Label) > room {
				t.Fatalf("tick %v in %d columns", tick, room)
			}
		}
	}
}

func TestOneStragglerDoesNotFlattenTheOthers(t *testing.T) {
	if got := Span([]int{9, 12, 86400, Never}, 10); got != 12 {
		t.Errorf("%d seconds", got)
	}
	if got := Span([]int{86400}, 10); got != 86400 {
		t.Errorf("alone it is shown whole: %d", got)
	}
	if got := Span(nil, 10); got != 10 {
		t.Errorf("nothing: %d", got)
	}
}

func TestLevels(t *testing.T) {
	got := Levels([]int{9, Never, 0, 18})
	for i, want := range []int{4, 0, 1, 8} {
		if got[i] != want {
			t.Errorf("%v", got)
		}
	}
}
