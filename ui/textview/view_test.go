package textview

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/glyph"
	"tenantry/ui/keymap"
)

func kit(t testing.TB) draw.Kit {
	theme, err := themes.Load("dark")
	if err != nil {
		t.Fatal(err)
	}
	return draw.Kit{Theme: theme, Glyph: glyph.Unicode}
}

func numbered(n int) []Line {
	lines := make([]Line, n)
	for i := range lines {
		lines[i] = Plain(fmt.Sprintf("line %d", i+1))
	}
	return lines
}

// shown is what Draw returns without styles.
func shown(t testing.TB, v *View, w, h int) []string {
	rows := v.Draw(kit(t), w, h)
	for i := range rows {
		rows[i] = strings.TrimRight(ansi.Strip(rows[i]), " ")
	}
	return rows
}

func first(t testing.TB, v *View, w, h int) string { return shown(t, v, w, h)[0] }

func TestMovesByRowsAndScreens(t *testing.T) {
	v := &View{}
	v.Set(kit(t), numbered(100))
	for _, step := range []struct {
		action keymap.Action
		want   string
	}{
		{keymap.Down, "line 2"}, {keymap.Up, "line 1"}, {keymap.Up, "line 1"}, {keymap.PageDown, "line 10"},
		{keymap.PageUp, "line 1"}, {keymap.Bottom, "line 91"}, {keymap.Down, "line 91"}, {keymap.Top, "line 1"},
	} {
		shown(t, v, 40, 10)
		if !v.Act(step.action) {
			t.Fatalf("%v is not known", step.action)
		}
		if got := first(t, v, 40, 10); got != step.want {
			t.Errorf("after %v the first row is %q, want %q", step.action, got, step.want)
		}
	}
	v.Act(keymap.Bottom)
	if at, of := v.Position(); at != 100 || of != 100 {
		t.Errorf("position %d/%d at the end", at, of)
	}
}

func TestWrapKeepsEveryLetterAndHangs(t *testing.T) {
	v := &View{}
	v.Set(kit(t), []Line{{Spans: []Span{{themes.Muted, "path      "}, {themes.Text, "one two three four five six seven eight"}}, Hang: 10}})
	got := shown(t, v, 30, 10)
	want := []string{"path      one two three four", "          five six seven eight"}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("wrapped into %q", got)
	}
	v.Act(keymap.Wrap)
	if got = shown(t, v, 30, 10); len(got) != 1 || got[0] != "path      one two three four …" {
		t.Errorf("cut into %q", got)
	}
	v.Act(keymap.Unfold)
	if got = shown(t, v, 30, 10); got[0] != "  one two three four five six…" {
		t.Errorf("moved sideways: %q", got)
	}
	for range 20 {
		v.Act(keymap.Unfold)
	}
	if got = shown(t, v, 30, 10); !strings.HasSuffix(got[0], "eight") {
		t.Errorf("the end is not reached sideways: %q", got)
	}
}

func TestSearch(t *testing.T) {
	v := &View{}
	v.Set(kit(t), numbered(300))
	shown(t, v, 40, 10)
	at := func(wantAt, wantOf int, wantLine string) {
		t.Helper()
		if a, o := v.Matches(); a != wantAt || o != wantOf {
			t.Errorf("match %d/%d, want %d/%d", a, o, wantAt, wantOf)
		}
		if got := strings.Join(shown(t, v, 40, 10), "\n") + "\n"; !strings.Contains(got, wantLine+"\n") {
			t.Errorf("%q is not in sight:\n%s", wantLine, got)
		}
	}
	v.Find("LINE 2")
	at(1, 111, "line 2")
	v.Find("line 25")
	at(1, 11, "line 25")
	v.Find("line 250")
	at(1, 1, "line 250")
	v.Find("line 25") // a letter taken back: from where the search began
	at(1, 11, "line 25")
	v.NextMatch(1)
	at(2, 11, "line 250")
	v.NextMatch(-2)
	at(11, 11, "line 259")
	v.NextMatch(1)
	at(1, 11, "line 25")
	v.Find("no such thing")
	at(0, 0, "line 1")
	v.Find("line 300")
	if !v.DropSearch() || v.DropSearch() || v.Searching() {
		t.Error("the search is not dropped once")
	}
	at(0, 0, "line 300") // the view stays
}

