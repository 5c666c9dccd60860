// Package machine starts, watches and stops the processes of one lab.
package machine

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// DirVariable names the environment variable that chooses the state folder, so
// that several labs can run side by side.
const DirVariable = "TENANTRY_LAB_DIR"

// A Lab is one lab on this machine: a state folder and what is known about it.
type Lab struct {
	Dir    string
	Config Config
}

// Config is what must stay the same while a lab exists, so that its kubeconfigs
// and Git URLs stay valid when parts are stopped and started.
type Config struct {
	Mode          string         `json:"mode"` // flux, empty, bootstrap or cozy
	FluxNamespace string         `json:"fluxNamespace"`
	Lockdown      bool           `json:"lockdown"`
	FastLeases    bool           `json:"fastLeases"`
	ElectLeaders  bool           `json:"electLeaders"`
	MountAsUser   bool           `json:"mountAsUser"` // the mount namespace needs a user namespace
	NoSync        bool           `json:"noSync"`      // a cozy lab without spec.sync, as the platform leaves it
	Loaded        bool           `json:"loaded"`      // a still life for measurements: nothing may move it
	Bin           string         `json:"bin"`
	Assets        string         `json:"assets"`
	Ports         map[string]int `json:"ports"`
	AdminToken    string         `json:"adminToken"`
	TenantToken   string         `json:"tenantToken"`
}

// CacheDir is where binaries and, by default, the state folder live.
func CacheDir() (string, error) {
	base, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("no cache folder for this user (set XDG_CACHE_HOME or HOME): %w", err)
	}
	return filepath.Join(base, "tenantry", "lab"), nil
}

// Open reads the lab of this user, or of TENANTRY_LAB_DIR. A lab that was never
// started has an empty Config.
func Open() (*Lab, error) {
	dir := os.Getenv(DirVariable)
	if dir == "" {
		cache, err := CacheDir()
		if err != nil {
			return nil, err
		}
		dir = filepath.Join(cache, "run")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	l := &Lab{Dir: dir}
	body, err := os.ReadFile(l.path("lab.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return l, nil
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(body, &l.Config); err != nil {
		return nil, fmt.Errorf("%s is damaged (%w): run lab reset", l.path("lab.json"), err)
	}
	return l, nil
}

// Exists says whether the lab was ever started.
func (l *Lab) Exists() bool { return l.Config.Mode != "" }

// Save writes the configuration.
func (l *Lab) Save() error { return writeJSON(l.path("lab.json"), l.Config) }

// Lock keeps two commands that change the lab from running at once. The lock
// lies beside the state folder because reset empties the folder.
func (l *Lab) Lock() (func(), error) {
	if err := os.MkdirAll(filepath.Dir(l.Dir), 0o755); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(l.Dir+".lock", os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		f.Close()
		return nil, fmt.Errorf("locking %s: %w", l.Dir, err)
	}
	return func() { f.Close() }, nil
}

func (l *Lab) path(elem ...string) string {
	return filepath.Join(append([]string{l.Dir}, elem...)...)
}

// The places other packages and the user's tools look at.
func (l *Lab) Kubeconfig() string       { return l.path("kubeconfig") }
func (l *Lab) TenantKubeconfig() string { return l.path("kubeconfig-tenant") }
func (l *Lab) AuditLog() string         { return l.path("logs", "audit.log") }
func (l *Lab) Repos() string            { return l.path("git") }
func (l *Lab) GitState() string         { return l.path("git-server") }
func (l *Lab) PodLogs() string          { return l.path("pod-logs") }
func (l *Lab) LogFile(part string) string {
	return l.path("logs", part+".log")
}

// PodLogFile holds a part's output in the kubelet's format, so that the real
// controller's lines appear as the log of the pod that stands for it.
func (l *Lab) PodLogFile(part string) string { return l.path("logs", part+".pod.log") }

// Server is the API server's address.
func (l *Lab) Server() string {
	return fmt.Sprintf("https://127.0.0.1:%d", l.Config.Ports["apiserver"])
}

// EtcdURL is where etcd serves its clients.
func (l *Lab) EtcdURL() string { return l.url("etcd") }

// GitURL is the base of the anonymous Git server.
func (l *Lab) GitURL() string { return fmt.Sprintf("http://127.0.0.1:%d", l.Config.Ports["git"]) }

// GitTLSURL is the base of the Git server with a certificate of an unknown CA.
func (l *Lab) GitTLSURL() string {
	return fmt.Sprintf("https://127.0.0.1:%d", l.Config.Ports["git-tls"])
}

// GitSSHURL is the base of the Git server over SSH.
func (l *Lab) GitSSHURL() string {
	return fmt.Sprintf("ssh://git@127.0.0.1:%d", l.Config.Ports["git-ssh"])
}

// Wipe removes the cluster's data but keeps ports, tokens and certificates, so
// that kubeconfigs handed out stay valid across a reset.
func (l *Lab) Wipe() error {
	entries, err := os.ReadDir(l.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	keep := map[string]bool{"lab.json": true, "pki": true, "kubeconfig": true, "kubeconfig-tenant": true}
	for _, e := range entries {
		if keep[e.Name()] {
			continue
		}
		if err := os.RemoveAll(l.path(e.Name())); err != nil {
			return fmt.Errorf("wiping the lab: %w", err)
		}
	}
	return nil
}

func newToken() string {
	b := make([]byte, 16)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// writeJSON replaces the file in one step, so a reader never sees half of it.
func writeJSON(path string, v any) error {
	body, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	tmp := fmt.Sprintf("%s.%d.tmp", path, os.Getpid())
	if err := os.WriteFile(tmp, append(body, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}
