package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
)

// Errands are what the pages want done outside the event loop: kinds read that
// are not always watched, single objects asked for. Pages say what they want;
// after every message the app sends what is new of it.

// wanting pages need kinds that are read on request.
type wanting interface {
	wants() []model.Want
}

// asking pages show a live object.
type asking interface {
	// ask returns the object to ask for now; false for none, also while an
	// answer is outstanding.
	ask() (model.ObjectRef, bool)
	answered(documentMsg)
}

// errands are the commands that come of what the pages want by now.
func (a *App) errands() []tea.Cmd {
	var cmds []tea.Cmd
	if wants := a.wanted(); !slices.Equal(wants, a.wants) {
		a.wants = wants
		cmds = append(cmds, want(a.cluster, a.wanting, wants))
	}
	cmds = append(append(cmds, a.tailErrands()...), a.historyErrands()...)
	if cmd := a.ring(); cmd != nil {
		cmds = append(cmds, cmd)
	}
	if cmd := a.reportErrand(); cmd != nil {
		cmds = append(cmds, cmd)
	}
	if cmd := a.tend(); cmd != nil {
		cmds = append(cmds, cmd)
	}
	a.offerAgain()
	if cmd := a.askDue(); cmd != nil {
		cmds = append(cmds, cmd)
	}
	if d := a.dialog; d != nil && d.live != nil {
		if cmd := d.live(d); cmd != nil {
			cmds = append(cmds, cmd)
		}
	}
	if cmd := a.findUnfinished(); cmd != nil {
		cmds = append(cmds, cmd)
	}
	if p, ok := a.page().(secretsPage); ok {
		if namespace, now := p.secretsOf(); now {
			cmds = append(cmds, listSecrets(a.ctx, a.cluster, a.epoch, namespace))
		}
	}
	if cmd := a.setupErrands(); cmd != nil {
		cmds = append(cmds, cmd)
	}
	if cmd := a.askRights(); cmd != nil {
		cmds = append(cmds, cmd)
	}
	if p, ok := a.page().(asking); ok {
		if ref, now := p.ask(); now {
			cmds = append(cmds, document(a.ctx, a.cluster, a.epoch, ref))
		}
	}
	if cmd := a.askAuthor(); cmd != nil {
		cmds = append(cmds, cmd)
	}
	if cmd := a.keepDraft(); cmd != nil {
		cmds = append(cmds, cmd)
	}
	if cmd := a.remember(); cmd != nil {
		cmds = append(cmds, cmd)
	}
	return cmds
}

// wanted is what all open pages want, in a fixed order: those below the top
// keep what they show, so that going back to them reads nothing anew.
func (a *App) wanted() []model.Want {
	var out []model.Want
	for _, page := range a.pages {
		if p, ok := page.(wanting); ok {
			out = append(out, p.wants()...)
		}
	}
	out = append(out, a.reportWants()...)
	slices.SortFunc(out, func(x, y model.Want) int {
		if x.Kind != y.Kind {
			return int(x.Kind) - int(y.Kind)
		}
		return strings.Compare(x.Namespace, y.Namespace)
	})
	return slices.Compact(out)
}

// takeAnswer hands an object that was asked for to the pages that show it.
func (a *App) takeAnswer(msg documentMsg) {
	if msg.epoch != a.epoch {
		return
	}
	for _, page := range a.pages {
		if p, ok := page.(asking); ok {
			p.answered(msg)
		}
	}
	a.dirty = true
}
