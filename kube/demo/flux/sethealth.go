package flux

import (
	"fmt"
	"strings"
	"time"

	"tenantry/kube/demo/tree"
)

// await waits for everything applied, and gives up early on what has failed
// for good.
func (m *making) await() {
	var waiting, stalled, unready []string
	for _, o := range m.applied {
		t := target{groupKind(o), tree.Str(o, "metadata", "namespace"), tree.Str(o, "metadata", "name")}
		switch word := m.f.health(t); word {
		case "Current":
			continue
		case "Failed":
			stalled = append(stalled, fmt.Sprintf("%s status: '%s'", t, word))
		default:
			waiting = append(waiting, fmt.Sprintf("%s status: '%s'", t, word))
		}
		if line := m.f.unready(t); line != "" {
			unready = append(unready, line)
		}
	}
	now, err := m.f.client("").Get(ResourceSet, m.key.Namespace, m.key.Name)
	limit := duration(tree.Str(m.obj, "metadata", "annotations", annotationTimeout), 5*time.Minute)
	switch {
	case err != nil || asked(now) != asked(m.obj):
		m.f.editSet(m.key, func(s status) {
			s.set("Ready", "False", "HealthCheckCanceled", fmt.Sprintf("New reconciliation triggered by ResourceSet/%s/%s", m.key.Namespace, m.key.Name))
		})
		m.done(0)
	case len(stalled) > 0:
		m.fail("failed early due to stalled resources: [" + strings.Join(stalled, ", ") + "]\n" + strings.Join(unready, "\n"))
	case len(waiting) == 0:
		m.succeed()
	case m.f.env.Now().Sub(m.began) >= limit:
		m.fail("timeout waiting for: [" + strings.Join(waiting, ", ") + "]\n" + strings.Join(unready, "\n"))
	default:
		m.f.env.Loop.After(time.Second, m.await)
	}
}

// asked is what makes a wait for an object's health pointless when it changes.
func asked(obj Object) string {
	meta := tree.Map(obj, "metadata")
	return fmt.Sprint(meta["generation"], meta["deletionTimestamp"], tree.Str(meta, "annotations", requestedAt), tree.Str(meta, "annotations", annotationReconcile))
}

// unready is what a Flux object that is not ready says of itself.
func (f *Controllers) unready(t target) string {
	if !strings.HasSuffix(t.gk.Group, ".fluxcd.io") {
		return ""
	}
	live, err := f.client("").Get(t.gk, t.namespace, t.name)
	if err != nil {
		return ""
	}
	if c := conditionOf(live, "Ready"); c != nil && c["status"] != "True" {
		return fmt.Sprintf("%s status: %s", t, tree.Str(c, "message"))
	}
	return ""
}
