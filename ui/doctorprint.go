package ui

import (
	"bytes"
	"fmt"
	"strings"

	"tenantry/model"
	"tenantry/model/doctor"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/text"
)

// doctorPrinter writes a report for a person.
type doctorPrinter struct {
	r     *doctor.Report
	kit   draw.Kit
	theme *themes.Theme // nil = no styles
	width int
	b     bytes.Buffer
}

func (p *doctorPrinter) report() {
	r := p.r
	head := p.kit.Text(strings.TrimSpace(r.Context + "  " + r.Server))
	if r.Flux != "" {
		head += "  Flux " + p.kit.Text(r.Flux)
	}
	p.line(themes.Muted, head+"  "+r.AsOf)
	p.mark(map[string]string{doctor.Healthy: doctor.OK, doctor.Unhealthy: doctor.Bad, doctor.Unknown: doctor.Unknown}[r.Verdict], r.Summary())
	p.title("PLATFORM")
	wide := 0
	for _, c := range r.Checks {
		wide = max(wide, p.kit.Width(c.Name))
	}
	for _, c := range r.Checks {
		p.mark(c.State, text.Pad(p.kit.Text(c.Name), wide)+"  "+p.kit.Text(c.Detail))
	}
	if len(r.Causes) > 0 {
		p.title("WHAT IS BROKEN, the worst first")
	}
	for i := range r.Causes {
		p.cause(i+1, &r.Causes[i])
	}
	if r.NotExplained > 0 {
		p.line(themes.Text, fmt.Sprintf("and %d more broken rows, which were not explained", r.NotExplained))
	}
	p.findings()
	if len(r.NotRead) > 0 {
		p.title("NOT READ, so nothing is said of it")
	}
	for _, s := range r.NotRead {
		p.mark(doctor.Unknown, s)
	}
}

// cause writes one thing that is wrong: what, whom it breaks, how it is known,
// what to do.
func (p *doctorPrinter) cause(n int, c *doctor.Cause) {
	words := c.Words
	if c.Raw {
		words = c.Object.String() + " says: " + words + " (no cause is known for these words)"
	}
	if c.Rightly {
		words = "refused, as it should be: " + words
	}
	since := ""
	if c.Since != nil {
		since = ", since " + atLeast(c.AtLeast) + strings.Replace(strings.TrimSuffix(*c.Since, "Z"), "T", " ", 1) + " UTC"
	}
	state := doctor.Bad
	switch c.Severity {
	case doctor.Warning, doctor.Note:
		state = doctor.Warn
	}
	p.mark(state, fmt.Sprintf("%d. %s: %s%s", n, upperFirst(c.Severity.String()), words, since))
	p.labelled("starts at", c.Object.String())
	p.labelled("breaks", some(c.Breaks, 12))
	if c.Effect != "" {
		p.labelled("so", c.Effect)
	}
	if len(c.Chain) > 1 {
		links := make([]string, len(c.Chain))
		for i, l := range c.Chain {
			links[i] = l.Object.String() + " (" + l.State + ")"
		}
		p.labelled("chain", strings.Join(links, " "+p.kit.Glyph.Arrow+" "))
	}
	for i, e := range c.Proof {
		if i == 3 {
			break
		}
		p.labelled("seen", e)
	}
	for _, f := range c.Fixes {
		p.labelled("do", f.Words)
		if f.Command != "" {
			p.labelled("", f.Command)
		}
	}
	if len(c.Unclear) > 0 {
		p.labelled("not tried", strings.Join(c.Unclear, ", "))
	}
}

// some names at most n.
func some(names []string, n int) string {
	if len(names) <= n {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:n], ", "), len(names)-n)
}

// findings writes those that matter, each rule once with all it concerns; of
// the others how many there are.
func (p *doctorPrinter) findings() {
	rest := map[string]int{}
	of := map[string][]*doctor.Finding{}
	var rules []string // in the report's order
	for i := range p.r.Findings {
		f := &p.r.Findings[i]
		switch {
		case p.r.ToldAsCause(f):
			continue
		case f.Unknown:
			rest["can't be judged"]++
			continue
		case f.Gravity == model.GravityInfo.String() || f.Gravity == model.GravityLow.String():
			rest[f.Gravity]++
			continue
		}
		rule := f.Gravity + ": " + f.Title + " (" + f.Rule + ")"
		if of[rule] == nil {
			rules = append(rules, rule)
		}
		of[rule] = append(of[rule], f)
	}
	if len(rules) > 0 {
		p.title("WHAT TO KNOW, although nothing may be broken yet")
	}
	for _, rule := range rules {
		p.finding(rule, of[rule])
	}
	var words []string
	for _, gravity := range []string{model.GravityLow.String(), model.GravityInfo.String(), "can't be judged"} {
		if rest[gravity] > 0 {
			words = append(words, fmt.Sprintf("%d %s", rest[gravity], gravity))
		}
	}
	if len(words) > 0 {
		p.b.WriteByte('\n')
		p.line(themes.Muted, "further findings: "+strings.Join(words, ", ")+"; tenantry doctor -o json has them all")
	}
}

// finding writes one rule and whom it concerns.
func (p *doctorPrinter) finding(rule string, found []*doctor.Finding) {
	p.mark(doctor.Warn, rule)
	var who []string
	for _, f := range found {
		if len(who) == 0 || who[len(who)-1] != f.Tenant {
			who = append(who, f.Tenant)
		}
	}
	p.labelled("concerns", some(who, 12))
	for i, f := range found {
		if i == 2 && len(found) > 3 {
			p.labelled("", fmt.Sprintf("and %d more", len(found)-2))
			break
		}
		at := f.Evidence
		if f.Object != nil && !(strings.Contains(at, f.Object.Kind) && strings.Contains(at, f.Object.Name)) {
			at = strings.TrimSpace(f.Object.String() + ": " + at)
		}
		p.labelled(map[bool]string{true: "seen"}[i == 0], at)
	}
	p.labelled("do", found[0].Fix)
}

func (p *doctorPrinter) title(s string) {
	p.b.WriteByte('\n')
	p.line(themes.Title, s)
}

// mark writes a line with a glyph before it.
func (p *doctorPrinter) mark(state, words string) {
	m := p.kit.Glyph.Of(map[string]model.Health{doctor.OK: model.Ready, doctor.Bad: model.Failed, doctor.Warn: model.Stalled}[state])
	role := m.Role
	switch state {
	case doctor.OK:
	case doctor.Bad:
	case doctor.Warn:
		role = themes.Caution
	default:
		m, role = p.kit.Glyph.Of(model.Unknown), themes.Caution
	}
	for i, l := range wrap(p.kit, words, p.width-4) {
		shape := " "
		if i == 0 {
			shape = m.Shape
		}
		p.b.WriteString("  " + p.paint(role, shape) + " " + l + "\n")
	}
}

// labelWide is where what is labelled begins.
const labelWide = 16

func (p *doctorPrinter) labelled(label, words string) {
	if strings.TrimSpace(words) == "" {
		return
	}
	for i, l := range wrap(p.kit, words, max(p.width-labelWide, 20)) {
		if i > 0 {
			label = ""
		}
		p.b.WriteString(p.paint(themes.Muted, text.Pad("      "+label, labelWide)) + l + "\n")
	}
}

func (p *doctorPrinter) line(role themes.Role, s string) {
	for _, l := range wrap(p.kit, s, p.width) {
		p.b.WriteString(p.paint(role, l) + "\n")
	}
}

func (p *doctorPrinter) paint(role themes.Role, s string) string {
	if p.theme == nil {
		return s
	}
	return p.theme.Paint(role, 0, s)
}
