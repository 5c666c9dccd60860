package fluxsync

import "tenantry/model"

// Maker is what made an instance, and so what would write it again.
type Maker uint8

// The makers.
const (
	ByPerson      Maker = iota // nobody who would write it again by himself is known
	ByCozystack                // the platform's addon
	ByHelmRelease              // a HelmRelease, here or in another cluster
	ByHelm                     // the Helm program
	ByGit                      // a Kustomization
)

// Maker tells by what an instance's labels, annotations and owners say.
func (l Live) Maker() Maker {
	_, git := l.Kustomization()
	switch {
	case l.cozystack():
		return ByCozystack
	case l.FluxRelease() != "":
		return ByHelmRelease
	case l.HelmRelease() != "" || l.Labels[model.LabelManagedBy] == "Helm":
		return ByHelm
	case git:
		return ByGit
	case l.byHelm():
		return ByHelm
	}
	return ByPerson
}

// LiveOf is an instance as the store has it: without its whole spec and without
// who owns which field.
func LiveOf(o *model.Object) Live {
	l := Live{Key: o.Key, UID: o.UID, Generation: o.Generation, ResourceVersion: o.ResourceVersion, Deleting: o.Deleting != 0,
		Labels: map[string]string{}, Annotations: map[string]string{}}
	for _, p := range o.Labels {
		l.Labels[p.Name] = p.Value
	}
	for _, p := range o.Annotations {
		l.Annotations[p.Name] = p.Value
	}
	if d, ok := o.Detail.(*model.Instance); ok {
		if d.Sync != nil {
			l.Sync = &Spec{Kind: d.Sync.Kind, URL: d.Sync.URL, Ref: d.Sync.Ref, Path: d.Sync.Path, PullSecret: d.Sync.PullSecret, Provider: d.Sync.Provider, Name: d.Sync.Name}
		}
		if d.SpecBy == "helm" || d.SpecBy == "helm-controller" {
			l.Owners = append(l.Owners, model.FieldOwner{Path: ".spec", Manager: d.SpecBy})
		}
	}
	return l
}

// Made says in words who made an instance, "" for a person.
func (l Live) Made() string {
	k, _ := l.Kustomization()
	switch l.Maker() {
	case ByCozystack:
		return "Cozystack's addon made it, by Helm" + of(l.HelmRelease())
	case ByHelmRelease:
		return "HelmRelease " + l.FluxRelease() + " made it"
	case ByHelm:
		return "Helm made it" + of(l.HelmRelease())
	case ByGit:
		return "Kustomization " + k.Namespace + "/" + k.Name + " applies it from Git"
	}
	return ""
}
