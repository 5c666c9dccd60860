package program

import (
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"tenantry/testdata/terminal"
)

func demoIn(t *testing.T, width, height int, args ...string) *terminal.Session {
	t.Helper()
	s, err := terminal.Start(width, height, []string{"KUBECONFIG=/does/not/exist"}, binary, append([]string{"demo"}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	if _, err := s.WaitText(15*time.Second, "● live"); err != nil {
		t.Fatal(err)
	}
	return s
}

// A first minute: the company is there, every kind of trouble is named, and
// things move without a key.
func TestDemo(t *testing.T) {
	s := demoIn(t, 120, 40, "--speed", "20", "--seed", "7")
	for _, want := range []string{"DEMO", "fluxdemo-dev", "fluxdemo-stage", "fluxdemo-prod", "secret deploy-key is missing", "refused", "overdue", "lockdown ✓"} {
		if _, err := s.WaitText(10*time.Second, want); err != nil {
			t.Errorf("not on the first screen: %v", err)
		}
	}
	first := tenantLines(s.Screen())
	if _, err := s.WaitFor(60*time.Second, func(now string) bool {
		for name, l := range tenantLines(now) {
			if was, ok := first[name]; ok && strings.Contains(l, "→") && l != was {
				return true
			}
		}
		return false
	}); err != nil {
		t.Errorf("nothing moves: %v", err)
	}
	quit(t, s)
}

// In the demo, too, somebody else can be viewed as, and left again.
func TestDemoViewedAs(t *testing.T) {
	s := demoIn(t, 120, 40)
	keysOf(t, s, "/docs\r", "/docs", "V", "docs sees and may do", "V", "13 tenants")
	quit(t, s)
}

func tenantLines(screen string) map[string]string {
	lines := map[string]string{}
	for _, l := range strings.Split(screen, "\n") {
		if f := strings.Fields(strings.TrimLeft(l, "▌• ")); len(f) > 3 {
			lines[f[0]] = l
		}
	}
	return lines
}

func quit(t *testing.T, s *terminal.Session) {
	t.Helper()
	if err := s.Type("qq"); err != nil {
		t.Fatal(err)
	}
	if code, err := s.Wait(10 * time.Second); err != nil || code != 0 {
		t.Errorf("q q: exit %d, %v", code, err)
	}
	if raw := string(s.Raw()); !strings.Contains(raw, "\x1b[?1049l") {
		t.Error("the alternate screen was not left")
	}
}

// An empty cluster is not an empty screen.
func TestDemoEmpty(t *testing.T) {
	s := demoIn(t, 80, 24, "--empty")
	if screen := s.Screen(); !strings.Contains(screen, "Flux") || strings.Contains(screen, "fluxdemo") {
		t.Errorf("before Flux:\n%s", screen)
	}
	quit(t, s)
}

// Down to the absurd, a frame never exceeds the terminal, and the keys work.
func TestDemoInSmallTerminals(t *testing.T) {
	t.Parallel()
	s := demoIn(t, 80, 24)
	for _, size := range [][2]int{{20, 5}, {1, 1}, {200, 60}, {60, 12}, {80, 24}} {
		if err := s.Resize(size[0], size[1]); err != nil {
			t.Fatal(err)
		}
		for _, keys := range []string{"j", "\r", "G", "\x1b", "/", "x", "\x1b", "?", "\x1b"} {
			if err := s.Type(keys); err != nil {
				t.Fatal(err)
			}
			<-time.After(120 * time.Millisecond) // an escape and a letter are not one key
		}
	}
	if err := s.Type("1"); err != nil { // home, from wherever these keys led
		t.Fatal(err)
	}
	if _, err := s.WaitText(10*time.Second, "fluxdemo-dev"); err != nil {
		t.Error(err)
	}
	quit(t, s)
}

func TestDemoUsage(t *testing.T) {
	for _, args := range [][]string{{"demo", "--speed", "0"}, {"demo", "--speed", "fast"}, {"demo", "extra"}} {
		s, err := terminal.Start(80, 24, nil, binary, args...)
		if err != nil {
			t.Fatal(err)
		}
		if code, err := s.Wait(10 * time.Second); err != nil || code != 3 {
			t.Errorf("%v: exit %d, %v", args, code, err)
		}
		s.Close()
	}
}

// Whatever tells the process to end, whenever, the terminal is left as it was.
func TestSignalsEndTheDashboard(t *testing.T) {
	t.Parallel()
	for _, sig := range []os.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGINT} {
		for range 5 {
			s := demoIn(t, 80, 24)
			if err := s.Signal(sig); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Wait(5 * time.Second); err != nil {
				t.Fatalf("%s: %v", sig, err)
			}
			if raw := string(s.Raw()); !strings.Contains(raw, "\x1b[?1049l") {
				t.Errorf("%s: the alternate screen was not left", sig)
			}
		}
	}
}
