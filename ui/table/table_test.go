package table

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/glyph"
)

type item struct {
	name string
	rank int
}

func kit(t testing.TB) draw.Kit {
	theme, err := themes.Load("dark")
	if err != nil {
		t.Fatal(err)
	}
	return draw.Kit{Theme: theme, Glyph: glyph.Unicode}
}

func newItems() *Table[string, item] {
	text := func(f func(item) string) func(*draw.Line, item) {
		return func(l *draw.Line, v item) { l.Put(themes.Text, f(v)) }
	}
	return New(func(v item) string { return v.name },
		Column[item]{ID: "name", Title: "NAME", Min: 6, Max: 12, Measure: func(v item) int { return len(v.name) },
			Draw: text(func(v item) string { return v.name }), Compare: func(a, b item) int { return strings.Compare(a.name, b.name) }},
		Column[item]{ID: "rank", Title: "RANK", Min: 4, Leave: 1, Right: true, Draw: text(func(v item) string { return fmt.Sprint(v.rank) }),
			Compare: func(a, b item) int { return cmp.Compare(a.rank, b.rank) }},
		Column[item]{ID: "extra", Title: "EXTRA", Min: 5, Leave: 2, From: 30, Draw: text(func(item) string { return "extra" })},
		Column[item]{ID: "rest", Title: "REST", Min: 8, Flex: true, Draw: text(func(v item) string { return strings.Repeat(v.name, 20) })},
	)
}

func items(names string) []item {
	var out []item
	for i, n := range strings.Fields(names) {
		out = append(out, item{n, i})
	}
	return out
}

func names(t *Table[string, item]) string {
	var out []string
	for _, r := range t.Rows() {
		out = append(out, r.name)
	}
	return strings.Join(out, " ")
}

func current(t *Table[string, item]) string {
	r, _ := t.Current()
	return r.name
}

func TestCursorStaysOnItsObject(t *testing.T) {
	tb := newItems()
	tb.SetRows(items("a b c d e"), false)
	tb.Select("c")
	tb.SetRows(items("x e d c b a"), false)
	if current(tb) != "c" || tb.Position() != 4 {
		t.Errorf("the cursor is on %q, row %d", current(tb), tb.Position())
	}
	tb.SetRows(items("x e d b a"), false) // it is gone
	if current(tb) != "b" {
		t.Errorf("the cursor is on %q, want what took its place", current(tb))
	}
	tb.SetRows(nil, false)
	if _, ok := tb.Current(); ok {
		t.Error("a cursor without rows")
	}
	tb.SetRows(items("a b"), false)
	if current(tb) == "" {
		t.Error("no cursor after rows came back")
	}
}

func TestHeldRowsKeepTheirPlaces(t *testing.T) {
	tb := newItems()
	tb.SetRows(items("a b c d"), false)
	tb.SetRows(items("new d c a"), true)
	if got := names(tb); got != "a c d new" || !tb.Held() {
		t.Errorf("held rows are %q, held %v", got, tb.Held())
	}
	tb.SetRows(items("new d c a"), false)
	if got := names(tb); got != "new d c a" || tb.Held() {
		t.Errorf("rows are %q, held %v", got, tb.Held())
	}
	tb.SetRows(items("new d c a z"), true) // nothing had to move
	if tb.Held() {
		t.Error("rows in their places count as held")
	}
}

func TestSort(t *testing.T) {
	tb := newItems()
	rows := items("b c a")
	tb.Sort(rows)
	if rows[0].name != "b" {
		t.Error("rows are sorted although no column was chosen")
	}
	tb.SortBy("name")
	tb.Sort(rows)
	if rows[0].name != "a" || rows[2].name != "c" {
		t.Errorf("sorted: %v", rows)
	}
	tb.SortBy("name") // again reverses
	tb.Sort(rows)
	if rows[0].name != "c" {
		t.Errorf("reversed: %v", rows)
	}
	tb.View(kit(t), 60, 5)
	if id, ok := tb.HeadAt(4); id != "name" || !ok {
		t.Errorf("the head at 4 is %q", id)
	}
}

