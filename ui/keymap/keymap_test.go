package keymap

import (
	"slices"
	"strings"
	"testing"
)

// No key has two meanings within a scope and the scopes around it, one marked
// exception aside.
func TestNoKeyHasTwoMeanings(t *testing.T) {
	for _, c := range Conflicts(Default().Entries()) {
		t.Error(c)
	}
}

func TestEveryEntryIsUsable(t *testing.T) {
	for _, e := range Default().Entries() {
		if len(e.Keys) == 0 {
			t.Errorf("%q has no key", e.Help)
		}
		if e.Instead != "" {
			continue
		}
		if e.Help == "" {
			t.Errorf("%v says nothing in the help", e.Keys)
		}
		if e.Later == (e.Action != None) {
			t.Errorf("%v: an entry is either built or reserved", e.Keys)
		}
	}
}

func TestTakingScopesHideTheOuterOnes(t *testing.T) {
	m := Default()
	if e, ok := m.Resolve([]Scope{Typing, List, Everywhere}, "p"); ok {
		t.Errorf("p means %q while typing", e.Help)
	}
	if e, _ := m.Resolve([]Scope{List, Home, Page, Everywhere}, "p"); e.Action != Pause {
		t.Error("p does not pause on a list")
	}
	for _, e := range m.Help([]Scope{Menu, List, Everywhere}) {
		if e.Scope != Menu {
			t.Errorf("the help of a menu lists %v of %v", e.Keys, e.Scope)
		}
	}
}

func TestMarkdownListsWhatWorks(t *testing.T) {
	doc := Default().Markdown()
	if !strings.Contains(doc, "| list, tree | `enter` | open what") || strings.Contains(doc, "in replays") {
		t.Errorf("the documentation's table:\n%s", doc)
	}
}

func TestReservedKeysAreNotAdvertised(t *testing.T) {
	m := Default()
	for _, e := range m.Help(Stacks["list of tenants"]) {
		if e.Later || e.Instead != "" {
			t.Errorf("%v is in the help but not built", e.Keys)
		}
	}
	if _, _, ok := m.KeyFor(Stacks["list of tenants"], Open); !ok {
		t.Error("open has no key on the key line")
	}
	// ctrl+d never deletes: it is a page down everywhere.
	e, _ := m.Resolve(Stacks["list of tenants"], "ctrl+d")
	if e.Action != PageDown || !slices.Contains(e.Keys, "pgdown") {
		t.Errorf("ctrl+d is %q", e.Help)
	}
}
