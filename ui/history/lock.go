package history

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// lockWait is how long others may hold the lock: they do so for the moment of a
// write.
const lockWait = 2 * time.Second

// locked does something while no other process has the files alone, or with
// alone while no other has them at all. The kernel gives the lock back when a
// process ends, however it ends.
func (f *Folder) locked(alone bool, do func() error) error {
	path := filepath.Join(f.dir, ".lock")
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // which unlocks
	how := syscall.LOCK_SH
	if alone {
		how = syscall.LOCK_EX
	}
	for end := time.Now().Add(f.wait); ; time.Sleep(10 * time.Millisecond) {
		err = syscall.Flock(int(file.Fd()), how|syscall.LOCK_NB)
		switch {
		case err == nil:
			return do()
		case !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) || time.Now().After(end):
			return fmt.Errorf("%s is locked: %w", path, err)
		}
	}
}
