package ui

import (
	"fmt"

	tea "charm.land/bubbletea/v2"
)

// sending reports whether a step is being sent this very moment: what is only
// followed goes on without being watched.
func (a *App) sending() bool {
	for _, d := range a.deeds {
		for i := range d.steps {
			if d.steps[i].state == stepSending {
				return true
			}
		}
	}
	return false
}

// leaveDeeds stops following what is on its way, and says so. What was not sent
// yet stays open in the journal, so that it is asked about another time.
func (a *App) leaveDeeds() (words string, cmd tea.Cmd) {
	var cmds []tea.Cmd
	for _, d := range a.deeds {
		if d.over {
			continue
		}
		unsent := 0
		for i := range d.steps {
			if d.steps[i].state == stepWaits && !d.plan.Steps[i].Watch {
				unsent++
			}
		}
		words += "; " + d.plan.Title + " on " + a.here() + " goes on, but is no longer followed"
		if unsent > 0 {
			words += fmt.Sprintf(", and %d of its %d steps were not sent", unsent, len(d.steps))
		} else if a.opts.Journal != nil {
			cmds = append(cmds, a.endRecord(d.id, notFollowed))
		}
	}
	return words, tea.Batch(cmds...)
}

// notFollowed is how the journal ends what was sent in full.
const notFollowed = "sent, not followed to its end"
