package machine

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

func TestParseStat(t *testing.T) {
	// The command name may hold anything, even what looks like the fields after it.
	line := "4242 (a) R (b c) S 1 4242 4242 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 9 0 123456 1000 10"
	start, state, err := parseStat([]byte(line))
	if err != nil || start != 123456 || state != 'S' {
		t.Fatalf("start %d, state %c, error %v", start, state, err)
	}
	for _, bad := range []string{"", "1 (x", "1 (x) S 1 2", "1 (x) SS 1 4242 4242 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 9 0 123456"} {
		if _, _, err := parseStat([]byte(bad)); err == nil {
			t.Errorf("%q was taken for a stat line", bad)
		}
	}
}

func TestSignalNeverReachesARecycledPid(t *testing.T) {
	cmd := exec.Command("sleep", "60")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	real, err := identify(cmd.Process.Pid)
	if err != nil {
		t.Fatal(err)
	}
	if !real.Alive() {
		t.Fatal("a running process is said to be dead")
	}
	for name, stale := range map[string]Process{
		"other start time": {PID: real.PID, Start: real.Start - 1, Boot: real.Boot},
		"other boot":       {PID: real.PID, Start: real.Start, Boot: "another boot"},
		"no pid":           {Start: real.Start, Boot: real.Boot},
		"init":             {PID: 1, Start: real.Start, Boot: real.Boot},
	} {
		if stale.Alive() {
			t.Errorf("%s: taken for alive", name)
		}
		if err := stale.Signal(syscall.SIGKILL); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if !real.Alive() {
		t.Fatal("a stale record killed another process")
	}
	if err := real.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(5 * time.Second); !real.Stopped(); {
		if time.Now().After(deadline) {
			t.Fatal("the process was not frozen")
		}
	}
	if err := real.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	// Nobody has waited for it yet: a zombie counts as gone.
	if !real.waitGone(5 * time.Second) {
		t.Fatal("a killed process is said to live")
	}
}

func TestPortsAreFreeAndBelowTheEphemeralRange(t *testing.T) {
	ports, err := choosePorts()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int]string{}
	for _, name := range portNames {
		p := ports[name]
		if p < lowestPort || p >= highestPort {
			t.Errorf("%s got port %d", name, p)
		}
		if other, taken := seen[p]; taken {
			t.Errorf("%s and %s share port %d", name, other, p)
		}
		seen[p] = name
	}
	for part, names := range portsOf {
		if _, err := find(part); err != nil {
			t.Error(err)
		}
		for _, name := range names {
			if ports[name] == 0 {
				t.Errorf("%s listens on %q, which no lab has", part, name)
			}
		}
	}
}

func TestStateSurvivesAndWipeKeepsAccess(t *testing.T) {
	t.Setenv(DirVariable, t.TempDir()+"/run")
	l, err := Open()
	if err != nil || l.Exists() {
		t.Fatalf("a lab out of nothing: %v %v", l, err)
	}
	if err := os.MkdirAll(l.path("etcd"), 0o755); err != nil {
		t.Fatal(err)
	}
	l.Config = Config{Mode: "flux", Ports: map[string]int{"apiserver": 23456}, AdminToken: "x"}
	if err := l.Save(); err != nil {
		t.Fatal(err)
	}
	if err := l.Wipe(); err != nil {
		t.Fatal(err)
	}
	again, err := Open()
	if err != nil || again.Server() != "https://127.0.0.1:23456" {
		t.Fatalf("the server moved: %v %v", again, err)
	}
	if _, err := os.Stat(l.path("etcd")); err == nil {
		t.Fatal("the cluster's data outlived a wipe")
	}
}

func TestPodLogLinesAreWhole(t *testing.T) {
	raw, pod := &buffer{}, &buffer{}
	w := &podLogWriter{raw: raw, pod: pod}
	for _, chunk := range []string{"one\ntw", "o", "\n"} {
		if _, err := w.Write([]byte(chunk)); err != nil {
			t.Fatal(err)
		}
	}
	if raw.String() != "one\ntwo\n" {
		t.Errorf("the raw log reads %q", raw)
	}
	lines := pod.lines()
	if len(lines) != 2 {
		t.Fatalf("%d pod log lines: %q", len(lines), lines)
	}
	for i, want := range []string{"one", "two"} {
		if got := lines[i][len(lines[i])-len(" stderr F ")-3:]; got != " stderr F "+want {
			t.Errorf("line %d ends %q", i, got)
		}
	}
}
