package fluxsync

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// Addresses a source can fetch from.

func checkURL(s Spec) Problem {
	v := s.URL
	if v == "" {
		return Problem{Text: "a URL is needed: " + urlLike(s.Kind)}
	}
	switch s.Kind {
	case "Bucket":
		if i := strings.Index(v, "://"); i >= 0 {
			return Problem{"a Bucket's url is its endpoint, without a scheme", strings.TrimRight(v[i+3:], "/")}
		}
		if strings.ContainsAny(v, "/@?#") {
			return Problem{Text: "a Bucket's url is an endpoint, host or host:port; the bucket's name goes into ref"}
		}
		return Problem{}
	case "OCIRepository":
		if !strings.HasPrefix(v, "oci://") {
			_, rest, ok := strings.Cut(v, "://")
			if !ok {
				rest = v
			}
			return Problem{"the URL of an OCIRepository begins with oci://", "oci://" + strings.TrimLeft(rest, "/")}
		}
	default:
		if p := checkGitURL(v); p != (Problem{}) {
			return p
		}
	}
	u, err := url.Parse(v)
	switch {
	case err != nil:
		return Problem{Text: "this is no URL: " + strings.TrimPrefix(err.Error(), "parse "+strconv.Quote(v)+": ")}
	case u.Hostname() == "":
		return Problem{Text: "there is no host in it: " + urlLike(s.Kind)}
	case u.User != nil && (u.Scheme != "ssh" || hasPassword(u)):
		u.User = nil
		return Problem{"a login in the URL can be read by everyone who may read the FluxInstance; it belongs into the pull secret", u.String()}
	case strings.Contains(u.EscapedPath(), "@"):
		return Problem{Text: "there is an @ behind the host: a login belongs into the pull secret, and in a repository's name it is written %40"}
	case strings.Trim(u.Path, "/") == "":
		return Problem{Text: "the repository is missing behind the host: " + urlLike(s.Kind)}
	case u.Fragment != "" || u.RawQuery != "":
		return Problem{Text: "? and # have no meaning here; branch and path have fields of their own"}
	}
	return Problem{}
}

func checkGitURL(v string) Problem {
	const scp = "Flux does not read git's short form host:path"
	if m := scpInURL.FindStringSubmatch(v); m != nil {
		return Problem{scp, "ssh://" + m[1] + "/" + m[2]}
	}
	scheme, _, ok := strings.Cut(v, "://")
	switch {
	case !ok:
		if m := scpStyle.FindStringSubmatch(v); m != nil {
			user := m[1]
			if user == "" {
				user = "git"
			}
			return Problem{scp, "ssh://" + user + "@" + m[2] + "/" + strings.TrimLeft(m[3], "/")}
		}
		if host, _, ok := strings.Cut(v, "/"); ok && strings.Contains(host, ".") {
			return Problem{"the scheme is missing: https:// or ssh://", "https://" + v}
		}
		return Problem{Text: "this is no URL: " + urlLike("GitRepository")}
	case scheme != "https" && scheme != "http" && scheme != "ssh":
		return Problem{Text: fmt.Sprintf("git URL scheme %q is not supported: ssh, https or http", scheme)}
	}
	return Problem{}
}

func hasPassword(u *url.URL) bool {
	_, has := u.User.Password()
	return has
}

func urlLike(kind string) string {
	switch kind {
	case "Bucket":
		return "minio.example.com:9000"
	case "OCIRepository":
		return "oci://ghcr.io/acme/fleet"
	}
	return "https://github.com/acme/fleet.git or ssh://git@github.com/acme/fleet.git"
}
