package ui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// explained is prod-eu with nothing wrong but what the test says, and a tenant
// with two faults.
func explained() *uitest.Cluster {
	c := uitest.Prod()
	c.Put(uitest.Object(model.ServiceAccount, "flux-system", "flux-system", &model.Account{}), uitest.Deployment("flux-system", "web", 1, 1, 1, 1, 0))
	for _, ch := range c.Changes {
		if ch.Key == (model.Key{Kind: model.GitRepository, Namespace: "flux-system", Name: "flux-system"}) {
			ch.Object.Detail.(*model.Source).Secrets = []model.Pair{{Name: "secretRef", Value: "flux-system"}}
		}
	}
	stuck := uitest.Deployment("audit", "web", 5, 2, 1, 0, 0)
	stuck.Conditions = []model.Condition{{Type: "Progressing", Status: "False", Reason: "ProgressDeadlineExceeded", LastTransition: uitest.Ago(time.Hour)},
		{Type: "Available", Status: "False", Reason: "MinimumReplicasUnavailable", LastTransition: uitest.Ago(time.Hour)}}
	return c.Put(stuck, uitest.Git("audit", "audit", "https://github.com/acme/audit", uitest.Rev1,
		uitest.Failing("GitOperationFailed", "failed to checkout and determine revision: unable to list remote for 'https://github.com/acme/audit': authentication required: no", 2*time.Hour)))
}

func TestWhy(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, explained())
	d.press("x")
	d.wants("platform ▸ Why", "The platform's sync cannot fetch: secret flux-system/flux-system does not exist, since 00:58:14",
		"└ Secret flux-system/flux-system", "starts here", "ruled out  source-controller (lease fresh)", "not tried  name lookup, network, host key")
	if row := d.row(); !strings.Contains(row, "Secret flux-system/flux-system") {
		t.Errorf("the cursor is on %q, want where it starts", row)
	}
	// What helps asks the server whether you may; a key that is not built is not shown.
	d.wants("R  then fetch again", "yes")
	if got := d.page().(*whyPage).meant(); got.key.Kind != model.GitRepository {
		t.Errorf("actions are meant for %+v, want the source whose secret is gone", got)
	}
	d.press("up", "enter")
	d.wants("GitRepository flux-system", "Describe")
	d.press("esc", "d")
	d.wants("GitRepository flux-system")
	d.press("esc", "y")
	if d.page().(*objectPage).view != viewYAML {
		t.Error("y does not show the YAML of the link")
	}
	d.press("esc", "esc")
	d.wants("1 Tenants")
	// A tenant nothing is wrong with.
	d.press("/")
	d.typ("accounts")
	d.press("enter", "x")
	d.wants("accounts ▸ Why", "Nothing is wrong with accounts.", "Newest commit seen: 41aaea2")
	d.misses("CHAIN", "FIX")
}

func TestWhyTwoFaults(t *testing.T) {
	d := newDesk(t, 120, 60, Options{}, explained())
	d.press("/")
	d.typ("audit")
	d.press("enter", "x")
	d.wants("2 independent causes", "CHAIN 1 of 2", "CHAIN 2 of 2", "the Git host github.com wants a login (401)", "Deployment audit/web")
	d.press("G")
	if row := d.row(); !strings.Contains(row, "Deployment audit/web") {
		t.Errorf("the last link is %q", row)
	}
}

// What would tell more is read for as long as the page is open, and never more
// than five requests' worth: a list and a watch each, and the reviews.
func TestWhyAsksForLittle(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, explained())
	d.press("/")
	d.typ("audit")
	d.press("enter", "x")
	wanted := func() string { return fmt.Sprint(d.wanted()) }
	pods := model.Want{Kind: model.Pod, Namespace: "audit"}
	if !slices.Contains(d.wanted(), pods) {
		t.Fatalf("its pods are not asked for: %s", wanted())
	}
	p := d.page().(*whyPage)
	d.feed((&uitest.Cluster{}).Watch("audit", model.Pod).Put(uitest.ReplicaSet("audit", "web", "7c44", 3, "x", 0, time.Hour),
		uitest.Pod("audit", "web", "7c44", "aaaaa", model.PodContainer{Name: "web", Image: "reg/web:9", State: model.ContainerWaiting, Reason: "ImagePullBackOff",
			Message: "reg/web:9: not found"})).Batch)
	d.wants("can't pull reg/web:9: no such image or tag", "Pod audit/web-7c44-aaaaa")
	if !slices.Contains(d.wanted(), pods) {
		t.Errorf("the pods are let go while they are looked at: %s", wanted())
	}
	if n := 2*len(p.wanted) + len(p.needs()); n > 5 {
		t.Errorf("%d requests: %s and %v", n, wanted(), p.needs())
	}
	d.press("esc")
	if len(d.wanted()) > 0 {
		t.Errorf("after it is closed %s are wanted", wanted())
	}
}

