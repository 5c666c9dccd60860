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
// not in it any more. Files it did not write itself are left alone.
func Write(dir string, set export.Set) (Result, error) {
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
		return out, err
	}
	files, err := render(set)
	if err != nil {
		return out, err
	}
	for _, f := range files {
		if f.stays {
			out.Same = append(out.Same, f.name)
			continue
		}
		changed, err := put(root, f.name, f.text)
		if err != nil {
			return out, fmt.Errorf("%s can't be written: %w", path.Join(dir, f.name), err)
		}
		if changed {
			out.Written = append(out.Written, f.name)
		} else {
			out.Same = append(out.Same, f.name)
		}
	}
	for _, old := range before.Files {
		if slices.ContainsFunc(files, func(f file) bool { return f.name == old }) {
			continue
		}
		if err := root.Remove(old); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return out, fmt.Errorf("%s, of an earlier export, can't be removed: %w", path.Join(dir, old), err)
		}
		out.Removed = append(out.Removed, old)
		_ = root.Remove(path.Dir(old)) // when nothing else is in it
	}
	return out, nil
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

// put writes a file that is not as it should be: beside it first, so that a
// kill leaves the old one or the new one.
func put(root *os.Root, name string, text []byte) (changed bool, err error) {
	if dir := path.Dir(name); dir != "." {
		if err := root.MkdirAll(dir, 0o755); err != nil {
			return false, err
		}
	}
	is, err := read(root, name)
	if err == nil && bytes.Equal(is, text) {
		return false, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err // a link, a folder: not ours to replace
	}
	beside := name + ".new"
	if err := root.WriteFile(beside, text, 0o644); err != nil {
		return false, err
	}
	return true, root.Rename(beside, name)
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
