package ui

import (
	"slices"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/history"
	"tenantry/ui/textview"
)

// maxEarlier is how many lines of what earlier runs saw a history shows.
const maxEarlier = 2000

// entryOf makes a record of an earlier run an entry of the log; false for one
// that is none, or of a version to come.
func entryOf(r *history.Record) (model.Entry, bool) {
	change, ok := model.ChangeNamed(r.What)
	if !ok {
		return model.Entry{}, false
	}
	kind, ok := model.KindNamed(r.Kind)
	if ok == r.Row {
		return model.Entry{}, false
	}
	return model.Entry{At: model.Unix(r.At), Key: model.Key{Kind: kind, Namespace: r.Namespace, Name: r.Name}, Change: change,
		From: r.From, To: r.To, Revision: r.Revision, Detail: r.Detail, Field: r.Field, UID: r.UID}, true
}

// recallEarlier lets the model tell by what earlier runs saw what became of
// commits before this one.
func (e *env) recallEarlier() {
	var past []model.Entry
	e.earlierOnes(func(r *history.Record) bool {
		if entry, ok := entryOf(r); ok && entry.UID != "" {
			past = append(past, entry)
		}
		return true
	})
	if len(past) > 0 {
		e.store.Recall(past)
	}
}

// earlierOnes calls do for everything that earlier runs saw before this one
// began to watch, the oldest first, until it returns false. It asks for it to be
// read.
func (e *env) earlierOnes(do func(*history.Record) bool) {
	e.past.asked = true
	began := e.began.Unix()
	for i := range e.past.records {
		r := &e.past.records[i]
		// Times are whole seconds: what another run saw in the one this began in
		// was before it.
		if r.At > began || r.Run == e.past.run && (r.At == began || r.What == wordBegan) {
			continue // it is in the log
		}
		if !do(r) {
			return
		}
	}
}

// earlierPast writes what earlier runs saw of what is mine, and when they began
// and ceased to watch.
func (h *historian) earlierPast(mine func(*model.Entry) bool, whose func(*model.Entry) string) []past {
	var out []past
	var watch *past
	h.earlierOnes(func(r *history.Record) bool {
		if r.What == wordBegan || r.What == wordLeft {
			words := "tenantry began to watch"
			if r.What == wordLeft {
				words = "tenantry ceased to watch"
			}
			watch = &past{at: model.Unix(r.At), mark: h.kit.Glyph.Nothing(), words: []textview.Span{{Role: themes.Muted, Text: words}}}
			if r.What == wordLeft && len(out) > 0 {
				out, watch = append(out, *watch), nil
			}
			return true
		}
		entry, ok := entryOf(r)
		if !ok || !mine(&entry) {
			return true
		}
		if watch != nil { // only the last of them before something happened
			out, watch = append(out, *watch), nil
		}
		line := h.pastOf(entry)
		line.whose = whose(&entry)
		out = append(out, line)
		return true
	})
	return out[max(len(out)-maxEarlier, 0):]
}

// secretsOf are the Secrets an object names: what became of them is part of its
// history.
func secretsOf(o *model.Object) []model.Key {
	if o == nil {
		return nil
	}
	var names []string
	switch d := o.Detail.(type) {
	case *model.Source:
		for _, p := range d.Secrets {
			names = append(names, p.Value)
		}
	case *model.Sync:
		for _, p := range d.Secrets {
			names = append(names, p.Value)
		}
	case *model.Instance:
		names = append(names, d.ImagePullSecret, d.ArtifactPullSecret)
		if d.Sync != nil {
			names = append(names, d.Sync.PullSecret)
		}
	}
	slices.Sort(names)
	var out []model.Key
	for _, n := range slices.Compact(names) {
		if n != "" {
			out = append(out, model.Key{Kind: model.Secret, Namespace: o.Namespace, Name: n})
		}
	}
	return out
}

// eventPast are events as lines of a history: those before this session began,
// and those since.
func (e *env) eventPast(events []*model.Object, whose bool) (before, seen []past) {
	for _, o := range slices.Backward(events) {
		d, ok := o.Detail.(*model.EventDetail)
		if !ok {
			continue
		}
		line := past{at: d.Last, mark: e.kit.Glyph.Nothing()}
		role := themes.Muted
		if warning(d) {
			line.mark, role = mark{Shape: e.kit.Glyph.Of(model.Stalled).Shape, Role: themes.Caution}, themes.Text
		}
		if whose {
			line.whose = d.Regarding.Kind + " " + d.Regarding.Name
		}
		line.words = []textview.Span{{Role: themes.Muted, Text: "event  "}, {Role: role, Text: d.Reason + "  " + d.Message}}
		if d.Count > 1 {
			line.words = append(line.words, textview.Span{Role: themes.Muted, Text: "  " + counted(int(d.Count), "time") + " since " + e.moment(d.First)})
		}
		if e.beforeSession(d.Last) {
			before = append(before, line)
		} else {
			seen = append(seen, line)
		}
	}
	return before, seen
}
