package archive

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"tenantry/model/export"
)

// Bounds of one document: no API server takes a larger object, and nothing
// people write is nested deeper.
const (
	maxDocument = 3 << 20
	maxDepth    = 100
)

// parse reads the documents of a file as JSON would decode them. The text may
// be anybody's: it is taken apart without following references, so that a few
// lines can't become gigabytes, and what has two meanings is refused.
func parse(text []byte) (out []export.Object, err error) {
	for i, doc := range split(text) {
		if len(doc) > maxDocument {
			return nil, fmt.Errorf("document %d is larger than %d MB, which no API server takes", i+1, maxDocument>>20)
		}
		o, err := parseDocument(doc)
		if err != nil {
			return nil, fmt.Errorf("document %d: %w", i+1, err)
		}
		if o != nil {
			out = append(out, o)
		}
	}
	return out, nil
}

// split cuts a file at its document markers: a line that begins with --- ends
// whatever stands before it (YAML 1.2, 9.1.2).
func split(text []byte) [][]byte {
	var out [][]byte
	from := 0
	for at := 0; at < len(text); {
		end := bytes.IndexByte(text[at:], '\n')
		if end < 0 {
			end = len(text) - at
		}
		line := bytes.TrimRight(text[at:at+end], " \t\r")
		if bytes.Equal(line, []byte("---")) || bytes.HasPrefix(line, []byte("--- ")) {
			out = append(out, text[from:at])
			from = at
		}
		at += end + 1
	}
	return append(out, text[from:])
}

// parseDocument reads one document; nil for an empty one.
func parseDocument(doc []byte) (o export.Object, err error) {
	defer func() { // the parser's, on a text nobody has thought of
		if r := recover(); r != nil {
			o, err = nil, fmt.Errorf("it can't be read as YAML: %v", r)
		}
	}()
	var node yaml.Node
	in := yaml.NewDecoder(bytes.NewReader(doc))
	if err := in.Decode(&node); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("it can't be read as YAML: %s", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if err := in.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, errors.New("it does not end where it should")
	}
	v, err := value(&node, 0)
	if err != nil || v == nil {
		return nil, err
	}
	o, ok := v.(export.Object)
	if !ok {
		return nil, errors.New("it is no object")
	}
	return o, nil
}

// value is what a node means in JSON.
func value(n *yaml.Node, depth int) (any, error) {
	at := func(format string, args ...any) error {
		return fmt.Errorf("line %d of it: "+format, append([]any{n.Line}, args...)...)
	}
	switch {
	case depth > maxDepth:
		return nil, at("it is nested deeper than %d levels", maxDepth)
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		return nil, at("anchors and aliases (& and *) are not taken: write it out")
	}
	switch n.Kind {
	case yaml.DocumentNode:
		if len(n.Content) == 0 {
			return nil, nil
		}
		return value(n.Content[0], depth)
	case yaml.MappingNode:
		if n.ShortTag() != "!!map" {
			return nil, at("the tag %s is not taken", n.Tag)
		}
		out := make(export.Object, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			k := n.Content[i]
			switch {
			case k.Kind != yaml.ScalarNode || k.ShortTag() != "!!str" || k.Anchor != "":
				return nil, fmt.Errorf("line %d of it: a field's name is a text, and no reference to another", k.Line)
			}
			if _, twice := out[k.Value]; twice {
				return nil, fmt.Errorf("line %d of it: the field %q is there twice", k.Line, k.Value)
			}
			v, err := value(n.Content[i+1], depth+1)
			if err != nil {
				return nil, err
			}
			out[k.Value] = v
		}
		return out, nil
	case yaml.SequenceNode:
		if n.ShortTag() != "!!seq" {
			return nil, at("the tag %s is not taken", n.Tag)
		}
		out := make([]any, len(n.Content))
		for i, c := range n.Content {
			var err error
			if out[i], err = value(c, depth+1); err != nil {
				return nil, err
			}
		}
		return out, nil
	case yaml.ScalarNode:
		return scalar(n, at)
	}
	return nil, at("it makes no sense")
}

func scalar(n *yaml.Node, at func(string, ...any) error) (any, error) {
	switch n.ShortTag() {
	case "!!str", "!!timestamp":
		return n.Value, nil
	case "!!null":
		return nil, nil
	case "!!bool":
		var b bool
		if err := n.Decode(&b); err != nil {
			return nil, at("%q is neither true nor false", n.Value)
		}
		return b, nil
	case "!!int":
		var v any
		if err := n.Decode(&v); err != nil {
			return nil, at("%q is no number", n.Value)
		}
		return json.Number(fmt.Sprint(v)), nil
	case "!!float":
		var f float64
		if err := n.Decode(&f); err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, at("%q is no number JSON knows", n.Value)
		}
		return json.Number(strconv.FormatFloat(f, 'g', -1, 64)), nil
	}
	return nil, at("the tag %s is not taken", n.Tag)
}
