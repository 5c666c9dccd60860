package program

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"tenantry/kube/demo"
)

// tmux is a real terminal: what it makes of the program's output is what a
// person sees.
type tmux struct {
	*testing.T
	socket string
}

// inTmux starts the program in a terminal of a tmux server of its own.
func inTmux(t *testing.T, width, height int, env []string, args ...string) *tmux {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("no tmux")
		}
		t.Skip("no tmux")
	}
	x := &tmux{T: t, socket: filepath.Join(t.TempDir(), "tmux")}
	command := "exec env"
	for _, e := range append([]string{"COLORTERM=truecolor", "LC_ALL=C.UTF-8", "XDG_STATE_HOME=" + t.TempDir(), "XDG_CONFIG_HOME=" + t.TempDir()}, env...) {
		command += " '" + e + "'"
	}
	command += " '" + binary + "'"
	for _, a := range args {
		command += " '" + a + "'"
	}
	x.do("-f", "/dev/null", "new-session", "-d", "-x", fmt.Sprint(width), "-y", fmt.Sprint(height), "-e", "LC_ALL=C.UTF-8", command)
	t.Cleanup(func() { _ = exec.Command("tmux", "-S", x.socket, "kill-server").Run() }) // it has ended when the program has
	return x
}

func (x *tmux) do(args ...string) string {
	x.Helper()
	cmd := exec.Command("tmux", append([]string{"-u", "-S", x.socket}, args...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
	if err != nil {
		x.Fatalf("tmux %v: %v\n%s", args, err, out)
	}
	return string(out)
}

func (x *tmux) screen() string { return x.do("capture-pane", "-p") }

// until polls the screen.
func (x *tmux) until(what string, ok func(screen string) bool) {
	x.Helper()
	if !poll(func() bool { return ok(x.screen()) }) {
		x.Fatalf("never: %s\n%s", what, x.screen())
	}
}

func poll(ok func() bool) bool {
	pause := time.NewTicker(50 * time.Millisecond)
	defer pause.Stop()
	for end := time.Now().Add(40 * time.Second); !ok(); <-pause.C {
		if time.Now().After(end) {
			return false
		}
	}
	return true
}

// mouse sends what a terminal sends for a button at a cell, counted from 0.
func (x *tmux) mouse(button, column, row int) {
	x.Helper()
	x.do("send-keys", "-l", fmt.Sprintf("\x1b[<%d;%d;%dM\x1b[<%d;%d;%dm", button, column+1, row+1, button, column+1, row+1))
}

// find is where a text begins on the screen.
func (x *tmux) find(text string) (column, row int) {
	x.Helper()
	for y, l := range strings.Split(x.screen(), "\n") {
		if i := strings.Index(l, text); i >= 0 {
			return len([]rune(l[:i])), y
		}
	}
	x.Fatalf("%q is not on the screen:\n%s", text, x.screen())
	return 0, 0
}

func TestColourAndMouseInARealTerminal(t *testing.T) {
	t.Parallel()
	x := inTmux(t, 120, 40, nil, "demo", "--theme", "dark")
	x.until("the first screen", func(s string) bool { return strings.Contains(s, "● live") && strings.Contains(s, "billing") })

	// The word of a failed tenant has the theme's colour, that of a fine one none.
	coloured := func(name, state string) (before string) {
		for l := range strings.SplitSeq(x.do("capture-pane", "-p", "-e"), "\n") {
			if strings.Contains(l, name) && strings.Contains(l, state) {
				before, _, _ = strings.Cut(l, state)
				return before[strings.LastIndex(before, name):]
			}
		}
		t.Fatalf("no row of %s %s:\n%s", name, state, x.screen())
		return ""
	}
	bad, fine := coloured("payments", "✗"), coloured("docs", "✓")
	colour := regexp.MustCompile(`\x1b\[[0-9;]*(3[0-7]|9[0-7]|38;[0-9;]+)m`)
	if a, b := colour.FindString(bad), colour.FindString(fine); a == "" || b == "" || a == b {
		t.Errorf("✗ is drawn with %q, ✓ with %q", a, b)
	}

	click := func(name string) {
		column, row := x.find(name)
		x.mouse(0, column, row)
	}
	_, row := x.find("   docs")
	x.mouse(0, 4, row)
	x.until("a click selects", func(s string) bool { return strings.HasPrefix(strings.Split(s, "\n")[row], "▌  docs") })
	x.mouse(65, 4, row) // the wheel
	x.until("the wheel scrolls", func(s string) bool { return !strings.HasPrefix(strings.Split(s, "\n")[row], "▌  docs") })
	click("2 Rollouts")
	x.until("a view on line 1 is gone to", func(s string) bool { return strings.Contains(s, "▸ Rollouts") })
	x.do("send-keys", "1")
	x.until("home", func(s string) bool { return !strings.Contains(s, "▸ Rollouts") })
	_, row = x.find("billing")
	x.mouse(0, 4, row)
	x.mouse(0, 4, row)
	x.until("a double click opens", func(s string) bool { return strings.Contains(strings.Split(s, "\n")[0], "▸ billing") })
	x.do("send-keys", "q", "q", "q")
	if !poll(func() bool { return exec.Command("tmux", "-S", x.socket, "has-session").Run() != nil }) {
		t.Errorf("the program has not ended:\n%s", x.screen())
	}
}

// Names of double width, joined emoji and text that would move the cursor leave
// every row where it belongs: the columns right of them stand under their heads.
func TestWideCharactersInARealTerminal(t *testing.T) {
	d := newDesk(t, demo.AdminToken)
	client := d.company.Cluster.Client("test")
	for name, message := range map[string]string{
		"wide": "世界世界 kein 👩‍👩‍👧‍👦 Anschluß", "plain": "all quiet", "evil": "\x1b[2J\x1b[5;5Hgone \u202esdrawkcab\u202c 世",
	} {
		for _, o := range []demo.Object{
			{"apiVersion": "v1", "kind": "Namespace", "metadata": demo.Object{"name": "zz-" + name, "labels": demo.Object{"toolkit.fluxcd.io/tenant": "zz-" + name}}},
			{"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "metadata": demo.Object{"name": "app", "namespace": "zz-" + name,
				"annotations": demo.Object{"tenantry.dev/suspended-reason": message, "tenantry.dev/suspended-by": "世界"}},
				"spec": demo.Object{"interval": "1m", "prune": true, "suspend": true, "path": "./x", "sourceRef": demo.Object{"kind": "GitRepository", "name": "app"}}},
		} {
			if _, err := client.Create(o); err != nil {
				t.Fatal(err)
			}
		}
	}
	x := inTmux(t, 120, 40, []string{"KUBECONFIG=" + d.config})
	x.until("the first screen", func(s string) bool { return strings.Contains(s, "● live") && strings.Contains(s, "zz-wide") })
	x.do("send-keys", "4")
	x.until("Suspended", func(s string) bool {
		return strings.Contains(s, "▸ Suspended") && strings.Contains(s, "世界世界")
	})
	lines := strings.Split(x.screen(), "\n")
	if !strings.HasPrefix(lines[0], " prod ▸ Suspended") {
		t.Errorf("line 1 was overwritten: %q", lines[0])
	}
	for _, name := range []string{"zz-wide", "zz-plain", "zz-evil"} {
		_, row := x.find(name)
		// tmux draws a cell of two columns once: what it holds is counted in columns.
		if got := column(lines[row], "yes"); got != column(lines[2], "WILL") {
			t.Errorf("%s: the last column stands at %d, its head at %d:\n%s", name, got, column(lines[2], "WILL"), x.screen())
		}
	}
	x.do("send-keys", "C-c")
}

// column is the column a text begins in, wide characters counted as two.
func column(line, text string) int {
	i := strings.LastIndex(line, text)
	if i < 0 {
		return -1
	}
	n := 0
	for _, r := range line[:i] {
		switch {
		case r == 0x200d || r >= 0x300 && r < 0x370:
		case r >= 0x1100 && r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 || r >= 0x1f300 && r <= 0x1faff:
			n += 2
		default:
			n++
		}
	}
	return n
}
