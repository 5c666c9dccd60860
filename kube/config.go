package kube

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"
	"k8s.io/apimachinery/pkg/api/validate/content"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// Flags are kubectl's own, with kubectl's meaning.
type Flags struct {
	Kubeconfig string
	// Contexts as given with --context, which may be repeated.
	Contexts []string
	// Namespaces as given with -n, which may be repeated.
	Namespaces    []string
	AllNamespaces bool
	overrides     clientcmd.ConfigOverrides
}

// Bind registers the flags.
func (f *Flags) Bind(flags *pflag.FlagSet) {
	flags.StringVar(&f.Kubeconfig, "kubeconfig", "", "path to the kubeconfig file")
	flags.StringArrayVar(&f.Contexts, "context", nil, "the kubeconfig context to use")
	flags.StringArrayVarP(&f.Namespaces, "namespace", "n", nil, "only this namespace; may be repeated")
	flags.BoolVarP(&f.AllNamespaces, "all-namespaces", "A", false, "all namespaces, even if some can't be read")
	names := clientcmd.RecommendedConfigOverrideFlags("")
	names.CurrentContext.LongName = "" // bound above, repeatable
	names.ContextOverrideFlags.Namespace.LongName = ""
	clientcmd.BindOverrideFlags(&f.overrides, flags, names)
}

// Scope is the namespaces asked for, none for all; -A overrules -n, as in
// kubectl.
func (f *Flags) Scope() []string {
	if f.AllNamespaces {
		return nil
	}
	return f.Namespaces
}

// Elsewhere says which flags make this another cluster, or another user, than a
// program would find by the kubeconfig and the context's name; "" for none.
func (f *Flags) Elsewhere() string {
	cluster, auth, context := f.overrides.ClusterInfo, f.overrides.AuthInfo, f.overrides.Context
	switch {
	case cluster.Server != "" || cluster.TLSServerName != "" || cluster.InsecureSkipTLSVerify || cluster.CertificateAuthority != "" || cluster.ProxyURL != "":
		return "--server, or another flag about the cluster"
	case context.Cluster != "" || context.AuthInfo != "":
		return "--cluster or --user"
	case len(auth.ImpersonateGroups) > 0 || auth.ImpersonateUID != "" || len(auth.ImpersonateUserExtra) > 0:
		return "--as-group, --as-uid or --as-user-extra"
	case auth.Token != "" || auth.ClientCertificate != "" || auth.ClientKey != "" || auth.Username != "" || auth.Password != "":
		return "--token, or another flag about the login"
	}
	return ""
}

// ConfigError says why no cluster can be talked to: what is wrong, where, and
// what to try.
type ConfigError struct {
	Problem string // what is wrong
	Where   string // the file or context it is wrong in; may be empty
	Try     string // what to try; may be empty
	Err     error  // the cause, if any
}

