package draw

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"tenantry/themes"
	"tenantry/ui/glyph"
)

func kit(t testing.TB, ascii bool) Kit {
	theme, err := themes.Load("dark")
	if err != nil {
		t.Fatal(err)
	}
	if ascii {
		return Kit{theme, glyph.Plain}
	}
	return Kit{theme, glyph.Unicode}
}

func TestLineNeverExceedsItsWidth(t *testing.T) {
	for _, ascii := range []bool{false, true} {
		for w := 0; w < 24; w++ {
			l := NewRow(kit(t, ascii), w, themes.Cursor)
			l.Put(themes.Bad, "世界").Fit(themes.OK, 0, "state\x1b[2J", 4).Skip(1)
			l.FitRight(themes.Muted, 0, "12d", 5).PutMod(themes.Text, themes.Flash, "a long \u202e cause")
			s := l.String()
			if got := ansi.StringWidth(s); got != w {
				t.Errorf("ascii %v: %d columns instead of %d: %q", ascii, got, w, s)
			}
			if strings.ContainsAny(ansi.Strip(s), "\x1b\u202e") {
				t.Errorf("hostile text came through: %q", s)
			}
		}
	}
}

func TestNeighboursShareASequence(t *testing.T) {
	k := kit(t, false)
	s := NewLine(k, 20).Put(themes.Bad, "a").Put(themes.Bad, "b").Put(themes.Text, "c").String()
	if n := strings.Count(s, "\x1b"); n != 2 {
		t.Errorf("%d sequences in %q, want 2", n, s)
	}
}

func BenchmarkRow(b *testing.B) {
	k := kit(b, false)
	b.ReportAllocs()
	for b.Loop() {
		l := NewRow(k, 120, themes.Cursor)
		l.Fit(themes.Text, 0, "fluxdemo-prod", 20).Skip(1).Put(themes.Bad, "✗").Put(themes.Text, " Failed").Skip(3)
		_ = l.FitRight(themes.Text, 0, "14m", 5).Skip(1).Put(themes.Text, "git.acme.io: connection timed out").String()
	}
}
