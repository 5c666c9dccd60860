package ui

import (
	"fmt"

	"tenantry/themes"
	"tenantry/ui/draw"
)

// tab is one of several views of the same thing.
type tab struct {
	title string
	key   string // what goes to it at once, "" for none
	count int    // how many there are; 0 says nothing
}

func (t tab) words() string {
	if t.count > 0 {
		return fmt.Sprintf("%s %d", t.title, t.count)
	}
	return t.title
}

// tabBar draws tabs on one line and remembers where, for clicks.
type tabBar struct {
	from, to []int // columns, by tab
}

// draw writes the tabs; where it is narrow, the one that is open and how to
// get to the others.
func (b *tabBar) draw(kit draw.Kit, w int, tabs []tab, at int) string {
	b.from, b.to = make([]int, len(tabs)), make([]int, len(tabs))
	l := draw.NewLine(kit, w).Skip(1)
	if w < wide {
		return b.short(kit, l, tabs, at)
	}
	for i, t := range tabs {
		b.from[i] = l.X()
		if i == at {
			l.PutMod(themes.Accent, themes.Strong, t.words())
		} else {
			l.Put(themes.Text, t.words())
		}
		b.to[i] = l.X()
		l.Skip(3)
	}
	if hint := "tab switches"; len(tabs) > 1 && l.Left() > len(hint)+4 {
		l.To(w-len(hint)-1).Put(themes.Muted, hint)
	}
	return l.String()
}

// short names the open tab between two arrows, then the others by their keys.
func (b *tabBar) short(kit draw.Kit, l *draw.Line, tabs []tab, at int) string {
	left, right := kit.Glyph.Sides[0], kit.Glyph.Sides[1]
	b.from[at] = l.X()
	l.Put(themes.Muted, left+" ").PutMod(themes.Accent, themes.Strong, tabs[at].title)
	l.Put(themes.Text, fmt.Sprintf(" %d/%d", at+1, len(tabs))).Put(themes.Muted, " "+right)
	b.to[at] = l.X()
	for i := 1; i < len(tabs); i++ {
		next := (at + i) % len(tabs)
		t := tabs[next]
		words := t.words()
		if l.Left() < kit.Width(t.key+" "+words)+3 {
			break
		}
		l.Skip(3)
		b.from[next] = l.X()
		if t.key != "" {
			l.Put(themes.Accent, t.key+" ")
		}
		l.Put(themes.Muted, words)
		b.to[next] = l.X()
	}
	return l.String()
}

// at is the tab drawn at column x, -1 for none.
func (b *tabBar) at(x int) int {
	for i := range b.from {
		if x >= b.from[i] && x < b.to[i] {
			return i
		}
	}
	return -1
}
