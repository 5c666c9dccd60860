package model

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// shop is a repository that stage and prod follow, each with one Deployment
// kcheck, and the moves that controllers make in it.
type shop struct {
	*world
	t       *testing.T
	version int  // resourceVersion
	skew    Unix // how far the controllers' clocks are ahead of the server's
	lax     bool // its syncs don't wait for health checks
	gen     map[string]int64
	image   map[string]string
	written map[string]Unix
	history map[string][]HistoryEntry
	applied map[string]string
	fetched map[string]string
}

var shopTenants = []string{"stage", "prod"}

func revision(n int) string { return fmt.Sprintf("main@sha1:%040x", n+0xabc0) }

func newShop(t *testing.T) *shop {
	h := &shop{world: newWorld(t), t: t, gen: map[string]int64{}, image: map[string]string{}, written: map[string]Unix{},
		history: map[string][]HistoryEntry{}, applied: map[string]string{}, fetched: map[string]string{}}
	for _, ns := range shopTenants {
		h.put(namespace(ns, LabelTenant, ns), account(ns, ns))
		h.gen[ns], h.image[ns], h.written[ns] = 1, "reg/kcheck:0", ago(time.Hour)
		h.history[ns] = []HistoryEntry{{Revision: revision(0), Status: "ReconciliationSucceeded", First: ago(time.Hour), Last: ago(time.Minute), Duration: 1, Total: 30}}
		h.applied[ns], h.fetched[ns] = revision(0), revision(0)
		h.source(ns, revision(0), ago(2*time.Hour))
		h.sync(ns, revision(0), "done")
		h.pods(ns, 2, 2)
	}
	h.synced()
	return h
}

func (h *shop) unix() Unix { return Unix(h.now.Unix()) }

// their is now by the controllers' clocks.
func (h *shop) their() Unix { return h.unix() + h.skew }

// anew is a store that reads it all for the first time now, as another process
// does.
func (h *shop) anew() *Store {
	fresh := NewStore(func() time.Time { return h.now })
	var b Batch
	for _, k := range Kinds() {
		b.Scopes = append(b.Scopes, ScopeStatus{Kind: k, State: ScopeSynced})
		for _, o := range h.Objects(k) {
			b.Changes = append(b.Changes, ObjectChange{Key: o.Key, Object: o})
		}
	}
	fresh.Apply(b)
	return fresh
}

func (h *shop) stamped(o *Object) *Object {
	h.version++
	o.ResourceVersion = fmt.Sprint(h.version)
	return o
}

func (h *shop) source(ns, rev string, at Unix) {
	h.fetched[ns] = rev
	o := git(ns, "shop", rev)
	d := o.Detail.(*Source)
	d.URL, d.Ref, d.Updated = "https://git.example/acme/shop.git", "branch main", at
	if ns == "prod" { // another scheme, the same repository
		d.URL, d.Ref = "ssh://git@git.example/acme/shop", "name refs/heads/main"
	}
	h.put(h.stamped(o))
}

func (h *shop) fetch(ns string, n int) { h.source(ns, revision(n), h.their()) }

