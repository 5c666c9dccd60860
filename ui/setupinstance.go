package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/fluxsync"
	"tenantry/model/setup"
	"tenantry/themes"
)

// setInstance opens the form. An instance that is there is read first, with
// who owns what of it.
func (a *App) setInstance() tea.Cmd {
	l := setup.Look{Store: a.store}
	o := a.store.Platform().Instance
	switch {
	case a.store.Connection().State != model.ConnLive:
		a.notice = "refused: " + serverAway
		return nil
	case o != nil && o.Deleting != 0:
		a.notice = "not now: " + o.Key.String() + " is being deleted"
		return nil
	case o == nil || fluxsync.Refuse(a.store, o) != "": // one the operator never acts on is in nobody's way
		a.ask(a.instanceDialog(a.instanceDraft(nil, l.Namespace())))
		return nil
	}
	a.notice, a.presses = "reading "+o.Key.String(), 0
	ctx, cluster, epoch, key := a.ctx, a.cluster, a.epoch, o.Key
	return func() (msg tea.Msg) {
		defer caught(&msg)
		live, err := instanceNow(ctx, cluster, key, nil)
		return instanceReadMsg{epoch, live, err}
	}
}

// instanceReadMsg: the instance was read, to change it.
type instanceReadMsg struct {
	epoch uint64
	live  liveInstance
	err   error
}

func (a *App) instanceRead(msg instanceReadMsg) {
	if msg.epoch != a.epoch {
		return
	}
	a.notice, a.dirty = "", true
	switch {
	case msg.err != nil:
		a.notice = "refused: " + msg.err.Error()
	case a.dialog != nil || a.menu != nil || a.presses > 0:
		a.notice = "the FluxInstance was left alone: other keys were pressed meanwhile"
	case msg.live.Made() != "":
		a.ask(a.ownedDialog(&msg.live))
	default:
		a.ask(a.instanceDialog(a.instanceDraft(&msg.live, msg.live.Key.Namespace)))
	}
}

// instanceText is what would be applied, by what is typed.
func (a *App) instanceText() string {
	conn := a.store.Connection()
	for id, f := range a.installing.drafts {
		if strings.HasPrefix(id, conn.Context+"\n"+conn.Server) && !f.sent {
			return yamlOf(f.order().Write().Body)
		}
	}
	return yamlOf(setup.Default((setup.Look{Store: a.store}).Namespace()).Body())
}

func (a *App) instanceTitle(part string) string {
	return "Set up FluxInstance " + fluxsync.InstanceName + " on " + a.contextName() + ", " + part
}

// instanceDialog asks what Flux is to be.
func (a *App) instanceDialog(f *instanceForm) *dialog {
	d := &dialog{title: a.instanceTitle("1 of 2")}
	line := func(label, hint string, l *editLine, field setup.Field) {
		wrong := func() string {
			if len(l.runes) == 0 && !f.tried {
				return ""
			}
			return f.spec().Wrong(field)
		}
		d.parts = append(d.parts, part{label: label, hint: hint, line: l,
			problem: func(string) string { f.tried = true; return f.spec().Wrong(field) },
			under:   func() (string, themes.Role) { return wrong(), themes.Bad }})
	}
	line("VERSION", "2.x", &f.version, setup.FieldVersion)
	line("REGISTRY", "ghcr.io/fluxcd", &f.registry, setup.FieldRegistry)
	line("MANIFESTS", "those in the operator's image; or oci://…", &f.artifact, setup.FieldArtifact)
	sizes := slices.Clone(setup.Sizes)
	sizes[0] = "as it comes"
	d.parts = append(d.parts, part{label: "CLUSTER", choices: setup.Types, chosen: &f.kind},
		part{label: "SIZE", choices: sizes, chosen: &f.size, text: "how much the controllers may use and do at once"},
		part{label: "LOCKDOWN", gap: true, tick: &f.lockdown, text: "multi-tenant: no tenant reaches beyond its namespaces, and what names no account runs as the one below",
			under: func() (string, themes.Role) {
				if f.lockdown {
					return "", themes.Text
				}
				return "without it every tenant's Git may do everything in the whole cluster", themes.Caution
			}})
	line("ACCOUNT", "default", &f.account, setup.FieldAccount)
	d.parts = append(d.parts, part{label: "NETWORK", tick: &f.network, text: "a NetworkPolicy lets nobody but Flux reach its controllers (a service mesh may need it off)"})
	for i := range setup.Components {
		p := part{label: first(i, "RUNS"), gap: i == 0, tick: &f.components[i], text: setup.Components[i]}
		if i == len(setup.Components)-1 {
			p.under = func() (string, themes.Role) { return f.spec().Wrong(setup.FieldComponents), themes.Bad }
		}
		d.parts = append(d.parts, p)
	}
	if f.live != nil {
		d.parts = append(d.parts, part{label: "NOW", gap: true, role: themes.Muted, text: f.live.Key.String() + " is there: nothing of it changes but what is changed above"})
	}
	d.parts = append(d.parts, f.again.part(a, missingOfInstance(f.spec()))...)
	d.draft = f.draft()
	if a.rules().ReadOnly {
		d.parts = append(d.parts, part{label: "REFUSED", gap: true, role: themes.Caution, text: strings.TrimPrefix(readOnlyWhy, "refused: ") + "; ctrl+o prints it instead"})
	}
	d.buttons = []button{
		{word: "Next", press: func() tea.Cmd { return a.instanceFormDone(d, f) }, refused: func() string { return a.instanceRefused(f) }},
		{word: "Cancel", harmless: true},
	}
	d.detail = func() string {
		return "# server-side apply, as field manager tenantry, without force\n" + yamlOf(f.order().Write().Body)
	}
	d.printed = func() string { return a.instancePrinted(f.order()) }
	return d
}

