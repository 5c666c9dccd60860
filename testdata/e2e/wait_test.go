package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"tenantry/kube"
	"tenantry/model"
)

// connections are the addresses a process was seen connected to.
func connections(pid int) map[string]bool {
	inodes := map[string]bool{}
	fds, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	for _, fd := range fds {
		if to, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%s", pid, fd.Name())); err == nil && strings.HasPrefix(to, "socket:[") {
			inodes[strings.Trim(to, "socket:[]")] = true
		}
	}
	out := map[string]bool{}
	for _, file := range []string{"tcp", "tcp6"} {
		data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/net/%s", pid, file))
		for _, line := range strings.Split(string(data), "\n") {
			if f := strings.Fields(line); len(f) > 9 && inodes[f[9]] {
				out[f[2]] = true // the peer, in hex
			}
		}
	}
	return out
}

// waits is a running tenantry wait, looked at all the while.
type waits struct {
	t              *testing.T
	cmd            *exec.Cmd
	stdout, stderr spoken
	ended          time.Time
	peers          map[string]bool
	over           sync.WaitGroup
}

// spoken is what a process has written so far.
type spoken struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (s *spoken) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(p)
}

func (s *spoken) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}

// until waits until the progress tells of something.
func (w *waits) until(text string) {
	w.t.Helper()
	eventually(w.t, 30*time.Second, func() error {
		if said := w.stderr.String(); !strings.Contains(said, text) {
			return fmt.Errorf("wait does not tell of %s: %s", text, said)
		}
		return nil
	})
}

// startWait runs the program without a git to run, and writes down whom it
// connects to.
func startWait(t *testing.T, args ...string) *waits {
	t.Helper()
	w := &waits{t: t, cmd: exec.Command(binary, append([]string{"wait"}, args...)...), peers: map[string]bool{}}
	w.cmd.Env = append(os.Environ(), "KUBECONFIG="+lab.Kubeconfig, "PATH=/nonexistent")
	w.cmd.Stdout, w.cmd.Stderr = &w.stdout, &w.stderr
	if err := w.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	gone := make(chan struct{})
	w.over.Go(func() {
		defer close(gone)
		err := w.cmd.Wait()
		w.ended = time.Now()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			t.Error(err)
		}
	})
	w.over.Go(func() {
		for {
			for peer := range connections(w.cmd.Process.Pid) {
				w.peers[peer] = true
			}
			select {
			case <-gone:
				return
			case <-time.After(10 * time.Millisecond):
			}
		}
	})
	return w
}

// end returns the exit code and what was printed.
func (w *waits) end() (code int, stdout string) {
	w.t.Helper()
	w.over.Wait()
	w.t.Logf("exit %d\n%s%s", w.cmd.ProcessState.ExitCode(), w.stderr.String(), w.stdout.String())
	server := lab.Server[strings.LastIndexByte(lab.Server, ':')+1:]
	want := fmt.Sprintf("0100007F:%04X", port(server))
	for peer := range w.peers {
		if peer != want && !strings.HasSuffix(peer, ":0000") && !strings.HasSuffix(peer, want) {
			w.t.Errorf("it was connected to %s; the API server is %s", peer, want)
		}
	}
	if len(w.peers) == 0 {
		w.t.Log("it was never seen connected: it ended too soon")
	}
	return w.cmd.ProcessState.ExitCode(), w.stdout.String()
}

func port(s string) (n int) {
	_, _ = fmt.Sscan(s, &n)
	return n
}

// verdict notes when the controller's answer about a commit arrives here.
type verdict struct {
	mu   sync.Mutex
	sha  string
	seen time.Time
}

func (v *verdict) expect(sha string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.sha = sha
}

func (v *verdict) at() time.Time {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.seen
}

// watchVerdict watches for a sync that says no to a commit.
func watchVerdict(t *testing.T, key model.Key) *verdict {
	t.Helper()
	v := &verdict{}
	watch(t, lab.Kubeconfig, kube.Options{}, func(s *model.Store) {
		o := s.Get(key)
		if o == nil {
			return
		}
		ready := o.Condition("Ready")
		if ready == nil || ready.Status != "False" {
			return
		}
		told := ready.Message
		if d, ok := o.Detail.(*model.Sync); ok {
			told += " " + d.Attempted
		}
		if c := o.Condition("Reconciling"); c != nil {
			told += " " + c.Message
		}
		v.mu.Lock()
		defer v.mu.Unlock()
		if v.sha != "" && v.seen.IsZero() && strings.Contains(told, v.sha) {
			v.seen = time.Now()
		}
	})
	return v
}

