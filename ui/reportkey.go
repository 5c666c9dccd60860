package ui

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/why"
	"tenantry/ui/incident"
	"tenantry/ui/textview"
)

// Bounds of an incident report, and how long it waits for what is still read
// for it.
const (
	reportWait    = 3 * time.Second
	reportLines   = 80
	reportObjects = 40
	reportSpaces  = 10
)

// reporting is a report that is being gathered: events and earlier runs are read
// for it.
type reporting struct {
	at    spot
	also  []string // tenants with the same cause
	until time.Time
}

// report begins to gather what is known of what is under the cursor.
func (a *App) report() tea.Cmd {
	at := a.page().subject().spot
	var also []string
	if p, home := a.page().(*tenants); home {
		if r, ok := p.table.Current(); ok && len(r.members) > 1 {
			if at == (spot{}) {
				at.tenant = rowKey(r.members[0])
			}
			for _, t := range r.members {
				also = append(also, t.Name)
			}
		}
	}
	if at == (spot{}) {
		a.notice = "nothing under the cursor to report on"
		return nil
	}
	a.reporting = &reporting{at, also, a.local.Add(reportWait)}
	a.past.asked = true
	a.notice = "gathering what is known"
	return nil
}

// reportWants are the events the report waits for.
func (a *App) reportWants() []model.Want {
	if a.reporting == nil {
		return nil
	}
	var out []model.Want
	for _, ns := range a.reportSpaces() {
		out = append(out, model.Want{Kind: model.Event, Namespace: ns})
	}
	return out
}

func (a *App) reportSpaces() []string {
	at := a.reporting.at
	if at.key != (model.Key{}) {
		return []string{eventsOf(at.key)}
	}
	if t := a.store.Tenant(at.tenant); t != nil {
		return t.Namespaces[:min(len(t.Namespaces), reportSpaces)]
	}
	return nil
}

// reportErrand writes the report once everything is there, or the wait is over.
func (a *App) reportErrand() tea.Cmd {
	if a.reporting == nil {
		return nil
	}
	waits := a.keeper.folder != nil && a.keeper.epoch == a.epoch && !a.past.answered
	for _, ns := range a.reportSpaces() {
		s, ok := a.store.WantedScope(model.Event, ns)
		waits = waits || !ok || s.State == model.ScopeSyncing
	}
	if waits && a.local.Before(a.reporting.until) {
		return nil
	}
	at, also := a.reporting.at, a.reporting.also
	a.reporting = nil
	r := a.incidentOf(at)
	name := fileWord(r.Subject)
	if len(also) > 0 {
		r.Subject += fmt.Sprintf(", which breaks %s: %s", counted(len(also), "tenant"), some(also, 12))
	}
	return writeReport("tenantry-incident-"+name+"-"+a.local.Format("20060102-150405")+".md", a.opts.State, r.Markdown())
}

// writeReport writes a report into the current folder or, where that can't be
// written to, into the folder of what is remembered.
func writeReport(name, otherwise, text string) tea.Cmd {
	return func() tea.Msg {
		msg := writeText(name, text)()
		if w, ok := msg.(wroteMsg); ok && w.err != nil && otherwise != "" {
			if again, ok := writeText(filepath.Join(otherwise, name), text)().(wroteMsg); ok && again.err == nil {
				return again
			}
		}
		return msg
	}
}

