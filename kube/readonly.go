package kube

import (
	"errors"
	"net/http"
	"strings"
)

// readOnly lets nothing through that could write. It stands below everything
// that makes requests, so that no mistake above it can matter: what passes are
// reads, and the reviews in which a server says what somebody may do, which are
// created but never stored.
type readOnly struct {
	next http.RoundTripper
	// base is the path the server's own begins behind, as behind a proxy for
	// several clusters; "" or "/" for none.
	base string
}

var errReadOnly = errors.New("this session is read-only")

func (r readOnly) RoundTrip(req *http.Request) (*http.Response, error) {
	path, ours := strings.CutPrefix(req.URL.Path, strings.TrimSuffix(r.base, "/"))
	if !ours || !reads(req.Method, path) {
		if req.Body != nil {
			_ = req.Body.Close()
		}
		return nil, errReadOnly
	}
	return r.next.RoundTrip(req)
}

func reads(method, path string) bool {
	switch method {
	case http.MethodGet, http.MethodHead:
		return !connects(path)
	case http.MethodPost:
		path, ok := strings.CutPrefix(path, "/apis/")
		group, rest, _ := strings.Cut(path, "/")
		return ok && (group == "authorization.k8s.io" || group == "authentication.k8s.io") && strings.Contains(rest, "/selfsubject")
	}
	return false
}

// connects reports whether a GET opens a way into a pod, a service or a node:
// that may do anything.
func connects(path string) bool {
	parts := strings.Split(path, "/")
	for i := 2; i < len(parts); i++ {
		switch parts[i-2] {
		case "pods", "services", "nodes":
			switch parts[i] {
			case "exec", "attach", "portforward", "proxy":
				return true
			}
		}
	}
	return false
}