// instanceRefused says why it can't go on from the form, "" when it can.
func (a *App) instanceRefused(f *instanceForm) string {
	switch {
	case a.rules().ReadOnly:
		return readOnlyWhy + "; ctrl+o prints it instead"
	case a.store.KindStatus(model.FluxInstance).State == model.ScopeAbsent:
		return "the kind FluxInstance is not served yet: the operator comes first, step 2; ctrl+o prints it"
	case f.live != nil && f.live.denied != "":
		return f.live.denied + "; ctrl+o prints it for somebody who may, ctrl+y shows the Role"
	}
	return ""
}

// instancePrinted is what stands in for doing it.
func (a *App) instancePrinted(o setup.Order) string {
	conn := a.store.Connection()
	forced := map[bool]string{true: " --force-conflicts"}[o.Force]
	return "kubectl" + kubectlFlags(conn) + " apply --server-side --field-manager " + model.FieldManager + forced + " -f - <<'EOF'\n" + yamlOf(o.Write().Body) + "EOF\n" +
		"# or as values of the chart oci://ghcr.io/controlplaneio-fluxcd/charts/flux-instance\n" + yamlOf(o.Want.Values())
}

// instanceFormDone goes on to what will happen, if all fields make sense.
func (a *App) instanceFormDone(d *dialog, f *instanceForm) tea.Cmd {
	a.dialog = d
	f.tried = true
	if field, why := f.spec().First(); field < setup.FieldCount {
		d.said, d.follows = why, true
		return nil
	}
	return a.tryInstance(&instanceTrial{from: d, form: f, order: f.order()})
}

// ownedDialog is about an instance that somebody else keeps: it says where a
// change belongs, and prints it.
func (a *App) ownedDialog(live *liveInstance) *dialog {
	want := setup.Of(live.Live)
	want.Multitenant = true
	where, text := setup.Lasting(live.Live, want)
	d := &dialog{title: "FluxInstance " + live.Key.Namespace + "/" + live.Key.Name + " on " + a.contextName()}
	d.parts = []part{
		{label: "KEPT BY", text: live.Made() + "."},
		{label: "SO", text: "Setup changes nothing of it but its sync: what is changed here is written back, and the two would undo each other's work.", gap: true},
		{label: "LASTING", text: "The change belongs into " + where + ". What to put there, with the lockdown on and all else as it is:", gap: true},
	}
	for _, l := range strings.Split(strings.TrimRight(yamlOf(text), "\n"), "\n") {
		d.parts = append(d.parts, part{text: l, inset: true})
	}
	d.buttons = []button{{word: "Close", harmless: true}}
	d.printed = func() string { return "# " + where + "\n" + yamlOf(text) }
	return d
}
