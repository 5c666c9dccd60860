package machine

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// CheckTools looks for what the lab cannot build itself.
func CheckTools() error {
	if _, err := exec.LookPath("git"); err != nil {
		return fmt.Errorf("the lab's Git server needs the git command: install it and try again")
	}
	return nil
}

// Prepare makes the state folder of a lab that does not exist yet, or of one
// that was wiped, and decides what must stay the same from now on.
func (l *Lab) Prepare(bin, assets string, talk io.Writer) error {
	if err := CheckTools(); err != nil {
		return err
	}
	for _, d := range []string{"parts", "logs", "git", "pod-logs", "pki", "tuf", "kwok", "mounts", "bin", "source-storage"} {
		if err := os.MkdirAll(l.path(d), 0o755); err != nil {
			return err
		}
	}
	c := &l.Config
	c.Bin, c.Assets = bin, assets
	if c.Ports == nil {
		ports, err := choosePorts()
		if err != nil {
			return err
		}
		c.Ports, c.AdminToken, c.TenantToken = ports, newToken(), newToken()
	}
	if err := l.writePKI(); err != nil {
		return fmt.Errorf("making certificates: %w", err)
	}
	if err := l.writeAccess(); err != nil {
		return fmt.Errorf("writing kubeconfigs: %w", err)
	}
	self, err := l.installSelf()
	if err != nil {
		return err
	}
	asUser, ok, why := probeMounts(self, l.path("mounts", "try"))
	c.MountAsUser, c.ElectLeaders = asUser, ok
	if !ok {
		fmt.Fprintf(talk, "no mount namespace on this machine (%s): the Flux controllers run without leader election, so there are no Leases\n", why)
	}
	return l.Save()
}

// installSelf copies this program into the state folder, because "go run"
// deletes its own when it ends while the parts live on.
func (l *Lab) installSelf() (string, error) {
	exe, err := os.Executable()
	if err != nil {
		return "", err
	}
	target := l.Self()
	if exe == target {
		return target, nil
	}
	body, err := os.ReadFile(exe)
	if err != nil {
		return "", err
	}
	// A running file cannot be written, only replaced.
	tmp := target + ".new"
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return "", err
	}
	if err := os.WriteFile(tmp, body, 0o755); err != nil {
		return "", err
	}
	return target, os.Rename(tmp, target)
}

// Self is the lab's own copy of this program.
func (l *Lab) Self() string { return l.path("bin", "lab") }

// startLimit is generous because a loaded machine with two cores may need
// half a minute for an API server.
const startLimit = 90 * time.Second

// Start starts one part and waits until it is ready. It does nothing when the
// part runs already.
func (l *Lab) Start(ctx context.Context, name string) error {
	p, err := find(name)
	if err != nil {
		return err
	}
	if r, ok := l.Record(name); ok {
		if r.Process.Alive() {
			if r.Process.Stopped() {
				return fmt.Errorf("%s is paused: run lab resume %s", name, name)
			}
			return nil
		}
		if !r.Keeper.waitGone(5 * time.Second) {
			return fmt.Errorf("the keeper of %s (pid %d) outlives it: run lab down", name, r.Keeper.PID)
		}
	}
	if err := l.portsFree(p); err != nil {
		return err
	}
	os.Remove(l.path("parts", name+".off"))
	os.Remove(l.recordFile(name))
	os.Remove(l.exitFile(name))
	if err := l.launch(p); err != nil {
		return fmt.Errorf("starting %s: %w", name, err)
	}
	return l.awaitReady(ctx, p)
}

func (l *Lab) launch(p part) error {
	self := l.Self()
	args := []string{KeepCommand, "-dir", l.Dir, "-name", p.name}
	attr := mountAttributes(l.Config.MountAsUser)
	if !p.flux || !l.Config.ElectLeaders {
		attr.Cloneflags, attr.UidMappings, attr.GidMappings = 0, nil, nil
	} else {
		args = append(args, "-pod-namespace", l.Config.FluxNamespace)
	}
	if p.flux {
		args = append(args, "-pod-log")
	}
	program := self
	if p.program != "" {
		program = filepath.Join(l.Config.Bin, p.program)
	}
	args = append(append(args, "--", program), p.args(l)...)
	cmd := exec.Command(self, args...)
	cmd.Env = l.environment()
	if p.env != nil {
		cmd.Env = append(cmd.Env, p.env(l)...)
	}
	log, err := os.OpenFile(l.LogFile(p.name), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	// A session of its own: the terminal's Ctrl-C and hang-up stay away.
	attr.Setsid = true
	cmd.SysProcAttr = attr
	if err := cmd.Start(); err != nil {
		return err
	}
	exited := make(chan struct{})
	go func() { cmd.Wait(); close(exited) }()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		if _, ok := l.Record(p.name); ok {
			return nil
		}
		select {
		case <-exited:
			if _, ok := l.Record(p.name); ok {
				return nil
			}
			return l.Death(p.name)
		case <-time.After(5 * time.Millisecond):
		}
	}
	return fmt.Errorf("its keeper did not report within 10 s; see %s", l.LogFile(p.name))
}

// environment is all a part gets: neither the person's credentials nor their
// settings are its business.
func (l *Lab) environment() []string {
	env := []string{DirVariable + "=" + l.Dir, "HOME=" + l.Dir}
	for _, name := range []string{"PATH", "TMPDIR", "TZ"} {
		if v, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+v)
		}
	}
	return env
}

func (l *Lab) awaitReady(ctx context.Context, p part) error {
	var last error
	for deadline := time.Now().Add(startLimit); time.Now().Before(deadline); {
		if !l.Alive(p.name) {
			time.Sleep(50 * time.Millisecond) // the keeper is just writing down the exit
			return l.Death(p.name)
		}
		if p.healthy == nil {
			return nil
		}
		if last = p.healthy(l); last == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return fmt.Errorf("%s runs but is not ready after %s (%v); see %s", p.name, startLimit, last, l.LogFile(p.name))
}

// portsOf are the ports a part listens on.
var portsOf = map[string][]string{
	Etcd: {"etcd", "etcd-peer"}, APIServer: {"apiserver"}, Kwok: {"kwok"}, Git: {"git", "git-tls", "git-ssh"},
	Operator:  {"operator-metrics", "operator-health"},
	Source:    {"source-storage", "source-metrics", "source-health"},
	Kustomize: {"kustomize-metrics", "kustomize-health"},
}

func (l *Lab) portsFree(p part) error {
	for _, name := range portsOf[p.name] {
		port := l.Config.Ports[name]
		if !portFree(port) {
			return fmt.Errorf("port %d (%s of %s) is in use by another program: stop it, or give the lab new ports with lab reset --new-ports", port, name, p.name)
		}
	}
	return nil
}
