package fluxsync

import "tenantry/model"

// Level says how bad a hazard is.
type Level uint8

// The levels.
const (
	Fine    Level = iota // looked at, and nothing is at stake
	Care                 // something to know
	Unknown              // can't be told from here
	Danger               // something can be deleted by what is about to be done
)

// Hazard is one thing that can go wrong with a sync, computed from what is in
// the cluster. ID is its number in the list people know them by, N1 to N8; ""
// for others.
type Hazard struct {
	ID    string
	Level Level
	Text  string
	// Falls are the objects at stake.
	Falls Falls
}

// Look is what hazards are computed from.
type Look struct {
	Store *model.Store
	Live  Live
	// Want is the sync to be set; nil clears it.
	Want *Spec
	// Seen are the objects at stake as they were just read; nil before that.
	Seen Seen
}

// Hazards are those that apply to setting or clearing the sync now, as the
// cluster is.
func (l Look) Hazards() []Hazard {
	var out []Hazard
	add := func(h ...Hazard) { out = append(out, h...) }
	add(l.pruned()...)
	add(l.inventory()...)
	add(l.helm()...)
	add(l.git()...)
	add(l.operator()...)
	add(l.twice()...)
	return out
}

// Worst is the gravest level among hazards.
func Worst(all []Hazard) Level {
	worst := Fine
	for _, h := range all {
		worst = max(worst, h.Level)
	}
	return worst
}

// Deletes reports whether one of them means that something can be deleted by
// what is about to be done, and not only some day.
func Deletes(all []Hazard) bool {
	for _, h := range all {
		if h.Level == Danger && (len(h.Falls.Objects) > 0 || h.Falls.Unread) {
			return true
		}
	}
	return false
}
