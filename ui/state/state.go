// Package state keeps what this machine remembers of clusters between two runs
// of the dashboard: how every tenant was at the last look, which troubles are
// known, which namespaces were asked for. It is a help, never the truth: what
// can't be read is said once, set aside and done without.
package state

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// version is that of the files. Keys are only ever added to it; a file of a
// newer version is left alone.
const version = 1

// Bounds of a file and of the folder: a disk is not to fill up unnoticed.
const (
	maxFile       = 8 << 20
	maxFiles      = 200
	maxTenants    = 50_000
	maxKnown      = 500
	maxNamespaces = 200
	maxLooks      = 10
	maxText       = 400 // runes of a note or a message
)

// Cluster is one cluster as seen with one context: others may have other
// rights in it, and so another picture.
type Cluster struct {
	Context string
	Server  string
}

// Contents are what is remembered of a cluster.
type Contents struct {
	Version int    `json:"version"`
	Context string `json:"context"`
	Server  string `json:"server"`
	// UID is that of the namespace kube-system: a cluster that was made anew
	// under an old name is another one. Empty when it could not be read.
	UID string `json:"uid,omitempty"`
	// Looks are the last ones, by the namespaces that were read: "" for the
	// whole cluster. What was not read can't be compared.
	Looks      map[string]*Look `json:"looks,omitempty"`
	Known      []Known          `json:"known,omitempty"`
	Namespaces []string         `json:"namespaces,omitempty"`
	// Setup is what setting Flux up goes on with where the cluster does not show
	// it yet; nil for nothing.
	Setup *Setup `json:"setup,omitempty"`
	// Drafts are forms that were typed and not sent, and those of tenants as they
	// were sent last.
	Drafts []Draft `json:"drafts,omitempty"`
}

// Setup is where the sync that is not set yet is to fetch from, and the Secret
// that was made for it. There is no secret in either.
type Setup struct {
	URL    string `json:"url"`
	Secret string `json:"secret"`
}

// Look is how the tenants were when somebody last looked.
type Look struct {
	At int64 `json:"at"` // by this machine's clock, Unix seconds
	// Tenants are the names of rows by their health's word.
	Tenants map[string][]string `json:"tenants"`
	// Made is when namespaces were made, Unix seconds: one that was made since
	// is another of the same name, and what was in the first is gone.
	Made map[string]int64 `json:"made,omitempty"`
	// Sync is what the FluxInstance's spec.sync was, in words.
	Sync string `json:"sync,omitempty"`
}

// Health returns the word of every row; none of no look.
func (l *Look) Health() map[string]string {
	out := map[string]string{}
	if l == nil {
		return out
	}
	for health, names := range l.Tenants {
		for _, n := range names {
			out[n] = health
		}
	}
	return out
}

// Known is a trouble somebody has seen and left for now. It is told by the
// object it starts at and by what that says.
type Known struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace,omitempty"`
	Name      string `json:"name"`
	Reason    string `json:"reason"`
	Message   string `json:"message"` // without what changes from try to try
	Note      string `json:"note,omitempty"`
	At        int64  `json:"at"`
	// Over: the trouble went away; when it is back, it is new.
	Over bool `json:"over,omitempty"`
}

// SameObject reports whether both start at the same object.
func (k *Known) SameObject(o *Known) bool {
	return k.Kind == o.Kind && k.Namespace == o.Namespace && k.Name == o.Name
}

// bound cuts what outgrew its bounds; of the known troubles the oldest go.
func (c *Contents) bound() {
	if n := len(c.Known) - maxKnown; n > 0 {
		slices.SortStableFunc(c.Known, func(a, b Known) int { return int(min(max(a.At-b.At, -1), 1)) })
		c.Known = c.Known[n:]
	}
	for i := range c.Known {
		k := &c.Known[i]
		k.Note, k.Message = cut(k.Note), cut(k.Message)
	}
	c.Namespaces = c.Namespaces[:min(len(c.Namespaces), maxNamespaces)]
	if s := c.Setup; s != nil && (s.URL == "" || len(s.URL) > maxText || len(s.Secret) > maxText) {
		c.Setup = nil // none, or none of ours
	}
	c.boundDrafts()
	for len(c.Looks) > maxLooks {
		oldest := ""
		for what, l := range c.Looks {
			if before := c.Looks[oldest]; before == nil || l.At < before.At {
				oldest = what
			}
		}
		delete(c.Looks, oldest)
	}
	for what, l := range c.Looks {
		n := 0
		for _, names := range l.Tenants {
			n += len(names)
		}
		if n > maxTenants || len(l.Made) > 2*maxTenants {
			delete(c.Looks, what) // half a look would be a wrong one
		}
	}
}

func cut(s string) string {
	if r := []rune(s); len(r) > maxText {
		return string(r[:maxText])
	}
	return s
}

// Dir is where the dashboard keeps its state, by the XDG base directories.
func Dir(getenv func(string) string) (string, error) {
	// A relative path is to be ignored, says the specification.
	if dir := getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "tenantry"), nil
	}
	if home := getenv("HOME"); filepath.IsAbs(home) {
		return filepath.Join(home, ".local", "state", "tenantry"), nil
	}
	return "", errors.New("neither XDG_STATE_HOME nor HOME is set: nothing is remembered between runs")
}

// Folder is a folder of state.
type Folder struct{ dir string }

// Open returns the folder; it is made when something is first written to it.
func Open(dir string) *Folder { return &Folder{dir} }

// path is a cluster's file. Names of contexts hold slashes and more: a digest
// tells them apart, and the beginning of the name shows a person which is
// which.
func (f *Folder) path(c Cluster) string {
	sum := sha256.Sum256([]byte(c.Context + "\x00" + c.Server))
	plain := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '.' {
			return r
		}
		return '-'
	}, strings.ToLower(c.Context))
	plain = strings.Trim(plain[:min(len(plain), 40)], ".-")
	return filepath.Join(f.dir, "clusters", strings.TrimLeft(plain+"-"+hex.EncodeToString(sum[:6]), "-")+".json")
}

// Read returns what is remembered of a cluster; nothing when nothing is.
func (f *Folder) Read(c Cluster) (*Contents, error) {
	unlock, err := f.lock()
	if errors.Is(err, os.ErrNotExist) {
		return fresh(c), nil
	}
	if err != nil {
		return nil, err
	}
	defer unlock()
	return f.read(c)
}

// Update changes what is remembered of a cluster and returns all of it. What
// another dashboard wrote meanwhile is kept but for what change touches.
func (f *Folder) Update(c Cluster, change func(*Contents)) (*Contents, error) {
	err := Make(f.dir)
	if err == nil {
		err = Make(filepath.Join(f.dir, "clusters"))
	}
	if err != nil {
		return nil, fmt.Errorf("nothing is remembered: %w", err)
	}
	unlock, err := f.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	contents, broken := f.read(c)
	if contents == nil {
		return nil, broken
	}
	change(contents)
	contents.bound()
	if err := f.write(f.path(c), contents); err != nil {
		return nil, err
	}
	f.prune()
	return contents, broken
}

func fresh(c Cluster) *Contents {
	return &Contents{Version: version, Context: c.Context, Server: c.Server}
}
