package export

import (
	"strings"

	"tenantry/model"
)

// Maker says what made an object, "" when nothing did but a person: such an
// object is a root, and only roots are exported. What the Helm program made is a
// root too: nothing in the cluster makes it again. exists reports whether an
// object that is named as the maker is there: labels can be stale or copied.
func Maker(o Object, exists func(model.Key) bool) string {
	meta := section(o, "metadata")
	if owners, _ := meta["ownerReferences"].([]any); len(owners) > 0 {
		if first, ok := owners[0].(Object); ok {
			kind, _ := first["kind"].(string)
			name, _ := first["name"].(string)
			return kind + " " + name
		}
	}
	labels := section(meta, "labels")
	for _, l := range []struct {
		kind     model.Kind
		name, ns string
	}{
		{model.Kustomization, model.LabelKustomizationName, model.LabelKustomizationNS},
		{model.HelmRelease, model.LabelHelmReleaseName, model.LabelHelmReleaseNS},
		{model.ResourceSet, model.LabelResourceSetName, model.LabelResourceSetNS},
		{model.FluxInstance, model.LabelInstanceName, model.LabelInstanceNS},
	} {
		name, _ := labels[l.name].(string)
		ns, _ := labels[l.ns].(string)
		if k := (model.Key{Kind: l.kind, Namespace: ns, Name: name}); name != "" && exists(k) {
			return k.String()
		}
	}
	return ""
}

// made are objects every cluster has, or makes by itself.
func made(kind, namespace, name string) bool {
	switch kind {
	case "ServiceAccount":
		return name == "default"
	case "ConfigMap":
		return name == "kube-root-ca.crt"
	case "Namespace":
		return name == "default" || strings.HasPrefix(name, "kube-")
	case "HelmChart":
		return true // helm-controller makes it
	}
	return false
}
