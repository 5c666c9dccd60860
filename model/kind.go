// Package model holds what tenantry knows about a cluster: tenants, objects,
// their health, rollouts and the log of changes. It is plain Go: it talks to
// no cluster and draws nothing.
package model

// Kind identifies a watched Kubernetes kind. It is a registry id of ours
// rather than a string, so that kinds of different API groups cannot be mixed
// up and a Key stays small.
type Kind uint8

// The kinds tenantry watches. Appending a kind here and an entry in the table
// below is what the model needs to know about it.
const (
	KindUnknown Kind = iota
	FluxInstance
	FluxReport
	ResourceSet
	ResourceSetInputProvider
	GitRepository
	OCIRepository
	Bucket
	HelmRepository
	HelmChart
	ExternalArtifact
	Kustomization
	HelmRelease
	Namespace
	ServiceAccount
	RoleBinding
	ClusterRoleBinding
	Deployment
	StatefulSet
	DaemonSet
	ReplicaSet
	Secret
	Lease
	// Read only while the session is asked to: there may be a hundred thousand
	// of them, and not everyone may read them.
	Event
	Pod
	Node
	kindCount
)

// Role is the part a kind plays in a tenant's chain.
type Role uint8

// The roles of kinds, in the order of the chain.
const (
	RoleOther    Role = iota // watched for evidence only, never a row of its own
	RolePlatform             // the operator's own kinds
	RoleAccess               // namespace, account, role bindings
	RoleSource               // where artifacts come from
	RoleSync                 // what applies them
	RoleWorkload             // what runs
)

type kindInfo struct {
	name, plural, group string
	namespaced          bool
	role                Role
}

const (
	groupOperator  = "fluxcd.controlplane.io"
	groupSource    = "source.toolkit.fluxcd.io"
	groupKustomize = "kustomize.toolkit.fluxcd.io"
	groupHelm      = "helm.toolkit.fluxcd.io"
	groupRBAC      = "rbac.authorization.k8s.io"
	groupApps      = "apps"
	groupCoord     = "coordination.k8s.io"
)

var kindTable = [kindCount]kindInfo{
	KindUnknown:              {name: "Unknown"},
	FluxInstance:             {"FluxInstance", "fluxinstances", groupOperator, true, RolePlatform},
	FluxReport:               {"FluxReport", "fluxreports", groupOperator, true, RoleOther},
	ResourceSet:              {"ResourceSet", "resourcesets", groupOperator, true, RoleSync},
	ResourceSetInputProvider: {"ResourceSetInputProvider", "resourcesetinputproviders", groupOperator, true, RoleOther},
	GitRepository:            {"GitRepository", "gitrepositories", groupSource, true, RoleSource},
	OCIRepository:            {"OCIRepository", "ocirepositories", groupSource, true, RoleSource},
	Bucket:                   {"Bucket", "buckets", groupSource, true, RoleSource},
	HelmRepository:           {"HelmRepository", "helmrepositories", groupSource, true, RoleSource},
	HelmChart:                {"HelmChart", "helmcharts", groupSource, true, RoleSource},
	ExternalArtifact:         {"ExternalArtifact", "externalartifacts", groupSource, true, RoleSource},
	Kustomization:            {"Kustomization", "kustomizations", groupKustomize, true, RoleSync},
	HelmRelease:              {"HelmRelease", "helmreleases", groupHelm, true, RoleSync},
	Namespace:                {"Namespace", "namespaces", "", false, RoleAccess},
	ServiceAccount:           {"ServiceAccount", "serviceaccounts", "", true, RoleAccess},
	RoleBinding:              {"RoleBinding", "rolebindings", groupRBAC, true, RoleAccess},
	ClusterRoleBinding:       {"ClusterRoleBinding", "clusterrolebindings", groupRBAC, false, RoleOther},
	Deployment:               {"Deployment", "deployments", groupApps, true, RoleWorkload},
	StatefulSet:              {"StatefulSet", "statefulsets", groupApps, true, RoleWorkload},
	DaemonSet:                {"DaemonSet", "daemonsets", groupApps, true, RoleWorkload},
	ReplicaSet:               {"ReplicaSet", "replicasets", groupApps, true, RoleOther},
	Secret:                   {"Secret", "secrets", "", true, RoleOther},
	Lease:                    {"Lease", "leases", groupCoord, true, RoleOther},
	Event:                    {"Event", "events", "", true, RoleOther},
	Pod:                      {"Pod", "pods", "", true, RoleOther},
	Node:                     {"Node", "nodes", "", false, RoleOther},
}

func (k Kind) info() kindInfo {
	if k >= kindCount {
		return kindTable[KindUnknown]
	}
	return kindTable[k]
}

// String returns the kind's name as Kubernetes spells it, e.g. "GitRepository".
func (k Kind) String() string { return k.info().name }

// Resource returns the plural resource name used in RBAC rules and URLs.
func (k Kind) Resource() string { return k.info().plural }

// Group returns the API group; empty for the core group.
func (k Kind) Group() string { return k.info().group }

// Namespaced reports whether objects of the kind live in a namespace.
func (k Kind) Namespaced() bool { return k.info().namespaced }

// Role returns the part the kind plays in a tenant's chain.
func (k Kind) Role() Role { return k.info().role }

// OnRequest reports whether the kind is only read while a session is asked to
// (Want). Such objects are no part of a tenant's state, of the totals, of the
// progress of reading or of the change log.
func (k Kind) OnRequest() bool { return k == Event || k == Pod || k == Node }

// Kinds returns every kind that is always watched, in registry order.
func Kinds() []Kind { return kindsWhere(func(k Kind) bool { return !k.OnRequest() }) }

// KindsOnRequest returns the kinds that are read on request.
func KindsOnRequest() []Kind { return kindsWhere(Kind.OnRequest) }

func kindsWhere(want func(Kind) bool) []Kind {
	kinds := make([]Kind, 0, kindCount-1)
	for k := KindUnknown + 1; k < kindCount; k++ {
		if want(k) {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// KindNamed returns the kind with that Kubernetes name, and false for a kind
// tenantry knows nothing of. An ambiguous name cannot occur: the test of
// the table asserts that names are unique.
func KindNamed(name string) (Kind, bool) {
	for k := KindUnknown + 1; k < kindCount; k++ {
		if kindTable[k].name == name {
			return k, true
		}
	}
	return KindUnknown, false
}
