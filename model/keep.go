package model

import "strings"

// Labels and annotations tenantry reads. Everything else is dropped in the
// decoder: labels of 80,000 objects would cost more memory than the rest.
const (
	LabelTenant               = "toolkit.fluxcd.io/tenant"
	LabelKustomizationName    = "kustomize.toolkit.fluxcd.io/name"
	LabelKustomizationNS      = "kustomize.toolkit.fluxcd.io/namespace"
	LabelHelmReleaseName      = "helm.toolkit.fluxcd.io/name"
	LabelHelmReleaseNS        = "helm.toolkit.fluxcd.io/namespace"
	LabelResourceSetName      = "resourceset.fluxcd.controlplane.io/name"
	LabelResourceSetNS        = "resourceset.fluxcd.controlplane.io/namespace"
	LabelInstanceName         = "fluxcd.controlplane.io/name"
	LabelInstanceNS           = "fluxcd.controlplane.io/namespace"
	LabelCapsuleTenant        = "capsule.clastix.io/tenant"
	LabelShard                = "sharding.fluxcd.io/key"
	LabelPartOf               = "app.kubernetes.io/part-of"
	LabelAppName              = "app.kubernetes.io/name"
	LabelManagedBy            = "app.kubernetes.io/managed-by"
	LabelVersion              = "app.kubernetes.io/version"
	LabelPodTemplateHash      = "pod-template-hash"
	AnnotationReconcile       = "fluxcd.controlplane.io/reconcile"
	AnnotationReconcileEvery  = "fluxcd.controlplane.io/reconcileEvery"
	AnnotationReconcileLimit  = "fluxcd.controlplane.io/reconcileTimeout"
	AnnotationRequestedAt     = "reconcile.fluxcd.io/requestedAt"
	AnnotationSuspendedBy     = "tenantry.dev/suspended-by"
	AnnotationSuspendedAt     = "tenantry.dev/suspended-at"
	AnnotationSuspendReason   = "tenantry.dev/suspended-reason"
	AnnotationSuspendUntil    = "tenantry.dev/suspended-until"
	AnnotationFluxSuspendedBy = "fluxcd.controlplane.io/suspendedBy"
	// Marks that keep an object from being pruned; the first four may be labels
	// as well.
	MarkKustomizePrune     = "kustomize.toolkit.fluxcd.io/prune"
	MarkKustomizeReconcile = "kustomize.toolkit.fluxcd.io/reconcile"
	MarkKustomizeApply     = "kustomize.toolkit.fluxcd.io/ssa"
	MarkOperatorPrune      = "fluxcd.controlplane.io/prune"
	MarkHelmPolicy         = "helm.sh/resource-policy"
)

var keptLabels = map[string]bool{
	LabelTenant: true, LabelKustomizationName: true, LabelKustomizationNS: true,
	LabelHelmReleaseName: true, LabelHelmReleaseNS: true,
	LabelResourceSetName: true, LabelResourceSetNS: true,
	LabelInstanceName: true, LabelInstanceNS: true,
	LabelCapsuleTenant: true, LabelShard: true, LabelPartOf: true,
	LabelAppName: true, LabelManagedBy: true, LabelVersion: true,
	LabelPodTemplateHash: true,
	MarkKustomizePrune:   true, MarkKustomizeReconcile: true, MarkKustomizeApply: true, MarkOperatorPrune: true,
}

// Prefixes of label and annotation names kept whole.
var (
	keptLabelPrefixes      = []string{"tenant.cozystack.io/", "namespace.cozystack.io/", "apps.cozystack.io/"}
	keptAnnotationPrefixes = []string{
		"reconcile.fluxcd.io/", "fluxcd.controlplane.io/", "tenantry.dev/", "meta.helm.sh/",
		"kustomize.toolkit.fluxcd.io/", MarkHelmPolicy,
	}
)

// KeepLabel reports whether a label of that name is kept for objects of kind k.
// ReplicaSets, Pods and Events keep the least: there are many of them.
func KeepLabel(k Kind, name string) bool {
	switch k {
	case ReplicaSet, Pod:
		return name == LabelPodTemplateHash
	case Event:
		return false
	case Deployment, StatefulSet, DaemonSet:
		if name == LabelPodTemplateHash {
			return false
		}
	}
	return keptLabels[name] || hasAnyPrefix(name, keptLabelPrefixes)
}

// KeepAnnotation reports whether an annotation of that name is kept for
// objects of kind k. Secrets keep none: last-applied-configuration and its
// like hold data.
func KeepAnnotation(k Kind, name string) bool {
	if k == Secret || k == ReplicaSet || k.OnRequest() {
		return false
	}
	return hasAnyPrefix(name, keptAnnotationPrefixes)
}

func hasAnyPrefix(s string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}
