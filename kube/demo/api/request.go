package api

import (
	"net/http"
	"net/url"
	"strings"
)

// request is an HTTP request read as Kubernetes reads it.
type request struct {
	user        User
	verb        string
	path        string
	query       url.Values
	isResource  bool
	group       string
	version     string
	plural      string
	subresource string
	namespace   string
	name        string
}

// parseRequest reads /api/v1/… and /apis/<group>/<version>/… paths; every
// other path is a non-resource request.
func parseRequest(r *http.Request) request {
	q := request{path: r.URL.Path, query: r.URL.Query(), verb: strings.ToLower(r.Method)}
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	switch {
	case len(parts) >= 3 && parts[0] == "api":
		q.version, parts = parts[1], parts[2:]
	case len(parts) >= 4 && parts[0] == "apis":
		q.group, q.version, parts = parts[1], parts[2], parts[3:]
	default:
		return q
	}
	q.isResource = true
	if parts[0] == "namespaces" && len(parts) > 1 {
		q.namespace = parts[1]
		// /namespaces/x/status is the namespace's own subresource.
		if len(parts) > 2 && parts[2] != "status" && parts[2] != "finalize" {
			parts = parts[2:]
		}
	}
	q.plural = parts[0]
	if len(parts) > 1 {
		q.name = parts[1]
	}
	if len(parts) > 2 {
		q.subresource = strings.Join(parts[2:], "/")
	}
	q.verb = resourceVerb(r.Method, q)
	return q
}

func resourceVerb(method string, q request) string {
	switch method {
	case http.MethodPost:
		return "create"
	case http.MethodPut:
		return "update"
	case http.MethodPatch:
		return "patch"
	case http.MethodDelete:
		if q.name == "" {
			return "deletecollection"
		}
		return "delete"
	case http.MethodGet, http.MethodHead:
		if q.name != "" {
			return "get"
		}
		if isTrue(q.query.Get("watch")) {
			return "watch"
		}
		return "list"
	}
	return strings.ToLower(method)
}

// isTrue reads a boolean query parameter as the API server does: present and
// neither "0" nor "false".
func isTrue(v string) bool { return v != "" && v != "0" && v != "false" }

// Describe says what a request is about, for rules that match requests.
func Describe(r *http.Request) (verb, resource, namespace string) {
	q := parseRequest(r)
	return q.verb, q.plural, q.namespace
}
