// Package contract holds tests that ask an API server questions and compare
// the answers, field by field, with those a real cluster gave. They run
// unchanged on the embedded cluster and on a real one; where the two differ,
// the embedded one is wrong.
package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"k8s.io/client-go/rest"
)

// Target is a cluster to ask.
type Target struct {
	Admin *rest.Config
	// User is someone without rights, and UserName what the server calls them.
	User     *rest.Config
	UserName string
	// GitBase is where sources find repositories, Push commits to one: the
	// whole tree of files to the branch main. Without Push nothing of Flux is
	// asked.
	GitBase string
	Push    func(repo, subject string, files map[string]string) error
	// Compact makes the server forget its history, as a real one does every
	// five minutes.
	Compact func() error
	// Wait lets time pass between two looks; it sleeps when nil.
	Wait func(time.Duration)
}

// Answers are what a cluster said, by the question's name, with all that
// differs from run to run masked.
type Answers map[string]Answer

// Answer is one answer.
type Answer struct {
	Code int    `json:"code,omitempty"`
	Type string `json:"type,omitempty"`
	Body any    `json:"body"`
}

// suite asks one cluster.
type suite struct {
	t       testing.TB
	target  Target
	admin   *http.Client
	user    *http.Client
	answers Answers
	mask    *masker
}

// Run asks everything and returns the answers. It removes what it made.
func Run(t testing.TB, target Target) Answers {
	t.Helper()
	s := &suite{t: t, target: target, answers: Answers{}, mask: newMasker(target)}
	s.admin, s.user = httpClient(t, target.Admin), httpClient(t, target.User)
	s.cleanUp()
	defer s.cleanUp()
	s.askObjects()
	s.askPatches()
	s.askWorkloads()
	s.askLogs()
	s.askCustom()
	s.askLists()
	s.askRights()
	s.askDeletions()
	if target.Push != nil {
		s.askFlux()
		s.askRestored()
		s.askSets()
		s.askSync()
	}
	return s.answers
}

func httpClient(t testing.TB, cfg *rest.Config) *http.Client {
	t.Helper()
	c, err := rest.HTTPClientFor(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// question is a request.
type question struct {
	method, path string
	body         any // marshalled; a string is sent as it is
	header       map[string]string
	asUser       bool // ask as Target.User
}

// ask sends a question and returns the raw answer.
func (s *suite) ask(q question) (int, http.Header, []byte) {
	s.t.Helper()
	var body io.Reader
	switch b := q.body.(type) {
	case nil:
	case string:
		body = strings.NewReader(b)
	default:
		data, err := json.Marshal(b)
		if err != nil {
			s.t.Fatal(err)
		}
		body = bytes.NewReader(data)
	}
	client, host := s.admin, s.target.Admin.Host
	if q.asUser {
		client = s.user
	}
	req, err := http.NewRequestWithContext(s.t.Context(), q.method, strings.TrimRight(host, "/")+q.path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "contract/1")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for k, v := range q.header {
		req.Header.Set(k, v)
	}
	resp, err := client.Do(req)
	if err != nil {
		s.t.Fatalf("%s %s: %v", q.method, q.path, err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatalf("%s %s: %v", q.method, q.path, err)
	}
	return resp.StatusCode, resp.Header, data
}

// note asks and keeps the answer under a name; it returns the body as JSON.
func (s *suite) note(name string, q question) map[string]any {
	s.t.Helper()
	code, header, data := s.ask(q)
	if _, ok := s.answers[name]; ok {
		s.t.Fatalf("two answers are called %q", name)
	}
	answer := Answer{Code: code, Type: header.Get("Content-Type")}
	var body map[string]any
	if json.Unmarshal(data, &body) == nil {
		answer.Body = s.mask.value("", body)
	} else {
		answer.Body = s.mask.text(string(data))
	}
	s.answers[name] = answer
	return body
}

// keep notes a value that was seen, not answered.
func (s *suite) keep(name string, value any) {
	data, err := json.Marshal(value)
	if err != nil {
		s.t.Fatal(err)
	}
	var copied any
	_ = json.Unmarshal(data, &copied)
	s.answers[name] = Answer{Body: s.mask.value("", copied)}
}

// must sends a question whose answer matters only in that it is fine.
func (s *suite) must(q question) map[string]any {
	s.t.Helper()
	code, _, data := s.ask(q)
	if code >= 300 {
		s.t.Fatalf("%s %s: %d %s", q.method, q.path, code, data)
	}
	var body map[string]any
	_ = json.Unmarshal(data, &body)
	return body
}

// until polls an object until it is as wanted and returns it.
func (s *suite) until(what, path string, ok func(code int, obj map[string]any) bool) map[string]any {
	s.t.Helper()
	last := ""
	for range 600 {
		code, _, data := s.ask(question{method: "GET", path: path})
		var obj map[string]any
		_ = json.Unmarshal(data, &obj)
		if ok(code, obj) {
			return obj
		}
		last = fmt.Sprintf("%d %.2000s", code, data)
		s.pause(200 * time.Millisecond)
	}
	s.t.Fatalf("never seen: %s; last answer of %s: %s", what, path, last)
	return nil
}

func (s *suite) pause(d time.Duration) {
	if s.target.Wait != nil {
		s.target.Wait(d)
		return
	}
	time.Sleep(d)
}

// names of what the suite makes.
const (
	space      = "contract"
	otherSpace = "contract-other"
)

func (s *suite) cleanUp() {
	if s.target.Push != nil {
		s.clearSync()
	}
	for _, path := range []string{
		"/apis/rbac.authorization.k8s.io/v1/namespaces/" + space + "/rolebindings/broken",
		"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.contract.tenantry.dev",
		"/api/v1/namespaces/" + space, "/api/v1/namespaces/" + otherSpace, "/api/v1/namespaces/contract-going",
	} {
		s.ask(question{method: "DELETE", path: path})
	}
	s.ask(question{method: "PATCH", path: "/api/v1/namespaces/contract-going/configmaps/held", body: `{"metadata":{"finalizers":null}}`,
		header: map[string]string{"Content-Type": mergePatch}})
	for _, ns := range []string{space, otherSpace, "contract-going"} {
		s.until(ns+" is gone", "/api/v1/namespaces/"+ns, func(code int, _ map[string]any) bool { return code == 404 })
	}
}

// Patch media types.
const (
	mergePatch     = "application/merge-patch+json"
	jsonPatch      = "application/json-patch+json"
	strategicPatch = "application/strategic-merge-patch+json"
	applyPatch     = "application/apply-patch+yaml"
)

func patch(media, path string, body any) question {
	return question{method: "PATCH", path: path, body: body, header: map[string]string{"Content-Type": media}}
}
