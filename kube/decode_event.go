package kube

import (
	"strings"

	corev1 "k8s.io/api/core/v1"

	"tenantry/model"
)

// revisionAnnotations are where Flux's controllers put the revision an event
// is about.
var revisionAnnotations = []string{
	"kustomize.toolkit.fluxcd.io/revision",
	"source.toolkit.fluxcd.io/revision",
	"helm.toolkit.fluxcd.io/revision",
	"fluxcd.controlplane.io/revision",
}

// decodeEvent reads core/v1 Events, as Flux and Kubernetes itself write them.
// One written through events.k8s.io has its time in eventTime or series.
func decodeEvent(kind model.Kind, in *corev1.Event) *model.Object {
	m := metaOf(&in.ObjectMeta)
	o := newObject(kind, &m)
	d := &model.EventDetail{
		Type: intern(in.Type), Reason: intern(in.Reason), Message: clip(in.Message),
		Regarding: model.Ref{Kind: intern(regardingKind(&in.InvolvedObject)), Namespace: intern(in.InvolvedObject.Namespace),
			Name: intern(in.InvolvedObject.Name)},
		RegardingUID: intern(string(in.InvolvedObject.UID)),
		Controller:   intern(in.Source.Component),
		Count:        max(in.Count, 1),
		First:        unixOf(&in.FirstTimestamp), Last: unixOf(&in.LastTimestamp),
	}
	if d.Controller == "" {
		d.Controller = intern(in.ReportingController)
	}
	if !in.EventTime.IsZero() {
		at := model.Unix(in.EventTime.Unix())
		d.Last = max(d.Last, at)
		if d.First == 0 {
			d.First = at
		}
	}
	if s := in.Series; s != nil {
		d.Count = max(d.Count, s.Count)
		if !s.LastObservedTime.IsZero() {
			d.Last = max(d.Last, model.Unix(s.LastObservedTime.Unix()))
		}
	}
	if d.First == 0 {
		d.First = o.Created
	}
	d.Last = max(d.Last, d.First)
	for _, name := range revisionAnnotations {
		if r := in.Annotations[name]; r != "" {
			d.Revision = intern(clip(r))
			break
		}
	}
	o.Detail = d
	return o
}

// regardingKind names an event's kind; one of another API group than the kind
// tenantry knows by that name is another kind, and named with its group.
func regardingKind(r *corev1.ObjectReference) string {
	group, _, grouped := strings.Cut(r.APIVersion, "/")
	if !grouped {
		group = ""
	}
	if k, known := model.KindNamed(r.Kind); known && r.APIVersion != "" && group != k.Group() {
		return strings.TrimSuffix(r.Kind+"."+group, ".")
	}
	return r.Kind
}
