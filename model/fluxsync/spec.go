// Package fluxsync decides what setting or clearing spec.sync of a FluxInstance
// means: whether what was typed makes sense, who owns each field today and what
// they will do next, what is sent, what may be destroyed by it, and where the
// change belongs so that it lasts. It sends nothing itself.
package fluxsync

import (
	"bytes"
	"encoding/json"
	"strings"

	"tenantry/model"
)

const (
	apiVersion = "fluxcd.controlplane.io/v1"
	// InstanceName is the only name the operator reconciles (a CEL rule of the
	// FluxInstance CRD, and the operator's cache).
	InstanceName = "flux"
	// defaultInterval is the CRD's own default of spec.sync.interval.
	defaultInterval = "1m"
)

// Spec is spec.sync of a FluxInstance. What is empty is not sent.
type Spec struct {
	Kind       string `json:"kind,omitempty"`
	URL        string `json:"url,omitempty"`
	Ref        string `json:"ref,omitempty"`
	Path       string `json:"path,omitempty"`
	PullSecret string `json:"pullSecret,omitempty"`
	Provider   string `json:"provider,omitempty"`
	Interval   string `json:"interval,omitempty"`
	Name       string `json:"name,omitempty"`
}

// Field is one field of spec.sync.
type Field uint8

// The fields, in the order they are asked for.
const (
	Kind Field = iota
	URL
	Ref
	Path
	PullSecret
	Provider
	Interval
	Name
	FieldCount
)

var fieldNames = [FieldCount]string{"kind", "url", "ref", "path", "pullSecret", "provider", "interval", "name"}

// String returns the field's name in the API.
func (f Field) String() string { return fieldNames[f] }

// Get returns a field's value.
func (s Spec) Get(f Field) string { return *s.at(f) }

// Set returns the spec with one field changed.
func (s Spec) Set(f Field, value string) Spec {
	*s.at(f) = value
	return s
}

func (s *Spec) at(f Field) *string {
	return [FieldCount]*string{&s.Kind, &s.URL, &s.Ref, &s.Path, &s.PullSecret, &s.Provider, &s.Interval, &s.Name}[f]
}

// EffectiveName is what source and Kustomization are called: spec.sync.name, or
// the instance's namespace (flux-operator's syncTmpl).
func (s Spec) EffectiveName(namespace string) string {
	if s.Name != "" {
		return s.Name
	}
	return namespace
}

// Made are the keys of the source and the Kustomization the operator makes.
func (s Spec) Made(namespace string) (source, sync model.Key) {
	name := s.EffectiveName(namespace)
	kind, ok := model.KindNamed(s.Kind)
	if !ok || kind.Role() != model.RoleSource {
		kind = model.GitRepository
	}
	return model.Key{Kind: kind, Namespace: namespace, Name: name}, model.Key{Kind: model.Kustomization, Namespace: namespace, Name: name}
}

type metadata struct {
	Name      string `json:"name"`
	Namespace string `json:"namespace"`
}

type applied struct {
	APIVersion string   `json:"apiVersion"`
	Kind       string   `json:"kind"`
	Metadata   metadata `json:"metadata"`
	Spec       specOnly `json:"spec"`
}

type specOnly struct {
	Sync Spec `json:"sync"`
}

// Body is what is applied: the instance's name and its complete sync, nothing
// else, so that no other field changes its owner. A leaf that was ours and is
// left out is removed by the server.
func (s Spec) Body(namespace string) []byte {
	return encode(applied{apiVersion, model.FluxInstance.String(), metadata{InstanceName, namespace}, specOnly{s}})
}

// encode writes JSON as a person would: & and < stand for themselves.
func encode(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // structs and maps of strings: cannot fail
	return bytes.TrimRight(b.Bytes(), "\n")
}

// Live is a FluxInstance as the server has it.
type Live struct {
	Key             model.Key
	UID             string
	Generation      int64
	ResourceVersion string
	Deleting        bool
	Labels          map[string]string
	Annotations     map[string]string
	Sync            *Spec // nil: none is set
	Spec            any   // the whole spec, as decoded from JSON
	Owners          []model.FieldOwner
}

// Read reads a live instance; owners are those of its managedFields.
func Read(object []byte, owners []model.FieldOwner) (Live, error) {
	var in struct {
		Metadata struct {
			Name, Namespace, UID, ResourceVersion string
			Generation                            int64
			DeletionTimestamp                     string
			Labels, Annotations                   map[string]string
		} `json:"metadata"`
		Spec struct {
			Sync *Spec `json:"sync"`
		} `json:"spec"`
	}
	if err := json.Unmarshal(object, &in); err != nil {
		return Live{}, err
	}
	spec, err := SpecOf(object)
	if err != nil {
		return Live{}, err
	}
	m := in.Metadata
	return Live{
		Key: model.Key{Kind: model.FluxInstance, Namespace: m.Namespace, Name: m.Name}, UID: m.UID, Generation: m.Generation,
		ResourceVersion: m.ResourceVersion, Deleting: m.DeletionTimestamp != "", Labels: m.Labels, Annotations: m.Annotations,
		Sync: in.Spec.Sync, Spec: spec, Owners: owners,
	}, nil
}

// SpecOf returns the spec of an object, decoded.
func SpecOf(object []byte) (any, error) {
	var in struct {
		Spec any `json:"spec"`
	}
	dec := json.NewDecoder(bytes.NewReader(object))
	dec.UseNumber()
	err := dec.Decode(&in)
	return in.Spec, err
}

// Mark returns a label or annotation that Flux reads from either
// (kustomize-controller's ssa, prune and force).
func (l Live) Mark(name string) string {
	if v := l.Annotations[name]; v != "" {
		return v
	}
	return l.Labels[name]
}

// Marked reports whether such a mark has a value, in any case.
func (l Live) Marked(name, value string) bool { return strings.EqualFold(l.Mark(name), value) }

// Start is what a form begins with: the sync there is, else the usual.
func (l Live) Start() Spec {
	if l.Sync != nil {
		return *l.Sync
	}
	return Spec{Kind: model.GitRepository.String(), Ref: "refs/heads/main", Path: "./", Interval: defaultInterval}
}
