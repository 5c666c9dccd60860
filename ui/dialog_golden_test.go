package ui

import (
	"time"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/ui/journal"
	"tenantry/ui/uitest"
)

// dialogGoldens are what asks before something is done.
var dialogGoldens = []scene{
	{name: "dialog/suspend", set: func(d *desk) { d.aimAt("fluxdemo-stage"); d.act("s") }},
	{name: "dialog/detail", set: func(d *desk) { d.aimAt("fluxdemo-stage"); d.act("s", "ctrl+y") }},
	{name: "dialog/printed", set: func(d *desk) { d.aimAt("fluxdemo-stage"); d.act("s", "ctrl+o") }},
	{name: "dialog/wrongdate", set: func(d *desk) {
		d.aimAt("fluxdemo-stage")
		d.act("s")
		d.toField("UNTIL", "soon")
		d.toButton("Suspend")
		d.act("enter")
	}},
	{name: "dialog/wrongprinted", set: func(d *desk) {
		d.aimAt("fluxdemo-stage")
		d.act("s")
		d.toField("UNTIL", "2020-01-01")
		d.act("ctrl+o")
	}},
	{name: "dialog/resume", set: func(d *desk) { d.aimAt("team-x"); d.act("s") }},
	{name: "dialog/mixed", set: func(d *desk) { d.mark("team-x", "accounts"); d.act("s") }},
	{name: "dialog/many", set: func(d *desk) { d.mark("fluxdemo-stage", "fluxdemo-prod", "accounts", "search"); d.act("r") }},
	{name: "dialog/denied", set: func(d *desk) {
		d.session.Deny("", mayPatchStage)
		d.aimAt("fluxdemo-stage")
		d.act("s")
	}},
	{name: "dialog/protected", options: protected, set: func(d *desk) { d.aimAt("fluxdemo-stage"); d.act("r") }},
	{name: "dialog/changed", set: func(d *desk) {
		d.openObject("fluxdemo-stage", stageSync)
		d.act("s")
		o := uitest.Sync("fluxdemo-stage", "flux-stage-prod", "./elsewhere", uitest.Rev2)
		o.Generation, o.ObservedGeneration = 2, 2
		d.settle(batchMsg{epoch: 1, batch: (&uitest.Cluster{}).Put(o).Batch})
	}},
	{name: "dialog/force", cluster: released, set: func(d *desk) {
		d.run(d.wish(action.Force, []action.Target{action.Object(stageRelease)}))
	}},
	{name: "dialog/unfinished", options: unfinished, cluster: halfSuspended},
	{name: "dialog/actions", set: func(d *desk) { d.aimAt("fluxdemo-stage"); d.act("a") }},
	{name: "dialog/credential", options: remoteOptions, cluster: func() *uitest.Cluster { return credentialCluster("ssh://git@github.com/acme/app") }, set: func(d *desk) {
		openOn(d, "stage")
		*d.field("HOST KEY").tick = true
		d.calm()
	}},
	{name: "dialog/login", options: remoteOptions, cluster: func() *uitest.Cluster { return credentialCluster("https://git.acme.io/app") }, set: func(d *desk) {
		openOn(d, "stage")
		d.pressButtonNamed("Save untested")
	}},
	{name: "dialog/addtenant", set: func(d *desk) { d.act("+") }}, // nothing is wrong before anything was typed
	{name: "dialog/addwrong", set: func(d *desk) {
		d.act("+")
		d.toField("NAMESPACE", "shop-stage=./../x")
		d.pressButtonNamed("Next")
	}},
	{name: "dialog/offboard", set: func(d *desk) {
		d.aimAt("fluxdemo-stage")
		d.act("a")
		d.act("down", "down", "down", "down", "down", "enter")
	}},
	{name: "dialog/asked", set: func(d *desk) { d.openObject("fluxdemo-stage", stageSync); d.act("R") }},
}

var (
	stageRelease  = model.Key{Kind: model.HelmRelease, Namespace: "fluxdemo-stage", Name: "podinfo"}
	mayPatchStage = model.Access{Verb: "patch", Group: "kustomize.toolkit.fluxcd.io", Resource: "kustomizations", Namespace: "fluxdemo-stage", Name: "flux-stage-prod"}
)

func remoteOptions() Options { return Options{Remote: &fakeRemote{}} }

func protected() Options {
	return Options{Rules: func(string) Rules { return Rules{Protected: true} }}
}

// unfinished is a dashboard after one that was killed between two steps.
func unfinished() Options {
	return Options{Journal: &memoryJournal{unfinished: []journal.Record{{
		ID: "2026-11-22T02:40:00.5Z", At: uitest.Start.Add(-18 * time.Minute), Who: "ann", Verb: "suspend", Subject: "fluxdemo-stage", Reason: "freeze",
		Steps: []journal.Step{
			{Kind: "Kustomization", Namespace: "fluxdemo-stage", Name: "flux-stage-prod", Word: "sent"},
			{Kind: "GitRepository", Namespace: "fluxdemo-stage", Name: "flux-stage-prod", Word: "sending"},
		}}}}}
}

// halfSuspended is Prod after the first of two steps.
func halfSuspended() *uitest.Cluster {
	o := uitest.Sync("fluxdemo-stage", "flux-stage-prod", "./stage", uitest.Rev2)
	o.Detail.(*model.Sync).Suspend = true
	o.Annotations = model.Pairs{{Name: model.AnnotationSuspendedAt, Value: "2026-11-22T02:40:00Z"}}
	return uitest.Prod().Put(o)
}

// released is Prod with a HelmRelease of the same name in stage and prod.
func released() *uitest.Cluster {
	c := uitest.Prod()
	for _, ns := range []string{"fluxdemo-stage", "fluxdemo-prod"} {
		c.Put(uitest.Object(model.HelmRelease, ns, "podinfo", &model.Sync{SourceRef: model.Ref{Kind: "GitRepository", Namespace: ns, Name: "flux-stage-prod"}, Interval: 600},
			uitest.Failing("UpgradeFailed", "Helm upgrade failed for release "+ns+"/podinfo with chart podinfo@6.5.4: timed out", 9*time.Minute)))
	}
	return c
}

// mark marks tenants.
func (d *desk) mark(tenants ...string) {
	d.Helper()
	for _, name := range tenants {
		d.aimAt(name)
		d.press("space")
	}
}
