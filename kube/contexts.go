package kube

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// Context is a context of the kubeconfig, without its credentials.
type Context struct {
	Name      string
	Cluster   string
	Server    string
	User      string
	Login     string // how it logs in, in a few words
	Namespace string
}

// ListContexts reads the kubeconfig's contexts, sorted by name. In-cluster
// there are none. Errors are *ConfigError.
func (f *Flags) ListContexts() ([]Context, error) {
	rules := f.loadingRules()
	raw, err := rules.Load()
	if err != nil {
		return nil, loadError(err, f.Kubeconfig, strings.Join(rules.GetLoadingPrecedence(), ", "))
	}
	out := make([]Context, 0, len(raw.Contexts))
	for name, c := range raw.Contexts {
		if c == nil {
			continue
		}
		known := Context{Name: name, Cluster: c.Cluster, User: c.AuthInfo, Namespace: c.Namespace, Login: login(raw.AuthInfos[c.AuthInfo])}
		if cluster := raw.Clusters[c.Cluster]; cluster != nil {
			known.Server = cluster.Server
		}
		out = append(out, known)
	}
	slices.SortFunc(out, func(a, b Context) int { return cmp.Compare(a.Name, b.Name) })
	return out, nil
}

// login says how a user logs in; never with what.
func login(user *clientcmdapi.AuthInfo) string {
	switch {
	case user == nil:
		return ""
	case user.Exec != nil:
		return filepath.Base(user.Exec.Command)
	case user.AuthProvider != nil:
		return user.AuthProvider.Name
	case user.ClientCertificate != "" || len(user.ClientCertificateData) > 0:
		return "client certificate"
	case user.Token != "" || user.TokenFile != "":
		return "token"
	case user.Username != "":
		return "password"
	}
	return ""
}

// As returns the same flags for the same cluster as another user. What was
// impersonated by flags is not any more.
func (f *Flags) As(user string) *Flags {
	other := *f
	other.overrides.AuthInfo.Impersonate, other.overrides.AuthInfo.ImpersonateUID = user, ""
	other.overrides.AuthInfo.ImpersonateGroups, other.overrides.AuthInfo.ImpersonateUserExtra = nil, nil
	return &other
}

// For returns the flags for another context than the one they name. Server,
// user and namespaces given as flags were meant for that one: sent elsewhere,
// a token would be given away. Whom to impersonate stays: it takes rights away.
func (f *Flags) For(context string) *Flags {
	other := &Flags{Kubeconfig: f.Kubeconfig, Contexts: []string{context}}
	other.overrides = clientcmd.ConfigOverrides{Timeout: f.overrides.Timeout}
	user := &f.overrides.AuthInfo
	other.overrides.AuthInfo = clientcmdapi.AuthInfo{Impersonate: user.Impersonate, ImpersonateUID: user.ImpersonateUID, ImpersonateGroups: user.ImpersonateGroups,
		ImpersonateUserExtra: user.ImpersonateUserExtra}
	return other
}
