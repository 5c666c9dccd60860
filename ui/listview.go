package ui

import (
	"fmt"
	"slices"
	"strings"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/keymap"
)

// counts is the left of line 2: how many rows are in which state.
func (l *list) counts(line *draw.Line) {
	l.putTally(line, &l.tally)
	l.putUnread(line)
}

// putUnread writes what of the page's kinds is not there to be read.
func (l *list) putUnread(line *draw.Line) {
	for _, words := range l.unread() {
		if line.Left() > l.kit.Width(words)+3 {
			line.Skip(1).Put(themes.Muted, words)
		}
	}
}

// unread says of which kinds there is nothing to read here, or only what is
// old.
func (l *list) unread() []string {
	var absent []string
	var out []string
	for _, k := range l.page.kinds() {
		switch st := l.statusOf(k); st.State {
		case model.ScopeAbsent:
			absent = append(absent, k.Resource())
		case model.ScopeStale:
			out = append(out, l.kit.Glyph.Old().Shape+" "+k.Resource()+" "+l.age(st.Since)+" old")
		}
	}
	if len(absent) > 0 && len(absent) < len(l.page.kinds()) {
		out = append(out, "not served here: "+strings.Join(absent, " "))
	}
	return out
}

func (l *list) body(w, h int) []string {
	l.narrow = w < wide
	lines := l.table.View(l.kit, w, h)
	head, body := l.empty()
	if head == "" {
		return lines
	}
	return append(lines, nothingThere(l.kit, w, h-len(lines), head, body)...)
}

// nothingThere writes why there are no rows, or next to none, into w × room.
func nothingThere(kit draw.Kit, w, room int, head, body string) []string {
	if room < 2 {
		return nil
	}
	lines := []string{"", draw.NewLine(kit, w).Skip(3).Put(themes.Title, head).String()}
	for _, line := range wrap(kit, body, min(w-6, 76)) {
		lines = append(lines, draw.NewLine(kit, w).Skip(3).Put(themes.Text, line).String())
	}
	return lines[:min(len(lines), room)]
}

// seeking pages answer for what was looked for by name and is not there.
type seeking interface {
	soughtNothing() (head, body string, ok bool)
}

// empty says why there are no rows and what to do; "" while there are some.
func (l *list) empty() (head, body string) {
	if l.table.Len() > 0 && l.table.Rows()[0].denied == nil {
		return "", ""
	}
	title := strings.ToLower(l.page.title())
	conn := l.store.Connection()
	denied, absent := l.refused(), l.absent()
	switch {
	case l.f.on() && l.f.hidden > 0:
		if p, ok := l.page.(seeking); ok {
			if head, body, ok := p.soughtNothing(); ok {
				return head, body
			}
		}
		return "Nothing matches " + l.f.words(), fmt.Sprintf("It hides %d rows. esc shows all of them again.", l.f.hidden)
	case l.reading() && conn.State == model.ConnLost:
		return "No answer from " + conn.Server, sentence(conn.Err) + " It is tried again by itself; ctrl+r tries at once."
	case l.reading() && l.page.kinds() != nil && l.page.kinds()[0].OnRequest():
		return "Reading " + title, "They are read while this page is open, and not before."
	case l.reading():
		return "Reading " + title + l.progress(), "Rows appear as their kinds are read."
	case l.scope.on():
		return "No " + title + " in the scope", "n changes the scope; 0 drops it."
	case len(denied) > 0:
		return "No " + title + " among what you may read", "What was refused stands in the last row, with the Role to ask for."
	case len(absent) > 0 && len(absent) == len(l.page.kinds()):
		return "No " + title + " here: the server serves none of their kinds", "They are taken up here when they come. ctrl+r looks again."
	}
	return l.page.nothing()
}

