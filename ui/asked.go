package ui

import (
	"encoding/json"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model/fluxsync"
	"tenantry/model/onboard"
	"tenantry/model/redact"
	"tenantry/model/setup"
	"tenantry/ui/journal"
)

// What was typed for an action that a kill broke off stands in its record,
// without anything secret: the form begins with it when it is taken up.

// askedOf is what was typed for a record; false where it does not say.
func askedOf[T any](r journal.Record) (*T, bool) {
	out := new(T)
	return out, len(r.Asked) > 0 && json.Unmarshal(r.Asked, out) == nil
}

// missing are the labels of fields that were typed and could not be kept.
func missing(labels, typed []string) string {
	var out []string
	for i, s := range typed {
		if redact.Missing(s) != "" {
			out = append(out, labels[i])
		}
	}
	return listed(out)
}

// withTyped says what a form begins with: all that was typed, or what of it has to
// be typed again.
func withTyped(missing string) string {
	if missing == "" {
		return "with what was typed"
	}
	return "with what was typed, but " + typeAgain(missing)
}

func typeAgain(missing string) string {
	return "not all of " + missing + ": it may hold a secret and was not kept, and has to be typed again"
}

// missing are the fields of a tenant's form that have to be typed again.
func (f *tenantForm) missing() string {
	var labels, typed []string
	for i := range f.lines {
		labels, typed = append(labels, tenantFields[i].label), append(typed, f.get(i))
	}
	return missing(labels, typed)
}

// missingOfSync are the fields of a sync's form that have to be typed again.
func missingOfSync(s fluxsync.Spec) string {
	var typed []string
	for i := range fluxsync.FieldCount {
		typed = append(typed, s.Get(i))
	}
	return missing(syncLabels[:], typed)
}

// missingOfInstance are those of a FluxInstance's.
func missingOfInstance(s setup.Spec) string {
	return missing([]string{"VERSION", "REGISTRY", "MANIFESTS", "ACCOUNT", "RUNS"}, []string{s.Version, s.Registry, s.Artifact, s.Account, strings.Join(s.Components, " ")})
}

// takeUp goes on with what a kill broke off. Its record ends when that begins
// anew, not before: until then another kill loses nothing of it either.
func (a *App) takeUp(r journal.Record) { a.taken = append(a.taken, r) }

// takenUp ends the records an action takes up.
func (a *App) takenUp(by journal.Record) tea.Cmd {
	var cmds []tea.Cmd
	a.taken = slices.DeleteFunc(a.taken, func(r journal.Record) bool {
		if r.Verb != by.Verb || r.Subject != by.Subject {
			return false
		}
		cmds = append(cmds, a.endRecord(r.ID, "taken up"))
		return true
	})
	return tea.Batch(cmds...)
}

// fill puts a tenant into the form.
func (f *tenantForm) fill(s *onboard.Spec) {
	var spaces []string
	for _, sp := range s.Spaces {
		if sp.Path != "" {
			sp.Namespace += "=" + sp.Path
		}
		spaces = append(spaces, sp.Namespace)
	}
	if len(spaces) == 1 && spaces[0] == s.Name {
		spaces = nil // it is what an empty field means
	}
	for i, text := range [tenantFieldCount]string{tenantName: s.Name, tenantSpaces: strings.Join(spaces, " "), tenantURL: s.Source.URL, tenantBranch: s.Source.Branch,
		tenantSecret: s.Source.Secret, tenantAccount: s.Account, tenantCPU: s.Quota.CPU, tenantMemory: s.Quota.Memory, tenantPods: s.Quota.Pods} {
		f.lines[i] = editLine{}
		f.lines[i].insert(text)
	}
	f.role = max(slices.Index(onboard.Roles, s.Role), 0)
	f.isolate, f.prune, f.wait, f.inside, f.set = s.Isolate, !s.Sync.NoPrune, !s.Sync.NoWait, s.Sync.Inside, s.Set != ""
}
