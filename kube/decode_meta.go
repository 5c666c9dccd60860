package kube

import (
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"tenantry/model"
	"tenantry/model/redact"
)

// maxText is the longest text kept of an object, in bytes. Flux's own
// messages may list hundreds of objects; nobody reads more than this of one.
const maxText = 8 << 10

// clip cuts text to maxText at a rune boundary. Passwords in URLs are left out
// here, before anything can show or keep them: sources have them in spec.url,
// controllers repeat them in messages.
func clip(s string) string {
	s = redact.Addresses(s)
	if len(s) <= maxText {
		return s
	}
	cut := maxText
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return strings.Clone(s[:cut]) + "…"
}

// stamp is an RFC 3339 time read as whole seconds. An unreadable time is 0:
// a wrong age is no reason to hide an object.
type stamp model.Unix

// UnmarshalJSON reads a quoted RFC 3339 time.
func (s *stamp) UnmarshalJSON(b []byte) error {
	*s = 0
	if len(b) < 2 || b[0] != '"' {
		return nil
	}
	if t, err := time.Parse(time.RFC3339Nano, string(b[1:len(b)-1])); err == nil {
		*s = stamp(t.Unix())
	}
	return nil
}

// span is a Go duration ("1m0s") read as whole seconds, rounded. An unreadable
// one is 0, which the model takes as the controller's default.
type span int32

// UnmarshalJSON reads a quoted duration.
func (s *span) UnmarshalJSON(b []byte) error {
	*s = 0
	if len(b) < 2 || b[0] != '"' {
		return nil
	}
	*s = parseSpan(string(b[1 : len(b)-1]))
	return nil
}

func parseSpan(text string) span {
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0
	}
	s := d.Round(time.Second) / time.Second
	return span(max(0, min(s, 1<<31-1)))
}

func unixOf(t *metav1.Time) model.Unix {
	if t == nil || t.IsZero() {
		return 0
	}
	return model.Unix(t.Unix())
}

// metaFields is what is read of metadata. managedFields, ownerReferences and
// the rest are not even decoded.
type metaFields struct {
	Name              string            `json:"name"`
	Namespace         string            `json:"namespace"`
	UID               string            `json:"uid"`
	ResourceVersion   string            `json:"resourceVersion"`
	Generation        int64             `json:"generation"`
	CreationTimestamp stamp             `json:"creationTimestamp"`
	DeletionTimestamp stamp             `json:"deletionTimestamp"`
	Finalizers        []string          `json:"finalizers"`
	Labels            map[string]string `json:"labels"`
	Annotations       map[string]string `json:"annotations"`
}

func metaOf(m *metav1.ObjectMeta) metaFields {
	return metaFields{
		Name: m.Name, Namespace: m.Namespace, UID: string(m.UID), ResourceVersion: m.ResourceVersion,
		Generation: m.Generation, CreationTimestamp: stamp(unixOf(&m.CreationTimestamp)),
		DeletionTimestamp: stamp(unixOf(m.DeletionTimestamp)), Finalizers: m.Finalizers,
		Labels: m.Labels, Annotations: m.Annotations,
	}
}

// newObject fills what every kind has. ObservedGeneration starts at -1: "the
// status has none".
func newObject(kind model.Kind, m *metaFields) *model.Object {
	o := &model.Object{
		Key:             model.Key{Kind: kind, Namespace: intern(m.Namespace), Name: m.Name},
		UID:             m.UID,
		ResourceVersion: m.ResourceVersion,
		Generation:      m.Generation, ObservedGeneration: -1,
		Created: model.Unix(m.CreationTimestamp), Deleting: model.Unix(m.DeletionTimestamp),
		Finalizers:  internAll(m.Finalizers),
		Labels:      sharedPairs(keep(kind, m.Labels, model.KeepLabel)),
		Annotations: keep(kind, m.Annotations, model.KeepAnnotation),
	}
	return o
}

func internAll(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	out := make([]string, len(list))
	for i := range list {
		out[i] = intern(list[i])
	}
	return out
}

// keep returns the pairs the model asks for, sorted by name so that equal
// objects have equal values. Label values repeat across objects.
func keep(kind model.Kind, all map[string]string, wanted func(model.Kind, string) bool) model.Pairs {
	n := 0
	for name := range all {
		if wanted(kind, name) {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	out := make(model.Pairs, 0, n)
	for name, value := range all {
		if !wanted(kind, name) {
			continue
		}
		out = append(out, model.Pair{Name: intern(name), Value: intern(clip(value))})
		for i := len(out) - 1; i > 0 && out[i].Name < out[i-1].Name; i-- {
			out[i], out[i-1] = out[i-1], out[i]
		}
	}
	return out
}

// condition is metav1.Condition as Flux and others write it.
type condition struct {
	Type               string `json:"type"`
	Status             string `json:"status"`
	Reason             string `json:"reason"`
	Message            string `json:"message"`
	ObservedGeneration int64  `json:"observedGeneration"`
	LastTransitionTime stamp  `json:"lastTransitionTime"`
}

// conditionsOf keeps the conditions in their order. Flux repeats one message
// in Ready, Reconciling, Stalled, …: pack lets them share one copy.
func conditionsOf(in []condition) []model.Condition {
	if len(in) == 0 {
		return nil
	}
	out := make([]model.Condition, len(in))
	for i := range in {
		out[i] = model.Condition{
			Type: intern(in[i].Type), Status: intern(in[i].Status), Reason: intern(in[i].Reason),
			Message: clip(in[i].Message), ObservedGeneration: in[i].ObservedGeneration,
			LastTransition: model.Unix(in[i].LastTransitionTime),
		}
	}
	return out
}

// refName is a reference to something in the same namespace, by name.
type refName struct {
	Name string `json:"name"`
}

// secretPairs collects the Secrets a spec names, in a fixed order.
type secretPairs []model.Pair

func (p *secretPairs) add(field string, ref *refName) {
	if ref != nil && ref.Name != "" {
		*p = append(*p, model.Pair{Name: field, Value: intern(ref.Name)})
	}
}

// undecodable is the object shown in place of one that can't be read.
func undecodable(kind model.Kind, raw []byte, enc encoding, why string) *model.Object {
	var m metaFields
	if enc == encodingJSON {
		var partial struct {
			Metadata struct {
				Name            string `json:"name"`
				Namespace       string `json:"namespace"`
				UID             string `json:"uid"`
				ResourceVersion string `json:"resourceVersion"`
			} `json:"metadata"`
		}
		// Unmarshal fills what it can before it reports what it can't.
		_ = json.Unmarshal(raw, &partial)
		p := partial.Metadata
		m = metaFields{Name: p.Name, Namespace: p.Namespace, UID: p.UID, ResourceVersion: p.ResourceVersion}
	} else {
		p, _ := protoMetaOf(raw)
		m = metaFields{Name: p.name, Namespace: p.namespace, UID: p.uid, ResourceVersion: p.resourceVersion}
	}
	o := newObject(kind, &m)
	o.Undecodable = clip(why)
	return o
}
