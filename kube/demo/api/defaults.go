package api

import (
	"encoding/base64"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo/tree"
)

// applyDefaults fills in what the API server would, as far as tenantry shows
// or compares it.
func applyDefaults(res *Resource, obj map[string]any) {
	switch (schema.GroupKind{Group: res.Group, Kind: res.Kind}) {
	case schema.GroupKind{Kind: "Namespace"}:
		name := tree.Str(obj, "metadata", "name")
		tree.Make(obj, "metadata", "labels")["kubernetes.io/metadata.name"] = name
		tree.Default(tree.Make(obj, "status"), "phase", "Active")
		if tree.Str(obj, "metadata", "deletionTimestamp") == "" {
			tree.Default(tree.Make(obj, "spec"), "finalizers", []any{"kubernetes"})
		}
	case schema.GroupKind{Kind: "Secret"}:
		tree.Default(obj, "type", "Opaque")
		for k, v := range tree.Map(obj, "stringData") {
			if text, ok := v.(string); ok {
				tree.Make(obj, "data")[k] = base64.StdEncoding.EncodeToString([]byte(text))
			}
		}
		delete(obj, "stringData")
	case schema.GroupKind{Kind: "Service"}:
		defaultService(obj)
	case schema.GroupKind{Kind: "Pod"}:
		defaultPodSpec(tree.Make(obj, "spec"))
		tree.Default(tree.Make(obj, "status"), "phase", "Pending")
	case schema.GroupKind{Group: "apps", Kind: "Deployment"}:
		defaultDeployment(tree.Make(obj, "spec"))
	case schema.GroupKind{Group: "apps", Kind: "ReplicaSet"}:
		spec := tree.Make(obj, "spec")
		tree.Default(spec, "replicas", int64(1))
		defaultPodSpec(tree.Make(spec, "template", "spec"))
	case schema.GroupKind{Group: "apps", Kind: "StatefulSet"}, schema.GroupKind{Group: "apps", Kind: "DaemonSet"}:
		spec := tree.Make(obj, "spec")
		if res.Kind == "StatefulSet" {
			tree.Default(spec, "replicas", int64(1))
			tree.Default(spec, "podManagementPolicy", "OrderedReady")
		}
		tree.Default(spec, "revisionHistoryLimit", int64(10))
		tree.Default(tree.Make(spec, "updateStrategy"), "type", "RollingUpdate")
		defaultPodSpec(tree.Make(spec, "template", "spec"))
	case schema.GroupKind{Group: rbacGroup, Kind: "RoleBinding"}, schema.GroupKind{Group: rbacGroup, Kind: "ClusterRoleBinding"}:
		defaultBinding(obj)
	case schema.GroupKind{Group: "source.toolkit.fluxcd.io", Kind: "GitRepository"}:
		setDefaultIn(obj, "timeout", "60s")
	case schema.GroupKind{Group: "kustomize.toolkit.fluxcd.io", Kind: "Kustomization"}:
		setDefaultIn(obj, "force", false)
	case schema.GroupKind{Group: "source.toolkit.fluxcd.io", Kind: "OCIRepository"}, schema.GroupKind{Group: "source.toolkit.fluxcd.io", Kind: "Bucket"}:
		setDefaultIn(obj, "timeout", "60s")
		setDefaultIn(obj, "provider", "generic")
	case schema.GroupKind{Group: "fluxcd.controlplane.io", Kind: "FluxInstance"}:
		defaultInstance(obj)
	case schema.GroupKind{Group: crdGroup, Kind: "CustomResourceDefinition"}:
		defaultDefinition(obj)
	}
	if res.Custom && customStatus[res.Kind] {
		// The definitions of sources and Kustomizations default this themselves.
		if _, ok := obj["status"]; !ok {
			obj["status"] = map[string]any{"observedGeneration": int64(-1)}
		}
	}
}

// customStatus names the kinds whose definition starts them with
// status.observedGeneration -1.
var customStatus = map[string]bool{"GitRepository": true, "OCIRepository": true, "Bucket": true,
	"HelmRepository": true, "HelmChart": true, "Kustomization": true, "HelmRelease": true}

func setDefaultIn(obj map[string]any, name string, value any) {
	if spec, ok := obj["spec"].(map[string]any); ok {
		tree.Default(spec, name, value)
	}
}

