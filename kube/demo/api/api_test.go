package api

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"tenantry/kube/demo/tree"
)

func testServer(t testing.TB) *Server {
	t.Helper()
	return New(Options{Tokens: map[string]User{"admin": {Name: "admin", Groups: []string{Masters}}},
		Log: func(s string) { t.Error(s) }})
}

func send(s *Server, method, path, contentType, accept, body string) *httptest.ResponseRecorder {
	path, query, _ := strings.Cut(path, "?")
	r := &http.Request{Method: method, URL: &url.URL{Scheme: "http", Host: "x", Path: path, RawQuery: query},
		Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
	r.Header.Set("Authorization", "Bearer admin")
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	if accept != "" {
		r.Header.Set("Accept", accept)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// FuzzRequests sends anything: the server may refuse, never fail.
func FuzzRequests(f *testing.F) {
	for _, seed := range [][5]string{
		{"GET", "/api/v1/namespaces/default/pods?limit=1&continue=abc", "", "", ""},
		{"POST", "/api/v1/namespaces/default/configmaps", "application/json", "", `{"metadata":{"name":"a"},"data":{"a":1}}`},
		{"PATCH", "/api/v1/namespaces/default?fieldManager=x", "application/apply-patch+yaml", "", "apiVersion: v1\nkind: Namespace\nmetadata: {name: default, labels: [1]}"},
		{"PATCH", "/apis/apps/v1/namespaces/default/deployments/x?fieldManager=x&force=true", "application/apply-patch+yaml", "", `{"apiVersion":"apps/v1","kind":"Deployment","spec":{"template":{"spec":{"containers":[{"env":{}}]}}}}`},
		{"PATCH", "/api/v1/namespaces/default", "application/json-patch+json", "", `[{"op":"replace","path":"/metadata","value":5}]`},
		{"PATCH", "/api/v1/namespaces/default", "application/merge-patch+json", "", `{"metadata":null,"spec":[],"status":7}`},
		{"DELETE", "/api/v1/namespaces/default", "application/json", "", `{"preconditions":{"uid":"x"}}`},
		{"POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "application/json", "", `{"spec":{"resourceAttributes":{}}}`},
		{"GET", "/apis/../x", "", "application/vnd.kubernetes.protobuf", ""},
		{"POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", "application/json", "", `{"metadata":{"name":"a.b"},"spec":{"versions":[{"served":true},5]}}`},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3], seed[4])
	}
	f.Fuzz(func(t *testing.T, method, path, contentType, accept, body string) {
		if strings.Contains(path, "watch") || strings.Contains(path, "follow") || !strings.HasPrefix(path, "/") {
			t.Skip()
		}
		s := testServer(t)
		if w := send(s, method, path, contentType, accept, body); w.Code == http.StatusInternalServerError && strings.Contains(w.Body.String(), "panic") {
			t.Fatalf("%s %s: %s", method, path, w.Body)
		}
		send(s, "GET", "/api/v1/namespaces", "", "application/vnd.kubernetes.protobuf", "")
	})
}

func TestProtobufSaysWhatJSONSays(t *testing.T) {
	s := testServer(t)
	const path = "/api/v1/namespaces"
	var fromJSON, fromProto corev1.NamespaceList
	if err := json.Unmarshal(send(s, "GET", path, "", "", "").Body.Bytes(), &fromJSON); err != nil {
		t.Fatal(err)
	}
	b := send(s, "GET", path, "", "application/vnd.kubernetes.protobuf", "").Body.Bytes()
	var unknown runtime.Unknown
	if err := unknown.Unmarshal(b[4:]); err != nil || fromProto.Unmarshal(unknown.Raw) != nil {
		t.Fatal("undecodable", err)
	}
	if len(fromProto.Items) != 4 || fromProto.ResourceVersion != fromJSON.ResourceVersion ||
		fromProto.Items[1].UID != fromJSON.Items[1].UID || fromProto.Items[1].Labels["kubernetes.io/metadata.name"] != fromJSON.Items[1].Name {
		t.Fatalf("%v\n%v", fromProto, fromJSON)
	}
}

func TestPagesStayConsistentAndExpire(t *testing.T) {
	s := testServer(t)
	const path = "/api/v1/namespaces/default/configmaps"
	for _, n := range []string{"a", "b", "c", "d"} {
		send(s, "POST", path, "application/json", "", `{"metadata":{"name":"`+n+`"}}`)
	}
	next := func(query string) (map[string]any, int) {
		w := send(s, "GET", path+"?limit=2"+query, "", "", "")
		var list map[string]any
		_ = json.Unmarshal(w.Body.Bytes(), &list)
		return list, w.Code
	}
	first, _ := next("")
	token := tree.Str(first, "metadata", "continue")
	send(s, "DELETE", path+"/c", "", "", "")
	send(s, "POST", path, "application/json", "", `{"metadata":{"name":"z"}}`)
	second, _ := next("&continue=" + token)
	if items := tree.Maps(second, "items"); len(items) != 2 || tree.Str(items[0], "metadata", "name") != "c" {
		t.Fatalf("the second page is of another moment: %v", items)
	}
	s.Store().Compact()
	gone, code := next("&continue=" + token)
	if code != http.StatusGone || tree.Str(gone, "reason") != "Expired" {
		t.Fatalf("%d %v", code, gone)
	}
	rest, code := next("&continue=" + tree.Str(gone, "metadata", "continue"))
	if items := tree.Maps(rest, "items"); code != 200 || len(items) != 2 || tree.Str(items[1], "metadata", "name") != "z" {
		t.Fatalf("the inconsistent rest: %d %v", code, rest)
	}
}

func TestWatchExpiresAndEnds(t *testing.T) {
	s := testServer(t)
	s.Store().Compact()
	w := send(s, "GET", "/api/v1/namespaces?watch=true&resourceVersion=3", "", "", "")
	if body := w.Body.String(); !strings.Contains(body, `"type":"ERROR"`) || !strings.Contains(body, "too old resource version: 3") || !strings.Contains(body, `"code":410`) {
		t.Fatal(body)
	}
}

func TestBookmarksComeByTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := testServer(t)
		w := send(s, "GET", "/api/v1/secrets?watch=true&allowWatchBookmarks=true&timeoutSeconds=150", "", "", "")
		if n := strings.Count(w.Body.String(), `"BOOKMARK"`); n != 3 { // two minutes and the end
			t.Fatalf("%d bookmarks: %s", n, w.Body)
		}
	})
}

