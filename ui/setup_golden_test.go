package ui

import (
	"context"
	"io"
	"strings"
	"time"

	"tenantry/model"
	"tenantry/model/setup"
	"tenantry/ui/journal"
	"tenantry/ui/uitest"
)

// setupGoldens are the eight steps, in the states a cluster can be in.
var setupGoldens = []scene{
	{name: "setup/loading", cluster: uitest.Loading, options: setupOptions},
	{name: "setup/nothing", cluster: uitest.NoFlux, set: func(d *desk) { d.act("w") }},
	{name: "setup/permissions", cluster: uitest.NoFlux, set: func(d *desk) { denySetup(d); d.act("w") }},
	{name: "setup/programs", cluster: uitest.NoFlux, options: programOptions, set: func(d *desk) { d.act("w", "enter") }},
	{name: "setup/output", cluster: uitest.NoFlux, options: programOptions, set: func(d *desk) {
		d.act("w", "enter")
		d.toButton("Run helm")
		d.act("enter")
	}},
	{name: "setup/starting", cluster: uitest.OperatorStarting, set: func(d *desk) { d.act("w") }},
	{name: "setup/bootstrapped", cluster: uitest.Bootstrapped, set: func(d *desk) { d.act("w") }},
	{name: "setup/bundled", cluster: uitest.Bundled, set: func(d *desk) { d.act("w"); d.act("g", "down") }},
	{name: "setup/instance", cluster: uitest.OperatorOnly, set: func(d *desk) { d.act("w") }},
	{name: "setup/form", cluster: uitest.OperatorOnly, set: func(d *desk) { d.act("w", "enter") }},
	{name: "setup/order", cluster: uitest.OperatorOnly, set: func(d *desk) { withSetup(d, nil).toOrder() }},
	{name: "setup/result", cluster: uitest.OperatorOnly, set: func(d *desk) {
		f := withSetup(d, nil)
		f.toOrder()
		f.push("Set up")
		d.feed(uitest.OperatorOnly().Put(uitest.Instance(nil, uitest.Condition("Ready", "Unknown", "Progressing", "Reconciliation in progress", 0))).Batch)
	}},
	{name: "setup/printed", cluster: uitest.OperatorOnly, set: func(d *desk) { d.act("w", "enter", "ctrl+o") }},
	{name: "setup/open", cluster: uitest.Open, set: func(d *desk) { d.act("w") }},
	{name: "setup/change", cluster: uitest.Open, set: func(d *desk) { withSetup(d, map[string]any{"multitenant": false}).toOrder() }},
	{name: "setup/conflict", cluster: uitest.Open, set: func(d *desk) { withSetup(d, map[string]any{"multitenant": false}).conflicting().toOrder() }},
	{name: "setup/owned", cluster: owned, set: func(d *desk) { withSetup(d, map[string]any{"multitenant": false}).byHelm().open() }},
	{name: "setup/credential", cluster: uitest.Unsynced, set: func(d *desk) { d.act("w") }},
	{name: "setup/sync", cluster: uitest.Unsynced, set: func(d *desk) { d.act("w", "tab") }},
	{name: "setup/tenants", cluster: uitest.Synced, set: func(d *desk) { d.act("w") }},
	{name: "setup/green", cluster: func() *uitest.Cluster { return uitest.Synced().Tenant("docs").Tenant("search") }, set: func(d *desk) { d.act("w"); d.act("G", "up") }},
	{name: "setup/keep", cluster: func() *uitest.Cluster { return uitest.Synced().Tenant("docs") }, set: func(d *desk) { d.act("w") }},
	{name: "setup/unfinished", cluster: uitest.Unsynced, options: unfinishedSetups("set up", "FluxInstance/flux-system/flux",
		journal.Step{Kind: "FluxInstance", Namespace: "flux-system", Name: "flux", Word: "sending"})},
	{name: "setup/halftenant", cluster: func() *uitest.Cluster { return uitest.Synced().Put(uitest.Namespace("docs", "docs")) }, options: unfinishedSetups("add tenant", "docs",
		journal.Step{Kind: "Namespace", Name: "docs", Word: "sent"}, journal.Step{Kind: "ServiceAccount", Namespace: "docs", Name: "docs"},
		journal.Step{Kind: "RoleBinding", Namespace: "docs", Name: "docs-reconciler"}, journal.Step{Kind: "GitRepository", Namespace: "docs", Name: "docs"},
		journal.Step{Kind: "Kustomization", Namespace: "docs", Name: "docs"})},
}

func setupOptions() Options { return Options{Setup: true} }

// unfinishedSetups is a dashboard after one that was killed while it set
// something up.
func unfinishedSetups(verb, subject string, steps ...journal.Step) func() Options {
	return func() Options {
		return Options{Journal: &memoryJournal{unfinished: []journal.Record{{ID: "2026-11-22T02:40:00.5Z", At: uitest.Start.Add(-18 * time.Minute), Who: "ann",
			Verb: verb, Subject: subject, Steps: steps}}}}
	}
}

// denySetup refuses everything setup does.
func denySetup(d *desk) { d.session.Deny("", setup.AllNeeds("flux-system")...) }

// owned is a cluster whose instance Helm made, without the lockdown.
func owned() *uitest.Cluster {
	c := uitest.Open()
	o := uitest.Instance(func(i *model.Instance) { i.Multitenant = false })
	o.Annotations = model.Pairs{{Name: "meta.helm.sh/release-name", Value: "fluxcd"}, {Name: "meta.helm.sh/release-namespace", Value: "flux-system"}}
	return c.Put(o)
}

// fakePrograms is a machine that has helm alone.
type fakePrograms struct {
	started []string
	says    [][]string
	ends    error
}

func programOptions() Options {
	return Options{Programs: &fakePrograms{says: [][]string{{"Pulled: ghcr.io/controlplaneio-fluxcd/charts/flux-operator:0.58.1", "Release \"flux-operator\" does not exist. Installing it now."},
		{"\x1b]0;owned\a\x1b[2JNAME: flux-operator", "STATUS: deployed"}}, ends: io.EOF}}
}

func (p *fakePrograms) Find(name string) (string, error) {
	if name == "helm" {
		return "/usr/local/bin/helm", nil
	}
	return "/opt/bin/" + name, nil
}

func (p *fakePrograms) Knows(context.Context, string, string, string) (bool, error) {
	return false, nil // it is the operator itself
}

func (p *fakePrograms) Start(path string, args []string) (ProgramRun, error) {
	p.started = append(p.started, path+" "+strings.Join(args, " "))
	return p, nil
}

func (p *fakePrograms) Next(context.Context) ([]string, error) {
	if len(p.says) == 0 {
		return nil, p.ends
	}
	lines := p.says[0]
	p.says = p.says[1:]
	return lines, nil
}
