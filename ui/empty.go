package ui

import (
	"fmt"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/keymap"
)

// progress is how much of the cluster has been read, for the end of a sentence;
// "" before anything was heard.
func (e *env) progress() string {
	read, total := e.store.Progress()
	if total == 0 {
		return ""
	}
	return fmt.Sprintf(": %d of %d kinds", read, total)
}

// notReadYet is said of what can't be judged before more of it is read.
func (e *env) notReadYet(name string) string {
	so := ""
	if read, total := e.store.Progress(); total > 0 {
		so = fmt.Sprintf(": %d of %d kinds are", read, total)
	}
	return "Not everything " + name + " is made of has been read yet" + so + ". Until then it is neither fine nor broken."
}

// empty says why there are no rows, or next to none, and what to do: a bare
// table says nothing.
func (s *tenants) empty(w, room int) []string {
	if room < 2 {
		return nil
	}
	conn := s.store.Connection()
	f := &s.filterState
	shown := 0
	for _, r := range s.table.Rows() {
		if r.id.kind != rowDenied && !(r.tenant != nil && r.tenant.IsPlatform) {
			shown++
		}
	}
	var head, body string
	switch platform := s.store.Platform(); {
	case f.on() && f.hidden > 0 && s.table.Len() == 0:
		head = "Nothing matches " + f.words()
		body = fmt.Sprintf("It hides %d rows. esc shows all of them again.", f.hidden)
	case f.on() || shown > 0:
		return nil
	case !s.store.Complete() && conn.State == model.ConnLost:
		head = "No answer from " + conn.Server
		body = sentence(conn.Err) + " It is tried again by itself; " + s.key(keymap.Refresh) + " tries at once."
	case !s.store.Complete():
		head = "Reading the cluster" + s.progress()
		body = "Rows appear as their kinds are read."
	case platform != nil && platform.NoFlux:
		head = "No Flux in this cluster"
		body = "The server serves none of Flux's kinds: no GitRepository, Kustomization, HelmRelease or FluxInstance. " +
			s.key(keymap.Setup) + " sets it up, step by step, with the Flux Operator; installed in any other way it is taken up here when it comes. " + s.key(keymap.Refresh) + " looks again."
	case s.unnamed():
		head = "Which namespaces are yours?"
		body = "You may list neither the namespaces nor anything cluster-wide. " + s.key(keymap.PickScope) +
			" asks for their names, checks each and remembers them; so does tenantry -n NAMESPACE, for once."
	case len(deniedScopes(s.store.Scopes())) > 0:
		head = "No tenants among what you may read"
		body = "What was refused stands in the last row. With rights in some namespaces only, name them: tenantry -n NAMESPACE."
	default:
		head = "No tenants yet"
		body = fmt.Sprintf("A tenant is a namespace with the label %s, one made by a tenancy operator, or one that applies from "+
			"a source of its own. All else belongs to the platform's row. %s adds one.", model.LabelTenant, s.key(keymap.AddTenant))
	}
	lines := []string{draw.NewLine(s.kit, w).Skip(3).Put(themes.Title, head).String()}
	for _, line := range wrap(s.kit, body, min(w-6, 76)) {
		lines = append(lines, draw.NewLine(s.kit, w).Skip(3).Put(themes.Text, line).String())
	}
	return lines[:min(len(lines), room)]
}
