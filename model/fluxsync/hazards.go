package fluxsync

import (
	"fmt"
	"strings"

	"tenantry/model"
)

// Level says how bad a hazard is.
type Level uint8

// The levels.
const (
	Fine    Level = iota // looked at, and nothing is at stake
	Care                 // something to know
	Unknown              // can't be told from here
	Danger               // something can be deleted by what is about to be done
)

// Hazard is one thing that can go wrong with a sync, computed from what is in
// the cluster. ID is its number in the list people know them by, N1 to N8; ""
// for others.
type Hazard struct {
	ID    string
	Level Level
	Text  string
	// Falls are the objects at stake.
	Falls Falls
}

// Guard is an annotation on the instance that keeps a hazard from happening.
type Guard struct {
	Annotation, Value string
	Why               string
	// Wise: it should be ticked unless somebody knows better.
	Wise bool
}

// Look is what hazards are computed from.
type Look struct {
	Store *model.Store
	Live  Live
	// Want is the sync to be set; nil clears it.
	Want *Spec
}

// Hazards are those that apply to setting or clearing the sync now, as the
// cluster is.
func (l Look) Hazards() []Hazard {
	var out []Hazard
	add := func(h ...Hazard) { out = append(out, h...) }
	add(l.pruned()...)
	add(l.inventory()...)
	add(l.helm()...)
	add(l.git()...)
	add(l.operator()...)
	add(l.twice()...)
	return out
}

// pruned says what goes with the change itself: N1 and N2.
func (l Look) pruned() []Hazard {
	ns := l.Live.Key.Namespace
	if l.Want == nil {
		return l.cleared()
	}
	_, sync := l.Want.Made(ns)
	if l.Live.Sync == nil {
		if l.Store.Get(sync) == nil {
			return []Hazard{{Level: Fine, Text: "nothing is pruned now: there was no sync"}}
		}
		h := l.other(sync, fmt.Sprintf("%s is there already, made by somebody else; the operator takes it over", sync))
		return []Hazard{h}
	}
	was := *l.Live.Sync
	if was.EffectiveName(ns) != l.Want.EffectiveName(ns) {
		_, old := was.Made(ns)
		f := FallsOf(l.Store, old)
		return []Hazard{{ID: "N1", Level: Danger, Text: fmt.Sprintf("another name: the operator deletes %s, and its finalizer %s", old, f.Words()), Falls: f}}
	}
	var changed []string
	for _, f := range []Field{Kind, URL, Ref, Path} {
		if was.Get(f) != l.Want.Get(f) {
			changed = append(changed, f.String())
		}
	}
	if len(changed) == 0 {
		return []Hazard{{Level: Fine, Text: "nothing is pruned: kind, url, ref and path stay as they are"}}
	}
	return []Hazard{l.other(sync, strings.Join(changed, " and ")+" changed")}
}

// other is N2: other content under the same Kustomization.
func (l Look) other(sync model.Key, why string) Hazard {
	f := MayFallOf(l.Store, sync)
	h := Hazard{ID: "N2", Level: Danger, Falls: f}
	switch {
	case f.Safe != "":
		h.Level, h.Text = Fine, why+"; nothing is pruned: "+f.Safe
	case f.Unread:
		h.Text = why + unread(sync)
	case len(f.Objects) == 0:
		h.Level, h.Text = Fine, why+"; nothing is pruned: "+sync.String()+" has applied nothing yet"
	default:
		h.Text = fmt.Sprintf("%s: of the %s under %s each that is not in the new content is deleted%s", why, count(len(f.Objects)), sync, f.gravest())
	}
	return h
}

// cleared is N1: without spec.sync the operator deletes what it made for it.
func (l Look) cleared() []Hazard {
	if l.Live.Sync == nil {
		return nil
	}
	_, sync := l.Live.Sync.Made(l.Live.Key.Namespace)
	f := FallsOf(l.Store, sync)
	h := Hazard{ID: "N1", Level: Danger, Falls: f}
	switch {
	case f.Safe != "":
		h.Level, h.Text = Fine, "what it applied stays: "+f.Safe
	case f.Unread:
		h.Text = "the operator deletes " + sync.String() + unread(sync)
	case len(f.Objects) == 0:
		h.Level, h.Text = Fine, sync.String()+" has applied nothing"
	default:
		h.Text = fmt.Sprintf("the operator deletes %s, and its finalizer the %s under it%s", sync, count(len(f.Objects)), f.gravest())
	}
	return []Hazard{h}
}

