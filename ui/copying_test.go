package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

func (d *desk) copied() string {
	d.Helper()
	cmd := d.handle(keyPress("c"))
	if cmd == nil {
		return ""
	}
	d.View()
	return fmt.Sprint(cmd()) // Bubble Tea's message is a string of its own type
}

func TestCopyGoesOnWhenPressedAgainAtOnce(t *testing.T) {
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.at(stageKS)
	for _, want := range []string{
		"flux-stage-prod", "kubectl describe ks flux-stage-prod -n fluxdemo-stage", uitest.Rev2,
		"https://github.com/wolcn/flux-stage-prod/commit/d63406218397243c9520d48f91d7d07d85b351b3",
	} {
		if got := d.copied(); got != want {
			t.Errorf("copied %q, want %q", got, want)
		}
	}
	if !strings.HasPrefix(d.notice, "copied link: https://github.com") || !strings.HasSuffix(d.notice, "c again: explanation") {
		t.Errorf("notice %q", d.notice)
	}
	if got := d.copied(); !strings.Contains(got, "Kustomization/fluxdemo-stage/flux-stage-prod") {
		t.Errorf("the explanation is %q", got)
	}
	page := d.copied()
	for _, want := range []string{"prod-eu ▸ Kustomization flux-stage-prod", "METADATA", "created"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not in the page's text:\n%s", want, page)
		}
	}
	if got := d.copied(); got != "flux-stage-prod" {
		t.Errorf("after the last comes %q, want the first", got)
	}
	d.pass(4 * time.Second)
	if got := d.copied(); got != "flux-stage-prod" {
		t.Errorf("later it copies %q, want the name", got)
	}
	d.copied()
	d.press("t", "end") // another row
	if got := d.copied(); got == uitest.Rev2 {
		t.Error("another row goes on where the one before was")
	}
}

func TestPageTextHoldsEveryRow(t *testing.T) {
	d := newDesk(t, 80, 24, Options{}, uitest.NewCluster("big").Controllers().PlatformSync(), (&uitest.Cluster{}).Many(300))
	d.press("end")
	before := d.screen()
	text := d.pageText()
	if n := strings.Count(text, "tenant-00"); n < 300 {
		t.Errorf("%d tenants in the text", n)
	}
	if strings.ContainsRune(text, 0x1b) {
		t.Error("the text has styles")
	}
	d.dirty = true
	if d.screen() != before {
		t.Error("writing the page moved it")
	}
}

func TestThePageIsWrittenForItsOwnerAlone(t *testing.T) {
	t.Chdir(t.TempDir())
	d := newDesk(t, 80, 24, Options{}, uitest.Prod())
	d.at(stageKS)
	d.send(d.writePage()())
	const name = "tenantry-kustomization-flux-stage-prod-20261122-025814.txt"
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	d.wants("wrote /")
	d.send(d.writePage()()) // never over another
	d.wants("could not write the page")
	if all, _ := filepath.Glob("*"); len(all) != 1 {
		t.Errorf("files %v", all)
	}
}

func TestFileWord(t *testing.T) {
	for in, want := range map[string]string{"Kustomization a": "kustomization-a", "../../etc/passwd": "etc-passwd", "": "page", "世界": "page", "a\x1b[2J": "a-2j"} {
		if got := fileWord(in); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}

func TestOpenLink(t *testing.T) {
	const link = "https://github.com/wolcn/flux-stage-prod/commit/d63406218397243c9520d48f91d7d07d85b351b3"
	d := newDesk(t, 120, 40, Options{}, uitest.Prod())
	d.at(stageKS, "o")
	if d.notice != "copied, as no browser can be started here: "+link {
		t.Errorf("notice %q", d.notice)
	}

	dir := t.TempDir()
	browser := filepath.Join(dir, "browser")
	if err := os.WriteFile(browser, []byte("#!/bin/sh\nprintf '%s|%s' \"$#\" \"$1\" > \"$0.out.new\" && mv \"$0.out.new\" \"$0.out\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	d.browser = func() string { return browser }
	d.press("o")
	d.wants("opened " + link)
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if got, err := os.ReadFile(browser + ".out"); err == nil {
			if string(got) != "1|"+link {
				t.Errorf("the browser got %q", got)
			}
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the browser was not started")
		}
	}
	cmd := d.browsed(browse(filepath.Join(dir, "none"), link)().(browsedMsg))
	if cmd == nil {
		t.Error("a link that could not be opened is not copied")
	}
	d.wants("copied, as the browser did not start")

	d.at(model.Key{Kind: model.ServiceAccount, Namespace: "search", Name: "search"}, "o")
	d.wants("no page belongs to this")
}

func TestBrowserNeedsADisplay(t *testing.T) {
	if got := browserOf([]string{"PATH=/bin"}); got != "" && !strings.HasSuffix(got, "/open") {
		t.Errorf("without a display %q would be started in the terminal", got)
	}
	if browserOf(nil) != "" {
		t.Error("without an environment something is started")
	}
}

func TestDescribeQuotesWhatAShellWouldTake(t *testing.T) {
	k := model.Key{Kind: model.ClusterRoleBinding, Name: "a$(reboot) b"}
	if got := describe(k); got != `kubectl describe clusterrolebinding 'a$(reboot) b'` {
		t.Errorf("command %s", got)
	}
	if got := describe(model.Key{Kind: model.Kustomization, Namespace: "it's", Name: "x"}); got != `kubectl describe ks x -n 'it'\''s'` {
		t.Errorf("command %s", got)
	}
}
