package ui

import (
	"fmt"
	"slices"
	"strings"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/draw"
	"tenantry/ui/keymap"
	"tenantry/ui/text"
)

// paneIndent is where the text of a pane begins, after its label.
const paneIndent = 7

// section is a part of a pane: a label and what it says.
type section struct {
	label string
	text  string
	// spare sections are shown only where there is room left.
	spare bool
}

// wrap breaks cleaned text into lines.
func wrap(kit draw.Kit, s string, w int) []string { return text.Wrap(kit.Text(s), w) }

// drawPane writes sections into w × h. Each gets a line before any gets its
// second, spare ones come last; what doesn't fit ends in an ellipsis.
func drawPane(kit draw.Kit, w, h int, sections ...section) []string {
	if h <= 0 || w <= 0 {
		return nil
	}
	sections = slices.Clone(sections)
	sections = slices.DeleteFunc(sections, func(s section) bool { return s.text == "" })
	blocks := make([][]string, len(sections))
	for i, s := range sections {
		blocks[i] = hang(kit, s.text, w-paneIndent-2, labelOver(kit, s.label))
	}
	room := share(sections, blocks, h)
	var out []string
	for i, b := range blocks {
		for j := 0; j < room[i]; j++ {
			l := draw.NewLine(kit, w).Skip(1)
			if j == 0 {
				l.Put(themes.Head, sections[i].label)
			}
			at := paneIndent
			if j == 0 {
				at += labelOver(kit, sections[i].label)
			}
			l.To(at)
			line := b[j]
			if j == room[i]-1 {
				line = strings.Join(b[j:], " ") // what doesn't fit is cut with an ellipsis
			}
			out = append(out, l.Cell(w-at-1, func(l *draw.Line) { l.Put(themes.Text, line) }).String())
		}
	}
	return out
}

// labelOver is how far a label reaches into the room of its text.
func labelOver(kit draw.Kit, label string) int { return max(kit.Width(label)+3-paneIndent, 0) }

// share deals out h lines: one for every section, then what the first still
// needs, and so on; spare sections get what is left.
func share(sections []section, blocks [][]string, h int) []int {
	room := make([]int, len(blocks))
	for _, spare := range []bool{false, true} {
		for _, whole := range []bool{false, true} {
			for i, b := range blocks {
				want := 1
				if whole {
					want = len(b)
				}
				if extra := min(want-room[i], h); sections[i].spare == spare && extra > 0 {
					room[i] += extra
					h -= extra
				}
			}
		}
	}
	return room
}

// pane explains the row under the cursor and says what to do next.
func (s *tenants) pane(w, h int) []string {
	r, ok := s.table.Current()
	if !ok {
		return nil
	}
	left := w
	var news []string
	if w >= timelineFrom && h > 1 {
		if news = s.timeline(r, w-w*3/5-2, h); len(news) > 0 {
			left = w * 3 / 5
		}
	}
	lines := drawPane(s.kit, left, h, s.sections(r)...)
	if len(news) == 0 {
		return lines
	}
	return beside(s.kit, lines, news, left, h)
}

// paneNeeds asks for room where there is a Role to copy.
func (s *tenants) paneNeeds(w int) int {
	r, ok := s.table.Current()
	if !ok || r.id.kind != rowDenied && (r.tenant == nil || !r.tenant.Denied) {
		return 0
	}
	n := 0
	for _, sec := range s.sections(r) {
		n += len(wrap(s.kit, sec.text, w-paneIndent-2))
	}
	return n
}

func (s *tenants) sections(r *tenantRow) []section {
	switch {
	case r.id.kind == rowDenied,
		r.tenant != nil && r.tenant.Denied && len(deniedScopes(s.store.Scopes())) > 0:
		return deniedSections(s.store.Scopes(), s.store.Connection())
	case r.id.kind == rowCause:
		return s.causeSections(r)
	}
	return s.tenantSections(r)
}

