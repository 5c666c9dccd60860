package fluxsync

import (
	"fmt"
	"slices"
	"strings"

	"tenantry/model"
	"tenantry/model/credential"
)

// SecretState is what is known of a pull secret without what is in it.
type SecretState uint8

// The states.
const (
	SecretUnknown SecretState = iota // it can't be told from here
	SecretMissing
	SecretWrong // it exists and can't be right
	SecretThere
)

// Secret says, from a list that shows no keys and no values, what is known of a
// sync's pull secret; list is nil where none may be read, and why says so.
func Secret(s Spec, list *model.SecretList, why string) (SecretState, string) {
	if list == nil {
		return SecretUnknown, fmt.Sprintf("whether %s exists is not known: %s", s.PullSecret, why)
	}
	i := slices.IndexFunc(list.Secrets, func(x model.SecretInfo) bool { return x.Name == s.PullSecret })
	if i < 0 {
		return SecretMissing, fmt.Sprintf("%s does not exist in %s: make it before the sync, or the instance waits for it and fails", s.PullSecret, list.Namespace)
	}
	info := list.Secrets[i]
	if keys := keysOf(info.Type); keys != nil {
		if wrong := credential.Fit(credential.Need{Kind: s.Kind, URL: s.URL, Provider: s.Provider}, keys); wrong != "" {
			return SecretWrong, fmt.Sprintf("%s is of the type %s: %s", s.PullSecret, info.Type, wrong)
		}
		return SecretThere, fmt.Sprintf("%s exists, and its type %s fits", s.PullSecret, info.Type)
	}
	if strings.HasPrefix(info.Type, "kubernetes.io/service-account") || strings.HasPrefix(info.Type, "helm.sh/") {
		return SecretWrong, fmt.Sprintf("%s is of the type %s, which holds no credential for a source", s.PullSecret, info.Type)
	}
	return SecretThere, fmt.Sprintf("%s exists (%s, %s); whether its keys fit is seen when the source fetches", s.PullSecret, info.Type, keyCount(info.Count))
}

func keyCount(n int) string {
	if n == 1 {
		return "1 key"
	}
	return fmt.Sprintf("%d keys", n)
}

// keysOf are the keys a Secret of a type must have (Kubernetes' own types).
func keysOf(typ string) []string {
	switch typ {
	case "kubernetes.io/basic-auth":
		return []string{"username", "password"}
	case "kubernetes.io/dockerconfigjson":
		return []string{".dockerconfigjson"}
	case "kubernetes.io/tls":
		return []string{"tls.crt", "tls.key"}
	}
	return nil
}
