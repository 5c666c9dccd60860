package program

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenantry/testdata/terminal"
)

// keysOf types keys, each list after what came before shows.
func keysOf(t *testing.T, s *terminal.Session, pairs ...string) {
	t.Helper()
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := s.Type(pairs[i]); err != nil {
			t.Fatal(err)
		}
		if _, err := s.WaitText(15*time.Second, pairs[i+1]); err != nil {
			t.Fatalf("after %q: %v", pairs[i], err)
		}
	}
}

// Anything is gone to and done by its name.
func TestPalette(t *testing.T) {
	s := demoIn(t, 100, 30)
	keysOf(t, s,
		":", "go to, or do",
		"fluxdemo-stage", "tenant",
		"\r", "▸ fluxdemo-stage",
		":", "go to, or do",
		"ks flux-stage", "Kustomization",
		"\r", "Kustomization flux-stage-prod",
		":", "go to, or do",
		"theme mono", "theme",
		"\r", "theme mono",
		"1", "13 tenants",
		":ns fluxdemo-prod", "namespace",
		"\r", "12 outside the scope",
		"0", "13 tenants",
		":pause", "key p",
		"\r", "PAUSED",
		":quit", "key ctrl+c",
	)
	if err := s.Type("\r"); err != nil {
		t.Fatal(err)
	}
	if code, err := s.Wait(10 * time.Second); err != nil || code != 0 {
		t.Errorf("exit %d, %v", code, err)
	}
}

// Several tenants are ticked, and every page shows only them.
func TestScope(t *testing.T) {
	s := demoIn(t, 100, 30)
	keysOf(t, s,
		"n", "scope: what every page is narrowed to",
		"fluxdemo", "[ ] ✓ fluxdemo-stage",
		"*", "[x] ✓ fluxdemo-prod",
		"\r", "10 outside the scope",
	)
	if screen := s.Screen(); strings.Contains(screen, "billing") || !strings.Contains(screen, "▸ 3 of 13 tenants") {
		t.Errorf("not narrowed:\n%s", screen)
	}
	keysOf(t, s, "6", "▸ Syncs")
	if screen := s.Screen(); strings.Contains(screen, "billing") {
		t.Errorf("the syncs are not narrowed:\n%s", screen)
	}
	keysOf(t, s, "0", "billing")
	quit(t, s)
}

// The tour leads through the demo, and the demo's time obeys.
func TestTour(t *testing.T) {
	s := demoIn(t, 80, 24)
	keysOf(t, s,
		"?", "enter starts the tour",
		"\r", "TOUR  Every tenant is a row",
		"j", "TOUR  The words below say why",
		"\r", "TOUR  Line 2 is its chain",
		"\x1b", "the tour is over",
		"}", "things happen 2× as fast",
		"]", "10 s further",
		"C", "there is only this one cluster",
		"1", "13 tenants",
	)
	quit(t, s)
}

func TestTerminalsThatCannotShowIt(t *testing.T) {
	s, err := terminal.Start(80, 24, []string{"TERM=dumb"}, binary, "demo")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if code, err := s.Wait(10 * time.Second); err != nil || code != 3 {
		t.Errorf("TERM=dumb: exit %d, %v", code, err)
	}
	if raw := string(s.Raw()); !strings.Contains(raw, "TERM=dumb") || strings.Contains(raw, "\x1b") {
		t.Errorf("%q", raw)
	}
}

// A locale without UTF-8 begins with plain characters, and the log says why.
func TestPlainLocale(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	s, err := terminal.Start(80, 24, []string{"LC_ALL=POSIX"}, binary, "demo", "--log-file", log)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.WaitText(15*time.Second, "* live"); err != nil {
		t.Fatal(err)
	}
	for _, r := range s.Screen() {
		if r > 0x7e {
			t.Fatalf("%q is no ASCII:\n%s", r, s.Screen())
		}
	}
	quit(t, s)
	data, err := os.ReadFile(log)
	if err != nil || strings.Count(string(data), "plain characters only") != 1 || !strings.Contains(string(data), "locale=POSIX") {
		t.Errorf("%s, %v", data, err)
	}
}
