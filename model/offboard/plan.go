// Package offboard decides how a tenant is taken out of a cluster: what goes,
// in which order its finalizers need, what would stay behind or come back, and
// what belongs to others. It sends nothing itself.
package offboard

import (
	"cmp"
	"slices"
	"strings"

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
	// Offered are those of the steps that are only taken where a person wants
	// them to be.
	Offered []Offer
	// Outside are objects of its syncs outside its namespaces: pruned with the
	// sync that applied them, else left behind.
	Outside []Outside
	// Unread are objects its syncs applied of which it takes a look to know
	// whether they may be pruned: nothing watches their kind.
	Unread []model.ObjectRef
	// Shared is what others rely on and therefore loses something.
	Shared []string
	// Listed are bindings of others in which its accounts stay named.
	Listed []string
	// Returns names what would bring it back.
	Returns []string
	// Notes are what else a person should know before.
	Notes   []string
	Blocked string

	deletes map[model.Key][]string // by step, what is deleted by deleting it
}

// Offer is a step that may be left out.
type Offer struct {
	Key    model.Key
	Ticked bool // at first
	Why    string
}

// New plans how to take a tenant out; known is what was read of Unread.
//
// Flux's finalizers prune as the sync's own account (kustomize-controller,
// finalize): an account or role that goes first orphans everything. So the
// order is syncs, sources, roles and accounts, namespaces.
func New(s *model.Store, tenant string, known Known) Plan {
	p := newPlanner(s, tenant, known)
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
	p.row, p.names = t, t.Namespaces
	return p.all()
}

// Action is the plan as a dialog asks about it and as it is sent.
func (p Plan) Action(stamp, who string) action.Plan {
	out := action.Plan{
		Wish:  action.Wish{Verb: action.OffBoard, Targets: []action.Target{{Row: p.Tenant}}, Stamp: stamp, Who: who},
		Title: action.OffBoard.String() + " " + p.Tenant, Steps: p.Steps, Asks: true, Stops: true,
		Keeps: slices.Concat(p.Shared, p.Listed), Undoes: p.Returns, Back: "Nothing brings back what was in it: export it first.",
	}
	if p.Blocked != "" {
		out.Refused = []action.Refusal{{Row: p.Tenant, Why: p.Blocked}}
	}
	return out
}

// Without returns the plan without some of the steps that are offered.
func (p Plan) Without(left map[model.Key]bool) Plan {
	offered := map[model.Key]bool{}
	for _, o := range p.Offered {
		offered[o.Key] = true
	}
	p.Steps = slices.DeleteFunc(slices.Clone(p.Steps), func(s action.Step) bool { return left[s.Key] && offered[s.Key] })
	return p
}

type planner struct {
	store  *model.Store
	row    *model.Tenant // its namespaces, as far as they go, and what is in them
	names  []string      // its namespaces, those that are gone too
	once   []string      // and those that others made anew since
	known  Known
	unread map[model.ObjectRef]bool
	plan   Plan
	begun  map[model.Key]string // UIDs of what was to go before; nil: all may
	owners []model.Key          // what would bring objects back, as met
	makers map[model.Key][]string
	own    []model.Key   // ResourceSets that make nothing but this tenant
	follow []action.Step // what goes with them
}

func newPlanner(s *model.Store, tenant string, known Known) *planner {
	return &planner{store: s, known: known, makers: map[model.Key][]string{}, unread: map[model.ObjectRef]bool{}, plan: Plan{Tenant: tenant, deletes: map[model.Key][]string{}}}
}

func (p *planner) all() Plan {
	p.findSets()
	p.syncs()
	p.sets()
	p.objects(p.row.Sources)
	p.bindings()
	p.objects(p.accounts())
	p.namespaces()
	p.plan.Steps = append(p.plan.Steps, p.follow...)
	p.leftBehind()
	p.shared()
	p.returns()
	return p.plan
}

// within reports whether a namespace is the tenant's.
func (p *planner) within(ns string) bool { return slices.Contains(p.names, ns) }

// goes reports whether an object is one the plan deletes by itself.
func (p *planner) goes(ref model.ObjectRef) bool {
	k, ok := ref.Key()
	return ok && p.planned(k)
}

func (p *planner) planned(k model.Key) bool {
	return slices.ContainsFunc(p.plan.Steps, func(s action.Step) bool { return s.Key == k })
}

// found are all objects of the cluster with something about them, sorted: a plan
// is made with every change while its dialog is open, so nothing else is.
func (p *planner) found(want func(*model.Object) bool) []*model.Object {
	var out []*model.Object
	p.store.Each(func(o *model.Object) bool {
		if want(o) {
			out = append(out, o)
		}
		return true
	})
	slices.SortFunc(out, func(a, b *model.Object) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Name, b.Name))
	})
	return out
}
