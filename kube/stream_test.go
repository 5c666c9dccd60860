package kube

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"

	"tenantry/model"
)

type protoMessage interface{ Marshal() ([]byte, error) }

// envelope wraps a message as the API server does.
func envelope(t *testing.T, m protoMessage) []byte {
	t.Helper()
	raw, err := m.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	body, err := (&runtime.Unknown{TypeMeta: runtime.TypeMeta{Kind: "X", APIVersion: "v1"}, Raw: raw}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return append(protoMagic[:], body...)
}

func recordedAsProtobuf(t *testing.T, kind model.Kind) map[string]*model.Object {
	t.Helper()
	text, err := os.ReadFile("testdata/recorded/" + kind.Resource() + ".json")
	if err != nil {
		t.Fatal(err)
	}
	list := map[model.Kind]protoMessage{model.Deployment: &appsv1.DeploymentList{}, model.ReplicaSet: &appsv1.ReplicaSetList{},
		model.Namespace: &corev1.NamespaceList{}, model.RoleBinding: &rbacv1.RoleBindingList{}, model.ServiceAccount: &corev1.ServiceAccountList{},
		model.Event: &corev1.EventList{}, model.Pod: &corev1.PodList{}}[kind]
	if err := json.Unmarshal(text, list); err != nil {
		t.Fatal(err)
	}
	e := entryOf(t, kind)
	out := map[string]*model.Object{}
	meta, err := readList(iotest.HalfReader(bytes.NewReader(envelope(t, list))), func(raw []byte, enc encoding) {
		if enc != encodingProto {
			t.Fatal("taken for JSON")
		}
		o := e.decodeObject(raw, enc)
		out[strings.TrimPrefix(o.Namespace+"/"+o.Name, "/")] = o
	})
	if err != nil || meta.ResourceVersion != "900" || len(out) == 0 {
		t.Fatalf("%v %+v %d", err, meta, len(out))
	}
	return out
}

func TestJSONStreamCutsLists(t *testing.T) {
	items := []string{`{"a":"}]\""}`, `{"b":[1,2,{"c":"\\"}]}`, `{}`, `{"d":"` + strings.Repeat("x", 100_000) + `"}`}
	for _, text := range []string{
		`{"kind":"L","items":[` + strings.Join(items, ",") + `],"metadata":{"resourceVersion":"5","continue":"c"}}`,
		"{ \"metadata\" : {\"resourceVersion\":\"5\",\"continue\":\"c\"} ,\n \"n\":12, \"t\":true, \"items\" : [ " + strings.Join(items, "\n ,") + " ] }\n",
	} {
		for name, r := range map[string]io.Reader{"whole": strings.NewReader(text), "bytes": iotest.OneByteReader(strings.NewReader(text)),
			"eof": iotest.DataErrReader(strings.NewReader(text))} {
			var got []string
			meta, err := readJSONList(r, func(raw []byte) { got = append(got, string(raw)) })
			if err != nil || meta.ResourceVersion != "5" || meta.Continue != "c" {
				t.Fatalf("%s: %v %+v", name, err, meta)
			}
			equal(t, name, got, items)
		}
	}
	if meta, err := readJSONList(strings.NewReader(`{"items":null,"metadata":{"resourceVersion":"5"}}`), func([]byte) { t.Error("item") }); err != nil || meta.ResourceVersion != "5" {
		t.Errorf("null items: %v %+v", err, meta)
	}
}

func TestListsThatBreakOffAreErrors(t *testing.T) {
	whole := `{"items":[{"a":"b"},{"a":"c"}],"metadata":{"resourceVersion":"5"}}`
	for n := range len(whole) - 1 {
		if _, err := readJSONList(strings.NewReader(whole[:n]), func([]byte) {}); n > 0 && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%q: %v", whole[:n], err)
		}
	}
	proto := envelope(t, &corev1.NamespaceList{ListMeta: metav1.ListMeta{ResourceVersion: "5"}, Items: make([]corev1.Namespace, 3)})
	for n := range len(proto) - 4 { // behind the list is the envelope's empty tail
		if _, err := readProtoList(bytes.NewReader(proto[:n]), func([]byte) {}); err == nil {
			t.Errorf("%d of %d bytes are taken for the list", n, len(proto))
		}
	}
}

