package ui

import (
	"strings"
	"time"

	"tenantry/model"
	"tenantry/model/logs"
	"tenantry/themes"
	"tenantry/ui/text"
	"tenantry/ui/textview"
)

// maxLogName is how wide a name before a line may be.
const maxLogName = 24

// nameWidth is the room the names need; with one container there are none.
func (v *logView) nameWidth() int {
	first, w, several := "", 0, false
	for i := range v.sources {
		s := &v.sources[i]
		if s.Pod == "" {
			continue
		}
		name := v.name(s.Pod, s.Container)
		several = several || first != "" && name != first
		first = name
		w = max(w, min(v.kit.Width(name), maxLogName))
	}
	if !several {
		return 0
	}
	return w
}

// name tells containers apart in few letters: a controller by its own name, the
// pods of a workload by their last letters.
func (v *logView) name(pod, container string) string {
	parts := strings.Split(pod, "-")
	switch {
	case v.whose.flux && (container == "manager" || container == "") && len(parts) > 2:
		return strings.Join(parts[:len(parts)-2], "-")
	case v.whose.flux:
		return container
	case v.containers(pod) > 1:
		return parts[len(parts)-1] + "/" + container
	}
	return parts[len(parts)-1]
}

// containers is how many of a pod's are read.
func (v *logView) containers(pod string) int {
	n := 0
	for i := range v.sources {
		if v.sources[i].Pod == pod {
			n++
		}
	}
	return n
}

// line writes one line of a log.
func (v *logView) line(l *logs.Line) textview.Line {
	var out textview.Line
	put := func(role themes.Role, s string) {
		if s != "" {
			out.Spans = append(out.Spans, textview.Span{Role: role, Text: s})
		}
	}
	if !v.untimed {
		put(themes.Muted, text.Pad(v.logTime(l.At), 8)+"  ")
		out.Hang += 10
	}
	role, shape := themes.Text, " "
	switch l.Level {
	case logs.Error:
		role, shape = themes.Bad, v.kit.Glyph.Of(model.Failed).Shape
	case logs.Warning:
		role, shape = themes.Caution, v.kit.Glyph.Of(model.Stalled).Shape
	}
	put(role, shape+" ")
	out.Hang += 2
	if v.names > 0 {
		put(themes.Muted, text.Pad(v.kit.CutMiddle(v.name(l.Pod, l.Container), v.names), v.names)+"  ")
		out.Hang += v.names + 2
	}
	if l.About.Kind != "" && !v.whose.one {
		put(themes.Text, l.About.Kind+" ")
		if l.About.Namespace != "" {
			put(themes.Text, l.About.Namespace+"/")
		}
		put(themes.Text, l.About.Name+"  ")
	}
	put(role, l.Text)
	if e := strings.TrimSpace(l.Error); e != "" {
		put(themes.Text, ": "+e)
	}
	if l.Revision != "" {
		put(themes.Muted, "  "+model.ShortRevision(l.Revision))
	}
	if l.Rest != "" {
		put(themes.Muted, "  "+l.Rest)
	}
	if l.ReconcileID != "" && v.whose.flux {
		put(themes.Muted, "  run "+shortRun(l.ReconcileID))
	}
	return out
}

// logTime is when a line was taken down; that of another day is its date.
func (v *logView) logTime(ms int64) string {
	if ms == 0 {
		return v.kit.Glyph.Unknown
	}
	at := time.UnixMilli(ms).In(v.now.Location())
	if v.now.Sub(at) > 20*time.Hour || at.Sub(v.now) > 20*time.Hour {
		return at.Format("Jan 2 15")
	}
	return at.Format("15:04:05")
}