func TestMatchesAreMarked(t *testing.T) {
	v := &View{}
	v.Set(kit(t), []Line{Plain("a needle here"), Plain("and a Needle there")})
	v.Find("needle")
	k := kit(t)
	rows := v.Draw(k, 40, 5)
	if want := k.Theme.Paint(themes.Text, themes.Flash|themes.Strong, "needle"); !strings.Contains(rows[0], want) {
		t.Errorf("the current match is not marked: %q", rows[0])
	}
	if want := k.Theme.Paint(themes.Text, themes.Flash, "Needle"); !strings.Contains(rows[1], want) {
		t.Errorf("the other match is not marked: %q", rows[1])
	}
}

func TestSearchFindsOtherLetters(t *testing.T) {
	v := &View{}
	v.Set(kit(t), []Line{Plain("Größe ÄRGER"), Plain("世界 hello 世界")})
	for text, want := range map[string]int{"größe": 1, "ärger": 1, "世界": 2, "界": 2, "é": 0} {
		v.Find(text)
		if _, of := v.Matches(); of != want {
			t.Errorf("%q is found %d times, want %d", text, of, want)
		}
	}
}

func TestFollowsTheEndOnlyFromTheEnd(t *testing.T) {
	v := &View{Follow: true}
	v.Set(kit(t), numbered(50))
	if got := first(t, v, 40, 10); got != "line 41" {
		t.Errorf("it opens at %q", got)
	}
	v.Set(kit(t), numbered(60))
	if got := first(t, v, 40, 10); got != "line 51" {
		t.Errorf("it did not follow: %q", got)
	}
	v.Act(keymap.Up)
	v.Set(kit(t), numbered(90))
	if got := first(t, v, 40, 10); got != "line 50" {
		t.Errorf("it moved under the eyes: %q", got)
	}
	v.Act(keymap.Bottom)
	v.Set(kit(t), numbered(95))
	if got := first(t, v, 40, 10); got != "line 86" {
		t.Errorf("it does not follow again: %q", got)
	}
}

func TestStaysWhereItIsWhenTheTextChanges(t *testing.T) {
	v := &View{}
	v.Set(kit(t), numbered(100))
	shown(t, v, 40, 10)
	v.Scroll(30)
	v.Set(kit(t), numbered(120))
	if got := first(t, v, 40, 10); got != "line 31" {
		t.Errorf("it moved to %q", got)
	}
	v.Set(kit(t), numbered(5))
	if got := first(t, v, 40, 10); got != "line 1" {
		t.Errorf("a shorter text begins at %q", got)
	}
}

func TestText(t *testing.T) {
	v := &View{}
	v.Set(kit(t), []Line{Plain("a \x1b[2Jb"), {Spans: []Span{{themes.Bad, "c"}, {themes.Text, "d "}}}})
	if got := v.Text(); got != "a b\ncd\n" {
		t.Errorf("text %q", got)
	}
}

