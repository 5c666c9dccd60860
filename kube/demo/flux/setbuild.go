package flux

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"

	"tenantry/kube/demo/tree"
)

// build makes the set's objects from its inputs and templates, labelled as its
// own.
func (m *making) build() error {
	if tree.Has(m.obj, "spec", "steps") {
		return errors.New("build failed: this cluster makes spec.resources and spec.resourcesTemplate, no steps")
	}
	sets, err := m.inputSets()
	if err != nil {
		return fmt.Errorf("failed to compute inputs: %w", err)
	}
	m.inputs = len(sets)
	if m.inputs > 0 || len(tree.List(m.obj, "spec", "inputsFrom")) == 0 {
		if err := m.render(sets); err != nil {
			return fmt.Errorf("build failed: %w", err)
		}
	}
	for _, o := range m.objects {
		labels := tree.Make(o, "metadata", "labels")
		labels[setOwner+"/name"], labels[setOwner+"/namespace"] = m.key.Name, m.key.Namespace
		for _, field := range []string{"labels", "annotations"} {
			if common := tree.Map(m.obj, "spec", "commonMetadata", field); len(common) > 0 {
				maps.Copy(tree.Make(o, "metadata", field), common)
			}
		}
		normalizeManifest(o)
	}
	all, _ := json.Marshal(m.objects)
	m.digest = digestOf(string(all))
	return nil
}

// inputSets are the set's own inputs and those its providers export, each with
// where it comes from.
func (m *making) inputSets() ([]Object, error) {
	var out []Object
	add := func(from Object, inputs []Object) {
		for _, in := range inputs {
			in = runtime.DeepCopyJSON(in)
			in["provider"] = Object{"apiVersion": from["apiVersion"], "kind": from["kind"],
				"name": tree.Str(from, "metadata", "name"), "namespace": m.key.Namespace}
			out = append(out, in)
		}
	}
	add(m.obj, tree.Maps(m.obj, "spec", "inputs"))
	for _, ref := range tree.Maps(m.obj, "spec", "inputsFrom") {
		name := tree.Str(ref, "name")
		if name == "" {
			return nil, errors.New("this cluster finds input providers by name only")
		}
		provider, err := m.f.client(operator).Get(InputProvider, m.key.Namespace, name)
		if err != nil {
			return nil, fmt.Errorf("failed to get provider %s/%s: %s %q not found", m.key.Namespace, name, InputProvider, name)
		}
		add(provider, tree.Maps(provider, "status", "exportedInputs"))
	}
	return out, nil
}

// render fills the templates for each set of inputs. What two sets make alike
// is made once, and spec.resources comes before spec.resourcesTemplate.
func (m *making) render(sets []Object) error {
	loop := sets
	if len(loop) == 0 {
		loop = []Object{nil}
	}
	seen := map[string]bool{}
	add := func(o Object) {
		id := groupKind(o).String() + " " + subject(o)
		if !seen[id] && !isDisabled(o) {
			seen[id] = true
			m.objects = append(m.objects, o)
		}
	}
	for i, resource := range tree.Maps(m.obj, "spec", "resources") {
		text, err := yaml.Marshal(resource)
		if err != nil {
			return fmt.Errorf("failed to build resources[%d]: %w", i, err)
		}
		for _, inputs := range loop {
			list, err := renderOne(string(text), inputs, "template", "object")
			switch {
			case err != nil && inputs == nil:
				return fmt.Errorf("failed to build resource: %w", err)
			case err != nil:
				return fmt.Errorf("failed to build resources[%d]: %w", i, err)
			}
			for _, o := range list {
				add(o)
			}
		}
	}
	text := tree.Str(m.obj, "spec", "resourcesTemplate")
	if text == "" {
		return nil
	}
	for _, inputs := range loop {
		list, err := renderOne(text, inputs, "multi-doc YAML template", "objects from multi-doc YAML")
		switch {
		case err != nil && inputs == nil:
			return fmt.Errorf("failed to build resource: %w", err)
		case err != nil:
			return fmt.Errorf("failed to build resources: %w", err)
		}
		for _, o := range list {
			add(o)
		}
	}
	return nil
}

// renderOne fills one template and reads the objects in it.
func renderOne(text string, inputs Object, what, result string) ([]Object, error) {
	filled, err := fill(text, inputs)
	var failed fillError
	switch {
	case errors.As(err, &failed):
		return nil, fmt.Errorf("failed to execute %s: %w", what, err)
	case err != nil:
		return nil, fmt.Errorf("failed to parse %s: %w", what, err)
	}
	list, err := parseManifests(filled)
	if err != nil {
		return nil, fmt.Errorf("failed to read %s: error converting YAML to JSON: %w", result, err)
	}
	return list, nil
}
