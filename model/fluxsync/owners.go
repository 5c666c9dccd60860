package fluxsync

import (
	"fmt"
	"slices"
	"strings"

	"tenantry/model"
)

// Labels and annotations that say where an instance comes from, though nobody
// owns its sync yet.
const (
	annotationHelmName = "meta.helm.sh/release-name"
	annotationHelmNS   = "meta.helm.sh/release-namespace"
	markForce          = "kustomize.toolkit.fluxcd.io/force"
)

// Owner is a field manager of an instance's fields, in words.
type Owner struct {
	Manager string // as the server names it
	// Who is behind it: "Helm release cozy-fluxcd/fluxcd", "a person, by kubectl".
	Who string
	// Again says whether it will write again, and when.
	Again string
	// Reconciler: it writes by itself, without anybody asking.
	Reconciler bool
}

// OwnersOf returns who owns a field of the sync today.
func (l Live) OwnersOf(f Field) []Owner {
	return l.owners(func(path string) bool { return path == ".spec.sync."+f.String() })
}

// SyncOwners are those of any field of the sync.
func (l Live) SyncOwners() []Owner {
	return l.owners(func(path string) bool { return path == ".spec.sync" || strings.HasPrefix(path, ".spec.sync.") })
}

func (l Live) owners(match func(path string) bool) []Owner {
	var out []Owner
	for _, o := range l.Owners {
		if o.Subresource != "" || !match(o.Path) {
			continue
		}
		owner := l.Owner(o.Manager)
		if !slices.Contains(out, owner) {
			out = append(out, owner)
		}
	}
	return out
}

// HelmRelease is the Helm release an instance says it belongs to, "" for none.
func (l Live) HelmRelease() string {
	if name := l.Annotations[annotationHelmName]; name != "" {
		return l.Annotations[annotationHelmNS] + "/" + name
	}
	return ""
}

// FluxRelease is the HelmRelease an instance's labels name: it may live in
// another cluster.
func (l Live) FluxRelease() string {
	if name := l.Labels[model.LabelHelmReleaseName]; name != "" {
		return l.Labels[model.LabelHelmReleaseNS] + "/" + name
	}
	return ""
}

// Kustomization is the Kustomization an instance's labels name.
func (l Live) Kustomization() (model.Key, bool) {
	name := l.Labels[model.LabelKustomizationName]
	return model.Key{Kind: model.Kustomization, Namespace: l.Labels[model.LabelKustomizationNS], Name: name}, name != ""
}

// byHelm reports whether Helm made an instance, in whatever way it says so.
func (l Live) byHelm() bool {
	return l.HelmRelease() != "" || l.FluxRelease() != "" || l.Labels[model.LabelManagedBy] == "Helm" ||
		slices.ContainsFunc(l.Owners, func(o model.FieldOwner) bool { return o.Manager == "helm" || o.Manager == "helm-controller" })
}

// Owner translates a field manager's name. What each does again is theirs:
// Helm's client writes at an upgrade, helm-controller and kustomize-controller
// by themselves and with force, which no conflict stops.
func (l Live) Owner(manager string) Owner {
	o := Owner{Manager: manager, Who: manager, Again: "not known to tenantry: it may write again"}
	release := l.HelmRelease()
	if release != "" {
		release = " release " + release
	}
	switch {
	case manager == model.FieldManager:
		o.Who, o.Again = "tenantry", "only when somebody sets sync here again"
	case manager == "helm":
		o.Who, o.Again = "Helm"+release, "at the next helm upgrade"
		if l.FluxRelease() != "" {
			o.Reconciler, o.Again = true, "at the next upgrade of HelmRelease "+l.FluxRelease()
		}
	case manager == "helm-controller":
		o.Who, o.Reconciler = "HelmRelease "+orWord(l.FluxRelease(), l.HelmRelease()), true
		o.Again = "at its next upgrade or drift correction, with force"
	case manager == "kustomize-controller":
		o.Who, o.Reconciler = "Git", true
		if k, ok := l.Kustomization(); ok {
			o.Who = "Git, by Kustomization " + k.Namespace + "/" + k.Name
		}
		o.Again = "at every interval, with force"
	case strings.HasPrefix(manager, "kubectl"), manager == "before-first-apply":
		o.Who, o.Again = "a person, by kubectl", "not by itself; but Git drops such fields when it applies this object"
	case manager == "flux-operator":
		o.Who, o.Again = "flux-operator", "it writes metadata and status only"
	case manager == "flux", manager == "flux-operator-ctl", manager == "flux-operator-web":
		o.Who, o.Again = "a person, by "+manager, "not by itself"
	}
	return o
}

func orWord(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return "unknown"
}

// Next says, for a sync that nobody or only a person owns, whether somebody
// else will write it, "" when nobody is known who could.
func (l Live) Next() string {
	var out []string
	if l.byHelm() {
		out = append(out, "not by Helm: its chart leaves sync out while its value instance.sync.url is empty")
	}
	if k, ok := l.Kustomization(); ok {
		out = append(out, fmt.Sprintf("by Git only if its manifest states spec.sync: Kustomization %s/%s applies it", k.Namespace, k.Name))
	}
	return strings.Join(out, "; ")
}
