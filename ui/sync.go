package ui

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	tea "charm.land/bubbletea/v2"
	"sigs.k8s.io/yaml"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/model/fluxsync"
	"tenantry/ui/keymap"
)

// syncs is what the app knows of setting syncs: what was typed, by instance,
// for as long as the program runs.
type syncs struct {
	drafts map[string]*syncForm
	asked  *fluxsync.Spec // what was typed before a kill, until a form begins with it
}

// liveInstance is a FluxInstance as the server has it now, and what the user
// may do with it.
type liveInstance struct {
	fluxsync.Live
	who    string
	denied string // why the user may not change it
	role   string // what would allow it
	// secrets are those of its namespace, without what is in them; nil where
	// they can't be listed, and secretsWhy says why.
	secrets    *model.SecretList
	secretsWhy string
}

// syncReadMsg: the instance was read, to set its sync.
type syncReadMsg struct {
	epoch uint64
	live  liveInstance
	err   error
}

// syncInstance is the instance whose sync is meant: the one under the cursor,
// else the platform's.
func (a *App) syncInstance() *model.Object {
	if k := a.page().subject().spot.key; k.Kind == model.FluxInstance {
		return a.store.Get(k)
	}
	if p := a.store.Platform(); p != nil {
		return p.Instance
	}
	return nil
}

// aboutPlatform reports whether the sync of the instance can be meant here: on
// the platform's row and page, and on the instance itself.
func (a *App) aboutPlatform() bool {
	at := a.page().subject().spot
	if at.key.Kind == model.FluxInstance || at.key == (model.Key{}) && at.tenant == model.PlatformKey {
		return true
	}
	p, ok := a.page().(*tenantPage)
	return ok && p.platform
}

// syncItems are the lines of the actions' menu that are about a sync.
func (a *App) syncItems() []item {
	if !a.aboutPlatform() {
		return nil
	}
	set := item{text: action.SetSync.String(), note: "what the cluster is synced from: looked at before anything is sent", take: func() tea.Cmd { return a.askSync(action.SetSync) }}
	cleared := item{text: action.ClearSync.String(), note: "take it away; what it applied can stay", take: func() tea.Cmd { return a.askSync(action.ClearSync) }}
	for _, it := range []*item{&set, &cleared} {
		if a.rules().ReadOnly {
			it.note = "refused: this session is read-only"
		}
	}
	if o := a.syncInstance(); o != nil {
		if why := fluxsync.Refuse(a.store, o); why != "" {
			set.note, cleared.note = "not now: "+why, "not now: "+why
		} else if d, ok := o.Detail.(*model.Instance); ok && d.Sync == nil {
			cleared.note = "not now: " + noSync
		}
	} else {
		set.note, cleared.note = "not now: there is no FluxInstance", "not now: there is no FluxInstance"
	}
	return []item{set, cleared}
}

const noSync = "the FluxInstance has no sync"

// askSync begins to set or to clear a sync: the instance is read first, with
// who owns what of it.
func (a *App) askSync(verb action.Verb) tea.Cmd {
	if why := a.syncRefused(verb); why != "" {
		a.notice = verb.String() + " is refused: " + why
		return nil
	}
	o := a.syncInstance()
	a.notice, a.presses = "reading "+o.Key.String(), 0
	if verb == action.ClearSync {
		return a.trySync(&syncTrial{order: fluxsync.Order{Live: fluxsync.Live{Key: o.Key, Sync: instanceSync(o)}}})
	}
	return readInstance(a.ctx, a.cluster, a.epoch, o.Key)
}

