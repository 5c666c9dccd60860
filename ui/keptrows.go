package ui

import (
	"slices"

	"tenantry/model"
)

// keptRows keeps what a flat page says of every tenant. It stands as long as
// the tenant was not rebuilt: a change of any object of it, or its time, makes
// it another *model.Tenant. The zero value keeps nothing yet.
type keptRows struct {
	of   map[string]*tenantRows // by the key of the tenant's row
	last []*tenantRows          // in the order of the last picture
}

type tenantRows struct {
	tenant *model.Tenant
	rows   []*listRow
}

// gather returns the rows of the platform and of every tenant that are in the
// scope; those of tenants that are the same as in the last picture are the same
// rows. make makes a tenant's anew; before are those there were.
func (k *keptRows) gather(e *env, make func(t *model.Tenant, before []*listRow) []*listRow) []*listRow {
	all := e.store.Tenants()
	if k.of == nil || len(k.of) > 2*(len(all)+8) { // most are of tenants that are gone
		k.of = map[string]*tenantRows{}
	}
	last := k.last
	k.last = slices.Grow([]*tenantRows(nil), len(all)+1)
	rows := slices.Grow([]*listRow(nil), len(all)+16)
	add := func(t *model.Tenant) {
		kept := k.keep(t, last, make)
		k.last = append(k.last, kept)
		rows = inScope(rows, e, rowKey(t), kept.rows)
	}
	if platform := e.store.Platform(); platform.Row != nil {
		add(platform.Row)
	}
	for _, t := range all {
		add(t)
	}
	return rows
}

// keep returns a tenant's rows: mostly those of the last picture, in the same
// place.
func (k *keptRows) keep(t *model.Tenant, last []*tenantRows, make func(*model.Tenant, []*listRow) []*listRow) *tenantRows {
	if i := len(k.last); i < len(last) && last[i].tenant == t {
		return last[i]
	}
	key := rowKey(t)
	kept := k.of[key]
	if kept == nil {
		kept = &tenantRows{}
		k.of[key] = kept
	}
	if kept.tenant != t {
		kept.tenant, kept.rows = t, make(t, kept.rows)
	}
	return kept
}

// inScope appends the rows of a tenant that are in the scope.
func inScope(rows []*listRow, e *env, tenant string, of []*listRow) []*listRow {
	if !e.scope.on() || e.scope.covers(tenant) {
		return append(rows, of...)
	}
	for _, r := range of {
		if e.scope.covers(tenant, r.id.key.Namespace) {
			rows = append(rows, r)
		}
	}
	return rows
}
