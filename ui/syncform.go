package ui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/model/fluxsync"
	"tenantry/themes"
)

// syncForm is a sync as it is being typed. It is kept while the program runs:
// leaving the dialog, or a save that fails, loses nothing.
type syncForm struct {
	live     liveInstance
	lines    [fluxsync.FieldCount]editLine
	kind     int // of fluxsync.Kinds
	provider int // of fluxsync.Providers
	tried    bool
	sent     bool // what is typed was sent: once it is there, it is no draft any more
	begun    fluxsync.Spec
	again    again
}

// draft is the form as it is kept.
func (f *syncForm) draft() *draft {
	return &draft{syncDraftOf(f.live), func() any {
		if spec := f.spec(); !f.sent && spec != f.begun {
			return spec
		}
		return nil
	}}
}

func syncDraftOf(live liveInstance) string { return "sync " + live.UID }

// draft is what was typed for an instance before, else what a form begins with.
func (a *App) draft(live liveInstance) *syncForm {
	conn := a.store.Connection()
	id := conn.Context + "\n" + conn.Server + "\n" + live.UID
	if a.syncs.drafts == nil {
		a.syncs.drafts = map[string]*syncForm{}
	}
	f := a.syncs.drafts[id]
	if f == nil || f.sent && live.Sync != nil && *live.Sync == f.spec() {
		f = &syncForm{}
		f.fill(a.begunWith(live))
		f.begun = f.spec()
		if kept, at, ok := draftAs[fluxsync.Spec](a, syncDraftOf(live)); ok {
			f.fill(kept)
			f.again.at = at
		}
		a.syncs.drafts[id] = f
	}
	if asked := a.syncs.asked; asked != nil {
		a.syncs.asked = nil
		f.fill(*asked)
		f.again.at = 0
	}
	f.live, f.tried = live, false
	return f
}

// begunWith is what a form begins with, the first time and anew.
func (a *App) begunWith(live liveInstance) fluxsync.Spec {
	if live.Sync == nil {
		return a.startSync(live.Start())
	}
	return live.Start()
}

func (f *syncForm) fill(s fluxsync.Spec) {
	for i := range f.lines {
		f.lines[i] = editLine{}
		f.lines[i].insert(s.Get(fluxsync.Field(i)))
	}
	f.kind, f.provider = max(slices.Index(fluxsync.Kinds(), s.Kind), 0), max(slices.Index(fluxsync.Providers(), s.Provider), 0)
}

// spec is what is typed.
func (f *syncForm) spec() fluxsync.Spec {
	var s fluxsync.Spec
	for i := range f.lines {
		s = s.Set(fluxsync.Field(i), strings.TrimSpace(f.lines[i].String()))
	}
	return s.Set(fluxsync.Kind, fluxsync.Kinds()[f.kind]).Set(fluxsync.Provider, fluxsync.Providers()[f.provider])
}

// around is what the fields are judged by.
func (a *App) around(live fluxsync.Live) fluxsync.Around {
	in := fluxsync.Around{Live: live}
	if p := a.store.Platform(); p != nil {
		in.FluxVersion = p.FluxVersion
	}
	if live.Sync != nil {
		_, sync := live.Sync.Made(live.Key.Namespace)
		in.Falls = fluxsync.FallsOf(a.store, sync, nil).Words()
	}
	return in
}

var syncLabels = [fluxsync.FieldCount]string{"KIND", "URL", "REF", "PATH", "SECRET", "PROVIDER", "INTERVAL", "NAME"}

var syncHints = map[fluxsync.Field]string{
	fluxsync.URL: "https://github.com/acme/fleet.git", fluxsync.Ref: "refs/heads/main", fluxsync.Path: "./clusters/prod-eu",
	fluxsync.PullSecret: "none: a public repository", fluxsync.Interval: "1m", fluxsync.Name: "the namespace's",
}

// formDialog asks what is to be synced from.
func (a *App) formDialog(f *syncForm) *dialog {
	in := a.around(f.live.Live)
	d := &dialog{title: a.syncTitle(action.SetSync, f.live.Live, "1 of 2")}
	for i := range fluxsync.FieldCount {
		d.parts = append(d.parts, a.fieldPart(d, f, i, in))
	}
	if f.live.Sync != nil {
		d.parts = append(d.parts, part{label: "NOW", role: themes.Muted, gap: true, text: syncWords(*f.live.Sync)})
	}
	d.parts = append(d.parts, f.again.part(a, missingOfSync(f.spec()))...)
	d.draft = f.draft()
	next := func() tea.Cmd { return a.formDone(d, f) }
	d.buttons = []button{
		{word: "Next", press: next, refused: func() string { return f.live.denied }},
		{word: "Cancel", harmless: true},
		// What was typed before stands there; the way back to what there is.
		{word: "Start anew", harmless: true, press: func() tea.Cmd {
			f.fill(a.begunWith(f.live))
			f.tried, f.again.at = false, 0
			a.ask(a.formDialog(f))
			return nil
		}},
	}
	d.detail = func() string {
		return "# server-side apply, as field manager tenantry, without force\n" + syncManifest(fluxsync.Order{Live: f.live.Live, Want: ptr(f.spec())}) + roleText(f.live.role)
	}
	d.printed = func() string { return a.syncPrinted(fluxsync.Order{Live: f.live.Live, Want: ptr(f.spec())}) }
	return d
}

