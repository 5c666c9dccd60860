package ui

import (
	"tenantry/model/credential"
	"tenantry/themes"
)

// formParts collects the parts of a form.
type formParts struct {
	f        *credentialForm
	parts    []part
	problems []credential.Problem
}

func (p *formParts) say(label, text string, role themes.Role) {
	if label == "" {
		label = " " // under the one above
	}
	p.parts = append(p.parts, part{label: label, text: text, role: role})
}

func (p *formParts) choose(label string, choices []string, at *int) {
	p.parts = append(p.parts, part{label: label, choices: choices, chosen: at, gap: len(p.parts) > 0 && label == "FROM"})
}

func (p *formParts) field(label string, l *editLine, hint string, field credential.Field) {
	p.parts = append(p.parts, part{label: label, line: l, hint: hint})
	if len(l.runes) > 0 || p.f.asked {
		p.problem(field)
	}
}

func (p *formParts) masked(label string, l *editLine, hint string, field credential.Field) {
	p.parts = append(p.parts, part{label: label, line: l, hint: hint, masked: true})
	if len(l.runes) > 0 || p.f.asked {
		p.problem(field)
	}
}

// problem says under a field what is wrong with it.
func (p *formParts) problem(field credential.Field) {
	for _, q := range p.problems {
		if q.Field == field {
			p.parts = append(p.parts, part{label: " ", text: q.Text, role: themes.Bad})
			return
		}
	}
}
