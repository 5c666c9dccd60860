package table

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"tenantry/ui/draw"
)

func TestColumnsLeaveInOrder(t *testing.T) {
	tb := newItems()
	tb.SetRows(items("alpha beta"), false)
	for w, want := range map[int]string{60: "name rank extra rest", 34: "name rank extra rest", 29: "name rank rest", 22: "name rest", 10: "name rest"} {
		tb.View(kit(t), w, 5)
		var shown []string
		for _, id := range []string{"name", "rank", "extra", "rest"} {
			if tb.Shows(id) {
				shown = append(shown, id)
			}
		}
		if got := strings.Join(shown, " "); got != want {
			t.Errorf("at %d columns there are %s, want %s", w, got, want)
		}
	}
}

// A column that others would crowd out gets its share in a list that is wide
// enough for it.
func TestAmpleColumns(t *testing.T) {
	none := func(*draw.Line, item) {}
	tb := New(func(v item) string { return v.name },
		Column[item]{ID: "name", Min: 6, Max: 40, Draw: none}, Column[item]{ID: "rest", Min: 8, Ample: 20, AmpleFrom: 40, Flex: true, Draw: none})
	tb.SetRows(items("alpha"), false)
	for w, want := range map[int]int{39: 8, 40: 20, 60: 20, 80: 36} {
		tb.View(kit(t), w, 5)
		if _, got, _ := tb.Place("rest"); got != want {
			t.Errorf("of %d columns it gets %d, want %d", w, got, want)
		}
	}
}

func TestColumnsMoveSideways(t *testing.T) {
	tb := newItems()
	tb.Flat, tb.columns[0].Pinned = true, true
	tb.SetRows(items("alpha beta"), false)
	shown := func(w int) string {
		lines := tb.View(kit(t), w, 5)
		for _, l := range lines {
			if ansi.StringWidth(l) > w {
				t.Errorf("%q is wider than %d", l, w)
			}
		}
		return strings.Join(strings.Fields(ansi.Strip(lines[0])), " ")
	}
	if got := shown(60); got != "NAME RANK EXTRA REST" || tb.Sideways(1) {
		t.Errorf("with room for all: %q", got)
	}
	tb.columns[2].Min, tb.columns[3].Min = 22, 14
	tb.SetRows(items("alpha beta"), false)
	want := []string{"NAME RANK REST 1 more →", "←1 NAME EXTRA 1 →", "←2 NAME REST"}
	for i, w := range want {
		if got := shown(44); got != w {
			t.Errorf("moved by %d: %q, want %q", i, got, w)
		}
		if moved := tb.Sideways(1); moved != (i < 2) {
			t.Errorf("moved by %d: it moves on: %v", i, moved)
		}
	}
	if tb.Sideways(-9); shown(44) != want[0] {
		t.Errorf("back: %q", shown(44))
	}
	tb.Sideways(1)
	if got := shown(80); got != "NAME RANK EXTRA REST" {
		t.Errorf("in a wider list: %q", got)
	}
}
