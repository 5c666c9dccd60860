package setup

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"tenantry/model"
	"tenantry/model/fluxsync"
	"tenantry/model/redact"
)

// Spec is what a FluxInstance is set up with.
type Spec struct {
	Namespace   string
	Version     string // a version or a range of them
	Registry    string
	Artifact    string // the manifests as an OCI artifact; "" = those in the operator's image
	Components  []string
	Type, Size  string // Size "" = the controllers' own bounds
	Multitenant bool
	Account     string // what syncs without an account run as; "" = default
	Network     bool   // a NetworkPolicy round the controllers
}

// Components are those a Flux can have, the usual four first
// (fluxinstance_types.go).
var Components = []string{"source-controller", "kustomize-controller", "helm-controller", "notification-controller",
	"image-reflector-controller", "image-automation-controller", "source-watcher"}

// usual is how many of them are installed where nothing is said.
const usual = 4

// Types and Sizes are what a cluster can be.
var (
	Types = []string{"kubernetes", "openshift", "aws", "azure", "gcp"}
	Sizes = []string{"", "small", "medium", "large"}
)

// Default is what a new instance is set up with: the usual Flux, locked down.
func Default(namespace string) Spec {
	return Spec{Namespace: namespace, Version: "2.x", Registry: "ghcr.io/fluxcd", Components: slices.Clone(Components[:usual]), Type: Types[0], Multitenant: true, Network: true}
}

type distribution struct {
	Version  string `json:"version"`
	Registry string `json:"registry"`
	Artifact string `json:"artifact,omitempty"`
}

type cluster struct {
	Type        string `json:"type"`
	Size        string `json:"size,omitempty"`
	Multitenant bool   `json:"multitenant"`
	Account     string `json:"tenantDefaultServiceAccount,omitempty"`
	Network     bool   `json:"networkPolicy"`
}

type instanceSpec struct {
	Distribution distribution `json:"distribution"`
	Components   []string     `json:"components"`
	Cluster      cluster      `json:"cluster"`
}

func (s Spec) stated() instanceSpec {
	out := instanceSpec{distribution{s.Version, s.Registry, s.Artifact}, s.Components, cluster{s.Type, s.Size, s.Multitenant, "", s.Network}}
	if s.Multitenant {
		out.Cluster.Account = s.Account
	}
	return out
}

// Body is what is applied: what setup decides, and nothing else of the object,
// so that a sync and patches that are there keep their owners.
func (s Spec) Body() []byte {
	type metadata struct {
		Name      string `json:"name"`
		Namespace string `json:"namespace"`
	}
	return encode(struct {
		APIVersion string       `json:"apiVersion"`
		Kind       string       `json:"kind"`
		Metadata   metadata     `json:"metadata"`
		Spec       instanceSpec `json:"spec"`
	}{"fluxcd.controlplane.io/v1", model.FluxInstance.String(), metadata{fluxsync.InstanceName, s.Namespace}, s.stated()})
}

// Values are the same as values of the chart flux-instance, as JSON.
func (s Spec) Values() []byte { return encode(map[string]any{"instance": s.stated()}) }

func encode(v any) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(v) // structs of strings: cannot fail
	return bytes.TrimRight(b.Bytes(), "\n")
}

// Of is what a live instance states, and what the CRD takes where it states
// nothing.
func Of(live fluxsync.Live) Spec {
	s := Default(live.Key.Namespace)
	s.Version, s.Registry, s.Multitenant = "", "", false
	raw, err := json.Marshal(live.Spec)
	if err != nil {
		return s
	}
	in := instanceSpec{Cluster: cluster{Type: s.Type, Network: true}}
	if json.Unmarshal(raw, &in) != nil {
		return s
	}
	s.Version, s.Registry, s.Artifact = in.Distribution.Version, in.Distribution.Registry, in.Distribution.Artifact
	if len(in.Components) > 0 {
		s.Components = in.Components
	}
	s.Type, s.Size, s.Multitenant, s.Account, s.Network = in.Cluster.Type, in.Cluster.Size, in.Cluster.Multitenant, in.Cluster.Account, in.Cluster.Network
	return s
}

// Field is something of a spec that can be wrong.
type Field uint8

// The fields.
const (
	FieldVersion Field = iota
	FieldRegistry
	FieldArtifact
	FieldComponents
	FieldAccount
	FieldCount
)

var (
	versionRange = regexp.MustCompile(`^[v0-9<>=~^*][0-9A-Za-z.*<>=~^|,+ -]*$`)
	registry     = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]+)?(/[a-z0-9._/-]*[a-z0-9])?$`)
	subdomain    = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)
)

// Wrong says what is wrong with a field, "" when nothing is. The API server
// checks little of it: the operator would say so, and stand still.
func (s Spec) Wrong(f Field) string {
	if why := redact.Missing(s.text(f)); why != "" {
		return why
	}
	switch f {
	case FieldVersion:
		switch {
		case s.Version == "":
			return "a version is needed: 2.x is the newest Flux 2, 2.9.x its newest patch"
		case !versionRange.MatchString(s.Version):
			return "this is no version and no range of versions: 2.x, 2.9.x or 2.9.4"
		}
	case FieldRegistry:
		switch {
		case s.Registry == "":
			return "a registry is needed: ghcr.io/fluxcd is Flux's own"
		case strings.Contains(s.Registry, "://"):
			return "a registry has no scheme: " + s.Registry[strings.Index(s.Registry, "://")+3:]
		case !registry.MatchString(s.Registry):
			return "this is no registry: host/path, as ghcr.io/fluxcd"
		}
	case FieldArtifact:
		if s.Artifact != "" && !strings.HasPrefix(s.Artifact, "oci://") {
			return "an artifact begins with oci://; empty = the manifests in the operator's image"
		}
		if name, _, _ := strings.Cut(s.Artifact, "@sha256:"); strings.ContainsAny(name, "@?#") {
			return "no login and no parameters in the artifact's address: everyone who may read the FluxInstance would see them"
		}
	case FieldComponents:
		for _, name := range Components[:2] {
			if !slices.Contains(s.Components, name) {
				return name + " is needed: nothing is synced without it"
			}
		}
		if slices.Contains(s.Components, Components[5]) && !slices.Contains(s.Components, Components[4]) {
			return Components[5] + " needs " + Components[4]
		}
	case FieldAccount:
		if s.Account != "" && (!subdomain.MatchString(s.Account) || len(s.Account) > 253) {
			return "this is no account's name: lower-case letters, digits, - and ."
		}
	}
	return ""
}

// text is what was typed for a field.
func (s Spec) text(f Field) string {
	switch f {
	case FieldVersion:
		return s.Version
	case FieldRegistry:
		return s.Registry
	case FieldArtifact:
		return s.Artifact
	case FieldAccount:
		return s.Account
	}
	return strings.Join(s.Components, " ")
}

// First is the first field that is wrong, and what is wrong with it.
func (s Spec) First() (Field, string) {
	for f := range FieldCount {
		if why := s.Wrong(f); why != "" {
			return f, why
		}
	}
	return FieldCount, ""
}
