// Package api is an embedded Kubernetes API server: it translates HTTP
// requests to a versioned store and answers as the real one does, wording of
// errors included. Field ownership, patches and encodings are apimachinery's
// own; what is written here is the translation between them.
package api

import (
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo/store"
)

// GitVersion is what /version says.
const GitVersion = "v1.36.3"

// Options configure a Server; the zero value serves an admin only.
type Options struct {
	// Now is the server's clock; time.Now when nil.
	Now func() time.Time
	// Seed makes uids and generated names repeatable.
	Seed int64
	// Tokens are the bearer tokens the server knows.
	Tokens map[string]User
	// History is how many events are kept per resource; older watches expire.
	History int
	// BookmarkEvery is how often watches that allow it get a bookmark; a
	// minute when 0.
	BookmarkEvery time.Duration
	// Watch may end watches earlier than they asked; 0 = 30 to 60 minutes.
	MaxWatch time.Duration
	// Log receives panics of handlers, which are answered with 500.
	Log func(string)
}

// Server is the embedded API server. It is an http.Handler.
type Server struct {
	store    *store.Store
	opts     Options
	builtins map[string]*Resource
	ids      *ids
	logs     *Logs

	customMu sync.Mutex
	custom   map[string]customEntry

	rulesMu sync.Mutex
	rules   map[store.Key]decodedRules

	types *fieldTypes
}

// New returns a server with the objects every cluster starts with.
func New(opts Options) *Server {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.BookmarkEvery == 0 {
		opts.BookmarkEvery = time.Minute
	}
	s := &Server{
		store:    store.New(opts.History),
		opts:     opts,
		builtins: newBuiltins(),
		ids:      newIDs(opts.Seed),
		custom:   map[string]customEntry{},
		rules:    map[store.Key]decodedRules{},
	}
	s.logs = newLogs(s.now)
	s.types = newFieldTypes(func(gvk schema.GroupVersionKind) any {
		for _, r := range s.builtins {
			if r.GVK() == gvk {
				return shape(r)
			}
		}
		return shape(&Resource{Group: gvk.Group, Kind: gvk.Kind})
	})
	s.bootstrap()
	return s
}

// Store gives tests and controllers the objects behind the API.
func (s *Server) Store() *store.Store { return s.store }

// Logs gives controllers the pods' logs to write to.
func (s *Server) Logs() *Logs { return s.logs }

func (s *Server) now() time.Time { return s.opts.Now().UTC() }

// Now returns the server's time.
func (s *Server) Now() time.Time { return s.now() }

// ServeHTTP answers one request. A panic is answered with 500 and logged: no
// request may take the program down.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler {
				panic(p) // a connection cut on purpose
			}
			if s.opts.Log != nil {
				s.opts.Log(fmt.Sprintf("panic serving %s %s: %v\n%s", r.Method, r.URL.Path, p, debug.Stack()))
			}
			s.writeError(w, r, fmt.Errorf("panic: %v", p))
		}
	}()
	w.Header().Set("Date", s.now().Format(http.TimeFormat))
	w.Header().Set("Cache-Control", "no-cache, private")
	q := parseRequest(r)
	user, err := s.authenticate(r)
	if err == nil {
		q.user = user
		q.user, err = s.impersonate(q.user, r.Header, q)
	}
	if err == nil {
		err = s.authorizeRequest(q)
	}
	if err != nil {
		s.writeError(w, r, err)
		return
	}
	if err := s.dispatch(w, r, q); err != nil {
		s.writeError(w, r, err)
	}
}

func (s *Server) dispatch(w http.ResponseWriter, r *http.Request, q request) error {
	if !q.isResource {
		return s.serveNonResource(w, r, q)
	}
	res := s.resource(q.group, q.version, q.plural)
	if res == nil && q.group == "" && q.version == "v1" {
		return notServed()
	}
	if res == nil || (q.namespace != "" && !res.Namespaced && q.plural != "namespaces") {
		return notFoundPath{}
	}
	if strings.HasPrefix(q.plural, "selfsubject") || strings.HasSuffix(q.plural, "subjectaccessreviews") {
		return s.serveReview(w, r, q, res)
	}
	switch q.subresource {
	case "":
	case "status":
		if !res.Status || q.verb == "create" || q.verb == "delete" {
			return notFoundPath{}
		}
	case "log":
		if res.Plural != "pods" {
			return notFoundPath{}
		}
		return s.serveLog(w, r, q)
	default:
		return notFoundPath{}
	}
	if q.name == "" && (q.verb == "update" || q.verb == "patch") {
		return methodNotAllowed(res, q.verb)
	}
	if q.namespace == "" && res.Namespaced && q.verb != "list" && q.verb != "watch" {
		return methodNotAllowed(res, q.verb)
	}
	switch q.verb {
	case "get":
		return s.serveGet(w, r, q, res)
	case "list":
		return s.serveList(w, r, q, res)
	case "watch":
		return s.serveWatch(w, r, q, res)
	case "create":
		if q.name != "" {
			return methodNotAllowed(res, q.verb)
		}
		return s.serveCreate(w, r, q, res)
	case "update":
		return s.serveUpdate(w, r, q, res)
	case "patch":
		return s.servePatch(w, r, q, res)
	case "delete":
		return s.serveDelete(w, r, q, res)
	case "deletecollection":
		return s.serveDeleteCollection(w, r, q, res)
	}
	return methodNotAllowed(res, q.verb)
}
