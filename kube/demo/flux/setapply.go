package flux

import (
	"errors"
	"fmt"
	"sort"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"tenantry/kube/demo/tree"
)

// apply tries all objects of a stage before it writes any: what others need
// comes in a stage of its own.
func (m *making) apply() error {
	objects := append([]Object(nil), m.objects...)
	sort.SliceStable(objects, func(i, j int) bool { return rank(objects[i]) < rank(objects[j]) })
	var first, rest []Object
	for _, o := range objects {
		if isDefinition(o) || tree.Str(o, "kind") == "Role" {
			first = append(first, o)
		} else {
			rest = append(rest, o)
		}
	}
	for _, stage := range [][]Object{first, rest} {
		if err := m.applyStage(stage); err != nil {
			return err
		}
	}
	return nil
}

func (m *making) applyStage(stage []Object) error {
	for _, o := range stage {
		if m.client.Known(groupKind(o)) == nil {
			return fmt.Errorf("%s dry-run failed: no matches for kind %q in version %q", subject(o), tree.Str(o, "kind"), tree.Str(o, "apiVersion"))
		}
		if _, _, _, err := m.client.Apply(o, true, true); err != nil {
			return errors.New(strings.TrimSuffix(dryRunFailed(o, err), "\n"))
		}
	}
	for _, o := range stage {
		_, created, changed, err := m.client.Apply(o, true, false)
		if err != nil {
			return fmt.Errorf("%s apply failed: %w", subject(o), err)
		}
		m.applied = append(m.applied, o)
		switch {
		case created:
			m.changes = append(m.changes, subject(o)+" created")
		case changed:
			m.changes = append(m.changes, subject(o)+" configured")
		}
	}
	return nil
}

// prune deletes what the set made before and does not now.
func (m *making) prune() error {
	keep := map[string]bool{}
	for _, id := range inventoryIDs(m.applied) {
		keep[id] = true
	}
	var gone []Object
	for _, entry := range tree.Maps(m.obj, "status", "inventory", "entries") {
		if !keep[tree.Str(entry, "id")] {
			gone = append(gone, entry)
		}
	}
	return m.removeAll(gone)
}

// removeAll deletes objects that are still the set's own: first those of Flux,
// whose own pruning may need the accounts and rights among the rest.
func (m *making) removeAll(entries []Object) error {
	sort.SliceStable(entries, func(i, j int) bool { return fluxFirst(entries[i]) < fluxFirst(entries[j]) })
	for _, entry := range entries {
		gk, namespace, name := parseID(tree.Str(entry, "id"))
		live, err := m.f.client("").Get(gk, namespace, name)
		if err != nil {
			continue
		}
		meta := tree.Map(live, "metadata")
		if strings.EqualFold(tree.Str(meta, "annotations", annotationPrune), "disabled") ||
			tree.Str(meta, "labels", setOwner+"/name") != m.key.Name || tree.Str(meta, "labels", setOwner+"/namespace") != m.key.Namespace {
			continue
		}
		if err := m.client.Delete(gk, namespace, name, nil); err != nil && !apierrors.IsNotFound(err) {
			return fmt.Errorf("%s delete failed: %w", subject(live), err)
		}
		m.changes = append(m.changes, subject(live)+" deleted")
	}
	return nil
}

func fluxFirst(entry Object) int {
	gk, _, _ := parseID(tree.Str(entry, "id"))
	if gk.Group == GroupKustomize || gk.Group == GroupHelm {
		return 0
	}
	return 1
}
