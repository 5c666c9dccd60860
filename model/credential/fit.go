package credential

import (
	"fmt"
	"slices"
	"strings"
)

// Need is what a source asks of its Secret.
type Need struct {
	Kind     string // GitRepository, OCIRepository, Bucket, …
	URL      string
	Provider string // generic ("" means the same), github, azure, aws, gcp
}

// Fit says whether a Secret with these keys serves a source, in one sentence
// that says what is missing or does not belong together; "" when it does. The
// rules are source-controller's: what it would refuse is named here before.
func Fit(need Need, keys []string) string {
	has := func(k string) bool { return slices.Contains(keys, k) }
	switch need.Kind {
	case "OCIRepository", "HelmChart":
		return lacks("a registry's login", keys, ".dockerconfigjson")
	case "Bucket":
		if need.Provider == "gcp" {
			return lacks("a service account's login", keys, "serviceaccount")
		}
		return lacks("a bucket's login", keys, "accesskey", "secretkey")
	}
	u, problem := Parse(need.URL)
	if problem != "" {
		return problem
	}
	app := has(AppID) || has(AppKey)
	switch {
	case need.Provider == "github":
		if u.Scheme == "ssh" {
			return "provider github is for https:// addresses; this one is ssh://"
		}
		return appProblem(keys)
	case app && need.Provider != "azure" && need.Provider != "aws" && need.Provider != "gcp":
		return "it holds a GitHub App's keys, and the source does not say provider: github"
	case u.Scheme == "ssh":
		if !has(Identity) && (has(Username) || has(BearerToken)) {
			return "it holds a login for https://, and the address is ssh://: it needs " + Identity + " and " + KnownHosts
		}
		return lacks("an SSH key", keys, Identity, KnownHosts)
	case need.Provider == "azure" || need.Provider == "aws" || need.Provider == "gcp":
		return "" // logged in by the cloud; the Secret may hold certificates
	case has(BearerToken):
		if u.User.Username() != "" {
			return "the address names a user and the Secret holds a " + BearerToken + ": source-controller refuses both at once"
		}
		return clientProblem(keys)
	case has(Password) && !has(Username):
		if has(Identity) {
			return "it holds an SSH key, and the address is " + u.Scheme + "://"
		}
		return "it holds a " + Password + " without a " + Username
	case has(Username) && !has(Password):
		return "it holds a " + Username + " without a " + Password
	case has(Username):
		return clientProblem(keys)
	case has(CACert), has(CAFile), has(ClientCert), has(ClientKey):
		return clientProblem(keys)
	case has(Identity):
		return "it holds an SSH key, and the address is " + u.Scheme + "://"
	}
	return "it holds no login for " + u.Scheme + "://: " + Username + " and " + Password + ", or " + BearerToken
}

func clientProblem(keys []string) string {
	cert, key := slices.Contains(keys, ClientCert), slices.Contains(keys, ClientKey)
	switch {
	case cert && !key:
		return "it holds " + ClientCert + " without " + ClientKey
	case key && !cert:
		return "it holds " + ClientKey + " without " + ClientCert
	}
	return ""
}

func appProblem(keys []string) string {
	if s := lacks("a GitHub App's login", keys, AppID, AppKey); s != "" {
		return s
	}
	owner, install := slices.Contains(keys, AppOwner), slices.Contains(keys, AppInstall)
	switch {
	case owner && install:
		return "it holds both " + AppOwner + " and " + AppInstall + "; exactly one of them is allowed"
	case !owner && !install:
		return "it lacks " + AppOwner + " or " + AppInstall
	}
	return ""
}

func lacks(what string, keys []string, need ...string) string {
	var missing []string
	for _, k := range need {
		if !slices.Contains(keys, k) {
			missing = append(missing, k)
		}
	}
	if len(missing) == 0 {
		return ""
	}
	return fmt.Sprintf("it lacks %s, which %s needs", strings.Join(missing, " and "), what)
}
