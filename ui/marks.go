package ui

import (
	"time"

	"tenantry/themes"
	"tenantry/ui/glyph"
	"tenantry/ui/text"
)

type mark = glyph.Mark

func ageOf(d time.Duration) string { return text.Age(d) }

// How long a change is shown, and how: reversed, then bold; the dot in the
// gutter stays longest. Above busyRate changes a second only the dot.
const (
	flashFor  = time.Second
	strongFor = 10 * time.Second
	freshFor  = 30 * time.Second
	busyRate  = 20
)

// cells a change can be shown in.
type cell uint8

const (
	cellState cell = iota
	cellRevision
	cellGeneration
	cellCount
)

// marks remember when the cells of a row changed. The zero value: never.
type marks struct {
	at    [cellCount]time.Time
	fresh time.Time
}

func (m *marks) note(c cell, at time.Time, busy bool) {
	m.fresh = at
	if !busy {
		m.at[c] = at
	}
}

func (m *marks) isFresh(now time.Time) bool {
	return !m.fresh.IsZero() && now.Sub(m.fresh) < freshFor
}

func (m *marks) mods(c cell, now time.Time) themes.Mod {
	if m.at[c].IsZero() {
		return 0
	}
	switch age := now.Sub(m.at[c]); {
	case age < flashFor:
		return themes.Flash
	case age < strongFor:
		return themes.Strong
	}
	return 0
}

// rate counts changes in the second that is running.
type rate struct {
	second int64
	n      int
}

// add counts n changes and reports whether there are too many to flash.
func (r *rate) add(n int, now time.Time) bool {
	if s := now.Unix(); s != r.second {
		r.second, r.n = s, 0
	}
	r.n += n
	return r.n > busyRate
}
