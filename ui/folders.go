package ui

import (
	"context"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/export"
	"tenantry/themes"
)

// How long a run from the dashboard may take.
const (
	folderExportLimit  = time.Minute
	folderRestoreLimit = 10 * time.Minute
)

// exportItem and restoreItem are lines of the actions' menu and the palette.
func (a *App) exportItem() (item, bool) {
	if a.opts.Again == nil {
		return item{}, false
	}
	name := a.leavingTenant()
	note := "the platform and every tenant, as files for Git"
	if name != "" {
		note = name + ", as files for Git"
	}
	return item{text: "export", note: note, take: func() tea.Cmd { a.askExport(name); return nil }}, true
}

func (a *App) restoreItem() (item, bool) {
	if a.opts.Again == nil {
		return item{}, false
	}
	it := item{text: "restore from folder", note: "compare what was exported, and apply what is missing", take: func() tea.Cmd { a.askRestore(); return nil }}
	if a.rules().ReadOnly {
		it.note = "refused: this session is read-only"
	}
	return it, true
}

// folderDialog asks for a folder.
func (a *App) folderDialog(title, verb string, about []string, press func(dir string) tea.Cmd) {
	line := &a.folder
	d := &dialog{title: title}
	for i, text := range about {
		d.parts = append(d.parts, part{text: text, role: themes.Text, gap: i > 0})
	}
	d.parts = append(d.parts, part{label: "FOLDER", gap: true, line: line, hint: "as from where tenantry was started, or absolute", problem: func(s string) string {
		if strings.TrimSpace(s) == "" {
			return "a folder is wanted"
		}
		return ""
	}})
	d.buttons = []button{{word: "Cancel", harmless: true}, {word: verb, press: func() tea.Cmd { return press(strings.TrimSpace(line.String())) }}}
	a.ask(d)
}

// askExport asks where a tenant, or all of them, is exported to.
func (a *App) askExport(tenant string) {
	what, tenants := "the platform and every tenant", []string(nil)
	if tenant != "" {
		what, tenants = "tenant "+tenant, []string{tenant}
	}
	a.folderDialog("Export "+what+" from "+a.contextName(), "Export", []string{
		"It is written as clean files, in the order it is applied in; Secrets by name only. Nothing is written to the cluster, and in the folder nothing that is not of an export.",
	}, func(dir string) tea.Cmd {
		return a.runFolder(func(ctx context.Context, c Archive, _ Ask, _ *os.File, out io.Writer) error {
			return Export(ctx, c, out, ExportRun{Dir: dir, Tenants: tenants, Limit: folderExportLimit})
		}, func(err error) func() tea.Cmd {
			return func() tea.Cmd {
				a.notice = "exported to " + dir
				if err != nil {
					a.notice = "export to " + dir + ": " + err.Error()
				}
				return nil
			}
		})
	})
}

// askRestore asks which folder is restored. What it means for the cluster is
// shown and asked about then, in the terminal.
func (a *App) askRestore() {
	switch {
	case a.rules().ReadOnly:
		a.notice = "restore is " + readOnlyWhy
		return
	case a.store.Connection().State != model.ConnLive:
		a.notice = "restore is refused: " + serverAway
		return
	case a.sending():
		a.notice = "an action is just being sent (" + a.deedLine() + "): then a folder can be restored"
		return
	}
	a.folderDialog("Restore a folder to "+a.contextName(), "Compare", []string{
		"It is compared with the cluster first, object by object, and tried as a dry run; nothing is applied before that was shown and you said yes. Nothing is deleted, and nothing of others taken over.",
		"The dashboard steps aside for it, and comes back after.",
	}, func(dir string) tea.Cmd {
		var missing []export.Secret
		return a.runFolder(func(ctx context.Context, c Archive, ask Ask, terminal *os.File, out io.Writer) error {
			run := RestoreRun{Dir: dir, Limit: folderRestoreLimit, Rules: a.opts.Rules, Journal: a.opts.Journal, Inside: true,
				Missing: func(all []export.Secret) { missing = all }}
			if terminal != nil {
				run.Ask, run.Talk = ask, TalkOptionsFor(terminal, a.opts.ASCII)
			}
			return Restore(ctx, c, out, out, run)
		}, func(err error) func() tea.Cmd {
			return func() tea.Cmd {
				a.notice = "restored from " + dir
				switch {
				case err == nil:
				case err.Error() == "":
					a.notice += ": not all of it is as it should be"
				default:
					a.notice = "restore from " + dir + ": " + err.Error()
				}
				a.expectSecrets(missing)
				return nil
			}
		})
	})
}

// expectSecrets opens the credential's dialog for the sources that lack one of
// these Secrets, one after the other.
func (a *App) expectSecrets(missing []export.Secret) {
	a.due = due{epoch: a.epoch, until: a.store.Now().Add(dueWithin)}
	if a.opts.Remote == nil {
		return
	}
	for _, s := range missing {
		for _, by := range s.UsedBy {
			ref, field, _ := strings.Cut(by, " ")
			kind, rest, _ := strings.Cut(ref, "/")
			ns, name, _ := strings.Cut(rest, "/")
			k := model.Key{Kind: model.GitRepository, Namespace: ns, Name: name}
			if kind == k.Kind.String() && field == "secretRef" && !slices.Contains(a.due.sources, k) {
				a.due.sources = append(a.due.sources, k)
				break // one dialog a Secret
			}
		}
	}
}