func (a *App) syncRefused(verb action.Verb) string {
	o := a.syncInstance()
	switch {
	case a.rules().ReadOnly:
		return "this session is read-only (--read-only, or the configuration says so for this context)"
	case a.store.Connection().State != model.ConnLive:
		return serverAway
	case o == nil && a.store.KindStatus(model.FluxInstance).State == model.ScopeDenied:
		return "FluxInstances can't be read by you"
	case o == nil && !a.store.Complete():
		return "not everything has been read yet"
	case o == nil:
		return "there is no FluxInstance here, and a sync is a part of one: " + a.key(keymap.Setup) + " on Tenants sets one up"
	}
	if why := fluxsync.Refuse(a.store, o); why != "" {
		return why
	}
	if verb == action.ClearSync && instanceSync(o) == nil {
		return noSync
	}
	return ""
}

func instanceSync(o *model.Object) *fluxsync.Spec {
	d, ok := o.Detail.(*model.Instance)
	if !ok || d.Sync == nil {
		return nil
	}
	return &fluxsync.Spec{Kind: d.Sync.Kind, Name: d.Sync.Name}
}

// readInstance reads the live object, with the owners of its fields, and asks
// what the user may do.
func readInstance(ctx context.Context, cluster Cluster, epoch uint64, key model.Key) tea.Cmd {
	return func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				msg = syncReadMsg{epoch: epoch, err: &bug{value: r, stack: debug.Stack()}}
			}
		}()
		live, err := instanceNow(ctx, cluster, key, nil)
		return syncReadMsg{epoch, live, err}
	}
}

// instanceNow reads an instance; sync is one whose Kustomization is to be
// changed as well.
func instanceNow(ctx context.Context, cluster Cluster, key model.Key, sync *fluxsync.Spec) (liveInstance, error) {
	doc, err := cluster.Document(ctx, key.ObjectRef())
	if err != nil {
		return liveInstance{}, err
	}
	object, err := yaml.YAMLToJSON([]byte(doc.YAML))
	if err != nil {
		return liveInstance{}, err
	}
	live, err := fluxsync.Read(object, doc.Owners)
	if err != nil {
		return liveInstance{}, err
	}
	out := liveInstance{Live: live, who: cluster.Who(ctx)}
	if out.secrets, err = cluster.Secrets(ctx, key.Namespace); err != nil {
		out.secrets, out.secretsWhy = nil, err.Error()
	}
	permissions, err := cluster.Can(ctx, fluxsync.Needs(key, sync))
	var refusal *model.RequestError
	if errors.As(err, &refusal) && refusal.Reason == model.RequestUnreachable {
		return liveInstance{}, err
	}
	// The plan's own words for what is not allowed.
	var plan action.Plan
	plan.Wish.Who = out.who
	for _, need := range fluxsync.Needs(key, sync) {
		plan.Steps = append(plan.Steps, action.Step{Needs: need})
	}
	plan.Permit(permissions)
	for _, s := range plan.Steps {
		if s.Denied != "" && out.denied == "" {
			out.denied, out.role = s.Denied, plan.RoleYAML()
		}
	}
	return out, nil
}

// syncRead goes on with an instance that was read.
func (a *App) syncRead(msg syncReadMsg) tea.Cmd {
	if msg.epoch != a.epoch {
		return nil
	}
	a.notice, a.dirty = "", true
	switch {
	case msg.err != nil:
		a.notice = action.SetSync.String() + " is refused: " + msg.err.Error()
	case a.dialog != nil || a.menu != nil || a.presses > 0:
		a.notice = givenUp(action.SetSync)
	default:
		a.ask(a.formDialog(a.draft(msg.live)))
	}
	return nil
}

// givenUp: a key that was meant for the page must not answer a dialog.
func givenUp(verb action.Verb) string {
	return verb.String() + " was given up: other keys were pressed meanwhile"
}

// syncTitle is the title of the dialogs about a sync.
func (a *App) syncTitle(verb action.Verb, live fluxsync.Live, part string) string {
	title := fmt.Sprintf("%s: FluxInstance %s/%s on %s", upperFirst(verb.String()), live.Key.Namespace, live.Key.Name, a.contextName())
	if part != "" {
		title += ", " + part
	}
	return title
}
