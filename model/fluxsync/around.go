package fluxsync

import (
	"fmt"
	"strings"

	"tenantry/model"
)

// What else there is around a sync: the operator, and others that apply the same.

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
	for _, o := range l.same() {
		out = append(out, Hazard{Level: Care, Text: fmt.Sprintf("%s applies the same path of the same repository already: the two would write the same objects", o.Key)})
	}
	return out
}

// same are the other Kustomizations that apply the very content that is wanted.
func (l Look) same() []*model.Object {
	_, own := l.Want.Made(l.Live.Key.Namespace)
	var out []*model.Object
	for _, o := range l.Store.Objects(model.Kustomization) {
		d, ok := detail(o)
		if !ok || o.Key == own || !samePath(d.Path, l.Want.Path) {
			continue
		}
		source, ok := d.SourceRef.Key()
		if !ok {
			continue
		}
		sd, ok := sourceDetail(l.Store.Get(source))
		if ok && sd.URL == l.Want.URL && strings.HasSuffix(sd.Ref, l.Want.Ref) {
			out = append(out, o)
		}
	}
	return out
}

// shared are those of what may fall that such a Kustomization has applied.
func (l Look) shared(f Falls) map[model.ObjectRef]model.Key {
	var out map[model.ObjectRef]model.Key
	for _, o := range l.same() {
		for _, ref := range model.InventoryRefs(o) {
			if f.Holds(ref) {
				if out == nil {
					out = map[model.ObjectRef]model.Key{}
				}
				out[ref] = o.Key
			}
		}
	}
	return out
}

func samePath(a, b string) bool {
	clean := func(s string) string { return strings.Trim(strings.TrimPrefix(s, "."), "/") }
	return clean(a) == clean(b)
}
