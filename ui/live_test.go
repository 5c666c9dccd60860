package ui

import (
	"errors"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/uitest"
)

func TestYAMLIsAskedForAndKeptUpToDate(t *testing.T) {
	d := newDesk(t, 80, 24, Options{}, uitest.Prod())
	versioned := func(version string) {
		o := uitest.Sync("fluxdemo-stage", "flux-stage-prod", "./stage", uitest.Rev2)
		o.ResourceVersion = version
		d.put(o)
	}
	versioned("7")
	d.session.SetDocument(stageKS.ObjectRef(), stageDocument(), nil)
	d.at(stageKS)
	d.misses("apiVersion:")
	d.press("y", "j", "j")
	d.wants("path: ./stage", "as it was 02:58:14")
	top := d.lines()[3]

	changed := stageDocument()
	changed.YAML = strings.Replace(manifest, "./stage", "./elsewhere", 1)
	d.session.SetDocument(stageKS.ObjectRef(), changed, nil)
	d.put(uitest.Sync("fluxdemo-prod", "flux-stage-prod", "./prod", uitest.Rev3)) // another's, of the same name
	d.pass(5 * time.Second)
	d.wants("path: ./stage")
	versioned("8")
	d.wants("path: ./stage") // not at once: it may change ten times a second
	d.pass(2 * time.Second)
	d.wants("path: ./elsewhere")
	if d.lines()[3] != top {
		t.Error("the text moved under the eyes")
	}

	d.session.SetDocument(stageKS.ObjectRef(), nil, &model.RequestError{Reason: model.RequestUnreachable, Text: "dial tcp: connection refused"})
	d.press("ctrl+r")
	d.wants("path: ./elsewhere", "old: no answer from the server")
	d.session.SetDocument(stageKS.ObjectRef(), stageDocument(), nil)
	d.press("ctrl+r")
	d.wants("path: ./stage", "as it was")
}

func TestYAMLThatCannotBeShownSaysWhy(t *testing.T) {
	for reason, want := range map[model.RequestReason]string{
		model.RequestNotFound: "Not in the cluster", model.RequestNotServed: "Kind not served", model.RequestForbidden: "resources: [kustomizations]",
		model.RequestUnreachable: "No answer from the server", model.RequestTimedOut: "No answer in time", model.RequestWithheld: "Never shown",
		model.RequestFailed: "Could not be read",
	} {
		d := newDesk(t, 80, 24, Options{}, uitest.Prod())
		d.session.SetDocument(stageKS.ObjectRef(), nil, &model.RequestError{Reason: reason, Text: "the server's own words"})
		d.at(stageKS, "y")
		d.wants(want, "The server's own words.")
	}
	d := newDesk(t, 80, 24, Options{}, uitest.Prod())
	d.session.SetDocument(stageKS.ObjectRef(), nil, errors.New("something else\x1b[2J"))
	d.at(stageKS, "y")
	d.wants("Could not be read", "Something else")
	if err := d.fits(); err != nil {
		t.Error(err)
	}
}

func TestAnswersOfOthersAreDropped(t *testing.T) {
	d := newDesk(t, 80, 24, Options{}, uitest.Prod())
	d.session.SetDocument(stageKS.ObjectRef(), stageDocument(), nil)
	d.at(stageKS, "y")
	wrong := &model.Document{YAML: "wrong: true\n"}
	d.send(documentMsg{epoch: 7, ref: stageKS.ObjectRef(), document: wrong})
	prod := stageKS
	prod.Namespace = "fluxdemo-prod"
	d.send(documentMsg{epoch: 1, ref: prod.ObjectRef(), document: wrong})
	d.misses("wrong: true")
	d.wants("path: ./stage")
}

func TestYAMLPaint(t *testing.T) {
	roles := map[string]themes.Role{}
	for _, l := range paintYAML(manifest) {
		for _, s := range l.Spans {
			roles[strings.TrimSpace(s.Text)] = s.Role
		}
	}
	for text, want := range map[string]themes.Role{
		"apiVersion": themes.Accent, "true": themes.Busy, "1": themes.Busy, "null": themes.Muted, "[]": themes.Muted,
		"# left out: kubectl.kubernetes.io/last-applied-configuration": themes.Muted, `"quoted: not a key"`: themes.Text,
		"- op: remove": themes.Text, "path: /spec: not a key either": themes.Text, "target": themes.Accent, "./stage": themes.Text,
		"'Applied revision: main@sha1:d63406218397243c9520d48f91d7d07d85b351b3'": themes.Text, "|": themes.Muted,
	} {
		if got, ok := roles[text]; !ok || got != want {
			t.Errorf("%q has role %v (%v), want %v", text, got, ok, want)
		}
	}
}

func FuzzYAMLPaint(f *testing.F) {
	f.Add(manifest)
	f.Add("a:\n- - b: |\n    x\n  c\n\"q\": 'v'\n? z\n--- \n-\n")
	f.Fuzz(func(t *testing.T, s string) {
		var lines []string
		for _, l := range paintYAML(s) {
			line := ""
			for _, sp := range l.Spans {
				line += sp.Text
			}
			lines = append(lines, line)
		}
		if got, want := strings.Join(lines, "\n"), strings.TrimRight(s, "\n"); got != want {
			t.Errorf("%q became %q", want, got)
		}
	})
}
