package ui

import (
	"syscall"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/action"
	"tenantry/ui/uitest"
)

// bigDialog asks about everything of n tenants.
func bigDialog(t testing.TB, n int) *desk {
	d := newDesk(t, 120, 40, Options{}, uitest.NewCluster("prod-eu").Controllers().PlatformSync().Many(n))
	d.press("down", "*")
	d.act("s")
	if d.dialog == nil {
		t.Fatalf("no dialog: %s", d.notice)
	}
	return d
}

// A dialog about a thousand tenants answers every key as quickly as any other,
// also while the cluster changes under it.
func TestADialogAboutAThousandTenantsIsQuick(t *testing.T) {
	d := bigDialog(t, 1000)
	limit := 50 * time.Millisecond * uitest.Slowdown
	for _, what := range []struct {
		name string
		do   func()
	}{
		{"a letter", func() { d.act("x") }},
		{"to the last tick", func() { d.act("shift+tab") }},
		{"a tick", func() { d.act("space") }},
		{"a page", func() { d.act("pgdown") }},
		{"a change in the cluster", func() { d.put(uitest.Sync("another", "another", "./", uitest.Rev2)) }},
		{"what is sent", func() { d.act("ctrl+y") }},
		{"back", func() { d.act("ctrl+y") }},
		{"as commands", func() { d.act("ctrl+o") }},
	} {
		best := time.Hour
		for range 3 {
			began := spent(t)
			what.do()
			best = min(best, spent(t)-began)
		}
		t.Logf("%s: %v", what.name, best)
		if what.name == "as commands" { // all of it is written, and copied
			best /= 4
		}
		if best > limit {
			t.Errorf("%s took %v", what.name, best)
		}
	}
}

// spent is the processor time of this process: what the machine does besides
// does not count.
func spent(t testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func BenchmarkTickInADialogAboutAThousandTenants(b *testing.B) {
	d := bigDialog(b, 1000)
	d.act("shift+tab")
	for b.Loop() {
		d.act("space")
	}
}

func BenchmarkPlanOfAThousandTenants(b *testing.B) {
	s := model.NewStore(time.Now)
	s.Apply(uitest.NewCluster("prod-eu").Controllers().Many(1000).Batch)
	var targets []action.Target
	for _, t := range s.Tenants() {
		targets = append(targets, action.Target{Row: t.Name})
	}
	for b.Loop() {
		action.New(s, action.Wish{Verb: action.Suspend, Targets: targets, Stamp: "2026-11-22T12:00:00.5Z"})
	}
}
