package ui

import (
	"os"
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"tenantry/ui/draw"
	"tenantry/ui/table"
)

// textWidth is how wide a page is written that is narrower on the screen.
const textWidth = 160

// whole pages can be drawn in full, beyond what the screen shows.
type whole interface {
	// wholeBody returns every line of the body, without touching what is in sight.
	wholeBody(w int) []string
}

// pageText is the page on top as plain text, all of it: for the clipboard, a
// file, a screen reader.
func (a *App) pageText() string {
	w := max(a.w, textWidth)
	line2, _ := a.line2(w)
	lines := []string{a.line1(w), line2}
	page := a.page()
	if p, ok := page.(whole); ok {
		lines = append(lines, "")
		lines = append(lines, p.wholeBody(w)...)
	} else {
		lines = append(lines, page.body(a.w, max(a.h, 1))...)
	}
	if pane := page.pane(w, 12); len(pane) > 0 {
		lines = append(lines, "")
		lines = append(lines, pane...)
	}
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(strings.TrimRight(ansi.Strip(l), " "))
		b.WriteByte('\n')
	}
	return b.String()
}

// wholeTable draws every row of a table.
func wholeTable[K comparable, V any](t *table.Table[K, V], kit draw.Kit, w int) []string {
	all := *t // the table itself keeps its place
	return all.View(kit, w, t.Len()+1)
}

func (s *tenants) wholeBody(w int) []string  { return wholeTable(s.table, s.kit, w) }
func (l *list) wholeBody(w int) []string     { return wholeTable(l.table, l.kit, w) }
func (h *helpPage) wholeBody(w int) []string { return wholeTable(h.table, h.kit, w) }

func (p *objectPage) wholeBody(w int) []string {
	if t := p.text(); t != nil {
		return strings.Split(strings.TrimRight(t.Text(), "\n"), "\n")
	}
	return wholeTable(p.tree.table, p.kit, w)
}

func (p *tenantPage) wholeBody(w int) []string {
	switch p.tab {
	case tabOverview:
		return wholeTable(p.tree.table, p.kit, w)
	case tabDeployments:
		return wholeTable(p.deployments.table, p.kit, w)
	}
	return strings.Split(strings.TrimRight(p.text().Text(), "\n"), "\n")
}

// writePage writes the page on top to a file in the current folder.
func (a *App) writePage() tea.Cmd {
	crumbs := a.page().crumbs()
	name := "page"
	if len(crumbs) > 0 {
		name = fileWord(crumbs[len(crumbs)-1])
	}
	return writeText("tenantry-"+name+"-"+a.local.Format("20060102-150405")+".txt", a.pageText())
}

// fileWord makes a word that is safe in a file's name.
func fileWord(s string) string {
	word := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r - 'A' + 'a'
		}
		return '-'
	}, s)
	word = strings.Trim(word, "-")
	for strings.Contains(word, "--") {
		word = strings.ReplaceAll(word, "--", "-")
	}
	if len(word) > 80 {
		word = word[:80]
	}
	return orNone(word, "page")
}

// writeText writes a new file that nobody else may read: a page says much of a
// cluster.
func writeText(path, text string) tea.Cmd {
	return func() (msg tea.Msg) {
		defer caught(&msg)
		err := writeNew(path, text)
		if whole, e := filepath.Abs(path); e == nil {
			path = whole
		}
		return wroteMsg{path, err}
	}
}

func writeNew(path, text string) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	_, err = f.WriteString(text)
	return err
}

// wrote says where the page is, or why it is not.
func (a *App) wrote(msg wroteMsg) {
	a.notice, a.dirty = "wrote "+msg.path, true
	if msg.err != nil {
		a.notice = "could not write the page: " + msg.err.Error()
	}
}
