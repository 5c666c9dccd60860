package ui

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// lostDesk adds the tenant shop; the answer to one write is lost.
func lostDesk(t *testing.T, lost string, o Options) *fakeInstance {
	t.Helper()
	f := &fakeInstance{desk: newDesk(t, 120, 40, o, uitest.Synced().Put(uitest.Namespace("shop", "")))}
	f.act("+")
	f.toField("NAME", "shop")
	f.toField("REPO", "https://github.com/acme/shop")
	f.toField("PODS", "20")
	f.push("Next")
	f.says("2 of 2")
	once := true
	f.session.OnWrite(func(w model.Write) (*model.Written, error) {
		if w.Ref.String() == lost && !w.DryRun && once {
			once = false
			return nil, &model.WriteError{Reason: model.WriteNoAnswer, Text: lost + ": no answer"}
		}
		if k, ok := w.Ref.Key(); ok && !w.DryRun && f.store.Get(k) == nil {
			f.put(uitest.Object(k.Kind, k.Namespace, k.Name, nil))
		}
		return &model.Written{UID: w.UID}, nil
	})
	f.push("Add")
	return f
}

func (d *desk) waitFor(t time.Duration) {
	for ; t > 0; t -= time.Second {
		d.clock.Pass(time.Second)
		d.settle(tickMsg{d.clock.T})
	}
}

func (f *fakeInstance) names() (out []string) {
	for _, w := range f.sent() {
		out = append(out, w.Ref.String())
	}
	return out
}

// shows is what a reading of a namespace says of who applied to it.
func (f *fakeInstance) shows(ref model.ObjectRef, manager string, labels string) {
	f.session.SetDocument(ref, &model.Document{ObjectRef: ref, YAML: "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {" + labels + "}}\n",
		Owners: []model.FieldOwner{{Path: `.metadata.labels["a"]`, Manager: manager, Operation: "Apply", Time: uitest.Ago(time.Hour)}}}, nil)
}

// That an object is there does not prove that what was sent of it arrived.
func TestAnApplyWithoutAnAnswerIsLookedFor(t *testing.T) {
	j := &memoryJournal{}
	f := lostDesk(t, "Namespace/shop", Options{Journal: j})
	f.shows(model.ObjectRef{Kind: "Namespace", Name: "shop"}, "kubectl", "")
	f.waitFor(arrivalLimit / 2)
	f.wants("sent, no answer; watching whether it arrived")
	f.waitFor(arrivalLimit)
	f.says("No answer: add tenant shop on kind-new", "it did not arrive", "objects after it were not sent")
	if got := f.names(); !slices.Equal(got, []string{"Namespace/shop"}) {
		t.Fatalf("sent: %v", got)
	}
	if slices.ContainsFunc(j.lines, func(l string) bool { return strings.HasPrefix(l, "end") }) {
		t.Errorf("ended before it was answered: %q", j.lines)
	}
	f.push("Send again")
	got := f.sent()
	if len(got) < 3 || got[1].Ref != got[0].Ref || string(got[1].Body) != string(got[0].Body) || got[2].Ref.Kind != "ServiceAccount" {
		t.Errorf("sent: %v", f.names())
	}
}

// Left alone, it is at its end.
func TestAnApplyWithoutAnAnswerIsLeft(t *testing.T) {
	j := &memoryJournal{}
	f := lostDesk(t, "Namespace/shop", Options{Journal: j})
	f.waitFor(2 * arrivalLimit)
	f.push("Leave it")
	f.waitFor(2 * arrivalLimit)
	if f.dialog != nil || len(f.names()) != 1 || !strings.HasPrefix(j.lines[len(j.lines)-1], "end 0 of") {
		t.Errorf("sent %v, journal %q:\n%s", f.names(), j.lines, f.screen())
	}
}

// Seen by who applied what, it goes on by itself.
func TestAnApplyThatArrivedGoesOn(t *testing.T) {
	f := lostDesk(t, "Namespace/shop", Options{})
	f.shows(model.ObjectRef{Kind: "Namespace", Name: "shop"}, model.FieldManager, "toolkit.fluxcd.io/tenant: shop")
	f.waitFor(3 * time.Second)
	if got := f.names(); len(got) < 3 || got[1] != "ServiceAccount/shop/shop" {
		t.Errorf("sent: %v\n%s", got, f.deedLine())
	}
}

// Of what nobody watches and the user may not read nothing is claimed.
func TestWhatCanNotBeReadIsNotKnown(t *testing.T) {
	const lost = "ResourceQuota/shop/shop"
	f := lostDesk(t, lost, Options{})
	if got := f.names(); got[len(got)-1] != lost {
		t.Fatalf("sent: %v", got)
	}
	f.session.SetDocument(model.ObjectRef{Kind: "ResourceQuota", Namespace: "shop", Name: "shop"}, nil,
		&model.RequestError{Reason: model.RequestForbidden, Text: "ann may not get resourcequotas in shop"})
	f.waitFor(3 * time.Second)
	f.says("not known whether it arrived: ann may not get resourcequotas in shop")
	f.push("Send again")
	if got := f.names(); !slices.Contains(got, "GitRepository/shop/shop") {
		t.Errorf("sent: %v", got)
	}
}

// While the server is away nothing is known of what was sent, however long that
// lasts: the time to look for it begins when it answers again.
func TestAnApplyWithoutAnAnswerIsNotJudgedWhileTheServerIsAway(t *testing.T) {
	f := lostDesk(t, "Namespace/shop", Options{})
	f.shows(model.ObjectRef{Kind: "Namespace", Name: "shop"}, "kubectl", "")
	f.waitFor(3 * time.Second)
	back := f.store.Connection()
	away := back
	away.State = model.ConnLost
	f.feed(model.Batch{Conn: &away})
	f.waitFor(3 * arrivalLimit)
	f.wants("sent, no answer; watching whether it arrived")
	f.feed(model.Batch{Conn: &back})
	f.waitFor(arrivalLimit / 2)
	if f.dialog != nil {
		t.Fatalf("judged as soon as the server was back:\n%s", f.screen())
	}
	f.waitFor(arrivalLimit)
	f.says("No answer: add tenant shop on kind-new", "it did not arrive")
}
