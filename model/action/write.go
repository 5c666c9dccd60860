package action

import (
	"encoding/json"
	"strings"

	"tenantry/model"
)

// Annotations of a HelmRelease; each counts only while it equals requestedAt
// (helm-controller).
const (
	forceAt = "reconcile.fluxcd.io/forceAt"
	resetAt = "reconcile.fluxcd.io/resetAt"
)

// write is the one patch a wish means for an object. A null takes a field away.
func write(o *model.Object, w Wish) model.Write {
	annotations := map[string]any{}
	body := map[string]any{"metadata": map[string]any{"annotations": annotations}}
	out := model.Write{Ref: o.Key.ObjectRef(), Op: model.WriteMerge, UID: o.UID}
	bind(o, w.Verb, &out)
	if w.Stamp == "" {
		return out // nothing is to be sent: it is only asked what there would be to do
	}
	switch w.Verb {
	case Suspend:
		annotations[model.AnnotationSuspendedBy] = w.Who
		annotations[model.AnnotationSuspendedAt] = seconds(w.Stamp)
		annotations[model.AnnotationFluxSuspendedBy] = w.Who
		annotations[model.AnnotationSuspendReason] = orNull(w.Reason)
		annotations[model.AnnotationSuspendUntil] = orNull(w.Until)
		decideSuspension(o.Kind, body, annotations, true, "disabled")
	case Resume:
		for _, name := range []string{model.AnnotationSuspendedBy, model.AnnotationSuspendedAt, model.AnnotationSuspendReason,
			model.AnnotationSuspendUntil, model.AnnotationFluxSuspendedBy} {
			annotations[name] = nil
		}
		annotations[model.AnnotationRequestedAt] = w.Stamp
		decideSuspension(o.Kind, body, annotations, nil, "enabled")
	default:
		annotations[model.AnnotationRequestedAt] = w.Stamp
		if o.Kind == model.HelmRelease && w.Verb == Force {
			annotations[forceAt] = w.Stamp
		}
		if o.Kind == model.HelmRelease && w.Verb == Reset {
			annotations[resetAt] = w.Stamp
		}
	}
	out.Body, _ = json.Marshal(body) // maps of strings: cannot fail
	return out
}

// decideSuspension sets what a kind is suspended by: the operator's kinds by an
// annotation, Flux's by spec.suspend (which is taken away rather than set to
// false, as flux resume does).
func decideSuspension(k model.Kind, body, annotations map[string]any, suspend any, reconcile string) {
	if byAnnotation(k) {
		annotations[model.AnnotationReconcile] = reconcile
		return
	}
	body["spec"] = map[string]any{"suspend": suspend}
}

// bind ties a write to the state of the object it was decided on: what changes
// a suspension to the spec, or to the annotation, that was shown.
func bind(o *model.Object, v Verb, out *model.Write) {
	switch {
	case v != Suspend && v != Resume:
	case byAnnotation(o.Kind):
		out.Was = model.Pairs{{Name: model.AnnotationReconcile, Value: o.Annotations.Get(model.AnnotationReconcile)}}
	default:
		out.Generation = o.Generation
	}
}

func byAnnotation(k model.Kind) bool {
	switch k {
	case model.FluxInstance, model.FluxReport, model.ResourceSet, model.ResourceSetInputProvider:
		return true
	}
	return false
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// seconds cuts a stamp's fraction off.
func seconds(stamp string) string {
	if i := strings.IndexByte(stamp, '.'); i > 0 {
		return stamp[:i] + "Z"
	}
	return stamp
}
