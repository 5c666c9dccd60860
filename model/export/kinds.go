package export

import "tenantry/model"

// Kind is a kind platforms and tenants are made of.
type Kind struct {
	Group, Kind, Resource string
	Namespaced            bool
	// Comes with the operator, or with the Flux it installs; else every cluster
	// serves it.
	Operator, Flux bool
}

const rbac, networking = "rbac.authorization.k8s.io", "networking.k8s.io"

// built are the kinds of an export that every cluster serves.
var built = []Kind{
	{Kind: "Namespace", Resource: "namespaces"},
	{Kind: "ServiceAccount", Resource: "serviceaccounts", Namespaced: true},
	{Group: rbac, Kind: "ClusterRole", Resource: "clusterroles"},
	{Group: rbac, Kind: "Role", Resource: "roles", Namespaced: true},
	{Group: rbac, Kind: "ClusterRoleBinding", Resource: "clusterrolebindings"},
	{Group: rbac, Kind: "RoleBinding", Resource: "rolebindings", Namespaced: true},
	{Kind: "ResourceQuota", Resource: "resourcequotas", Namespaced: true},
	{Kind: "LimitRange", Resource: "limitranges", Namespaced: true},
	{Group: networking, Kind: "NetworkPolicy", Resource: "networkpolicies", Namespaced: true},
}

var ofOperator = []model.Kind{model.FluxInstance, model.ResourceSetInputProvider, model.ResourceSet}

var ofFlux = []model.Kind{model.GitRepository, model.OCIRepository, model.Bucket, model.HelmRepository, model.ExternalArtifact,
	model.Kustomization, model.HelmRelease}

// Kinds are all kinds an export may hold, in the order they are applied in.
func Kinds() []Kind {
	out := append([]Kind(nil), built...)
	for _, k := range ofOperator {
		out = append(out, Kind{Group: k.Group(), Kind: k.String(), Resource: k.Resource(), Namespaced: true, Operator: true})
	}
	for _, k := range ofFlux {
		out = append(out, Kind{Group: k.Group(), Kind: k.String(), Resource: k.Resource(), Namespaced: true, Flux: true})
	}
	return out
}

// KindNamed returns the kind of that group and name, false for one that is no
// part of an export.
func KindNamed(group, kind string) (Kind, bool) {
	for _, k := range Kinds() {
		if k.Group == group && k.Kind == kind {
			return k, true
		}
	}
	return Kind{}, false
}
