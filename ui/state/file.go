package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// Make makes a folder that its owner alone may look into, also where it was
// there already. One that is somebody else's stays as it is: the files in it
// are private all the same.
func Make(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if info, err := os.Stat(dir); err == nil && info.Mode().Perm()&0o077 != 0 {
		_ = os.Chmod(dir, info.Mode().Perm()&^0o077)
	}
	return nil
}

// lockWait is how long another dashboard may hold the lock: it does so for the
// moment of a read or a write.
const lockWait = 2 * time.Second

// lock keeps other dashboards from reading and writing at the same time. The
// kernel gives it back when a process ends, however it ends. Without a folder
// there is nothing to lock: os.ErrNotExist.
func (f *Folder) lock() (unlock func(), err error) {
	path := filepath.Join(f.dir, "lock")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("nothing is remembered: %w", err)
	}
	for end := time.Now().Add(lockWait); ; time.Sleep(20 * time.Millisecond) {
		err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { _ = file.Close() }, nil // closing unlocks
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) || time.Now().After(end) {
			_ = file.Close()
			return nil, fmt.Errorf("nothing is remembered: %s is locked: %w", path, err)
		}
	}
}

// read returns a cluster's contents. With an error they are fresh ones, unless
// the file must be left alone: then there are none.
func (f *Folder) read(c Cluster) (*Contents, error) {
	path := f.path(c)
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return fresh(c), nil
	}
	if err != nil {
		return nil, fmt.Errorf("what was remembered can't be read: %w", err)
	}
	data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	_ = file.Close()
	if err != nil {
		return nil, fmt.Errorf("what was remembered can't be read: %w", err)
	}
	contents := &Contents{}
	switch err = json.Unmarshal(data, contents); {
	case len(data) > maxFile:
		err = fmt.Errorf("it is larger than %d MB", maxFile>>20)
	case err == nil && contents.Version > version:
		return nil, fmt.Errorf("nothing is remembered: %s is of a newer tenantry (version %d)", path, contents.Version)
	case err == nil && contents.Version < 1:
		err = errors.New("it has no version")
	case err == nil && (contents.Context != c.Context || contents.Server != c.Server):
		err = fmt.Errorf("it is of context %q", contents.Context)
	}
	if err == nil {
		return contents, nil
	}
	aside := path + ".broken"
	if renamed := os.Rename(path, aside); renamed != nil {
		return nil, fmt.Errorf("what was remembered is broken (%w) and can't be set aside: %w", err, renamed)
	}
	return fresh(c), fmt.Errorf("what was remembered is broken and set aside as %s: %w", aside, err)
}

// write replaces a file whole or not at all.
func (f *Folder) write(path string, c *Contents) error {
	data, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("nothing is remembered: %w", err)
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".new-*") // 0600
	if err != nil {
		return fmt.Errorf("nothing is remembered: %w", err)
	}
	_, err = temp.Write(data)
	if err == nil {
		err = temp.Sync()
	}
	if closed := temp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		_ = os.Remove(temp.Name())
		return fmt.Errorf("nothing is remembered: %w", err)
	}
	return nil
}

// prune removes the files of the clusters not seen for the longest time, and
// what a crash left behind.
func (f *Folder) prune() {
	dir := filepath.Join(f.dir, "clusters")
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) <= maxFiles {
		return
	}
	type aged struct {
		name string
		at   time.Time
	}
	var files []aged
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
			files = append(files, aged{e.Name(), info.ModTime()})
		}
	}
	slices.SortFunc(files, func(a, b aged) int { return a.at.Compare(b.at) })
	for i := range len(files) - maxFiles {
		_ = os.Remove(filepath.Join(dir, files[i].name))
	}
}
