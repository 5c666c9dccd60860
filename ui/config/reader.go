package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"tenantry/ui/keymap"
)

// reader takes a file apart node by node, so that every mistake has its line.
type reader struct {
	path   string
	config *Config
}

func (r *reader) fail(n *yaml.Node, format string, args ...any) error {
	return &Error{Path: r.path, Line: n.Line, Err: fmt.Errorf(format, args...)}
}

// settings are the keys of the file and what reads each.
var settings = map[string]func(*reader, *yaml.Node) error{
	"theme": func(r *reader, n *yaml.Node) error {
		if err := r.text(n, &r.config.Theme); err != nil {
			return err
		}
		if err := knownTheme(r.config.Theme); err != nil {
			return r.fail(n, "%w", err)
		}
		return nil
	},
	"ascii":   func(r *reader, n *yaml.Node) error { return r.yes(n, &r.config.ASCII) },
	"calm":    func(r *reader, n *yaml.Node) error { return r.yes(n, &r.config.Calm) },
	"noMouse": func(r *reader, n *yaml.Node) error { return r.yes(n, &r.config.NoMouse) },
	"bell": func(r *reader, n *yaml.Node) error {
		rings := false
		err := r.yes(n, &rings)
		r.config.NoBell = err == nil && !rings
		return err
	},
	"readOnly":      func(r *reader, n *yaml.Node) error { return r.yes(n, &r.config.ReadOnly) },
	"commitAuthors": func(r *reader, n *yaml.Node) error { return r.yes(n, &r.config.CommitAuthors) },
	"noHistory": func(r *reader, n *yaml.Node) error {
		return r.yes(n, &r.config.NoHistory)
	},
	"eventOnAction": func(r *reader, n *yaml.Node) error { return r.yes(n, &r.config.EventOnAction) },
	"protectedContexts": func(r *reader, n *yaml.Node) error {
		return r.list(n, &r.config.Protected)
	},
	"readOnlyContexts": func(r *reader, n *yaml.Node) error {
		return r.list(n, &r.config.ReadOnlyContexts)
	},
	"keys": (*reader).keys,
}

func settingNames() []string {
	out := make([]string, 0, len(settings))
	for name := range settings {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func (r *reader) root(n *yaml.Node) error {
	if isNull(n) {
		return nil // nothing but comments
	}
	return r.mapping(n, "", func(key, value *yaml.Node) error {
		read, ok := settings[key.Value]
		if !ok {
			return r.fail(key, "there is no setting %q%s; there are %s", key.Value, meant(key.Value, settingNames()), strings.Join(settingNames(), ", "))
		}
		return read(r, value)
	})
}

// mapping calls f for every key, each of which may be there once.
func (r *reader) mapping(n *yaml.Node, what string, f func(key, value *yaml.Node) error) error {
	if n.Kind != yaml.MappingNode {
		if what == "" {
			return r.fail(n, "want settings as \"name: value\", one a line")
		}
		return r.fail(n, "%s: want \"name: value\", one a line", what)
	}
	lines := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			return r.fail(key, "want a name")
		}
		if first, twice := lines[key.Value]; twice {
			return r.fail(key, "%q stands here and on line %d", key.Value, first)
		}
		lines[key.Value] = key.Line
		if err := f(key, value); err != nil {
			return err
		}
	}
	return nil
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }

func (r *reader) yes(n *yaml.Node, to *bool) error {
	if n.Kind != yaml.ScalarNode || n.Tag != "!!bool" {
		return r.fail(n, "want true or false, not %s", shown(n))
	}
	return r.decode(n, to)
}

func (r *reader) text(n *yaml.Node, to *string) error {
	if n.Kind != yaml.ScalarNode || isNull(n) {
		return r.fail(n, "want a word, not %s", shown(n))
	}
	*to = n.Value // also of numbers: 16 is a theme, and 1 a key
	return nil
}

func (r *reader) decode(n *yaml.Node, to any) error {
	if err := n.Decode(to); err != nil {
		return r.fail(n, "%s", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	return nil
}

// list reads one word, or a list of them.
func (r *reader) list(n *yaml.Node, to *[]string) error {
	nodes := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		nodes = n.Content
	}
	for _, item := range nodes {
		word := ""
		if err := r.text(item, &word); err != nil {
			return err
		}
		if word == "" {
			return r.fail(item, "want a name, not nothing")
		}
		*to = append(*to, word)
	}
	return nil
}

// keys reads which actions have which keys instead of their own.
func (r *reader) keys(n *yaml.Node) error {
	chosen, at := map[string][]string{}, map[string]*yaml.Node{}
	err := r.mapping(n, "keys", func(key, value *yaml.Node) error {
		name := key.Value
		if !slices.Contains(keymap.Names(), name) {
			return r.fail(key, "there is no action %q%s; there are %s", name, meant(name, keymap.Names()), strings.Join(keymap.Names(), ", "))
		}
		var list []string
		if err := r.list(value, &list); err != nil {
			return err
		}
		if len(list) == 0 {
			return r.fail(value, "action %q needs a key", name)
		}
		chosen[name], at[name] = list, value
		// Each by itself first, so that a mistake that is no conflict has its line.
		if _, err := keymap.Default().Remap(map[string][]string{name: list}); err != nil && !isConflict(err) {
			return r.fail(value, "%w", err)
		}
		return nil
	})
	if err != nil || len(chosen) == 0 {
		return err
	}
	m, err := keymap.Default().Remap(chosen)
	var conflict *keymap.Conflict
	switch {
	case err == nil:
		r.config.Keys = m
		return nil
	case errors.As(err, &conflict):
		return r.fail(r.chose(chosen, at, conflict.Key, n), "%w", err)
	}
	return r.fail(n, "%w", err)
}

func isConflict(err error) bool {
	var c *keymap.Conflict
	return errors.As(err, &c)
}

// chose is the last line that asks for a key.
func (r *reader) chose(chosen map[string][]string, at map[string]*yaml.Node, key string, otherwise *yaml.Node) *yaml.Node {
	found := otherwise
	for name, list := range chosen {
		if slices.Contains(list, key) && (found == otherwise || at[name].Line > found.Line) {
			found = at[name]
		}
	}
	return found
}

func shown(n *yaml.Node) string {
	switch n.Kind {
	case yaml.ScalarNode:
		return fmt.Sprintf("%q", n.Value)
	case yaml.SequenceNode:
		return "a list"
	case yaml.MappingNode:
		return "settings of its own"
	}
	return "an alias"
}
