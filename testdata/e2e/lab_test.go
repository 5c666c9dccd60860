// Package e2e holds the tests against the lab: a real API server, operator and
// controllers. They have a lab of their own and leave nothing of it behind.
package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenantry/kube"
)

var (
	binary string // the program under test, absolute
	labBin string
	lab    environment
)

type environment struct {
	Mode             string            `json:"mode"`
	Server           string            `json:"server"`
	Kubeconfig       string            `json:"kubeconfig"`
	TenantKubeconfig string            `json:"tenantKubeconfig"`
	Kubectl          string            `json:"kubectl"`
	GitURL           string            `json:"gitURL"`
	GitTLSURL        string            `json:"gitTLSURL"`
	GitSSHURL        string            `json:"gitSSHURL"`
	GitRepos         string            `json:"gitRepos"`
	StateDir         string            `json:"stateDir"`
	AuditLog         string            `json:"auditLog"`
	FluxNamespace    string            `json:"fluxNamespace"`
	LeaderElection   bool              `json:"leaderElection"`
	Pids             map[string]int    `json:"pids"`
	Logs             map[string]string `json:"logs"`
	Ports            map[string]int    `json:"ports"`
}

func TestMain(m *testing.M) {
	kube.Quiet(io.Discard)
	code, err := withLab(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		code = 1
	}
	os.Exit(code)
}

func withLab(m *testing.M) (code int, err error) {
	root, err := filepath.Abs("../..")
	if err != nil {
		return 1, err
	}
	binary = filepath.Join(root, "bin", "tenantry")
	if _, err := os.Stat(binary); err != nil {
		return 1, fmt.Errorf("no program to test (%w): run make build", err)
	}
	tmp, err := os.MkdirTemp("", "tenantry-e2e-bin-")
	if err != nil {
		return 1, err
	}
	defer func() { _ = os.RemoveAll(tmp) }()
	dir := os.Getenv("TENANTRY_LAB_DIR") // a lab kept from an earlier run
	if dir == "" {
		if dir, err = os.MkdirTemp("", "tenantry-e2e-"); err != nil {
			return 1, err
		}
		defer func() { _ = os.RemoveAll(dir) }()
		os.Setenv("TENANTRY_LAB_DIR", dir)
		defer func() {
			if out, stopErr := exec.Command(labBin, "down").CombinedOutput(); stopErr != nil {
				fmt.Fprintf(os.Stderr, "e2e: lab down: %v\n%s", stopErr, out)
			}
		}()
	}
	labBin = filepath.Join(tmp, "lab")
	build := exec.Command("go", "build", "-o", labBin, ".")
	build.Dir = filepath.Join(root, "testdata", "lab")
	if out, err := build.CombinedOutput(); err != nil {
		return 1, fmt.Errorf("build the lab: %w\n%s", err, out)
	}
	up := exec.Command(labBin, "up")
	up.Stdout, up.Stderr = os.Stdout, os.Stderr
	if err := up.Run(); err != nil {
		return 1, fmt.Errorf("lab up: %w", err)
	}
	if err := readEnvironment(); err != nil {
		return 1, err
	}
	if lab.Mode != "flux" { // kept from a run whose last scene was another cluster
		if out, err := exec.Command(labBin, "reset").CombinedOutput(); err != nil {
			return 1, fmt.Errorf("lab reset: %w\n%s", err, out)
		}
		if err := readEnvironment(); err != nil {
			return 1, err
		}
	}
	for _, scene := range [][2]string{{"demo", "fluxdemo-dev"}, {"broken", "team-x"}} {
		if _, err := kubectlErr("get", "namespace", scene[1]); err == nil {
			continue // a lab that was kept
		}
		if out, err := exec.Command(labBin, scene[0]).CombinedOutput(); err != nil {
			return 1, fmt.Errorf("lab %s: %w\n%s", scene[0], err, out)
		}
	}
	return m.Run(), nil
}

func readEnvironment() error {
	out, err := exec.Command(labBin, "env", "-o", "json").Output()
	if err != nil {
		return fmt.Errorf("lab env: %w", err)
	}
	lab = environment{}
	return json.Unmarshal(out, &lab)
}

// inLab runs a lab command and fails the test when it fails.
func inLab(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command(labBin, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("lab %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	if err := readEnvironment(); err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// kubectl runs kubectl as the lab's admin.
func kubectl(t *testing.T, args ...string) string {
	t.Helper()
	out, err := kubectlErr(args...)
	if err != nil {
		t.Fatalf("kubectl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

func kubectlErr(args ...string) (string, error) {
	out, err := exec.Command(lab.Kubectl, append([]string{"--kubeconfig", lab.Kubeconfig}, args...)...).CombinedOutput()
	return string(out), err
}

// apply sends a manifest.
func apply(t *testing.T, manifest string) {
	t.Helper()
	cmd := exec.Command(lab.Kubectl, "--kubeconfig", lab.Kubeconfig, "apply", "--server-side", "--field-manager=e2e", "-f", "-")
	cmd.Stdin = strings.NewReader(manifest)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("apply: %v\n%s", err, out)
	}
}

// applyAs sends a manifest as another field manager, which takes over what it
// states.
func applyAs(t *testing.T, manager, manifest string) {
	t.Helper()
	cmd := exec.Command(lab.Kubectl, "--kubeconfig", lab.Kubeconfig, "apply", "--server-side", "--force-conflicts", "--field-manager="+manager, "-f", "-")
	cmd.Stdin = strings.NewReader(manifest)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("apply as %s: %v\n%s", manager, err, out)
	}
}

// tenantry runs the program once, without a terminal.
func tenantry(t *testing.T, kubeconfig string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	cmd := exec.Command(binary, args...)
	cmd.Env = append(os.Environ(), "KUBECONFIG="+kubeconfig)
	var o, e bytes.Buffer
	cmd.Stdout, cmd.Stderr = &o, &e
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return o.String(), e.String(), cmd.ProcessState.ExitCode()
}

// eventually polls until check returns nil.
func eventually(t *testing.T, limit time.Duration, check func() error) {
	t.Helper()
	deadline := time.Now().Add(limit)
	for {
		err := check()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %v", limit, err)
		}
		<-time.After(100 * time.Millisecond)
	}
}
