package ui

import (
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

func staleLease(name string) *model.Object {
	return uitest.Object(model.Lease, "flux-system", name+"-leader-election", &model.LeaseDetail{Holder: "x", DurationSeconds: 35,
		RenewedMS: uitest.Start.Add(-time.Hour).UnixMilli()})
}

func rolling() *model.Object {
	o := uitest.Deployment("a", "web", 5, 4, 2, 2, 2)
	o.Conditions = []model.Condition{{Type: "Progressing", Status: "True", Reason: "ReplicaSetUpdated", LastTransition: uitest.Ago(10 * time.Second)}}
	return o
}

// While its controller is not at work, nothing helps a row but that.
func TestAdviceKnowsADeadController(t *testing.T) {
	c := func() *uitest.Cluster {
		return uitest.NewCluster("prod").Controllers().PlatformSync().Tenant("a").Put(rolling())
	}
	d := newDesk(t, 160, 40, Options{}, c())
	d.jumpTo("a")
	d.wants("Wait; x reads what its new pods wait for.")
	d.misses("Nothing to do but wait", "is not at work")
	d = newDesk(t, 160, 40, Options{}, c().Put(staleLease("kustomize-controller")))
	d.jumpTo("a")
	d.wants("Nothing of this moves until kustomize-controller is at work again", "its lease was last renewed at")
	d.misses("Nothing to do but wait", "Wait; x")
}

// The platform's row leads with a dead controller, once, and its advice is
// about that, not about what looks worse.
func TestThePlatformsAdviceIsAboutTheDeadController(t *testing.T) {
	set := uitest.Object(model.ResourceSet, "flux-system", "bad-template", &model.Sync{Interval: 3600},
		uitest.Condition("Stalled", "True", "BuildFailed", "failed to build resources: template: x", time.Hour),
		uitest.Failing("BuildFailed", "failed to build resources: template: x", time.Hour))
	d := newDesk(t, 160, 40, Options{}, uitest.NewCluster("prod").Controllers().PlatformSync().Tenant("a").Put(set, staleLease("source-controller")))
	d.press("home")
	d.wants("Nothing of this moves until source-controller is at work again")
	d.misses("its spec has to change")
	if n := strings.Count(d.screen(), "source-controller is not at work"); n > 2 { // its row and its pane
		t.Errorf("said %d times:\n%s", n, d.screen())
	}
}

// What its new pods wait for is said where they are read, and is to be mended.
func TestAdviceKnowsWhatPodsWaitFor(t *testing.T) {
	d := newDesk(t, 160, 40, Options{}, uitest.NewCluster("prod").Controllers().PlatformSync().Tenant("a").Put(rolling()))
	d.feed((&uitest.Cluster{}).Watch("a", model.Pod).Put(uitest.ReplicaSet("a", "web", "7c44", 3, "x", 2, time.Minute),
		uitest.Pod("a", "web", "7c44", "aaaaa", model.PodContainer{Name: "web", Image: "reg/web:9", State: model.ContainerWaiting, Reason: "ImagePullBackOff",
			Message: "reg/web:9: not found"})).Batch)
	d.pass(time.Second)
	d.jumpTo("a")
	d.wants("Deployment web waits: can't pull reg/web:9", "Mend what its new pods wait for")
}

// What a source that fails has not fetched nobody knows: what runs is not
// called old.
func TestTheNewestKnownIsNotCalledOld(t *testing.T) {
	d := newDesk(t, 160, 40, Options{}, uitest.NewCluster("prod").Controllers().PlatformSync().Tenant("a").
		Put(uitest.Git("a", "a", "https://github.com/acme/a", uitest.Rev1, uitest.Failing("GitOperationFailed", "unable to clone 'x': authentication required", time.Hour))))
	d.visit(newSyncs(&d.App.env))
	d.wants("What runs goes on; nothing new comes: mend or resume its source.")
	d.misses("old revision")
}
