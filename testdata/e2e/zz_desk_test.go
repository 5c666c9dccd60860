package e2e

import (
	"strings"
	"testing"
	"time"

	"tenantry/testdata/jobs"
	"tenantry/testdata/terminal"
)

const asked = "reconcile.fluxcd.io/requestedAt"

// desk opens the dashboard for somebody who acts. State is a folder of its own
// that outlives it, for who is killed and comes back.
func desk(t *testing.T, kubeconfig, state string, args ...string) jobs.Desk {
	t.Helper()
	if state == "" {
		state = t.TempDir()
	}
	s, err := terminal.Start(120, 40, []string{"KUBECONFIG=" + kubeconfig, "XDG_STATE_HOME=" + state}, binary, args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	d := jobs.Desk{T: t, Session: s, Patience: 30 * time.Second}
	d.Wait("● live")
	return d
}

// until polls the API server, and shows the screen when it never is.
func until(d jobs.Desk, what string, ok func() bool) {
	d.T.Helper()
	for end := time.Now().Add(d.Patience); !ok(); {
		if time.Now().After(end) {
			d.T.Fatalf("never: %s\n%s", what, d.Screen())
		}
		<-time.After(50 * time.Millisecond)
	}
}

// onSync puts the cursor on the one sync of a namespace.
func onSync(d jobs.Desk, ns string) {
	d.T.Helper()
	d.Keys("6/\x15ns:" + ns + "\r")
	d.Until("the cursor is on the sync of "+ns, func(screen string) bool {
		return strings.Contains(screen, "▸ Syncs") && strings.HasPrefix(jobs.CursorLine(screen), ns+" ")
	})
}

// open goes to an object's page by its name.
func open(d jobs.Desk, kind, name string) {
	d.T.Helper()
	d.Keys(":")
	d.Wait("go to, or do")
	d.Keys(name)
	d.Until(name+" is offered", func(screen string) bool {
		return strings.Contains(line(screen, "│▌"), " "+name+" ")
	})
	d.Keys("\r")
	d.Wait(kind + " " + name)
}

// steps run subtests of one dashboard, each of which needs the one before.
func steps(t *testing.T, d *jobs.Desk) func(name string, f func(*testing.T)) {
	return func(name string, f func(*testing.T)) {
		t.Helper()
		if !t.Run(name, func(t *testing.T) { d.T = t; f(t) }) {
			t.FailNow()
		}
	}
}

// rule waits until the last action has ended well, and returns its line.
func rule(d jobs.Desk, head string) string {
	d.T.Helper()
	out := ""
	d.Until(head+" has ended well", func(screen string) bool {
		out = line(screen, "── "+head)
		return strings.Contains(out, " ✓ ")
	})
	return out
}

// flat is what a dialog says, else what a screen does, with the lines run
// together.
func flat(screen string) string {
	var out []string
	for l := range strings.SplitSeq(screen, "\n") {
		from, to := strings.Index(l, "│"), strings.LastIndex(l, "│")
		if strings.Contains(screen, "[ Cancel ]") && from < to {
			l = l[from:to]
		}
		out = append(out, strings.Fields(strings.ReplaceAll(l, "│", " "))...)
	}
	return strings.Join(out, " ")
}
