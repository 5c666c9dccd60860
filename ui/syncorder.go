package ui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/fluxsync"
	"tenantry/themes"
	"tenantry/ui/text"
)

// syncOrder is an order with what the server and the cluster's state say about
// it: what a dialog shows before anything is sent.
type syncOrder struct {
	order   fluxsync.Order
	live    liveInstance
	form    *syncForm // nil when it is cleared
	changes []fluxsync.Change
	hazards []fluxsync.Hazard
	guards  []fluxsync.Guard
	ticks   []bool // by guard
	keep    bool   // clear: suspend the Kustomization first
	canKeep bool
	confirm editLine
	at      string // when the dry run was
}

func (a *App) newSyncOrder(order fluxsync.Order, changes []fluxsync.Change, said syncTriedMsg, form *syncForm) *syncOrder {
	look := fluxsync.Look{Store: a.store, Live: order.Live, Want: order.Want, Seen: said.seen}
	o := &syncOrder{order: order, live: said.live, form: form, changes: changes, hazards: look.Hazards(), guards: look.Guards(), at: text.Clock(a.now, a.now)}
	o.ticks = make([]bool, len(o.guards))
	for i, g := range o.guards {
		o.ticks[i] = g.Wise
	}
	if order.Want == nil {
		_, sync := order.Live.Sync.Made(order.Live.Key.Namespace)
		if ks := a.store.Get(sync); ks != nil && !ks.IsSuspended() {
			o.canKeep, o.keep = true, true
		}
	}
	return o
}

// carry takes over what was ticked and typed in an earlier look.
func (o *syncOrder) carry(was *syncOrder) {
	for i, g := range o.guards {
		for j, h := range was.guards {
			if g == h {
				o.ticks[i] = was.ticks[j]
			}
		}
	}
	if o.canKeep && was.canKeep {
		o.keep = was.keep
	}
}

func (o *syncOrder) ticked() []fluxsync.Guard {
	var out []fluxsync.Guard
	for i, on := range o.ticks {
		if on {
			out = append(out, o.guards[i])
		}
	}
	return out
}

// differs says what is not as it was shown, "" when all is: the dry run's
// changes, what can be deleted or is to be known, and who writes the sync again.
func (o *syncOrder) differs(now *syncOrder) string {
	if o.order.Live.UID != now.order.Live.UID {
		return "another FluxInstance of that name has taken its place"
	}
	if differs, same := fluxsync.SameChanges(o.changes, now.changes); !same {
		return "the dry run is not what was shown any more: " + differs
	}
	for _, h := range now.hazards {
		if h.Level != fluxsync.Fine && !slices.ContainsFunc(o.hazards, func(was fluxsync.Hazard) bool {
			return was.Level == h.Level && was.Text == h.Text && slices.Equal(was.Falls.Objects, h.Falls.Objects)
		}) {
			return "what is at stake has changed: " + h.Text
		}
	}
	was := againWords(o.order.Live)
	for _, words := range againWords(now.order.Live) {
		if !slices.Contains(was, words) {
			return "who writes the sync again has changed: " + words
		}
	}
	return ""
}

// deletes reports whether something can be deleted by what is ticked.
func (o *syncOrder) deletes() bool {
	return fluxsync.Deletes(o.hazards) && !o.keep
}

// confirmWord is what has to be typed, "" for nothing.
func (a *App) confirmWord(o *syncOrder) string {
	switch {
	case a.rules().Protected:
		return a.contextName()
	case o.deletes():
		at := o.order.Want
		if at == nil {
			at = o.order.Live.Sync
		}
		return at.EffectiveName(o.order.Live.Key.Namespace)
	}
	return ""
}

