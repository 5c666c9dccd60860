package program

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo"
	"tenantry/kube/demo/git"
	"tenantry/testdata/jobs"
	"tenantry/testdata/terminal"
)

// The jobs of an operator on the company.
func TestJobs(t *testing.T) {
	t.Parallel()
	d := newDesk(t, demo.AdminToken)
	client := d.company.Cluster.Client("test")
	mine := [2]string{"fluxdemo-dev", "docs"} // dev may read fluxdemo-dev already
	if _, err := client.Create(demo.Object{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
		"metadata": demo.Object{"name": "dev-view", "namespace": mine[1]},
		"roleRef":  demo.Object{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
		"subjects": []any{demo.Object{"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": "dev"}}}); err != nil {
		t.Fatal(err)
	}
	open := func(token string) func(*testing.T, int, int, ...string) *terminal.Session {
		config := d.configFor(token)
		state := t.TempDir()
		return func(t *testing.T, width, height int, args ...string) *terminal.Session {
			t.Helper()
			s, err := terminal.Start(width, height, []string{"KUBECONFIG=" + config, "XDG_STATE_HOME=" + state}, binary, args...)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(s.Close)
			if _, err := s.WaitText(30*time.Second, "● live"); err != nil {
				t.Fatal(err)
			}
			return s
		}
	}
	const file = "stage/kcheck.yaml"
	replicas := regexp.MustCompile(`replicas: \d+`)
	jobs.Place{
		Open: open(demo.AdminToken), OpenLimited: open(demo.TenantToken), Patience: 40 * time.Second,
		Broken: map[string][]jobs.Reason{"billing": {{"secret deploy-key is missing"}}, "payments": {{"refused"}}, "checkout": {{"checkout-db"}}},
		Stuck:  map[string]string{"billing": "secret deploy-key is missing", "payments": "refused", "reports": "moving the reports database"},
		Rolls:  "fluxdemo-stage",
		Push: func(t *testing.T) string {
			repo := d.company.Git.Repo("https://git.example.com/fluxdemo/flux-stage-prod")
			if repo == nil {
				t.Fatal("no repository of stage")
			}
			text := replicas.ReplaceAllString(repo.Head("main").Files[file], "replicas: 7")
			return repo.Push("main", "Seven of them", "Ana Ruiz <ana@example.com>", time.Now(), git.Write(file, text)).SHA
		},
		Live: func(t *testing.T, sha string) bool {
			sync := d.object(kustomizations, "fluxdemo-stage", "flux-stage-prod").Object["status"].(map[string]any)
			load := d.object(deployments, "fluxdemo-stage", "kcheck").Object["status"].(map[string]any)
			revision, _ := sync["lastAppliedRevision"].(string)
			return strings.HasSuffix(revision, sha) && load["availableReplicas"] == int64(7)
		},
		Freeze: "docs",
		Frozen: func(*testing.T) (n, of int) {
			for _, kind := range []schema.GroupKind{kustomizations, repositories} {
				if of++; suspended(d.object(kind, "docs", "docs")) {
					n++
				}
			}
			return n, of
		},
		Overdue: func(t *testing.T) {
			past := time.Now().Add(-48 * time.Hour).UTC().Format(time.RFC3339)
			for _, kind := range []schema.GroupKind{kustomizations, repositories} {
				if _, err := client.Edit(kind, "docs", "docs", func(o demo.Object) error {
					o["metadata"].(map[string]any)["annotations"].(map[string]any)["tenantry.dev/suspended-until"] = past
					return nil
				}); err != nil {
					t.Fatal(err)
				}
			}
		},
		Mine: mine, Others: "fluxdemo-prod",
	}.Run(t)
}
