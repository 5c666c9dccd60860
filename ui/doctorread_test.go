package ui

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/doctor"
	"tenantry/model/why"
	"tenantry/ui/uitest"
)

// onRequest is a session that reads what is wanted when it is.
type onRequest struct {
	*uitest.Session
	give  func(model.Want) model.Batch
	lists int // scopes that were begun
}

func (c *onRequest) Want(wants []model.Want) {
	before := c.Wanted()
	c.Session.Want(wants)
	for _, w := range wants {
		if !slices.Contains(before, w) {
			c.lists++
			c.Push(c.give(w))
		}
	}
}

// down is a Deployment past its deadline.
func down(ns string) *model.Object {
	o := uitest.Deployment(ns, "web", 12, 4, 1, 0, 0)
	o.Conditions = []model.Condition{{Type: "Progressing", Status: "False", Reason: "ProgressDeadlineExceeded", LastTransition: uitest.Ago(time.Hour)},
		{Type: "Available", Status: "False", Reason: "MinimumReplicasUnavailable", LastTransition: uitest.Ago(time.Hour)}}
	return o
}

func crashingPod(ns string) []*model.Object {
	return []*model.Object{uitest.ReplicaSet(ns, "web", "7c44", 3, "ghcr.io/acme/web:2", 0, time.Hour),
		uitest.Pod(ns, "web", "7c44", "aaaaa", model.PodContainer{Name: "web", Image: "ghcr.io/acme/web:2", Restarts: 7, State: model.ContainerWaiting, Reason: "CrashLoopBackOff",
			Last: &model.Termination{Reason: "Error", ExitCode: 2, Message: "starting\npanic: no DATABASE_URL"}})}
}

func brokenWorkloads(n int) (*uitest.Cluster, *onRequest) {
	c := uitest.NewCluster("prod-eu").Controllers().PlatformSync()
	for i := range n {
		ns := fmt.Sprintf("t%02d", i)
		c.Tenant(ns).Put(down(ns))
	}
	s := &onRequest{Session: uitest.NewSession(c.Batch)}
	s.give = func(w model.Want) model.Batch {
		b := (&uitest.Cluster{}).Watch(w.Namespace, w.Kind)
		if w.Kind == model.Pod {
			b.Put(crashingPod(w.Namespace)...)
		}
		return b.Batch
	}
	return c, s
}

// What keeps a pod from running is told as the page Why tells it, of a workload
// of the same name in each namespace.
func TestDoctorReadsThePodsOfWhatDoesNotRun(t *testing.T) {
	_, session := brokenWorkloads(2)
	s := model.NewStore(uitest.NewClock().Now)
	if err := Collect(t.Context(), session, s, time.Minute); err != nil {
		t.Fatal(err)
	}
	r, err := examineClosely(t.Context(), session, s)
	if err != nil {
		t.Fatal(err)
	}
	const crash = "does not run: web crashes with exit code 2: panic: no DATABASE_URL, restarted 7 times"
	for _, ns := range []string{"t00", "t01"} {
		i := slices.IndexFunc(r.Causes, func(c doctor.Cause) bool { return c.Object.Namespace == ns })
		if i < 0 || r.Causes[i].Object.Kind != "Pod" || r.Causes[i].Words != "Deployment "+ns+"/web "+crash {
			t.Fatalf("%s: %+v", ns, r.Causes)
		}
		if said := why.Row(s, ns).Faults[0].Words; said != r.Causes[i].Words {
			t.Errorf("the page Why says %q, doctor %q", said, r.Causes[i].Words)
		}
	}
	if len(r.NotRead) > 0 || session.lists != 2 {
		t.Errorf("%v, %d lists", r.NotRead, session.lists)
	}
}

// The pods of the worst are read, however many there are, and it is said of how
// many more they are not.
func TestDoctorReadsPodsOfTheWorstOnly(t *testing.T) {
	_, session := brokenWorkloads(maxPodNamespaces + 5)
	s := model.NewStore(uitest.NewClock().Now)
	if err := Collect(t.Context(), session, s, time.Minute); err != nil {
		t.Fatal(err)
	}
	r, err := examineClosely(t.Context(), session, s)
	if err != nil || session.lists != maxPodNamespaces {
		t.Errorf("%v, %d lists, want %d", err, session.lists, maxPodNamespaces)
	}
	if len(r.NotRead) != 1 || !strings.Contains(r.NotRead[0], "pods in 5 more namespaces") || !strings.Contains(r.NotRead[0], "t24") {
		t.Errorf("%v", r.NotRead)
	}
	var b bytes.Buffer
	if err := PrintDoctor(&b, r, "text", StatusOptions{Width: 100}); err != nil || !strings.Contains(b.String(), "5 more namespaces") {
		t.Errorf("%v\n%s", err, b.String())
	}
}

