package machine

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// podAccountDir is where a pod finds its service account. Flux's controllers
// read their namespace there before they take part in a leader election.
const podAccountDir = "/var/run/secrets/kubernetes.io/serviceaccount"

// mountPodNamespace shows this process, which has a mount namespace of its
// own, a service account folder with the given namespace. Nothing outside the
// lab is written: /var/run becomes an in-memory folder whose other entries
// point to the real ones.
func mountPodNamespace(work, namespace string) error {
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("making mounts private: %w", err)
	}
	run, err := filepath.EvalSymlinks("/var/run")
	if err != nil {
		return err
	}
	old := filepath.Join(work, "run")
	if err := os.MkdirAll(old, 0o755); err != nil {
		return err
	}
	if err := syscall.Mount(run, old, "", syscall.MS_BIND|syscall.MS_REC, ""); err != nil {
		return fmt.Errorf("binding %s: %w", run, err)
	}
	if err := syscall.Mount("tmpfs", run, "tmpfs", 0, "mode=755"); err != nil {
		return fmt.Errorf("covering %s: %w", run, err)
	}
	entries, err := os.ReadDir(old)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Name() == "secrets" {
			continue
		}
		if err := os.Symlink(filepath.Join(old, e.Name()), filepath.Join(run, e.Name())); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(podAccountDir, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(podAccountDir, "namespace"), []byte(namespace), 0o644)
}

// mountAttributes give a child a mount namespace of its own; without root that
// takes a user namespace as well.
func mountAttributes(asUser bool) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if asUser {
		attr.Cloneflags |= syscall.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	return attr
}

// TryMountCommand is the hidden command that finds out whether this machine
// lets the lab have mount namespaces.
const TryMountCommand = "try-mount"

// TryMount is that command.
func TryMount(work string) error { return mountPodNamespace(work, "try") }

// probeMounts finds a way to a mount namespace; ok is false where the machine
// allows none, and why says what it answered.
func probeMounts(self, work string) (asUser, ok bool, why string) {
	ways := []bool{false, true}
	if os.Getuid() != 0 {
		ways = []bool{true}
	}
	for _, asUser := range ways {
		cmd := exec.Command(self, TryMountCommand, work)
		cmd.SysProcAttr = mountAttributes(asUser)
		out, err := cmd.CombinedOutput()
		if err == nil {
			return asUser, true, ""
		}
		why = strings.TrimSpace(err.Error() + " " + string(out))
	}
	return false, false, why
}
