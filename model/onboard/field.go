package onboard

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strings"
	"time"

	"tenantry/model/redact"
)

// Field names one thing a person fills in, so that what is wrong with it can be
// said beside it.
type Field uint8

// The fields.
const (
	FieldNone Field = iota // about the whole
	FieldName
	FieldNamespace
	FieldPath
	FieldAccount
	FieldRole
	FieldURL
	FieldBranch
	FieldSecret
	FieldSourceName
	FieldInterval
	FieldTimeout
	FieldQuota
)

var (
	// DNS-1123 label and subdomain, and a label's value (apimachinery
	// pkg/util/validation).
	dnsLabel     = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`)
	dnsSubdomain = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)
	quantity     = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?(m|k|Ki|M|Mi|G|Gi|T|Ti)?$`)
)

// Wrong says what is wrong with a field by itself, "" when nothing is.
func Wrong(f Field, v string) string {
	if why := redact.Missing(v); why != "" {
		return why
	}
	switch f {
	case FieldName:
		return wrongLabel("a tenant", v) // it is a label's value and the first part of names
	case FieldNamespace:
		return wrongLabel("a namespace", v)
	case FieldAccount, FieldSourceName, FieldSecret:
		switch {
		case v == "":
			return ""
		case len(v) > 253 || !dnsSubdomain.MatchString(v):
			return fmt.Sprintf("%q is no name Kubernetes takes: lower-case letters, digits, - and .", v)
		}
	case FieldURL:
		return wrongURL(v)
	case FieldBranch:
		if strings.HasPrefix(v, "refs/") {
			return "a branch's name is wanted, e.g. main, without refs/heads/"
		}
		if strings.ContainsAny(v, " ~^:?*[\\") || strings.Contains(v, "..") {
			return fmt.Sprintf("%q is no branch Git takes", v)
		}
	case FieldPath:
		return wrongPath(v)
	case FieldInterval, FieldTimeout:
		if v == "" {
			return ""
		}
		if d, err := time.ParseDuration(v); err != nil || d < time.Second {
			return fmt.Sprintf("%q is no time: try 1m, 90s or 1h", v)
		}
	case FieldQuota:
		if v != "" && !quantity.MatchString(v) {
			return fmt.Sprintf("%q is no amount: try 4, 500m or 8Gi", v)
		}
	}
	return ""
}

func wrongLabel(what, v string) string {
	switch {
	case v == "":
		return what + " needs a name"
	case len(v) > 63:
		return fmt.Sprintf("%d characters; at most 63 are taken", len(v))
	case !dnsLabel.MatchString(v):
		return fmt.Sprintf("%q is no name Kubernetes takes: lower-case letters, digits and -", v)
	}
	return ""
}

// wrongURL: the CRD takes http, https and ssh only; the short form git and
// GitHub show is none of them.
func wrongURL(v string) string {
	if v == "" {
		return "the repository's address is wanted"
	}
	if better := LongURL(v); better != v {
		return "Flux wants " + better + " instead of the short form"
	}
	u, err := url.Parse(v)
	switch {
	case err != nil:
		return "this is no address: " + strings.TrimPrefix(err.Error(), "parse ")
	case u.Scheme != "ssh" && u.Scheme != "https" && u.Scheme != "http":
		return "an address begins with ssh://, https:// or http://"
	case u.Host == "":
		return "the address names no host"
	case strings.Trim(u.Path, "/") == "":
		return "the address names no repository"
	case u.User != nil && u.Scheme != "ssh":
		return "no user or password in the address: everyone who may read the source would see it; a credential belongs in the Secret"
	case strings.Contains(u.EscapedPath(), "@"):
		return "there is an @ behind the host: a login belongs in the Secret, and in a repository's name it is written %40"
	case u.RawQuery != "" || u.ForceQuery || strings.Contains(v, "#"):
		return "? and # have no meaning here: the branch and the folder have fields of their own, and a credential belongs in the Secret"
	}
	return ""
}

// LongURL turns git's short form (git@host:org/repo) into the one Flux takes,
// and leaves everything else as it is.
func LongURL(v string) string {
	if strings.Contains(v, "://") {
		return v
	}
	host, rest, ok := strings.Cut(v, ":")
	if !ok || !strings.Contains(host, "@") || strings.ContainsAny(host, "/ ") || rest == "" {
		return v
	}
	return "ssh://" + host + "/" + strings.TrimPrefix(rest, "/")
}

func wrongPath(v string) string {
	if strings.Contains(v, "\\") {
		return "folders are separated by /"
	}
	if c := path.Clean(strings.TrimLeft(v, "/")); c == ".." || strings.HasPrefix(c, "../") {
		return "the folder lies outside the repository"
	}
	return ""
}
