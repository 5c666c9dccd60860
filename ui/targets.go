package ui

import (
	"fmt"

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
	if p, ok := a.page().(*events); ok && p.ofUnwatched() {
		return nil // what was said is not said of the whole tenant
	}
	if _, inside := a.page().(*tenantPage); at == (spot{}) || inside && at.key == (model.Key{}) {
		return nil // the head of a section is no object, and the whole tenant was not meant
	}
	return []action.Target{a.meant(at)}
}

// origins are what R fetches: where the cursor stands on a repository, all of
// its sources at once, which are one thing to whoever waits for a push to arrive.
func (a *App) origins() action.Wish {
	p, ok := a.page().(interface {
		origins() (keys []model.Key, repo string)
	})
	if !ok || a.marksWords() != "" {
		return action.Wish{Verb: action.Fetch, Targets: a.targets()}
	}
	keys, repo := p.origins()
	if len(keys) == 0 {
		return action.Wish{Verb: action.Fetch, Targets: a.targets()}
	}
	var out []action.Target
	for _, k := range keys {
		out = append(out, a.meant(spot{key: k}))
	}
	w := action.Wish{Verb: action.Fetch, Targets: out}
	if len(out) > 1 {
		w.Together = fmt.Sprintf("the %d sources of %s", len(out), repo)
	}
	return w
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
