package ui

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/glyph"
)

// paneExplains checks that the pane, as it is drawn, explains the row the cursor
// is drawn on. What it has to begin with is worked out here, from the store and
// the identity of the row: what the page says of its rows is what is checked.
func (d *desk) paneExplains() error {
	label, said, ok := d.drawnPane()
	if !ok {
		return nil
	}
	name, want := "", ""
	switch p := d.page().(type) {
	case *tenants:
		r, ok := p.table.Current()
		if !ok {
			return nil
		}
		name, want = d.tenantPane(r.id, len(r.members))
	case interface{ flat() *list }:
		l := p.flat()
		r, ok := l.table.Current()
		if !ok {
			return nil
		}
		if r.id.what == "denied" {
			return begins(label, said, "You may not ", "As ")
		}
		name, want = d.listPane(r.id)
	}
	if want == "" {
		return nil
	}
	if line := d.App.cursorLine(); line != "" && len(name) < 12 && !strings.Contains(line, d.kit.Text(name)) {
		return fmt.Errorf("the cursor is on %s; its row is drawn as %q", name, line)
	}
	return begins(label, said, d.kit.Text(want))
}

// begins compares what a pane says with what it may begin with, as far as it has
// the room.
func begins(label, said string, wants ...string) error {
	got := squash(said)
	for _, want := range wants {
		if want = squash(want); strings.HasPrefix(got, want) || strings.HasPrefix(want, got) && len(got) > 20 {
			return nil
		}
	}
	return fmt.Errorf("the pane says %s %q; the cursor's row is %q", label, said, wants)
}

// squash takes out the white space: a pane breaks words that are too long.
func squash(s string) string { return strings.Join(strings.Fields(s), "") }

var paneLabel = regexp.MustCompile(`^ ([A-Z]+(?: [A-Z]+)*) {2,}(.*)$`)

// drawnPane is the first section of the pane as it is on the screen; not ok
// where none is, or something lies over it.
func (d *desk) drawnPane() (label, said string, ok bool) {
	switch {
	case d.dialog != nil, d.menu != nil, d.tour != nil, d.paused, d.kit.Width(d.said()) > d.w-8:
		return "", "", false
	}
	lines := d.lines()
	at := len(lines) - 1
	for ; at >= 0 && !strings.HasPrefix(lines[at], strings.Repeat(d.glyphs.Rule, 2)); at-- {
	}
	if at < 2 || at+1 >= len(lines)-1 || d.w < 60 {
		return "", "", false
	}
	pane := lines[at+1 : len(lines)-1]
	if _, home := d.page().(*tenants); home && d.w >= timelineFrom {
		pane = []string{strings.TrimRight(ansi.Truncate(pane[0], d.w*3/5-2, ""), " ")} // what happened stands beside it
	}
	for i, line := range pane {
		m := paneLabel.FindStringSubmatch(line)
		switch {
		case i == 0 && m == nil:
			return "", "", false
		case i == 0:
			label, said = m[1], m[2]
		case m != nil:
			return label, cutOff(said), true
		default:
			said += " " + line
		}
	}
	return label, cutOff(said), true
}

// cutOff is a text without what says that there is more of it.
func cutOff(s string) string {
	return strings.TrimRight(strings.TrimSuffix(strings.TrimRight(s, " "), "…"), ".")
}

// tenantPane is the name in a row of home, and what its pane begins with.
func (d *desk) tenantPane(id rowID, members int) (name, want string) {
	t := d.store.Tenant(id.name)
	switch {
	case id.kind == rowCause:
		return "", fmt.Sprintf("%d tenants have one cause, ", members)
	case id.kind == rowDenied:
		return "", ""
	case id.name == platformID:
		t = d.store.Platform().Row
	}
	switch {
	case t == nil:
		return id.name, "a tenant that is in the cluster" // there is none
	case t.Denied:
		return t.Name, "" // it is said of all that is denied at once
	case t.Reading:
		return t.Name, "Not everything " + t.Name + " is made of has been read yet"
	case t.Health == model.Suspended: // the reason is told with who gave it
		what, _, _ := strings.Cut(t.Message, ": ")
		return t.Name, upperFirst(what)
	case t.Health.Severity() > model.Ready.Severity() || glyph.RunsOn(t):
		return t.Name, upperFirst(t.Message)
	case t.IsPlatform:
		return t.Name, "Nothing is wrong with the platform."
	}
	return t.Name, "Nothing is wrong with " + t.Name + "."
}

