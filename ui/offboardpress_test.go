package ui

import (
	"slices"
	"strings"
	"testing"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// sharedSettings is a ConfigMap outside stage that stage's sync applied; nothing
// watches it.
var sharedSettings = model.ObjectRef{Kind: "ConfigMap", Namespace: "shared", Name: "settings"}

// marked says how it reads, with more annotations.
func (d *desk) marked(annotations string) {
	d.session.SetDocument(sharedSettings, &model.Document{ObjectRef: sharedSettings, YAML: "metadata:\n  labels:\n    kustomize.toolkit.fluxcd.io/name: flux-stage-prod\n" +
		"    kustomize.toolkit.fluxcd.io/namespace: fluxdemo-stage\n  annotations: {" + annotations + "}\n"}, nil)
}

// What nothing watches is read again at the press: what was said to stay and
// goes by now is shown before anything is sent.
func TestMarksAreReadAgainAtThePress(t *testing.T) {
	const kept = "kustomize.toolkit.fluxcd.io/prune: disabled"
	for _, c := range []struct {
		name, before, now, says string
		unread                  bool // at first
	}{
		{"as it was", kept, kept, "", false},
		{"goes by now", kept, "", "new: ConfigMap/shared/settings, applied by Kustomization/fluxdemo-stage/flux-stage-prod, goes", false},
		{"stays by now", "", kept, "new: ConfigMap/shared/settings, of Kustomization/fluxdemo-stage/flux-stage-prod: it is marked " + kept, false},
		{"shown as what may go", "", kept, "", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t, 160, 50, Options{}, uitest.Prod().Put(stagesSync(func(_ *model.Object, s *model.Sync) { s.Inventory += "\n" + sharedSettings.InventoryID() })))
			if d.marked(c.before); c.unread {
				d.session.SetDocument(sharedSettings, nil, &model.RequestError{Text: "no answer"})
			}
			leaveStage(d)
			d.says("ConfigMap/shared/settings")
			d.marked(c.now)
			d.toButton("Off-board")
			d.act("enter")
			if sent := len(d.deleted()) > 0; sent == (c.says != "") {
				t.Errorf("sent %v", d.deleted())
			}
			if c.says != "" {
				d.says("CHANGED", c.says, "type "+stage)
			}
		})
	}
}

// The record of what is finished ends with that, and not with what is begun
// while its marks are read.
func TestWhatBeginsWhileMarksAreRead(t *testing.T) {
	d := newDesk(t, 160, 50, Options{Journal: &memoryJournal{}}, uitest.Prod().Put(stagesSync(func(_ *model.Object, s *model.Sync) { s.Inventory += "\n" + sharedSettings.InventoryID() })))
	d.marked("")
	leaveStage(d)
	d.closing = "before"
	d.toButton("Off-board")
	read := d.handle(keyPress("enter"))
	if d.closing != "" || len(d.deeds) > 0 {
		t.Fatalf("closing %q, %d deeds", d.closing, len(d.deeds))
	}
	d.run(read)
	if j := d.opts.Journal.(*memoryJournal); d.closing != "" || !slices.Contains(j.lines, "end taken up") || len(d.deleted()) == 0 {
		t.Errorf("closing %q, journal %q, sent %v", d.closing, j.lines, d.deleted())
	}
}

// A role binding that comes to name another tenant after the press is not
// deleted any more, and what waits for it is left.
func TestABindingThatNamesOthersByItsTurn(t *testing.T) {
	owned := uitest.Label(binding("owned", stages), model.LabelTenant, stage)
	for _, c := range []struct {
		name string
		now  *model.Object
		sent bool
	}{
		{"another label", uitest.Label(uitest.Label(binding("owned", stages), model.LabelTenant, stage), "team", "a"), true},
		{"another tenant", uitest.Label(binding("owned", stages, prods), model.LabelTenant, stage), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			j := &memoryJournal{}
			d := newDesk(t, 160, 50, Options{Journal: j}, uitest.Prod().Put(owned))
			leaveStage(d)
			d.toButton("Off-board")
			d.act("enter")
			c.now.ResourceVersion = "8"
			d.put(c.now)
			d.toTheEnd()
			sent := d.deleted()
			if got := slices.Contains(sent, "ClusterRoleBinding/owned"); got != c.sent || slices.Contains(sent, "Namespace/"+stage) != c.sent {
				t.Fatalf("sent %v", sent)
			}
			if c.sent {
				if w := d.session.Writes()[slices.Index(sent, "ClusterRoleBinding/owned")]; w.Version != "8" {
					t.Errorf("bound to version %q", w.Version)
				}
				return
			}
			if got, want := d.ended(), "ClusterRoleBinding/owned: ClusterRoleBinding/owned: it names ServiceAccount/fluxdemo-prod/fluxdemo-prod as well by now; nothing was written, look again"; got != want {
				t.Errorf("said %q, want %q", got, want)
			}
			if strings.HasPrefix(j.lines[len(j.lines)-1], "end ") || !d.deeds[0].over {
				t.Errorf("over %v, journal %q", d.deeds[0].over, j.lines)
			}
		})
	}
}
