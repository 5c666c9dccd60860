package ui

import (
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/glyph"
)

// follows is what is followed, and what has come to its end since the last key.
type follows struct {
	model.Following
	ended []model.FollowState
	told  string // what was said of them
	bell  bool   // to be rung
}

// followable pages say themselves what f follows of the row under the cursor.
type followable interface{ followed() []model.Followed }

// followed is what f means: a commit on Rollouts, else the sync or the workload
// under the cursor, or the syncs of a tenant; of marked rows all of it.
func (a *App) followed() []model.Followed {
	if p, ok := a.page().(followable); ok && a.marksWords() == "" {
		return p.followed()
	}
	var out []model.Followed
	for _, t := range a.targets() {
		switch t.Key.Kind.Role() {
		case model.RoleSync, model.RoleWorkload:
			out = append(out, model.Followed{Key: t.Key})
			continue
		case model.RoleSource:
			if revision := a.revisionAt(t.Key); revision != "" {
				out = append(out, model.Followed{Revision: revision})
			}
			continue
		}
		if row := a.store.Tenant(t.Row); row != nil && t.Key == (model.Key{}) {
			for _, k := range row.Syncs {
				out = append(out, model.Followed{Key: k})
			}
		}
	}
	return out
}

// followKey begins to follow; all of it being followed already, it stops.
func (a *App) followKey() {
	all := a.followed()
	if len(all) == 0 {
		a.notice = "nothing here to follow: a commit, a sync, a workload or a tenant can be"
		return
	}
	stops := true
	for _, of := range all {
		stops = stops && a.follows.Has(of)
	}
	what := a.followName(all[0], "")
	if n := len(all); n > 1 {
		what = fmt.Sprintf("%s and %d more", what, n-1)
	}
	if stops {
		a.follows.Remove(all...)
		a.notice = "not following " + what + " any more"
		return
	}
	var over []model.FollowState
	for _, of := range all {
		if st := a.follows.Add(a.store, of); st.Next || st.Of.Key != (model.Key{}) && st.State != model.WaitRunning {
			over = append(over, st)
		}
	}
	a.notice = "following " + what + " until it is live everywhere, failed or overtaken"
	if len(over) == len(all) {
		a.notice = what + " " + alreadyWords(over) + "; following what comes next"
	}
	a.stepFollowing()
}

// alreadyWords say how what begins to be followed stands, all of it being at its
// end.
func alreadyWords(over []model.FollowState) string {
	for _, st := range over {
		if st.State != over[0].State {
			return "have come to their ends already"
		}
	}
	live, failed, ended := "is live", "has failed", "has come to its end"
	if len(over) > 1 {
		live, failed, ended = "are live", "have failed", "have come to their ends"
	}
	switch over[0].State {
	case model.WaitDone:
		return live + " already"
	case model.WaitFailed:
		return failed + " already"
	}
	return ended + " already"
}

// followName is how something followed is called: a commit by its digest.
func (a *App) followName(of model.Followed, revision string) string {
	if of.Key != (model.Key{}) {
		return of.Key.Name
	}
	if revision == "" {
		revision = of.Revision
	}
	return model.ShortRevision(revision)
}

// stepFollowing looks at what is followed and tells, with the bell, what came
// to its end. A commit's end is for good; a sync and a workload go on to their
// next.
func (a *App) stepFollowing() {
	news := a.follows.Step(a.store)
	before := len(a.follows.ended)
	a.follows.ended = slices.DeleteFunc(a.follows.ended, func(st model.FollowState) bool { return st.Passed(a.store) })
	if len(news) == 0 && len(a.follows.ended) == before {
		return
	}
	a.dirty = true
	for _, n := range news {
		if n.Of.Key == (model.Key{}) {
			a.follows.Remove(n.Of)
		}
		a.follows.ended = append(a.follows.ended, n.FollowState)
	}
	if len(news) > 0 || a.notice == a.follows.told {
		a.follows.told = a.endedWords()
		a.notice = a.follows.told
	}
	if len(news) > 0 {
		a.follows.bell = !a.opts.NoBell
	}
}

// endedWords tell of what came to its end, the latest first.
func (a *App) endedWords() string {
	words := ""
	for i := len(a.follows.ended) - 1; i >= 0; i-- {
		if len(a.follows.ended)-i > toldAtOnce {
			words += fmt.Sprintf("and %d more", i+1)
			break
		}
		words += followWords(a.glyphs, a.follows.ended[i]) + "   "
	}
	return strings.TrimSpace(words)
}

// ring rings the terminal's bell if there is something to ring for. It is the
// only thing that does, and goes through the renderer as all output.
func (a *App) ring() tea.Cmd {
	if !a.follows.bell {
		return nil
	}
	a.follows.bell = false
	return tea.Raw("\a")
}

// toldAtOnce is how many ends have room in the rule.
const toldAtOnce = 2

// followWords are how something followed ended.
func followWords(g *glyph.Set, s model.FollowState) string {
	shape := followMark(g, s.State).Shape
	if k := s.Of.Key; k != (model.Key{}) {
		return fmt.Sprintf("%s %s %s/%s: %s", shape, k.Kind, k.Namespace, k.Name, s.Text)
	}
	return shape + " " + s.Text
}

// followMark is how what is followed stands.
func followMark(g *glyph.Set, s model.WaitState) mark {
	switch s {
	case model.WaitDone:
		return g.Of(model.Ready)
	case model.WaitFailed:
		return g.Of(model.Failed)
	case model.WaitOvertaken:
		return g.Of(model.Pending)
	case model.WaitBlind:
		return g.Denied()
	}
	return g.Of(model.Reconciling)
}

// following is what line 2 says of it.
func (a *App) following() []piece {
	states := a.follows.States()
	if len(states) == 0 || a.w < compactFrom {
		return nil
	}
	words := a.followName(states[0].Of, states[0].Revision)
	if states[0].Next {
		words = "the next after " + words
	}
	return []piece{{themes.Muted, 0, "following "}, {themes.Accent, 0, more(words, len(states)-1)}}
}

// followTitle is what the window's title says of it first, since it is looked
// at from elsewhere: what is under way, else what came to its end.
func (a *App) followTitle() string {
	states := append(a.follows.States(), a.follows.ended...)
	if len(states) == 0 {
		return ""
	}
	at := states[len(states)-1]
	for _, s := range states {
		if s.State == model.WaitRunning {
			at = s
			break
		}
	}
	words := followMark(a.glyphs, at.State).Shape + " " + a.kit.Text(a.followName(at.Of, at.Revision))
	if at.Count > 0 {
		words += fmt.Sprintf(" %d/%d", at.Live, at.Count)
	}
	return words + "  "
}
