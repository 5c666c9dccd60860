package ui

import (
	"reflect"
	"slices"
	"strings"

	"tenantry/model/setup"
)

// instanceForm is a FluxInstance as it is being typed. It is kept while the
// program runs: leaving the dialog, or a save that fails, loses nothing.
type instanceForm struct {
	version, registry, artifact, account editLine

	namespace  string
	components []bool // by setup.Components
	others     []string
	kind, size int
	lockdown   bool
	network    bool
	tried      bool
	sent       bool          // what is typed was sent: once it is there, it is no draft any more
	live       *liveInstance // nil: there is no instance
	begun      setup.Spec    // what it began with
	again      again
}

// draft is the form as it is kept.
func (f *instanceForm) draft() *draft {
	return &draft{f.name(), func() any {
		if spec := f.spec(); !f.sent && !reflect.DeepEqual(spec, f.begun) {
			return spec
		}
		return nil
	}}
}

// name tells the form of one instance from that of another.
func (f *instanceForm) name() string { return instanceDraftOf(f.live) }

func instanceDraftOf(live *liveInstance) string {
	if live == nil {
		return "instance"
	}
	return "instance " + live.UID
}

func (f *instanceForm) fill(s setup.Spec) {
	for l, v := range map[*editLine]string{&f.version: s.Version, &f.registry: s.Registry, &f.artifact: s.Artifact, &f.account: s.Account} {
		*l = editLine{}
		l.insert(v)
	}
	f.namespace = s.Namespace
	f.components, f.others = make([]bool, len(setup.Components)), nil
	for _, name := range s.Components {
		if i := slices.Index(setup.Components, name); i >= 0 {
			f.components[i] = true
		} else {
			f.others = append(f.others, name)
		}
	}
	f.kind, f.size = max(slices.Index(setup.Types, s.Type), 0), max(slices.Index(setup.Sizes, s.Size), 0)
	f.lockdown, f.network = s.Multitenant, s.Network
}

// spec is what is typed.
func (f *instanceForm) spec() setup.Spec {
	get := func(l *editLine) string { return strings.TrimSpace(l.String()) }
	s := setup.Spec{Namespace: f.namespace, Version: get(&f.version), Registry: get(&f.registry), Artifact: get(&f.artifact), Account: get(&f.account),
		Type: setup.Types[f.kind], Size: setup.Sizes[f.size], Multitenant: f.lockdown, Network: f.network}
	for i, on := range f.components {
		if on {
			s.Components = append(s.Components, setup.Components[i])
		}
	}
	s.Components = append(s.Components, f.others...)
	return s
}

// order is what is typed, for the instance that is there.
func (f *instanceForm) order() setup.Order {
	o := setup.Order{Want: f.spec()}
	if f.live != nil {
		o.Live = &f.live.Live
	}
	return o
}

// instanceDraft is what was typed for this cluster before, else what a form
// begins with: the instance as it is, with the lockdown on, or the usual Flux.
func (a *App) instanceDraft(live *liveInstance, namespace string) *instanceForm {
	conn := a.store.Connection()
	id := conn.Context + "\n" + conn.Server
	if live != nil {
		id += "\n" + live.UID
	}
	if a.installing.drafts == nil {
		a.installing.drafts = map[string]*instanceForm{}
	}
	f := a.installing.drafts[id]
	if f == nil || f.sent {
		f = &instanceForm{}
		s := setup.Default(namespace)
		if live != nil {
			s = setup.Of(live.Live)
			s.Multitenant = true
		} else if running := a.runningComponents(); len(running) > 0 {
			s.Components = running
		}
		f.fill(s)
		f.begun = f.spec()
		kept, at, ok := draftAs[setup.Spec](a, instanceDraftOf(live))
		if asked := a.installing.asked; asked != nil {
			kept, at, ok, a.installing.asked = *asked, 0, true, nil
		}
		if ok {
			f.fill(kept)
			f.again.at = at
		}
		a.installing.drafts[id] = f
	}
	f.live, f.tried, f.namespace = live, false, namespace
	return f
}

// runningComponents are the controllers of a Flux that has no instance: it is
// taken over as it runs.
func (a *App) runningComponents() []string {
	var out []string
	for _, name := range setup.Components {
		for _, c := range a.store.Platform().Controllers {
			if c.Name == name {
				out = append(out, name)
			}
		}
	}
	return out
}
