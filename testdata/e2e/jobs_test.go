package e2e

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/testdata/jobs"
	"tenantry/testdata/terminal"
)

// brokenRows are the rows the lab broke, with what it did to each: the object,
// and the words that name its fault.
func brokenRows(t *testing.T) map[string][]jobs.Reason {
	t.Helper()
	var objects []struct{ Kind, Namespace, Name, Health string }
	var faults []fault
	for what, into := range map[string]any{"broken": &objects, "faults": &faults} {
		out, err := exec.Command(labBin, "expect", what).Output()
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(out, into); err != nil {
			t.Fatal(err)
		}
	}
	rows := map[string][]jobs.Reason{}
	for _, o := range objects {
		if h, ok := model.HealthNamed(o.Health); !ok || !h.Unhealthy() {
			continue
		}
		reason := jobs.Reason{o.Kind + " " + o.Name + ":"}
		for _, f := range faults {
			if f.Ask.Kind == o.Kind && f.Ask.Namespace == o.Namespace && f.Ask.Name == o.Name && !f.Pods {
				reason = append(reason, f.Says...)
			}
		}
		row := o.Namespace
		if row == lab.FluxNamespace {
			row = model.PlatformName
		}
		rows[row] = append(rows[row], reason)
	}
	if len(rows) < 5 {
		t.Fatalf("the lab broke only %d rows", len(rows))
	}
	return rows
}

// The jobs of an operator on the lab: the same keys as on the embedded cluster.
func TestJobs(t *testing.T) {
	const user = "team-x-user"
	apply(t, fmt.Sprintf(`apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: e2e-jobs-view, namespace: fluxdemo-stage}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: %s}]
`, user))
	t.Cleanup(func() { kubectl(t, "delete", "rolebinding", "-n", "fluxdemo-stage", "e2e-jobs-view") })
	replicas := 4
	open := func(kubeconfig func() string) func(*testing.T, int, int, ...string) *terminal.Session {
		return func(t *testing.T, width, height int, args ...string) *terminal.Session {
			t.Helper()
			return dashboard(t, kubeconfig(), width, height, args...)
		}
	}
	jobs.Place{
		Open: open(func() string { return lab.Kubeconfig }), OpenLimited: open(func() string { return lab.TenantKubeconfig }),
		Patience: 2 * time.Minute,
		Broken:   brokenRows(t),
		Stuck:    map[string]string{"team-x": "source in another namespace"},
		Rolls:    "fluxdemo-stage",
		Push: func(t *testing.T) string {
			if kubectl(t, "get", "deploy", "-n", "fluxdemo-stage", "kcheck", "-o", "jsonpath={.spec.replicas}") == fmt.Sprint(replicas) {
				replicas-- // a lab that was kept
			}
			out := inLab(t, "push", "stage", "--replicas", fmt.Sprint(replicas), "--message", "on a projector")
			sha := regexp.MustCompile(`[0-9a-f]{40}`).FindString(out)
			if sha == "" {
				t.Fatalf("push printed no commit: %s", out)
			}
			return sha
		},
		Live: func(t *testing.T, sha string) bool {
			applied := kubectl(t, "get", "kustomization", "-n", "fluxdemo-stage", "-o", "jsonpath={.items[*].status.lastAppliedRevision}")
			available := kubectl(t, "get", "deploy", "-n", "fluxdemo-stage", "kcheck", "-o", "jsonpath={.status.availableReplicas}")
			return strings.HasSuffix(applied, sha) && available == fmt.Sprint(replicas)
		},
		Freeze: "fluxdemo-prod",
		Frozen: func(t *testing.T) (n, of int) {
			var list struct {
				Items []struct{ Spec struct{ Suspend bool } }
			}
			if err := json.Unmarshal([]byte(kubectl(t, "get", "kustomizations,gitrepositories", "-n", "fluxdemo-prod", "-o", "json")), &list); err != nil {
				t.Fatal(err)
			}
			for _, o := range list.Items {
				if o.Spec.Suspend {
					n++
				}
			}
			return n, len(list.Items)
		},
		Overdue: func(t *testing.T) {
			past := time.Now().Add(-48 * time.Hour).UTC().Format(time.RFC3339)
			kubectl(t, "annotate", "kustomizations,gitrepositories", "--all", "-n", "fluxdemo-prod", "--overwrite", "tenantry.dev/suspended-until="+past)
		},
		Mine: [2]string{"fluxdemo-dev", "fluxdemo-stage"}, Others: "fluxdemo-prod",
	}.Run(t)
}
