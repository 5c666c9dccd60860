package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/why"
	"tenantry/themes"
	"tenantry/ui/keymap"
)

// What an explanation asks the cluster: whether the person may do what helps.

// rightsMsg answers what a page asked about.
type rightsMsg struct {
	epoch uint64
	page  *whyPage
	all   []model.Permission
}

// maxReviews bounds the access reviews of one explanation, and reviewsBeside
// those beside what is read for it: five requests in all.
const maxReviews, reviewsBeside = 5, 1

// needs are the rights its fixes take, as many as may be asked about.
func (p *whyPage) needs() []model.Access {
	limit := maxReviews
	if len(p.wanted) > 0 {
		limit = reviewsBeside
	}
	var out []model.Access
	// What has a key comes first.
	for _, keyed := range []bool{true, false} {
		for i := range p.e.Faults {
			for _, x := range p.e.Faults[i].Fixes {
				for _, n := range x.Needs {
					if keyed == (p.fixKey(x.Do) != "") && !slices.Contains(out, n) {
						out = append(out, n)
					}
				}
			}
		}
	}
	return out[:min(len(out), limit)]
}

// askRights asks once for a page; another look at it asks nothing more.
func (a *App) askRights() tea.Cmd {
	p, ok := a.page().(*whyPage)
	if !ok || p.asking || p.answered || a.store.Connection().State != model.ConnLive {
		return nil
	}
	needs := p.needs()
	if len(needs) == 0 {
		return nil
	}
	p.asking = true
	ctx, cluster, epoch := a.ctx, a.cluster, a.epoch
	return func() (msg tea.Msg) {
		defer caught(&msg)
		all, _ := cluster.Can(ctx, needs) // without an answer they stay unknown
		return rightsMsg{epoch, p, all}
	}
}

func (a *App) applyRights(msg rightsMsg) {
	if msg.epoch != a.epoch {
		return
	}
	p := msg.page
	p.asking, p.answered, a.dirty = false, true, true
	p.rights = map[model.Access]model.PermissionState{}
	for _, one := range msg.all {
		p.rights[one.Access] = one.State
	}
}

// may says whether the person may do what helps: yes, no, or a dash where no
// right of the cluster is in question or nobody could say.
func (p *whyPage) may(x *why.Fix) mark {
	if len(x.Needs) == 0 {
		return mark{Word: p.kit.Glyph.Unknown, Role: themes.Muted}
	}
	out := mark{Word: "yes", Role: themes.OK}
	for _, n := range x.Needs {
		switch state, known := p.rights[n]; {
		case state == model.PermissionDenied:
			return mark{Word: "no", Role: themes.Bad}
		case !known || state == model.PermissionUnknown:
			out = mark{Word: "?", Role: themes.Muted}
		}
	}
	return out
}

// fixKey is the key that does what helps, "" where there is none, or none yet.
func (p *whyPage) fixKey(do why.Doing) string {
	key := map[why.Doing]string{why.DoCredential: "K", why.DoFetch: "R", why.DoReconcile: "r", why.DoResume: "s", why.DoLogs: "l"}[do]
	if key == "" {
		return ""
	}
	if e, ok := p.keys.Resolve([]keymap.Scope{keymap.Page, keymap.Everywhere}, key); !ok || e.Later || e.Action == keymap.None {
		return ""
	}
	return key
}

// reading reports whether something the explanation wants is still being read.
func (p *whyPage) reading() bool {
	for _, w := range p.wanted {
		if sc, ok := p.store.WantedScope(w.Kind, w.Namespace); !ok || sc.State == model.ScopeSyncing {
			return true
		}
	}
	return false
}
