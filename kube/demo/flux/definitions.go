// Package flux holds small deterministic controllers that behave as Flux and
// its operator do, for what tenantry shows and changes.
package flux

import (
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Object is an object as JSON tree.
type Object = map[string]any

// The groups Flux and its operator serve.
const (
	GroupOperator  = "fluxcd.controlplane.io"
	GroupSource    = "source.toolkit.fluxcd.io"
	GroupKustomize = "kustomize.toolkit.fluxcd.io"
	GroupHelm      = "helm.toolkit.fluxcd.io"
)

// The kinds the controllers work on.
var (
	Instance       = schema.GroupKind{Group: GroupOperator, Kind: "FluxInstance"}
	Report         = schema.GroupKind{Group: GroupOperator, Kind: "FluxReport"}
	ResourceSet    = schema.GroupKind{Group: GroupOperator, Kind: "ResourceSet"}
	InputProvider  = schema.GroupKind{Group: GroupOperator, Kind: "ResourceSetInputProvider"}
	GitRepository  = schema.GroupKind{Group: GroupSource, Kind: "GitRepository"}
	HelmRepository = schema.GroupKind{Group: GroupSource, Kind: "HelmRepository"}
	HelmChart      = schema.GroupKind{Group: GroupSource, Kind: "HelmChart"}
	Kustomization  = schema.GroupKind{Group: GroupKustomize, Kind: "Kustomization"}
	HelmRelease    = schema.GroupKind{Group: GroupHelm, Kind: "HelmRelease"}
	definition     = schema.GroupKind{Group: "apiextensions.k8s.io", Kind: "CustomResourceDefinition"}
)

// kindDef describes one custom kind.
type kindDef struct {
	group, version, kind, plural string
	short                        []string
}

// operatorKinds come with the operator's installation.
func operatorKinds() []kindDef {
	return []kindDef{
		{GroupOperator, "v1", "FluxInstance", "fluxinstances", nil},
		{GroupOperator, "v1", "FluxReport", "fluxreports", nil},
		{GroupOperator, "v1", "ResourceSet", "resourcesets", []string{"rset"}},
		{GroupOperator, "v1", "ResourceSetInputProvider", "resourcesetinputproviders", []string{"rsip"}},
	}
}

// toolkitKinds come with a FluxInstance.
func toolkitKinds() []kindDef {
	return []kindDef{
		{GroupSource, "v1", "Bucket", "buckets", nil},
		{GroupSource, "v1", "ExternalArtifact", "externalartifacts", nil},
		{GroupSource, "v1", "GitRepository", "gitrepositories", []string{"gitrepo"}},
		{GroupSource, "v1", "HelmChart", "helmcharts", []string{"hc"}},
		{GroupHelm, "v2", "HelmRelease", "helmreleases", []string{"hr"}},
		{GroupSource, "v1", "HelmRepository", "helmrepositories", []string{"helmrepo"}},
		{GroupKustomize, "v1", "Kustomization", "kustomizations", []string{"ks"}},
		{GroupSource, "v1", "OCIRepository", "ocirepositories", []string{"ocirepo"}},
	}
}

// define makes the CustomResourceDefinition of a kind: enough to serve it.
func define(k kindDef, labels Object) Object {
	short := make([]any, len(k.short))
	for i, s := range k.short {
		short[i] = s
	}
	names := Object{"kind": k.kind, "listKind": k.kind + "List", "plural": k.plural, "singular": strings.ToLower(k.kind)}
	if len(short) > 0 {
		names["shortNames"] = short
	}
	return Object{
		"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
		"metadata": Object{"name": k.plural + "." + k.group, "labels": labels},
		"spec": Object{
			"group": k.group, "scope": "Namespaced", "names": names,
			"versions": []any{Object{"name": k.version, "served": true, "storage": true,
				"subresources": Object{"status": Object{}},
				"schema":       Object{"openAPIV3Schema": Object{"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}},
		},
	}
}

// Definitions returns the definitions of every Flux kind, for tests that want
// the kinds without the controllers.
func Definitions() []Object {
	var out []Object
	for _, k := range append(operatorKinds(), toolkitKinds()...) {
		out = append(out, define(k, Object{"app.kubernetes.io/part-of": "flux"}))
	}
	return out
}
