package ui

import (
	"slices"
	"strings"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/model/onboard"
	"tenantry/themes"
)

// What applying a tenant over what is there may delete: that is said by name,
// and wants the tenant's name typed.

// lossesIn are what may be deleted by it. Of a sync that can't be listed the
// server told whether it is there.
func (t *tenantTrial) lossesIn(s *model.Store) []onboard.Loss {
	return slices.DeleteFunc(onboard.Losses(s, t.spec), func(l onboard.Loss) bool {
		at := slices.IndexFunc(t.plan.Steps, func(s action.Step) bool { return !s.Watch && s.Key == l.Falls.Sync })
		_, there := t.live[at]
		return l.Falls.Unread && at >= 0 && !there
	})
}

func lossParts(all []onboard.Loss) []part {
	var parts []part
	for _, l := range all {
		parts = append(parts, part{label: first(len(parts), "DELETES"), gap: true, text: l.Why, role: themes.Danger})
		parts = append(parts, fallParts(l.Falls)...)
	}
	return parts
}

// lossText names all of it.
func lossText(all []onboard.Loss) string {
	var b strings.Builder
	for _, l := range all {
		b.WriteString("# " + l.Why + ":\n")
		for _, ref := range l.Falls.Objects {
			b.WriteString("#   " + ref.String() + "\n")
		}
	}
	return b.String()
}

// tenantConfirm is where a name is typed before it is sent; none is wanted where
// nothing can be deleted and the context is not protected.
func (a *App) tenantConfirm(t *tenantTrial, line *editLine) []part {
	word, why := "", ""
	switch {
	case a.rules().Protected:
		word, why = a.contextName(), "this context is protected: type "
	case len(t.losses) > 0:
		word, why = t.spec.Name, "objects can be deleted by this: type "
	default:
		return nil
	}
	return []part{{label: "CONFIRM", line: line, hint: why + word, gap: true, problem: func(s string) string {
		if s != word {
			return why + word + " to confirm"
		}
		return ""
	}}}
}
