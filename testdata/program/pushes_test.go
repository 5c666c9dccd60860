package program

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo"
	"tenantry/kube/demo/git"
	"tenantry/testdata/terminal"
)

const pushedApp = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: %[1]s
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: ghcr.io/example/web:1.0.%[2]d
`

// TestManyPushes pushes 200 times to 20 tenants, every one with objects of the
// same names, within a minute of real time, and looks at the screen when all
// is still: each tenant's revision and generation are the server's. With
// TENANTRY_SOAK it takes the minute; without, the company lives ten times as
// fast and gets a tenth of the pushes' time.
func TestManyPushes(t *testing.T) {
	t.Parallel()
	const tenants, pushes = 20, 200
	speed, minute := 10.0, 6*time.Second
	if os.Getenv("TENANTRY_SOAK") != "" {
		speed, minute = 1, time.Minute
	}
	d := &desk{T: t, company: demo.NewCompany(demo.CompanyOptions{Speed: speed, Bare: true}), state: t.TempDir()}
	d.server = httptest.NewTLSServer(d.company.Cluster.Handler())
	t.Cleanup(func() { d.server.CloseClientConnections(); d.server.Close(); d.company.Close() })
	d.config = write(t, "config", fmt.Sprintf(prodCluster, d.server.URL, demo.AdminToken))
	admin := d.company.Cluster.Client("kubectl")
	create := func(o demo.Object) {
		t.Helper()
		if _, err := admin.Create(o); err != nil {
			t.Fatal(err)
		}
	}
	meta := func(name, ns string) demo.Object { return demo.Object{"name": name, "namespace": ns} }
	push := func(i, n int) string {
		ns := fmt.Sprintf("tenant-%02d", i)
		repo := d.company.Git.Repo("https://git.example.com/many/" + ns)
		return repo.Push("main", fmt.Sprintf("Use 1.0.%d", n), "Ana Ruiz <ana@example.com>", time.Now(), git.Write("deploy/app.yaml", fmt.Sprintf(pushedApp, ns, n))).SHA
	}
	for i := range tenants {
		ns := fmt.Sprintf("tenant-%02d", i)
		d.company.Git.Add("https://git.example.com/many/"+ns, git.Access{})
		push(i, 0)
		create(demo.Object{"apiVersion": "v1", "kind": "Namespace", "metadata": demo.Object{"name": ns, "labels": demo.Object{"toolkit.fluxcd.io/tenant": ns}}})
		create(demo.Object{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": meta(ns, ns)})
		create(demo.Object{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": meta("reconciler", ns),
			"roleRef":  demo.Object{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
			"subjects": []any{demo.Object{"kind": "ServiceAccount", "name": ns, "namespace": ns}}})
		create(demo.Object{"apiVersion": "source.toolkit.fluxcd.io/v1", "kind": "GitRepository", "metadata": meta("app", ns),
			"spec": demo.Object{"interval": "1m0s", "url": "https://git.example.com/many/" + ns, "ref": demo.Object{"branch": "main"}}})
		create(demo.Object{"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization", "metadata": meta("app", ns),
			"spec": demo.Object{"interval": "10m0s", "path": "./deploy", "prune": true, "wait": true, "serviceAccountName": ns,
				"sourceRef": demo.Object{"kind": "GitRepository", "name": "app"}}})
	}
	s, err := terminal.Start(160, 50, []string{"KUBECONFIG=" + d.config, "XDG_STATE_HOME=" + d.state}, binary)
	if err != nil {
		t.Fatal(err)
	}
	d.Session = s
	t.Cleanup(s.Close)
	d.wait("● live")
	if _, err := d.WaitText(60*time.Second, "✓ 20"); err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(7, 8))
	heads := map[int]string{}
	began := time.Now()
	for n := range pushes {
		i := rng.IntN(tenants)
		heads[i] = push(i, n+1)
		d.annotate(fmt.Sprintf("tenant-%02d", i), "app", requestedAt, heads[i])
		<-time.After(time.Until(began.Add(minute * time.Duration(n+1) / pushes)))
	}
	t.Logf("%d pushes to %d tenants in %s", pushes, len(heads), time.Since(began).Round(100*time.Millisecond))
	still := func() bool {
		for i, sha := range heads {
			if applied, _ := d.standsAt(fmt.Sprintf("tenant-%02d", i)); applied != "main@sha1:"+sha {
				return false
			}
		}
		return true
	}
	ended := time.Now()
	for !still() {
		if time.Since(ended) > time.Minute {
			t.Fatal("the company never came to rest")
		}
		<-time.After(100 * time.Millisecond)
	}
	// What the screen shows is compared with the server until it is the same;
	// it may lag for as long as a frame and a batch take.
	wrong := ""
	if _, err := d.WaitFor(20*time.Second, func(screen string) bool {
		wrong = ""
		for i, sha := range heads {
			ns := fmt.Sprintf("tenant-%02d", i)
			_, generation := d.standsAt(ns)
			row := regexp.MustCompile(`(?m)^.*\b` + ns + ` .*$`).FindString(screen)
			if !regexp.MustCompile(`✓ Ready .*\b` + sha[:7] + `\b.*\bweb (\d+→)?` + fmt.Sprint(generation) + `\b.* 2/2`).MatchString(row) {
				wrong += fmt.Sprintf("%s: want %s generation %d: %q\n", ns, sha[:7], generation, row)
			}
		}
		return wrong == ""
	}); err != nil {
		t.Errorf("%v\n%s", err, wrong)
	}
	if screen := d.Screen(); strings.Contains(screen, "✗") {
		t.Errorf("something failed:\n%s", screen)
	}
}

// standsAt is the revision a tenant's sync has applied, and its Deployment's
// generation, by the server.
func (d *desk) standsAt(ns string) (applied string, generation int64) {
	d.Helper()
	var x struct {
		Metadata struct{ Generation int64 }
		Status   struct{ LastAppliedRevision string }
	}
	read := func(gk schema.GroupKind, name string) {
		data, err := json.Marshal(d.object(gk, ns, name).Object)
		if err == nil {
			err = json.Unmarshal(data, &x)
		}
		if err != nil {
			d.Fatal(err)
		}
	}
	read(kustomizations, "app")
	applied = x.Status.LastAppliedRevision
	x.Metadata.Generation = 0
	read(deployments, "web")
	return applied, x.Metadata.Generation
}
