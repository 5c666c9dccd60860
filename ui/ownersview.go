package ui

import (
	"fmt"
	"slices"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/owners"
	"tenantry/ui/textview"
)

// maxForeign is how many fields of others are named above an object's YAML.
const maxForeign = 12

// ownedYAML is the object with who owns each field behind its line, and above
// it what others wrote than what applies it.
func (p *objectPage) ownedYAML(d *model.Document) []textview.Line {
	lines := paintYAML(d.YAML)
	applier := p.applier()
	for n, owned := range owners.Lines(d.YAML, d.Owners) {
		if n < 1 || n > len(lines) {
			continue
		}
		line := &lines[n-1]
		line.Spans = append(line.Spans, textview.Span{Role: themes.Muted, Text: "   "})
		slices.SortFunc(owned, func(a, b model.FieldOwner) int { return int(b.Time - a.Time) })
		for i, o := range owned {
			role := themes.Muted
			if applier != "" && o.Manager != applier && o.Subresource == "" {
				role = themes.Caution
			}
			sep := ""
			if i > 0 {
				sep = ", "
			}
			line.Spans = append(line.Spans, textview.Span{Role: role, Text: sep + o.Manager + " " + p.age(o.Time)})
		}
	}
	return append(p.foreignLines(d, applier), lines...)
}

// applier is the field manager of what applies the object, "" when nothing does
// that is known here.
func (p *objectPage) applier() string {
	if p.object == nil {
		return ""
	}
	if len(p.refs.holders) > 0 {
		return owners.Applier(p.refs.holders[0].Kind)
	}
	owner, _ := p.store.Owner(p.object)
	return owners.Applier(owner.Kind)
}

// foreignLines say what differs from what was applied, as far as managedFields
// can tell.
func (p *objectPage) foreignLines(doc *model.Document, applier string) []textview.Line {
	d := &describer{env: p.env}
	switch foreign := owners.Foreign(doc.Owners, applier); {
	case applier == "":
		d.text("Nothing that is read here applies this object, so that nothing tells what differs from Git.")
	case len(foreign) == 0:
		d.text("Every field of the spec is written by " + applier + ", which applies it, or was left to a default.")
	default:
		d.title(fmt.Sprintf("Not written by %s, which applies it: %s", applier, counted(len(foreign), "field")))
		for i, f := range foreign {
			if i == maxForeign {
				d.text(fmt.Sprintf("and %d more", len(foreign)-i))
				break
			}
			d.add(f.Manager, f.Path+"   since "+orNone(p.moment(f.Time), "an unknown time"))
		}
	}
	return append(d.lines, textview.Line{})
}