// sync puts the Kustomization into a state: fetching, checks, done, or a
// reason of failure with its message behind a colon.
func (h *shop) sync(ns, rev, state string) {
	o := kust(ns, "shop", "shop")
	d := o.Detail.(*Sync)
	d.Wait = !h.lax
	d.Inventory = ns + "_kcheck_apps_Deployment\n" + ns + "_web__Service"
	at := func(c Condition) Condition { c.LastTransition = h.their(); c.ObservedGeneration = 1; return c }
	reason, message, failed := strings.Cut(state, ": ")
	switch {
	case state == "fetching":
		o.Conditions = []Condition{at(cond("Reconciling", "True", "Progressing", "Fetching manifests for revision "+rev+" with a timeout of 30s")),
			at(cond("Ready", "Unknown", "Progressing", "Reconciliation in progress"))}
	case state == "checks":
		o.Conditions = []Condition{at(cond("Reconciling", "True", "Progressing", "Running health checks for revision "+rev+" with a timeout of 30s")),
			cond("Ready", "Unknown", "Progressing", "Reconciliation in progress")}
		o.Conditions[1].LastTransition, o.Conditions[1].ObservedGeneration = h.their()-1, 1
		d.Attempted = rev
	case failed:
		o.Conditions = []Condition{at(cond("Reconciling", "True", "ProgressingWithRetry", "Detecting drift for revision "+rev+" with a timeout of 30s")),
			at(cond("Ready", "False", reason, message))}
		d.Attempted = rev
		if reason != "BuildFailed" && reason != "ArtifactFailed" {
			h.remember(ns, rev, reason)
		}
	case state == "said": // and lastAppliedRevision is written next
		o.Conditions = []Condition{at(cond("Ready", "True", "ReconciliationSucceeded", "Applied revision: "+rev))}
		d.Attempted = rev
	default:
		o.Conditions = []Condition{at(cond("Ready", "True", "ReconciliationSucceeded", "Applied revision: "+rev))}
		h.applied[ns] = rev
		d.Attempted = rev
		h.remember(ns, rev, "ReconciliationSucceeded")
	}
	d.Applied, d.History = h.applied[ns], h.history[ns]
	if d.Attempted == "" || state == "fetching" {
		d.Attempted = d.Applied
	}
	h.put(h.stamped(o))
}

func (h *shop) remember(ns, rev, status string) {
	list := h.history[ns]
	if len(list) > 0 && list[0].Revision == rev && list[0].Status == status {
		first := list[0]
		first.Last, first.Total = h.their(), first.Total+1
		h.history[ns] = append([]HistoryEntry{first}, list[1:]...)
		return
	}
	entry := HistoryEntry{Revision: rev, Status: status, First: h.their(), Last: h.their(), Duration: 1, Total: 1}
	h.history[ns] = append([]HistoryEntry{entry}, list...)
}

// pods puts the Deployment with so many new and available pods of three.
func (h *shop) pods(ns string, updated, available int32) {
	cs := cond("Progressing", "True", "ReplicaSetUpdated", "")
	if updated == 2 && available == 2 {
		cs = cond("Progressing", "True", "NewReplicaSetAvailable", "")
	}
	cs.LastTransition = h.their()
	o := deploy(ns, "kcheck", h.gen[ns], h.gen[ns], 2, updated, available, 2, cs)
	d := o.Detail.(*Workload)
	d.Revision, d.ProgressDeadline = h.gen[ns], 600
	d.Containers = []Container{{Name: "kcheck", Image: h.image[ns]}}
	d.Managers = []Manager{{Name: "kustomize-controller", Operation: "Apply", Time: h.written[ns]}}
	labelled(o, LabelKustomizationName, "shop", LabelKustomizationNS, ns)
	h.put(h.stamped(o))
}

// change applies a new image, as Flux does.
func (h *shop) change(ns string, n int) {
	h.gen[ns]++
	h.image[ns], h.written[ns] = fmt.Sprintf("reg/kcheck:%d", n), h.unix()
	h.pods(ns, 0, 2)
}

func (h *shop) chain() *Chain {
	h.t.Helper()
	list := h.Rollouts()
	if len(list) != 1 {
		h.t.Fatalf("%d repositories, want stage's and prod's to be one", len(list))
	}
	return h.Chain(list[0].Repo)
}

func (h *shop) line(ns string, rev string) Line {
	h.t.Helper()
	for _, c := range h.chain().Commits {
		for _, l := range c.Lines {
			if c.Revision == rev && l.Tenant == ns {
				return l
			}
		}
	}
	h.t.Fatalf("no line of %s for %s", ns, rev)
	return Line{}
}

// push takes a commit all the way in both tenants, a second a step.
func (h *shop) push(n int) {
	for _, ns := range shopTenants {
		h.fetch(ns, n)
	}
	h.pass(time.Second)
	for _, ns := range shopTenants {
		h.sync(ns, revision(n), "fetching")
		h.change(ns, n)
	}
	h.pass(time.Second)
	for _, ns := range shopTenants {
		h.sync(ns, revision(n), "checks")
		h.pods(ns, 1, 2)
	}
	h.pass(2 * time.Second)
	for _, ns := range shopTenants {
		h.pods(ns, 2, 2)
		h.sync(ns, revision(n), "done")
	}
	h.pass(time.Second)
}
