package ui

import (
	"time"

	"tenantry/model"
)

// lookAgain is how often what every tenant has to be looked at for is looked
// up while a page is open: among ten thousand that takes longer than a change
// of one object may.
const lookAgain = 2 * time.Second

// putOff says when to look again. What was put off is owed: the page then asks
// to be derived once more when nothing else happens.
type putOff struct {
	at   time.Time
	owed bool
}

// due reports whether to look now.
func (p *putOff) due(now time.Time) bool {
	if p.owed = !p.at.IsZero() && now.Sub(p.at) < lookAgain; p.owed {
		return false
	}
	p.at = now
	return true
}

// references are the objects that refer to one.
type references struct {
	putOff
	users, waiters, holders []model.Key
	grants                  []granted
}

// look reads them, if it is time to.
func (r *references) look(e *env, o *model.Object) {
	if !r.due(e.local) {
		return
	}
	r.users, r.waiters, r.grants = nil, nil, nil
	r.holders = e.store.HoldersOf(o.Key.ObjectRef())
	switch o.Kind.Role() {
	case model.RoleSource:
		r.users = e.store.UsersOf(o.Key)
	case model.RoleSync:
		r.waiters = e.store.WaitersOf(o.Key)
	}
	if o.Kind == model.ServiceAccount {
		r.grants = e.bindingsOf(o.Key)
	}
}

// neighbours are what a tenant's page looks up in other tenants: who has a
// repository in common with it, what its accounts are granted.
type neighbours struct {
	putOff
	same   []string
	grants map[model.Key][]granted
}

func (n *neighbours) look(p *tenantPage, t *model.Tenant) {
	if !n.due(p.local) {
		return
	}
	n.same, n.grants = p.neighboursOf(t), map[model.Key][]granted{}
	for _, k := range t.Access {
		if k.Kind == model.ServiceAccount {
			n.grants[k] = p.bindingsOf(k)
		}
	}
}
