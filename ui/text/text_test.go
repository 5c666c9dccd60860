package text

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

func TestClean(t *testing.T) {
	for _, tc := range []struct{ name, in, want string }{
		{"plain", "kcheck 1.0.3", "kcheck 1.0.3"},
		{"umlauts and CJK stay", "für 世界", "für 世界"},
		{"colour", "\x1b[31mred\x1b[0m", "red"},
		{"cursor", "a\x1b[2J\x1b[1;1Hb", "ab"},
		{"title", "a\x1b]0;owned\x07b", "ab"},
		{"link", "\x1b]8;;http://x\x1b\\text\x1b]8;;\x1b\\", "text"},
		{"unfinished sequences do not swallow the rest", "a\x1b]0;owned and more", "a]0;owned and more"},
		{"bell and backspace", "a\a\bb", "ab"},
		{"C1", "a\u009b31mb", "a31mb"},
		{"bidi override", "a\u202eb\u2066c", "abc"},
		{"zero width", "a\u200bb\u200dc\ufeff", "abc"},
		{"line breaks", "one\r\n\n two\tthree", "one  two three"},
		{"leading break", "\n\nx", "x"},
		{"not UTF-8", "a\xff\xfeb", "a\ufffd\ufffdb"},
		{"variation selector", "\u2764\ufe0f", "\u2764"},
	} {
		if got := Clean(tc.in); got != tc.want {
			t.Errorf("%s: Clean(%q) = %q, want %q", tc.name, tc.in, got, tc.want)
		}
	}
}

// FuzzClean is invariant 3: whatever the cluster sends, what is drawn holds no
// control characters and nothing that reorders, and every terminal agrees on
// its width.
func FuzzClean(f *testing.F) {
	for _, s := range []string{
		"", "plain", "\x1b[31m", "\x1b]52;c;aGk=\x07", "\u202egnp.exe", "👩‍👩‍👧‍👦", "🇩🇪🇩", "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301",
		"नमस्ते", "\xf0\x28\x8c\xbc", "a\x00b", "\u115f\u1160", "1\u20e3", "☝🏽", "\x1b\x1b\x1b[", "\x90\x9c", "각",
	} {
		f.Add(s, 7)
	}
	f.Fuzz(func(t *testing.T, s string, w int) {
		got := Clean(s)
		if !utf8.ValidString(got) {
			t.Fatalf("Clean(%q) = %q is no UTF-8", s, got)
		}
		for _, r := range got {
			if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
				t.Fatalf("Clean(%q) = %q holds %U", s, got, r)
			}
		}
		if a, b := ansi.StringWidth(got), ansi.StringWidthWc(got); a != b {
			t.Fatalf("Clean(%q) = %q is %d or %d columns wide", s, got, a, b)
		}
		if again := Clean(got); again != got {
			t.Fatalf("Clean is not stable: %q, then %q", got, again)
		}
		w = (w%100 + 100) % 100
		for _, cut := range []string{Cut(got, w, "…"), CutMiddle(got, w, "…"), Cut(got, w, ".."), CutMiddle(got, w, "..")} {
			if Width(cut) > w {
				t.Fatalf("%q cut to %d is %d wide: %q", got, w, Width(cut), cut)
			}
		}
		for _, line := range Wrap(got, w) {
			if Width(line) > w {
				t.Fatalf("%q wrapped to %d has a line %q", got, w, line)
			}
		}
		if p := ASCII(got); !plain(p) {
			t.Fatalf("ASCII(%q) = %q", got, p)
		}
	})
}