// Pods that may not be read, or events that are needed as well: the first is
// said, the second is read after them.
func TestDoctorWithoutPods(t *testing.T) {
	_, session := brokenWorkloads(1)
	var asked []model.Want
	session.give = func(w model.Want) model.Batch {
		asked = append(asked, w)
		if w.Kind == model.Pod {
			return model.Batch{Scopes: []model.ScopeStatus{{Kind: w.Kind, Namespace: w.Namespace, State: model.ScopeDenied, Verb: "list"}}}
		}
		return (&uitest.Cluster{}).Watch(w.Namespace, w.Kind).Put(uitest.Event(model.Key{Kind: model.Deployment, Namespace: w.Namespace, Name: "web"}, "Warning", "FailedCreate",
			`Error creating: pods "web-1" is forbidden: exceeded quota: compute, requested: pods=1`, "replicaset-controller", 5, time.Minute)).Batch
	}
	var b bytes.Buffer
	err := Doctor(t.Context(), session, &b, StatusRun{Format: "text", Limit: 20 * time.Second})
	if !errors.Is(err, ErrUnhealthy) || !strings.Contains(b.String(), "pods in t00: not readable by you") || !strings.Contains(b.String(), "no quota left: compute") {
		t.Errorf("%v\n%s", err, b.String())
	}
	if len(asked) != 2 {
		t.Errorf("asked for %v", asked)
	}
}

// rollingOut is a cluster whose tenant b rolls an image out, its deadline not
// over; c has a workload of the same name that runs.
func rollingOut(pods ...model.PodContainer) *onRequest {
	c := uitest.NewCluster("prod-eu").Controllers().PlatformSync().Tenant("b").Tenant("c")
	web := uitest.Deployment("b", "web", 12, 3, 1, 3, 3)
	web.Conditions = []model.Condition{{Type: "Progressing", Status: "True", Reason: "ReplicaSetUpdated", LastTransition: uitest.Ago(time.Minute)}}
	c.Put(web)
	s := &onRequest{Session: uitest.NewSession(c.Batch)}
	s.give = func(w model.Want) model.Batch {
		b := (&uitest.Cluster{}).Watch(w.Namespace, w.Kind)
		if w.Kind == model.Pod {
			b.Put(uitest.ReplicaSet(w.Namespace, "web", "7c44", 3, "ghcr.io/acme/web:2", 0, time.Minute), uitest.Pod(w.Namespace, "web", "7c44", "aaaaa", pods...))
		}
		return b.Batch
	}
	return s
}

// Nobody has given up on a rollout yet, and its pods show that it does not come:
// the cluster is not as it should be. Whoever may not read pods is told that it
// can't be told.
func TestDoctorTellsARolloutThatIsStuckAtThePod(t *testing.T) {
	closely := func(session *onRequest) *doctor.Report {
		t.Helper()
		s := model.NewStore(uitest.NewClock().Now)
		if err := Collect(t.Context(), session, s, time.Minute); err != nil {
			t.Fatal(err)
		}
		r, err := examineClosely(t.Context(), session, s)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := closely(rollingOut(model.PodContainer{Name: "web", Image: "ghcr.io/acme/web:2", State: model.ContainerWaiting, Reason: "ImagePullBackOff",
		Message: `Back-off pulling image "ghcr.io/acme/web:2"`}))
	if r.Verdict != doctor.Unhealthy || r.Broken != 1 || len(r.Causes) != 1 {
		t.Fatalf("%s, %d broken, %+v", r.Verdict, r.Broken, r.Causes)
	}
	if c := r.Causes[0]; c.Severity != doctor.Warning || c.Words != "Deployment b/web is rolling out, stuck at the pod: can't pull ghcr.io/acme/web:2" ||
		strings.Join(c.Breaks, " ") != "b" {
		t.Errorf("%+v", c)
	}
	if !strings.Contains(r.Summary(), "Not healthy: 1 of 2 tenants, by one cause") {
		t.Error(r.Summary())
	}
	starting := rollingOut(model.PodContainer{Name: "web", Image: "ghcr.io/acme/web:2", State: model.ContainerWaiting, Reason: "ContainerCreating"})
	if r := closely(starting); r.Verdict != doctor.Healthy || starting.lists == 0 {
		t.Errorf("one that goes well is %s, %d lists: %+v", r.Verdict, starting.lists, r.Causes)
	}
	refused := rollingOut()
	refused.give = func(w model.Want) model.Batch {
		return model.Batch{Scopes: []model.ScopeStatus{{Kind: w.Kind, Namespace: w.Namespace, State: model.ScopeDenied, Verb: "list"}}}
	}
	if r := closely(refused); r.Verdict != doctor.Unknown || len(r.NotRead) == 0 {
		t.Errorf("unread pods make it %s: %v", r.Verdict, r.NotRead)
	}
}
