package archive

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// Hold keeps every other tenantry from writing to a folder, and from reading it
// back half-written, until what it returns is called. The folder is made when
// it is not there.
func Hold(dir string) (release func(), err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("the folder %s can't be made: %w", dir, err)
	}
	return lock(dir, syscall.LOCK_EX)
}

// lock locks the folder itself, so that nothing is left in it. Where a
// filesystem has no locks, nobody is kept out.
func lock(dir string, how int) (release func(), err error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("the folder %s can't be used: %w", dir, err)
	}
	for {
		err = syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			break
		}
	}
	if errors.Is(err, syscall.EWOULDBLOCK) {
		_ = f.Close()
		return nil, fmt.Errorf("another tenantry uses the folder %s (export --watch?): end it first", dir)
	}
	return func() { _ = f.Close() }, nil
}
