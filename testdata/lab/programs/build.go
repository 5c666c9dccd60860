package programs

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// A Set is one complete set of built programs and the files they need.
type Set struct {
	Bin    string // binaries
	Assets string // CRDs and Flux manifests copied from the modules
}

// Path of one binary.
func (s Set) Path(name string) string { return filepath.Join(s.Bin, name) }

// Build makes sure every program is in the cache and says on progress what it
// builds and how long each took.
func Build(ctx context.Context, cache string, progress io.Writer) (Set, error) {
	if _, err := exec.LookPath("go"); err != nil {
		return Set{}, fmt.Errorf("the lab builds its programs and needs the go command: %w", err)
	}
	source, err := FindSource()
	if err != nil {
		return Set{}, err
	}
	version, err := output(ctx, source, nil, "go", "env", "GOVERSION")
	if err != nil {
		return Set{}, err
	}
	key, err := Key(source, version)
	if err != nil {
		return Set{}, err
	}
	set := Set{Bin: filepath.Join(cache, key, "bin"), Assets: filepath.Join(cache, key, "assets")}
	if err := os.MkdirAll(set.Bin, 0o755); err != nil {
		return Set{}, err
	}
	unlock, err := lockFile(filepath.Join(cache, key, "lock"))
	if err != nil {
		return Set{}, err
	}
	defer unlock()
	for i, p := range all {
		if _, err := os.Stat(set.Path(p.name)); err == nil {
			continue
		}
		fmt.Fprintf(progress, "building %-24s (%d of %d) … ", p.name, i+1, len(all))
		start := time.Now()
		if err := p.build(ctx, source, set); err != nil {
			fmt.Fprintln(progress, "failed")
			return Set{}, err
		}
		fmt.Fprintf(progress, "%.0f s\n", time.Since(start).Seconds())
	}
	return set, copyAssets(ctx, source, set)
}

func (p program) build(ctx context.Context, source string, set Set) error {
	dir := filepath.Join(source, p.module)
	// The final name appears only when the build is complete, so an
	// interrupted build is never taken for a finished one.
	part := set.Path(p.name) + ".part"
	args := []string{"build", "-trimpath", "-ldflags", p.ldflags, "-o", part}
	env := []string{"GOTOOLCHAIN=local", "CGO_ENABLED=0", "GOFLAGS=-mod=readonly", "GOWORK=off"}
	if p.missing != nil {
		var err error
		if dir, err = p.complete(ctx, dir, set); err != nil {
			return fmt.Errorf("completing the sources of %s: %w", p.name, err)
		}
	}
	if _, err := output(ctx, dir, env, "go", append(args, p.pkg)...); err != nil {
		return fmt.Errorf("building %s: %w", p.name, err)
	}
	return os.Rename(part, set.Path(p.name))
}

// complete copies the program's module, adds what it lacks and returns a build
// module that uses the copy. An overlay would be shorter, but the go command
// refuses overlays of the module cache.
func (p program) complete(ctx context.Context, dir string, set Set) (string, error) {
	module, err := moduleDir(ctx, dir, operatorModule)
	if err != nil {
		return "", err
	}
	source := filepath.Join(filepath.Dir(set.Bin), "source")
	copied := filepath.Join(source, filepath.Base(operatorModule))
	if err := copyTree(module, copied); err != nil {
		return "", err
	}
	for name, content := range p.missing {
		file := filepath.Join(copied, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return "", err
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			return "", err
		}
	}
	buildModule := filepath.Join(source, "build")
	if err := copyTree(dir, buildModule); err != nil {
		return "", err
	}
	_, err = output(ctx, buildModule, []string{"GOTOOLCHAIN=local", "GOWORK=off"}, "go", "mod", "edit", "-replace="+operatorModule+"="+copied)
	return buildModule, err
}

// moduleDir is where a module's sources lie; a machine that has never built
// with it has to download it first, or go list knows no folder.
func moduleDir(ctx context.Context, dir, module string) (string, error) {
	env := []string{"GOFLAGS=-mod=readonly", "GOTOOLCHAIN=local", "GOWORK=off"}
	if _, err := output(ctx, dir, env, "go", "mod", "download", module); err != nil {
		return "", err
	}
	return output(ctx, dir, env, "go", "list", "-m", "-f", "{{.Dir}}", module)
}

func output(ctx context.Context, dir string, env []string, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	var errText strings.Builder
	cmd.Stderr = &errText
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s in %s: %w\n%s", name, args[0], dir, err, tail(errText.String(), 20))
	}
	return strings.TrimSpace(string(out)), nil
}

func tail(s string, n int) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
