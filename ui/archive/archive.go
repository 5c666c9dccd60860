// Package archive keeps an export as files in a folder. The folder may hold
// anything, links included: nothing is read or written outside it.
package archive

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"tenantry/model/export"
)

// kustomizationName is the file by which kustomize finds the others.
const kustomizationName = "kustomization.yaml"

// indexName is the file that says what an export consists of.
const indexName = "export.yaml"

// Index is that file: what was written, and what is not there because
// something else makes it. It holds no time, so that the same cluster gives the
// same bytes.
type Index struct {
	SchemaVersion int             `json:"schemaVersion"`
	Files         []string        `json:"files"`
	LeftOut       []LeftOut       `json:"leftOut,omitempty"`
	Secrets       []export.Secret `json:"secrets,omitempty"`
	Encrypted     []Encrypted     `json:"encrypted,omitempty"`
}

// Encrypted is a Secret that is there, encrypted.
type Encrypted struct {
	Secret  string `json:"secret"` // namespace/name
	File    string `json:"file"`
	Version string `json:"version"` // what it was encrypted from, and for whom
}

// LeftOut is an object that comes back by itself.
type LeftOut struct {
	Object string `json:"object"`
	MadeBy string `json:"madeBy"`
}

const schemaVersion = 1

// Result is what writing an export changed; paths are relative to the folder.
type Result struct{ Written, Removed, Same []string }

// Write makes a folder hold an export, and nothing of an earlier one that is
// not in it any more. Files it did not write itself are left alone; where that
// can't be, nothing is written. Before it writes anything it tells what.
func Write(dir string, set export.Set, tell func(*Result)) (Result, error) {
	var out Result
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return out, fmt.Errorf("the folder %s can't be made: %w", dir, err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return out, fmt.Errorf("the folder %s can't be used: %w", dir, err)
	}
	defer func() { _ = root.Close() }()
	before, err := readIndex(root)
	if err != nil {
		return out, fmt.Errorf("%w; name an empty folder, or one tenantry has exported to", err)
	}
	files, err := render(set)
	if err != nil {
		return out, err
	}
	if err := clash(dir, root, ownedBy(&before), files); err != nil {
		return out, err
	}
	if out, err = compare(dir, root, &before, files); err != nil {
		return Result{}, err
	}
	if tell != nil {
		tell(&out)
	}
	return out, write(dir, root, &before, files, &out)
}

// compare says what of a folder is not as it should be.
func compare(dir string, root *os.Root, before *Index, files []file) (Result, error) {
	var out Result
	now := map[string]bool{}
	for _, f := range files {
		now[f.name] = true
		is, err := read(root, f.name)
		switch {
		case f.stays, err == nil && bytes.Equal(is, f.text):
			out.Same = append(out.Same, f.name)
		case err == nil, errors.Is(err, fs.ErrNotExist):
			out.Written = append(out.Written, f.name)
		default: // a link, a folder: not ours to replace
			return out, fmt.Errorf("%s can't be written: %w", path.Join(dir, f.name), err)
		}
	}
	for _, old := range before.Files {
		if !now[old] {
			out.Removed = append(out.Removed, old)
		}
	}
	return out, nil
}

// write does what compare found. What is new is first listed as an export's, so
// that one that is killed is gone on with, and no restore takes half of it.
func write(dir string, root *os.Root, before *Index, files []file, todo *Result) error {
	text := make(map[string][]byte, len(files))
	first := *before
	first.SchemaVersion, first.Files = schemaVersion, slices.Clone(before.Files)
	for _, f := range files {
		text[f.name] = f.text
		if f.name != indexName {
			first.Files = append(first.Files, f.name)
		}
	}
	slices.Sort(first.Files)
	first.Files = slices.Compact(first.Files)
	if len(first.Files) > len(before.Files) {
		begun, err := yaml.Marshal(first)
		if err == nil {
			err = put(root, indexName, begun)
		}
		if err != nil {
			return fmt.Errorf("%s can't be written: %w", path.Join(dir, indexName), err)
		}
	}
	for _, name := range todo.Written {
		if err := put(root, name, text[name]); err != nil {
			return fmt.Errorf("%s can't be written: %w", path.Join(dir, name), err)
		}
	}
	for _, old := range todo.Removed {
		if err := root.Remove(old); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s, of an earlier export, can't be removed: %w", path.Join(dir, old), err)
		}
		_ = root.Remove(path.Dir(old)) // when nothing else is in it
	}
	return nil
}

