package kube

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo/api"
	"tenantry/model"
	"tenantry/model/logs"
)

// pod makes a pod of the app web in a namespace: one that runs, unless it
// waits.
func (e *embedded) pod(namespace, name string, restarts int, waits string) {
	e.t.Helper()
	state := tree{"running": tree{"startedAt": "2026-11-22T02:00:00Z"}}
	if waits != "" {
		state = tree{"waiting": tree{"reason": waits}}
	}
	e.create("v1", "Pod", namespace, name, tree{"metadata": tree{"labels": tree{"app": "web"}},
		"spec": tree{"nodeName": "node", "containers": []any{tree{"name": "manager", "image": "i:1"}}}})
	_, err := e.admin.EditStatus(schema.GroupKind{Kind: "Pod"}, namespace, name, func(o api.Object) error {
		o["status"] = tree{"phase": "Running", "containerStatuses": []any{tree{"name": "manager", "image": "i:1", "imageID": "", "ready": waits == "",
			"restartCount": int64(restarts), "state": state, "containerID": fmt.Sprint("run://", restarts)}}}
		return nil
	})
	if err != nil {
		e.t.Fatal(err)
	}
}

func (e *embedded) deployment(namespace string) {
	e.t.Helper()
	e.create("apps/v1", "Deployment", namespace, "web", tree{"spec": tree{"selector": tree{"matchLabels": tree{"app": "web"}},
		"template": tree{"metadata": tree{"labels": tree{"app": "web"}}, "spec": tree{"containers": []any{tree{"name": "manager", "image": "i:1"}}}}}})
}

func (e *embedded) says(namespace, pod, text string) {
	e.cluster.API.Logs().Write(api.LogName{Namespace: namespace, Pod: pod, Container: "manager"}, text)
}

// reading is a stream and what came of it.
type reading struct {
	t       *testing.T
	stream  logs.Stream
	lines   []string
	dropped int
	sources []logs.Source
}

func (e *embedded) read(want logs.Want) *reading {
	e.t.Helper()
	stream, err := e.session.Logs(e.t.Context(), want)
	if err != nil {
		e.t.Fatal(err)
	}
	return &reading{t: e.t, stream: stream}
}

func (r *reading) until(what string, done func() bool) {
	r.t.Helper()
	for end := time.Now().Add(20 * time.Second); !done(); {
		ctx, cancel := context.WithDeadline(r.t.Context(), end)
		b, err := r.stream.Next(ctx)
		cancel()
		if err != nil {
			r.t.Fatalf("waiting until %s: %v; %q, %+v", what, err, r.lines, r.sources)
		}
		for _, l := range b.Lines {
			r.lines = append(r.lines, l.Namespace+"/"+l.Pod+" "+l.Text)
		}
		r.dropped += b.Dropped
		r.sources = b.Sources
	}
}

func (r *reading) has(lines ...string) func() bool {
	return func() bool { return slices.Equal(r.lines, lines) }
}

var web = model.Key{Kind: model.Deployment, Namespace: "a", Name: "web"}

// Both namespaces have a Deployment web with a pod web-1.
func TestLogsOfADeployment(t *testing.T) {
	e := newEmbedded(t)
	for _, ns := range []string{"a", "b"} {
		e.deployment(ns)
		e.pod(ns, "web-1", 0, "")
		e.says(ns, "web-1", "hello of "+ns)
	}
	e.open("demo-admin", Options{})
	r := e.read(logs.Want{Of: []model.Key{web}})
	r.until("the first line", r.has("a/web-1 hello of a"))
	for i := range 3 { // written within one moment of the clock: none may be lost
		e.says("a", "web-1", fmt.Sprint("more ", i))
	}
	e.says("b", "web-1", "not this")
	r.until("what comes", r.has("a/web-1 hello of a", "a/web-1 more 0", "a/web-1 more 1", "a/web-1 more 2"))
	e.pod("a", "web-2", 0, "") // a rollout brings another
	e.says("a", "web-2", "I am new")
	r.until("the new pod", func() bool { return slices.Contains(r.lines, "a/web-2 I am new") })
	if got := r.sources[0]; got.State != logs.Following || got.Pod != "web-1" || got.Container != "manager" {
		t.Errorf("%+v", got)
	}
	r.stream.Close()
}

// Of the controllers' lines only those about the object are read, however many
// others there are.
func TestLogsAboutAnObject(t *testing.T) {
	e := newEmbedded(t)
	e.deployment("a")
	e.pod("a", "web-1", 0, "")
	for i := range 300 {
		e.says("a", "web-1", fmt.Sprintf(`{"level":"info","msg":"other %d","controllerKind":"Kustomization","namespace":"b","name":"app","reconcileID":"x%d"}`, i, i))
	}
	e.says("a", "web-1", `{"level":"error","msg":"mine","error":"no path","controllerKind":"Kustomization","namespace":"a","name":"app","reconcileID":"7"}`)
	e.says("a", "web-1", `{"level":"info","msg":"inside","reconcileID":"7"}`)
	e.open("demo-admin", Options{})
	r := e.read(logs.Want{Of: []model.Key{web}, About: logs.Filter{Objects: []model.Key{{Kind: model.Kustomization, Namespace: "a", Name: "app"}}}})
	r.until("the object's lines", r.has("a/web-1 mine", "a/web-1 inside"))
}