// incidentOf is what is known of an object or a row.
func (a *App) incidentOf(at spot) *incident.Report {
	conn, platform := a.store.Connection(), a.store.Platform()
	r := &incident.Report{Context: conn.Context, Server: conn.Server, Kubernetes: conn.Version, Flux: platform.FluxVersion, At: a.store.Now(),
		NotRead: model.Refused(a.store)}
	if conn.State != model.ConnLive {
		r.Connection = orNone(conn.Err, "the API server does not answer")
	}
	var e *why.Explanation
	var history []textview.Line
	row := at.tenant
	if at.key != (model.Key{}) {
		r.Subject = at.key.String()
		e = why.Object(a.store, at.key)
		p := newObjectPage(&a.env, at.key)
		p.object = a.store.Get(at.key)
		history = p.historyLines()
		r.Events = a.reportEvents(a.store.EventsOf(at.key))
		row = a.store.TenantOf(at.key)
	} else {
		r.Subject = "tenant " + row
		if row == model.PlatformKey {
			r.Subject = "the platform"
		}
		e = why.Row(a.store, row)
		p := newTenantPage(&a.env, row, row == model.PlatformKey)
		if p.tenant = a.store.Tenant(row); row == model.PlatformKey {
			p.tenant = platform.Row
		}
		history = p.historyLines()
		for _, ns := range p.namespaces() {
			r.Events = append(r.Events, a.reportEvents(a.store.Events(ns))...)
		}
	}
	if e != nil {
		r.Explanation = e.Text(time.UTC)
	}
	r.Objects = a.reportObjects(at.key, row, e)
	for _, l := range history {
		r.Timeline = append(r.Timeline, lineText(l))
	}
	r.Timeline, r.Events = lastOf(r.Timeline, reportLines), lastOf(r.Events, reportLines)
	if p, ok := a.page().(logging); ok {
		if _, on := p.logWant(); on {
			if t, ok := a.page().(whole); ok {
				r.Logs = lastOf(t.wholeBody(textWidth), reportLines)
			}
		}
	}
	var found model.Findings
	found.Update(a.store)
	found.Each(func(f *model.Finding) {
		if f.Tenant == row && !f.Unknown && (at.key == (model.Key{}) || f.Key == at.key) {
			r.Findings = append(r.Findings, f.Gravity.String()+"  "+f.Words().Title+"  "+f.Evidence+"  ("+f.Rule+")")
		}
	})
	return r
}

// lineText is a line of a text without its roles.
func lineText(l textview.Line) string {
	var b strings.Builder
	for _, s := range l.Spans {
		b.WriteString(s.Text)
	}
	return b.String()
}

func lastOf(lines []string, n int) []string { return lines[max(len(lines)-n, 0):] }

// reportEvents are events as lines, the oldest first.
func (a *App) reportEvents(events []*model.Object) []string {
	var out []string
	for _, o := range slices.Backward(events) {
		if d, ok := o.Detail.(*model.EventDetail); ok {
			out = append(out, time.Unix(int64(d.Last), 0).UTC().Format(time.DateTime)+"  "+d.Type+"  "+d.Regarding.Kind+" "+d.Regarding.Name+"  "+d.Reason+"  "+strings.TrimSpace(d.Message))
		}
	}
	return out
}

// reportObjects are the object, the way to where its trouble starts, and what
// else of its row is not fine.
func (a *App) reportObjects(key model.Key, row string, e *why.Explanation) []incident.Object {
	var keys []model.Key
	add := func(k model.Key) {
		if k != (model.Key{}) && !slices.Contains(keys, k) && len(keys) < reportObjects {
			keys = append(keys, k)
		}
	}
	add(key)
	if e != nil {
		for i := range e.Faults {
			for j := range e.Faults[i].Chain {
				if k, ok := e.Faults[i].Chain[j].Key(); ok {
					add(k)
				}
			}
		}
	}
	t := a.store.Tenant(row)
	if p := a.store.Platform(); row == model.PlatformKey {
		t = p.Row
	}
	if t != nil {
		for _, list := range [][]model.Key{t.Sources, t.Syncs, t.Workloads} {
			for _, k := range list {
				if v := a.store.Verdict(k); v.Health != model.Ready && v.Health != model.NotApplicable || v.Overlays != 0 {
					add(k)
				}
			}
		}
	}
	var out []incident.Object
	for _, k := range keys {
		o := a.store.Get(k)
		if o == nil {
			out = append(out, incident.Object{Name: k.String(), State: "not there"})
			continue
		}
		f := a.factsOfObject(o)
		x := incident.Object{Name: k.String(), State: f.state.Word, Revision: f.at, Message: f.verdict.Message}
		if f.since != 0 {
			x.Since = time.Unix(int64(f.since), 0)
		}
		for _, c := range o.Conditions {
			x.Conditions = append(x.Conditions, join(c.Type+"="+c.Status, c.Reason, time.Unix(int64(c.LastTransition), 0).UTC().Format(time.DateTime), strings.TrimSpace(c.Message)))
		}
		out = append(out, x)
	}
	return out
}
