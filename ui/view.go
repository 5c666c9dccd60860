package ui

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/frame"
	"tenantry/ui/keymap"
)

// View returns the frame. Bubble Tea asks after every message, so a frame that
// has not changed is returned as it was.
func (a *App) View() tea.View {
	if !a.dirty {
		return a.view
	}
	a.dirty = false
	a.kit.Theme = a.theme
	if a.store.Connection().State == model.ConnLost || a.fault != nil {
		a.kit.Theme = a.drained // old data has no colour
	}
	content, cursor := a.compose()
	v := tea.NewView(content)
	v.AltScreen = true
	v.WindowTitle = a.title()
	if !a.mouseOff {
		v.MouseMode = tea.MouseModeCellMotion
	}
	v.Cursor = cursor
	a.view = v
	return v
}

// compose draws the whole screen: never more lines or columns than there are.
func (a *App) compose() (string, *tea.Cursor) {
	if a.w <= 0 || a.h <= 0 {
		return "", nil
	}
	a.zones = a.zones[:0]
	page := a.page()
	above := page.above(a.w)
	need := page.paneNeeds(a.w)
	if a.tour != nil {
		need = max(need, frame.Pane(a.h)) + tourHeight
	}
	s := frame.Divide(a.w, a.h, min(len(above), 1), need, a.zoomed)
	var lines []string
	var cursor *tea.Cursor
	if s.Compact {
		lines, cursor = a.compact()
	} else {
		lines, cursor = a.full(s, above)
	}
	if a.menu != nil {
		var box []string
		box, cursor = a.menu.view(a.kit, a.w, a.h)
		lines = frame.Overlay(a.kit, lines, box, a.w)
		a.menuAt = zone{w: ansi.StringWidth(box[0]), h: len(box)}
		a.menuAt.x, a.menuAt.y = frame.Middle(a.w, len(lines), a.menuAt.w, a.menuAt.h)
		if cursor != nil {
			cursor.X, cursor.Y = min(cursor.X+a.menuAt.x, a.w-1), min(cursor.Y+a.menuAt.y, a.h-1)
		}
	}
	if a.dialog != nil {
		lines, cursor = a.overDialog(lines)
	}
	if len(lines) > a.h {
		lines = lines[:a.h]
	}
	return strings.Join(lines, "\n"), cursor
}

func (a *App) full(s frame.Sizes, above string) ([]string, *tea.Cursor) {
	page := a.page()
	lines := make([]string, 0, s.H)
	lines = append(lines, a.line1(s.W))
	var cursor *tea.Cursor
	if s.Head > 1 {
		line, x := a.line2(s.W)
		lines = append(lines, line)
		if x >= 0 {
			cursor = tea.NewCursor(x, 1)
		}
	}
	if s.Above > 0 {
		a.zone(0, len(lines), s.W, 1, zoneAbove)
		lines = append(lines, above)
	}
	a.zone(0, len(lines), s.W, s.Body, zoneBody)
	lines = appendBlock(lines, page.body(s.W, s.Body), s.Body)
	if s.Rule > 0 {
		lines = append(lines, a.rule(s.W))
	}
	led := a.tourLines(s.W, min(s.Pane, tourHeight))
	lines = append(lines, led...)
	if rest := s.Pane - len(led); rest > 0 {
		lines = appendBlock(lines, a.paneLines(s.W, rest), rest)
	}
	if s.Keys > 0 {
		lines = append(lines, a.keyLine(s.W, len(lines)))
	}
	return lines, cursor
}

// appendBlock adds exactly n lines.
func appendBlock(lines, block []string, n int) []string {
	if len(block) > n {
		block = block[:n]
	}
	lines = append(lines, block...)
	for i := len(block); i < n; i++ {
		lines = append(lines, "")
	}
	return lines
}

// said is the last word: about the last key, else about the last action.
func (a *App) said() string {
	if a.notice != "" {
		return a.notice
	}
	return a.deedLine()
}

// paneLines are the pane's. What was said and does not fit the rule is said
// there in full, until the next key.
func (a *App) paneLines(w, h int) []string {
	if said := a.said(); h > 1 && a.kit.Width(said) > w-8 && (a.notice != "" || a.unread()) {
		return drawPane(a.kit, w, h, section{label: "SAID", text: said})
	}
	return a.page().pane(w, h)
}

// rule is the one rule; it carries the last action until the next key.
func (a *App) rule(w int) string {
	l := draw.NewLine(a.kit, w)
	if said := a.said(); said != "" {
		l.Put(themes.Rule, strings.Repeat(a.glyphs.Rule, 2)).Put(themes.Text, " "+a.kit.Cut(said, w-8)+" ")
	}
	return l.Put(themes.Rule, strings.Repeat(a.glyphs.Rule, max(l.Left(), 0))).String()
}

