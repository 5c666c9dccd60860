package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/model/setup"
	"tenantry/ui/keymap"
	"tenantry/ui/state"
)

// installing is what the app knows of setting Flux up, besides what the cluster
// shows: what was typed, and the program that runs. It is kept while the
// dashboard runs; all else is read from the cluster at every draw.
type installing struct {
	run    *programRun
	drafts map[string]*instanceForm // by cluster
	asked  *setup.Spec              // what was typed for it before a kill, until a form begins with it
	keep   editLine                 // the folder to keep it in
	made   *state.Setup             // of this run; see madeFor
	on     string                   // the cluster that was made for
}

// running reports whether a program that was started is still at it.
func (i *installing) running() bool { return i.run != nil && !i.run.over }

// setupPage leads through the eight steps. It holds nothing of them: each is
// judged anew by what the cluster shows.
type setupPage struct {
	*env
	a       *App
	at      setup.Step
	moved   bool // the person chose the step
	found   [setup.Count]setup.Found
	done    [setup.Count]bool // what was, as far as it is not to be done again
	rights  setupRights
	secrets setupSecrets
	top     int    // the first line seen
	last    int    // the last line that can be the first one seen
	waits   string // what was said last of why a step does not go on by a key
	column  int    // how wide the steps at the left are drawn, 0 for not at all
}

// setupRights are the server's answers to what setting up takes.
type setupRights struct {
	namespace   string // they are for
	permissions []model.Permission
	who, why    string
	at          time.Time // this machine's
	asking      bool
}

// setupSecrets are the Secrets of Flux's namespace.
type setupSecrets struct {
	namespace string
	list      *model.SecretList
	why       string
	at        time.Time // this machine's
	asking    bool
}

// Answers are asked for again after this long, while the page is looked at.
const (
	rightsFor       = 5 * time.Minute // or when told to check again
	setupSecretsFor = 20 * time.Second
)

// openSetup opens the page, or goes back to it.
func (a *App) openSetup() tea.Cmd {
	for i, p := range a.pages {
		if s, ok := p.(*setupPage); ok {
			a.pages = a.pages[:i+1]
			s.derive(false)
			return nil
		}
	}
	return a.open(&setupPage{env: &a.env, a: a})
}

// look is what the steps are judged by.
func (p *setupPage) look() setup.Look {
	l := setup.Look{Store: p.store, PullSecret: p.a.madeFor().Secret, Who: p.rights.who, AskWhy: p.rights.why, Permissions: p.rights.permissions}
	ns := l.Namespace()
	l.Asked = !p.rights.at.IsZero()
	if p.secrets.namespace == ns {
		l.Secrets, l.SecretsWhy = p.secrets.list, p.secrets.why
	}
	return l
}

func (p *setupPage) derive(bool) {
	l := p.look()
	p.found = l.All()
	if at := l.First(p.found); !p.moved && at != p.at && p.goesTo(at) {
		if p.a.notice == p.waits {
			p.a.notice = "" // it was about the step that is left
		}
		p.waits = ""
		if p.done[at] { // and is no more
			p.waits = "back to step " + stepNumber(at) + ", " + at.String() + ": " + p.found[at].Why()
			p.a.notice = p.waits
		}
		p.at = at
	}
	for i := range p.found {
		s := p.found[i].State
		p.done[i] = s == setup.Done || s == setup.Foreign || p.done[i] && (s == setup.Busy || s == setup.Unknown)
	}
}

// goesTo: the page goes on to a step by itself. It shows one that is at work to
// its end; and it goes back only for one that has failed or is to be done again,
// not for one that comes back by itself.
func (p *setupPage) goesTo(at setup.Step) bool {
	if at > p.at {
		return !p.found[p.at].Settles
	}
	return p.found[at].State != setup.Busy && p.found[at].State != setup.Unknown
}

func (p *setupPage) held() bool       { return false }
func (p *setupPage) crumbs() []string { return []string{"Setup"} }
func (p *setupPage) above(int) string { return "" }
func (p *setupPage) scopes() []keymap.Scope {
	return []keymap.Scope{keymap.List, keymap.Home, keymap.Page}
}
func (p *setupPage) position() (at, of int) { return int(p.at) + 1, int(setup.Count) }
func (p *setupPage) clickAbove(_, _ int)    {}
func (p *setupPage) scroll(n int)           { p.top = max(p.top+n, 0) }
func (p *setupPage) current() *setup.Found  { return &p.found[p.at] }
func (p *setupPage) choose(step setup.Step) { p.at, p.moved, p.top = step, true, 0 }