type file struct {
	name  string
	text  []byte
	stays bool // as it is in the folder
}

// render writes an export's files: one per tier and folder, a
// kustomization.yaml per folder and for the whole, and the index.
func render(set export.Set) ([]file, error) {
	var files []file
	folders := map[string][]string{}
	var order []string
	for _, f := range set.Files {
		text, err := documents(f.Objects)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
		files = append(files, file{name: f.Path, text: text})
		folder := path.Dir(f.Path)
		if folders[folder] == nil {
			order = append(order, folder)
		}
		folders[folder] = append(folders[folder], path.Base(f.Path))
	}
	for _, e := range set.Encrypted {
		files = append(files, file{name: e.Path, text: e.Text, stays: e.Text == nil})
		folder := path.Dir(path.Dir(e.Path))
		folders[folder] = append(folders[folder], path.Base(path.Dir(e.Path))+"/"+path.Base(e.Path))
	}
	for _, folder := range order {
		slices.Sort(folders[folder]) // as they are applied
		files = append(files, file{name: folder + "/" + kustomizationName, text: kustomization(folders[folder])})
	}
	files = append(files, file{name: kustomizationName, text: kustomization(order)})
	index := Index{SchemaVersion: schemaVersion, Secrets: set.Secrets}
	for _, f := range files {
		index.Files = append(index.Files, f.name)
	}
	slices.Sort(index.Files)
	for _, l := range set.Left {
		index.LeftOut = append(index.LeftOut, LeftOut{named(l), l.Maker})
	}
	for _, e := range set.Encrypted {
		index.Encrypted = append(index.Encrypted, Encrypted{e.Namespace + "/" + e.Name, e.Path, e.Version})
	}
	text, err := yaml.Marshal(index)
	if err != nil {
		return nil, err
	}
	head := "# What this export consists of. Secrets are not in it: they are listed by name.\n"
	if len(set.Encrypted) > 0 {
		head = "# What this export consists of. Secrets are listed by name; those under encrypted are in it, and only so.\n"
	}
	return append(files, file{name: indexName, text: append([]byte(head), text...)}), nil
}

func named(l export.Left) string {
	if l.Namespace == "" {
		return l.Kind + "/" + l.Name
	}
	return l.Kind + "/" + l.Namespace + "/" + l.Name
}

func documents(objects []export.Object) ([]byte, error) {
	var b bytes.Buffer
	for i, o := range objects {
		if i > 0 {
			b.WriteString("---\n")
		}
		text, err := yaml.Marshal(o)
		if err != nil {
			return nil, err
		}
		b.Write(text)
	}
	return b.Bytes(), nil
}

func kustomization(resources []string) []byte {
	var b strings.Builder
	b.WriteString("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n")
	for _, r := range resources {
		b.WriteString("- " + r + "\n")
	}
	return []byte(b.String())
}

// besideSuffix is that of a file while it is being written.
const besideSuffix = ".new"

// put writes a file: beside it first, so that a kill leaves the old one or the
// new one. What a kill left there is taken away and never followed or opened:
// it may have become a link or a pipe.
func put(root *os.Root, name string, text []byte) error {
	if dir := path.Dir(name); dir != "." {
		if err := root.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	beside := name + besideSuffix
	if err := root.Remove(beside); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := root.OpenFile(beside, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return root.Rename(beside, name)
}

// Names are the files Write would write, in a folder that holds none of them.
func Names(set export.Set) []string {
	files, err := render(set)
	if err != nil {
		return nil // Write says so
	}
	var out []string
	for _, f := range files {
		out = append(out, f.name)
	}
	return out
}

// Text is an export as one text, file by file: what Write would write.
func Text(set export.Set) (string, error) {
	files, err := render(set)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, f := range files {
		fmt.Fprintf(&b, "# --- %s\n%s", f.name, f.text)
	}
	return b.String(), nil
}
