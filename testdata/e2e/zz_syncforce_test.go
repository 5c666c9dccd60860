package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// syncOwners are the managers of a field of the sync, on the API server.
func syncOwners(t *testing.T, field string) []string {
	t.Helper()
	var out []string
	for _, m := range get(t, "fluxinstance", cozy, "flux").Metadata.ManagedFields {
		var fields struct {
			Spec struct {
				Sync map[string]json.RawMessage `json:"f:sync"`
			} `json:"f:spec"`
		}
		if err := json.Unmarshal(m.FieldsV1, &fields); err != nil {
			t.Fatal(err)
		}
		if _, owns := fields.Spec.Sync["f:"+field]; owns && m.Subresource == "" {
			out = append(out, m.Manager)
		}
	}
	return out
}

// A field that belongs to another is taken over by force only where that is
// typed, and then that field alone: nothing is forced before, also no dry run.
func TestForceIsTypedOnTheLab(t *testing.T) {
	inLab(t, "cozy", "--no-sync")
	configMap := func(name string) string {
		return fmt.Sprintf("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: default, labels: {e2e: force}}\n", name)
	}
	gitRepo(t, "e2e-force", map[string]string{"one/c.yaml": configMap("force-one"), "two/c.yaml": configMap("force-two")})
	applyAs(t, "platform-operator", fmt.Sprintf(`apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: %s}
spec: {sync: {kind: GitRepository, url: "%s/e2e-force.git", ref: refs/heads/main, path: ./one, interval: 1m}}
`, cozy, lab.GitURL))
	eventually(t, time.Minute, func() error {
		if o, there := find(t, kust, cozy, cozy); !there || !strings.HasPrefix(o.ready(), "True") {
			return fmt.Errorf("the sync is not Ready: %s", o.ready())
		}
		return nil
	})
	r := record(t)
	applies := r.applies(t)
	forced := func() int {
		n := 0
		for _, x := range applies() {
			if strings.Contains(x.query, "force=true") {
				n++
			}
		}
		return n
	}
	d := desk(t, r.kubeconfig(t), "")
	before := get(t, "fluxinstance", cozy, "flux").Metadata.Generation
	setTo(d, "e2e-force", "./one") // nothing that is owned would change
	d.Button("Back")
	d.Field("PATH", "./two")
	d.Button("Next")
	d.Wait("Nothing was changed")
	says(d, ".spec.sync.path: platform-operator")
	for _, typed := range []string{"", "force", "force flux-system", cozy} {
		if typed != "" {
			d.Field("CONFIRM", typed)
		}
		d.Button("Show with force")
		says(d, "type force "+cozy+" to take fields over from platform-operator")
	}
	if n := forced(); n > 0 {
		t.Errorf("%d forced applies before it was typed", n)
	}
	d.Field("CONFIRM", "force "+cozy)
	d.Button("Show with force")
	says(d, "taking over what belongs to others")
	if o := get(t, "fluxinstance", cozy, "flux"); o.Metadata.Generation != before || o.Spec.Sync["path"] != "./one" {
		t.Errorf("the dry run changed it: generation %d became %d, path %s", before, o.Metadata.Generation, o.Spec.Sync["path"])
	}
	d.Field("CONFIRM", cozy)
	d.Button("Set sync by force")
	d.Wait("FluxInstance ready")
	until(d, "the other path is applied", func() bool {
		_, one := find(t, "configmap", "default", "force-one")
		_, two := find(t, "configmap", "default", "force-two")
		return !one && two
	})
	if o := get(t, "fluxinstance", cozy, "flux"); o.Spec.Sync["path"] != "./two" || o.Metadata.Generation != before+1 {
		t.Errorf("path %s, generation %d became %d", o.Spec.Sync["path"], before, o.Metadata.Generation)
	}
	if got := strings.Join(syncOwners(t, "path"), " "); got != "tenantry" {
		t.Errorf("the path belongs to %s", got)
	}
	if got := strings.Join(syncOwners(t, "url"), " "); !strings.Contains(got, "platform-operator") || !strings.Contains(got, "tenantry") {
		t.Errorf("the url, which has the same value, belongs to %s", got)
	}
	all := applies()
	last := all[len(all)-1]
	for _, x := range all {
		if strings.Contains(x.query, "force=true") && (x.body != last.body || x.spec != last.spec) {
			t.Errorf("forced: %+v\nand sent: %+v", x, last)
		}
	}
	if strings.Contains(last.query, "dryRun") || !strings.Contains(last.query, "force=true") {
		t.Errorf("the last apply: %s", last.query)
	}
	d.Leave()
}
