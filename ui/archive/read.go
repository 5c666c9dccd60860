package archive

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"tenantry/model/export"
)

// Bounds of a folder that is read back: far above what an export of ten
// thousand tenants holds.
const (
	maxFiles   = 100_000
	maxAll     = 256 << 20
	maxObjects = 200_000
)

// Folder is an export as it is read back.
type Folder struct {
	Objects []Kept // by file, and in it as they stand
	Sealed  []Sealed
	Secrets []export.Secret // those the objects refer to, as the index lists them
	// Encrypted is what the index says of Sealed.
	Encrypted []Encrypted
	// Unlisted are YAML files that are no part of the export.
	Unlisted []string
}

// Kept is an object and the file it stands in.
type Kept struct {
	File   string
	Object export.Object
}

// Sealed is a Secret that is encrypted for Git.
type Sealed struct{ File, Namespace, Name string }

// Read reads an export back. The folder may hold anything: only the files its
// index names are read, only ordinary ones, and none outside. What is read is
// what is written once and not while another tenantry writes it.
func Read(dir string) (*Folder, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("the folder %s can't be used: %w", dir, err)
	}
	defer func() { _ = root.Close() }()
	unlock, err := lock(dir, syscall.LOCK_SH)
	if err != nil {
		return nil, err
	}
	defer unlock()
	return readFolder(dir, root, true)
}

// Peek reads an export back for who holds the folder, as far as it is there: it
// may have been cut off. Nil when there is none in it yet.
func Peek(dir string) (*Folder, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("the folder %s can't be used: %w", dir, err)
	}
	defer func() { _ = root.Close() }()
	if _, err := root.Lstat(indexName); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return readFolder(dir, root, false)
}