func TestLogsFollow(t *testing.T) {
	s := testServer(t)
	name := LogName{"default", "p", "main"}
	send(s, "POST", "/api/v1/namespaces/default/pods", "application/json", "", `{"metadata":{"name":"p"},"spec":{"nodeName":"n","containers":[{"name":"main","image":"x"}]}}`)
	for _, line := range []string{"one", "two", "three"} {
		s.Logs().Write(name, line)
	}
	const path = "/api/v1/namespaces/default/pods/p/log"
	if got := send(s, "GET", path+"?tailLines=2", "", "", "").Body.String(); got != "two\nthree\n" {
		t.Fatalf("tail: %q", got)
	}
	if w := send(s, "GET", path+"?previous=true", "", "", ""); w.Code != 400 || !strings.Contains(w.Body.String(), `previous terminated container \"main\" in pod \"p\" not found`) {
		t.Fatalf("previous: %d %s", w.Code, w.Body)
	}
	send(s, "POST", "/api/v1/namespaces/default/pods", "application/json", "", `{"metadata":{"name":"new"},"spec":{"nodeName":"n","containers":[{"name":"main","image":"x"}]}}`)
	for reason, want := range map[string]string{"ContainerCreating": "ContainerCreating", "ImagePullBackOff": "trying and failing to pull image"} {
		send(s, "PATCH", "/api/v1/namespaces/default/pods/new/status", "application/merge-patch+json", "", `{"status":{"containerStatuses":[{"name":"main","state":{"waiting":{"reason":"`+reason+`"}}}]}}`)
		if w := send(s, "GET", "/api/v1/namespaces/default/pods/new/log", "", "", ""); w.Code != 400 || !strings.Contains(w.Body.String(), `container \"main\" in pod \"new\" is waiting to start: `+want) {
			t.Fatalf("waiting: %d %s", w.Code, w.Body)
		}
	}
	r, _ := http.NewRequestWithContext(t.Context(), "GET", "http://x"+path+"?follow=true&tailLines=1", nil)
	r.Header.Set("Authorization", "Bearer admin")
	resp, err := Transport{Handler: s}.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	s.Logs().Write(name, "four")
	buf := make([]byte, 11)
	if _, err := io.ReadFull(resp.Body, buf); err != nil || string(buf) != "three\nfour\n" {
		t.Fatalf("follow: %q %v", buf, err)
	}
	s.Logs().Close("default", "p")
	if rest, err := io.ReadAll(resp.Body); err != nil || len(rest) != 0 {
		t.Fatalf("after the end: %q %v", rest, err)
	}
}

func TestClosingABodyEndsTheHandler(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := testServer(t)
		ctx, cancel := context.WithCancel(t.Context())
		for _, end := range []func(*http.Response){
			func(resp *http.Response) { resp.Body.Close() },
			func(*http.Response) { cancel() },
		} {
			r, _ := http.NewRequestWithContext(ctx, "GET", "http://x/api/v1/secrets?watch=true", nil)
			r.Header.Set("Authorization", "Bearer admin")
			resp, err := Transport{Handler: s}.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			end(resp)
			start := time.Now()
			synctest.Wait()
			if time.Since(start) > time.Second {
				t.Fatal("the handler went on")
			}
		}
	})
}

func TestUnknownKindsComeAndGo(t *testing.T) {
	s := testServer(t)
	w := send(s, "GET", "/apis/source.toolkit.fluxcd.io/v1/gitrepositories", "", "", "")
	if w.Code != 404 || w.Body.String() != "404 page not found\n" {
		t.Fatalf("%d %q", w.Code, w.Body)
	}
}
