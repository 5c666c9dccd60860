package palette

import (
	"strings"

	"tenantry/model"
)

// shortNames are the names kubectl knows kinds by besides their own: those of
// Kubernetes and of Flux's and the operator's CRDs.
var shortNames = map[string]model.Kind{
	"ns": model.Namespace, "sa": model.ServiceAccount, "deploy": model.Deployment, "sts": model.StatefulSet, "ds": model.DaemonSet,
	"rs": model.ReplicaSet, "po": model.Pod, "ev": model.Event,
	"gitrepo": model.GitRepository, "ocirepo": model.OCIRepository, "helmrepo": model.HelmRepository, "hc": model.HelmChart,
	"ks": model.Kustomization, "hr": model.HelmRelease, "rset": model.ResourceSet, "rsip": model.ResourceSetInputProvider,
}

// KindNamed returns the kind a word means the way kubectl takes it: singular,
// plural or short, in any case.
func KindNamed(word string) (model.Kind, bool) {
	word = strings.ToLower(word)
	if k, ok := shortNames[word]; ok {
		return k, true
	}
	if word == "" {
		return model.KindUnknown, false
	}
	for _, k := range model.Kinds() {
		if word == strings.ToLower(k.String()) || word == k.Resource() {
			return k, true
		}
	}
	return model.KindUnknown, false
}

// CutKind takes a kind off the front of what was typed, as in "ks web" and
// "deploy/web": what is left is the name.
func CutKind(typed string) (k model.Kind, rest string, ok bool) {
	at := strings.IndexAny(typed, " /")
	if at <= 0 {
		return model.KindUnknown, typed, false
	}
	if k, ok = KindNamed(typed[:at]); !ok {
		return model.KindUnknown, typed, false
	}
	return k, strings.TrimSpace(typed[at+1:]), true
}
