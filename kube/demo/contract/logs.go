package contract

import (
	"bufio"
	"context"
	"net/http"
	"regexp"
	"strings"
)

const podsPath = "/api/v1/namespaces/" + space + "/pods"

// askLogs asks for the logs of pods that run, crash, have several containers
// or no node. What a log says is up to the program in the pod, so of the
// lines only their number and shape are compared. Two answers are not asked
// because the lab's kubelet is a stand-in that has its own: the log of a
// container that never ran (a real kubelet: "is waiting to start"), and the
// previous log of one that never ended ("previous terminated container … not
// found"); the tests of this server's own package hold it to those.
func (s *suite) askLogs() {
	pod := func(name string, labels, selector obj, containers ...string) {
		var list []any
		for _, c := range containers {
			list = append(list, obj{"name": c, "image": "ghcr.io/example/" + c + ":1"})
		}
		s.must(question{method: "POST", path: podsPath, body: obj{"apiVersion": "v1", "kind": "Pod", "metadata": obj{"name": name, "labels": labels},
			"spec": obj{"containers": list, "nodeSelector": selector}}})
	}
	pod("one", nil, nil, "web")
	pod("two", nil, nil, "web", "sidecar")
	pod("crash", obj{"lab/fault": "crashloop"}, nil, "web")
	pod("nowhere", nil, obj{"no": "such"}, "web")
	s.must(question{method: "POST", path: podsPath, body: obj{"apiVersion": "v1", "kind": "Pod", "metadata": obj{"name": "init"}, "spec": obj{"nodeSelector": obj{"no": "such"},
		"initContainers": []any{obj{"name": "first", "image": "i:1"}}, "containers": []any{obj{"name": "web", "image": "i:1"}, obj{"name": "sidecar", "image": "i:1"}}}}})
	s.must(question{method: "POST", path: podsPath, body: obj{"apiVersion": "v1", "kind": "Pod", "metadata": obj{"name": "after"}, "spec": obj{"nodeSelector": obj{"no": "such"},
		"initContainers": []any{obj{"name": "first", "image": "i:1"}}, "containers": []any{obj{"name": "web", "image": "i:1"}}}}})
	written := func(path string) {
		s.until("there is a log: "+path, "/readyz", func(int, map[string]any) bool {
			code, _, data := s.ask(question{method: "GET", path: podsPath + path})
			return code == 200 && len(data) > 0
		})
	}
	written("/one/log")
	written("/two/log?container=web")
	written("/crash/log?previous=true")
	log := func(name, query string) { s.note("log "+name, question{method: "GET", path: podsPath + query}) }
	log("of a container of two, unnamed", "/two/log")
	log("of a container of two after an init container, unnamed", "/init/log")
	log("of one container after an init container, unnamed", "/after/log")
	log("of an init container without a node", "/init/log?container=first")
	log("with a negative tail of a missing pod", "/none/log?tailLines=-1")
	log("of an unknown container", "/one/log?container=none")
	log("of an unknown container of two", "/two/log?container=none")
	log("of a pod without a node", "/nowhere/log")
	log("of a pod without a node, followed", "/nowhere/log?follow=true")
	log("with a negative tail", "/one/log?tailLines=-1")
	log("with a wordy tail", "/one/log?tailLines=x")
	log("since no time", "/one/log?sinceSeconds=0")
	log("since a wordy time", "/one/log?sinceTime=x")
	log("since two times", "/one/log?sinceSeconds=3&sinceTime=2026-01-01T00:00:00Z")
	log("of no bytes", "/one/log?limitBytes=0")
	log("of no lines", "/one/log?tailLines=0")
	s.note("log deleted", question{method: "DELETE", path: podsPath + "/one/log"})
	s.shape("log of one line", "/one/log?tailLines=1")
	s.shape("log of one line with its time", "/one/log?tailLines=1&timestamps=true")
	s.shape("log of five bytes", "/one/log?limitBytes=5")
	s.shape("log of the crashed container's last line", "/crash/log?previous=true&tailLines=1")
	s.shape("log of a container of two", "/two/log?container=sidecar&tailLines=1")
	s.follow()
	for _, name := range []string{"one", "two", "crash", "nowhere", "init", "after"} {
		s.must(question{method: "DELETE", path: podsPath + "/" + name + "?gracePeriodSeconds=0"})
	}
}

var timed = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z \S`)

// shape keeps what can be said of a log whatever its words are.
func (s *suite) shape(name, query string) {
	code, header, data := s.ask(question{method: "GET", path: podsPath + query})
	text := string(data)
	s.keep(name, obj{"code": code, "type": header.Get("Content-Type"), "lines": strings.Count(text, "\n"), "timed": timed.MatchString(text),
		"fiveBytes": len(data) == 5, "complete": strings.HasSuffix(text, "\n")})
}

// follow reads the first line of a log that stays open: it does not wait for
// the end.
func (s *suite) follow() {
	ctx, cancel := context.WithCancel(s.t.Context())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", strings.TrimRight(s.target.Admin.Host, "/")+podsPath+"/one/log?follow=true&tailLines=1", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	resp, err := s.admin.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	lines := bufio.NewReader(resp.Body)
	first, err := lines.ReadString('\n')
	if err != nil {
		s.t.Fatalf("following a log: %v after %q", err, first)
	}
	s.keep("log followed", obj{"code": resp.StatusCode, "type": resp.Header.Get("Content-Type"), "line": first != ""})
}
