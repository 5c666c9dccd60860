package export

import (
	"slices"
	"strings"

	"tenantry/model"
)

// Secret is a Secret that exported objects refer to: by name, since its
// contents are never read.
type Secret struct {
	Namespace string   `json:"namespace"`
	Name      string   `json:"name"`
	UsedBy    []string `json:"usedBy"` // Kind/namespace/name field
}

// SecretsOf lists the Secrets that objects refer to, each once, sorted.
func SecretsOf(objects []*model.Object) []Secret {
	users := map[[2]string][]string{}
	add := func(o *model.Object, field, name string) {
		if name != "" {
			k := [2]string{o.Namespace, name}
			users[k] = append(users[k], o.Key.String()+" "+field)
		}
	}
	for _, o := range objects {
		switch d := o.Detail.(type) {
		case *model.Source:
			for _, p := range d.Secrets {
				add(o, p.Name, p.Value)
			}
		case *model.Sync:
			for _, p := range d.Secrets {
				add(o, p.Name, p.Value)
			}
		case *model.Instance:
			if d.Sync != nil {
				add(o, "sync.pullSecret", d.Sync.PullSecret)
			}
			add(o, "distribution.imagePullSecret", d.ImagePullSecret)
			add(o, "distribution.artifactPullSecret", d.ArtifactPullSecret)
		case *model.Account:
			for _, name := range d.ImagePullSecrets {
				add(o, "imagePullSecrets", name)
			}
		}
	}
	out := make([]Secret, 0, len(users))
	for k, by := range users {
		slices.Sort(by)
		out = append(out, Secret{k[0], k[1], slices.Compact(by)})
	}
	slices.SortFunc(out, func(a, b Secret) int {
		if c := strings.Compare(a.Namespace, b.Namespace); c != 0 {
			return c
		}
		return strings.Compare(a.Name, b.Name)
	})
	return out
}
