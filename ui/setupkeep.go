package ui

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/export"
	"tenantry/model/fluxsync"
	"tenantry/model/redact"
	"tenantry/model/setup"
	"tenantry/themes"
	"tenantry/ui/archive"
)

// draftKeep is the folder that was typed.
const draftKeep = "keep"

// keepLimit is how long reading what is kept may take.
const keepLimit = time.Minute

// keepReadMsg is what is to be kept, as it is in the cluster.
type keepReadMsg struct {
	epoch   uint64
	objects []map[string]any
	holes   []string
	err     error
}

// keepInGit reads platform and tenants, to be printed or written as files.
func (a *App) keepInGit() tea.Cmd {
	c, ok := a.cluster.(Archive)
	x := &exporter{store: a.store, spaces: map[string]string{}}
	switch {
	case !ok:
		a.notice = "what is in this cluster can't be listed from here: tenantry export does the same"
		return nil
	case a.store.Connection().State != model.ConnLive:
		a.notice = "refused: " + serverAway
		return nil
	}
	if err := x.choose(); err != nil {
		a.notice = err.Error()
		return nil
	}
	a.notice, a.presses = "reading what was set up", 0
	ctx, epoch, refs := a.ctx, a.epoch, x.refs()
	return func() (msg tea.Msg) {
		defer caught(&msg)
		ctx, cancel := context.WithTimeout(ctx, keepLimit)
		defer cancel()
		objects, holes, err := readAll(ctx, c, refs)
		return keepReadMsg{epoch, objects, holes, err}
	}
}

// keepRead asks what to do with it.
func (a *App) keepRead(msg keepReadMsg) {
	if msg.epoch != a.epoch {
		return
	}
	a.notice, a.dirty = "", true
	x := &exporter{store: a.store, spaces: map[string]string{}}
	err := msg.err
	if err == nil {
		err = x.choose()
	}
	switch {
	case err != nil:
		a.notice = "it can't be read: " + err.Error()
		return
	case a.dialog != nil || a.menu != nil || a.presses > 0:
		a.notice = "nothing was written: other keys were pressed meanwhile"
		return
	}
	set := x.arrange(msg.objects)
	a.ask(a.keepDialog(set, x.going, msg.holes))
}

