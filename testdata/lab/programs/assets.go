package programs

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// assetsFormat is raised when the copied files change, so caches are redone.
const assetsFormat = 1

// assets are files of the modules that the programs read while running. They
// are copied beside the binaries so that starting needs neither the go command
// nor the module cache.
var assets = []struct{ module, path, from, to string }{
	{"flux-operator", operatorModule, "config/crd/bases", "operator-crds"},
	{"flux-operator", operatorModule, "config/data", "operator-data"},
	{"kwok", "sigs.k8s.io/kwok", "kustomize/crd/bases", "kwok-crds"},
	{"kwok", "sigs.k8s.io/kwok", "kustomize/stage/node/fast", "kwok-stages/node-fast"},
	{"kwok", "sigs.k8s.io/kwok", "kustomize/stage/node/heartbeat", "kwok-stages/node-heartbeat"},
	{"kwok", "sigs.k8s.io/kwok", "kustomize/stage/pod/fast", "kwok-stages/pod-fast"},
}

func copyAssets(ctx context.Context, source string, set Set) error {
	done := filepath.Join(set.Assets, "complete")
	if _, err := os.Stat(done); err == nil {
		return nil
	}
	for _, a := range assets {
		dir, err := moduleDir(ctx, filepath.Join(source, a.module), a.path)
		if err != nil {
			return err
		}
		to := filepath.Join(set.Assets, a.to)
		if err := copyTree(filepath.Join(dir, a.from), to); err != nil {
			return fmt.Errorf("copying %s of %s: %w", a.from, a.path, err)
		}
	}
	return os.WriteFile(done, nil, 0o644)
}

func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		if d.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(target, body, 0o644)
	})
}

// lockFile keeps two labs that start at once from building the same thing.
func lockFile(path string) (func(), error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		f.Close()
		return nil, fmt.Errorf("locking %s: %w", path, err)
	}
	return func() { f.Close() }, nil
}
