package ui

import (
	"fmt"
	"strings"
	"time"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/ui/keymap"
	"tenantry/ui/text"
)

// shortDeed is up to how many steps the rule tells one by one.
const shortDeed = 3

var verbKeys = map[action.Verb]keymap.Action{
	action.Reconcile: keymap.Reconcile, action.Fetch: keymap.Fetch, action.Suspend: keymap.Suspend, action.Resume: keymap.Suspend,
	action.SaveCredential: keymap.Credential,
}

// deedLine is the last action in one line: what was asked, when, what came of
// it and how long that took; or where it stopped and why.
func (a *App) deedLine() string {
	if len(a.deeds) == 0 {
		return a.unseenLine()
	}
	d := a.deeds[len(a.deeds)-1]
	line := a.outcome(d)
	if hint := a.mendHint(d); hint != "" {
		line += "; " + hint
	}
	if d.noEvent != "" {
		line += "; no Event was left: " + d.noEvent
	}
	return line
}

// outcome is how far a deed has come.
func (a *App) outcome(d *deed) string {
	words := a.kit.Glyph.Into
	head := d.plan.Wish.Verb.String()
	if k, ok := verbKeys[d.plan.Wish.Verb]; ok && d.plan.Wish.Verb != action.Resume {
		head = a.key(k)
	}
	head += " " + d.subject() + " " + text.Clock(d.began.In(a.now.Location()), a.now)
	if d.over && d.failed() == 0 && d.unsure() {
		return a.glyphs.Of(model.Unknown).Shape + " " + head + " " + words + " not known whether the Secret was written: " + oldStays
	}
	if len(d.steps) > shortDeed && !d.chained() {
		line := head + " " + words + " " + d.tally()
		if n, first := d.undone(); n > 0 {
			return a.glyphs.Of(model.Failed).Shape + " " + line + fmt.Sprintf("; %d undone, %s", n, first)
		}
		switch {
		case d.failed() > 0:
			line = a.glyphs.Of(model.Failed).Shape + " " + line
		case d.over:
			line += " " + a.glyphs.Of(model.Ready).Shape
		}
		return line
	}
	parts := d.told()
	line := head + " " + words + " " + strings.Join(parts, " "+words+" ")
	if n, first := d.undone(); n > 0 {
		line = a.glyphs.Of(model.Failed).Shape + " " + line + " " + words + " " + first
	} else if d.over && d.failed() == 0 {
		line += " " + a.glyphs.Of(model.Ready).Shape
		if after := d.after(); after != "" {
			line += " " + after
		}
	} else if d.failed() > 0 {
		line = a.glyphs.Of(model.Failed).Shape + " " + line
	}
	return line
}

// told are the steps in a few words each; several that ended alike one after the
// other are one.
func (d *deed) told() []string {
	var parts []string
	for i := 0; i < len(d.steps); i++ {
		s, alike := &d.steps[i], 1
		for s.state == stepDone && i+1 < len(d.steps) && d.steps[i+1].state == stepDone && d.steps[i+1].words == s.words {
			i++
			alike++
		}
		said := d.say(i)
		if alike > 1 {
			said = fmt.Sprintf("%d %s%s", alike, s.words, d.lasted(i-alike+1, i))
		}
		if said != "" {
			parts = append(parts, said)
		}
	}
	return parts
}

// chained reports whether the steps follow from one another, as what comes of
// a sync does: they are told one by one, however many there are.
func (d *deed) chained() bool {
	for i := range d.plan.Steps {
		if d.plan.Steps[i].Watch {
			return true
		}
	}
	return false
}

// subject is what a deed is about, in few letters: the namespace of one object
// is on the screen already.
func (d *deed) subject() string {
	if t := d.plan.Wish.Targets; len(t) == 1 && t[0].Key != (model.Key{}) {
		return t[0].Key.Kind.String() + " " + t[0].Key.Name
	}
	return strings.TrimPrefix(d.plan.Title, d.plan.Wish.Verb.String()+" ")
}

// say is one step in a few words.
func (d *deed) say(i int) string {
	s := &d.steps[i]
	name := d.plan.Steps[i].Key.Kind.String() + " " + d.plan.Steps[i].Key.Name
	switch s.state {
	case stepWaits:
		return ""
	case stepSending:
		return "sending"
	case stepSent:
		return s.words
	case stepDone:
		return s.words + d.lasted(i, i)
	case stepFailed:
		words := strings.TrimPrefix(s.words, d.plan.Steps[i].Key.String()+": ")
		if strings.Contains(words, d.plan.Steps[i].Key.Name) || len(d.steps) == 1 {
			return words
		}
		return name + ": " + words
	}
	return s.words
}

// timed notes how long a step took that has ended well.
func (a *App) timed(d *deed, i int) {
	s, step := &d.steps[i], &d.plan.Steps[i]
	if s.took, s.known = s.ended.Sub(s.sent), true; step.Took != nil {
		s.took, s.known = step.Took(a.store, d.began)
	}
}

// lasted is how long steps took of which the one came after the other, " +4s";
// "" where that is not known of one of them. What was watched at the same time
// counts once.
func (d *deed) lasted(from, to int) string {
	longest := d.steps[to].ended.Sub(d.steps[from].sent)
	if d.plan.Steps[from].Took != nil {
		longest = 0
	}
	for i := from; i <= to; i++ {
		if !d.steps[i].known {
			return ""
		}
		longest = max(longest, d.steps[i].took)
	}
	return " +" + text.Age(max(longest, 0))
}

func took(from, to time.Time) string {
	return text.Age(max(to.Sub(from), 0))
}

func (d *deed) failed() int {
	n := 0
	for i := range d.steps {
		if d.steps[i].state == stepFailed || d.steps[i].state == stepLeft {
			n++
		}
	}
	return n
}

// undone counts the steps that somebody took back, and says of the first by
// whom.
func (d *deed) undone() (n int, first string) {
	for i := range d.steps {
		if u := d.steps[i].undone; u != "" {
			if n++; first == "" {
				first = u
			}
		}
	}
	return n, first
}

// tally counts the steps of a long deed and names what failed first.
func (d *deed) tally() string {
	done, firstFailure := 0, ""
	for i := range d.steps {
		switch d.steps[i].state {
		case stepDone:
			done++
		case stepFailed:
			if firstFailure == "" {
				firstFailure = d.say(i)
			}
		}
	}
	words := fmt.Sprintf("%d of %d done", done, len(d.steps))
	if n := d.failed(); n > 0 {
		words += fmt.Sprintf(", %d failed: %s", n, firstFailure)
	}
	return words
}

// result is how a deed ended, for the log.
func (d *deed) result() string {
	if d.failed() > 0 {
		return d.tally()
	}
	if d.unsure() {
		return "not known whether the Secret was written"
	}
	return "done"
}

// unread reports whether the last action ended after the last key, so that
// nobody may have seen how.
func (a *App) unread() bool {
	if len(a.deeds) == 0 {
		return false
	}
	d := a.deeds[len(a.deeds)-1]
	return d.over && d.endedAt.After(a.lastKey)
}