func TestWhyIsCopied(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, explained())
	d.press("x")
	for range 8 {
		d.press("c")
		if strings.HasPrefix(d.notice, "copied explanation") {
			if text := d.page().(*whyPage).plain(); !strings.Contains(text, "CHAIN\n") || !strings.Contains(text, "Secret/flux-system/flux-system  Missing") {
				t.Errorf("%s", text)
			}
			return
		}
	}
	t.Error("c never comes to the explanation")
}

// Whoever is asked about what is not allowed says so, and folded evidence is
// unfolded by its key.
func TestWhyAt80Columns(t *testing.T) {
	d := newDesk(t, 80, 24, Options{}, explained())
	d.press("x")
	d.wants("→ shows all of it", "FIX", "YOU MAY")
	d.misses("ruled out")
	d.press("right")
	d.wants("ruled out")
	d.press("left")
	d.misses("ruled out")
}

// Sources of many tenants that can't get through to one host have one cause;
// another host's are not among them.
func TestOneHostIsOneCause(t *testing.T) {
	c := uitest.Prod()
	down := func(name, host string) {
		c.Tenant(name).Put(uitest.Git(name, name, "https://"+host+"/"+name, uitest.Rev1, uitest.Failing("GitOperationFailed",
			"failed to checkout and determine revision: unable to list remote for 'https://"+host+"/"+name+"': dial tcp 203.0.113.7:443: i/o timeout", time.Minute)))
	}
	for _, name := range []string{"out-a", "out-b", "out-c"} {
		down(name, "git.acme.io")
	}
	down("else-a", "git.else.io")
	down("else-b", "git.else.io")
	d := newDesk(t, 120, 40, Options{}, c)
	d.wants("git.acme.io: no answer in time", "else-a", "else-b")
	d.misses("out-a")
	d.press("/")
	d.typ("out-b")
	d.press("enter")
	d.press("esc")
	rows := strings.Count(d.screen(), "3 tenants")
	if rows == 0 {
		t.Errorf("no row for three tenants:\n%s", d.screen())
	}
}

// Why something is suspended is said once.
func TestSuspendedSaysItsReasonOnce(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.jumpTo("team-x")
	label, said, ok := d.drawnPane()
	if !ok || label != "WHY" || strings.Count(said, "freeze") != 1 || !strings.Contains(said, "kingdon") {
		t.Errorf("%s %q", label, said)
	}
}

// What is Ready and yet has a cause is not said to be on an old revision, nor to
// have been so since it became Ready.
func TestReadyWithACauseIsNotOld(t *testing.T) {
	c := uitest.Prod()
	k := uitest.Sync("audit", "audit", "./deploy", uitest.Rev1)
	k.Detail.(*model.Sync).ServiceAccount = "nobody"
	d := newDesk(t, 120, 40, Options{}, c.Put(k))
	d.open(newWhyPage(&d.env, spot{tenant: "audit", key: k.Key}))
	d.press("ctrl+l")
	d.wants("service account audit/nobody does not exist", "Ready")
	d.misses("Ready, old", "does not exist, since")
}

// Asking on the page of a row for the same row again opens nothing.
func TestWhyOfARowOpensOnce(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.NewCluster("prod-eu").Controllers().PlatformSync().Tenant("a"))
	d.jumpTo("a")
	d.press("x")
	d.wants("a ▸ Why")
	depth := len(d.pages)
	d.press("x")
	if len(d.pages) != depth {
		t.Errorf("%d pages, were %d", len(d.pages), depth)
	}
}

// A heading has something under it: a fault nothing but the chain tells of has
// no evidence.
func TestWhyDrawsNoEmptyHeading(t *testing.T) {
	c := explained()
	c.Changes = slices.DeleteFunc(c.Changes, func(ch model.ObjectChange) bool {
		return ch.Key == model.Key{Kind: model.Deployment, Namespace: "accounts", Name: "web"}
	})
	for _, w := range []int{80, 120} {
		d := newDesk(t, w, 60, Options{}, c)
		d.press("/")
		d.typ("accounts")
		d.press("enter", "x")
		d.wants("accounts ▸ Why", "is not there any more", "FIX")
		d.misses("EVIDENCE")
		if text := d.page().(*whyPage).plain(); strings.Contains(text, "EVIDENCE") || !strings.Contains(text, "FIX\n") {
			t.Errorf("%s", text)
		}
	}
}
