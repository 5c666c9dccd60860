package ui

import (
	"fmt"
	"strings"

	"tenantry/model"
	"tenantry/model/action"
)

// planForm is a plan as a dialog asks about it.
type planForm struct {
	plan    action.Plan
	ticked  []bool
	reason  editLine
	until   editLine
	confirm editLine
	around  struct{ at, n int } // the parts that say what goes on around the steps
	left    map[model.Key]bool  // by remember
}

// askPlan opens the dialog of a plan: what stops or happens, in order, what
// goes on, what would undo it, and what the user may not do.
// Before is the form it takes the place of, whose ticks and words stay.
func (a *App) askPlan(plan action.Plan, before *planForm) {
	f := &planForm{plan: plan, ticked: make([]bool, len(plan.Steps))}
	if before == nil {
		before = a.leftBefore(plan.Wish)
	}
	left := map[model.Key]bool{}
	if before == nil {
		f.reason.insert(plan.Wish.Reason)
		f.until.insert(plan.Wish.Until)
	} else {
		f.reason, f.until, left = before.reason, before.until, before.left
	}
	for i := range plan.Steps {
		s := &plan.Steps[i]
		meant := !s.Optional || plan.TakesBack(a.store, s.Key) || before != nil && before.keys()[s.Key]
		f.ticked[i] = s.Denied == "" && !left[s.Key] && meant
	}
	if plan.Wish.Verb == action.Suspend {
		if a.whys == nil {
			a.whys = map[string]*planForm{}
		}
		a.whys[targetsID(plan.Wish.Targets)] = f
	}
	a.ask(a.planDialog(f))
}

// leftBefore is the form of a suspension of the same targets that was left
// without doing it: what was typed and ticked in it stands again. It is nil for
// none, and where the wish comes with a reason of its own.
func (a *App) leftBefore(w action.Wish) *planForm {
	before := a.whys[targetsID(w.Targets)]
	if before == nil || w.Verb != action.Suspend || w.Reason != "" || w.Until != "" {
		return nil
	}
	return before.remember()
}

// targetsID tells targets from others.
func targetsID(targets []action.Target) string {
	var b strings.Builder
	for _, t := range targets {
		fmt.Fprintf(&b, "%s %s\n", t.Row, t.Key)
	}
	return b.String()
}

// remember keeps what was ticked off, for a form that takes the place of this.
func (f *planForm) remember() *planForm {
	f.left = map[model.Key]bool{}
	for i, on := range f.ticked {
		if s := &f.plan.Steps[i]; !on && s.Denied == "" {
			f.left[s.Key] = true
		}
	}
	return f
}
