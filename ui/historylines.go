package ui

import (
	"fmt"
	"slices"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/history"
	"tenantry/ui/text"
	"tenantry/ui/textview"
)

// Histories are texts like logs, the newest at the end: what the objects
// themselves remember of the time before this session, then what it saw.

// historian writes histories.
type historian struct {
	*env
	generations map[model.Key][]model.Generation // read so far
}

func newHistorian(e *env) *historian {
	return &historian{e, map[model.Key][]model.Generation{}}
}

// past is one line of a history.
type past struct {
	at    model.Unix
	whose string
	mark  mark
	words []textview.Span
}

// historyLines are the object's, and those of what it stands and falls with: its
// Secrets and its namespace.
func (p *objectPage) historyLines() []textview.Line {
	h := newHistorian(p.env)
	also := map[model.Key]bool{p.key: true}
	for _, k := range secretsOf(p.object) {
		also[k] = true
	}
	h.missed(p.key, also)
	if p.key.Namespace != "" {
		also[model.Key{Kind: model.Namespace, Name: p.key.Namespace}] = true
	}
	mine := func(e *model.Entry) bool { return also[e.Key] && e.Change != model.ChangeTenant }
	whose := func(e *model.Entry) string {
		if e.Key == p.key {
			return ""
		}
		return e.Key.Kind.String() + " " + e.Key.Name
	}
	before := h.earlierPast(mine, whose)
	var seen []past
	p.store.Log().Since(0, func(e model.Entry) bool {
		if mine(&e) {
			line := h.pastOf(e)
			line.whose = whose(&e)
			seen = append(seen, line)
		}
		return true
	})
	if p.object != nil {
		before = append(before, p.remembered(p.object, "")...)
	}
	old, fresh := p.eventPast(p.store.EventsOf(p.key), false)
	return append(p.runLines(p.key), p.history(append(before, old...), append(seen, fresh...))...)
}

// missed adds the Secrets an object is known to have asked for: one that is gone
// does not say any more which it named.
func (h *historian) missed(k model.Key, also map[model.Key]bool) {
	add := func(e *model.Entry) {
		if e.Key.Kind == model.Secret && e.Detail == k.String() {
			also[e.Key] = true
		}
	}
	h.earlierOnes(func(r *history.Record) bool {
		if r.Kind == model.Secret.String() {
			if e, ok := entryOf(r); ok {
				add(&e)
			}
		}
		return true
	})
	h.store.Log().Since(0, func(e model.Entry) bool {
		add(&e)
		return true
	})
}

// history writes what was before the session and what was seen since.
func (e *env) history(before, seen []past) []textview.Line {
	d := &describer{env: e}
	clock, whose := 8, 0
	for _, list := range [][]past{before, seen} {
		for _, l := range list {
			clock, whose = max(clock, len(e.moment(l.at))), max(whose, min(e.kit.Width(l.whose), 40))
		}
	}
	byTime := func(a, b past) int { return int(a.at - b.at) }
	slices.SortStableFunc(before, byTime)
	slices.SortStableFunc(seen, byTime)
	head := "BEFORE THIS SESSION, as the objects keep it"
	if len(e.past.records) > 0 {
		head = "BEFORE THIS SESSION, as earlier ones saw it and as the objects keep it"
	}
	d.section(head)
	for _, l := range before {
		d.line(e.pastLine(l, clock, whose))
	}
	began := e.moment(model.Unix(e.began.Unix()))
	d.section(fmt.Sprintf("SINCE %s, when this session began to watch", began))
	for _, l := range seen {
		d.line(e.pastLine(l, clock, whose))
	}
	if len(seen) == 0 {
		d.line(textview.Line{Spans: []textview.Span{{Role: themes.Muted, Text: "nothing has changed"}}})
	}
	return d.lines
}

func (e *env) pastLine(l past, clock, whose int) textview.Line {
	line := textview.Line{Hang: clock + 4}
	line.Spans = append(line.Spans, textview.Span{Role: themes.Muted, Text: text.Pad(e.moment(l.at), clock) + "  "})
	if whose > 0 {
		line.Hang += whose + 2
		line.Spans = append(line.Spans, textview.Span{Text: text.Pad(e.kit.CutMiddle(l.whose, whose), whose) + "  "})
	}
	line.Spans = append(line.Spans, textview.Span{Role: l.mark.Role, Text: l.mark.Shape + " "})
	line.Spans = append(line.Spans, l.words...)
	return line
}