// listPane is the name in a row of a flat page, and what its pane begins with.
func (d *desk) listPane(id listID) (name, want string) {
	switch p := d.page().(type) {
	case *objectList:
		return id.key.Name, d.objectPaneText(id.key)
	case *suspended:
		if id.key == (model.Key{}) {
			return d.tenantName(id.tenant), "All syncs of " + d.tenantName(id.tenant) + " are suspended"
		}
		return id.key.Name, id.key.String() + " "
	case *events:
		o := d.store.Get(id.key)
		if o == nil {
			return "", "an event that is in the cluster"
		}
		e := o.Detail.(*model.EventDetail)
		if plain, known := model.Explained(regarding(e), e.Message); known && e.Type != "Normal" {
			return e.Regarding.Name, upperFirst(plain)
		}
		return e.Regarding.Name, e.Reason + ": " + strings.TrimSpace(e.Message)
	case *findings:
		return "", d.findingPane(p, id)
	case *rollouts:
		return d.rolloutPane(id)
	}
	return "", ""
}

// objectPaneText is what is said of an object: which it is where it is fine, how
// it is where it is not.
func (d *desk) objectPaneText(k model.Key) string {
	o := d.store.Get(k)
	if o == nil {
		return "an object that is in the cluster"
	}
	whose := d.store.TenantOf(k)
	t := d.store.Tenant(whose)
	if whose == model.PlatformKey {
		t = d.store.Platform().Row
	}
	if t != nil && t.Reading {
		return "Not everything " + t.Name + " is made of has been read yet"
	}
	f := d.App.judge(o)
	if f.state.Role == themes.OK {
		return k.String()
	}
	if f.verdict.Health == model.Ready {
		return "It was applied and runs on, but "
	}
	return model.Sentence(o, f.verdict)
}

// findingPane is what is said of a rule, and of the object where it could not be
// judged.
func (d *desk) findingPane(p *findings, id listID) (want string) {
	shared := strings.TrimPrefix(id.what, "all ")
	p.kept.Each(func(f *model.Finding) {
		what := f.Rule + " " + f.Gravity.String()
		switch {
		case f.Unknown && what+" unknown" == shared && (shared != id.what || f.Tenant == id.tenant && f.Key == id.key):
			want = "It is not known whether this is so, because "
			if shared == id.what {
				want += f.Evidence
			}
		case !f.Unknown && what == shared:
			want = f.Words().Why
		}
	})
	return want
}

// rolloutPane is what is said of a repository's newest commit, of a commit, or
// of how it did with a tenant.
func (d *desk) rolloutPane(id listID) (name, want string) {
	h, revision := d.App.repositoryIn(id)
	if h == nil {
		return "", "a repository that is followed"
	}
	_, path, _ := strings.Cut(h.Repo.URL, "/")
	if revision == "" && id.key == (model.Key{}) && id.tenant == "" {
		if h.Revision == "" {
			return "", "Nothing has been fetched from " + h.Repo.URL + " yet."
		}
		return "", model.ShortRevision(h.Revision) + d.store.Subject(h.Revision) + " of " + path + h.Repo.Ref
	}
	if revision == "" {
		revision = h.Revision
	}
	want = model.ShortRevision(revision)
	for _, c := range d.store.Chain(h.Repo).Commits {
		if c.Revision == revision {
			want += c.Subject
			break
		}
	}
	if id.key != (model.Key{}) {
		want += " in " + d.tenantName(d.store.TenantOf(id.key))
	}
	return "", want
}

func regarding(e *model.EventDetail) model.Kind {
	k, _ := e.Regarding.Key()
	return k.Kind
}