func defaultInstance(obj map[string]any) {
	spec, ok := obj["spec"].(map[string]any)
	if !ok {
		return
	}
	tree.Default(spec, "migrateResources", true)
	tree.Default(spec, "wait", true)
	if cluster, ok := spec["cluster"].(map[string]any); ok {
		tree.Default(cluster, "domain", "cluster.local")
		tree.Default(cluster, "networkPolicy", true)
		tree.Default(cluster, "multitenant", false)
		tree.Default(cluster, "multitenantWorkloadIdentity", false)
		tree.Default(cluster, "type", "kubernetes")
	}
	if sync, ok := spec["sync"].(map[string]any); ok {
		tree.Default(sync, "interval", "1m")
	}
}

func defaultBinding(obj map[string]any) {
	tree.Default(tree.Make(obj, "roleRef"), "apiGroup", rbacGroup)
	for _, item := range tree.List(obj, "subjects") {
		if subject, ok := item.(map[string]any); ok && tree.Str(subject, "kind") != "ServiceAccount" {
			tree.Default(subject, "apiGroup", rbacGroup)
		}
	}
}

func defaultService(obj map[string]any) {
	spec := tree.Make(obj, "spec")
	tree.Default(spec, "type", "ClusterIP")
	tree.Default(spec, "sessionAffinity", "None")
	tree.Default(spec, "internalTrafficPolicy", "Cluster")
	tree.Default(spec, "ipFamilyPolicy", "SingleStack")
	for _, item := range tree.List(spec, "ports") {
		port, ok := item.(map[string]any)
		if !ok {
			continue
		}
		tree.Default(port, "protocol", "TCP")
		if _, ok := port["targetPort"]; !ok || port["targetPort"] == int64(0) {
			port["targetPort"] = port["port"]
		}
	}
	tree.Default(tree.Make(obj, "status"), "loadBalancer", map[string]any{})
}

func defaultDeployment(spec map[string]any) {
	tree.Default(spec, "replicas", int64(1))
	tree.Default(spec, "revisionHistoryLimit", int64(10))
	tree.Default(spec, "progressDeadlineSeconds", int64(600))
	strategy := tree.Make(spec, "strategy")
	tree.Default(strategy, "type", "RollingUpdate")
	if tree.Str(strategy, "type") == "RollingUpdate" {
		rolling := tree.Make(strategy, "rollingUpdate")
		tree.Default(rolling, "maxSurge", "25%")
		tree.Default(rolling, "maxUnavailable", "25%")
	}
	defaultPodSpec(tree.Make(spec, "template", "spec"))
}

func defaultPodSpec(spec map[string]any) {
	tree.Default(spec, "restartPolicy", "Always")
	tree.Default(spec, "dnsPolicy", "ClusterFirst")
	tree.Default(spec, "schedulerName", "default-scheduler")
	tree.Default(spec, "terminationGracePeriodSeconds", int64(30))
	tree.Default(spec, "securityContext", map[string]any{})
	if name := tree.Str(spec, "serviceAccountName"); name != "" {
		tree.Default(spec, "serviceAccount", name)
	}
	for _, list := range []string{"containers", "initContainers"} {
		for _, item := range tree.List(spec, list) {
			c, ok := item.(map[string]any)
			if !ok {
				continue
			}
			tree.Default(c, "imagePullPolicy", "IfNotPresent")
			tree.Default(c, "terminationMessagePath", "/dev/termination-log")
			tree.Default(c, "terminationMessagePolicy", "File")
			tree.Default(c, "resources", map[string]any{})
			for _, p := range tree.List(c, "ports") {
				if port, ok := p.(map[string]any); ok {
					tree.Default(port, "protocol", "TCP")
				}
			}
		}
	}
}

// cleanupFinalizer holds a definition until its objects are gone.
const cleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io"

func defaultDefinition(obj map[string]any) {
	names := tree.Make(obj, "spec", "names")
	meta := tree.Meta(obj)
	if tree.Str(meta, "deletionTimestamp") == "" && !contains(tree.Strings(meta, "finalizers"), cleanupFinalizer) {
		meta["finalizers"] = append(tree.List(meta, "finalizers"), cleanupFinalizer)
	}
	status := tree.Make(obj, "status")
	tree.Default(status, "acceptedNames", names)
	tree.Default(status, "conditions", []any{
		map[string]any{"type": "NamesAccepted", "status": "True", "reason": "NoConflicts", "message": "no conflicts found"},
		map[string]any{"type": "Established", "status": "True", "reason": "InitialNamesAccepted", "message": "the initial names have been accepted"},
	})
}