// statusOf is how a kind is read. What is read on request and has no scope yet
// is about to be.
func (l *list) statusOf(k model.Kind) model.ScopeStatus {
	if k.OnRequest() {
		namespaces := l.store.Connection().Namespaces
		if len(namespaces) == 0 {
			namespaces = []string{""}
		}
		return l.eventScope(namespaces)
	}
	if len(l.store.Scopes()) == 0 { // the server has not said anything yet
		return model.ScopeStatus{Kind: k, State: model.ScopeSyncing}
	}
	return l.store.KindStatus(k)
}

// reading reports whether any kind of the page is still being read.
func (l *list) reading() bool {
	if len(l.page.kinds()) == 0 { // made of everything
		return !l.store.Complete()
	}
	return slices.ContainsFunc(l.page.kinds(), func(k model.Kind) bool { return l.statusOf(k).State == model.ScopeSyncing })
}

func (l *list) absent() []model.Kind {
	var out []model.Kind
	for _, k := range l.page.kinds() {
		if l.statusOf(k).State == model.ScopeAbsent {
			out = append(out, k)
		}
	}
	return out
}

// refused are the refusals that hide rows of the page.
func (l *list) refused() []model.ScopeStatus {
	kinds := l.page.kinds()
	var out []model.ScopeStatus
	for _, sc := range deniedScopes(slices.Concat(l.store.Scopes(), l.store.Wanted())) {
		if slices.Contains(kinds, sc.Kind) {
			out = append(out, sc)
		}
	}
	return out
}

// deniedRow is the row for what is not readable, nil when all is.
func (l *list) deniedRow() *listRow {
	denied := l.refused()
	if len(denied) == 0 {
		return nil
	}
	r := &listRow{id: listID{what: "denied"}, denied: denied}
	r.state = l.kit.Glyph.Denied()
	r.what = "refused to you: the Role to ask for is below"
	return r
}

// deniedName is what stands for the name of what is not readable.
func deniedName(denied []model.ScopeStatus) string {
	if kinds := kindsOf(denied); len(kinds) > 1 {
		return fmt.Sprintf("%d kinds", len(kinds))
	}
	return denied[0].Kind.Resource()
}

func (l *list) pane(w, h int) []string {
	r, ok := l.table.Current()
	if !ok {
		return nil
	}
	return drawPane(l.kit, w, h, l.sectionsOf(r)...)
}

func (l *list) sectionsOf(r *listRow) []section {
	if r.denied != nil {
		return deniedSections(r.denied, l.store.Connection())
	}
	return l.page.sections(r)
}

// paneNeeds asks for room where there is a Role to copy.
func (l *list) paneNeeds(w int) int {
	r, ok := l.table.Current()
	if !ok || r.denied == nil {
		return 0
	}
	n := 0
	for _, s := range l.sectionsOf(r) {
		n += len(wrap(l.kit, s.text, w-paneIndent-2))
	}
	return n
}

func (l *list) subject() subject {
	r, ok := l.table.Current()
	if !ok {
		return subject{}
	}
	l.look(r)
	if r.denied != nil {
		return subject{name: deniedName(r.denied), state: r.state, cause: r.what, copy: roleYAML(r.denied, l.store.Connection())}
	}
	name := r.about().Name
	if name == "" {
		name = l.tenantName(r.tenant)
	}
	s := subject{name: name, state: r.state, since: l.age(r.since), cause: r.what, copy: name, spot: spot{r.tenant, r.about()}}
	if s.spot.key.Kind == model.KindUnknown {
		s.spot.key = model.Key{} // nothing that could be looked at
	}
	return s
}

// tenantName is how a tenant is called, by its row's key.
func (e *env) tenantName(row string) string {
	if row == model.PlatformKey {
		return model.PlatformName
	}
	return row
}

func (l *list) hints() []keymap.Action {
	open := keymap.Open
	if r, ok := l.table.Current(); ok && r.folds() {
		open = keymap.Unfold
		if l.isOpen(r) {
			open = keymap.Fold
		}
	}
	return []keymap.Action{open, keymap.Escape, keymap.Filter, keymap.Trouble, keymap.Reconcile, keymap.Suspend, keymap.Mark, keymap.Help,
		keymap.Sort, keymap.Copy}
}
