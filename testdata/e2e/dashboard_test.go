package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"tenantry/testdata/terminal"
)

// dashboard opens the program in a terminal and waits for its first complete
// screen.
func dashboard(t *testing.T, kubeconfig string, width, height int, args ...string) *terminal.Session {
	t.Helper()
	s, err := terminal.Start(width, height, []string{"KUBECONFIG=" + kubeconfig}, binary, args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	if _, err := s.WaitText(20*time.Second, "● live"); err != nil {
		t.Fatal(err)
	}
	return s
}

func deployment(t *testing.T, ns, name string) (generation int64, revision string) {
	t.Helper()
	var d struct {
		Metadata struct {
			Generation  int64
			Annotations map[string]string
		}
	}
	if err := json.Unmarshal([]byte(kubectl(t, "get", "deploy", "-n", ns, name, "-o", "json")), &d); err != nil {
		t.Fatal(err)
	}
	return d.Metadata.Generation, d.Metadata.Annotations["deployment.kubernetes.io/revision"]
}

// line returns the screen's line that holds the text.
func line(screen, text string) string {
	for _, l := range strings.Split(screen, "\n") {
		if strings.Contains(l, text) {
			return l
		}
	}
	return ""
}

// A push is seen without a key being pressed, soon after the API server has it.
func TestPushIsSeen(t *testing.T) {
	s := dashboard(t, lab.Kubeconfig, 120, 40)
	before, _ := deployment(t, "fluxdemo-dev", "kcheck")
	out := inLab(t, "push", "dev", "--replicas", "3", "--message", "three replicas", "--reconcile")
	sha := regexp.MustCompile(`[0-9a-f]{40}`).FindString(out)
	if sha == "" {
		t.Fatalf("push printed no commit: %s", out)
	}
	var changed time.Time
	eventually(t, 60*time.Second, func() error {
		if g, _ := deployment(t, "fluxdemo-dev", "kcheck"); g == before {
			return fmt.Errorf("generation is still %d", g)
		}
		changed = time.Now()
		return nil
	})
	want := regexp.MustCompile(fmt.Sprintf(`kcheck (%d→)?%d\b`, before, before+1))
	seen, err := s.WaitFor(2*time.Second, func(screen string) bool {
		l := line(screen, "fluxdemo-dev")
		return want.MatchString(l) && strings.Contains(l, sha[:7])
	})
	if err != nil {
		t.Fatalf("generation %d→%d at %s: %v", before, before+1, sha[:7], err)
	}
	t.Logf("on screen %s after kubectl saw it", seen.Sub(changed).Round(time.Millisecond))
	if _, err := s.WaitFor(30*time.Second, func(screen string) bool {
		l := line(screen, "fluxdemo-dev")
		return strings.Contains(l, "3/3") && strings.Contains(l, "Ready")
	}); err != nil {
		t.Errorf("the rollout's end: %v", err)
	}
}

func TestQuitLeavesTheTerminalAsItWas(t *testing.T) {
	s := dashboard(t, lab.Kubeconfig, 80, 24)
	if err := s.Type("qq"); err != nil {
		t.Fatal(err)
	}
	code, err := s.Wait(5 * time.Second)
	if err != nil || code != 0 {
		t.Fatalf("q q: exit %d, %v", code, err)
	}
	raw := string(s.Raw())
	if strings.Count(raw, "\x1b[?1049h") != strings.Count(raw, "\x1b[?1049l") {
		t.Error("the alternate screen was not left")
	}
	if !strings.Contains(raw, "\x1b[?25h") {
		t.Error("the cursor was not shown again")
	}
}

func TestSignalsRestoreTheTerminal(t *testing.T) {
	for _, sig := range []os.Signal{syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(sig.String(), func(t *testing.T) {
			s := dashboard(t, lab.Kubeconfig, 80, 24)
			if err := s.Signal(sig); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Wait(5 * time.Second); err != nil {
				t.Fatal(err)
			}
			if raw := string(s.Raw()); !strings.HasSuffix(strings.TrimRight(raw, "\r\n"), "h") && !strings.Contains(raw, "\x1b[?1049l") {
				t.Error("the alternate screen was not left")
			}
		})
	}
}

func TestTenantUserDashboard(t *testing.T) {
	s := dashboard(t, lab.TenantKubeconfig, 120, 40)
	screen := s.Screen()
	if !strings.Contains(screen, "fluxdemo-dev") || strings.Contains(screen, "fluxdemo-stage") {
		t.Errorf("what the tenant user sees:\n%s", screen)
	}
	if !strings.Contains(screen, "⊘") {
		t.Errorf("the refused platform is not marked:\n%s", screen)
	}
}
