package offboard

import (
	"cmp"
	"slices"
	"time"

	"tenantry/model"
	"tenantry/model/action"
)

// Which objects are deleted, in which order.

// syncs come first, those that depend on others before these.
func (p *planner) syncs() {
	syncs := slices.Clone(p.row.Syncs)
	depth := map[model.Key]int{}
	for _, k := range syncs {
		depth[k] = p.waiters(k, map[model.Key]bool{})
	}
	slices.SortStableFunc(syncs, func(a, b model.Key) int { return cmp.Compare(depth[a], depth[b]) })
	for _, k := range syncs {
		if o := p.store.Get(k); o != nil && p.within(k.Namespace) {
			p.step(o, p.pruned(o))
		}
	}
}

// waiters is how long the longest chain of syncs is that wait for one.
func (p *planner) waiters(k model.Key, seen map[model.Key]bool) int {
	if seen[k] { // a cycle is Flux's to complain about
		return 0
	}
	seen[k] = true
	longest := 0
	for _, w := range p.store.WaitersOf(k) {
		longest = max(longest, 1+p.waiters(w, seen))
	}
	return longest
}

func (p *planner) accounts() []model.Key {
	return slices.DeleteFunc(p.access(model.ServiceAccount), func(k model.Key) bool { return k.Name == "default" }) // goes with its namespace
}

func (p *planner) access(kind model.Kind) []model.Key {
	return slices.DeleteFunc(slices.Clone(p.row.Access), func(k model.Key) bool { return k.Kind != kind })
}

func (p *planner) objects(keys []model.Key) {
	for _, k := range keys {
		if o := p.store.Get(k); o != nil && p.within(k.Namespace) {
			p.step(o, "")
		}
	}
}

func (p *planner) namespaces() {
	for _, ns := range p.row.Namespaces {
		if o := p.store.Get(model.Key{Kind: model.Namespace, Name: ns}); o != nil {
			p.step(o, "with everything that is still in it, Secrets and volumes' claims included")
		}
	}
}

// step adds the deletion of one object, bound to the one that is there now.
func (p *planner) step(o *model.Object, effect string) {
	if !p.may(o) {
		return
	}
	if o.Deleting != 0 {
		effect = "it is being deleted already" + unlessEmpty("; ", effect)
	}
	key, uid := o.Key, o.UID
	judge := func(s *model.Store, sent, now time.Time) action.Progress { return goes(s, key, uid, sent, now) }
	owner, owned := p.store.Owner(o)
	p.maker(o, owner, owned)
	if owned && slices.Contains(p.own, owner) && o.Role() != model.RoleSync && spared(owner, o.Marks()) == "" {
		p.follow = append(p.follow, action.Step{Key: key, Watch: true, Words: "wait until " + key.String() + " is gone", Effect: "with " + owner.String(), Judge: judge,
			Write: model.Write{Ref: key.ObjectRef(), Op: model.WriteDelete, UID: uid}})
		return
	}
	step := action.Step{
		Key: key, Words: "delete " + key.String(), Effect: effect, Wait: true, Judge: judge,
		Write: model.Write{Ref: key.ObjectRef(), Op: model.WriteDelete, UID: uid},
		Needs: model.Access{Verb: "delete", Group: o.Kind.Group(), Resource: o.Kind.Resource(), Namespace: o.Namespace, Name: o.Name},
	}
	if o.Role() == model.RoleSync {
		// What its deletion does to others stands in its spec.
		step.Write.Generation = o.Generation
	}
	step.Still = p.still(o)
	p.plan.Steps = append(p.plan.Steps, step)
}

func unlessEmpty(before, s string) string {
	if s == "" {
		return ""
	}
	return before + s
}
