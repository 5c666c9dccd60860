package ui

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"
	"sigs.k8s.io/yaml"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/model/onboard"
	"tenantry/model/redact"
	"tenantry/themes"
	"tenantry/ui/keymap"
	"tenantry/ui/state"
	"tenantry/ui/text"
)

// A tenant that was sent with something mistyped: what was typed for it last is
// kept by its name, and its form opens with that again. It is applied by the
// same steps and checks as a new one.

// The names under which what is typed of tenants is kept.
const (
	draftTenant = "tenant"         // one that was not added yet
	sentTenants = state.SentTenant // and the tenant's name: as it was sent last
)

func sentTenant(name string) string { return sentTenants + name }
func mendDraft(name string) string  { return draftTenant + " " + name }

// draft is the form as it is kept.
func (f *tenantForm) draft() *draft {
	form, none := draftTenant, newTenantForm()
	none.flux = f.flux
	if f.mends != "" {
		form = mendDraft(f.mends)
		none.fill(&f.sent)
	}
	return &draft{form, func() any {
		if spec := f.spec(); !reflect.DeepEqual(spec, none.spec()) {
			return spec
		}
		return nil
	}}
}

// noteSent keeps what was sent for a tenant; nothing of it is a draft any more.
func (a *App) noteSent(t *tenantTrial) {
	if t.form.mends == "" {
		a.tenantDraft = nil
		a.putDraft(draftTenant, nil)
	}
	for _, name := range []string{t.form.mends, t.spec.Name} {
		delete(a.memory.mends, name)
		a.putDraft(mendDraft(name), nil)
	}
	a.putDraft(sentTenant(t.spec.Name), redact.Kept(t.spec))
	for _, d := range a.deeds {
		if !d.over && d.plan.Wish.Verb == action.AddTenant && slices.Equal(d.plan.Wish.Targets, t.plan.Wish.Targets) {
			d.overtaken()
		}
	}
}

// forgetSent forgets what was sent for a tenant that was taken out: nothing of
// it is left that could be mended.
func (a *App) forgetSent(d *deed) {
	if d.plan.Wish.Verb != action.OffBoard || slices.ContainsFunc(d.steps, func(s deedStep) bool { return s.state != stepDone }) {
		return
	}
	for _, at := range d.plan.Wish.Targets {
		delete(a.memory.mends, at.Row)
		a.putDraft(mendDraft(at.Row), nil)
		a.putDraft(sentTenant(at.Row), nil)
	}
}

// mendHint says of a tenant that was sent in full and does not get on where what
// was typed can be mended; "" for everything else.
func (a *App) mendHint(d *deed) string {
	if d.plan.Wish.Verb != action.AddTenant {
		return ""
	}
	for i := range d.steps {
		switch s := &d.steps[i]; {
		case !d.plan.Steps[i].Watch && s.state != stepDone:
			return ""
		case d.plan.Steps[i].Watch && s.state == stepFailed:
			return a.key(keymap.AddTenant) + " mends what was mistyped"
		}
	}
	return ""
}

// overtaken gives up to follow what is asked for anew.
func (d *deed) overtaken() {
	for i := range d.steps {
		if s := &d.steps[i]; d.plan.Steps[i].Watch && s.state < stepDone {
			s.state, s.words = stepLeft, "asked for anew"
		}
	}
}

// mendable is the tenant that the form of a new one offers to mend: the one
// whose name is typed, else of those that do not get on the one sent last.
func (a *App) mendable(f *tenantForm) string {
	if f.mends != "" {
		return ""
	}
	if name := f.get(tenantName); name != "" {
		if spec, _, ok := draftAs[onboard.Spec](a, sentTenant(name)); ok && onboard.There(a.store, spec) {
			return name
		}
		return ""
	}
	last := ""
	at := int64(0)
	for _, d := range a.allDrafts(sentTenants) {
		var spec onboard.Spec
		if json.Unmarshal(d.Typed, &spec) == nil && d.At >= at && a.tenantTrouble(spec) != "" {
			last, at = strings.TrimPrefix(d.Form, sentTenants), d.At
		}
	}
	return last
}

