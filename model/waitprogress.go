package model

import (
	"fmt"
	"strings"
)

// progress says how far the commit is in one line.
func (t *WaitTarget) progress() string {
	short := ShortRevision(t.Revision)
	switch {
	case t.Live:
		return short + " is live"
	case t.Cause != "":
		return joined(short+" "+t.Outcome.String(), t.Cause, t.Trouble)
	}
	return joined(t.stage(short), "", t.Trouble)
}

// news is what of the progress is new when it changes.
func (t *WaitTarget) news() string {
	told := *t
	if t.trouble != TroubleNone {
		told.Trouble = fmt.Sprint(t.trouble)
	}
	return told.progress()
}

// joined says what came about, why, and what trouble there is; a word that the
// reason begins with is not said twice.
func joined(what, why, trouble string) string {
	if what == "" {
		return ""
	}
	if why != "" {
		last := what[strings.LastIndexByte(what, ' ')+1:]
		what += ": " + strings.TrimPrefix(why, last+": ")
	}
	return also(what, trouble)
}

// also adds what there may be more to say.
func also(what, more string) string {
	if more == "" {
		return what
	}
	return what + "; " + more
}

// stage is how far the commit is.
func (t *WaitTarget) stage(short string) string {
	switch t.Outcome {
	case OutcomeWaiting:
		if t.Fetched.Known() {
			return also("fetched "+short, t.BusyWords())
		}
		return ""
	case OutcomeApplying:
		if t.Applied.Known() {
			return "applied " + short + t.pods() + ", health checks run"
		}
		return "applying " + short + t.pods()
	case OutcomeApplied, OutcomeUnchanged:
		return "applied " + short + t.pods()
	case OutcomeUntold:
		return "" // what ends the waiting says it
	}
	return short + " " + t.Outcome.String()
}

// pods says how far the workloads are.
func (t *WaitTarget) pods() string {
	out := ""
	for i := range t.Moves {
		m := &t.Moves[i]
		switch {
		case m.Desired == 0 && m.Superseded:
			continue // its pods went with it, and nobody counts them any more
		case m.Desired == 0:
			out += ", " + m.Workload.Name + " wants no pods"
			continue
		}
		out += ", " + m.Workload.Name
		if m.AtOrBefore != "" {
			out += " (at or before " + ShortRevision(m.AtOrBefore) + ")"
		}
		out += fmt.Sprintf(" %d of %d new pods", min(m.Updated, m.Desired), m.Desired)
		if m.State == RolloutAvailability {
			out += " starting"
		}
		if m.State == RolloutDone {
			out += " ready"
		}
	}
	return out
}
