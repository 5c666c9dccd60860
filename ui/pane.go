package ui

import (
	"fmt"
	"strings"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/text"
)

// paneIndent is where the text of a pane begins, after its label.
const paneIndent = 7

// section is a part of a pane: a label and what it says.
type section struct {
	label string
	text  string
	// whole sections keep their own line breaks.
	whole []string
}

// wrap breaks cleaned text into lines.
func wrap(kit draw.Kit, s string, w int) []string { return text.Wrap(kit.Text(s), w) }

// drawPane writes sections into w × h. Each gets a line before any gets its
// second; what doesn't fit ends in an ellipsis.
func drawPane(kit draw.Kit, w, h int, sections ...section) []string {
	if h <= 0 || w <= 0 {
		return nil
	}
	var blocks [][]string
	var labels []string
	for _, s := range sections {
		body := s.whole
		if body == nil {
			body = wrap(kit, s.text, w-paneIndent-2)
		}
		if len(body) > 0 {
			blocks, labels = append(blocks, body), append(labels, s.label)
		}
	}
	if len(blocks) > h {
		blocks, labels = blocks[:h], labels[:h]
	}
	room := share(blocks, h)
	var out []string
	for i, b := range blocks {
		for j := 0; j < room[i]; j++ {
			l := draw.NewLine(kit, w).Skip(1)
			if j == 0 {
				l.Put(themes.Head, labels[i])
			}
			l.To(paneIndent)
			line := b[j]
			if j == room[i]-1 && j < len(b)-1 {
				line = kit.Cut(line, w-paneIndent-3) + kit.Glyph.Ellipsis
			}
			out = append(out, l.Put(themes.Text, line).String())
		}
	}
	return out
}

// share gives every block a line, then the first what it still needs, and so
// on.
func share(blocks [][]string, h int) []int {
	room := make([]int, len(blocks))
	left := h
	for i := range blocks {
		room[i] = 1
		left--
	}
	for i, b := range blocks {
		extra := min(len(b)-1, max(left, 0))
		room[i] += extra
		left -= extra
	}
	return room
}

// pane explains the row under the cursor and says what to do next.
func (s *tenants) pane(w, h int) []string {
	r, ok := s.table.Current()
	if !ok {
		return nil
	}
	switch r.id.kind {
	case rowDenied:
		return drawPane(s.kit, w, h, deniedSections(s.store.Scopes(), s.store.Connection())...)
	case rowCause:
		return drawPane(s.kit, w, h, s.causeSections(r)...)
	}
	if r.tenant.Denied && len(deniedScopes(s.store.Scopes())) > 0 {
		return drawPane(s.kit, w, h, deniedSections(s.store.Scopes(), s.store.Connection())...)
	}
	why, next := s.explain(r)
	return drawPane(s.kit, w, h, section{label: "WHY", text: why}, section{label: "NEXT", text: next})
}

// paneNeeds asks for room where there is a Role to copy.
func (s *tenants) paneNeeds(w int) int {
	r, ok := s.table.Current()
	if !ok || r.id.kind != rowDenied && (r.tenant == nil || !r.tenant.Denied) {
		return 0
	}
	n := 0
	for _, sec := range deniedSections(s.store.Scopes(), s.store.Connection()) {
		n += max(len(sec.whole), len(wrap(s.kit, sec.text, w-paneIndent-2)))
	}
	return n
}

// explain is the sentence for a tenant and what to do next.
func (s *tenants) explain(r *tenantRow) (why, next string) {
	t := r.tenant
	switch {
	case t.Denied:
		return "Nothing of " + t.Name + " is readable by you. That is no fault of it.", ""
	case t.Reading:
		read, total := s.store.Progress()
		return fmt.Sprintf("Not everything %s is made of has been read yet: %d of %d kinds are. Until then it is neither fine nor broken.", t.Name, read, total), ""
	}
	name := t.Name
	if t.IsPlatform {
		name = "The platform"
	}
	f := s.look(r)
	switch {
	case t.Health == model.Ready && r.fine():
		why = fmt.Sprintf("Nothing is wrong with %s.", lowerFirst(t.IsPlatform, name))
		if f.revision != "" {
			why += " It runs " + f.revision
			if t.Since != 0 {
				why += ", ready for " + s.age(t.Since)
			}
			why += "."
		}
		if t.Message != "" {
			why += " Last: " + sentence(t.Message)
		}
		return why, "enter opens its objects"
	default:
		why = sentence(t.Message)
	}
	if c := t.Cause; c != nil && c.Message != "" && !strings.Contains(why, c.Name) {
		why += fmt.Sprintf(" It starts at %s: %s", c.Ref(), sentence(c.Message))
	}
	if p := f.pods; p.moving {
		why += fmt.Sprintf(" %s: %d of %d new pods are ready.", f.generation, max(p.rollout.Available-p.rollout.Old, 0), p.rollout.Desired)
	}
	return why, s.next(t)
}

func lowerFirst(yes bool, s string) string {
	if yes {
		return strings.ToLower(s[:1]) + s[1:]
	}
	return s
}

// sentence ends a message the way sentences end.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?") {
		return s
	}
	return s + "."
}

// causeSections explain a cause several tenants share.
func (s *tenants) causeSections(r *tenantRow) []section {
	names := make([]string, len(r.members))
	pods := true
	for i, m := range r.members {
		names[i] = m.Name
		pods = pods && m.Chain[model.LinkWorkloads].Health == model.Ready
	}
	worst := r.worst()
	why := fmt.Sprintf("%d tenants have one cause, %s: %s", len(r.members), worst.Cause.Ref(), sentence(r.cause))
	if pods {
		why += " No pod is affected; each keeps the revision it has."
	}
	next := s.next(worst)
	if !r.unfolded {
		next = "enter unfolds them; mend the one cause and all follow. " + next
	}
	return []section{{label: "WHY", text: why}, {label: "WHO", text: strings.Join(names, ", ")}, {label: "NEXT", text: next}}
}