func readFolder(dir string, root *os.Root, whole bool) (*Folder, error) {
	if _, err := root.Lstat(indexName); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is not there: %s is no folder tenantry has exported to", path.Join(filepath.ToSlash(dir), indexName), dir)
	}
	index, err := readIndex(root)
	if err != nil {
		return nil, err
	}
	out := &Folder{Secrets: index.Secrets, Encrypted: index.Encrypted}
	size := 0
	for _, name := range index.Files {
		if path.Base(name) == kustomizationName {
			continue // it only names the others
		}
		text, err := read(root, name)
		switch {
		case errors.Is(err, fs.ErrNotExist) && !whole:
			continue
		case errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("%s is not there, though %s names it: the folder is not whole", name, indexName)
		case err != nil:
			return nil, fmt.Errorf("%s can't be read: %w", name, err)
		}
		if size += len(text); size > maxAll {
			return nil, fmt.Errorf("%s: what is in the folder is larger than %d MB", name, maxAll>>20)
		}
		objects, err := parse(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, o := range objects {
			if err := out.take(name, o); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	return out, out.look(root, index.Files)
}

// take sorts an object in. A Secret in clear is refused: it has no business in
// a folder for Git, and nothing of it is repeated.
func (f *Folder) take(file string, o export.Object) error {
	if o["kind"] != "Secret" {
		if len(f.Objects) == maxObjects {
			return fmt.Errorf("there are more than %d objects", maxObjects)
		}
		f.Objects = append(f.Objects, Kept{file, o})
		return nil
	}
	meta, _ := o["metadata"].(export.Object)
	s := Sealed{File: file}
	s.Namespace, _ = meta["namespace"].(string)
	s.Name, _ = meta["name"].(string)
	if !sealed(o) {
		return fmt.Errorf("the Secret %s/%s is there in clear: take it out, and out of Git's history; sops encrypts one for Git", s.Namespace, s.Name)
	}
	f.Sealed = append(f.Sealed, s)
	return nil
}

// sealed reports whether all of a Secret's values are encrypted as sops does.
// What has another form than sops gives it counts as in clear.
func sealed(o export.Object) bool {
	seal, _ := o["sops"].(export.Object)
	if mac, _ := seal["mac"].(string); mac == "" {
		return false
	}
	for field, v := range o {
		switch field {
		case "apiVersion", "kind", "metadata", "type", "immutable", "sops":
			continue
		case "data", "stringData":
		default:
			return false
		}
		data, ok := v.(export.Object)
		if !ok {
			return false
		}
		for _, v := range data {
			if s, ok := v.(string); !ok || s != "" && !strings.HasPrefix(s, "ENC[") {
				return false
			}
		}
	}
	return true
}

// look finds YAML files the index does not name; what else is in the folder is
// nobody's business here.
func (f *Folder) look(root *os.Root, listed []string) error {
	known := make(map[string]bool, len(listed))
	for _, name := range listed {
		known[name] = true
	}
	seen := 0
	err := fs.WalkDir(root.FS(), ".", func(name string, d fs.DirEntry, err error) error {
		switch seen++; {
		case err != nil:
			return fs.SkipDir // not to be looked into
		case seen > 2*maxFiles:
			return fmt.Errorf("%s: there are more than %d files in the folder", name, 2*maxFiles)
		case d.IsDir() && name != "." && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case d.IsDir() || known[name] || name == indexName:
			return nil
		}
		if ext := path.Ext(name); ext == ".yaml" || ext == ".yml" {
			f.Unlisted = append(f.Unlisted, name)
		}
		return nil
	})
	slices.Sort(f.Unlisted)
	return err
}

// readIndex reads the index of an export; an empty one where there is none.
// What it names is only ever read or removed inside the folder.
func readIndex(root *os.Root) (Index, error) {
	text, err := read(root, indexName)
	if errors.Is(err, fs.ErrNotExist) {
		return Index{}, nil
	}
	if err != nil {
		return Index{}, fmt.Errorf("%s can't be read: %w", indexName, err)
	}
	var index Index
	if err := decodeIndex(text, &index); err != nil {
		return Index{}, fmt.Errorf("%s is not an export's: %w", indexName, err)
	}
	switch {
	case index.SchemaVersion != schemaVersion:
		return Index{}, fmt.Errorf("%s is not one this tenantry knows: its schemaVersion is %d, not %d", indexName, index.SchemaVersion, schemaVersion)
	case len(index.Files) > maxFiles:
		return Index{}, fmt.Errorf("%s names %d files; at most %d are taken", indexName, len(index.Files), maxFiles)
	}
	seen := map[string]bool{}
	for _, f := range index.Files {
		switch {
		case !fs.ValidPath(f) || path.Ext(f) != ".yaml" || strings.ContainsAny(f, "\\\x00"):
			return Index{}, fmt.Errorf("%s names %q, which no export writes: nothing was changed", indexName, f)
		case seen[f]:
			return Index{}, fmt.Errorf("%s names %s twice", indexName, f)
		}
		seen[f] = true
	}
	return index, nil
}

func decodeIndex(text []byte, into *Index) error {
	docs, err := parse(text)
	if err != nil {
		return err
	}
	if len(docs) != 1 {
		return fmt.Errorf("it holds %d documents", len(docs))
	}
	data, err := json.Marshal(docs[0])
	if err != nil {
		return err
	}
	in := json.NewDecoder(bytes.NewReader(data))
	in.DisallowUnknownFields()
	return in.Decode(into)
}

// maxFile is the largest file that is read back: far above what an export
// writes.
const maxFile = 16 << 20

// read reads an ordinary file. Nothing on the way to it is a link, and what is
// opened is what was looked at: a pipe put in its place is neither waited for
// nor read.
func read(root *os.Root, name string) ([]byte, error) {
	for i, c := range name {
		if c != '/' {
			continue
		}
		info, err := root.Lstat(name[:i])
		switch {
		case err != nil:
			return nil, err
		case info.Mode()&fs.ModeSymlink != 0:
			return nil, fmt.Errorf("%s is a link", name[:i])
		case !info.IsDir():
			return nil, fmt.Errorf("%s is no folder", name[:i])
		}
	}
	info, err := root.Lstat(name)
	switch {
	case err != nil:
		return nil, err
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, errors.New("it is a link")
	case !info.Mode().IsRegular():
		return nil, errors.New("it is no ordinary file")
	case info.Size() > maxFile:
		return nil, fmt.Errorf("it is larger than %d MB", maxFile>>20)
	}
	f, err := root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	if opened, err := f.Stat(); err != nil || !os.SameFile(info, opened) {
		return nil, errors.New("another file took its place")
	}
	text, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err == nil && len(text) > maxFile {
		err = fmt.Errorf("it is larger than %d MB", maxFile>>20)
	}
	return text, err
}
