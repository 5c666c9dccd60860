// Package fault makes an API server misbehave on purpose: rules say which
// requests, how often and how.
package fault

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"time"

	"tenantry/kube/demo/api"
)

// Action is what happens to a request.
type Action uint8

// The actions.
const (
	Refuse    Action = iota + 1 // the connection is refused
	Hang                        // nothing is answered until the client gives up
	Slow                        // answered after Rule.Delay
	Cut                         // the answer breaks off after Rule.Bytes
	Expire                      // 410 Expired; on a watch an ERROR event in the stream
	Throttle                    // 429 with Retry-After
	Fail                        // 500
	Status                      // Rule.Code with a Status of Rule.Text
	Truncate                    // the answer ends early without an error after Rule.Bytes
	Replace                     // Rule.Body instead of the answer, with 200
	Reorder                     // each two events of a watch are swapped
	Duplicate                   // each event of a watch is sent twice
	Silence                     // a watch sends nothing more, but stays open until its time is up
	Drop                        // a watch is dropped on the way: nothing more comes, not even its end
)

// Rule matches requests. Empty fields match everything.
type Rule struct {
	Verb      string // get, list, watch, create, update, patch, delete
	Resource  string // plural, e.g. "kustomizations"
	Namespace string
	Path      string // a part of the URL's path
	Skip      int    // let this many matching requests pass first
	Count     int    // apply to at most this many requests; 0 = all
	Do        Action
	Delay     time.Duration
	Bytes     int
	Code      int
	Text      string
	Body      string

	seen, used int
}

// Rules is a set of rules that may change at any time.
type Rules struct {
	mu    sync.Mutex
	rules []*Rule
}

// New returns no rules.
func New() *Rules { return &Rules{} }

// Add adds a rule and returns what removes it.
func (r *Rules) Add(rule Rule) (remove func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := &rule
	r.rules = append(r.rules, p)
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		for i := range r.rules {
			if r.rules[i] == p {
				r.rules = append(r.rules[:i], r.rules[i+1:]...)
				return
			}
		}
	}
}

// Clear removes all rules.
func (r *Rules) Clear() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rules = nil
}

// match returns the first rule for a request, by value, or nil.
func (r *Rules) match(req *http.Request) *Rule {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, rule := range r.rules {
		if !rule.matches(req) {
			continue
		}
		rule.seen++
		if rule.seen <= rule.Skip || (rule.Count > 0 && rule.used >= rule.Count) {
			continue
		}
		rule.used++
		found := *rule
		return &found
	}
	return nil
}

func (r *Rule) matches(req *http.Request) bool {
	verb, resource, namespace := api.Describe(req)
	return (r.Verb == "" || r.Verb == verb) && (r.Resource == "" || r.Resource == resource) &&
		(r.Namespace == "" || r.Namespace == namespace) && (r.Path == "" || strings.Contains(req.URL.Path, r.Path))
}

var errRefused = fmt.Errorf("dial tcp 127.0.0.1:6443: connect: %w", syscall.ECONNREFUSED)

// errCut is what a client sees of a connection that broke.
var errCut = errors.New("read tcp 127.0.0.1:6443: connection reset by peer")

// Handler applies rules in front of a handler.
func Handler(rules *Rules, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rule := rules.match(r)
		if rule == nil {
			next.ServeHTTP(w, r)
			return
		}
		rule.serve(w, r, next)
	})
}

func (r *Rule) serve(w http.ResponseWriter, req *http.Request, next http.Handler) {
	verb, _, _ := api.Describe(req)
	switch r.Do {
	case Refuse:
		abort(w, errRefused)
	case Hang:
		<-req.Context().Done()
	case Slow:
		wait := time.NewTimer(r.Delay)
		defer wait.Stop()
		select {
		case <-wait.C:
			next.ServeHTTP(w, req)
		case <-req.Context().Done():
		}
	case Cut, Truncate:
		next.ServeHTTP(&shortWriter{ResponseWriter: w, left: r.Bytes, cut: r.Do == Cut}, req)
	case Expire:
		if verb == "watch" {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"too old resource version: 1 (2)","reason":"Expired","code":410}}`+"\n")
			return
		}
		writeStatus(w, http.StatusGone, "Expired", "The provided continue parameter is too old", 0)
	case Throttle:
		seconds := max(int(r.Delay/time.Second), 1)
		w.Header().Set("Retry-After", fmt.Sprint(seconds))
		writeStatus(w, http.StatusTooManyRequests, "TooManyRequests", "Too many requests, please try again later.", seconds)
	case Fail:
		writeStatus(w, http.StatusInternalServerError, "InternalError", "Internal error occurred: "+orText(r.Text, "etcdserver: request timed out"), 0)
	case Status:
		writeStatus(w, r.Code, "", r.Text, 0)
	case Replace:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(r.Body))
	case Reorder, Duplicate, Silence, Drop:
		next.ServeHTTP(&eventWriter{ResponseWriter: w, do: r.Do, after: r.Bytes}, req)
		if r.Do == Drop {
			<-req.Context().Done()
		}
	default:
		next.ServeHTTP(w, req)
	}
}

func orText(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// abort breaks the connection: in the process through the transport, behind a
// listener as net/http does it.
func abort(w http.ResponseWriter, err error) {
	if !api.Refuse(w, err) {
		panic(http.ErrAbortHandler)
	}
}

func writeStatus(w http.ResponseWriter, code int, reason, message string, retry int) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	details := ""
	if retry > 0 {
		details = fmt.Sprintf(`,"details":{"retryAfterSeconds":%d}`, retry)
	}
	fmt.Fprintf(w, `{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":%q,"reason":%q%s,"code":%d}`+"\n",
		message, reason, details, code)
}

// shortWriter lets a number of bytes through, then cuts the connection or
// swallows the rest.
type shortWriter struct {
	http.ResponseWriter
	left int
	cut  bool
}

func (w *shortWriter) Flush() { flush(w.ResponseWriter) }

func (w *shortWriter) Write(b []byte) (int, error) {
	n := min(len(b), w.left)
	if n > 0 {
		if _, err := w.ResponseWriter.Write(b[:n]); err != nil {
			return 0, err
		}
		w.left -= n
	}
	if n == len(b) {
		return n, nil
	}
	if w.cut {
		abort(w.ResponseWriter, errCut)
		return n, errCut
	}
	return n, http.ErrHandlerTimeout
}

// eventWriter swaps, doubles or swallows the events of a watch: the server
// writes each in one call.
type eventWriter struct {
	http.ResponseWriter
	do    Action
	after int // events to let through untouched
	seen  int
	held  []byte
}

func (w *eventWriter) Flush() {
	if w.held == nil {
		flush(w.ResponseWriter)
	}
}

func (w *eventWriter) Write(b []byte) (int, error) {
	w.seen++
	if w.seen <= w.after {
		return w.ResponseWriter.Write(b)
	}
	switch w.do {
	case Silence, Drop:
		return len(b), nil
	case Duplicate:
		if _, err := w.ResponseWriter.Write(b); err != nil {
			return 0, err
		}
	case Reorder:
		if w.held == nil {
			w.held = bytes.Clone(b)
			return len(b), nil
		}
		if _, err := w.ResponseWriter.Write(b); err != nil {
			return 0, err
		}
		held := w.held
		w.held = nil
		if _, err := w.ResponseWriter.Write(held); err != nil {
			return 0, err
		}
		flush(w.ResponseWriter)
		return len(b), nil
	}
	n, err := w.ResponseWriter.Write(b)
	flush(w.ResponseWriter)
	return n, err
}

func flush(w http.ResponseWriter) {
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
}