// A name is never cut where it fits on a line of its own; what is longer than
// any line is, at its own joints.
func TestWrapKeepsNamesWhole(t *testing.T) {
	for _, tc := range []struct {
		s    string
		w    int
		want string
	}{
		{"", 5, ""},
		{"a b", 9, "a b"},
		{"Deployment web of fluxdemo-stage does not run", 24, "Deployment web of|fluxdemo-stage does not|run"},
		{"see https://git.acme.io/a-b for it", 24, "see|https://git.acme.io/a-b|for it"},
		{"see shop-infrastructure-base here", 12, "see|shop-infrast|ructure-base|here"},
		{"one  two   three", 8, "one  two|  three"},
		{"one\ntwo-three", 20, "one|two-three"},
		{"世界世界 世界", 8, "世界世界|世界"},
		{"a-b-c", 1, "a|-|b|-|c"},
	} {
		if got := strings.Join(Wrap(tc.s, tc.w), "|"); got != tc.want {
			t.Errorf("Wrap(%q, %d) = %q, want %q", tc.s, tc.w, got, tc.want)
		}
	}
	if got := strings.Join(Wrap("a "+strings.Repeat("x-y ", 2000), 40), " "); got != strings.TrimSpace("a "+strings.Repeat("x-y ", 2000)) {
		t.Error("words are lost or cut")
	}
}

func TestCut(t *testing.T) {
	for _, tc := range []struct {
		s         string
		w         int
		end, half string
	}{
		{"fluxdemo-prod", 20, "fluxdemo-prod", "fluxdemo-prod"},
		{"fluxdemo-prod", 9, "fluxdemo…", "flux…prod"},
		{"fluxdemo-prod", 8, "fluxdem…", "flux…rod"},
		{"fluxdemo-prod", 1, "…", "…"},
		{"fluxdemo-prod", 0, "", ""},
		{"世界世界", 5, "世界…", "世…界"},
	} {
		if got := Cut(tc.s, tc.w, "…"); got != tc.end {
			t.Errorf("Cut(%q, %d) = %q, want %q", tc.s, tc.w, got, tc.end)
		}
		if got := CutMiddle(tc.s, tc.w, "…"); got != tc.half {
			t.Errorf("CutMiddle(%q, %d) = %q, want %q", tc.s, tc.w, got, tc.half)
		}
	}
}

// The short cut and the general way must agree on every character it takes.
func TestSimpleIsRight(t *testing.T) {
	for r := rune(0); r < 0x30000; r++ {
		s := string(r)
		w, ok := simple(s)
		if !ok || !utf8.ValidRune(r) {
			continue
		}
		if a, b := ansi.StringWidth(s), ansi.StringWidthWc(s); a != w || b != w || !visible(r) || isBreak(r) {
			t.Errorf("%q %U: %d columns, general %d and %d", s, r, w, a, b)
		}
	}
	if got := Cut("état ✓✗◐ – fini", 9, "…"); got != "état ✓✗◐…" {
		t.Errorf("Cut = %q", got)
	}
}

func TestAge(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Second: "0s", 0: "0s", 4 * time.Second: "4s", 59999 * time.Millisecond: "59s",
		time.Minute: "1m", 9*time.Minute + 59*time.Second: "9m", 6 * time.Hour: "6h",
		23*time.Hour + 59*time.Minute: "23h", 24 * time.Hour: "1d", 12 * 24 * time.Hour: "12d", 400 * 24 * time.Hour: "400d",
	} {
		if got := Age(d); got != want {
			t.Errorf("Age(%v) = %q, want %q", d, got, want)
		}
	}
}

func TestClock(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 4, 37, 0, time.UTC)
	for want, at := range map[string]time.Time{
		"12:04:30":         now.Add(-7 * time.Second),
		"Feb 28 12:04:37":  now.Add(-48 * time.Hour),
		"2025-12-31 23:59": time.Date(2025, 12, 31, 23, 59, 0, 0, time.UTC),
	} {
		if got := Clock(at, now); got != want {
			t.Errorf("Clock(%v) = %q, want %q", at, got, want)
		}
	}
}

func BenchmarkCleanPlain(b *testing.B) {
	s := strings.Repeat("deployment ", 8)
	for b.Loop() {
		Clean(s)
	}
}