// syncManifest is what is applied: the sync, and what else of the instance
// tenantry has applied before.
func syncManifest(o fluxsync.Order) string {
	if len(o.Live.Applied(".spec.sync")) > 0 {
		return yamlOf(o.Write().Body)
	}
	return o.Want.Manifest(o.Live.Key.Namespace)
}

func ptr[T any](v T) *T { return &v }

func roleText(role string) string {
	if role == "" {
		return ""
	}
	return "# what would allow it\n" + role
}

// fieldPart is one field, with what is wrong with it below.
func (a *App) fieldPart(d *dialog, f *syncForm, i fluxsync.Field, in fluxsync.Around) part {
	p := part{label: syncLabels[i], hint: syncHints[i]}
	check := func() fluxsync.Problem { return fluxsync.Check(i, f.spec(), in) }
	switch i {
	case fluxsync.Kind:
		p.choices, p.chosen = fluxsync.Kinds(), &f.kind
	case fluxsync.Provider:
		p.choices, p.chosen = slices.Clone(fluxsync.Providers()), &f.provider
		p.choices[0] = "none"
	default:
		p.line = &f.lines[i]
		p.problem = func(string) string { f.tried = true; return check().Text } // asked when a button is pressed
		p.offer = func() string { return check().Offer }
	}
	at := len(d.parts)
	p.under = func() (string, themes.Role) {
		problem := check()
		typing := d.focus() == &d.parts[at]
		switch {
		case problem.Text == "" && i == fluxsync.PullSecret && f.spec().PullSecret != "":
			return f.live.secretWords(f.spec())
		case problem.Text == "" || !f.tried && p.line != nil && len(p.line.runes) == 0:
			return "", themes.Text
		case problem.Offer != "" && typing:
			return problem.Text + "; right takes " + problem.Offer, themes.Caution
		case problem.Offer != "":
			return problem.Text + ": " + problem.Offer, themes.Bad
		}
		return problem.Text, themes.Bad
	}
	return p
}

// formDone goes on to what will happen, if all fields make sense.
func (a *App) formDone(d *dialog, f *syncForm) tea.Cmd {
	a.dialog = d // it stays until the server has said what would happen
	f.tried = true
	if field, problem := fluxsync.First(f.spec(), a.around(f.live.Live)); field < fluxsync.FieldCount {
		d.said, d.follows = syncLabels[field]+" has to be mended first: "+firstClause(problem.Text), true
		for at, i := range d.focusables() {
			if i == int(field) {
				d.at = at
			}
		}
		return nil
	}
	return a.trySync(&syncTrial{from: d, form: f, order: fluxsync.Order{Live: f.live.Live, Want: ptr(f.spec())}})
}

// firstClause is what a sentence says up to its first colon or semicolon.
func firstClause(s string) string {
	if i := strings.IndexAny(s, ":;"); i > 0 {
		return s[:i]
	}
	return s
}

// syncWords is a sync in one line.
func syncWords(s fluxsync.Spec) string {
	out := join(s.Kind+" "+s.URL, s.Ref, s.Path)
	if s.PullSecret != "" {
		out = join(out, "secret "+s.PullSecret)
	}
	return out
}

// syncPrinted is what stands in for doing it: where it lasts, and the same as
// commands for a shell.
func (a *App) syncPrinted(o fluxsync.Order) string {
	conn := a.store.Connection()
	var b strings.Builder
	if o.Want != nil {
		b.WriteString(o.Live.Durable(*o.Want).Text + "\n")
	}
	b.WriteString("# or once, by hand\n")
	o.Stamp = a.stamp()
	for _, s := range o.Plan(a.store).Steps {
		switch {
		case s.Watch:
		case s.Write.Op == model.WriteApply:
			fmt.Fprintf(&b, "kubectl%s apply --server-side --field-manager %s%s -f - <<'EOF'\n%sEOF\n", kubectlFlags(conn), model.FieldManager,
				map[bool]string{true: " --force-conflicts"}[s.Write.Force], syncManifest(o))
		default:
			b.WriteString(commandsText([]action.Step{s}, conn))
		}
	}
	return b.String()
}