// allDrafts are the drafts whose names begin alike.
func (a *App) allDrafts(prefix string) []state.Draft {
	names := map[string]bool{}
	if c := a.memory.contents; c != nil {
		for _, d := range c.Drafts {
			names[d.Form] = true
		}
	}
	for name := range a.memory.drafts {
		names[name] = true
	}
	var out []state.Draft
	for name := range names {
		if d := a.draftOf(name); d != nil && strings.HasPrefix(name, prefix) {
			out = append(out, *d)
		}
	}
	slices.SortFunc(out, func(a, b state.Draft) int { return cmp.Or(cmp.Compare(a.At, b.At), strings.Compare(a.Form, b.Form)) })
	return out
}

// tenantTrouble says why a tenant that was sent does not get on, "" where it
// does or nothing is known of it.
func (a *App) tenantTrouble(spec onboard.Spec) string {
	name := cmp.Or(spec.Source.Name, spec.Name)
	for _, kind := range []model.Kind{model.GitRepository, model.Kustomization} {
		for _, sp := range spec.Spaces {
			o := a.store.Get(model.Key{Kind: kind, Namespace: sp.Namespace, Name: name})
			if o == nil {
				continue
			}
			if v := a.store.Verdict(o.Key); v.Health == model.Failed || v.Health == model.Stalled || v.Health == model.Blocked {
				return model.Sentence(o, v)
			}
		}
	}
	return ""
}

// mendTenant opens the form with what was typed last for a tenant that was sent.
func (a *App) mendTenant(name string) tea.Cmd {
	if why := a.addTenantRefused(); why != "" {
		a.notice = why
		return nil
	}
	sent, at, ok := draftAs[onboard.Spec](a, sentTenant(name))
	if !ok {
		return a.addTenant()
	}
	f := a.memory.mends[name]
	if f == nil {
		f = newTenantForm()
		f.fill(&sent)
		if typed, at, ok := draftAs[onboard.Spec](a, mendDraft(name)); ok {
			f.fill(&typed)
			f.again.at = at
		}
		if a.memory.mends == nil {
			a.memory.mends = map[string]*tenantForm{}
		}
		a.memory.mends[name] = f
	}
	f.mends, f.sent, f.sentAt, f.tried, f.flux = name, sent, at, false, a.setsIn()
	a.ask(a.tenantFormDialog(f))
	return nil
}

func mendWord(name string) string {
	if r := []rune(name); len(r) > 20 {
		name = string(r[:19]) + "…"
	}
	return "Mend " + name
}

// sentPart says when a tenant was sent, and how it is by now.
func (a *App) sentPart(name string, at int64, trouble string) part {
	p := part{label: "SENT", gap: true, role: themes.Muted, text: name + " at " + text.Clock(time.Unix(at, 0).In(a.local.Location()), a.local)}
	if trouble != "" {
		p.text, p.role = p.text+"; "+trouble, themes.Caution
	}
	return p
}

// objectNow reads an object; nil for one that is not there. That it can't be
// read is an error: it may be there.
func objectNow(ctx context.Context, cluster Cluster, ref model.ObjectRef) (map[string]any, error) {
	doc, err := cluster.Document(ctx, ref)
	var why *model.RequestError
	if errors.As(err, &why) && (why.Reason == model.RequestNotFound || why.Reason == model.RequestNotServed) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	live := map[string]any{}
	if err := yaml.Unmarshal([]byte(doc.YAML), &live); err != nil {
		return nil, err
	}
	return live, nil
}

func uidOf(live map[string]any) string {
	uid, _ := metadataOf(live)["uid"].(string)
	return uid
}

// replacedWords say what became of an object by its UIDs; "" is for none.
func replacedWords(was, is string) string {
	switch {
	case was == "":
		return "it is there by now"
	case is == "":
		return "it is gone"
	}
	return "another object of that name has taken its place"
}
