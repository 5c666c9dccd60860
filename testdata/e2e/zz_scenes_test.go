package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tenantry/testdata/terminal"
)

// These scenes begin with a cluster of their own, so they come last: files are
// tested in the order of their names.

func TestBootstrapIsNotEmpty(t *testing.T) {
	inLab(t, "bootstrap")
	r, _ := status(t, lab.Kubeconfig)
	if len(r.Platform.Syncs) < 3 || r.Platform.Health != "Ready" {
		t.Errorf("the platform has %d syncs and is %s", len(r.Platform.Syncs), r.Platform.Health)
	}
	if r.Platform.Lockdown.Enabled == nil || *r.Platform.Lockdown.Enabled {
		t.Errorf("lockdown of a plain bootstrap: %v", r.Platform.Lockdown.Enabled)
	}
	if r.Platform.Instance != nil {
		t.Errorf("an instance where there is none: %+v", r.Platform.Instance)
	}
	totals(t)
	s := dashboard(t, lab.Kubeconfig, 80, 24)
	if line(s.Screen(), "platform") == "" {
		t.Errorf("home:\n%s", s.Screen())
	}
}

func TestCozystackIsFound(t *testing.T) {
	inLab(t, "cozy")
	r, _ := status(t, lab.Kubeconfig)
	in := r.Platform.Instance
	if in == nil || in.Namespace != "cozy-fluxcd" || in.Sync == nil || in.Sync.Path == "" {
		t.Fatalf("instance: %+v", in)
	}
	if r.Platform.Lockdown.Enabled == nil || !*r.Platform.Lockdown.Enabled {
		t.Errorf("lockdown: %v", r.Platform.Lockdown.Enabled)
	}
	if _, ok := r.find("GitRepository", "cozy-fluxcd", "cozy-fluxcd"); !ok {
		t.Error("the sync's source was not found")
	}
	totals(t)
}

// A pull secret is wiped and spec.sync taken away while tenantry watches, and it
// is killed. One that starts afterwards tells when. By whom a field was removed
// the server does not keep: managedFields name who has fields.
func TestTheStoryOfAWipedSyncIsToldAfterwards(t *testing.T) {
	const ns = "cozy-fluxcd"
	if out, err := kubectlErr("get", "fluxinstance", "-n", ns, "flux", "-o", "jsonpath={.spec.sync.url}"); err != nil || out == "" {
		inLab(t, "cozy")
	}
	state := t.TempDir()
	start := func() *terminal.Session {
		s, err := terminal.Start(140, 40, []string{"KUBECONFIG=" + lab.Kubeconfig, "XDG_STATE_HOME=" + state}, binary)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.Close)
		if _, err := s.WaitText(20*time.Second, "● live"); err != nil {
			t.Fatal(err)
		}
		return s
	}
	kept := func(what string) {
		t.Helper()
		eventually(t, 30*time.Second, func() error {
			files, _ := filepath.Glob(filepath.Join(state, "tenantry", "history", "*.jsonl"))
			for _, f := range files {
				if data, _ := os.ReadFile(f); strings.Contains(string(data), what) {
					return nil
				}
			}
			return fmt.Errorf("%s is not in the history", what)
		})
	}
	first := start()
	kept(`"w":"watching"`)
	wiped := time.Now().UTC()
	kubectl(t, "delete", "secret", "-n", ns, "flux-system")
	kubectl(t, "annotate", "--overwrite", "-n", ns, "gitrepository/"+ns, "reconcile.fluxcd.io/requestedAt="+time.Now().Format(time.RFC3339Nano))
	kept(`"w":"missing"`)
	lost := time.Now().UTC()
	kubectl(t, "patch", "fluxinstance", "-n", ns, "flux", "--type=json", "--field-manager=helm", "-p", `[{"op":"remove","path":"/spec/sync"}]`)
	kept(`"w":"sync"`)
	kept(`"k":"Kustomization","ns":"cozy-fluxcd","n":"cozy-fluxcd","w":"gone"`)
	if err := first.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_, _ = first.Wait(10 * time.Second)

	s := start()
	for _, keys := range []string{"9", "h"} {
		if err := s.Type(keys); err != nil {
			t.Fatal(err)
		}
		want := map[string]string{"9": "▸ platform", "h": "as earlier ones saw it"}[keys]
		if _, err := s.WaitText(20*time.Second, want); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"missing: GitRepository/cozy-fluxcd/cozy-fluxcd", "spec.sync was removed", "/private/fleet"} {
		if _, err := s.WaitText(20*time.Second, want); err != nil {
			t.Error(err)
		}
	}
	said := line(s.Screen(), "missing: GitRepository/cozy-fluxcd/cozy-fluxcd")
	at, err := time.Parse(time.TimeOnly, strings.Fields(said + " -")[0])
	from, to := clockOf(wiped)-1, clockOf(lost)+1
	if err != nil || clockOf(at) < from || clockOf(at) > to {
		t.Errorf("%q, it was between %s and %s", said, wiped.Format(time.TimeOnly), lost.Format(time.TimeOnly))
	}
}

// clockOf is a time of the day in seconds.
func clockOf(t time.Time) int { return t.Hour()*3600 + t.Minute()*60 + t.Second() }