// keyLine names the keys that matter for this row, and the position.
func (a *App) keyLine(w, y int) string {
	at, of := a.page().position()
	if a.menu != nil {
		at, of = a.menu.at+1, len(a.menu.items)
		if a.menu.find == nil && of == 1 {
			of = 0 // nothing to choose from
		}
	}
	position := ""
	if of > 0 {
		position = fmt.Sprintf("%d/%d", at, of)
	}
	l := draw.NewLine(a.kit, w)
	if w >= compactFrom {
		l.Skip(1)
	}
	room := w - len(position) - 2
	scopes := a.scopes()
	actions := a.page().hints()
	switch {
	case a.dialog != nil:
		actions = a.dialog.hints()
	case a.menu != nil:
		actions = a.menu.hints()
	case scopes[0] == keymap.Typing:
		actions = []keymap.Action{keymap.Take, keymap.Leave, keymap.Previous, keymap.Next}
	}
	for _, action := range actions {
		key, word, ok := a.keys.KeyFor(scopes, action)
		if !ok || a.dialog == nil && a.menu == nil && (a.refusal(action) != "" || a.pointless(action)) {
			continue
		}
		if action == keymap.Suspend && a.resumes() {
			word = "resume"
		}
		if a.glyphs.ASCII {
			key = asciiKey(key)
		}
		n := a.kit.Width(key) + 1 + a.kit.Width(word)
		if l.X()+n > room {
			continue
		}
		a.zones = append(a.zones, zone{l.X(), y, n, 1, zoneKey, action})
		l.Put(themes.Accent, key).Put(themes.Text, " "+word).Skip(min(2, room-l.X()))
	}
	l.To(w - len(position) - 1)
	return l.Put(themes.Muted, position).String()
}

// compact is the screen for a terminal too small for a list: counts, then the
// row under the cursor, then as much of the list as fits.
func (a *App) compact() ([]string, *tea.Cursor) {
	line2, x := a.line2(a.w)
	lines := []string{a.line1(a.w), line2}
	var cursor *tea.Cursor
	if x >= 0 {
		cursor = tea.NewCursor(x, 1)
	}
	s := a.page().subject()
	rest := a.h - 3 // without the two above and the key line
	if a.search() != nil && a.tour == nil {
		s = subject{} // a text is what is looked at, however little of it fits
		if rest > 0 {
			a.zone(0, len(lines), a.w, rest, zoneBody)
			lines, rest = appendBlock(lines, a.page().body(a.w, rest), rest), 0
		}
	}
	if s.name != "" && rest > 0 {
		l := draw.NewRow(a.kit, a.w, 0).Put(themes.Accent, a.glyphs.Cursor)
		tail := a.Turn(s.state)
		need := a.kit.Width(tail.Shape+" "+tail.Word) + 1
		l.Put(themes.Title, a.kit.CutMiddle(s.name, max(a.w-need-1, 6))).Skip(1)
		l.Put(tail.Role, tail.Shape).Put(themes.Text, " "+tail.Word)
		if s.since != "" {
			l.Skip(1).Put(themes.Text, s.since)
		}
		lines = append(lines, l.String())
		rest--
	}
	causes := wrap(a.kit, s.cause, a.w)
	if a.tour != nil {
		causes = wrap(a.kit, a.tour.brief(a), a.w)
	}
	room := min(rest, max(rest-6, 4)) // a few rows of the list, where they fit
	for i := 0; i < len(causes) && i < room; i++ {
		line := causes[i]
		if i == room-1 {
			line = strings.Join(causes[i:], " ")
		}
		lines = append(lines, draw.NewLine(a.kit, a.w).Put(themes.Text, line).String())
		rest--
	}
	if rest >= 4 {
		lines = append(lines, draw.NewLine(a.kit, a.w).Put(themes.Rule, strings.Repeat(a.glyphs.Rule, a.w)).String())
		a.zone(0, len(lines), a.w, rest-1, zoneBody)
		lines = appendBlock(lines, a.page().body(a.w, rest-1), rest-1)
	}
	for len(lines) < a.h-1 {
		lines = append(lines, "")
	}
	if a.h < 3 {
		return lines, nil
	}
	return append(lines, a.keyLine(a.w, a.h-1)), cursor
}

// asciiKey writes the arrows where there are none.
func asciiKey(key string) string {
	switch key {
	case "↑":
		return "up"
	case "↓":
		return "down"
	case "←":
		return "left"
	case "→":
		return "right"
	}
	return key
}