// orderDialog says what will happen.
func (a *App) orderDialog(o *syncOrder) *dialog {
	stage := ""
	if o.form != nil {
		stage = "2 of 2"
	}
	d := &dialog{title: a.syncTitle(o.order.Verb(), o.order.Live, stage)}
	d.danger = fluxsync.Deletes(o.hazards) || o.order.Force
	d.parts = a.orderParts(o)
	d.buttons = []button{{word: "Cancel", harmless: true}}
	if o.form != nil {
		d.buttons = append(d.buttons, button{word: "Back", harmless: true, press: func() tea.Cmd { a.ask(a.formDialog(o.form)); return nil }})
	}
	d.buttons = append(d.buttons, button{word: verbOf(o.order), refused: func() string { return o.live.denied }, press: func() tea.Cmd {
		return a.trySync(&syncTrial{from: d, form: o.form, order: o.order, shown: o})
	}})
	mark := len(d.buttons) - 1
	if d.danger || o.order.Want == nil || a.rules().Protected || fluxsync.Worst(o.hazards) == fluxsync.Danger {
		mark = 0
	}
	markButton(d, mark)
	d.detail = func() string { return a.orderText(o) }
	d.printed = func() string {
		order := o.order
		order.Guards, order.Keep = o.ticked(), o.keep
		return a.syncPrinted(order)
	}
	d.refresh = func(d *dialog) {
		now := a.store.Get(o.order.Live.Key)
		switch {
		case now == nil || now.UID != o.order.Live.UID:
			d.said = "the FluxInstance is gone, or another took its place"
		case now.Generation != o.order.Live.Generation:
			d.said = "somebody changed the FluxInstance meanwhile: going on asks the server again and shows it anew"
		}
	}
	return d
}

func (a *App) orderParts(o *syncOrder) []part {
	parts := []part{{grid: a.syncGrid(o)}}
	add := func(label, words string, role themes.Role) {
		parts = append(parts, part{label: label, text: words, role: role})
	}
	for _, c := range o.changes {
		if !strings.HasPrefix(c.Path, ".spec.sync") {
			add("ALSO", fmt.Sprintf("%s: %s → %s", c.Path, orNothing(c.Before), orNothing(c.After)), themes.Caution)
		}
	}
	parts = append(parts, a.againParts(o)...)
	if o.order.Want != nil && o.order.Want.PullSecret != "" {
		words, role := o.live.secretWords(*o.order.Want)
		add("SECRET", words, role)
	}
	if o.canKeep {
		_, sync := o.order.Live.Sync.Made(o.order.Live.Key.Namespace)
		parts = append(parts, part{label: "KEEP", gap: true, tick: &o.keep, text: fmt.Sprintf("suspend %s first: a suspended one deletes nothing when it goes; what it applied stays, and nobody applies it any more", sync)})
	}
	parts = append(parts, a.hazardParts(o)...)
	for i, g := range o.guards {
		parts = append(parts, part{label: first(i, "GUARD"), gap: i == 0, tick: &o.ticks[i], text: fmt.Sprintf("%s: %s: %s", g.Annotation, g.Value, g.Why)})
	}
	if o.order.Want != nil {
		parts = append(parts, part{label: "LASTING", gap: true, text: o.order.Live.Durable(*o.order.Want).Where + "; ctrl+o prints it"})
	}
	parts = append(parts, part{label: "DRY RUN", gap: o.order.Want == nil, state: a.glyphs.Of(model.Ready), text: a.dryRunWords(o)})
	parts = append(parts, stakeParts(o)...)
	if word := a.confirmWord(o); word != "" || o.canKeep && fluxsync.Deletes(o.hazards) {
		parts = append(parts, a.confirmPart(o))
	}
	return parts
}

func (a *App) dryRunWords(o *syncOrder) string {
	words := "accepted " + o.at + ", no conflict"
	if o.order.Force {
		words = "accepted " + o.at + ", taking over what belongs to others"
	}
	if len(o.changes) == 0 {
		words += "; it would change nothing"
	}
	return words + ". It is asked again just before sending; if it would do anything else, nothing is sent."
}

// confirmPart is where the name is typed. What is ticked meanwhile decides
// whether it has to be.
func (a *App) confirmPart(o *syncOrder) part {
	hint := "type " + a.confirmWord(o) + " to confirm"
	if a.confirmWord(o) == "" {
		untouched := *o
		untouched.keep = false
		hint = "only when KEEP is not ticked: type " + a.confirmWord(&untouched)
	}
	return part{label: "CONFIRM", line: &o.confirm, hint: hint, gap: true, problem: func(s string) string {
		if word := a.confirmWord(o); word != "" && s != word {
			return "objects can be deleted by this: type " + word + " to confirm"
		}
		return ""
	}}
}
