package ui

import (
	"strings"
	"testing"

	"tenantry/ui/uitest"
)

func TestSuspendAsksAndCancelIsMarked(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.aimAt("fluxdemo-stage")
	d.act("s")
	d.wants("Suspend fluxdemo-stage on prod-eu", "[x] Kustomization/fluxdemo-stage/flux-stage-prod: nothing of it is applied", "[ Cancel ]", "[ Suspend ]", "REASON", "UNTIL")
	if p := d.dialog.focus(); p == nil || p.label != "REASON" {
		t.Fatal("what is typed goes nowhere")
	}
	d.act("enter", "enter") // out of the fields
	if b := d.dialog.button(); b == nil || b.word != "Cancel" {
		t.Fatal("the harmless button is not the first one")
	}
	d.act("enter")
	if d.dialog != nil || len(d.session.Writes()) != 0 {
		t.Fatalf("Cancel wrote: %+v", d.session.Writes())
	}
}

func TestSuspendATenantWithReasonAndUntil(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.aimAt("fluxdemo-stage")
	d.act("s")
	d.toField("REASON", "freeze")
	d.toField("UNTIL", "soon")
	d.toButton("Suspend")
	d.act("enter")
	d.wants(`until "soon" is no time: try fri, 3d, 4h or 2026-11-30`)
	if len(d.session.Writes()) != 0 {
		t.Fatal("written in spite of a wrong date")
	}
	d.toField("UNTIL", "")
	for range 4 {
		d.act("backspace")
	}
	d.toField("UNTIL", "3d")
	d.toButton("Suspend")
	d.act("enter")
	w := d.session.Writes()
	if len(w) != 2 || w[0].Ref.Kind != "Kustomization" || w[1].Ref.Kind != "GitRepository" {
		t.Fatalf("written: %+v", w)
	}
	for _, write := range w {
		if write.Ref.Namespace != "fluxdemo-stage" {
			t.Errorf("%s was touched", write.Ref)
		}
		for _, want := range []string{`"suspend":true`, `"tenantry.dev/suspended-reason":"freeze"`, `"tenantry.dev/suspended-by":"ann"`, `"tenantry.dev/suspended-until":"2026-11-25T`} {
			if !strings.Contains(string(write.Body), want) {
				t.Errorf("%s lacks %s", write.Body, want)
			}
		}
	}
}

func TestParseUntil(t *testing.T) {
	now := uitest.Start // a Sunday
	for in, want := range map[string]string{
		"": "", "fri": "2026-11-27T23:59:59Z", "sun": "2026-11-29T23:59:59Z", "3d": "2026-11-25T02:58:14Z", "4h": "2026-11-22T06:58:14Z",
		"2026-11-30": "2026-11-30T23:59:59Z", "2026-12-01T08:00:00Z": "2026-12-01T08:00:00Z",
	} {
		if got, problem := parseUntil(in, now); got != want || problem != "" {
			t.Errorf("%q is %q (%s), want %q", in, got, problem, want)
		}
	}
	for _, in := range []string{"soon", "2020-01-01", "-3d", "0d", "f"} {
		if got, problem := parseUntil(in, now); problem == "" {
			t.Errorf("%q is taken for %q", in, got)
		}
	}
}