// tenantSections are the sentence for a tenant and what to do next.
func (s *tenants) tenantSections(r *tenantRow) []section {
	t := r.tenant
	switch {
	case t.Denied:
		return []section{{label: "WHY", text: "Nothing of " + t.Name + " is readable by you. That is no fault of it."}}
	case t.Reading:
		return []section{{label: "WHY", text: s.notReadYet(t.Name)}}
	case r.fine():
		return []section{{label: "WHY", text: s.fineSentence(r)}, {label: "NEXT", text: strings.TrimSpace(s.nextKeys(r))}}
	}
	why := upperFirst(sentence(t.Message))
	if t.Health == model.Suspended {
		why = upperFirst(sentence(s.withoutReason(t))) + " " + upperFirst(sentence(s.suspension(t)))
	}
	f := s.look(r)
	if c := t.Cause; c != nil && c.Message != "" && !strings.Contains(why, c.Name) {
		said := causeSaid(c)
		why += fmt.Sprintf(" It starts at %s: %s", c.Ref(), sentence(said))
	}
	why += s.runsOn(t, f) + s.rememberedSentence(r)
	if f.pods.moving {
		why += fmt.Sprintf(" %s: %d of %d new pods are ready.", f.generation, newAndReady(f.pods.rollout), f.pods.rollout.Desired)
	}
	dead := s.notAtWork(t.Syncs, t.Sources)
	why += s.deadSentence(dead, why)
	pods := ""
	for _, k := range t.Workloads {
		if o := s.store.Get(k); o != nil && s.store.Rollout(k).Moving() {
			pods += s.podSentence(o)
		}
	}
	why += pods
	health := t.Health
	if c := t.Cause; c != nil && c.Reason == "Controller" { // a worse-looking object comes after it
		health = model.Unobserved
	}
	next := s.adviceAt(health, t.Retrying, t.Cause, dead, f.pods.moving, pods)
	if dead == nil && health == model.Ready {
		next = adviceOn(s.overlaysOf(t))
	}
	next += s.nextKeys(r)
	return []section{{label: "WHY", text: why}, {label: "RULED OUT", text: s.notIt(r), spare: true}, {label: "NEXT", text: next},
		{label: "RUN", text: command(t.Health, s.target(t)), spare: true}}
}

// runsOn says what goes on all the same where something is broken.
func (s *tenants) runsOn(t *model.Tenant, f *facts) string {
	runs, _, _ := strings.Cut(f.revision, s.kit.Glyph.Arrow)
	switch {
	case !t.Health.Unhealthy() || runs == "":
		return ""
	case t.IsPlatform && t.Chain[model.LinkAccess].Health == model.Ready:
		return " It runs on with " + runs + "; tenants' own syncs go on."
	case slices.ContainsFunc(t.Syncs, func(k model.Key) bool { return s.store.AppliedLater(k) != "" }):
		return "" // a later one is in the cluster, which did not get healthy
	case !t.IsPlatform && t.Chain[model.LinkWorkloads].Health == model.Ready:
		return " No pod is affected; it keeps " + runs + "."
	}
	return ""
}

// nextKeys are the keys that help with a row.
func (s *tenants) nextKeys(r *tenantRow) string {
	words := ""
	if r.tenant != nil && !r.tenant.Denied {
		words = s.actionKeys(r.tenant.Health, r.tenant.Cause)
	}
	if words == "" {
		words = " " + s.key(keymap.Open) + " objects"
	}
	if r.rank >= unhealthyRank {
		words = "  " + s.key(keymap.Why) + " chain and evidence" + words
	}
	switch {
	case r.familiar == isKnown:
		words += "  " + s.key(keymap.Known) + " not known any more"
	case r.rank >= unhealthyRank:
		words += "  " + s.key(keymap.Known) + " known"
	}
	return words
}

// fineSentence says what runs where nothing is wrong.
func (s *tenants) fineSentence(r *tenantRow) string {
	t := r.tenant
	name := t.Name
	if t.IsPlatform {
		name = "the platform"
	}
	f := s.look(r)
	words := "Nothing is wrong with " + name + "."
	if f.revision != "" {
		words += " It runs " + f.revision
		if subject := s.store.Subject(f.newest); subject != "" {
			words += ` "` + subject + `"` // a subject may hold quotes itself
		}
		if f.changed != 0 {
			words += ", the newest its source has seen, changed " + s.age(f.changed) + " ago"
		}
		words += "."
	}
	if f.pods.known && !t.IsPlatform {
		words += fmt.Sprintf(" %d of %d pods are available.", f.pods.available, f.pods.desired)
	}
	if f.byHand != "" {
		words += " Not from Git: " + f.byHand + "."
	}
	if dead := s.notAtWork(t.Syncs, t.Sources); dead != nil {
		words += s.deadSentence(dead, words) + " Nothing new comes until then."
	}
	return words
}

// causeSections explain a cause several tenants share.
func (s *tenants) causeSections(r *tenantRow) []section {
	names := make([]string, len(r.members))
	untouched := true
	for i, m := range r.members {
		names[i] = m.Name
		untouched = untouched && m.Chain[model.LinkWorkloads].Health == model.Ready
	}
	worst := r.worst()
	c := worst.Cause
	at := r.place
	if at == c.Ref() {
		at.Namespace = "" // the sentence is long enough
	}
	why := fmt.Sprintf("%d tenants have one cause, %s %s: %s", len(r.members), at.Kind, at.Name, sentence(s.causeSentence(c)))
	if untouched {
		why += " No pod is affected; each keeps the revision it has."
	}
	why += s.rememberedSentence(r)
	next := "Mend the one cause and all of them follow."
	if !r.unfolded {
		next += " " + s.key(keymap.Open) + " unfolds them."
	}
	return []section{{label: "WHY", text: why}, {label: "RULED OUT", text: s.notIt(r), spare: true}, {label: "NEXT", text: next}, {label: "WHO", text: strings.Join(names, ", "), spare: true},
		{label: "RUN", text: command(worst.Health, s.target(worst)), spare: true}}
}
