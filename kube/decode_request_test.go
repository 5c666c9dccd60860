package kube

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"tenantry/model"
)

// The recorded events and pods are those of the lab's tenant dev after a push,
// with a crashing pod, one whose image can't be pulled and one for which there
// is no node. The scheduler writes through events.k8s.io, the others do not.

func TestRecordedEvents(t *testing.T) {
	all := recorded(t, model.Event)
	applied := all["fluxdemo-dev/git-dev.18eabe0286fda334"]
	equal(t, "of a push", applied.Detail, &model.EventDetail{Type: "Normal", Reason: "Progressing",
		Message:   "Deployment/fluxdemo-dev/kcheck configured",
		Regarding: model.Ref{Kind: "Kustomization", Namespace: "fluxdemo-dev", Name: "git-dev"}, RegardingUID: applied.Detail.(*model.EventDetail).RegardingUID,
		Controller: "kustomize-controller", Count: 1, First: 1795456319, Last: 1795456319,
		Revision: "main@sha1:af6dd981e86eea039454f6c7aafa8a19944952ac"})
	if applied.Detail.(*model.EventDetail).RegardingUID == "" || applied.Annotations != nil || applied.Labels != nil {
		t.Errorf("kept the wrong things: %s", show(applied))
	}
	if r := all["fluxdemo-dev/git-demo-dev.18eabe01ad4e09bc"].Detail.(*model.EventDetail).Revision; r != "main@sha1:af6dd981e86eea039454f6c7aafa8a19944952ac" {
		t.Errorf("a source's revision: %q", r)
	}
	s := all["fluxdemo-dev/nowhere.18eabe00e4f6cff9"].Detail.(*model.EventDetail)
	if s.Type != "Warning" || s.Controller != "default-scheduler" || s.First != 1795456312 || s.Last != s.First || s.Count != 1 || !strings.HasPrefix(s.Message, "0/1 nodes") {
		t.Errorf("written through events.k8s.io: %s", show(s))
	}
	for name, o := range recordedAsProtobuf(t, model.Event) {
		equal(t, name, o, all[name])
	}
}

func TestRecordedPods(t *testing.T) {
	all := recorded(t, model.Pod)
	o := all["fluxdemo-dev/kcheck-59db4c95b8-7dwwk"]
	d := o.Detail.(*model.PodDetail)
	if d.Phase != "Running" || d.Ready || d.Node != "lab-node" || d.Scheduled.Status != "True" || o.Labels.Get(model.LabelPodTemplateHash) != "59db4c95b8" {
		t.Errorf("crashing: %s", show(o))
	}
	equal(t, "owner", d.Owner, model.PodOwner{Kind: "ReplicaSet", Name: "kcheck-59db4c95b8", UID: "7245e7e2-308b-4beb-a971-200d261b434f"})
	equal(t, "container", d.Containers, []model.PodContainer{{Name: "kcheck", Image: "ghcr.io/wolcn/kcheck:1.0.2", Started: true, Restarts: 3,
		State: model.ContainerRunning, Since: 1795456344}})
	image := all["fluxdemo-dev/kcheck-59db4c95b8-fvzh8"].Detail.(*model.PodDetail).Containers[0]
	if image.State != model.ContainerWaiting || image.Reason != "ImagePullBackOff" {
		t.Errorf("image: %s", show(image))
	}
	n := all["fluxdemo-dev/nowhere"].Detail.(*model.PodDetail)
	if n.Node != "" || n.Scheduled.Status != "False" || n.Scheduled.Reason != "Unschedulable" || !strings.HasPrefix(n.Scheduled.Message, "0/1 nodes") || len(n.Containers) != 3 {
		t.Errorf("unschedulable: %s", show(n))
	}
	equal(t, "init containers come first", n.Containers[:2], []model.PodContainer{{Name: "setup", Image: "busybox:1", Init: true},
		{Name: "mesh", Image: "mesh:1", Init: true, Sidecar: true}})
	for name, o := range recordedAsProtobuf(t, model.Pod) {
		equal(t, name, o, all[name])
	}
}