// The view never exceeds its room, the cursor is always in it, and only what
// is seen is drawn.
func TestAnySizeAnyMove(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	tb := newItems()
	tb.Flat, tb.columns[0].Pinned = true, true
	k := kit(t)
	for step := range 3000 {
		switch rng.IntN(9) {
		case 0:
			n := rng.IntN(40)
			rows := make([]item, n)
			for i := range rows {
				rows[i] = item{fmt.Sprintf("row-%02d", i), rng.IntN(9)}
			}
			rng.Shuffle(n, func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
			tb.SetRows(rows, rng.IntN(2) == 0)
		case 1:
			tb.Move(rng.IntN(9) - 4)
		case 2:
			tb.Page(rng.IntN(3) - 1)
		case 3:
			tb.Scroll(rng.IntN(9) - 4)
		case 4:
			tb.ClickAt(rng.IntN(12))
		case 5:
			tb.MoveTo(rng.IntN(60) - 10)
		case 6:
			tb.Mark()
		case 7:
			tb.Sideways(rng.IntN(5) - 2)
		}
		w, h := rng.IntN(80), rng.IntN(20)
		lines := tb.View(k, w, h)
		if len(lines) > h {
			t.Fatalf("step %d: %d lines in %d", step, len(lines), h)
		}
		cursors := 0
		for _, l := range lines {
			if ansi.StringWidth(l) > w {
				t.Fatalf("step %d: %q is wider than %d", step, l, w)
			}
			if strings.Contains(l, "▌") {
				cursors++
			}
		}
		if want := min(tb.Len(), 1); h >= 2 && w > 0 && cursors != want {
			t.Fatalf("step %d: %d cursors in view, %d rows, %d×%d", step, cursors, tb.Len(), w, h)
		}
	}
}

func BenchmarkTenThousandRows(b *testing.B) {
	tb := newItems()
	rows := make([]item, 10000)
	for i := range rows {
		rows[i] = item{fmt.Sprintf("row-%05d", i), i}
	}
	k := kit(b)
	b.Run("view", func(b *testing.B) {
		tb.SetRows(rows, false)
		b.ReportAllocs()
		for b.Loop() {
			tb.Move(1)
			tb.View(k, 120, 30)
		}
	})
	b.Run("hold", func(b *testing.B) {
		turned := slices.Clone(rows)
		slices.Reverse(turned)
		b.ReportAllocs()
		for b.Loop() {
			tb.SetRows(turned, true)
		}
	})
}

func TestMarksStayOnTheirRows(t *testing.T) {
	tb := newItems()
	tb.Markable = func(v item) bool { return v.name != "head" }
	tb.SetRows(items("head a b c d"), false)
	tb.Mark() // steps over what can't be marked
	tb.Mark()
	if current(tb) != "b" || fmt.Sprint(tb.Marked()) != "[a]" {
		t.Fatalf("after marking the cursor is on %q, marked %v", current(tb), tb.Marked())
	}
	tb.Select("d")
	tb.Mark()
	if n, hidden := tb.Marks(); n != 2 || hidden != 0 {
		t.Errorf("%d marked, %d hidden", n, hidden)
	}
	tb.SetRows(items("d c b"), false) // a is filtered out, the rest sorted anew
	if n, hidden := tb.Marks(); n != 2 || hidden != 1 || fmt.Sprint(tb.Marked()) != "[a d]" {
		t.Errorf("%d marked, %d hidden: %v", n, hidden, tb.Marked())
	}
	lines := strings.Join(tb.View(kit(t), 40, 5), "\n")
	if strings.Count(lines, glyph.Unicode.Marked) != 1 {
		t.Errorf("one mark should be seen:\n%s", ansi.Strip(lines))
	}
	tb.MarkAll()
	if n, _ := tb.Marks(); n != 4 {
		t.Errorf("%d marked after marking all shown, want these and the one that is not shown", n)
	}
	tb.MarkAll()
	if n, _ := tb.Marks(); n != 0 || tb.Unmark() {
		t.Errorf("%d marked after none", n)
	}
	tb.MarkAll()
	tb.KeepMarks(func(k string) bool { return k == "c" })
	if fmt.Sprint(tb.Marked()) != "[c]" {
		t.Errorf("marks of what is gone stay: %v", tb.Marked())
	}
}

// The gutter shows cursor, mark and the dot of a fresh change together.
func TestGutter(t *testing.T) {
	tb := newItems()
	tb.Fresh = func(item) bool { return true }
	tb.SetRows(items("a b"), false)
	tb.Mark()
	lines := tb.View(kit(t), 40, 5)
	for i, want := range map[int]string{1: " ◆•a", 2: "▌• b"} {
		if got := ansi.Strip(lines[i]); !strings.HasPrefix(got, want) {
			t.Errorf("line %d is %q, want %q", i, got, want)
		}
	}
}
