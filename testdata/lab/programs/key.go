package programs

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Key names one set of binaries: it changes with anything that would change
// them, so a cached set is never mixed with a newer one.
func Key(source, goVersion string) (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "%s %s/%s assets=%d\n", goVersion, runtime.GOOS, runtime.GOARCH, assetsFormat)
	for _, p := range all {
		fmt.Fprintf(h, "%s %s %s %s %v\n", p.name, p.module, p.pkg, p.ldflags, p.missing)
	}
	for _, m := range modules() {
		for _, name := range []string{"go.mod", "go.sum"} {
			f, err := os.Open(filepath.Join(source, m, name))
			if err != nil {
				return "", fmt.Errorf("reading the build module %s: %w", m, err)
			}
			fmt.Fprintf(h, "%s/%s\n", m, name)
			_, err = io.Copy(h, f)
			f.Close()
			if err != nil {
				return "", fmt.Errorf("reading the build module %s: %w", m, err)
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil))[:16], nil
}

// FindSource returns the folder with the build modules: the working folder's
// when the lab runs from its sources, else where this program was compiled.
func FindSource() (string, error) {
	var tried []string
	try := func(dir string) bool {
		if dir == "" {
			return false
		}
		tried = append(tried, dir)
		_, err := os.Stat(filepath.Join(dir, "etcd", "go.mod"))
		return err == nil
	}
	if wd, err := os.Getwd(); err == nil {
		for dir := wd; ; dir = filepath.Dir(dir) {
			for _, c := range []string{filepath.Join(dir, "build"), filepath.Join(dir, "testdata", "lab", "build")} {
				if try(c) {
					return c, nil
				}
			}
			if dir == filepath.Dir(dir) {
				break
			}
		}
	}
	if _, file, _, ok := runtime.Caller(0); ok {
		c := filepath.Join(filepath.Dir(filepath.Dir(file)), "build")
		if try(c) {
			return c, nil
		}
	}
	return "", fmt.Errorf("no build modules found (looked in %s): run the lab from the repository", strings.Join(tried, ", "))
}
