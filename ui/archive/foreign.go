package archive

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// NotOurs is a folder an export does not go into: it would overwrite a file, or
// take one from Flux, that no export wrote. Nothing was written.
type NotOurs struct {
	Dir, File string
	why       string
}

func (n *NotOurs) Error() string {
	return fmt.Sprintf("%s is there and not of an export: %s. Nothing was written; name an empty folder, e.g. %s",
		filepath.Join(n.Dir, filepath.FromSlash(n.File)), n.why, filepath.Join(n.Dir, "fleet"))
}

// besides are files an export may be written beside though they are not its
// own: Flux applies none of them.
var besides = []string{".git", ".gitignore", ".gitattributes", ".gitmodules", ".github", ".gitlab-ci.yml", ".sops.yaml", ".sourceignore"}

func isBeside(d fs.DirEntry) bool {
	name := d.Name()
	if slices.Contains(besides, name) {
		return true
	}
	ext := path.Ext(name)
	return d.Type().IsRegular() && ext != ".yaml" && ext != ".yml" && (strings.HasPrefix(name, "README") || strings.HasPrefix(name, "LICENSE"))
}

// owned are the files an export wrote, or was killed while it did.
type owned map[string]bool

func ownedBy(i *Index) owned {
	out := owned{indexName: true, indexName + besideSuffix: true}
	for _, name := range i.Files {
		out[name], out[name+besideSuffix] = true, true
	}
	return out
}

// clash says which file of somebody else's an export would overwrite or take
// from Flux; nil when there is none. Flux makes a kustomization.yaml of
// all that is in a folder only where there is none: one that is put there names
// the export's files alone, and the others are pruned.
func clash(dir string, root *os.Root, ours owned, files []file) error {
	for _, f := range files {
		if ours[f.name] {
			continue
		}
		for _, name := range []string{f.name, f.name + besideSuffix} {
			if _, err := root.Lstat(name); err == nil {
				return &NotOurs{dir, name, "no export.yaml lists it, and it would be overwritten"}
			}
		}
	}
	for _, f := range files {
		if path.Base(f.name) != kustomizationName {
			continue
		}
		if _, err := root.Lstat(f.name); err == nil {
			continue // it is one of an export already, and Flux goes by it
		}
		if err := alone(dir, root, ours, path.Dir(f.name)); err != nil {
			return err
		}
	}
	return nil
}

// alone says what is in a folder, and in those below, that no export wrote.
func alone(dir string, root *os.Root, ours owned, folder string) error {
	if _, err := root.Lstat(folder); err != nil {
		return nil // it is only made
	}
	return fs.WalkDir(root.FS(), folder, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("%s can't be looked at, so that nothing was written: %w", filepath.Join(dir, filepath.FromSlash(name)), err)
		case name == folder:
		case isBeside(d):
			if d.IsDir() {
				return fs.SkipDir
			}
		case d.IsDir() || d.Type().IsRegular() && ours[name]:
		default:
			return &NotOurs{dir, name, "a kustomization.yaml put into " + filepath.Join(dir, filepath.FromSlash(folder)) + " would not list it, and Flux would prune what it applied of it"}
		}
		return nil
	})
}
