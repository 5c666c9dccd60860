package ui

import (
	"fmt"
	"strings"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
)

// wide is the width from which there is room for seconds and for what is on
// line 1 besides where you are.
const wide = 100

// piece is a styled bit of a line.
type piece struct {
	role themes.Role
	mod  themes.Mod
	text string
}

func width(e *env, pieces []piece) int {
	n := 0
	for _, p := range pieces {
		n += e.kit.Width(p.text)
	}
	return n
}

func put(l *draw.Line, pieces []piece) {
	for _, p := range pieces {
		l.PutMod(p.role, p.mod, p.text)
	}
}

// line1 says where you are, what is special about the session, and how old
// what you see is. The right end is the last to go.
func (a *App) line1(w int) string {
	live := a.live(w)
	badges := a.badges()
	conn := a.store.Connection()
	l := draw.NewLine(a.kit, w)
	room := w - width(&a.env, live) - width(&a.env, badges) - 3
	name := conn.Context
	if name == "" {
		name = conn.Server
	}
	if name == "" {
		name = "tenantry"
	}
	if w >= compactFrom {
		l.Skip(1)
	}
	l.Cell(max(room, min(w/3, 8)), func(l *draw.Line) {
		l.Put(themes.Title, a.kit.CutMiddle(name, max(l.Left()/2, 8)))
		for _, c := range a.crumbs() {
			l.Put(themes.Muted, " "+a.glyphs.Into+" ").Put(themes.Text, c)
		}
		a.middle(l, w)
	})
	put(l, badges)
	l.To(w - width(&a.env, live) - 1)
	put(l, live)
	return l.String()
}

// middle is what stands between the page and the right end of line 1: Flux in
// a few words; while the connection is lost, why.
func (a *App) middle(l *draw.Line, w int) {
	if w < compactFrom {
		return
	}
	if conn := a.store.Connection(); conn.State == model.ConnLost {
		if l.Left() > 12 {
			l.Skip(3).Put(themes.Caution, conn.Err)
		}
		return
	}
	if w >= wide {
		a.drawViews(l)
		return
	}
	if about := a.about(); l.Left() > width(&a.env, about)+3 {
		l.Skip(max((l.Left()-width(&a.env, about))/2, 2))
		put(l, about)
	}
}

// compactFrom is the width below which lines begin at the very edge.
const compactFrom = 60

// crumbs are the pages from the first to the one on top.
func (a *App) crumbs() []string {
	var out []string
	switch ns := a.store.Connection().Namespaces; len(ns) {
	case 0:
	case 1:
		out = append(out, ns[0])
	default:
		out = append(out, fmt.Sprintf("%d namespaces", len(ns)))
	}
	if a.scope.on() {
		out = append(out, a.scope.words(len(a.store.Tenants())))
	}
	from := len(a.pages) - 1
	for from > 0 && !a.isPlace(a.pages[from]) {
		from--
	}
	if from == 0 && len(a.pages) > 1 {
		from = 1 // the way begins at home, which needs no words
	}
	for _, p := range a.pages[from:] {
		out = append(out, p.crumbs()...)
	}
	return out
}

func (a *App) badges() []piece {
	var out []piece
	add := func(s string) { out = append(out, piece{themes.Badge, 0, " " + s + " "}, piece{text: " "}) }
	if a.contexts.cancel != nil {
		add("CONNECTING " + a.contexts.target.words())
	}
	if a.paused {
		add("PAUSED")
	}
	for _, b := range a.opts.Badges {
		add(b)
	}
	if a.opts.Demo != nil && a.speed != 1 {
		add(times(a.speed))
	}
	rules := a.rules()
	if rules.ReadOnly {
		add("READ-ONLY")
	}
	if rules.Protected {
		add("PROTECTED")
	}
	conn := a.store.Connection()
	if conn.User != "" {
		add("AS " + shortUser(conn.User))
	}
	// Not everything that was asked for is read, or read live: say so for good.
	if strings.HasPrefix(conn.NamespacesReason, "only ") {
		read, _, _ := strings.Cut(conn.NamespacesReason, " are read")
		add(strings.ToUpper(read))
	}
	switch n := a.polled(); n {
	case 0:
	case 1:
		add("1 KIND EVERY 30s")
	default:
		add(fmt.Sprintf("%d KINDS EVERY 30s", n))
	}
	return out
}

func worstLink(a, b model.LinkState) model.LinkState {
	if b.Health.Severity() > a.Health.Severity() {
		return b
	}
	return a
}

// line2 is the page's counts, and at the right what narrows the picture.
func (a *App) line2(w int) (line string, cursor int) {
	l := draw.NewLine(a.kit, w)
	if w >= compactFrom {
		l.Skip(1)
	}
	right := a.narrowing()
	need := width(&a.env, right)
	l.Cell(max(w-need-3, w/2), func(l *draw.Line) {
		a.page().counts(l)
		if about := a.about(); w >= wide && len(a.pages) == 1 {
			l.Skip(4)
			// The versions leave first: a sign that is cut says nothing.
			for len(about) > 0 && width(&a.env, about) > l.Left() {
				about = about[aboutPieces:]
			}
			put(l, about)
		}
	})
	l.To(w - need - 1)
	cursor = -1
	if t := a.typist(); t != nil {
		before := a.kit.Width(string(t.input().runes[:t.input().at]))
		typed := l.X() + need - width(&a.env, a.narrowed()) // behind the marks
		cursor = min(typed+a.kit.Width(t.prompt())+before, w-1)
	}
	put(l, right)
	return l.String(), cursor
}

func changes(n int) string {
	if n == 1 {
		return "1 change"
	}
	return fmt.Sprintf("%d changes", n)
}

func (a *App) narrowing() []piece {
	narrowed := a.narrowedToo()
	following := a.following()
	if len(following) > 0 && len(narrowed) > 0 {
		following = append(following, piece{text: "   "})
	}
	return append(following, narrowed...)
}

// narrowedToo is what narrows the picture, behind the marks.
func (a *App) narrowedToo() []piece {
	narrowed := a.withOutside(a.narrowed())
	if words := a.marksWords(); words != "" {
		marks := []piece{{themes.Accent, 0, words}}
		if len(narrowed) > 0 {
			marks = append(marks, piece{text: "  "})
		}
		return append(marks, narrowed...)
	}
	return narrowed
}

// narrowed is what is left out of the picture: changes that wait while it is
// paused, rows that do not fit the filter.
func (a *App) narrowed() []piece {
	if a.paused && a.waiting > 0 {
		return []piece{{themes.Caution, 0, changes(a.waiting) + " waiting"}}
	}
	if t := a.typist(); t != nil {
		out := []piece{{themes.Accent, 0, t.prompt()}, {themes.Text, themes.Strong, t.input().String()}, {text: " "}}
		if found := t.result(); found != "" {
			out = append(out, piece{themes.Muted, 0, " " + found})
		}
		return out
	}
	if s := a.search(); s != nil {
		return s.words()
	}
	f := a.filter()
	if f == nil {
		return nil
	}
	if out := a.awayPieces(a.w); out != nil {
		return out
	}
	if !f.on() {
		return nil
	}
	return []piece{{themes.Accent, 0, f.words()}, {themes.Muted, 0, fmt.Sprintf("  %d hidden", f.hidden)}}
}
