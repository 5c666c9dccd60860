package offboard

import (
	"fmt"
	"slices"

	"tenantry/model"
)

// What goes with a sync that is deleted.

// Outside is an object in another namespace, or cluster-scoped, that one of the
// tenant's syncs applied.
type Outside struct {
	Ref   model.ObjectRef
	Sync  model.Key
	Stays string // why it is not pruned, "" when it is
	// Unsure: it could not be read whether it is kept from being pruned.
	Unsure bool
}

// Known is what was read of objects nothing watches.
type Known map[model.ObjectRef]model.Marks

// marks are those of an object a sync applied; ok is false when they are not
// known.
func (p *planner) marks(ref model.ObjectRef) (m model.Marks, ok bool) {
	k, watched := ref.Key()
	watched = watched && !k.Kind.OnRequest() && p.store.Readable(k)
	if watched && k.Kind != model.Secret { // of which no annotation is kept
		if o := p.store.Get(k); o != nil {
			return o.Marks(), true
		}
		return model.Marks{Gone: true}, true
	}
	if m, ok = p.known[ref]; !ok && (ref.Group != "" || ref.Kind != model.Secret.String()) && !p.unread[ref] {
		p.unread[ref] = true
		p.plan.Unread = append(p.plan.Unread, ref)
	}
	return m, ok
}

// spared says by which mark an object is passed over when the sync that applied
// it is deleted, "" by none.
func spared(by model.Key, m model.Marks) string {
	if mark := m.Spares(by.Kind); mark != (model.Pair{}) {
		return "it is marked " + mark.Name + ": " + mark.Value
	}
	return ""
}

// disowned reports whether an object's labels name another than the sync in
// whose inventory it is: it is passed over as well.
func disowned(by model.Key, m model.Marks) bool {
	switch by.Kind {
	case model.Kustomization:
		return m.Labels.Get(model.LabelKustomizationName) != by.Name || m.Labels.Get(model.LabelKustomizationNS) != by.Namespace
	case model.ResourceSet:
		return m.Labels.Get(model.LabelResourceSetName) != by.Name || m.Labels.Get(model.LabelResourceSetNS) != by.Namespace
	}
	return false
}

// prunesNot says why deleting a sync prunes nothing, "" when it prunes
// (kustomize-controller finalizerShouldDeleteResources; helm-controller
// uninstalls unless suspended; flux-operator likewise).
func (p *planner) prunesNot(o *model.Object) string {
	d, ok := o.Detail.(*model.Sync)
	switch {
	case !ok:
		return ""
	case o.IsSuspended():
		return "it is suspended"
	case o.Kind == model.Kustomization && d.DeletionPolicy == "Orphan":
		return "its deletionPolicy is Orphan"
	case o.Kind == model.Kustomization && !d.Prune && d.DeletionPolicy != "Delete" && d.DeletionPolicy != "WaitForTermination":
		return "it does not prune"
	case d.RemoteCluster:
		return ""
	}
	account := model.Key{Kind: model.ServiceAccount, Namespace: o.Namespace, Name: d.ServiceAccount}
	if d.ServiceAccount != "" && p.store.Get(account) == nil && p.store.Readable(account) {
		return "its account " + d.ServiceAccount + " is gone already, so nobody may delete for it"
	}
	return ""
}

// pruned says what is deleted by deleting a sync, and notes what of it lies
// outside the tenant's namespaces, and what stays.
func (p *planner) pruned(o *model.Object) string {
	why, refs := p.prunesNot(o), model.InventoryRefs(o)
	d, _ := o.Detail.(*model.Sync)
	if d != nil && d.RemoteCluster {
		if why != "" {
			return "nothing is pruned by it on the cluster it applies to, because " + why
		}
		return fmt.Sprintf("its controller deletes the %s it applied, on another cluster", objects(len(refs)))
	}
	kept := 0
	for _, ref := range refs {
		m, known := p.marks(ref)
		inside := p.its(ref)
		stays := why
		if stays == "" && known && !m.Gone {
			stays = spared(o.Key, m)
			if stays == "" && !inside && disowned(o.Key, m) {
				stays = "its labels do not name that sync"
			}
		}
		if stays == "" && !m.Gone {
			p.plan.deletes[o.Key] = append(p.plan.deletes[o.Key], ref.InventoryID())
		}
		switch {
		case m.Gone:
		case !inside:
			p.plan.Outside = append(p.plan.Outside, Outside{Ref: ref, Sync: o.Key, Stays: stays, Unsure: !known && stays == ""})
		case why == "" && stays != "":
			p.plan.Notes = append(p.plan.Notes, fmt.Sprintf("%s does not go with %s, because %s: it goes with its namespace all the same", ref, o.Key, stays))
		}
		if why == "" && stays != "" {
			kept++
		}
	}
	switch {
	case why != "":
		return "nothing is pruned by it, because " + why
	case len(refs) == 0:
		return "it has applied nothing that is known"
	case kept > 0:
		return fmt.Sprintf("its controller deletes %d of the %s it applied", len(refs)-kept, objects(len(refs)))
	}
	return fmt.Sprintf("its controller deletes the %s it applied", objects(len(refs)))
}

func objects(n int) string {
	if n == 1 {
		return "one object"
	}
	return fmt.Sprintf("%d objects", n)
}

// leftBehind finds objects outside its namespaces that say they are of one of
// its syncs, and are in no inventory: nobody prunes them.
func (p *planner) leftBehind() {
	ours := map[model.Key][]model.ObjectRef{}
	for _, k := range slices.Concat(p.row.Syncs, p.own) {
		if o := p.store.Get(k); o != nil {
			ours[k] = model.InventoryRefs(o)
		}
	}
	if len(ours) == 0 {
		return
	}
	for _, o := range p.found(func(o *model.Object) bool {
		if len(o.Labels) == 0 {
			return false
		}
		refs, ok := ours[o.Owner()]
		ref := o.ObjectRef()
		return ok && !p.its(ref) && !slices.Contains(refs, ref) && !p.planned(o.Key)
	}) {
		p.plan.Outside = append(p.plan.Outside, Outside{Ref: o.ObjectRef(), Sync: o.Owner(), Stays: "its labels say it is of that, and it is not in its inventory"})
	}
}
