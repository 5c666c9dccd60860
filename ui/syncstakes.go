package ui

import (
	"fmt"
	"strings"

	"tenantry/model"
	"tenantry/model/fluxsync"
	"tenantry/themes"
)

// What is at stake when a sync is set, by name.

// againParts say who will write the sync again.
func (a *App) againParts(o *syncOrder) []part {
	var parts []part
	for i, words := range againWords(o.order.Live) {
		parts = append(parts, part{label: first(i, "AGAIN"), text: words, inset: true})
	}
	return parts
}

func againWords(live fluxsync.Live) []string {
	var out []string
	for _, w := range live.SyncOwners() {
		out = append(out, w.Who+": "+w.Again)
	}
	if next := live.Next(); next != "" && len(out) == 0 {
		out = append(out, next)
	}
	if len(out) == 0 {
		out = append(out, "nobody else is known to write the sync")
	}
	return out
}

// hazardParts are the hazards, in a sentence each.
func (a *App) hazardParts(o *syncOrder) []part {
	var parts []part
	for i, h := range o.hazards {
		p := part{label: first(i, "HAZARDS"), gap: i == 0, text: h.Text}
		if o.canKeep && h.Level == fluxsync.Danger {
			p.text = "without KEEP, " + p.text
		}
		if h.ID != "" {
			p.text += " (" + strings.ReplaceAll(h.ID, " ", ", ") + ")"
		}
		switch h.Level {
		case fluxsync.Fine:
			p.state = a.glyphs.Of(model.Ready)
		case fluxsync.Care:
			p.state = a.glyphs.Of(model.Stuck)
			p.state.Role = themes.Caution
		case fluxsync.Unknown:
			p.state = a.glyphs.Of(model.Unknown)
		case fluxsync.Danger:
			p.state, p.role = a.glyphs.Of(model.Stalled), themes.Danger
		}
		parts = append(parts, p)
	}
	return parts
}

// stakeParts are the objects at stake, by name.
func stakeParts(o *syncOrder) []part {
	var parts []part
	for _, h := range o.hazards {
		if len(parts) == 0 && len(h.Falls.Objects) > 0 {
			switch {
			case o.canKeep:
				parts = append(parts, part{text: "without KEEP:"})
			case h.ID == "N2":
				parts = append(parts, part{text: "unless the new content holds it too:"})
			}
		}
		parts = append(parts, fallParts(h.Falls)...)
	}
	instance := o.order.Live.Key.ObjectRef().String()
	for i := range parts {
		if parts[i].text == instance && len(o.guards) > 0 {
			parts[i].text += ", unless the guard prune is ticked: then it stays"
		}
	}
	if len(parts) > 0 {
		parts[0].label, parts[0].gap = "AT STAKE", true
	}
	return parts
}

// fallParts name what falls, the gravest first.
func fallParts(f fluxsync.Falls) []part {
	var parts []part
	add := func(role themes.Role, s string) { parts = append(parts, part{text: s, role: role, inset: true}) }
	through := map[model.Key]int{}
	for _, t := range f.Through {
		through[t.Key] = t.N
	}
	grave := len(f.Grave())
	for i, r := range f.Objects {
		if i == maxFalls {
			add(themes.Text, fmt.Sprintf("and %d more: ctrl+y names them all", len(f.Objects)-i))
			break
		}
		role, words := themes.Text, r.String()
		if i < grave {
			role = themes.Danger
		}
		words += alsoGoes[r.Kind]
		if k, ok := r.Key(); ok && through[k] > 0 {
			words += fmt.Sprintf(", which prunes its own %d objects", through[k])
		}
		if k, ok := f.Shared[r]; ok {
			words += ", which " + k.String() + " applies from there too: it should stay"
		}
		add(role, words)
	}
	for i, s := range f.Stays {
		if i == maxFalls {
			add(themes.Muted, fmt.Sprintf("and %d more that are not deleted", len(f.Stays)-i))
			break
		}
		add(themes.Muted, s.Ref.String()+" "+s.Why)
	}
	return parts
}

// alsoGoes is what the end of an object of a kind takes along.
var alsoGoes = map[string]string{
	"Namespace": " and everything in it", "CustomResourceDefinition": " and every object of that kind",
	"HelmRelease": ", which uninstalls its release", "ResourceSet": ", which deletes what it made",
}

// maxFalls is how many objects a dialog names; the text names all.
const maxFalls = 100