// pastOf writes an entry of the change log.
func (e *historian) pastOf(entry model.Entry) past {
	out := past{at: entry.At, mark: e.kit.Glyph.Nothing()}
	say := func(s string) { out.words = append(out.words, textview.Span{Text: s}) }
	mute := func(s string) { out.words = append(out.words, textview.Span{Role: themes.Muted, Text: s}) }
	arrow := " " + e.kit.Glyph.Arrow + " "
	switch entry.Change {
	case model.ChangeHealth, model.ChangeTenant:
		to, _ := model.HealthNamed(entry.To)
		out.mark = e.kit.Glyph.Of(to)
		mute(entry.From + arrow)
		out.words = append(out.words, textview.Span{Role: out.mark.Role, Text: entry.To})
		if why, _ := model.Explained(entry.Key.Kind, entry.Detail); why != "" && to != model.Ready {
			say("  " + why)
		}
	case model.ChangeRevision:
		say("fetched ")
		mute(orNone(model.ShortRevision(entry.From), "nothing") + arrow)
		say(e.commitWords(entry.To))
	case model.ChangeApplied:
		say("applied ")
		mute(orNone(model.ShortRevision(entry.From), "nothing") + arrow)
		say(e.commitWords(entry.To))
	case model.ChangeAttempted:
		say("began to apply " + model.ShortRevision(entry.To))
	case model.ChangeGeneration:
		say("generation ")
		mute(entry.From + arrow)
		say(entry.To)
		if g := e.generation(entry); g != nil {
			say("  " + join(changedWords(g), "by "+e.generationCause(g)))
		} else if entry.Detail != "" {
			say("  " + entry.Detail)
		}
	case model.ChangeRollout:
		out.mark, out.words = e.rolloutPast(entry)
	case model.ChangeSuspended:
		out.mark = e.kit.Glyph.Of(model.Suspended)
		say("suspended" + byWhom(entry.Detail))
	case model.ChangeResumed:
		say("resumed" + byWhom(entry.Detail))
	case model.ChangeSpec:
		if entry.Field == "" {
			say("spec changed, in fields that are not compared here" + byWhom(entry.Detail))
			mute("  generation " + entry.From + arrow + entry.To)
			break
		}
		say("spec." + entry.Field + ": ")
		mute(orNone(entry.From, "not set") + arrow)
		say(orNone(entry.To, "not set") + byWhom(entry.Detail))
	case model.ChangeRecreated:
		say("made anew: another object of the same name" + unwatched(entry.Detail))
	case model.ChangeMissing:
		out.mark = e.kit.Glyph.Of(model.Failed)
		say("missing: " + orNone(entry.Detail, "what uses it") + " asked for it and did not find it")
	case model.ChangeFound:
		out.mark = e.kit.Glyph.Of(model.Ready)
		say("there again: " + orNone(entry.Detail, "what uses it") + " no longer misses it")
	case model.ChangeSync:
		out.words = syncPast(&entry)
	case model.ChangeGone:
		out.mark = e.kit.Glyph.Of(model.Terminating)
		say("gone")
	case model.ChangeAppeared:
		say("new")
	}
	return out
}

// unwatched says that something happened between two looks.
func unwatched(detail string) string {
	if detail == "" {
		return ""
	}
	return " (" + detail + ")"
}

// byWhom names the field manager that wrote something, and the person where
// that was written down with it, as far as it is known.
func byWhom(who string) string {
	if who == "" {
		return ""
	}
	return ", by " + who
}

// syncPast says what became of an instance's spec.sync, and by whom.
func syncPast(e *model.Entry) []textview.Span {
	by := byWhom(e.Detail)
	switch {
	case e.From == "":
		return []textview.Span{{Text: "spec.sync was set" + by + ": " + e.To}}
	case e.To == "":
		return []textview.Span{{Role: themes.Bad, Text: "spec.sync was removed" + by}, {Role: themes.Muted, Text: "  it was: " + e.From}}
	}
	return []textview.Span{{Text: "spec.sync was changed" + by + ": " + e.To}, {Role: themes.Muted, Text: "  it was: " + e.From}}
}

// generation is the generation an entry of the log tells of. The model keeps
// it apart, as which commit it came of is known only later.
func (e *historian) generation(entry model.Entry) *model.Generation {
	generations, known := e.generations[entry.Key]
	if !known {
		generations = e.store.Generations(entry.Key)
		e.generations[entry.Key] = generations
	}
	for i := range generations {
		if fmt.Sprint(generations[i].Number) == entry.To {
			return &generations[i]
		}
	}
	return nil
}

func (e *env) rolloutPast(entry model.Entry) (mark, []textview.Span) {
	health, words := model.Ready, "rolled out"
	switch entry.To {
	case "moving":
		health, words = model.Reconciling, "rolling out"
	case "paused":
		health, words = model.Suspended, "the rollout was paused"
	case "failed":
		health, words = model.Failed, "the rollout failed"
	}
	return e.kit.Glyph.Of(health), []textview.Span{{Text: words}}
}
