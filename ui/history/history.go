// Package history keeps what changed in a cluster beyond one run: lines of JSON
// in a file per cluster. A dashboard that starts afterwards tells from it what
// happened. Several may write to one file, and any may be killed at any moment:
// a batch of lines is one write at the file's end, and a line that was cut
// short is passed over. There is never a secret in it, and it is bounded by
// size and by age.
package history

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"tenantry/model/redact"
)

// Bounds. A file that is full is set aside, and the one set aside before goes.
const (
	maxFile     = 4 << 20
	maxBatch    = 256 << 10 // of one write
	maxText     = 400       // bytes of one word of a record
	maxAge      = 30 * 24 * time.Hour
	maxClusters = 50
)

// Record is one thing that happened. Its words are the cluster's: clean them
// before they are drawn.
type Record struct {
	At        int64  `json:"t"` // by the server's clock, Unix seconds
	Kind      string `json:"k,omitempty"`
	Namespace string `json:"ns,omitempty"`
	Name      string `json:"n,omitempty"`
	What      string `json:"w"`
	From      string `json:"from,omitempty"`
	To        string `json:"to,omitempty"`
	Revision  string `json:"rev,omitempty"`
	Detail    string `json:"d,omitempty"`
	Field     string `json:"f,omitempty"`
	UID       string `json:"u,omitempty"`   // of the object, where others of its name matter
	Row       bool   `json:"row,omitempty"` // about a tenant as a whole
	// Run tells the records of one run of tenantry from others'.
	Run string `json:"run,omitempty"`
}

// Folder is where histories are kept.
type Folder struct {
	dir     string
	run     string
	now     func() time.Time
	maxFile int64
	wait    time.Duration // how long others may hold the lock
	mu      sync.Mutex
	tidied  map[string]bool
}

// Open returns the histories in a folder, which need not exist yet. run names
// this run of tenantry, now is the local time.
func Open(dir, run string, now func() time.Time) *Folder {
	return &Folder{dir: filepath.Join(dir, "history"), run: run, now: now, maxFile: maxFile, wait: lockWait, tidied: map[string]bool{}}
}

// Cluster is the name of a cluster's history: by what never changes while it
// lives, the UID of its namespace kube-system, and where that can't be read by
// its address. Two clusters behind one address are told apart.
func Cluster(uid, server string) string {
	sum := sha256.Sum256([]byte(uid))
	if uid == "" {
		sum = sha256.Sum256([]byte("server " + server))
	}
	return hex.EncodeToString(sum[:10])
}

// Run names this run.
func (f *Folder) Run() string { return f.run }

// Path is the file of a cluster.
func (f *Folder) Path(cluster string) string { return filepath.Join(f.dir, cluster+".jsonl") }

// Append writes records. What is in them that must not be kept is taken out.
func (f *Folder) Append(cluster string, records []Record) error {
	if len(records) == 0 {
		return nil
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return fmt.Errorf("the history is not kept: %w", err)
	}
	if !f.tidied[cluster] {
		f.tidied[cluster] = true
		f.tidy(cluster)
	}
	var batch []byte
	for i := range records {
		line, err := json.Marshal(f.fit(records[i]))
		if err != nil {
			continue
		}
		if len(batch)+len(line) > maxBatch {
			if err := f.write(cluster, batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
		batch = append(append(batch, '\n'), line...) // a line that was cut short must not swallow this one
	}
	return f.write(cluster, append(batch, '\n'))
}

// fit makes a record fit to be kept.
func (f *Folder) fit(r Record) Record {
	r.Run = f.run
	for _, s := range []*string{&r.Kind, &r.Namespace, &r.Name, &r.From, &r.To, &r.Revision, &r.Detail, &r.Field, &r.UID} {
		*s = cut(redact.Text(start(*s)))
	}
	return r
}

// start is as much of a text as can matter to what is kept: a controller may
// print a whole manifest. It ends between words, so that no half of a secret
// escapes who looks for whole ones.
func start(s string) string {
	const most = 8 * maxText
	if len(s) <= most {
		return s
	}
	n := most
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	if i := strings.LastIndexAny(s[:n], " \t\n"); i > 0 {
		n = i
	}
	return s[:n] + "…"
}

// cut shortens a word to its bound, at the edge of a character.
func cut(s string) string {
	if len(s) <= maxText {
		return s
	}
	n := maxText
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}

// write adds to the file in one write. The lock is shared with others that
// write; who sets the file aside or cuts it down has it alone.
func (f *Folder) write(cluster string, data []byte) error {
	full := false
	err := f.locked(false, func() error {
		file, err := os.OpenFile(f.Path(cluster), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		_, err = file.Write(data)
		if info, e := file.Stat(); e == nil {
			full = info.Size() > f.maxFile
		}
		return errors.Join(err, file.Close())
	})
	if err == nil && full {
		err = f.locked(true, func() error { return f.setAside(cluster) })
	}
	if err != nil {
		return fmt.Errorf("the history is not kept: %w", err)
	}
	return nil
}

// setAside begins a new file, unless another did so meanwhile.
func (f *Folder) setAside(cluster string) error {
	if info, err := os.Stat(f.Path(cluster)); err != nil || info.Size() <= f.maxFile {
		return nil
	}
	return os.Rename(f.Path(cluster), f.Path(cluster)+".1")
}

// tidy takes away what is too old, and the clusters not written to for the
// longest time. What can't be taken away now is the next time.
func (f *Folder) tidy(cluster string) {
	_ = f.locked(true, func() error {
		f.dropOld(cluster)
		f.dropClusters()
		return nil
	})
}

// dropOld writes a file anew without what is too old, where its first record
// is.
func (f *Folder) dropOld(cluster string) {
	limit := f.now().Add(-maxAge).Unix()
	for _, path := range []string{f.Path(cluster) + ".1", f.Path(cluster)} {
		var kept []byte
		dropped := false
		err := eachLine(path, func(line []byte, r *Record) bool {
			if r.At < limit {
				dropped = true
				return true
			}
			kept = append(append(kept, line...), '\n')
			return dropped // a file that begins young is young
		})
		switch {
		case err != nil || !dropped:
		case len(kept) == 0:
			_ = os.Remove(path)
		default:
			_ = replace(path, kept)
		}
	}
}

// replace writes a file whole or not at all.
func replace(path string, data []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(path), ".new-*") // 0600
	if err != nil {
		return err
	}
	_, err = temp.Write(data)
	if err = errors.Join(err, temp.Close()); err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		_ = os.Remove(temp.Name())
	}
	return err
}

func (f *Folder) dropClusters() {
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return
	}
	var files []fs.FileInfo
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() && filepath.Ext(e.Name()) != ".lock" {
			files = append(files, info)
		}
	}
	slices.SortFunc(files, func(a, b fs.FileInfo) int { return b.ModTime().Compare(a.ModTime()) })
	for i, info := range files {
		if i >= 2*maxClusters || time.Since(info.ModTime()) > maxAge {
			_ = os.Remove(filepath.Join(f.dir, info.Name()))
		}
	}
}
