package ui

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/keymap"
)

// away is what changed between the last look at this cluster from this machine
// and the first picture of this run.
type away struct {
	since   time.Time
	shown   bool // on line 2, until the first key
	changes []awayChange
	of      [awayCount]int
}

// awayKind sorts the changes, the ones to look at first.
type awayKind uint8

const (
	awayBroken awayKind = iota
	awayFixed
	awayNew
	awayGone
	awayCount
)

// awayChange is one row that is not as it was.
type awayChange struct {
	row  string // its key
	kind awayKind
	was  model.Health
	had  bool // it was there at the last look
}

// compareLooks finds out what happened since the last look; nothing is said
// when there was none.
func (a *App) compareLooks() {
	m, conn := a.memory, a.store.Connection()
	if uid := a.clusterUID(); uid != "" && m.contents.UID != "" && uid != m.contents.UID {
		return // another cluster under the same name
	}
	last := m.contents.Looks[strings.Join(conn.Namespaces, ",")]
	if last == nil {
		return
	}
	a.noteBetween(last)
	out := &away{since: time.Unix(last.At, 0), shown: a.lastKey.IsZero()}
	before := last.Health()
	a.eachRow(func(key string, t *model.Tenant) {
		word, had := before[key]
		delete(before, key)
		was, ok := model.HealthNamed(word)
		if had && !ok {
			return // a word of another version
		}
		c := awayChange{row: key, was: was, had: had}
		switch {
		case t.Health.Unhealthy() && !(had && was.Unhealthy()):
			c.kind = awayBroken
		case had && was.Unhealthy() && t.Health == model.Ready:
			c.kind = awayFixed
		case !had:
			c.kind = awayNew
		default:
			return
		}
		out.changes = append(out.changes, c)
	})
	for key, word := range before {
		if t := a.store.Tenant(key); key == model.PlatformKey || t != nil {
			continue // there, but not to be judged now
		}
		was, _ := model.HealthNamed(word)
		out.changes = append(out.changes, awayChange{row: key, kind: awayGone, was: was, had: true})
	}
	for _, c := range out.changes {
		out.of[c.kind]++
	}
	slices.SortFunc(out.changes, func(x, y awayChange) int {
		if x.kind != y.kind {
			return int(x.kind) - int(y.kind)
		}
		return strings.Compare(x.row, y.row)
	})
	m.away = out
}

// awayOver takes the line away: it is for who comes back, before the first
// key.
func (a *App) awayOver() {
	if a.memory.away != nil {
		a.memory.away.shown = false
	}
}

// awayShown is what is on line 2, nil when nothing is.
func (a *App) awayShown() *away {
	if out := a.memory.away; out != nil && out.shown && len(a.pages) == 1 {
		return out
	}
	return nil
}

// awayPieces write the line: "since 18:40: 5 new ✗, 1 fixed (h)".
func (a *App) awayPieces(w int) []piece {
	out := a.awayShown()
	if out == nil {
		return nil
	}
	counts := draw.NewLine(a.kit, w)
	a.page().counts(counts)
	room := w - counts.X() - 3
	if about := a.about(); w >= wide {
		room -= width(&a.env, about) + 4
	}
	for _, more := range []bool{true, false} {
		if words := a.awayWords(out, w >= compactFrom, more); width(&a.env, words) <= room {
			return words
		}
	}
	return a.awayWords(out, w >= wide, false) // the counts matter more
}

// awayWords write the line, with when that was and with what matters less.
func (a *App) awayWords(out *away, when, more bool) []piece {
	bad := a.glyphs.Of(model.Failed)
	var pieces []piece
	if when {
		pieces = append(pieces, piece{themes.Muted, 0, "since " + sinceWhen(out.since, a.local) + ": "})
	}
	said := 0
	add := func(kind awayKind, words ...piece) {
		if n := out.of[kind]; n > 0 && (said == 0 || when) {
			if said > 0 {
				pieces = append(pieces, piece{themes.Muted, 0, ", "})
			}
			pieces = append(append(pieces, piece{themes.Text, 0, fmt.Sprint(n) + " "}), words...)
			said++
		}
	}
	add(awayBroken, piece{text: "new "}, piece{bad.Role, 0, bad.Shape})
	add(awayFixed, piece{text: "fixed"})
	if said == 0 || more {
		add(awayNew, piece{text: "new " + plural("tenant", out.of[awayNew])})
		add(awayGone, piece{text: "gone"})
	}
	if said == 0 {
		return append(pieces, piece{themes.Muted, 0, "nothing new"})
	}
	return append(pieces, piece{themes.Muted, 0, " ("}, piece{themes.Accent, 0, a.key(keymap.History)}, piece{themes.Muted, 0, ")"})
}

func plural(word string, n int) string {
	if n == 1 {
		return word
	}
	return word + "s"
}

// sinceWhen writes a moment in few letters: its time as long as that can mean
// no other day, its day and time within a week, else its date.
func sinceWhen(at, now time.Time) string {
	at = at.In(now.Location())
	switch days := now.Sub(at) / (24 * time.Hour); {
	case now.Sub(at) < 20*time.Hour:
		return at.Format("15:04")
	case days < 6:
		return at.Format("Mon 15:04")
	case at.Year() == now.Year():
		return at.Format("Jan 2")
	}
	return at.Format("2006-01-02")
}