func TestPreviousLogs(t *testing.T) {
	e := newEmbedded(t)
	e.deployment("a")
	e.pod("a", "web-1", 2, "CrashLoopBackOff")
	e.pod("a", "web-2", 0, "")
	e.says("a", "web-1", "panic: no configuration")
	e.cluster.API.Logs().Restart(api.LogName{Namespace: "a", Pod: "web-1", Container: "manager"})
	e.open("demo-admin", Options{})
	r := e.read(logs.Want{Of: []model.Key{web}, Previous: true})
	r.until("the end before", r.has("a/web-1 panic: no configuration"))
	r.until("what has none", func() bool {
		return slices.ContainsFunc(r.sources, func(s logs.Source) bool {
			return s.Pod == "web-2" && s.State == logs.None && strings.Contains(s.Why, "not ended before")
		})
	})
}

// What may not be read says so; the rest is read.
func TestLogsRefused(t *testing.T) {
	e := newEmbedded(t)
	for _, ns := range []string{"a", "b"} {
		e.deployment(ns)
		e.pod(ns, "web-1", 0, "")
		e.says(ns, "web-1", "hello of "+ns)
	}
	e.grant("", "reader", allButEvents()...)
	e.grant("b", "logs", rule("", "pods/log", "get"))
	e.open("demo-dev", Options{})
	r := e.read(logs.Want{Of: []model.Key{web, {Kind: model.Deployment, Namespace: "b", Name: "web"}}})
	r.until("both answers", func() bool {
		return len(r.lines) == 1 && slices.ContainsFunc(r.sources, func(s logs.Source) bool {
			return s.Of == web && s.State == logs.Denied && strings.Contains(s.Why, "pods/log")
		})
	})
	if r.lines[0] != "b/web-1 hello of b" {
		t.Errorf("%q", r.lines)
	}
}

func TestLogsOfNothing(t *testing.T) {
	e := newEmbedded(t)
	e.deployment("a")
	e.open("demo-admin", Options{})
	r := e.read(logs.Want{Of: []model.Key{web, {Kind: model.Deployment, Namespace: "b", Name: "web"}, {Kind: model.Pod, Namespace: "a", Name: "no"}}})
	r.until("all three answers", func() bool { return len(r.sources) == 3 })
	for i, why := range []string{"has no pods", "does not exist", "does not exist"} {
		if s := r.sources[i]; s.State != logs.None || !strings.Contains(s.Why, why) {
			t.Errorf("%+v, want %q", s, why)
		}
	}
}

// A reader that takes its time gets the newest lines and is told how many it
// missed; lines longer than the bound are cut, and the next is whole.
func TestLogsAreBounded(t *testing.T) {
	e := newEmbedded(t)
	e.deployment("a")
	e.pod("a", "web-1", 0, "")
	e.open("demo-admin", Options{})
	r := e.read(logs.Want{Of: []model.Key{web}, Tail: 20})
	for i := range 50 {
		e.says("a", "web-1", fmt.Sprint("old ", i))
	}
	r.until("the tail", func() bool { return len(r.lines) >= 20 })
	held := r.stream.(*logStream)
	for i := range 3 * maxLogWaiting {
		held.put(logs.Line{At: int64(i), Entry: logs.Entry{Text: fmt.Sprint("fast ", i)}})
	}
	r.lines = nil
	r.until("the newest", func() bool { return r.dropped > 0 })
	if n := len(r.lines); n > maxLogWaiting || r.dropped+n < 3*maxLogWaiting || !strings.HasSuffix(r.lines[n-1], fmt.Sprint("fast ", 3*maxLogWaiting-1)) {
		t.Errorf("%d lines, %d dropped, the last %q", n, r.dropped, r.lines[n-1])
	}
	r.lines = nil
	e.says("a", "web-1", strings.Repeat("x", 3*maxLogLine))
	e.says("a", "web-1", "short")
	r.until("both lines", func() bool { return len(r.lines) == 2 })
	if len(r.lines[0]) > maxLogLine || r.lines[1] != "a/web-1 short" {
		t.Errorf("%d bytes, then %q", len(r.lines[0]), r.lines[1])
	}
}

func TestLogsEndWithTheSession(t *testing.T) {
	e := newEmbedded(t)
	e.deployment("a")
	e.pod("a", "web-1", 0, "")
	e.says("a", "web-1", "hello")
	e.open("demo-admin", Options{})
	r := e.read(logs.Want{Of: []model.Key{web}})
	r.until("the first line", r.has("a/web-1 hello"))
	ended := make(chan error, 1)
	go func() {
		_, err := r.stream.Next(context.Background())
		for err == nil {
			_, err = r.stream.Next(context.Background())
		}
		ended <- err
	}()
	e.session.Close() // waits for the readers
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Error("the reader still waits")
	}
	if _, err := e.session.Logs(t.Context(), logs.Want{}); err == nil {
		t.Error("a closed session reads on")
	}
	r.stream.Close()
}

// A thousand lines a second are taken by a sixtieth of a core.
func BenchmarkLogLines(b *testing.B) {
	l := &logStream{wake: make(chan struct{}, 1), matcher: logs.NewMatcher(logs.Filter{Namespaces: []string{"a"}}), sources: map[string]logs.Source{}}
	r := &logReader{l: l, id: containerID{namespace: "a", pod: "p", name: "manager"}}
	line := `2026-11-22T08:19:15.917000001Z {"level":"error","ts":"2026-11-22T08:19:15.917Z","msg":"Reconciliation failed after 56.554417ms, next try in 30s","controller":"kustomization","controllerGroup":"kustomize.toolkit.fluxcd.io","controllerKind":"Kustomization","Kustomization":{"name":"app","namespace":"a"},"namespace":"a","name":"app","reconcileID":"e96eb3d6-d277-461a-b1c9-8358a89ae779","error":"kustomization path not found"}` + "\n"
	b.ReportAllocs()
	for b.Loop() {
		r.take(line)
		if len(l.lines) == 100 {
			l.take()
		}
	}
}