// Error returns one line.
func (e *ConfigError) Error() string {
	var b strings.Builder
	if e.Where != "" {
		b.WriteString(e.Where + ": ")
	}
	b.WriteString(e.Problem)
	if e.Err != nil {
		b.WriteString(": " + plainError(e.Err))
	}
	if e.Try != "" {
		b.WriteString("; " + e.Try)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *ConfigError) Unwrap() error { return e.Err }

// Target is a cluster as the flags and the kubeconfig name it.
type Target struct {
	Config *rest.Config
	// Context is the kubeconfig context's name; "" in-cluster.
	Context string
	// DefaultNamespace is the context's namespace; "" when it names none.
	DefaultNamespace string
	// RequestTimeout is --request-timeout; 0 means none.
	RequestTimeout time.Duration
	// Reload loads the same context again, as the files name it by then.
	Reload func() (*Target, error)
}

// Load resolves flags, KUBECONFIG, ~/.kube/config or the in-cluster service
// account to a target, the first --context if there are several. version goes
// into the User-Agent. Errors are *ConfigError.
func (f *Flags) Load(version string) (*Target, error) {
	for _, ns := range f.Namespaces {
		if problems := content.IsDNS1123Label(ns); len(problems) > 0 {
			return nil, &ConfigError{Problem: fmt.Sprintf("%q is no namespace's name: %s", ns, problems[0]), Try: "check -n"}
		}
	}
	if len(f.Contexts) > 1 {
		return nil, &ConfigError{Problem: "one context at a time can be read", Try: "give --context once"}
	}
	overrides := f.overrides
	if len(f.Contexts) > 0 {
		overrides.CurrentContext = f.Contexts[0]
	}
	rules := f.loadingRules()
	where := strings.Join(rules.GetLoadingPrecedence(), ", ")
	raw, err := rules.Load()
	if err != nil {
		return nil, loadError(err, f.Kubeconfig, where)
	}
	if name := overrides.CurrentContext; name != "" && raw.Contexts[name] == nil {
		return nil, unknownContext(name, raw, where)
	}
	if name := raw.CurrentContext; overrides.CurrentContext == "" && name != "" && raw.Contexts[name] == nil {
		return nil, unknownContext(name, raw, where)
	}
	if err := danglingContext(raw, overrides, where); err != nil {
		return nil, err
	}
	loaded := clientcmd.NewNonInteractiveClientConfig(*raw, overrides.CurrentContext, &overrides, rules)
	config, err := loaded.ClientConfig()
	target := &Target{Context: raw.CurrentContext}
	if overrides.CurrentContext != "" {
		target.Context = overrides.CurrentContext
	}
	if clientcmd.IsEmptyConfig(err) {
		if config, err = rest.InClusterConfig(); err != nil {
			return nil, &ConfigError{Problem: "no cluster is configured", Where: where,
				Try: "set KUBECONFIG or --kubeconfig, or name a cluster with --server"}
		}
		target.Context = ""
	} else if err != nil {
		return nil, &ConfigError{Problem: "the configuration can't be used", Where: where, Err: err,
			Try: "check the context's cluster and user"}
	}
	if context := raw.Contexts[target.Context]; context != nil {
		target.DefaultNamespace = context.Namespace
	}
	target.RequestTimeout, config.Timeout = config.Timeout, 0
	Prepare(config, version)
	target.Config = config
	again := *f
	if target.Context != "" {
		again.Contexts = []string{target.Context} // the current context may be another one by then
	}
	target.Reload = func() (*Target, error) { return again.Load(version) }
	return target, nil
}

func (f *Flags) loadingRules() *clientcmd.ClientConfigLoadingRules {
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	rules.WarnIfAllMissing = false
	rules.Warner = func(err error) { slog.Debug("kubeconfig", "err", err) }
	rules.ExplicitPath = f.Kubeconfig
	return rules
}

func loadError(err error, explicit, where string) *ConfigError {
	if explicit != "" && errors.Is(err, os.ErrNotExist) {
		return &ConfigError{Problem: "no such kubeconfig file", Where: explicit, Try: "check --kubeconfig"}
	}
	if errors.Is(err, os.ErrPermission) {
		return &ConfigError{Problem: "the kubeconfig file can't be read: permission denied", Where: where}
	}
	return &ConfigError{Problem: "the kubeconfig is malformed", Where: where, Err: err, Try: "it must be YAML as `kubectl config view` prints it"}
}

func unknownContext(name string, raw *clientcmdapi.Config, where string) *ConfigError {
	var names []string
	for n := range raw.Contexts {
		names = append(names, n)
	}
	slices.Sort(names)
	try := "the file has no contexts"
	if len(names) > 0 {
		try = "there are: " + strings.Join(names, ", ")
	}
	return &ConfigError{Problem: fmt.Sprintf("no context %q", name), Where: where, Try: try}
}

// danglingContext finds a context whose cluster or user the file lacks, for
// which clientcmd would say that there is no configuration at all.
func danglingContext(raw *clientcmdapi.Config, overrides clientcmd.ConfigOverrides, where string) error {
	name := cmp.Or(overrides.CurrentContext, raw.CurrentContext)
	c := raw.Contexts[name]
	if c == nil {
		return nil
	}
	cluster, user := cmp.Or(overrides.Context.Cluster, c.Cluster), cmp.Or(overrides.Context.AuthInfo, c.AuthInfo)
	if raw.Clusters[cluster] == nil && overrides.ClusterInfo.Server == "" {
		return &ConfigError{Problem: fmt.Sprintf("context %q needs the cluster %q, which is not defined", name, cluster), Where: where}
	}
	if user != "" && raw.AuthInfos[user] == nil {
		return &ConfigError{Problem: fmt.Sprintf("context %q needs the user %q, which is not defined", name, user), Where: where}
	}
	return nil
}

// Prepare sets what tenantry needs of any configuration: its User-Agent, a short
// time to connect, and HTTP/2 pings that notice a silent server within five
// seconds.
func Prepare(config *rest.Config, version string) {
	config.UserAgent = "tenantry/" + version
	// An exec plugin must not ask questions behind the dashboard.
	if config.ExecProvider != nil {
		config.ExecProvider.StdinUnavailable = true
		config.ExecProvider.StdinUnavailableMessage = "tenantry can't answer questions: log in first"
	}
	if config.Dial == nil && config.Transport == nil {
		config.Dial = (&net.Dialer{Timeout: firstTimeout, KeepAlive: 30 * time.Second}).DialContext
	}
	if u, err := url.Parse(config.Host); err == nil && isLoopback(u.Hostname()) {
		// Compressing for a reader on the same machine only costs time.
		config.DisableCompression = true
	}
	// The transports client-go makes read these (apimachinery's util/net); a
	// person's own setting wins.
	for name, value := range map[string]string{"HTTP2_READ_IDLE_TIMEOUT_SECONDS": "3", "HTTP2_PING_TIMEOUT_SECONDS": "2"} {
		if os.Getenv(name) == "" {
			_ = os.Setenv(name, value)
		}
	}
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
