package ui

import (
	"slices"

	"tenantry/model/logs"
	"tenantry/ui/keymap"
	"tenantry/ui/textview"
)

// Bounds of what is kept of logs: what a person scrolls back through, and what
// a program that writes endless lines may take.
const (
	maxLogLines = 5000
	maxLogBytes = 4 << 20
)

// logView is the logs of something, read while they are looked at.
type logView struct {
	*env
	text    textview.View
	whose   whose
	lines   []logs.Line
	bytes   int
	sources []logs.Source
	missed  int  // lines that came too fast
	heard   bool // something was answered
	failure string
	shown   int // lines in the text
	bad     int // of the lines kept, errors and warnings

	trouble  bool   // only errors and warnings
	run      string // only this reconciliation
	previous bool   // what the containers before wrote
	untimed  bool   // without times
	names    int    // columns of the names before the lines, 0 = none
}

func newLogView(e *env) *logView {
	v := &logView{env: e}
	v.text.Follow = true
	return v
}

// look takes what the logs are to be of; another thing begins anew.
func (v *logView) look(w whose) {
	w.want.Previous = v.previous
	if w.want.Equal(&v.whose.want) && w.none == v.whose.none {
		v.whose = w
	} else {
		v.whose = w
		v.forget()
	}
	if v.shown == 0 {
		v.write() // why there is nothing
	}
}

// forget drops what was read.
func (v *logView) forget() {
	v.lines, v.bytes, v.sources, v.missed, v.heard, v.bad, v.run, v.failure = nil, 0, nil, 0, false, 0, "", ""
	v.write()
}

// take takes what came.
func (v *logView) take(b logs.Batch) {
	v.heard, v.failure = true, ""
	v.sources, v.missed = b.Sources, v.missed+b.Dropped
	names := v.nameWidth()
	late := len(v.lines) > 0 && len(b.Lines) > 0 && b.Lines[0].At < v.lines[len(v.lines)-1].At
	gone := v.keep(b.Lines)
	if late {
		slices.SortStableFunc(v.lines, func(a, b logs.Line) int { return int(min(max(a.At-b.At, -1), 1)) })
	}
	if late || names != v.names || v.shown == 0 {
		v.write()
		return
	}
	var fresh []textview.Line
	for i := max(len(v.lines)-len(b.Lines), 0); i < len(v.lines); i++ {
		if v.shows(&v.lines[i]) {
			fresh = append(fresh, v.line(&v.lines[i]))
		}
	}
	gone = min(gone, v.shown)
	v.text.Append(v.kit, fresh, gone)
	v.shown += len(fresh) - gone
	if v.shown == 0 {
		v.write()
	}
}

// fail notes that the reading ended.
func (v *logView) fail(err error) {
	v.failure = err.Error()
	if v.shown == 0 {
		v.write()
	}
}

// keep adds lines, and drops the oldest beyond the bounds. It returns how many
// of those dropped were shown.
func (v *logView) keep(lines []logs.Line) (gone int) {
	v.lines = append(v.lines, lines...)
	for i := range lines {
		v.bytes += weight(&lines[i])
		if lines[i].Level != logs.Plain {
			v.bad++
		}
	}
	n := 0
	for ; n < len(v.lines) && (len(v.lines)-n > maxLogLines || v.bytes > maxLogBytes); n++ {
		l := &v.lines[n]
		v.bytes -= weight(l)
		if l.Level != logs.Plain {
			v.bad--
		}
		if v.shows(l) {
			gone++
		}
	}
	if n > 0 {
		v.lines = append(v.lines[:0:0], v.lines[n:]...)
	}
	return gone
}

func weight(l *logs.Line) int { return len(l.Text) + len(l.Error) + len(l.Rest) + 200 }

// shows reports whether a line is among those asked for.
func (v *logView) shows(l *logs.Line) bool {
	return (!v.trouble || l.Level != logs.Plain) && (v.run == "" || l.ReconcileID == v.run)
}

// write writes the text anew.
func (v *logView) write() {
	v.names = v.nameWidth()
	out := make([]textview.Line, 0, len(v.lines))
	for i := range v.lines {
		if v.shows(&v.lines[i]) {
			out = append(out, v.line(&v.lines[i]))
		}
	}
	v.shown = len(out)
	if len(out) == 0 {
		d := &describer{env: v.env}
		v.nothing(d)
		out = d.lines
	}
	v.text.Set(v.kit, out)
}

// act does what a key asks of logs and reports whether it was for them.
func (v *logView) act(a keymap.Action) bool {
	switch a {
	case keymap.Trouble:
		v.trouble = !v.trouble
	case keymap.ThisRun:
		if v.run = v.nextRun(); v.run == "" {
			v.trouble = false
		}
	case keymap.PreviousLogs:
		v.previous = !v.previous
		v.whose.want.Previous = v.previous
		v.forget()
	case keymap.Times:
		v.untimed = !v.untimed
	default:
		return false
	}
	v.write()
	return true
}

// nextRun is the reconciliation of the last line in sight that has one; after
// one was chosen, all again.
func (v *logView) nextRun() string {
	if v.run != "" {
		return ""
	}
	at, _ := v.text.Position()
	run := ""
	for i, n := 0, 0; i < len(v.lines) && n < at; i++ {
		if v.shows(&v.lines[i]) {
			n++
			if id := v.lines[i].ReconcileID; id != "" {
				run = id
			}
		}
	}
	if run == "" {
		v.paths.note("no line in sight says which reconciliation it is of")
	}
	return run
}