// TestNothingIsWiderOrLost walks hostile text at every width: no row is wider
// than the terminal, no letter of the text is missing when it is wrapped.
func TestNothingIsWiderOrLost(t *testing.T) {
	texts := []string{"plain words and more of them", "世界世界世界世界", "a\x1b[31mb\u202ec\u200bd\te", strings.Repeat("x", 300), "", "é́é wide 世 and e\u0301\u0301",
		"https://example.com/a/very/long/path/without/any/blank?and=a&query=string"}
	rng := rand.New(rand.NewPCG(1, 2))
	for w := 1; w < 60; w++ {
		v := &View{}
		var lines []Line
		for _, s := range texts {
			lines = append(lines, Line{Spans: []Span{{themes.Accent, "label "}, {themes.Text, s}}, Hang: rng.IntN(20)})
		}
		v.Set(kit(t), lines)
		letters := ""
		for _, r := range shown(t, v, w, 1000) {
			if got := ansi.StringWidth(r); got > w {
				t.Fatalf("a row of %d columns at %d: %q", got, w, r)
			}
			letters += r
		}
		squeeze := strings.NewReplacer(" ", "", "\n", "")
		if got, want := squeeze.Replace(letters), squeeze.Replace(v.Text()); w > 3 && got != want {
			t.Fatalf("at %d columns\n%q became\n%q", w, want, got)
		}
		for range 50 {
			v.Act([]keymap.Action{keymap.Down, keymap.Up, keymap.PageDown, keymap.Bottom, keymap.Wrap, keymap.Unfold, keymap.NextMatch}[rng.IntN(7)])
			v.Find([]string{"", "x", "世", "label", "e"}[rng.IntN(5)])
			for _, r := range shown(t, v, 1+rng.IntN(w), rng.IntN(12)) {
				if got := ansi.StringWidth(r); got > w {
					t.Fatalf("a row of %d columns at %d: %q", got, w, r)
				}
			}
		}
	}
}

func big() []Line {
	lines := make([]Line, 100_000)
	for i := range lines {
		lines[i] = Line{Spans: []Span{{themes.Accent, "message: "}, {themes.Text, fmt.Sprintf("reconciled object %d of the inventory in %d ms, next in 10m, nothing has changed since", i, i%977)}}}
	}
	return lines
}

func BenchmarkSearchALetter(b *testing.B) {
	v := &View{}
	v.Set(kit(b), big())
	v.Draw(kit(b), 120, 40)
	for i := 0; b.Loop(); i++ {
		v.Find([]string{"9", "99", "999", "nothing w"}[i%4])
		v.Draw(kit(b), 120, 40)
	}
}

func BenchmarkScroll(b *testing.B) {
	v := &View{}
	v.Set(kit(b), big())
	v.Draw(kit(b), 60, 40)
	keys := []keymap.Action{keymap.PageDown, keymap.Bottom, keymap.PageUp, keymap.Top, keymap.Down}
	for i := 0; b.Loop(); i++ {
		v.Act(keys[i%len(keys)])
		v.Draw(kit(b), 60, 40)
	}
}

func BenchmarkSet(b *testing.B) {
	v, lines := &View{}, big()
	for b.Loop() {
		v.Set(kit(b), lines)
	}
}

// A text that grows and forgets shows what it would if it were set anew.
func TestAppendIsSet(t *testing.T) {
	all := numbered(400)
	for _, follow := range []bool{true, false} {
		var grown View
		grown.Follow = follow
		first, last := 0, 0
		for step := range 60 {
			add, gone := step%7, 0
			if last+add > 60+first {
				gone = step % 5
			}
			grown.Append(kit(t), all[last:last+add], gone)
			first, last = first+gone, last+add
			if step == 8 {
				grown.Find("line 1")
			}
			rows := shown(t, &grown, 20, 6)
			if step == 20 {
				grown.Act(keymap.Up)
			}
			whole := View{top: grown.top, width: 20, height: 6, opened: true}
			whole.Set(kit(t), all[first:last])
			if want := shown(t, &whole, 20, 6); step != 20 && strings.Join(rows, "|") != strings.Join(want, "|") {
				t.Fatalf("follow %v, step %d: %q, want %q", follow, step, rows, want)
			}
			if step > 8 {
				whole.Find("line 1")
				_, got := grown.Matches()
				if _, want := whole.Matches(); got != want {
					t.Fatalf("step %d: %d matches, want %d", step, got, want)
				}
			}
		}
	}
}
