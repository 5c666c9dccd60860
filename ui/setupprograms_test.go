package ui

import (
	"errors"
	"strings"
	"testing"

	"tenantry/ui/uitest"
)

// A program runs after its dialog and not before; what it says is text, and
// what it did is written down.
func TestSetupRunsAProgram(t *testing.T) {
	o := programOptions()
	programs, j := o.Programs.(*fakePrograms), &memoryJournal{}
	o.Journal = j
	programs.says = append(programs.says, []string{strings.Repeat("x", 3*keptLine)})
	d := newDesk(t, 120, 40, o, uitest.NoFlux())
	d.act("w", "enter")
	if len(programs.started) > 0 {
		t.Fatal("started before it was confirmed")
	}
	d.wants("helm upgrade --install flux-operator", "runs /usr/local/bin/helm")
	d.toButton("Run helm")
	d.act("enter")
	want := "/usr/local/bin/helm upgrade --install flux-operator oci://ghcr.io/controlplaneio-fluxcd/charts/flux-operator --namespace flux-system --create-namespace --wait --kube-context kind-new"
	if len(programs.started) != 1 || programs.started[0] != want {
		t.Errorf("%q", programs.started)
	}
	if err := d.fits(); err != nil {
		t.Error(err)
	}
	d.wants("Pulled: ghcr.io", "STATUS: deployed", "helm is through")
	if len(j.lines) != 2 || !strings.HasPrefix(j.lines[0], "begin run helm upgrade") || j.lines[1] != "end done" {
		t.Errorf("%q", j.lines)
	}
	if r := d.installing.run; len(r.lines[len(r.lines)-1]) > keptLine {
		t.Errorf("a line of %d is kept", len(r.lines[len(r.lines)-1]))
	}
}

func TestSetupSaysWhyAProgramFailed(t *testing.T) {
	o := Options{Programs: &fakePrograms{says: [][]string{{"Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress"}}, ends: errors.New("helm: exit status 1")}}
	d := newDesk(t, 120, 40, o, uitest.NoFlux())
	d.act("w", "enter")
	d.toButton("Run helm")
	d.act("enter")
	d.wants("✗ helm: exit status 1", "left the release pending")
	d.act("enter")
	d.wants("Install the Flux Operator on kind-new") // and again
}

// A program that runs is not left without a word.
func TestSetupQuitAsksWhileAProgramRuns(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.NoFlux())
	d.installing.run = &programRun{program: "helm"}
	d.press("ctrl+c")
	d.wants("helm is still at it, and goes on; again quits")
	if d.quit {
		t.Error("it was left at once")
	}
	d.press("ctrl+c")
	if !d.quit {
		t.Error("it can't be left")
	}
}
