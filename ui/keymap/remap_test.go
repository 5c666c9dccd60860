package keymap

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestConflictsAreFound(t *testing.T) {
	entries := []Entry{
		{Scope: List, Keys: []string{"s"}, Action: Sort, Help: "sort"},
		{Scope: Everywhere, Keys: []string{"s"}, Action: Shell, Help: "shell"},
		{Scope: TextView, Keys: []string{"w"}, Action: Wrap, Help: "wrap"},
		{Scope: Home, Keys: []string{"w"}, Later: true, Help: "setup"}, // never active together
	}
	got := Conflicts(entries)
	if len(got) != 1 || got[0].Key != "s" || !strings.Contains(got[0].Error(), `"sort" and "shell"`) {
		t.Errorf("%v", got)
	}
}

func TestRemap(t *testing.T) {
	m, err := Default().Remap(map[string][]string{"known": {"f5", "alt+k"}, "yaml": {"W"}, "page-down": {"pgdown"}})
	if err != nil {
		t.Fatal(err)
	}
	list := Stacks["list of tenants"]
	for key, want := range map[string]Action{"f5": Known, "alt+k": Known, "W": YAML, "pgdown": PageDown} {
		if e, _ := m.Resolve(list, key); e.Action != want || e.Instead != "" {
			t.Errorf("%s is %+v", key, e)
		}
	}
	for _, key := range []string{"m", "y", "ctrl+d"} {
		if e, ok := m.Resolve(list, key); ok {
			t.Errorf("%s still means %q", key, e.Help)
		}
	}
	if e, _ := m.Resolve(Stacks["text"], "space"); e.Action != PageDown {
		t.Errorf("space in text is %q", e.Help)
	}
	if e, _ := Default().Resolve(list, "m"); e.Action != Known {
		t.Error("the default table changed with it")
	}
}

func TestRemapRefusesWhatHasAMeaning(t *testing.T) {
	for _, c := range []struct {
		keys  map[string][]string
		wants []string
	}{
		{map[string][]string{"known": {"S"}}, []string{`"S" would mean both`, "sort", "known"}},
		{map[string][]string{"known": {"esc"}}, []string{`"esc"`, "undo one layer"}},
		{map[string][]string{"known": {"r"}}, []string{`"r"`, "reconcile"}}, // reserved
		{map[string][]string{"known": {"f5"}, "sort": {"f5"}}, []string{`"f5"`, "sort", "known"}},
	} {
		_, err := Default().Remap(c.keys)
		var conflict *Conflict
		if !errors.As(err, &conflict) {
			t.Errorf("%v: %v", c.keys, err)
			continue
		}
		for _, w := range c.wants {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%v: %q does not say %q", c.keys, err, w)
			}
		}
	}
	// Two that change places are no conflict.
	if _, err := Default().Remap(map[string][]string{"known": {"S"}, "sort": {"m"}}); err != nil {
		t.Error(err)
	}
}

func TestRemapRefusesKeysThatAreNone(t *testing.T) {
	for _, key := range []string{"", " ", "ctrl+", "f13", "Enter", "meta+x", "shift+s", "ctrl+S", "ab", "\x1b"} {
		if _, err := Default().Remap(map[string][]string{"known": {key}}); err == nil {
			t.Errorf("%q is a key", key)
		}
	}
	for _, key := range []string{"ä", "f12", "ctrl+s", "ctrl+pgup", "alt+enter", "shift+f5", "ctrl+alt+x"} {
		if _, err := Default().Remap(map[string][]string{"known": {key}}); err != nil {
			t.Error(err)
		}
	}
}

// Whatever has a key on a page has a name to choose another for it.
func TestEveryActionHasAName(t *testing.T) {
	named := map[Action]bool{Escape: true, Quit: true} // these lead out, always
	for _, a := range names {
		if named[a] {
			t.Errorf("%v has two names, or must keep its key", a)
		}
		named[a] = true
	}
	for _, e := range Default().Entries() {
		if !e.Scope.Takes() && e.Action != None && !e.Later && !named[e.Action] {
			t.Errorf("%q has no name in remap.go", e.Help)
		}
	}
	if !slices.IsSorted(Names()) {
		t.Error("names are not sorted")
	}
}
