package ui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// promotion is a desk on which a commit goes through tenants that share a
// repository and whose objects have the same names.
type promotion struct {
	*desk
	tenants []string
	pushes  int
}

const sharedURL = "https://github.com/wolcn/flux-stage-prod"

// newPromotion has stage and prod on one repository, and a quiet repository
// beside it.
func newPromotion(t testing.TB, w, h int, o Options) *promotion {
	c := uitest.NewCluster("prod-eu").Controllers()
	p := &promotion{tenants: []string{"fluxdemo-prod", "fluxdemo-stage"}}
	for _, ns := range p.tenants {
		c.Put(uitest.Namespace(ns, ns)).Put(uitest.Access(ns)...)
		sync := uitest.Sync(ns, "flux-stage-prod", "./"+strings.TrimPrefix(ns, "fluxdemo-"), uitest.Rev1)
		sync.Detail.(*model.Sync).Inventory = uitest.Inventory(ns, "kcheck")
		c.Put(uitest.Git(ns, "flux-stage-prod", sharedURL, uitest.Rev1), sync, uitest.Label(uitest.Deployment(ns, "kcheck", 5, 3, 3, 3, 0),
			model.LabelKustomizationName, "flux-stage-prod", model.LabelKustomizationNS, ns))
	}
	c.Tenant("flux-dev")
	p.desk = newDesk(t, w, h, o, c)
	p.pass(time.Minute)
	return p
}

// pass lets time go by, in which the controllers renew their leases.
func (p *promotion) pass(t time.Duration) {
	p.clock.Pass(t)
	var leases []*model.Object
	for _, o := range p.store.Objects(model.Lease) {
		renewed := *o
		d := *o.Detail.(*model.LeaseDetail)
		d.RenewedMS = p.clock.T.UnixMilli()
		renewed.Detail = &d
		leases = append(leases, &renewed)
	}
	p.put(leases...)
	p.send(tickMsg{p.clock.T})
}

// at is now, for the objects that change.
func (p *promotion) at() model.Unix { return model.Unix(p.clock.T.Unix()) }

func (p *promotion) object(k model.Kind, ns, name string) *model.Object {
	o := *p.store.Get(model.Key{Kind: k, Namespace: ns, Name: name})
	p.pushes++
	o.ResourceVersion = fmt.Sprint(1000 + p.pushes)
	return &o
}

// fetch: a tenant's source has the commit.
func (p *promotion) fetch(ns, revision string) {
	o := p.object(model.GitRepository, ns, "flux-stage-prod")
	d := *o.Detail.(*model.Source)
	d.Revision, d.Updated = revision, p.at()
	o.Detail, o.Conditions = &d, []model.Condition{{Type: "Ready", Status: "True", Reason: "Succeeded", LastTransition: p.at()}}
	p.put(o)
}

func (p *promotion) sync(ns string, change func(*model.Object, *model.Sync), conditions ...model.Condition) {
	o := p.object(model.Kustomization, ns, "flux-stage-prod")
	d := *o.Detail.(*model.Sync)
	if change != nil {
		change(o, &d)
	}
	if o.Detail = &d; conditions != nil {
		o.Conditions = conditions
	}
	p.put(o)
}

func (p *promotion) condition(typ, status, reason, message string) model.Condition {
	return model.Condition{Type: typ, Status: status, Reason: reason, Message: message, LastTransition: p.at(), ObservedGeneration: 1}
}

// apply: the controller has applied the commit and checks what it made, which
// changes the tenant's Deployment.
func (p *promotion) apply(ns, revision string) {
	p.sync(ns, func(_ *model.Object, d *model.Sync) { d.Attempted = revision },
		p.condition("Ready", "Unknown", "Progressing", "Reconciliation in progress"),
		p.condition("Reconciling", "True", "Progressing", "Running health checks for revision "+revision+" with a timeout of 4m50s"))
	o := p.object(model.Deployment, ns, "kcheck")
	d := *o.Detail.(*model.Workload)
	d.Updated, d.Replicas, d.Available = 1, d.Desired+1, d.Desired
	d.Containers = []model.Container{{Name: "kcheck", Image: "ghcr.io/acme/kcheck:" + model.ShortRevision(revision)}}
	d.Managers = []model.Manager{{Name: "kustomize-controller", Operation: "Apply", Time: p.at()}}
	d.Revision++
	o.Detail, o.Generation, o.ObservedGeneration = &d, o.Generation+1, o.Generation+1
	o.Conditions = []model.Condition{p.condition("Progressing", "True", "ReplicaSetUpdated", ""), p.condition("Available", "True", "MinimumReplicasAvailable", "")}
	p.put(o)
}