// Five ways to fail, each of stage alone: wait ends with 1 and the cause within
// a second of the controller's verdict, prod stays live or becomes so, and the
// Git server is never talked to.
func TestWaitEndsOnTheControllersVerdict(t *testing.T) {
	c := shared(t)
	sync := model.Key{Kind: model.Kustomization, Namespace: stage, Name: sharedName}
	for i, f := range []struct {
		name  string
		spoil func(tag string)
		says  string
	}{
		{"the path is removed", func(string) { c.git("rm", "-q", "-r", "stage") }, "there is no path ./stage"},
		{"no YAML", func(string) { c.file("stage/3_broken.yaml", "kind: ConfigMap: broken\n") }, "not valid YAML"},
		{"refused", func(string) {
			c.file("stage/4_other.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: intruder\n  namespace: fluxdemo-prod\n")
		}, "intruder"},
		{"pods never become ready", func(tag string) {
			c.file("stage/1_deployment.yaml", strings.Replace(wholeApp(stage, tag, "lab/fault: imagepull"), "progressDeadlineSeconds: 600", "progressDeadlineSeconds: 5", 1))
		}, "kcheck"},
	} {
		t.Run(f.name, func(t *testing.T) {
			tag := fmt.Sprintf("3.%d", i)
			c.t = t
			c.fresh(tag + ".0")
			c.app("prod", image(tag+".1"))
			f.spoil(tag + ".1")
			v := watchVerdict(t, sync)
			pushed := c.push("Break stage: " + f.name)
			v.expect(pushed)
			ask(t, stage, prod)
			w := startWait(t, stage, "--revision", pushed, "--timeout", "90s")
			code, out := w.end()
			if code != 1 || !strings.Contains(out, stage) || !strings.Contains(out, pushed[:7]) || !strings.Contains(out, f.says) {
				t.Errorf("exit %d, %q; want 1 and %q", code, out, f.says)
			}
			// Every one of these verdicts names the commit, that about the path
			// beside it: this watch may only hear of it a little later.
			eventually(t, 10*time.Second, func() error {
				if v.at().IsZero() {
					return fmt.Errorf("no verdict on %s was seen here", pushed[:7])
				}
				return nil
			})
			if late := w.ended.Sub(v.at()); late > time.Second {
				t.Errorf("ended %s after the verdict", late)
			} else {
				t.Logf("ended %s after the verdict was seen here", late.Round(time.Millisecond))
			}
			if out, stderr, code := tenantry(t, lab.Kubeconfig, "wait", prod, "--revision", pushed, "--timeout", "60s"); code != 0 {
				t.Errorf("prod: exit %d\n%s%s", code, stderr, out)
			}
			r := told(t)
			commit := r.until(t, 10*time.Second, "1 of 2 live", pushed, func(c *model.Commit) bool { return c.Live == 1 && c.Of == 2 })
			if l := lineOf(t, commit, stage); !l.Outcome.Bad() || !strings.Contains(l.Cause, strings.Split(f.says, " ")[0]) {
				t.Errorf("stage's line: %s %q", l.Outcome, l.Cause)
			}
		})
	}
	c.t = t
	c.fresh("3.9.0")
	t.Run("the source can't fetch", func(t *testing.T) {
		kubectl(t, "patch", "-n", stage, "gitrepository.source.toolkit.fluxcd.io/"+sharedName, "--type", "merge", "-p", `{"spec":{"ref":{"branch":"nowhere"}}}`)
		defer kubectl(t, "patch", "-n", stage, "gitrepository.source.toolkit.fluxcd.io/"+sharedName, "--type", "merge", "-p", `{"spec":{"ref":{"branch":"main"}}}`)
		w := startWait(t, stage, "--revision", strings.Repeat("0123456789", 4), "--timeout", "60s")
		if code, out := w.end(); code != 1 || !strings.Contains(out, "can't be fetched") {
			t.Errorf("exit %d, %q", code, out)
		}
	})
	t.Run("not in time", func(t *testing.T) {
		w := startWait(t, prod, "--revision", strings.Repeat("0123456789", 4), "--timeout", "3s")
		if code, out := w.end(); code != 4 || !strings.Contains(out, "no source here has seen") {
			t.Errorf("exit %d, %q", code, out)
		}
	})
}

// The newest commit: one annotation on one source, nothing else, and never the
// Git server.
func TestWaitForTheNewest(t *testing.T) {
	c := shared(t)
	c.fresh("3.8.0")
	c.app("prod", image("3.8.1"))
	sha := c.push("Use 3.8.1")
	w := startWait(t, prod, "--revision", "newest", "--timeout", "60s")
	if code, out := w.end(); code != 0 || !strings.Contains(out, sha[:7]+" live in 1 of 1") {
		t.Errorf("exit %d, %q", code, out)
	}
	if !strings.Contains(w.stderr.String(), "asking GitRepository/"+prod+"/"+sharedName) {
		t.Errorf("it does not say that it writes:\n%s", w.stderr.String())
	}
}
