package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// reportOf presses b and returns what was written, and its path.
func (d *desk) reportOf() (string, string) {
	d.Helper()
	d.press("b")
	d.pass(reportWait)
	notice := d.notice
	path, ok := strings.CutPrefix(notice, "wrote ")
	if !ok {
		d.Fatalf("%q", notice)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		d.Fatal(err)
	}
	return string(data), path
}

// The report of a tenant says what is wrong with it and nothing of the tenant
// whose objects have the same names; no password is in it.
func TestReport(t *testing.T) {
	t.Chdir(t.TempDir())
	c := withSecrets()
	o := private("fluxdemo-stage", uitest.Failing("GitOperationFailed",
		`failed to checkout and determine revision: unable to clone 'https://ann:hunter2hunter2@github.com/wolcn/flux-stage-prod': authentication required: `, time.Hour))
	o.Detail.(*model.Source).URL = "https://ann:hunter2hunter2@github.com/wolcn/flux-stage-prod"
	c.Put(o, uitest.Event(stageGit, "Warning", "GitOperationFailed", "unable to clone 'https://ann:hunter2hunter2@github.com/wolcn/flux-stage-prod'", "source-controller", 3, time.Minute))
	d := newDesk(t, 120, 40, Options{}, c)
	d.jumpTo("fluxdemo-stage")
	text, path := d.reportOf()
	for _, part := range []string{"# tenant fluxdemo-stage on prod-eu", "## What is wrong", "GitRepository/fluxdemo-stage/flux-stage-prod", "authentication required", "## Events", "GitOperationFailed", "## What happened", "Kubernetes v1.36.4, Flux v2.9.4"} {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in the report:\n%s", part, text)
		}
	}
	for _, part := range []string{"hunter2", "fluxdemo-prod/flux-stage-prod"} {
		if strings.Contains(text, part) {
			t.Errorf("%q is in the report:\n%s", part, text)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	d.at(stageGit)
	d.pass(time.Second)
	if text, _ = d.reportOf(); !strings.Contains(text, "# GitRepository/fluxdemo-stage/flux-stage-prod on prod-eu") || !strings.Contains(text, "Conditions of GitRepository/fluxdemo-stage/flux-stage-prod") {
		t.Errorf("%s", text)
	}
}

// Where the current folder can't be written to, the report goes to what is
// remembered.
func TestReportWhereItCanBeWritten(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	state := filepath.Join(t.TempDir(), "state")
	if err := os.Mkdir(state, 0o700); err != nil {
		t.Fatal(err)
	}
	gone := filepath.Join(dir, "gone")
	if err := os.Mkdir(gone, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Chdir(gone)
	if err := os.Remove(gone); err != nil {
		t.Fatal(err)
	}
	msg, ok := writeReport("r.md", state, "x")().(wroteMsg)
	if !ok || msg.err != nil || msg.path != filepath.Join(state, "r.md") {
		t.Errorf("%+v", msg)
	}
}

// On a cause that several share, the report is of where it starts and names
// them.
func TestReportOfASharedCause(t *testing.T) {
	t.Chdir(t.TempDir())
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	for range 8 {
		if !strings.HasPrefix(d.row(), "▸") {
			d.press("down")
		}
	}
	text, _ := d.reportOf()
	if !strings.Contains(text, ", which breaks 3 tenants: shop-api, shop-mail, shop-web on prod-eu") || !strings.Contains(text, "shop-infra") {
		t.Errorf("%s", text)
	}
}
