// Package credential knows the Secrets source-controller fetches with: which
// keys each way of proving who asks takes, which of them fit which address,
// and what is wrong with what a person typed. It makes no keys and reaches no
// host; kube/gitremote does.
//
// The layouts are those of fluxcd/pkg/git (options.go) and of what
// `flux create secret` writes.
package credential

import (
	"net/url"
	"slices"
	"strings"

	"tenantry/model/redact"
)

// Method is how a fetch proves who asks.
type Method uint8

// The methods.
const (
	SSH       Method = iota // a deploy key
	Basic                   // user and password or access token, over HTTP
	Bearer                  // a bearer token, over HTTP
	GitHubApp               // an installation of a GitHub App
	TLS                     // certificates alone: a private CA, or a client's own
)

var methodWords = [...]string{"SSH key", "user and password", "bearer token", "GitHub App", "certificates only"}

// String returns the method in words.
func (m Method) String() string { return methodWords[m] }

// The keys of a Secret.
const (
	Identity    = "identity"
	IdentityPub = "identity.pub"
	KnownHosts  = "known_hosts"
	Username    = "username"
	Password    = "password" // over SSH the passphrase of the key
	BearerToken = "bearerToken"
	CACert      = "ca.crt"
	CAFile      = "caFile" // the older name of ca.crt, which wins over it
	ClientCert  = "tls.crt"
	ClientKey   = "tls.key"
	AppID       = "githubAppID"
	AppOwner    = "githubAppInstallationOwner"
	AppInstall  = "githubAppInstallationID"
	AppKey      = "githubAppPrivateKey"
	AppBaseURL  = "githubAppBaseURL"
)

// MethodsFor returns the methods an address can be fetched with, the most
// usual first; none for an address that cannot be one.
func MethodsFor(address, provider string) []Method {
	u, problem := Parse(address)
	if problem != "" {
		return nil
	}
	return MethodsOver(u.Scheme, provider)
}

// MethodsOver returns the methods that go with a scheme, the most usual first.
func MethodsOver(scheme, provider string) []Method {
	switch {
	case scheme == "ssh":
		return []Method{SSH}
	case scheme != "http" && scheme != "https":
		return nil
	case provider == "github":
		return []Method{GitHubApp}
	case scheme == "http":
		return []Method{Basic, Bearer}
	}
	return []Method{Basic, Bearer, GitHubApp, TLS}
}

// Scheme is that of an address, also of one that is still being typed; "" while
// it has none. What git writes as user@host:path is ssh.
func Scheme(address string) string {
	address = strings.TrimSpace(address)
	if _, ok := FromSCP(address); ok {
		return "ssh"
	}
	scheme, _, ok := strings.Cut(address, "://")
	if !ok {
		return ""
	}
	return strings.ToLower(scheme)
}

// Mismatch says that a method and an address do not go together, and what to do
// about either; "" when they do, or when nothing can be said yet.
func Mismatch(m Method, address, provider string) string {
	scheme := Scheme(address)
	fits := MethodsOver(scheme, provider)
	switch {
	case fits == nil || slices.Contains(fits, m):
		return ""
	case m == SSH && provider == "github":
		return "an SSH key is for ssh:// addresses, and provider github logs in as a GitHub App: choose that below"
	case m == SSH:
		return "an SSH key is for ssh:// addresses, and this one is " + scheme + "://: choose user and password below, or write ssh://git@…"
	case scheme == "ssh":
		return m.phrase() + " for https:// addresses, and this one is ssh://: choose an SSH key below, or write https://…"
	case provider == "github":
		return "provider github logs in as a GitHub App: choose that below"
	case m == TLS:
		return "http:// has no certificates: write https://…, or choose user and password below"
	}
	return m.phrase() + " for https:// addresses, and this one is " + scheme + "://"
}

// phrase begins a sentence about what a method is for.
func (m Method) phrase() string {
	return [...]string{"an SSH key is", "user and password are", "a bearer token is", "a GitHub App is", "certificates are"}[m]
}

// MethodOf tells by a Secret's keys how it is meant to be used; false when they
// say nothing.
func MethodOf(keys []string) (Method, bool) {
	has := func(k string) bool { return slices.Contains(keys, k) }
	switch {
	case has(AppID) || has(AppKey):
		return GitHubApp, true
	case has(Identity):
		return SSH, true
	case has(BearerToken):
		return Bearer, true
	case has(Username) || has(Password):
		return Basic, true
	case has(CACert) || has(CAFile) || has(ClientCert):
		return TLS, true
	}
	return 0, false
}

// Parse reads the address of a repository as Flux takes it, or says in one
// sentence what is wrong with it. What git itself writes as user@host:path is
// no URL, and Flux refuses it: the sentence then holds the one that is meant.
func Parse(address string) (*url.URL, string) {
	address = strings.TrimSpace(address)
	if address == "" {
		return nil, "the repository's address is missing, e.g. ssh://git@github.com/acme/fleet.git"
	}
	if why := redact.Missing(address); why != "" {
		return nil, why
	}
	if fixed, ok := FromSCP(address); ok {
		return nil, "Flux does not take " + address + "; write " + fixed
	}
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return nil, "this is no URL; it looks like ssh://git@host/path or https://host/path"
	case u.Scheme != "ssh" && u.Scheme != "http" && u.Scheme != "https":
		return nil, "Git is fetched by ssh://, https:// or http://, not by " + scheme(u.Scheme)
	case u.Hostname() == "":
		return nil, "the address names no host"
	case strings.Trim(u.Path, "/") == "":
		return nil, "the address names a host and no repository on it"
	}
	if _, secret := u.User.Password(); secret {
		return nil, "a password in the address can be read by everyone who sees it; put it into the Secret"
	}
	return u, ""
}

func scheme(s string) string {
	if s == "" {
		return "an address without a scheme"
	}
	return s + "://"
}

// FromSCP turns user@host:path, as git clone takes it, into the URL that means
// the same; false for what does not look like it.
func FromSCP(address string) (string, bool) {
	host, path, ok := strings.Cut(address, ":")
	if !ok || strings.Contains(host, "/") || strings.HasPrefix(path, "//") || path == "" || !strings.Contains(host, "@") {
		return "", false
	}
	return "ssh://" + host + "/" + strings.TrimPrefix(path, "/"), true
}

// Endpoint is the host and port an address is reached at, e.g.
// "github.com:22".
func Endpoint(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"ssh": "22", "http": "80", "https": "443"}[u.Scheme]
	}
	if strings.Contains(u.Hostname(), ":") {
		return "[" + u.Hostname() + "]:" + port
	}
	return u.Hostname() + ":" + port
}

// User is who is logged in over SSH: source-controller takes it from the URL,
// else "git", and ignores the Secret's username.
func User(u *url.URL) string {
	if name := u.User.Username(); name != "" {
		return name
	}
	return "git"
}
