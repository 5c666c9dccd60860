package ui

import (
	"time"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/text"
	"tenantry/ui/textview"
)

// labelWidth is where the values of a description begin.
const labelWidth = 16

// describer writes labelled values as text.
type describer struct {
	*env
	lines []textview.Line
	next  string // a heading that waits for something under it
}

// title is a line that stands out.
func (d *describer) title(s string) {
	d.lines = append(d.lines, textview.Line{Spans: []textview.Span{{Role: themes.Title, Text: s}}})
}

// section begins a part; one with nothing in it leaves no trace.
func (d *describer) section(title string) { d.next = title }

// line adds a line under the section.
func (d *describer) line(l textview.Line) {
	if d.next != "" {
		if len(d.lines) > 0 {
			d.lines = append(d.lines, textview.Line{})
		}
		d.lines = append(d.lines, textview.Line{Spans: []textview.Span{{Role: themes.Title, Text: d.next}}})
		d.next = ""
	}
	d.lines = append(d.lines, l)
}

// text is a line without a label.
func (d *describer) text(s string) { d.line(textview.Plain(s)) }

// add writes a labelled value; without a label it goes on from the one above,
// and what is empty is left out.
func (d *describer) add(label, value string) {
	if value != "" {
		d.spans(label, textview.Span{Text: value})
	}
}

// spans is add for a value in several roles.
func (d *describer) spans(label string, spans ...textview.Span) {
	const indent = 2
	head := text.Pad(blank(indent)+label, labelWidth)
	if len(head) > labelWidth || label != "" && len(head) == len(blank(indent)+label) {
		head += " "
	}
	d.line(textview.Line{Spans: append([]textview.Span{{Role: themes.Muted, Text: head}}, spans...), Hang: labelWidth})
}

func blank(n int) string { return text.Pad("", n) }

// marked is a state, its glyph in its colour.
func marked(m mark, rest string) []textview.Span {
	word := " " + m.Word
	if m.Word == "" {
		word = ""
	}
	if rest != "" {
		rest = "  " + rest
	}
	return []textview.Span{{Role: m.Role, Text: m.Shape}, {Text: word + rest}}
}

// object names an object and how it is.
func (d *describer) object(label string, k model.Key, rest string) {
	name := k.Kind.String() + " " + k.Name
	if k.Namespace != "" {
		name = k.Kind.String() + " " + k.Namespace + "/" + k.Name
	}
	d.named(label, name, d.stateAt(k), rest)
}

// reference is object for one that may be of a kind that is not watched, made
// in a namespace.
func (d *describer) reference(label string, r model.Ref, from string) {
	if r.Kind == "" {
		return
	}
	if r.Namespace == "" {
		r.Namespace = from
	}
	if k, ok := r.Key(); ok {
		d.object(label, k, "")
		return
	}
	d.add(label, r.Kind+" "+r.Namespace+"/"+r.Name)
}

func (d *describer) named(label, name string, m mark, rest string) {
	if m.Word == "" { // nothing is known of it
		d.add(label, join(name, rest))
		return
	}
	d.spans(label, append([]textview.Span{{Text: name + "  "}}, marked(m, rest)...)...)
}

// stateAt is how a watched object is, also when it is not there.
func (e *env) stateAt(k model.Key) mark {
	if o := e.store.Get(k); o != nil {
		f := e.factsOfObject(o)
		return f.state
	}
	if e.store.Readable(k) {
		return e.missing()
	}
	return e.kit.Glyph.Nothing()
}

// shortMoment is moment for where there is little room: without seconds when
// it was not today.
func (e *env) shortMoment(u model.Unix) string {
	if u == 0 {
		return ""
	}
	t := time.Unix(int64(u), 0).In(e.now.Location())
	switch {
	case t.Year() != e.now.Year():
		return t.Format(time.DateOnly)
	case t.YearDay() != e.now.YearDay():
		return t.Format("Jan 2 15:04")
	}
	return t.Format(time.TimeOnly)
}

// moment writes when something was; pages say when, lists how long ago. What is
// not known is empty.
func (e *env) moment(u model.Unix) string {
	if u == 0 {
		return ""
	}
	return text.Clock(time.Unix(int64(u), 0), e.now)
}
