package keymap

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Stacks are the scopes that are active together, from the inside.
var Stacks = map[string][]Scope{
	"list of tenants": {List, Home, Page, Demo, Everywhere},
	"list on a page":  {List, Page, Demo, Everywhere},
	"text":            {TextView, Page, Demo, Everywhere},
	"dialog":          {Dialog},
	"menu":            {Menu},
	"picker":          {Picker},
	"typing":          {Typing},
}

// names are what actions are called where keys are chosen for them. They are
// promises: configuration files hold them. Keys that mean the same wherever
// something is typed, chosen or asked are not for choosing, nor are esc and
// ctrl+c, which must always lead out.
var names = map[string]Action{
	"tenants": GoTenants, "rollouts": GoRollouts, "findings": GoFindings, "suspended": GoSuspended, "sources": GoSources,
	"syncs": GoSyncs, "workloads": GoWorkloads, "all-events": GoEvents, "platform": GoPlatform, "everything": Everything,
	"palette": Palette, "scope": PickScope, "context": PickContext, "help": Help, "pause": Pause, "zoom": Zoom,
	"check-again": Refresh, "redraw": Redraw, "back": Back, "shell": Shell,
	"down": Down, "up": Up, "top": Top, "bottom": Bottom, "page-down": PageDown, "page-up": PageUp,
	"unfold": Unfold, "fold": Fold, "next-tab": NextTab, "previous-tab": PreviousTab,
	"open": Open, "mark": Mark, "mark-all": MarkAll, "filter": Filter, "trouble": Trouble, "sort": Sort, "known": Known, "why": Why,
	"describe": Describe, "yaml": YAML, "events": Events, "logs": Logs, "one-run": ThisRun, "previous-logs": PreviousLogs, "log-times": Times, "report": Report, "field-owners": Owners,
	"history": History, "tree": Tree, "copy": Copy, "open-link": OpenLink,
	"reconcile": Reconcile, "fetch": Fetch, "follow": Follow, "suspend": Suspend, "credential": Credential, "actions": Actions, "add-tenant": AddTenant,
	"view-as": ViewAs, "setup": Setup,
	"search": Search, "next-match": NextMatch, "previous-match": PreviousMatch, "wrap": Wrap,
	"demo-forward": Forward, "demo-slower": Slower, "demo-faster": Faster,
}

// Names are the actions keys can be chosen for, sorted.
func Names() []string {
	out := make([]string, 0, len(names))
	for n := range names {
		out = append(out, n)
	}
	slices.Sort(out)
	return out
}

// Conflict is one key with two meanings in scopes that are active together.
type Conflict struct {
	Key      string
	One, Two Entry
}

// Error names both meanings.
func (c *Conflict) Error() string {
	return fmt.Sprintf("%q would mean both %q and %q", c.Key, c.One.Help, c.Two.Help)
}

// Conflicts finds keys that have two meanings within a scope and the scopes
// around it, but for the one that is marked.
func Conflicts(entries []Entry) []*Conflict {
	var out []*Conflict
	seen := map[string]bool{}
	for _, scopes := range Stacks {
		meaning := map[string]Entry{}
		for _, s := range scopes {
			for _, e := range entries {
				if e.Scope != s {
					continue
				}
				for _, k := range e.Keys {
					other, taken := meaning[k]
					switch inner := taken && other.Scope != e.Scope; {
					case !taken:
						meaning[k] = e
					case inner && (other.Shadows || other.Action == e.Action && e.Action != None):
					default:
						c := &Conflict{Key: k, One: other, Two: e}
						if !seen[c.Error()] {
							seen[c.Error()] = true
							out = append(out, c)
						}
					}
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b *Conflict) int { return strings.Compare(a.Error(), b.Error()) })
	return out
}

// Remap returns a map in which the named actions have other keys. A key that
// only answered a habit from elsewhere gives way; one that is taken or reserved
// is a *Conflict.
func (m *Map) Remap(keys map[string][]string) (*Map, error) {
	entries := slices.Clone(m.entries)
	chosen := map[string]bool{}
	for name, list := range keys {
		action, ok := names[name]
		if !ok {
			return nil, fmt.Errorf("there is no action %q", name)
		}
		found := false
		for i := range entries {
			if e := &entries[i]; e.Action == action && !e.Scope.Takes() && !e.Later && !m.byTheWay(e) {
				e.Keys, found = list, true
			}
		}
		if !found {
			return nil, fmt.Errorf("action %q has no key yet", name)
		}
		for _, k := range list {
			if err := valid(k); err != nil {
				return nil, err
			}
			chosen[k] = true
		}
	}
	entries = slices.DeleteFunc(entries, func(e Entry) bool {
		return e.Instead != "" && slices.ContainsFunc(e.Keys, func(k string) bool { return chosen[k] })
	})
	if c := Conflicts(entries); len(c) > 0 {
		return nil, c[0]
	}
	return New(entries), nil
}

// byTheWay: in text, space goes a page down too; that is no key to choose.
func (m *Map) byTheWay(e *Entry) bool {
	return e.Scope == TextView && slices.ContainsFunc(m.entries, func(o Entry) bool {
		return o.Action == e.Action && o.Scope != TextView && !o.Scope.Takes()
	})
}

var keyNames = map[string]bool{
	"enter": true, "tab": true, "esc": true, "space": true, "backspace": true, "delete": true, "insert": true,
	"up": true, "down": true, "left": true, "right": true, "home": true, "end": true, "pgup": true, "pgdown": true,
	"f1": true, "f2": true, "f3": true, "f4": true, "f5": true, "f6": true, "f7": true, "f8": true, "f9": true,
	"f10": true, "f11": true, "f12": true,
}

// valid reports whether a terminal can send a key that is spelled like this.
func valid(key string) error {
	base, mods := key, ""
	for _, mod := range []string{"ctrl+", "alt+", "shift+"} { // the order they are spelled in
		if rest, ok := strings.CutPrefix(base, mod); ok && rest != "" {
			base, mods = rest, mods+mod
		}
	}
	runes := []rune(base)
	single := len(runes) == 1 && unicode.IsPrint(runes[0]) && runes[0] != ' '
	switch {
	case !single && !keyNames[base]:
		return fmt.Errorf("there is no key %q: a letter or sign, or a name like space, enter, pgup, f5, with ctrl+, alt+ or shift+ in front", key)
	case single && strings.Contains(mods, "shift+"):
		return fmt.Errorf("%q: write what shift makes of it, as in S for shift and s", key)
	case single && strings.Contains(mods, "ctrl+") && unicode.IsUpper(runes[0]):
		return fmt.Errorf("%q: terminals know no capital letter with ctrl; write %s", key, strings.ToLower(key))
	}
	return nil
}