// both decodes an object written as JSON and as protobuf and wants the same.
func both(t *testing.T, kind model.Kind, in interface{ Marshal() ([]byte, error) }) *model.Object {
	t.Helper()
	raw, err := in.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	fromProto := entryOf(t, kind).decodeObject(raw, encodingProto)
	o := decodeTyped(t, kind, in)
	equal(t, "protobuf against JSON", fromProto, o)
	return o
}

func TestEventsInEveryDress(t *testing.T) {
	later := metav1.Time{Time: at.Add(time.Minute)}
	of := func(name string, e corev1.Event) corev1.Event {
		e.ObjectMeta = metav1.ObjectMeta{Name: name, Namespace: "ns", CreationTimestamp: at, Annotations: e.Annotations}
		return e
	}
	cases := []struct {
		event corev1.Event
		want  model.EventDetail
	}{
		{of("counted", corev1.Event{FirstTimestamp: at, LastTimestamp: later, Count: 7, Source: corev1.EventSource{Component: "c"}, ReportingController: "r"}),
			model.EventDetail{Controller: "c", Count: 7, First: 1795335554, Last: 1795335614}},
		{of("series", corev1.Event{EventTime: metav1.NewMicroTime(at.Time), ReportingController: "r",
			Series: &corev1.EventSeries{Count: 3, LastObservedTime: metav1.NewMicroTime(later.Time)}}),
			model.EventDetail{Controller: "r", Count: 3, First: 1795335554, Last: 1795335614}},
		{of("timeless", corev1.Event{}), model.EventDetail{Count: 1, First: 1795335554, Last: 1795335554}},
		{of("helm", corev1.Event{ObjectMeta: metav1.ObjectMeta{Annotations: map[string]string{"helm.toolkit.fluxcd.io/revision": "6.0.0", "x": "y"}}}),
			model.EventDetail{Count: 1, First: 1795335554, Last: 1795335554, Revision: "6.0.0"}},
		{of("instance", corev1.Event{ObjectMeta: metav1.ObjectMeta{Annotations: map[string]string{"fluxcd.controlplane.io/revision": "v2"}},
			InvolvedObject: corev1.ObjectReference{Kind: "FluxInstance", Namespace: "ns", Name: "flux", UID: "u"}}),
			model.EventDetail{Count: 1, First: 1795335554, Last: 1795335554, Revision: "v2", RegardingUID: "u",
				Regarding: model.Ref{Kind: "FluxInstance", Namespace: "ns", Name: "flux"}}},
		// Another group's kind of the same name is not the one that is read.
		{of("foreign", corev1.Event{InvolvedObject: corev1.ObjectReference{APIVersion: "s3.aws.example.org/v1beta1", Kind: "Bucket", Namespace: "ns", Name: "files"}}),
			model.EventDetail{Count: 1, First: 1795335554, Last: 1795335554, Regarding: model.Ref{Kind: "Bucket.s3.aws.example.org", Namespace: "ns", Name: "files"}}},
		{of("ours", corev1.Event{InvolvedObject: corev1.ObjectReference{APIVersion: "source.toolkit.fluxcd.io/v1", Kind: "Bucket", Namespace: "ns", Name: "files"}}),
			model.EventDetail{Count: 1, First: 1795335554, Last: 1795335554, Regarding: model.Ref{Kind: "Bucket", Namespace: "ns", Name: "files"}}},
		{of("core", corev1.Event{InvolvedObject: corev1.ObjectReference{APIVersion: "v1", Kind: "Namespace", Name: "ns"}}),
			model.EventDetail{Count: 1, First: 1795335554, Last: 1795335554, Regarding: model.Ref{Kind: "Namespace", Name: "ns"}}},
	}
	for _, c := range cases {
		t.Run(c.event.Name, func(t *testing.T) {
			equal(t, "detail", both(t, model.Event, &c.event).Detail, &c.want)
		})
	}
}

