package themes

import (
	"strings"
	"testing"
)

func TestBuiltInThemesAreComplete(t *testing.T) {
	want := []string{"16", "dark", "high-contrast", "light", "mono"}
	if got := strings.Join(Names(), " "); got != strings.Join(want, " ") {
		t.Fatalf("themes are %s, want %s", got, want)
	}
	for _, name := range Names() {
		theme, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		if theme.Colour == (name == "mono") {
			t.Errorf("theme %s: Colour is %v", name, theme.Colour)
		}
		for _, r := range Roles() {
			plain, cursor := theme.Before(r, 0), theme.Before(r, Cursor)
			if plain == cursor && !(name == "16" && (r == Bad || r == Danger || r == Title || r == Changed)) {
				t.Errorf("theme %s: role %s looks the same on the cursor's row", name, r)
			}
			if plain == theme.Before(r, Flash) {
				t.Errorf("theme %s: role %s does not flash", name, r)
			}
		}
	}
}

func TestMonoAndDrainedHaveNoColour(t *testing.T) {
	for _, name := range Names() {
		theme, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		drained := theme.Drained()
		for _, r := range Roles() {
			if seq := drained.Before(r, 0); strings.Contains(seq, "3") || strings.Contains(seq, "9") {
				t.Errorf("theme %s drained: role %s still writes %q", name, r, seq)
			}
		}
	}
	mono, _ := Load("mono")
	for _, r := range Roles() {
		for m := Mod(0); m < modCount; m++ {
			if seq := mono.Before(r, m); strings.Contains(seq, "38;") || strings.Contains(seq, "48;") || strings.Contains(seq, "[3") {
				t.Errorf("mono: role %s, mod %d writes %q", r, m, seq)
			}
		}
	}
}

func TestMutedIsNeverBrightBlack(t *testing.T) {
	for _, name := range Names() {
		theme, err := Load(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range Roles() {
			if theme.looks.role[r].fg == "8" {
				t.Errorf("theme %s: role %s is bright black, which some schemes make invisible", name, r)
			}
		}
	}
}

func TestParseSaysWhatIsWrong(t *testing.T) {
	for _, tc := range []struct{ data, want string }{
		{"ok green\nfoo red", `line 2: no role "foo"`},
		{"ok grin", `line 1: "grin" is neither`},
		{"ok #12345", `"#12345" is neither`},
		{"ok 256", `"256" is neither`},
		{"ok green", `role "text" is missing`},
	} {
		_, err := Parse("mine", tc.data)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%q: %v, want %q", tc.data, err, tc.want)
		}
	}
	if _, err := Load("nope"); err == nil || !strings.Contains(err.Error(), "there are 16, dark") {
		t.Errorf("an unknown theme is not answered with the known ones: %v", err)
	}
}
