package kube

import "tenantry/model"

// entry says how one kind is read. Adding a kind is one entry in registry and
// one decode function (and the kind's line in model's table).
type entry struct {
	kind model.Kind
	// versions of the kind's group tenantry can read, best first. The first
	// is asked for without asking which are served; on a 404 the server's own
	// list decides (versions.go).
	versions []string
	// protobuf: a built-in kind, asked for as protobuf and, where a server
	// does not speak it, JSON. Custom resources only exist as JSON.
	protobuf bool
	// metadataOnly: asked for as PartialObjectMetadata and nothing else; there
	// is no fallback to the whole object (Invariant 1).
	metadataOnly bool
	// fieldSelector narrows every list and watch.
	fieldSelector string
	// fluxNamespacesOnly: read only where Flux was seen to live. Leases are
	// renewed every few seconds, and kube-node-lease has one per node.
	fluxNamespacesOnly bool
	// onRequest: read only when the session is asked to. Events and Pods are
	// too many to hold unseen (Want). The buffers of a TLS connection keep what
	// went through them, and a Secret's metadata may hold its data
	// (last-applied-configuration): what nothing shows is not asked for.
	onRequest bool
	// newest: only so many are kept of a scope, the newest; 0 = all.
	newest int
	decode decodeFunc
}

// secretSelector leaves out Secrets that can't matter and may be many: Helm's
// release history and legacy service-account tokens.
const secretSelector = "type!=helm.sh/release.v1,type!=kubernetes.io/service-account-token"

// registry holds every kind, the heaviest lists first: they decide when the
// first screen is complete.
var registry = []entry{
	{kind: model.Kustomization, versions: []string{"v1", "v1beta2", "v1beta1"}, decode: fromJSON(decodeSync)},
	{kind: model.HelmRelease, versions: []string{"v2", "v2beta2", "v2beta1"}, decode: fromJSON(decodeSync)},
	{kind: model.GitRepository, versions: sourceVersions, decode: fromJSON(decodeSource)},
	{kind: model.ReplicaSet, versions: v1, protobuf: true, decode: fromBoth(decodeReplicaSet)},
	{kind: model.Deployment, versions: v1, protobuf: true, decode: fromBoth(decodeDeployment)},
	{kind: model.RoleBinding, versions: v1, protobuf: true, decode: fromBoth(decodeRoleBinding)},
	{kind: model.Namespace, versions: v1, protobuf: true, decode: fromBoth(decodeNamespace)},
	{kind: model.ServiceAccount, versions: v1, protobuf: true, decode: fromBoth(decodeAccount)},
	{kind: model.Secret, versions: v1, protobuf: true, metadataOnly: true, onRequest: true, fieldSelector: secretSelector,
		decode: fromBoth(decodeSecret)},
	{kind: model.OCIRepository, versions: sourceVersions, decode: fromJSON(decodeSource)},
	{kind: model.HelmChart, versions: sourceVersions, decode: fromJSON(decodeSource)},
	{kind: model.HelmRepository, versions: sourceVersions, decode: fromJSON(decodeSource)},
	{kind: model.Bucket, versions: sourceVersions, decode: fromJSON(decodeSource)},
	{kind: model.ExternalArtifact, versions: v1, decode: fromJSON(decodeSource)},
	{kind: model.FluxInstance, versions: v1, decode: fromJSON(decodeInstance)},
	{kind: model.FluxReport, versions: v1, decode: fromJSON(decodeReport)},
	{kind: model.ResourceSet, versions: v1, decode: fromJSON(decodeResourceSet)},
	{kind: model.ResourceSetInputProvider, versions: v1, decode: fromJSON(decodeProvider)},
	{kind: model.ClusterRoleBinding, versions: v1, protobuf: true, decode: fromBoth(decodeClusterRoleBinding)},
	{kind: model.StatefulSet, versions: v1, protobuf: true, decode: fromBoth(decodeStatefulSet)},
	{kind: model.DaemonSet, versions: v1, protobuf: true, decode: fromBoth(decodeDaemonSet)},
	{kind: model.Lease, versions: v1, protobuf: true, fluxNamespacesOnly: true, decode: fromBoth(decodeLease)},
	{kind: model.Event, versions: v1, protobuf: true, onRequest: true, newest: maxEvents, decode: fromBoth(decodeEvent)},
	{kind: model.Pod, versions: v1, protobuf: true, onRequest: true, decode: fromBoth(decodePod)},
	{kind: model.Node, versions: v1, protobuf: true, onRequest: true, decode: fromBoth(decodeNode)},
}

var (
	v1             = []string{"v1"}
	sourceVersions = []string{"v1", "v1beta2", "v1beta1"}
)

// path returns the URL path of the kind's collection.
func (e *entry) path(version, namespace string) string {
	p := "/api/" + version
	if g := e.kind.Group(); g != "" {
		p = "/apis/" + g + "/" + version
	}
	if namespace != "" {
		p += "/namespaces/" + namespace
	}
	return p + "/" + e.kind.Resource()
}

// Accept headers. For metadata the API server converts; a server that can't
// answers 406 rather than send what was not asked for.
const (
	acceptJSON      = "application/json"
	acceptProto     = "application/vnd.kubernetes.protobuf,application/json"
	partialListForm = ";as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
	partialForm     = ";as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
	mediaProto      = "application/vnd.kubernetes.protobuf"
)

func (e *entry) accept(watch bool) string {
	switch {
	case e.metadataOnly && watch:
		return mediaProto + partialForm + "," + acceptJSON + partialForm
	case e.metadataOnly:
		return mediaProto + partialListForm + "," + acceptJSON + partialListForm
	case e.protobuf:
		return acceptProto
	}
	return acceptJSON
}