func TestPodContainers(t *testing.T) {
	started := true
	in := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "a", Namespace: "ns", DeletionTimestamp: &at}, Spec: corev1.PodSpec{
		Containers: []corev1.Container{{Name: "new", Image: "i"}, {Name: "done", Image: "i"}, {Name: "loop", Image: "i"}}},
		Status: corev1.PodStatus{Phase: "Failed", Reason: "Evicted", Message: "the node was low on memory", ContainerStatuses: []corev1.ContainerStatus{
			{Name: "loop", Image: "sha256:x", RestartCount: 4, Started: &started,
				State:                corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "CrashLoopBackOff", Message: "back-off 40s"}},
				LastTerminationState: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{ExitCode: 137, Reason: "OOMKilled", FinishedAt: at}}},
			{Name: "done", State: corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{ExitCode: 1, Reason: "Error", Message: "m", FinishedAt: at}}},
			{Name: "unknown", Ready: true},
		}}}
	o := both(t, model.Pod, in)
	equal(t, "detail", o.Detail, &model.PodDetail{Phase: "Failed", Reason: "Evicted", Message: "the node was low on memory", Containers: []model.PodContainer{
		{Name: "new", Image: "i"},
		{Name: "done", Image: "i", State: model.ContainerTerminated, Reason: "Error", Message: "m", ExitCode: 1, Since: 1795335554},
		{Name: "loop", Image: "i", Started: true, Restarts: 4, State: model.ContainerWaiting, Reason: "CrashLoopBackOff", Message: "back-off 40s",
			Last: &model.Termination{Reason: "OOMKilled", ExitCode: 137, Finished: 1795335554}},
	}})
	if o.Deleting != 1795335554 {
		t.Errorf("deleting: %d", o.Deleting)
	}
}

// Whatever the bytes are, they become an object of the kind, and no list or
// watch ends for them.
func FuzzDecodeOnRequest(f *testing.F) {
	for _, kind := range model.KindsOnRequest() {
		text, err := os.ReadFile("testdata/recorded/" + kind.Resource() + ".json")
		if err != nil {
			f.Fatal(err)
		}
		var list struct{ Items []json.RawMessage }
		if err := json.Unmarshal(text, &list); err != nil {
			f.Fatal(err)
		}
		for _, item := range list.Items {
			f.Add([]byte(item))
		}
	}
	for _, in := range []interface{ Marshal() ([]byte, error) }{
		&corev1.Event{ObjectMeta: metav1.ObjectMeta{Name: "a"}, Count: 2, Series: &corev1.EventSeries{}, LastTimestamp: at},
		&corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "a"}, Status: corev1.PodStatus{ContainerStatuses: []corev1.ContainerStatus{{Name: "c"}}}}} {
		raw, err := in.Marshal()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Add([]byte(`{"metadata":{"name":"a"},"involvedObject":[],"spec":{"containers":{}}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, kind := range model.KindsOnRequest() {
			e := wantable(kind)
			for _, enc := range []encoding{encodingJSON, encodingProto} {
				o := e.decodeObject(bytes.Clone(raw), enc)
				if o == nil || o.Kind != kind || o.Undecodable == "" && o.Detail == nil {
					t.Errorf("%s: %s", kind, show(o))
				}
				if strings.Contains(o.Undecodable, "panicked") && enc == encodingJSON {
					t.Errorf("%s panicked: %s", kind, o.Undecodable)
				}
			}
		}
	})
}

func TestRecordedNodes(t *testing.T) {
	o := recorded(t, model.Node)["node-0"]
	equal(t, "detail", o.Detail, &model.NodeDetail{Unschedulable: true,
		Taints: []string{"node.kubernetes.io/unschedulable:NoSchedule", "team=a:NoExecute"}})
	if c := o.Condition("Ready"); c == nil || c.Status != "Unknown" || c.Reason != "NodeStatusUnknown" || c.LastTransition == 0 {
		t.Errorf("conditions: %s", show(o.Conditions))
	}
}