func FuzzJSONStream(f *testing.F) {
	f.Add(`{"items":[{"a":1},"x",[]],"metadata":{}}`)
	f.Add(`{"a":"\"","items":[]}`)
	f.Fuzz(func(t *testing.T, text string) {
		var want struct {
			Items []json.RawMessage `json:"items"`
		}
		var got []json.RawMessage
		_, err := readJSONList(strings.NewReader(text), func(raw []byte) { got = append(got, bytes.Clone(raw)) })
		if json.Unmarshal([]byte(text), &want) != nil || strings.Count(text, "tems") != 1 || strings.Contains(text, `\u`) {
			return // only that it ends, and does not panic
		}
		if err == nil && len(want.Items) != len(got) {
			t.Errorf("%q: %d items, want %d", text, len(got), len(want.Items))
		}
	})
}

// frames returns a protobuf watch stream.
func frames(t *testing.T, events ...*metav1.WatchEvent) []byte {
	t.Helper()
	var out []byte
	for _, e := range events {
		raw, err := e.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		out = binary.BigEndian.AppendUint32(out, uint32(len(raw)))
		out = append(out, raw...)
	}
	return out
}

func TestWatchStreams(t *testing.T) {
	ns := func(name, rv string) *corev1.Namespace {
		return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, ResourceVersion: rv}}
	}
	end := ns("", "9")
	end.Annotations = map[string]string{initialEventsEnd: "true"}
	gone := &metav1.Status{Status: "Failure", Code: 410, Reason: metav1.StatusReasonExpired, Message: "too old"}
	raw := func(m protoMessage) runtime.RawExtension { return runtime.RawExtension{Raw: envelope(t, m)} }
	proto := frames(t, &metav1.WatchEvent{Type: "ADDED", Object: raw(ns("a", "7"))}, &metav1.WatchEvent{Type: "DELETED", Object: raw(ns("a", "8"))},
		&metav1.WatchEvent{Type: "BOOKMARK", Object: raw(end)}, &metav1.WatchEvent{Type: "ERROR", Object: raw(gone)})
	text := `{"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"7"}}}
{"type":"DELETED","object":{"metadata":{"name":"a","resourceVersion":"8"}}}
{"object":{"metadata":{"resourceVersion":"9","annotations":{"k8s.io/initial-events-end":"true"}}},"type":"BOOKMARK"}
{"type":"ERROR","object":{"status":"Failure","code":410,"reason":"Expired","message":"too old"}}
`
	for name, body := range map[string][]byte{"protobuf": proto, "json": []byte(text)} {
		w := newWatchStream(entryOf(t, model.Namespace), io.NopCloser(iotest.OneByteReader(bytes.NewReader(body))), func() {})
		go w.run()
		var got []string
		for e := range w.ResultChan() {
			switch o := e.Object.(type) {
			case *item:
				got = append(got, string(e.Type)+" "+o.GetName()+" "+o.GetResourceVersion()+" "+o.GetAnnotations()[initialEventsEnd])
			case *metav1.Status:
				got = append(got, string(e.Type)+" "+o.Message)
			}
		}
		equal(t, name, got, []string{"ADDED a 7 ", "DELETED a 8 ", "BOOKMARK  9 true", "ERROR too old"})
	}
}

func TestBrokenWatchStreams(t *testing.T) {
	run := func(r io.Reader) (events []watch.Event, broken error) {
		w := newWatchStream(entryOf(t, model.Namespace), io.NopCloser(r), func() {})
		w.onBroken = func(err error) { broken = err }
		go w.run()
		for e := range w.ResultChan() {
			events = append(events, e)
		}
		return events, broken
	}
	if events, broken := run(io.MultiReader(strings.NewReader(`{"type":"ADDED"`), iotest.ErrReader(errors.New("connection reset")))); broken == nil || len(events) != 0 {
		t.Errorf("reset: %v %v", broken, events)
	}
	if events, broken := run(strings.NewReader(`{"type":"ADDED","object":{"metadata":{}}} ] `)); broken != nil || len(events) != 1 || events[0].Type != watch.Error {
		t.Errorf("nonsense has to start over with a list: %v %v", broken, events)
	}
}
