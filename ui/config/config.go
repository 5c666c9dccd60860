// Package config reads the configuration file: what somebody would otherwise
// say with the same flags every time, which contexts are to be handled with
// care, and other keys. What can't be understood is an error that names file
// and line, never a guess.
package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"

	"tenantry/themes"
	"tenantry/ui/keymap"
)

// maxSize is larger than any file somebody writes by hand.
const maxSize = 1 << 20

// Config is what a file says; the zero value says nothing.
type Config struct {
	Theme    string
	ASCII    bool
	Calm     bool
	NoMouse  bool
	NoBell   bool
	ReadOnly bool
	// CommitAuthors: who made a commit is read with the person's own git.
	CommitAuthors bool
	// NoHistory keeps nothing of what changed beyond the run.
	NoHistory bool
	// EventOnAction: a confirmed action leaves a Kubernetes Event on its object.
	EventOnAction bool
	// Protected and ReadOnlyContexts are names of contexts; * stands for any
	// letters.
	Protected        []string
	ReadOnlyContexts []string
	Keys             *keymap.Map // nil: the usual ones
}

// Error is a mistake in a file.
type Error struct {
	Path string
	Line int // 0 = the file as a whole
	Err  error
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Path + ": " + e.Err.Error()
	}
	return fmt.Sprintf("%s:%d: %v", e.Path, e.Line, e.Err)
}

func (e *Error) Unwrap() error { return e.Err }

// Path is where the file is, by the XDG base directories; "" when there is no
// home.
func Path(getenv func(string) string) string {
	// A relative path is to be ignored, says the specification.
	if dir := getenv("XDG_CONFIG_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "tenantry", "config.yaml")
	}
	if home := getenv("HOME"); filepath.IsAbs(home) {
		return filepath.Join(home, ".config", "tenantry", "config.yaml")
	}
	return ""
}

// Load reads a file; one that isn't there says nothing.
func Load(path string) (*Config, error) {
	if path == "" {
		return &Config{}, nil
	}
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return &Config{}, nil
	}
	if err != nil {
		return nil, &Error{Path: path, Err: errors.Unwrap(err)}
	}
	defer func() { _ = file.Close() }()
	data, err := io.ReadAll(io.LimitReader(file, maxSize+1))
	switch {
	case err != nil:
		return nil, &Error{Path: path, Err: err}
	case len(data) > maxSize:
		return nil, &Error{Path: path, Err: fmt.Errorf("it is larger than %d MB", maxSize>>20)}
	}
	return parse(path, data)
}

func parse(path string, data []byte) (*Config, error) {
	var doc yaml.Node
	dec := yaml.NewDecoder(strings.NewReader(string(data)))
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		return &Config{}, nil
	} else if err != nil {
		return nil, yamlError(path, err)
	}
	if err := dec.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return nil, &Error{Path: path, Err: errors.New("it holds more than one document")}
	}
	r := &reader{path: path, config: &Config{}}
	if err := r.root(doc.Content[0]); err != nil {
		return nil, err
	}
	return r.config, nil
}

// yamlError takes the line out of the library's words.
func yamlError(path string, err error) error {
	words := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 0
	if n, scanned := fmt.Sscanf(words, "line %d:", &line); n == 1 && scanned == nil {
		_, words, _ = strings.Cut(words, ": ")
	}
	return &Error{Path: path, Line: line, Err: errors.New(words)}
}

// matches reports whether a name fits a pattern in which * stands for any
// letters; contexts have slashes in their names.
func matches(pattern, name string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == name
	}
	rest, ok := strings.CutPrefix(name, parts[0])
	if !ok {
		return false
	}
	for _, p := range parts[1 : len(parts)-1] {
		at := strings.Index(rest, p)
		if at < 0 {
			return false
		}
		rest = rest[at+len(p):]
	}
	return strings.HasSuffix(rest, parts[len(parts)-1])
}

func anyMatches(patterns []string, name string) bool {
	for _, p := range patterns {
		if matches(p, name) {
			return true
		}
	}
	return false
}

// IsProtected reports whether actions in a context are to be asked for twice.
func (c *Config) IsProtected(context string) bool { return anyMatches(c.Protected, context) }

// IsReadOnly reports whether actions that write are refused in a context.
func (c *Config) IsReadOnly(context string) bool {
	return c.ReadOnly || anyMatches(c.ReadOnlyContexts, context)
}

func knownTheme(name string) error {
	if _, err := themes.Load(name); err == nil {
		return nil
	}
	return fmt.Errorf("there is no theme %q%s: there are %s", name, meant(name, themes.Names()), strings.Join(themes.Names(), ", "))
}