// errand asks for what the steps are judged by and the store does not have.
func (p *setupPage) errand() tea.Cmd {
	if p.store.Connection().State != model.ConnLive || !p.store.Complete() || p.rights.asking {
		return nil
	}
	ns := p.look().Namespace()
	if p.rights.namespace == ns && p.local.Sub(p.rights.at) < rightsFor {
		return nil
	}
	p.rights.asking, p.rights.namespace = true, ns
	return askSetupRights(p.a.ctx, p.a.cluster, p.a.epoch, ns)
}

// setupRightsMsg: what the user may do.
type setupRightsMsg struct {
	epoch       uint64
	namespace   string
	permissions []model.Permission
	who         string
	err         error
}

func askSetupRights(ctx context.Context, cluster Cluster, epoch uint64, namespace string) tea.Cmd {
	return func() (msg tea.Msg) {
		defer caught(&msg)
		permissions, err := cluster.Can(ctx, setup.AllNeeds(namespace))
		return setupRightsMsg{epoch, namespace, permissions, cluster.Who(ctx), err}
	}
}

// setupErrands are those of the page on top.
func (a *App) setupErrands() tea.Cmd {
	if p, ok := a.page().(*setupPage); ok {
		return p.errand()
	}
	return nil
}

func (a *App) applySetupRights(msg setupRightsMsg) {
	if msg.epoch != a.epoch {
		return
	}
	for _, page := range a.pages {
		if p, ok := page.(*setupPage); ok {
			p.rights = setupRights{namespace: msg.namespace, permissions: msg.permissions, who: msg.who, at: a.local}
			if msg.err != nil {
				p.rights.why = msg.err.Error()
			}
			p.derive(false)
			a.dirty = true
		}
	}
}

// secretsOf lists the Secrets of Flux's namespace while it is unknown whether
// the credential is there.
func (p *setupPage) secretsOf() (string, bool) {
	if p.secrets.asking || p.store.Connection().State != model.ConnLive || !p.store.Complete() {
		return "", false
	}
	ns := p.look().Namespace()
	needed := p.at == setup.Credential || p.secrets.namespace != ns
	if !needed || p.secrets.namespace == ns && p.local.Sub(p.secrets.at) < setupSecretsFor {
		return "", false
	}
	p.secrets.asking = true
	return ns, true
}

func (p *setupPage) tookSecrets(m secretsMsg) {
	p.secrets = setupSecrets{namespace: m.namespace, list: m.list, at: p.local}
	if m.err != nil {
		p.secrets.why = m.err.Error()
	}
	p.derive(false)
}

func (p *setupPage) act(a keymap.Action) (tea.Cmd, bool) {
	switch a {
	case keymap.Down, keymap.NextTab, keymap.Unfold:
		p.choose((p.at + 1) % setup.Count)
	case keymap.Up, keymap.PreviousTab, keymap.Fold:
		p.choose((p.at + setup.Count - 1) % setup.Count)
	case keymap.Top:
		p.choose(0)
	case keymap.Bottom:
		p.choose(setup.Count - 1)
	case keymap.PageDown:
		p.top = min(p.top+scrolled, p.last)
	case keymap.PageUp:
		p.top = max(p.top-scrolled, 0)
	case keymap.Open:
		return p.enter(), true
	case keymap.Copy:
		return p.copyStep(), true
	case keymap.Setup:
	case keymap.Credential:
		return p.makeCredential(), true
	case keymap.Refresh:
		p.rights.at, p.secrets.at = time.Time{}, time.Time{}
		return nil, false // and what it does everywhere
	default:
		return nil, false
	}
	return nil, true
}

// scrolled is how many lines a page key goes on.
const scrolled = 8

func (p *setupPage) click(x, y int) (hit bool) {
	if step := setup.Step(y - 1); x < p.column && y >= 1 && step < setup.Count {
		p.choose(step)
		return true
	}
	return false
}

func (p *setupPage) hints() []keymap.Action {
	return []keymap.Action{keymap.Open, keymap.NextTab, keymap.PreviousTab, keymap.Actions, keymap.Copy, keymap.AddTenant, keymap.Escape, keymap.Help}
}

func (p *setupPage) subject() subject {
	f := p.current()
	return subject{name: "step " + stepNumber(p.at) + ": " + p.at.String(), state: p.mark(f.State), cause: p.nextWords(), copy: p.at.String(),
		spot: spot{tenant: model.PlatformKey}}
}
