package api

import (
	"encoding/base64"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// applyDefaults fills in what the API server would, as far as tenantry shows
// or compares it.
func applyDefaults(res *Resource, obj map[string]any) {
	switch (schema.GroupKind{Group: res.Group, Kind: res.Kind}) {
	case schema.GroupKind{Kind: "Namespace"}:
		name := stringAt(obj, "metadata", "name")
		setMapAt(obj, "metadata", "labels")["kubernetes.io/metadata.name"] = name
		setDefault(setMapAt(obj, "status"), "phase", "Active")
		if stringAt(obj, "metadata", "deletionTimestamp") == "" {
			setDefault(setMapAt(obj, "spec"), "finalizers", []any{"kubernetes"})
		}
	case schema.GroupKind{Kind: "Secret"}:
		setDefault(obj, "type", "Opaque")
		for k, v := range mapAt(obj, "stringData") {
			if text, ok := v.(string); ok {
				setMapAt(obj, "data")[k] = base64.StdEncoding.EncodeToString([]byte(text))
			}
		}
		delete(obj, "stringData")
	case schema.GroupKind{Kind: "Service"}:
		defaultService(obj)
	case schema.GroupKind{Kind: "Pod"}:
		defaultPodSpec(setMapAt(obj, "spec"))
		setDefault(setMapAt(obj, "status"), "phase", "Pending")
	case schema.GroupKind{Group: "apps", Kind: "Deployment"}:
		defaultDeployment(setMapAt(obj, "spec"))
	case schema.GroupKind{Group: "apps", Kind: "ReplicaSet"}:
		spec := setMapAt(obj, "spec")
		setDefault(spec, "replicas", int64(1))
		defaultPodSpec(setMapAt(spec, "template", "spec"))
	case schema.GroupKind{Group: "apps", Kind: "StatefulSet"}, schema.GroupKind{Group: "apps", Kind: "DaemonSet"}:
		spec := setMapAt(obj, "spec")
		if res.Kind == "StatefulSet" {
			setDefault(spec, "replicas", int64(1))
			setDefault(spec, "podManagementPolicy", "OrderedReady")
		}
		setDefault(spec, "revisionHistoryLimit", int64(10))
		setDefault(setMapAt(spec, "updateStrategy"), "type", "RollingUpdate")
		defaultPodSpec(setMapAt(spec, "template", "spec"))
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
		setDefault(spec, name, value)
	}
}

func defaultInstance(obj map[string]any) {
	spec, ok := obj["spec"].(map[string]any)
	if !ok {
		return
	}
	setDefault(spec, "migrateResources", true)
	setDefault(spec, "wait", true)
	if cluster, ok := spec["cluster"].(map[string]any); ok {
		setDefault(cluster, "domain", "cluster.local")
		setDefault(cluster, "networkPolicy", true)
		setDefault(cluster, "multitenant", false)
		setDefault(cluster, "multitenantWorkloadIdentity", false)
		setDefault(cluster, "type", "kubernetes")
	}
	if sync, ok := spec["sync"].(map[string]any); ok {
		setDefault(sync, "interval", "1m")
	}
}

func defaultBinding(obj map[string]any) {
	setDefault(setMapAt(obj, "roleRef"), "apiGroup", rbacGroup)
	for _, item := range listAt(obj, "subjects") {
		if subject, ok := item.(map[string]any); ok && stringAt(subject, "kind") != "ServiceAccount" {
			setDefault(subject, "apiGroup", rbacGroup)
		}
	}
}

func defaultService(obj map[string]any) {
	spec := setMapAt(obj, "spec")
	setDefault(spec, "type", "ClusterIP")
	setDefault(spec, "sessionAffinity", "None")
	setDefault(spec, "internalTrafficPolicy", "Cluster")
	setDefault(spec, "ipFamilyPolicy", "SingleStack")
	for _, item := range listAt(spec, "ports") {
		port, ok := item.(map[string]any)
		if !ok {
			continue
		}
		setDefault(port, "protocol", "TCP")
		if _, ok := port["targetPort"]; !ok || port["targetPort"] == int64(0) {
			port["targetPort"] = port["port"]
		}
	}
	setDefault(setMapAt(obj, "status"), "loadBalancer", map[string]any{})
}

func defaultDeployment(spec map[string]any) {
	setDefault(spec, "replicas", int64(1))
	setDefault(spec, "revisionHistoryLimit", int64(10))
	setDefault(spec, "progressDeadlineSeconds", int64(600))
	strategy := setMapAt(spec, "strategy")
	setDefault(strategy, "type", "RollingUpdate")
	if stringAt(strategy, "type") == "RollingUpdate" {
		rolling := setMapAt(strategy, "rollingUpdate")
		setDefault(rolling, "maxSurge", "25%")
		setDefault(rolling, "maxUnavailable", "25%")
	}
	defaultPodSpec(setMapAt(spec, "template", "spec"))
}

func defaultPodSpec(spec map[string]any) {
	setDefault(spec, "restartPolicy", "Always")
	setDefault(spec, "dnsPolicy", "ClusterFirst")
	setDefault(spec, "schedulerName", "default-scheduler")
	setDefault(spec, "terminationGracePeriodSeconds", int64(30))
	setDefault(spec, "securityContext", map[string]any{})
	if name := stringAt(spec, "serviceAccountName"); name != "" {
		setDefault(spec, "serviceAccount", name)
	}
	for _, list := range []string{"containers", "initContainers"} {
		for _, item := range listAt(spec, list) {
			c, ok := item.(map[string]any)
			if !ok {
				continue
			}
			setDefault(c, "imagePullPolicy", "IfNotPresent")
			setDefault(c, "terminationMessagePath", "/dev/termination-log")
			setDefault(c, "terminationMessagePolicy", "File")
			setDefault(c, "resources", map[string]any{})
			for _, p := range listAt(c, "ports") {
				if port, ok := p.(map[string]any); ok {
					setDefault(port, "protocol", "TCP")
				}
			}
		}
	}
}

// cleanupFinalizer holds a definition until its objects are gone.
const cleanupFinalizer = "customresourcecleanup.apiextensions.k8s.io"

func defaultDefinition(obj map[string]any) {
	names := setMapAt(obj, "spec", "names")
	meta := metadata(obj)
	if stringAt(meta, "deletionTimestamp") == "" && !contains(stringsAt(meta, "finalizers"), cleanupFinalizer) {
		meta["finalizers"] = append(listAt(meta, "finalizers"), cleanupFinalizer)
	}
	status := setMapAt(obj, "status")
	setDefault(status, "acceptedNames", names)
	setDefault(status, "conditions", []any{
		map[string]any{"type": "NamesAccepted", "status": "True", "reason": "NoConflicts", "message": "no conflicts found"},
		map[string]any{"type": "Established", "status": "True", "reason": "InitialNamesAccepted", "message": "the initial names have been accepted"},
	})
}
