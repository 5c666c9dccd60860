package ui

import (
	"tenantry/model"
	"tenantry/model/onboard"
	"tenantry/themes"
)

// What mending a tenant leaves behind: nothing but off-boarding takes out what
// was sent once.

// mends reports whether the tenant that was sent is asked for again; under
// another name it is another one, made beside it.
func (t *tenantTrial) mends() bool { return t.form.mends != "" && t.form.mends == t.spec.Name }

// stays are the objects that were sent before, are there, and are no part of
// what is asked for now.
func (t *tenantTrial) stays(s *model.Store) []model.ObjectRef {
	if t.form.mends == "" {
		return nil
	}
	return onboard.Left(s, t.form.sent, t.spec)
}

func staysParts(t *tenantTrial, stays []model.ObjectRef) []part {
	if len(stays) == 0 {
		return nil
	}
	words := "these were sent before and are no part of this. They stay until somebody deletes them, and what applies something goes on applying it:"
	if !t.mends() {
		words = "tenant " + t.form.mends + ", as it was sent before: another name makes another tenant beside it. Off-board of " + t.form.mends + ", under a, takes the old one out:"
	}
	parts := []part{{label: "STAYS", gap: true, text: words, role: themes.Caution}}
	for _, ref := range stays {
		parts = append(parts, part{text: ref.String(), role: themes.Caution, inset: true})
	}
	return parts
}
