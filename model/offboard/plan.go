// Package offboard decides how a tenant is taken out of a cluster: what goes,
// in which order its finalizers need, what would stay behind or come back, and
// what belongs to others. It sends nothing itself.
package offboard

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"tenantry/model"
	"tenantry/model/action"
)

// Plan is a tenant's way out. A plan without steps can't be done; Blocked says
// why.
type Plan struct {
	Tenant string
	// Steps are sent one after the other; each is waited for, since what comes
	// later is what the earlier need to clean up.
	Steps []action.Step
	// Outside are objects of its syncs outside its namespaces: pruned with the
	// sync that applied them, else left behind.
	Outside []Outside
	// Shared is what others rely on and therefore loses something.
	Shared []string
	// Returns names what would bring it back.
	Returns []string
	// Notes are what else a person should know before.
	Notes   []string
	Blocked string
}

// Outside is an object in another namespace, or cluster-scoped, that one of the
// tenant's syncs applied.
type Outside struct {
	Ref   model.ObjectRef
	Sync  model.Key
	Stays string // why it is not pruned, "" when it is
}

// New plans how to take a tenant out.
//
// Flux's finalizers prune as the sync's own account (kustomize-controller,
// finalize): an account or role that goes first orphans everything. So the
// order is syncs, sources, roles and accounts, namespaces.
func New(s *model.Store, tenant string) Plan {
	p := &planner{store: s, plan: Plan{Tenant: tenant}, makers: map[model.Key][]string{}}
	t := s.Tenant(tenant)
	switch {
	case tenant == model.PlatformKey:
		p.plan.Blocked = "the platform is what all tenants stand on; it is not off-boarded"
	case t == nil:
		p.plan.Blocked = "there is no tenant " + tenant + " any more"
	case t.Reading:
		p.plan.Blocked = "not all of it has been read yet"
	case t.Denied:
		p.plan.Blocked = "nothing of it is readable by you"
	}
	if p.plan.Blocked != "" {
		return p.plan
	}
	p.row = t
	p.findSets()
	p.syncs()
	p.sets()
	p.objects(t.Sources)
	p.objects(p.bindings())
	p.objects(p.accounts())
	p.namespaces()
	p.plan.Steps = append(p.plan.Steps, p.follow...)
	p.shared()
	p.returns()
	return p.plan
}

// Action is the plan as a dialog asks about it and as it is sent.
func (p Plan) Action(stamp, who string) action.Plan {
	out := action.Plan{
		Wish:  action.Wish{Verb: action.OffBoard, Targets: []action.Target{{Row: p.Tenant}}, Stamp: stamp, Who: who},
		Title: action.OffBoard.String() + " " + p.Tenant, Steps: p.Steps, Asks: true, Stops: true,
		Keeps: p.Shared, Undoes: p.Returns, Back: "Nothing brings back what was in it: export it first.",
	}
	if p.Blocked != "" {
		out.Refused = []action.Refusal{{Row: p.Tenant, Why: p.Blocked}}
	}
	return out
}

type planner struct {
	store  *model.Store
	row    *model.Tenant
	plan   Plan
	owners []model.Key // what would bring objects back, as met
	makers map[model.Key][]string
	own    []model.Key   // ResourceSets that make nothing but this tenant
	follow []action.Step // what goes with them
}

// returns says what would bring objects back.
func (p *planner) returns() {
	for _, owner := range p.owners {
		made := p.makers[owner]
		what, they := made[0], "it comes back"
		if n := len(made); n > 1 {
			what, they = fmt.Sprintf("%d of these, %s among them", n, made[n-1]), "they come back"
		}
		p.plan.Returns = append(p.plan.Returns, fmt.Sprintf("%s applies %s: %s at its next run, unless taken out of what that applies first", owner, what, they))
	}
}

// within reports whether a namespace is the tenant's.
func (p *planner) within(ns string) bool { return slices.Contains(p.row.Namespaces, ns) }