func unread(sync model.Key) string {
	return ": what it has applied is not known, since " + sync.Kind.Resource() + " can't be read by you; all of it may be deleted"
}

func count(n int) string {
	if n == 1 {
		return "1 object"
	}
	return fmt.Sprintf("%d objects", n)
}

// inventory is N3 and N6: the instance in a Kustomization's inventory, where
// pruning it uninstalls Flux and a forced apply may recreate it.
func (l Look) inventory() []Hazard {
	var out []Hazard
	guarded := l.Live.Marked(markPrune, "disabled")
	holders := l.holders()
	for _, k := range holders {
		switch {
		case guarded:
			out = append(out, Hazard{ID: "N3", Level: Fine, Text: fmt.Sprintf("%s applies this FluxInstance, which is guarded: prune disabled", k)})
		default:
			out = append(out, Hazard{ID: "N3", Level: Danger, Text: fmt.Sprintf(
				"%s applies this FluxInstance: when it leaves that content, it is pruned, and the operator uninstalls Flux, with every GitRepository, Kustomization and HelmRelease there is", k)})
		}
		o := l.Store.Get(k)
		d, ok := detail(o)
		if ok && d.Force || l.Live.Marked(markForce, "enabled") {
			out = append(out, Hazard{ID: "N6", Level: Danger, Text: fmt.Sprintf(
				"%s applies it with force: any conflict, or a spec the server refuses, deletes it and makes it anew, which uninstalls Flux", k)})
		}
	}
	if len(holders) == 0 && !guarded && l.Want != nil {
		out = append(out, Hazard{ID: "N3", Level: Unknown, Text: "if Git comes to hold this FluxInstance, taking it out of Git uninstalls Flux"})
	}
	return out
}

// holders are the Kustomizations that apply the instance, by their inventories
// or by its labels.
func (l Look) holders() []model.Key {
	var out []model.Key
	for _, k := range l.Store.HoldersOf(l.Live.Key.ObjectRef()) {
		if k.Kind == model.Kustomization {
			out = append(out, k)
		}
	}
	if k, ok := l.Live.Kustomization(); ok && l.Store.Get(k) != nil && len(out) == 0 {
		out = append(out, k)
	}
	return out
}

// helm is N4 and N5.
func (l Look) helm() []Hazard {
	if !l.Live.byHelm() {
		return nil
	}
	who := "Helm"
	if r := l.Live.HelmRelease(); r != "" {
		who = "Helm release " + r
	}
	out := []Hazard{{ID: "N4 N5", Level: Care, Text: who + " owns this object: uninstalling it uninstalls Flux, and a forced replace drops the sync; " +
		"fluxcd.controlplane.io/reconcile: disabled keeps Flux when it has to be uninstalled"}}
	if r := l.Live.FluxRelease(); r != "" {
		where := ", which is in another cluster,"
		if o := l.Store.Get(l.releaseKey()); o != nil {
			where = ""
		}
		out[0].Text += fmt.Sprintf("; HelmRelease %s%s does so by itself when an install fails or its name changes", r, where)
	}
	return out
}

func (l Look) releaseKey() model.Key {
	return model.Key{Kind: model.HelmRelease, Namespace: l.Live.Labels[model.LabelHelmReleaseNS], Name: l.Live.Labels[model.LabelHelmReleaseName]}
}

// git is N7, and what happens to a sync that Git states itself.
func (l Look) git() []Hazard {
	var out []Hazard
	var owners []string
	byGit, byPerson := false, false
	for _, o := range l.Live.SyncOwners() {
		byGit = byGit || o.Manager == "kustomize-controller"
		byPerson = byPerson || strings.HasPrefix(o.Manager, "kubectl")
		if o.Reconciler {
			owners = append(owners, o.Who+" ("+o.Again+")")
		}
	}
	if len(owners) > 0 {
		out = append(out, Hazard{Level: Danger, Text: "what is set here does not last: " + strings.Join(owners, ", ") + " writes the sync"})
	}
	if len(l.holders()) > 0 && byPerson && !byGit && !l.Live.Marked(markSSA, "merge") {
		out = append(out, Hazard{ID: "N7", Level: Danger, Text: "the sync was set by kubectl and Git applies this object: it drops such fields, and with them the sync, unless ssa is Merge"})
	}
	return out
}

