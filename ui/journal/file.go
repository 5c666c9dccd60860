package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"tenantry/ui/state"
)

// lockWait is how long others may hold the file: they do for the moment of a
// write.
const lockWait = 2 * time.Second

// lock keeps other dashboards from writing, so that two of them never set the
// file aside at once. Closing what it returns unlocks.
func lock(path string) (*os.File, error) {
	f, err := openFile(path, os.O_CREATE|os.O_RDWR)
	if err != nil {
		return nil, err
	}
	for end := time.Now().Add(lockWait); ; time.Sleep(5 * time.Millisecond) {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return f, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) || time.Now().After(end) {
			_ = f.Close()
			return nil, fmt.Errorf("%s is locked by another program: %w", path, err)
		}
	}
}

// openFile opens a regular file that its owner alone may read, whatever it was
// before. It does not wait for the other end of a pipe, and what a link points
// to is not ours.
func openFile(path string, how int) (*os.File, error) {
	f, err := os.OpenFile(path, how|syscall.O_NONBLOCK|syscall.O_NOFOLLOW, 0o600)
	switch {
	case errors.Is(err, syscall.ENXIO): // a pipe nobody reads
		return nil, fmt.Errorf("%s is no regular file", path)
	case errors.Is(err, syscall.ELOOP) || errors.Is(err, syscall.EMLINK): // as FreeBSD has it
		return nil, fmt.Errorf("%s is a symbolic link, which is not followed: put a file there, or nothing", path)
	case err != nil:
		return nil, err
	}
	info, err := f.Stat()
	switch {
	case err != nil:
	case !info.Mode().IsRegular():
		err = fmt.Errorf("%s is no regular file", path)
	case how&os.O_CREATE != 0 && info.Mode().Perm() != 0o600:
		err = f.Chmod(0o600)
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// write adds lines in one write. Called with mu held.
func (l *Log) write(lines []line, sync bool) error {
	data, err := l.encode(lines)
	if err != nil {
		return err
	}
	if err := state.Make(l.dir); err != nil {
		return err
	}
	held, err := lock(l.Path() + ".lock")
	if err != nil {
		return err
	}
	defer func() { _ = held.Close() }()
	if info, err := os.Stat(l.Path()); err == nil && info.Size() > maxFile && lines[0].Event == "begin" {
		if err := l.setAside(); err != nil {
			return err
		}
	}
	return l.append(l.Path(), data, sync)
}

func (l *Log) append(path string, data []byte, sync bool) error {
	f, err := openFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil && sync {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// setAside begins a new file with what is unfinished in those there are, so
// that nothing of it is lost when the next one is set aside. The new file is
// whole before it takes its place.
func (l *Log) setAside() error {
	open, err := l.unfinished()
	if err != nil {
		return err
	}
	var lines []line
	for _, r := range open {
		lines = append(lines, begun(r.Record, r.run)...)
		for i, s := range r.Steps {
			if s.Word != "" {
				lines = append(lines, note(r.ID, i, s.Word, s.Detail))
			}
		}
	}
	data, err := l.encode(lines)
	if err != nil {
		return err
	}
	next := l.Path() + ".new"
	if err := os.Remove(next); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := l.append(next, data, true); err != nil {
		return err
	}
	if err := os.Rename(l.Path(), l.Path()+".1"); err != nil {
		return err
	}
	return os.Rename(next, l.Path())
}

// run is this dashboard among those that write to a folder: a file of its own,
// locked as long as the process lives, whatever its id and container.
type run struct {
	name string
	file *os.File
}

const runPrefix = "running-"

func runPath(dir, name string) string { return filepath.Join(dir, runPrefix+name) }

// enter makes the file, once, and takes away what others left that are gone.
func (r *run) enter(log string) error {
	dir := filepath.Dir(log)
	if r.file != nil {
		return nil
	}
	if err := state.Make(dir); err != nil {
		return err
	}
	held, err := lock(log + ".lock") // nobody looks before the new file is locked
	if err != nil {
		return err
	}
	defer func() { _ = held.Close() }()
	left, _ := filepath.Glob(runPath(dir, "*"))
	for _, path := range left {
		runs(dir, filepath.Base(path)[len(runPrefix):])
	}
	f, err := os.CreateTemp(dir, runPrefix+"*")
	if err != nil {
		return err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return fmt.Errorf("%s can't be locked: %w", f.Name(), err)
	}
	r.file, r.name = f, filepath.Base(f.Name())[len(runPrefix):]
	return nil
}

func (r *run) leave() {
	if r.file != nil {
		_ = os.Remove(r.file.Name())
		_ = r.file.Close()
		r.file = nil
	}
}

// runs reports whether the dashboard of that name is alive. What is left of one
// that is gone is taken away.
func runs(dir, name string) bool {
	if name == "" || name != filepath.Base(name) {
		return false
	}
	path := runPath(dir, name)
	f, err := openFile(path, os.O_RDWR)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil {
		return true
	}
	_ = os.Remove(path)
	return false
}
