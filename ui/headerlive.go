package ui

import (
	"fmt"
	"strings"
	"time"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/text"
)

// polled counts the kinds that may be listed and not watched.
func (a *App) polled() int {
	kinds := map[model.Kind]bool{}
	for _, sc := range a.store.Scopes() {
		if sc.State == model.ScopeSynced && sc.Verb == "watch" {
			kinds[sc.Kind] = true
		}
	}
	return len(kinds)
}

// live is the right end of line 1: live, how old, or how far along.
func (a *App) live(w int) []piece {
	conn := a.store.Connection()
	narrow := w < compactFrom
	switch {
	case a.fault != nil:
		return []piece{{themes.Bad, 0, a.kit.Cut(a.glyphs.Of(model.Failed).Shape+" session ended: "+a.fault.Error(), w*2/3)}}
	case conn.State == model.ConnLost:
		words := a.old(conn.Since)
		// Mostly it is tried anew within the second: that is no time to wait for.
		if in := time.Unix(int64(conn.RetryAt), 0).Sub(a.now); conn.RetryAt > 0 && in >= time.Second && !narrow {
			words += ", retry in " + text.Age(in)
		}
		return []piece{{themes.Caution, 0, words}}
	case !a.store.Complete():
		read, total := a.store.Progress()
		words := "connecting"
		if total > 0 {
			words = fmt.Sprintf("reading %d of %d kinds", read, total)
			if narrow {
				words = fmt.Sprintf("%d/%d", read, total)
			}
		}
		return []piece{{themes.Busy, 0, a.Turn(a.glyphs.Of(model.Reconciling)).Shape}, {text: " " + words}}
	}
	if kinds, since := a.stale(); len(kinds) > 0 {
		words := a.old(since)
		if !narrow && len(kinds) == 1 {
			words += ": " + kinds[0].Resource()
		} else if !narrow {
			words += fmt.Sprintf(": %d kinds", len(kinds))
		}
		return []piece{{themes.Caution, 0, words}}
	}
	if narrow {
		return []piece{{themes.OK, 0, a.glyphs.Live}}
	}
	return []piece{{themes.OK, 0, a.glyphs.Live}, {text: " live " + a.now.Format("15:04")}}
}

// old says how old what is shown is.
func (a *App) old(since model.Unix) string {
	words := a.glyphs.Old().Shape
	if since == 0 {
		return words + " old"
	}
	return words + " " + a.age(since) + " old"
}

// stale are the kinds whose watch is broken, and since when the oldest is.
func (a *App) stale() (kinds []model.Kind, since model.Unix) {
	for _, sc := range a.store.Scopes() {
		if sc.State != model.ScopeStale {
			continue
		}
		if len(kinds) == 0 || kinds[len(kinds)-1] != sc.Kind {
			kinds = append(kinds, sc.Kind)
		}
		if since == 0 || sc.Since != 0 && sc.Since < since {
			since = sc.Since
		}
	}
	return kinds, since
}

// Each of the words about the platform takes so many pieces, the last a gap of
// so many columns.
const (
	aboutPieces = 3
	aboutGap    = 2
)

// about is Flux in a few words.
func (a *App) about() []piece {
	p := a.store.Platform()
	if p == nil || p.NoFlux || p.Row == nil || p.Row.Denied {
		return nil
	}
	var out []piece
	add := func(words string, m mark) {
		out = append(out, piece{text: words + " "}, piece{m.Role, 0, m.Shape}, piece{text: strings.Repeat(" ", aboutGap)})
	}
	if p.FluxVersion != "" {
		add("Flux "+strings.TrimPrefix(p.FluxVersion, "v"), a.glyphs.Link(p.Row.Chain[model.LinkAccess]))
	}
	if a.w >= wide && p.Operator != nil {
		add("operator "+strings.TrimPrefix(p.Operator.Version, "v"), a.glyphs.Of(p.Operator.Health))
	}
	if p.Lockdown.Known {
		m := a.glyphs.Of(model.Ready)
		if p.Lockdown.Partial || !p.Lockdown.Enabled {
			m = a.glyphs.Of(model.Stalled)
			m.Role = themes.Caution
		}
		add("lockdown", m)
	}
	if sync := p.Row.Chain[model.LinkSync]; sync.Health != model.NotApplicable || sync.Denied || sync.Reading {
		add("sync", a.glyphs.Link(worstLink(p.Row.Chain[model.LinkSource], sync)))
	}
	return out
}
