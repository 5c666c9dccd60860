package contract

import (
	"bufio"
	"encoding/json"
	"net/http"
	"strings"
)

// stream opens a watch and calls each for every event until the stream ends.
// It returns once the server has begun to answer; done is closed at the end.
func (s *suite) stream(path string, each func(event obj)) (done <-chan struct{}) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), "GET", strings.TrimRight(s.target.Admin.Host, "/")+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Accept", "application/json")
	resp, err := s.admin.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		s.t.Fatalf("watch %s: %s", path, resp.Status)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer resp.Body.Close()
		lines := bufio.NewScanner(resp.Body)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var event obj
			if err := json.Unmarshal(lines.Bytes(), &event); err != nil {
				s.t.Errorf("watch %s: %v: %s", path, err, lines.Bytes())
				return
			}
			each(event)
		}
		if err := lines.Err(); err != nil {
			s.t.Errorf("watch %s broke off: %v", path, err)
		}
	}()
	return ended
}

// watch opens a watch; the function it returns waits for its end and returns
// what was seen: types and objects.
func (s *suite) watch(path string) func() []any {
	var seen []any
	ended := s.stream(path, func(event obj) {
		seen = append(seen, obj{"type": event["type"], "object": event["object"]})
	})
	return func() []any {
		<-ended
		return seen
	}
}

// askWatch streams a list, then changes until the watch's time is up.
func (s *suite) askWatch() {
	var seen []any
	listed := make(chan struct{})
	ended := s.stream(maps+"?watch=true&labelSelector=list%3Dyes&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&timeoutSeconds=3",
		func(event obj) {
			o, _ := event["object"].(map[string]any)
			meta, _ := o["metadata"].(map[string]any)
			if event["type"] == "BOOKMARK" && meta["annotations"] == nil {
				return // those come when the server likes
			}
			seen = append(seen, obj{"type": event["type"], "kind": o["kind"], "name": meta["name"], "annotations": meta["annotations"], "data": o["data"]})
			if event["type"] == "BOOKMARK" {
				close(listed)
			}
		})
	select {
	case <-listed:
	case <-ended:
		s.t.Fatal("a streaming list ended without its bookmark")
	}
	s.must(patch(mergePatch, maps+"/l1", obj{"data": obj{"k": "w"}}))
	s.must(patch(mergePatch, maps+"/l2", obj{"metadata": obj{"labels": obj{"list": "no"}}}))
	s.must(question{method: "DELETE", path: maps + "/l3"})
	s.must(patch(mergePatch, maps+"/l2", obj{"metadata": obj{"labels": obj{"list": "yes"}}}))
	<-ended
	s.keep("watch", seen)
}

// askExpired asks of a young kind what the server does not remember: nothing
// is older than the kind. What a list at a revision and a page after it say
// depends on how long the server keeps what it compacted, so only the oldest
// revision of all is asked for.
func (s *suite) askExpired(path string) {
	if err := s.target.Compact(); err != nil {
		s.t.Fatal(err)
	}
	s.note("watch from before the history", question{method: "GET", path: path + "?watch=true&resourceVersion=1&timeoutSeconds=2"})
	s.note("watch as metadata from before the history", question{method: "GET", path: path + "?watch=true&resourceVersion=1&timeoutSeconds=2",
		header: map[string]string{"Accept": "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"}})
	s.note("list from before the history", question{method: "GET", path: path + "?resourceVersion=1&resourceVersionMatch=Exact"})
	s.note("list from the future", question{method: "GET", path: path + "?resourceVersion=900000000"})
	s.note("list no older than the first revision", question{method: "GET", path: path + "?resourceVersion=1&resourceVersionMatch=NotOlderThan"})
}
