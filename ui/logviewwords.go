package ui

import (
	"fmt"
	"strings"

	"tenantry/model/logs"
	"tenantry/themes"
	"tenantry/ui/draw"
)

// count is the logs' part of line 2.
func (v *logView) count(l *draw.Line) {
	following, tried := 0, 0
	for _, s := range v.sources {
		switch s.State {
		case logs.Following, logs.Ended:
			following++
		case logs.Waiting, logs.Denied:
			tried++
		}
	}
	switch {
	case !v.heard:
		return
	case following > 0 && v.previous:
		l.Put(themes.Accent, "before the last start").Skip(3)
	case following > 0:
		l.Put(themes.Muted, counted(following, "container")).Skip(3)
	}
	if tried > 0 {
		l.Put(themes.Caution, fmt.Sprintf("%d not read", tried)).Skip(3)
	}
	l.Put(themes.Text, counted(len(v.lines), "line"))
	if v.bad > 0 {
		l.Put(themes.Muted, ", ").Put(themes.Caution, fmt.Sprintf("%d of trouble", v.bad))
	}
	if v.trouble {
		l.Put(themes.Accent, "  ! trouble only")
	}
	if v.run != "" {
		l.Put(themes.Accent, "  i only "+shortRun(v.run))
	}
	if v.missed > 0 {
		l.Put(themes.Caution, fmt.Sprintf("  %d came too fast", v.missed))
	}
}

// shortRun is enough of a reconciliation's id to tell it from others.
func shortRun(id string) string {
	short, _, _ := strings.Cut(id, "-")
	return short[:min(len(short), 8)]
}

// nothing says why there is no line to show.
func (v *logView) nothing(d *describer) {
	switch {
	case v.whose.none != "":
		d.title("No logs")
		d.text(v.whose.none)
		return
	case v.failure != "":
		d.title("The logs could not be read")
		d.text(v.failure)
		return
	case len(v.lines) > 0:
		d.title("Nothing of that")
		d.text(fmt.Sprintf("%s are hidden; %s shows all of them.", counted(len(v.lines), "line"), map[bool]string{true: "i", false: "!"}[v.run != ""]))
		return
	case !v.heard:
		d.title("Reading logs")
		d.text("They are read while this is open.")
		return
	}
	v.sourceWords(d)
}

// sourceWords say of each container why nothing of it is shown.
func (v *logView) sourceWords(d *describer) {
	silent, denied := 0, false
	for i := range v.sources {
		s := &v.sources[i]
		switch s.State {
		case logs.Denied:
			denied = true
			d.add(sourceName(s), "not readable by you: "+sentence(s.Why))
		case logs.None, logs.Waiting:
			d.add(sourceName(s), sentence(s.Why))
		default:
			silent++
		}
	}
	switch {
	case denied:
		d.text("")
		d.text("That is neither a fault nor \"none\". The rules to ask for:")
		for _, line := range append(rule("", "pods", "get, list"), rule("", "pods/log", "get")...) {
			d.text(line)
		}
	case silent > 0 && v.whose.want.About.On():
		d.title("No line about it")
		d.text(fmt.Sprintf("The last %d lines of each of %s say nothing of %s. What comes is shown here.", v.whose.want.Tail, counted(silent, "container"), v.whose.name))
	case silent > 0:
		d.title("Nothing was written")
		d.text("What comes is shown here.")
	}
}

func sourceName(s *logs.Source) string {
	if s.Pod == "" {
		return s.Of.Name
	}
	return s.Pod + "/" + s.Container
}
