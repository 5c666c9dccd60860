package ui

import (
	"tenantry/model"
	"tenantry/model/action"
)

// targets are what an action is for: the marked rows, else what is under the
// cursor.
func (a *App) targets() []action.Target {
	var out []action.Target
	if p, ok := a.page().(markable); ok {
		for _, at := range p.marked() {
			out = append(out, a.meant(at))
		}
	}
	if len(out) > 0 {
		return out
	}
	if p, ok := a.page().(interface{ meant() spot }); ok {
		return []action.Target{a.meant(p.meant())}
	}
	at := a.page().subject().spot
	if p, home := a.page().(*tenants); home {
		if r, ok := p.table.Current(); ok && r.id.kind != rowTenant {
			return nil // a cause that several share is nobody's object
		}
	}
	if _, inside := a.page().(*tenantPage); at == (spot{}) || inside && at.key == (model.Key{}) {
		return nil // the head of a section is no object, and the whole tenant was not meant
	}
	return []action.Target{a.meant(at)}
}

// origins are what is fetched: where the cursor stands on a repository, all of
// its sources.
func (a *App) origins() []action.Target {
	var out []action.Target
	if p, ok := a.page().(interface{ origins() []model.Key }); ok && a.marksWords() == "" {
		for _, k := range p.origins() {
			out = append(out, a.meant(spot{key: k}))
		}
	}
	if len(out) > 0 {
		return out
	}
	return a.targets()
}

// meant is what a spot of the picture means: the very object that is drawn,
// also while the picture stands still and another one has its name by now.
func (a *App) meant(at spot) action.Target {
	if at.key != (model.Key{}) {
		return action.Target{Key: at.key, UID: a.replaced[at.key]}
	}
	return action.Target{Row: at.tenant}
}

// noteReplaced keeps, while the picture is paused, which objects are drawn that
// are about to go.
func (a *App) noteReplaced(changes []model.ObjectChange) {
	if !a.paused {
		return
	}
	for _, c := range changes {
		o := a.store.Get(c.Key)
		if _, known := a.replaced[c.Key]; known || o == nil || c.Object != nil && c.Object.UID == o.UID {
			continue
		}
		if a.replaced == nil {
			a.replaced = map[model.Key]string{}
		}
		a.replaced[c.Key] = o.UID
	}
}