// syncs come first, those that depend on others before these.
func (p *planner) syncs() {
	syncs := slices.Clone(p.row.Syncs)
	depth := map[model.Key]int{}
	for _, k := range syncs {
		depth[k] = p.waiters(k, map[model.Key]bool{})
	}
	slices.SortStableFunc(syncs, func(a, b model.Key) int { return cmp.Compare(depth[a], depth[b]) })
	for _, k := range syncs {
		o := p.store.Get(k)
		if o == nil || !p.within(k.Namespace) {
			continue
		}
		why := p.prunesNot(o)
		p.outside(o, why)
		p.step(o, effectOf(o, why))
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

// prunesNot says why deleting a sync prunes nothing, "" when it prunes
// (kustomize-controller finalizerShouldDeleteResources; helm-controller
// uninstalls unless suspended).
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

func effectOf(o *model.Object, why string) string {
	d, ok := o.Detail.(*model.Sync)
	n := 0
	if ok {
		n = d.InventoryLen()
	}
	switch {
	case why != "":
		return "nothing is pruned by it, because " + why
	case n == 0:
		return "it has applied nothing that is known"
	}
	return fmt.Sprintf("its controller deletes the %d objects it applied", n)
}

// outside collects what a sync applied beyond the tenant's namespaces.
func (p *planner) outside(o *model.Object, stays string) {
	for _, ref := range model.InventoryRefs(o) {
		if ref.Kind == "Namespace" && ref.Group == "" && p.within(ref.Name) || ref.Namespace != "" && p.within(ref.Namespace) {
			continue
		}
		p.plan.Outside = append(p.plan.Outside, Outside{Ref: ref, Sync: o.Key, Stays: stays})
	}
}

// bindings are the role bindings in its namespaces, and those elsewhere that
// name nobody but its accounts.
func (p *planner) bindings() []model.Key {
	out := p.access(model.RoleBinding)
	for _, kind := range []model.Kind{model.RoleBinding, model.ClusterRoleBinding} {
		for _, o := range p.store.Objects(kind) {
			b, ok := o.Detail.(*model.Binding)
			if !ok || p.within(o.Namespace) {
				continue
			}
			switch ours := p.named(b); {
			case ours == 0:
			case ours == len(b.Subjects):
				out = append(out, o.Key)
			default:
				p.plan.Notes = append(p.plan.Notes, o.Key.String()+" names its account among others: it stays, take the account out of it by hand")
			}
		}
	}
	return out
}

// named counts the subjects of a binding that are accounts of the tenant.
func (p *planner) named(b *model.Binding) int {
	n := 0
	for _, s := range b.Subjects {
		if s.Kind == "ServiceAccount" && p.within(s.Namespace) {
			n++
		}
	}
	return n
}

func (p *planner) accounts() []model.Key {
	return slices.DeleteFunc(p.access(model.ServiceAccount), func(k model.Key) bool { return k.Name == "default" }) // goes with its namespace
}

func (p *planner) access(kind model.Kind) []model.Key {
	return slices.DeleteFunc(slices.Clone(p.row.Access), func(k model.Key) bool { return k.Kind != kind || !p.within(k.Namespace) })
}

func (p *planner) objects(keys []model.Key) {
	for _, k := range keys {
		if o := p.store.Get(k); o != nil && (p.within(k.Namespace) || k.Kind.Role() != model.RoleSource) {
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
	if owner, ok := p.store.Owner(o); ok && !slices.Contains(p.own, owner) && !slices.ContainsFunc(p.plan.Steps, func(s action.Step) bool { return s.Key == owner }) {
		if p.makers[owner] == nil {
			p.owners = append(p.owners, owner)
		}
		p.makers[owner] = append(p.makers[owner], o.Key.String())
	}
	key, uid := o.Key, o.UID
	if owner, ok := p.store.Owner(o); ok && slices.Contains(p.own, owner) && o.Role() != model.RoleSync {
		p.follow = append(p.follow, action.Step{Key: key, Watch: true, Words: "wait until " + key.String() + " is gone", Effect: "with " + owner.String(),
			Judge: func(s *model.Store, sent, now time.Time) action.Progress { return goes(s, key, uid, sent, now) }})
		return
	}
	p.plan.Steps = append(p.plan.Steps, action.Step{
		Key: o.Key, Words: "delete " + o.Key.String(), Effect: effect, Wait: true,
		Judge: func(s *model.Store, sent, now time.Time) action.Progress { return goes(s, key, uid, sent, now) },
		Write: model.Write{Ref: o.Key.ObjectRef(), Op: model.WriteDelete, UID: o.UID},
		Needs: model.Access{Verb: "delete", Group: o.Kind.Group(), Resource: o.Kind.Resource(), Namespace: o.Namespace, Name: o.Name},
	})
}

// shared looks for what others rely on.
func (p *planner) shared() {
	for _, k := range p.row.Sources {
		for _, user := range p.store.UsersOf(k) {
			if !p.within(user.Namespace) {
				p.plan.Shared = append(p.plan.Shared, fmt.Sprintf("%s applies from %s and will find it gone", user, k))
			}
		}
	}
	for _, k := range p.row.Syncs {
		for _, w := range p.store.WaitersOf(k) {
			if !p.within(w.Namespace) {
				p.plan.Shared = append(p.plan.Shared, fmt.Sprintf("%s depends on %s and will wait for ever", w, k))
			}
		}
	}
	for _, ns := range p.row.Namespaces {
		for _, user := range p.appliers(ns) {
			p.plan.Shared = append(p.plan.Shared, fmt.Sprintf("%s, of %s, applies into %s as well", user, p.store.TenantOf(user), ns))
		}
	}
}

// appliers are the syncs of others that have objects in a namespace. Those that
// made the namespace itself are named as what brings it back.
func (p *planner) appliers(ns string) []model.Key {
	var out []model.Key
	for _, kind := range []model.Kind{model.Kustomization, model.HelmRelease} {
		for _, o := range p.store.Objects(kind) {
			if p.within(o.Namespace) || !p.appliesInto(o, ns) {
				continue
			}
			out = append(out, o.Key)
		}
	}
	return out
}

func (p *planner) appliesInto(o *model.Object, ns string) bool {
	for id := range strings.SplitSeq(model.Inventory(o), "\n") {
		if ref, ok := model.InventoryRef(id); ok && ref.Namespace == ns && !p.goes(ref) {
			return true
		}
	}
	return false
}

// goes reports whether an object is one the plan deletes by itself.
func (p *planner) goes(ref model.ObjectRef) bool {
	k, ok := ref.Key()
	return ok && slices.ContainsFunc(p.plan.Steps, func(s action.Step) bool { return s.Key == k })
}