// operator is N8, and what else keeps a change from being acted on.
func (l Look) operator() []Hazard {
	var out []Hazard
	p := l.Store.Platform()
	switch {
	case p.Operator == nil && l.Store.Readable(model.Key{Kind: model.Deployment, Namespace: l.Live.Key.Namespace}):
		out = append(out, Hazard{ID: "N8", Level: Danger, Text: "no flux-operator was found: nothing acts on a FluxInstance without it"})
	case p.Operator == nil:
		out = append(out, Hazard{ID: "N8", Level: Unknown, Text: "the flux-operator can't be seen by you: whether anything acts on this is not known"})
	case p.Operator.Health != model.Ready:
		out = append(out, Hazard{ID: "N8", Level: Care, Text: "the flux-operator is " + p.Operator.Health.String() + ": " + orWord(p.Operator.Message, "it acts on this only when it is back")})
	}
	if strings.EqualFold(l.Live.Annotations[model.AnnotationReconcile], "disabled") {
		out = append(out, Hazard{Level: Care, Text: "the instance is suspended: nothing happens until s resumes it"})
	}
	return out
}

// twice warns of what is synced already, and of a pull secret that the sync
// itself applies.
func (l Look) twice() []Hazard {
	var out []Hazard
	at := l.Want
	if at == nil {
		at = l.Live.Sync
	}
	if at == nil {
		return nil
	}
	_, own := at.Made(l.Live.Key.Namespace)
	if at.PullSecret != "" {
		ref := model.ObjectRef{Kind: "Secret", Namespace: l.Live.Key.Namespace, Name: at.PullSecret}
		for _, k := range l.Store.HoldersOf(ref) {
			if k == own {
				out = append(out, Hazard{Level: Danger, Text: fmt.Sprintf("%s applies its own pull secret %s: when it is pruned, nothing can be fetched any more", k, at.PullSecret)})
			}
		}
	}
	if l.Want == nil {
		return out
	}
	for _, o := range l.Store.Objects(model.Kustomization) {
		d, ok := detail(o)
		if !ok || o.Key == own || !samePath(d.Path, l.Want.Path) {
			continue
		}
		source, ok := d.SourceRef.Key()
		if !ok {
			continue
		}
		if src := l.Store.Get(source); src != nil {
			if sd, ok := src.Detail.(*model.Source); ok && sd.URL == l.Want.URL && strings.HasSuffix(sd.Ref, l.Want.Ref) {
				out = append(out, Hazard{Level: Care, Text: fmt.Sprintf("%s applies the same path of the same repository already: the two would write the same objects", o.Key)})
			}
		}
	}
	return out
}

func samePath(a, b string) bool {
	clean := func(s string) string { return strings.Trim(strings.TrimPrefix(s, "."), "/") }
	return clean(a) == clean(b)
}

// Guards are those worth offering: what the instance does not have yet.
func (l Look) Guards() []Guard {
	if l.Want == nil {
		return nil
	}
	var out []Guard
	held := len(l.holders()) > 0
	_, labelled := l.Live.Kustomization()
	if !l.Live.Marked(markPrune, "disabled") {
		out = append(out, Guard{Annotation: markPrune, Value: "disabled", Wise: true,
			Why: "no Kustomization ever prunes this FluxInstance (N3)"})
	}
	if (held || labelled) && !l.Live.Marked(markSSA, "merge") {
		out = append(out, Guard{Annotation: markSSA, Value: "Merge", Wise: true,
			Why: "Git leaves alone what it does not state; what it states it still overwrites (N7)"})
	}
	return out
}

// Worst is the gravest level among hazards.
func Worst(all []Hazard) Level {
	worst := Fine
	for _, h := range all {
		worst = max(worst, h.Level)
	}
	return worst
}

// Deletes reports whether one of them means that something can be deleted by
// what is about to be done, and not only some day.
func Deletes(all []Hazard) bool {
	for _, h := range all {
		if h.Level == Danger && (len(h.Falls.Objects) > 0 || h.Falls.Unread) {
			return true
		}
	}
	return false
}
