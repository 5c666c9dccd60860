package kube

import (
	"fmt"
	"strings"
	"testing"

	"tenantry/model"
)

// who is a Kustomization of a namespace as the server writes it: its generation,
// its revision, and who wrote its interval and its path.
func who(namespace string, generation, version int, managers string) []byte {
	return fmt.Appendf(nil, `{"metadata":{"name":"app","namespace":%q,"uid":"u-%s","generation":%d,"resourceVersion":"%d","managedFields":[%s]},"spec":{"interval":"1m0s"}}`,
		namespace, namespace, generation, version, managers)
}

func managerOf(name, subresource, at string, fields ...string) string {
	var spec []string
	for _, f := range fields {
		spec = append(spec, `"f:`+f+`":{}`)
	}
	return fmt.Sprintf(`{"manager":%q,"operation":"Update","subresource":%q,"time":%q,"fieldsV1":{"f:metadata":{"f:labels":{}},"f:spec":{".":{},%s}}}`,
		name, subresource, at, strings.Join(spec, ","))
}

// Who wrote a field is read when the spec has changed, and kept until it changes
// again; of what was listed first, nothing is.
func TestWhoChangedASpec(t *testing.T) {
	e := entryOf(t, model.Kustomization)
	s := newStore(model.Kustomization, newFeed(1))
	see := func(raw []byte) *model.Object {
		o := e.decodeObject(raw, encodingJSON)
		s.attribute(o, raw, encodingJSON)
		s.put(o)
		return o
	}
	git := managerOf("kustomize-controller", "", "2026-11-01T10:00:00Z", "interval", "path")
	status := managerOf("gotk", "status", "2026-11-03T10:00:00Z", "interval")
	hand := managerOf("kubectl-edit", "", "2026-11-02T10:00:00Z", "interval")
	for _, ns := range []string{"stage", "prod"} {
		if o := see(who(ns, 1, 1, git)); o.SpecWriters != nil {
			t.Errorf("%s: %v of what was listed first", ns, o.SpecWriters)
		}
	}
	if o := see(who("stage", 2, 2, git+","+status+","+hand)); o.WroteSpec("interval") != "kubectl-edit" || o.WroteSpec("path") != "kustomize-controller" || o.WroteSpec("") != "kubectl-edit" || o.WroteSpec("url") != "" {
		t.Errorf("%v", o.SpecWriters)
	}
	if o := see(who("prod", 1, 3, git+","+hand)); o.SpecWriters != nil {
		t.Errorf("the other namespace's is told: %v", o.SpecWriters)
	}
	// Its status is written meanwhile: the spec is still the one that was changed.
	if o := see(who("stage", 2, 4, git)); o.WroteSpec("interval") != "kubectl-edit" {
		t.Errorf("%v", o.SpecWriters)
	}
	// Another object of the name.
	raw := []byte(strings.Replace(string(who("stage", 3, 5, git)), "u-stage", "other", 1))
	if o := see(raw); o.SpecWriters != nil {
		t.Errorf("%v", o.SpecWriters)
	}
}

// The entries stand in no order of time: the newest that names a field wrote it.
func TestTheNewestWriterOfAFieldCounts(t *testing.T) {
	git := managerOf("kustomize-controller", "", "2026-11-01T10:00:00Z", "interval", "path")
	hand := managerOf("kubectl-edit", "", "2026-11-02T10:00:00Z", "interval")
	for _, managers := range []string{git + "," + hand, hand + "," + git} {
		got := specWriters(who("stage", 2, 2, managers))
		if got["interval"].Name != "kubectl-edit" || got["path"].Name != "kustomize-controller" {
			t.Errorf("%s\nis read as %v", managers, got)
		}
	}
}

// What managedFields hold is anybody's to write.
func TestStrangeManagersAreHarmless(t *testing.T) {
	for _, raw := range []string{"", "{", `{"metadata":{"managedFields":7}}`, `{"metadata":{"managedFields":[{"fieldsV1":{"f:spec":"x"}}]}}`} {
		if got := specWriters([]byte(raw)); got != nil {
			t.Errorf("%s: %v", raw, got)
		}
	}
	var fields []string
	for i := range 10 * maxSpecFields {
		fields = append(fields, fmt.Sprint("x", i))
	}
	if got := specWriters(who("a", 1, 1, managerOf("m", "", "2026-11-02T10:00:00Z", fields...))); len(got) > maxSpecFields {
		t.Errorf("%d fields are kept", len(got))
	}
}
