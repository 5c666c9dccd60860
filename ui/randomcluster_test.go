package ui

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// answer is what a server may say to a write, and what becomes of it.
func (w *walk) answer(write model.Write) (*model.Written, error) {
	w.witness.wrote(write)
	switch w.rng.IntN(8) {
	case 0:
		return nil, &model.WriteError{Reason: model.WriteForbidden, Text: write.Ref.String() + ": you may not"}
	case 1:
		return nil, &model.WriteError{Reason: model.WriteNoAnswer, Text: "nothing was heard"}
	case 2:
		return nil, &model.WriteError{Reason: model.WriteChanged, Text: write.Ref.String() + " has changed"}
	}
	w.done = append(w.done, write)
	return &model.Written{UID: write.UID}, nil
}

// show shows what a write has made of its object.
func (w *walk) show(write model.Write) {
	k, ok := model.Ref{Kind: write.Ref.Kind, Namespace: write.Ref.Namespace, Name: write.Ref.Name}.Key()
	old := w.store.Get(k)
	if !ok || old == nil {
		return
	}
	var body struct {
		Metadata struct{ Annotations map[string]*string }
		Spec     struct{ Suspend *bool }
	}
	if err := json.Unmarshal(write.Body, &body); err != nil {
		w.Fatal(err)
	}
	o := *old
	switch d := o.Detail.(type) {
	case *model.Sync:
		c := *d
		o.Detail = &c
		shown(&c.Suspend, &c.LastHandled, body.Spec.Suspend, body.Metadata.Annotations["reconcile.fluxcd.io/requestedAt"])
	case *model.Source:
		c := *d
		o.Detail = &c
		shown(&c.Suspend, &c.LastHandled, body.Spec.Suspend, body.Metadata.Annotations["reconcile.fluxcd.io/requestedAt"])
	}
	w.take(batchMsg{epoch: w.epoch, batch: model.Batch{Changes: []model.ObjectChange{{Key: k, Object: &o}}}})
}

func shown(suspend *bool, handled *string, asked *bool, stamp *string) {
	if asked != nil {
		*suspend = *asked
	}
	if stamp != nil {
		*handled = *stamp
	}
}

// randomCluster goes to another cluster, or gives up on the way; what the one
// that was left still says must change nothing.
func (d *desk) randomCluster(rng *rand.Rand, answer func(model.Write) (*model.Written, error)) {
	if d.connect(Target{Context: "there"}) == nil {
		return // an action is on its way
	}
	d.View()
	if rng.IntN(3) == 0 {
		d.press("esc")
	}
	old, session := d.epoch, uitest.NewSession()
	session.OnWrite(answer)
	d.send(connectedMsg{number: d.contexts.number, cluster: session, batches: []model.Batch{uitest.Prod().Batch, uitest.Hostile().Batch}})
	if d.epoch != old {
		before := d.store.Revision()
		d.send(batchMsg{epoch: old, batch: uitest.NoFlux().Batch})
		if d.store.Revision() != before {
			d.Error("a batch of the session that was left was taken in")
		}
	}
}

// randomChange changes, adds or removes objects.
func (d *desk) randomChange(rng *rand.Rand) string {
	names := []string{"accounts", "fluxdemo-prod", "fluxdemo-stage", "docs", "team-x", "new-one", "a\x1b[2Jb"}
	ns := names[rng.IntN(len(names))]
	switch rng.IntN(7) {
	case 6:
		d.feed(model.Batch{Scopes: []model.ScopeStatus{{Kind: model.Event, State: model.ScopeState(rng.IntN(5)), Verb: "list"}}})
		about := model.Ref{Kind: []string{"Kustomization", "Job", "世\x1b[2J界"}[rng.IntN(3)], Namespace: ns, Name: ns}
		d.put(event(about, []string{"Normal", "Warning"}[rng.IntN(2)], "Re\x1b[7mason", "said\nby "+ns, rng.Int32N(900), time.Duration(rng.IntN(1000))*time.Second))
	case 0:
		d.put(uitest.Sync(ns, ns, "./x", uitest.Rev2, uitest.Failing("Bad", "broken \x1b[31m\n世界 "+ns, time.Minute)))
	case 1:
		d.put(uitest.Sync(ns, ns, "./x", uitest.Rev3))
	case 2:
		updated := rng.Int32N(4)
		d.put(uitest.Deployment(ns, "kcheck", rng.Int64N(1000), 3, updated, rng.Int32N(5), 3-updated))
	case 3:
		c := &uitest.Cluster{}
		d.feed(c.Tenant(ns).Batch)
	case 4:
		var gone model.Batch
		for _, k := range []model.Key{{Kind: model.Namespace, Name: ns}, {Kind: model.Kustomization, Namespace: ns, Name: ns},
			{Kind: model.GitRepository, Namespace: ns, Name: ns}, {Kind: model.Deployment, Namespace: ns, Name: "web"}} {
			gone.Changes = append(gone.Changes, model.ObjectChange{Key: k})
		}
		d.feed(gone)
	case 5:
		for i := range 5 { // a shared cause comes or goes
			name := fmt.Sprintf("shop-%d", i)
			c := (&uitest.Cluster{}).Tenant(name)
			k := uitest.Sync(name, name, "./d", uitest.Rev1, uitest.Failing("DependencyNotReady", "dependency 'shop-infra/shop-infra' is not ready", time.Minute))
			k.Detail.(*model.Sync).DependsOn = []model.Ref{{Kind: "Kustomization", Namespace: "shop-infra", Name: "shop-infra"}}
			d.feed(c.Put(k).Batch)
		}
	}
	return "change " + ns
}
