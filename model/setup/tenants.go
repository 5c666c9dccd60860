package setup

import (
	"fmt"
	"slices"
	"strings"

	"tenantry/model"
)

// shown is how many tenants are told of by name.
const shown = 12

func (l Look) tenants() Found {
	var f Found
	if l.reading(model.Kustomization) {
		return f.end(Unknown, stillReading)
	}
	if l.Store.KindStatus(model.Kustomization).State == model.ScopeAbsent {
		f.say("tenants", "none: Flux's kinds are not served yet")
		if !l.served() {
			return f.end(Open, operatorFirst)
		}
		return f.end(Open, instanceFirst)
	}
	n := 0
	for _, t := range l.Store.Tenants() {
		if t.IsPlatform || t.Denied {
			continue
		}
		if n++; n <= shown {
			f.judge(t.Name, t.Health, strings.Join(t.Namespaces, ", "))
		}
	}
	if n == 0 {
		f.say("tenants", "none")
		if why := l.MayNot(Tenants); why != "" {
			f.Lines = append(f.Lines, Line{Label: "you", Text: why, Denied: true})
		}
		return f.end(Open, "")
	}
	if n > shown {
		f.say("", fmt.Sprintf("and %d more", n-shown))
	}
	return f.end(Done, "")
}

// FirstGreen is the first tenant that is Ready, "" while there is none.
func (l Look) FirstGreen() string {
	for _, t := range l.Store.Tenants() {
		if !t.IsPlatform && t.Health == model.Ready && !t.Reading && !t.Denied && len(t.Syncs) > 0 {
			return t.Name
		}
	}
	return ""
}

// wasGreen: all of a tenant's syncs have applied something.
func (l Look) wasGreen(t *model.Tenant) bool {
	return len(t.Syncs) > 0 && !slices.ContainsFunc(t.Syncs, func(k model.Key) bool { return !hasApplied(l.Store.Get(k)) })
}

func (l Look) green() Found {
	var f Found
	if l.reading(model.Kustomization) {
		return f.end(Unknown, stillReading)
	}
	if !l.anyTenant() {
		f.say("tenants", "none yet")
		return f.end(Open, "Step 6 adds one; a sync that holds tenants brings them.")
	}
	moving, was, n := false, false, 0
	if row := l.Store.Platform().Row; row != nil && !row.Denied {
		f.judge("platform", row.Health, row.Message)
	}
	for _, t := range l.Store.Tenants() {
		if t.IsPlatform || t.Denied {
			continue
		}
		moves := onTheWay(t.Health) || t.Reading
		moving, was = moving || moves, was || moves && l.wasGreen(t)
		if n++; n <= shown {
			f.judge(t.Name, t.Health, t.Message)
		}
	}
	switch {
	case l.FirstGreen() != "":
		return f.end(Done, "")
	case moving:
		f.Settles = was
		return f.end(Busy, "The first green row is waited for.")
	}
	return f.end(Trouble, "x on the tenant's row says why.")
}

func (l Look) keep() Found {
	var f Found
	if l.reading(model.Namespace) {
		return f.end(Unknown, stillReading)
	}
	var kept Found
	loose, n := 0, 0
	note := func(label, what, by string) {
		n++
		switch {
		case by == "":
			if loose++; loose <= shown {
				f.judge(label, model.Pending, what+": by hand: nothing puts it back")
			}
		case len(kept.Lines) < shown:
			kept.judge(label, model.Ready, what+": "+by)
		}
	}
	if o := l.Store.Platform().Instance; o != nil {
		note("platform", o.Key.String(), l.Owned())
	}
	for _, t := range l.Store.Tenants() {
		if !t.IsPlatform && !t.Denied {
			note(t.Name, count(len(t.Namespaces), "namespace"), l.keptBy(t))
		}
	}
	f.Lines = append(f.Lines, kept.Lines[:min(len(kept.Lines), max(shown-loose, 0))]...)
	if more := n - len(f.Lines); more > 0 {
		f.say("", fmt.Sprintf("and %d more", more))
	}
	switch {
	case n == 0:
		f.say("to keep", "nothing was set up yet")
	case loose == 0:
		return f.end(Done, "")
	}
	return f.end(Open, "")
}

// keptBy is what makes a tenant's namespaces again, "" where nothing does: what
// Flux applies carries its label, so no inventory has to be searched.
func (l Look) keptBy(t *model.Tenant) string {
	by := ""
	for _, ns := range t.Namespaces {
		o := l.Store.Get(model.Key{Kind: model.Namespace, Name: ns})
		if o == nil {
			return "not known: its Namespace can't be read"
		}
		owner := o.Owner()
		if owner == (model.Key{}) || l.Store.Get(owner) == nil {
			return ""
		}
		by = owner.String() + " applies it"
	}
	return by
}