// pods: so many new ones are ready, so many old ones are left.
func (p *promotion) pods(ns string, updated, ready, old int32) {
	o := p.object(model.Deployment, ns, "kcheck")
	d := *o.Detail.(*model.Workload)
	d.Updated, d.Replicas, d.Available, d.Ready = updated, updated+old, ready+old, ready+old
	o.Detail = &d
	if ready == d.Desired && old == 0 {
		o.Conditions = []model.Condition{p.condition("Progressing", "True", "NewReplicaSetAvailable", ""), p.condition("Available", "True", "MinimumReplicasAvailable", "")}
	}
	p.put(o)
}

func (p *promotion) done(ns, revision string) {
	p.sync(ns, func(_ *model.Object, d *model.Sync) {
		d.Attempted, d.Applied = revision, revision
		d.History = append([]model.HistoryEntry{{Revision: revision, Status: "ReconciliationSucceeded", First: p.at(), Last: p.at(), Duration: 9, Total: 1}}, d.History...)
	}, p.condition("Ready", "True", "ReconciliationSucceeded", "Applied revision: "+revision))
}

// tell is the event that tells a commit's first line.
func (p *promotion) tell(ns, revision, subject string) {
	e := uitest.Event(model.Key{Kind: model.GitRepository, Namespace: ns, Name: "flux-stage-prod"}, "Normal", "NewArtifact",
		"stored artifact for commit '"+subject+"'", "source-controller", 1, 0)
	e.Detail.(*model.EventDetail).Revision, e.Detail.(*model.EventDetail).Last = revision, p.at()
	e.Name += model.ShortRevision(revision)
	p.put(e)
}

// through takes a commit all the way through both tenants, prod a second behind
// stage.
func (p *promotion) through(revision, subject string) {
	p.tell("fluxdemo-stage", revision, subject)
	p.fetch("fluxdemo-stage", revision)
	p.pass(time.Second)
	p.fetch("fluxdemo-prod", revision)
	p.pass(time.Second)
	p.apply("fluxdemo-stage", revision)
	p.pass(time.Second)
	p.apply("fluxdemo-prod", revision)
	for i, ns := range []string{"fluxdemo-stage", "fluxdemo-prod"} {
		p.pass(time.Duration(2-i) * time.Second)
		p.pods(ns, 3, 3, 0)
		p.pass(time.Second)
		p.done(ns, revision)
	}
}

// half has the commit live in stage, and on its way in prod.
func (p *promotion) half(revision, subject string) {
	p.tell("fluxdemo-stage", revision, subject)
	p.fetch("fluxdemo-stage", revision)
	p.pass(time.Second)
	p.fetch("fluxdemo-prod", revision)
	p.pass(time.Second)
	p.apply("fluxdemo-stage", revision)
	p.pass(time.Second)
	p.apply("fluxdemo-prod", revision)
	p.pass(5 * time.Second)
	p.pods("fluxdemo-stage", 3, 3, 0)
	p.pass(time.Second)
	p.done("fluxdemo-stage", revision)
	p.pods("fluxdemo-prod", 2, 1, 2)
	p.pass(2 * time.Second)
}

// look puts the cursor on a tenant's line.
func (p *promotion) look(tenant string) {
	p.press("2")
	page := p.page().(*rollouts)
	for _, r := range page.table.Rows() {
		if r.line != nil && r.tenant == tenant {
			page.table.Go(r.id)
			p.dirty = true
			return
		}
	}
	p.Errorf("no line of %s:\n%s", tenant, p.screen())
}

// lineOf is what is on the screen of a tenant's line.
func (p *promotion) lineOf(tenant string) string {
	for _, l := range p.lines() {
		if text := strings.TrimLeft(l, "▌>•* "); strings.HasPrefix(text, tenant+" ") {
			return text
		}
	}
	return ""
}
