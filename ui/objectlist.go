package ui

import (
	"cmp"
	"slices"
	"strings"

	"tenantry/model"
	"tenantry/ui/query"
	"tenantry/ui/table"
)

// objectList is a flat page of objects that belong to tenants: Sources, Syncs
// or Workloads.
type objectList struct {
	list
	called  string
	of      []model.Kind
	belongs func(*model.Tenant) []model.Key
	absence string // what would be here
	kept    keptRows
	rate    rate
}

func newSources(e *env) screen {
	p := &objectList{called: "Sources", belongs: func(t *model.Tenant) []model.Key { return t.Sources },
		of: []model.Kind{model.GitRepository, model.OCIRepository, model.Bucket, model.HelmRepository, model.HelmChart, model.ExternalArtifact},
		absence: "A source is a GitRepository, an OCIRepository, a Bucket or a HelmRepository: where a tenant's manifests " +
			"are fetched from. It appears here as soon as there is one."}
	return p.init(e, p.sourceColumns())
}

func newSyncs(e *env) screen {
	p := &objectList{called: "Syncs", belongs: func(t *model.Tenant) []model.Key { return t.Syncs },
		of: []model.Kind{model.Kustomization, model.HelmRelease, model.ResourceSet},
		absence: "A sync is a Kustomization, a HelmRelease or a ResourceSet: what applies a source to the cluster. It appears " +
			"here as soon as there is one."}
	return p.init(e, p.syncColumns())
}

func newWorkloads(e *env) screen {
	p := &objectList{called: "Workloads", belongs: func(t *model.Tenant) []model.Key { return t.Workloads },
		of: []model.Kind{model.Deployment, model.StatefulSet, model.DaemonSet},
		absence: "A workload is a Deployment, a StatefulSet or a DaemonSet: what runs. It appears here as soon as there is " +
			"one."}
	return p.init(e, p.workloadColumns())
}

func (p *objectList) init(e *env, columns []table.Column[*listRow]) *objectList {
	p.list = newList(e, p, columns...)
	return p
}

func (p *objectList) title() string       { return p.called }
func (p *objectList) kinds() []model.Kind { return p.of }
func (p *objectList) sorting() string     { return "worst first" }
func (p *objectList) nothing() (head, body string) {
	return "No " + strings.ToLower(p.called) + " in this cluster", p.absence
}

// gather returns the rows of every tenant in the scope.
func (p *objectList) gather() []*listRow { return p.kept.gather(p.env, p.rowsOf) }

// rowsOf makes the rows of a tenant anew; before are those there were.
func (p *objectList) rowsOf(t *model.Tenant, before []*listRow) []*listRow {
	var rows []*listRow
	tenant := rowKey(t)
	for _, k := range p.keysOf(t) {
		o := p.store.Get(k)
		if o == nil {
			continue
		}
		r := &listRow{id: listID{key: k}, tenant: tenant, object: o}
		if t.Reading {
			r.state, r.rank = p.kit.Glyph.Reading(), 2*model.Pending.Severity()
		} else {
			r.objectFacts = p.judge(o)
			r.rank = rankOf(r.verdict)
		}
		p.measure(r)
		if i := slices.IndexFunc(before, func(b *listRow) bool { return b.id == r.id }); i >= 0 {
			r.marks = before[i].marks
			p.compare(before[i], r)
		}
		rows = append(rows, r)
	}
	return rows
}

// keysOf are the objects of a tenant. While it is still being read the tenant
// does not know them yet.
func (p *objectList) keysOf(t *model.Tenant) []model.Key {
	if !t.Reading {
		return p.belongs(t)
	}
	var keys []model.Key
	for _, ns := range t.Namespaces {
		for _, k := range p.of {
			p.store.ObjectsIn(ns, k, func(o *model.Object) bool { keys = append(keys, o.Key); return true })
		}
	}
	return keys
}

// rankOf orders verdicts as rank orders tenants.
func rankOf(v model.Verdict) int {
	if v.Health == model.Ready && v.Overlays&(model.SourceFailing|model.Behind) != 0 {
		return 2*model.Ready.Severity() + 1
	}
	return 2 * v.Health.Severity()
}

// compare notes what changed in a row since the last picture.
func (p *objectList) compare(old, r *listRow) {
	if old.object == r.object && old.state == r.state || old.state == p.kit.Glyph.Reading() || !p.store.Complete() {
		return
	}
	changed := [cellCount]bool{cellState: old.state.Word != r.state.Word}
	if old.looked {
		changed[cellRevision] = old.at != p.look(r).at
		changed[cellGeneration] = p.generationOf(old.object, old.rollout) != p.generationOf(r.object, r.rollout)
	}
	for c, is := range changed {
		if is {
			r.marks.note(cell(c), p.local, p.rate.add(1, p.local))
		}
	}
}

// order is worst first; of what needs a person the freshly broken first.
func (p *objectList) order(rows []*listRow) {
	sortWorstFirst(rows, unhealthyRank, func(r *listRow) int { return r.rank }, func(a, b *listRow) int { return cmp.Compare(b.since, a.since) })
}

func (p *objectList) found(r *listRow, s *query.Subject) {
	o := p.look(r).object
	s.Name, s.State, s.Age = o.Name, r.state.Word, p.lasts(r.since)
	s.Namespaces = append(s.Namespaces[:0], o.Namespace)
	// With its kind in front a name is read as it stands on the screen.
	s.Text = append(s.Text[:0], p.tenantName(r.tenant), shortName(o.Key), o.Kind.String()+"/"+o.Name, r.what)
	s.Revisions = append(s.Revisions[:0], model.RevisionSum(r.revision))
	s.Repos = func() []string { return p.reposOf(o) }
	s.By = func() []string { return writersOf(o) }
}

// reposOf are the repositories an object comes from.
func (e *env) reposOf(o *model.Object) []string {
	switch d := o.Detail.(type) {
	case *model.Source:
		return []string{d.URL}
	case *model.Sync:
		if source := e.sourceOf(o.Key, d); source != nil {
			return []string{source.URL}
		}
	}
	return nil
}

// writersOf are whoever is behind an object: the account it applies as, the
// managers that wrote it, who suspended it.
func writersOf(o *model.Object) []string {
	by := []string{suspendedBy(o)}
	switch d := o.Detail.(type) {
	case *model.Sync:
		by = append(by, d.ServiceAccount)
	case *model.Workload:
		for _, m := range d.Managers {
			by = append(by, m.Name)
		}
	}
	return by
}

func (p *objectList) sections(r *listRow) []section {
	if r.state == p.kit.Glyph.Reading() {
		return []section{{label: "WHY", text: p.notReadYet(p.tenantName(r.tenant))}}
	}
	p.look(r)
	return p.objectSections(r.object, &r.objectFacts)
}
