package model

import (
	"slices"
	"testing"
	"time"
)

// turns are the changes of a controller's health, as the log has them.
func (w *world) turns() []string {
	var out []string
	w.Log().Since(0, func(e Entry) bool {
		if e.Key.Kind == Deployment && e.Change == ChangeHealth {
			out = append(out, e.From+" "+e.To)
		}
		return true
	})
	return out
}

// renewed is source-controller's lease, renewed just now.
func (w *world) renewed() *Object {
	o := lease("source-controller-leader-election", 0)
	o.Detail.(*LeaseDetail).RenewedMS = w.now.UnixMilli()
	return o
}

func (w *world) passTick(d time.Duration) {
	w.pass(d)
	w.Tick()
}

// That a controller died is a matter of time alone, and told once; so is that
// it is back.
func TestADeadControllerIsLogged(t *testing.T) {
	w := newWorld(t).put(controller("source-controller"))
	w.put(w.renewed()).synced()
	for range 3 {
		w.passTick(30 * time.Second)
		w.put(w.renewed())
	}
	if got := w.turns(); len(got) != 0 {
		t.Fatalf("%v", got)
	}
	for range 5 {
		w.passTick(20 * time.Second)
	}
	if got := w.turns(); !slices.Equal(got, []string{"Ready Unobserved"}) {
		t.Fatalf("%v", got)
	}
	key := Key{Deployment, "flux-system", "source-controller"}
	if v, want := w.Verdict(key), Unix(w.now.Add(-100*time.Second).Unix()); v.Since != want {
		t.Errorf("since %v, last renewed %v", v.Since, want)
	}
	before := w.Revision()
	w.put(w.renewed())
	if got := w.turns(); !slices.Equal(got, []string{"Ready Unobserved", "Unobserved Ready"}) {
		t.Errorf("%v", got)
	}
	if w.Revision() == before {
		t.Error("nothing is drawn when it is back")
	}
	// What its Deployment says is told once too.
	down := controller("source-controller")
	down.Detail.(*Workload).Desired = 0
	w.put(down)
	if got := w.turns(); len(got) != 3 || got[2] != "Ready Unobserved" {
		t.Errorf("%v", got)
	}
}

// While the server is away nobody is seen to renew a lease: that kills no
// controller, in the log or on a screen, and neither does its return.
func TestAnAbsentServerKillsNoController(t *testing.T) {
	w := newWorld(t).put(controller("source-controller"))
	w.put(w.renewed()).synced()
	key := Key{Deployment, "flux-system", "source-controller"}
	w.passTick(10 * time.Second)
	w.Apply(Batch{Conn: &Connection{State: ConnLost}})
	w.passTick(time.Minute)
	if v := w.Verdict(key); v.Health != Ready {
		t.Errorf("while it is away: %s", v.Health)
	}
	w.Apply(Batch{Conn: &Connection{State: ConnLive}})
	w.passTick(10 * time.Second)
	if v := w.Verdict(key); v.Health != Ready || len(w.turns()) != 0 {
		t.Errorf("when it is back: %s, %v", v.Health, w.turns())
	}
	w.passTick(time.Minute) // nobody has renewed it
	if got := w.turns(); !slices.Equal(got, []string{"Ready Unobserved"}) {
		t.Errorf("%v", got)
	}
	w.Apply(Batch{Conn: &Connection{State: ConnLost}})
	w.passTick(time.Minute)
	w.Apply(Batch{Conn: &Connection{State: ConnLive}})
	w.passTick(time.Second)
	if got := w.turns(); len(got) != 1 {
		t.Errorf("what was dead before turned: %v", got)
	}
}