func (a *App) keepDialog(set export.Set, going, holes []string) *dialog {
	d := &dialog{title: "Keep in Git what is on " + a.contextName()}
	dir := &a.installing.keep
	dir.room = 1024
	before, at, _ := draftAs[string](a, draftKeep)
	if len(dir.runes) == 0 {
		dir.insert(before)
	} else {
		at = 0 // it is of this run
	}
	written := false
	var wrong error // what became of the folder wrongOf
	var wrongOf string
	d.parts = append(d.parts, part{label: "FOLDER", line: dir, hint: "empty, or of an earlier export, in a Git repository here", problem: func(s string) string {
		if strings.TrimSpace(s) == "" {
			return "a folder is needed; ctrl+o prints it all instead"
		}
		return redact.Missing(s)
	}, under: func() (string, themes.Role) {
		if err := wrong; err != nil && strings.TrimSpace(dir.String()) == wrongOf {
			return err.Error(), themes.Bad
		}
		return "", themes.Text
	}})
	for i, name := range archive.Names(set) {
		words := name
		for _, f := range set.Files {
			if f.Path == name {
				words += ": " + countWords(len(f.Objects), "object")
			}
		}
		d.parts = append(d.parts, part{label: first(i, "WRITES"), gap: i == 0, text: words, inset: true})
	}
	if len(set.Files) == 0 {
		d.parts = append(d.parts, part{text: "no objects: something else makes all of them again", inset: true})
	}
	if n := len(set.Left); n > 0 {
		d.parts = append(d.parts, part{label: "LEFT OUT", gap: true, role: themes.Muted, text: fmt.Sprintf("%d objects that something else makes again; export.yaml lists them", n)})
	}
	for i, what := range going {
		d.parts = append(d.parts, part{label: first(i, "GOING"), gap: i == 0, role: themes.Caution, inset: true, text: leftOut(what)})
	}
	for i, s := range set.Secrets {
		d.parts = append(d.parts, part{label: first(i, "SECRETS"), gap: i == 0, role: themes.Caution, inset: true,
			text: s.Namespace + "/" + s.Name + ": never read, and not among the files; K prints one encrypted for Git"})
	}
	for i, h := range holes {
		d.parts = append(d.parts, part{label: first(i, "HOLES"), gap: i == 0, role: themes.Bad, inset: true, text: h})
	}
	if o := a.store.Platform().Instance; o != nil {
		live := fluxsync.LiveOf(o)
		if made := live.Made(); made != "" {
			where, _ := setup.Lasting(live, setup.Default(o.Namespace))
			d.parts = append(d.parts, part{label: "LASTING", gap: true, text: made + ": a lasting change of it belongs into " + where + "."})
		}
	}
	d.parts = append(d.parts, part{label: "THEN", gap: true, text: "commit and push it to the repository the cluster is synced from, below its path: from then on Git holds it."})
	d.parts = append(d.parts, again{at}.part(a, missing([]string{"FOLDER"}, []string{dir.String()}))...)
	d.draft = &draft{draftKeep, func() any {
		if s := strings.TrimSpace(dir.String()); s != "" && !written {
			return s
		}
		return nil
	}}
	text := func() string {
		out, err := archive.Text(set)
		if err != nil {
			return err.Error()
		}
		return out
	}
	d.printed = text
	d.buttons = []button{
		{word: "Write", stays: true, press: func() tea.Cmd {
			d.busy = "writing"
			return writeKept(strings.TrimSpace(dir.String()), set, func(msg keptMsg) bool {
				d.busy = ""
				if wrong, wrongOf = msg.err, msg.dir; wrong != nil {
					d.at, d.top, d.follows = 0, 0, true // the field, with what is wrong below it
				}
				if written = wrong == nil; written {
					a.putDraft(draftKeep, nil)
				}
				open := d == a.dialog
				if open && wrong == nil {
					a.closeDialog()
				}
				return open
			})
		}},
		{word: "To the tenants", harmless: true, press: func() tea.Cmd { a.endSetup(""); return nil }},
		{word: "Cancel", harmless: true},
	}
	return d
}

// keptMsg: it was written, or why not; back tells the dialog that asked, which
// may have been left meanwhile.
type keptMsg struct {
	dir    string
	result archive.Result
	err    error
	back   func(keptMsg) (open bool)
}

func writeKept(dir string, set export.Set, back func(keptMsg) bool) tea.Cmd {
	return func() (msg tea.Msg) {
		defer caught(&msg)
		release, err := archive.Hold(dir)
		if err != nil {
			return keptMsg{dir, archive.Result{}, err, back}
		}
		defer release()
		result, err := archive.Write(dir, set, nil)
		return keptMsg{dir, result, err, back}
	}
}

// wroteKept says what was written, and ends on the tenants. Where it could not
// be, the dialog still has the folder, and says why.
func (a *App) wroteKept(msg keptMsg) {
	open := msg.back(msg)
	a.dirty = true
	switch {
	case msg.err != nil && open:
		return
	case msg.err != nil:
		a.notice = "not all of it was written: " + msg.err.Error()
		return
	}
	words := fmt.Sprintf("%s: %d files written, %d as they were; commit and push them", msg.dir, len(msg.result.Written), len(msg.result.Same))
	if p, ok := a.page().(*setupPage); ok && p.found[setup.Green].State == setup.Done {
		a.endSetup(words)
		return
	}
	a.notice = words
}

// endSetup ends on the tenants, on the first green row.
func (a *App) endSetup(words string) {
	green := (setup.Look{Store: a.store}).FirstGreen()
	a.pages = a.pages[:1]
	a.page().derive(false)
	if p, ok := a.page().(aimable); ok && green != "" {
		p.aim(spot{tenant: green})
	}
	a.notice, a.dirty = words, true
}
