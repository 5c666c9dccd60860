package ui

import (
	"context"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/setup"
	"tenantry/themes"
)

// programWhere says which cluster a program has to work on.
func (a *App) programWhere() setup.Where {
	conn := a.store.Connection()
	return setup.Where{Kubeconfig: a.opts.Kubeconfig, Context: conn.Context, User: conn.User}
}

// commandWords are a call's words as a shell takes them.
func commandWords(c setup.Command) []string {
	words := []string{c.Program}
	for _, w := range c.Args {
		words = append(words, shellWord(w))
	}
	return words
}

func commandLine(c setup.Command) string { return strings.Join(commandWords(c), " ") }

// broken is a command over several lines, as a shell takes it too.
func broken(words []string) string {
	const width = 72
	var out strings.Builder
	used := 0
	for i, word := range words {
		switch {
		case i == 0:
		case used+1+len(word) > width:
			out.WriteString(" \\\n  ")
			used = 2
		default:
			out.WriteByte(' ')
			used++
		}
		out.WriteString(word)
		used += len(word)
	}
	return out.String()
}

// installText are the commands that install the operator.
func (a *App) installText(namespace string) string {
	where := a.programWhere()
	if a.opts.Demo != nil {
		where = setup.Where{}
	}
	var b strings.Builder
	for _, c := range setup.Commands(namespace, where) {
		fmt.Fprintf(&b, "# %s\n", c.Does)
		if c.Only != "" {
			fmt.Fprintf(&b, "# not here: %s\n", c.Only)
			continue
		}
		b.WriteString(broken(commandWords(c)) + "\n")
	}
	return b.String()
}

// foundProgram is a command with where its program is, or why it can't be run.
type foundProgram struct {
	setup.Command
	path, why string
}

// programsMsg: which of the programs are there.
type programsMsg struct {
	epoch uint64
	found []foundProgram
}

// findPrograms looks for the programs, and then asks which to run.
func (a *App) findPrograms(namespace string) tea.Cmd {
	switch {
	case a.opts.Demo != nil:
		a.notice = "nothing can be installed into this cluster from outside: the operator arrives by itself"
		return nil
	case a.store.Connection().State != model.ConnLive:
		a.notice = "refused: " + serverAway
		return nil
	}
	commands := setup.Commands(namespace, a.programWhere())
	a.notice, a.presses = "looking for the programs", 0
	ctx, programs, epoch, refused := a.ctx, a.opts.Programs, a.epoch, a.opts.NoPrograms
	return func() (msg tea.Msg) {
		defer caught(&msg)
		out := programsMsg{epoch: epoch}
		for _, c := range commands {
			f := foundProgram{Command: c}
			switch {
			case programs == nil && refused != "":
				f.why = refused
			case programs == nil:
				f.why = "programs can't be started from here"
			case c.Only != "":
				f.why = c.Only
			default:
				f.path, f.why = findProgram(ctx, programs, c)
			}
			out.found = append(out.found, f)
		}
		return out
	}
}

func findProgram(ctx context.Context, programs Programs, c setup.Command) (path, why string) {
	path, err := programs.Find(c.Program)
	if err != nil {
		return "", err.Error()
	}
	if c.Knows == "" {
		return path, ""
	}
	knows, err := programs.Knows(ctx, path, c.Args[0], c.Knows)
	switch {
	case err != nil:
		return path, path + " can't be run: " + err.Error()
	case !knows:
		return path, path + " is not the operator's command line tool, or one too old: it knows no " + c.Args[0] + " with " + c.Knows
	}
	return path, ""
}

// askPrograms asks which command to run.
func (a *App) askPrograms(msg programsMsg) {
	if msg.epoch != a.epoch {
		return
	}
	a.notice, a.dirty = "", true
	if a.dialog != nil || a.menu != nil || a.presses > 0 {
		a.notice = "nothing was run: other keys were pressed meanwhile"
		return
	}
	a.ask(a.programsDialog(msg.found))
}

func (a *App) programsDialog(found []foundProgram) *dialog {
	var confirm editLine
	d := &dialog{title: "Install the Flux Operator on " + a.contextName()}
	d.buttons = []button{{word: "Cancel", harmless: true}}
	mark := 0
	for _, f := range found {
		p := part{label: strings.ToUpper(f.Program), gap: true, text: commandLine(f.Command)}
		if len(p.label) > dialogLabel {
			p.label = "OR"
		}
		d.parts = append(d.parts, p, part{text: f.Does, role: themes.Muted, inset: true})
		switch {
		case f.why != "":
			d.parts = append(d.parts, part{text: f.why, role: themes.Caution, inset: true})
		default:
			d.parts = append(d.parts, part{text: "runs " + f.path + ", as you, with your own settings", role: themes.Muted, inset: true})
			if mark == 0 {
				mark = len(d.buttons)
			}
		}
		d.buttons = append(d.buttons, button{word: "Run " + f.Program, refused: func() string { return a.mayNotRun(f) }, press: func() tea.Cmd { return a.startProgram(f) }})
	}
	look := a.setupLook()
	if why := look.MayNot(setup.Operator); why != "" {
		d.parts = append(d.parts, part{label: "DENIED", gap: true, role: themes.Caution, text: why + ": it takes an administrator. ctrl+o prints the commands for one; this page goes on when the operator comes."})
		mark = 0
	}
	d.parts = append(d.parts, part{label: "THEN", gap: true, text: "its output is shown as it comes, and the kind FluxInstance is waited for. It goes on, also when tenantry is left."})
	if a.rules().Protected {
		name := a.contextName()
		mark = 0
		d.parts = append(d.parts, part{label: "CONFIRM", line: &confirm, gap: true, hint: "this context is protected: type " + name, problem: func(s string) string {
			if s != name {
				return "this context is protected: type " + name + " to confirm"
			}
			return ""
		}})
	}
	markButton(d, mark)
	ns := look.Namespace()
	d.printed = func() string { return a.installText(ns) }
	return d
}

// setupLook is what the page of setup is judged by, with what the server said.
func (a *App) setupLook() setup.Look {
	if p, ok := a.page().(*setupPage); ok {
		return p.look()
	}
	return setup.Look{Store: a.store}
}

func (a *App) mayNotRun(f foundProgram) string {
	switch {
	case a.rules().ReadOnly:
		return readOnlyWhy + "; ctrl+o prints it instead"
	case f.why != "":
		return f.why + "; ctrl+o prints it instead"
	}
	if why := a.setupLook().MayNot(setup.Operator); why != "" {
		return why + "; ctrl+o prints it for an administrator"
	}
	return ""
}
