package program

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo"
	"tenantry/kube/demo/fault"
	"tenantry/testdata/jobs"
	"tenantry/testdata/terminal"
)

// desk is the real program in a terminal, on an embedded cluster behind a real
// listener that writes down what is asked of it.
type desk struct {
	*testing.T
	*terminal.Session
	company *demo.Company
	server  *httptest.Server
	config  string
	state   string
	home    string // of the configuration file

	mu      sync.Mutex
	seen    []string
	patches []patch
}

// patch is a change that was asked for, as it arrived.
type patch struct{ path, query, body string }

const prodCluster = `apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
users: [{name: u, user: {token: "%s"}}]
contexts: [{name: prod, context: {cluster: c, user: u}}]
current-context: prod
`

// newDesk serves a company and writes the configuration of a user of it; the
// program is started by start.
func newDesk(t *testing.T, token string) *desk {
	t.Helper()
	return newDeskOf(t, token, demo.CompanyOptions{Speed: 5})
}

func newDeskOf(t *testing.T, token string, o demo.CompanyOptions) *desk {
	t.Helper()
	d := &desk{T: t, company: demo.NewCompany(o), state: t.TempDir(), home: t.TempDir()}
	inner := d.company.Cluster.Handler()
	d.server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		d.seen = append(d.seen, r.Method+" "+r.URL.Path)
		d.mu.Unlock()
		if body, err := io.ReadAll(r.Body); err == nil { // a server sees who has gone only once the request is read
			r.Body = io.NopCloser(bytes.NewReader(body))
			if r.Method == http.MethodPatch {
				d.mu.Lock()
				d.patches = append(d.patches, patch{r.URL.Path, r.URL.RawQuery, string(body)})
				d.mu.Unlock()
			}
		}
		inner.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		d.server.CloseClientConnections()
		d.server.Close()
		d.company.Close()
	})
	d.config = d.configFor(token)
	return d
}

// configFor writes the configuration of a user.
func (d *desk) configFor(token string) string {
	return write(d.T, "config", fmt.Sprintf(prodCluster, d.server.URL, token))
}

func (d *desk) start(args ...string) {
	d.Helper()
	s, err := terminal.Start(120, 40, []string{"KUBECONFIG=" + d.config, "XDG_STATE_HOME=" + d.state, "XDG_CONFIG_HOME=" + d.home}, binary, args...)
	if err != nil {
		d.Fatal(err)
	}
	d.Session = s
	d.Cleanup(s.Close)
	d.wait("● live")
}

func (d *desk) wait(text string) {
	d.Helper()
	if _, err := d.WaitText(30*time.Second, text); err != nil {
		d.Fatal(err)
	}
}

func (d *desk) keys(keys string) {
	d.Helper()
	if err := d.Type(keys); err != nil {
		d.Fatal(err)
	}
}

// tenant puts the cursor on a tenant, by its name.
func (d *desk) tenant(name string) {
	d.Helper()
	d.keys("1/\x15" + name + "\r")
	if _, err := d.WaitFor(10*time.Second, func(screen string) bool { return strings.HasPrefix(cursorLine(screen), name+" ") }); err != nil {
		d.Fatal(err)
	}
}

// sync puts the cursor on the one sync of a namespace.
func (d *desk) sync(ns string) {
	d.Helper()
	d.keys("6/\x15ns:" + ns + "\r")
	if _, err := d.WaitFor(10*time.Second, func(screen string) bool {
		return strings.HasPrefix(cursorLine(screen), ns+" ") && strings.Contains(screen, "▸ Syncs")
	}); err != nil {
		d.Fatal(err)
	}
}

func cursorLine(screen string) string { return jobs.CursorLine(screen) }

// button presses a dialog's button.
func (d *desk) button(word string) {
	d.Helper()
	d.jobs().Button(word)
}

// jobs is the desk as tests of the lab know it too.
func (d *desk) jobs() jobs.Desk {
	return jobs.Desk{T: d.T, Session: d.Session, Patience: 30 * time.Second}
}

var kustomizations = schema.GroupKind{Group: "kustomize.toolkit.fluxcd.io", Kind: "Kustomization"}
var deployments = schema.GroupKind{Group: "apps", Kind: "Deployment"}
var repositories = schema.GroupKind{Group: "source.toolkit.fluxcd.io", Kind: "GitRepository"}

func (d *desk) object(kind schema.GroupKind, ns, name string) *unstructured.Unstructured {
	d.Helper()
	o, err := d.company.Cluster.Client("test").Get(kind, ns, name)
	if err != nil {
		d.Fatal(err)
	}
	return &unstructured.Unstructured{Object: o}
}

func suspended(o *unstructured.Unstructured) bool {
	is, _, _ := unstructured.NestedBool(o.Object, "spec", "suspend")
	return is
}

// eventually polls the API server.
func (d *desk) eventually(what string, ok func() bool) {
	d.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !ok() {
		if time.Now().After(deadline) {
			screen := ""
			if d.Session != nil {
				screen = d.Screen()
			}
			d.Fatalf("never: %s\n%s", what, screen)
		}
		<-time.After(50 * time.Millisecond)
	}
}

// seenRequests are all requests so far.
func (d *desk) seenRequests() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]string(nil), d.seen...)
}

// seenPatches are all changes that were asked for so far.
func (d *desk) seenPatches() []patch {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]patch(nil), d.patches...)
}

// writes are the requests that may have stored something.
func (d *desk) writes() []string {
	var out []string
	for _, r := range d.seenRequests() {
		if !strings.HasPrefix(r, "GET ") && !strings.Contains(r, "/selfsubject") {
			out = append(out, r)
		}
	}
	return out
}

func TestReconcileByKeys(t *testing.T) {
	d := newDesk(t, demo.AdminToken)
	d.start()
	d.sync("fluxdemo-stage")
	const name = "flux-stage-prod"
	const asked = "reconcile.fluxcd.io/requestedAt"
	twin := d.object(kustomizations, "fluxdemo-prod", name).GetAnnotations()[asked]
	before := d.object(kustomizations, "fluxdemo-stage", name).GetAnnotations()[asked]
	d.keys("r")
	d.eventually("requested", func() bool {
		return d.object(kustomizations, "fluxdemo-stage", name).GetAnnotations()[asked] != before
	})
	d.wait("✓ ─")
	if got := d.object(kustomizations, "fluxdemo-prod", name).GetAnnotations()[asked]; got != twin {
		t.Errorf("the twin in fluxdemo-prod was asked as well: %q", got)
	}
	if w := d.writes(); len(w) != 1 || !strings.Contains(w[0], "/namespaces/fluxdemo-stage/kustomizations/") {
		t.Errorf("written: %v", w)
	}
	quit2(t, d)
}

// quit2 leaves the program, however many pages are open.
func quit2(t *testing.T, d *desk) {
	t.Helper()
	d.keys("\x03\x03")
	if code, err := d.Wait(10 * time.Second); err != nil || code != 0 {
		t.Errorf("ctrl+c: exit %d, %v", code, err)
	}
}

func TestSuspendAndResumeATenantByKeys(t *testing.T) {
	d := newDesk(t, demo.AdminToken)
	d.start()
	d.tenant("docs")
	d.keys("s")
	d.wait("Suspend docs on prod")
	d.keys("freeze")
	d.wait("REASON    freeze")
	d.button("Suspend")
	d.eventually("suspended", func() bool {
		return suspended(d.object(kustomizations, "docs", "docs")) && suspended(d.object(repositories, "docs", "docs"))
	})
	o := d.object(kustomizations, "docs", "docs")
	for name, want := range map[string]string{"tenantry.dev/suspended-by": "admin", "tenantry.dev/suspended-reason": "freeze", "fluxcd.controlplane.io/suspendedBy": "admin"} {
		if got := o.GetAnnotations()[name]; got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	managers := map[string]bool{}
	for _, m := range o.GetManagedFields() {
		managers[m.Manager] = true
	}
	if !managers["tenantry"] {
		t.Errorf("written as %v", managers)
	}
	d.wait("✓ ─")
	d.tenant("docs")
	d.keys("s")
	d.wait("Resume docs on prod")
	d.button("Resume")
	d.eventually("resumed", func() bool {
		return !suspended(d.object(kustomizations, "docs", "docs")) && !suspended(d.object(repositories, "docs", "docs"))
	})
	if by := d.object(kustomizations, "docs", "docs").GetAnnotations()["tenantry.dev/suspended-by"]; by != "" {
		t.Errorf("suspended-by is left behind: %q", by)
	}
	for _, w := range d.writes() {
		if !strings.Contains(w, "/namespaces/docs/") {
			t.Errorf("written elsewhere: %s", w)
		}
	}
	quit2(t, d)
}

func TestMarkedTenantsAndNoOthersAreSuspended(t *testing.T) {
	d := newDesk(t, demo.AdminToken)
	d.start()
	for _, name := range []string{"docs", "mailer"} {
		d.tenant(name)
		d.keys(" ")
	}
	d.wait("2 marked")
	d.keys("0")
	d.wait("● live")
	for _, name := range []string{"docs", "mailer"} { // 0 took the marks away
		d.tenant(name)
		d.keys(" ")
	}
	d.keys("s")
	d.wait("Suspend 2 marked rows on prod")
	d.button("Suspend")
	d.eventually("both suspended", func() bool {
		return suspended(d.object(kustomizations, "docs", "docs")) && suspended(d.object(kustomizations, "mailer", "mailer"))
	})
	for _, w := range d.writes() {
		if !strings.Contains(w, "/namespaces/docs/") && !strings.Contains(w, "/namespaces/mailer/") {
			t.Errorf("written elsewhere: %s", w)
		}
	}
	quit2(t, d)
}

// A full session of random keys leaves nothing behind when it is read-only.
func TestReadOnlySendsNothingWhateverIsPressed(t *testing.T) {
	d := newDesk(t, demo.AdminToken)
	d.start("--read-only")
	rng := rand.New(rand.NewPCG(1, 2))
	const keys = "rRsaxKVfmdyehtcjkjkjk \t\r\r\x1b123456789:/!nzp+wb\x19\x0f"
	for range 600 {
		k := keys[rng.IntN(len(keys))]
		if err := d.Type(string(k)); err != nil {
			t.Fatal(err)
		}
		if rng.IntN(20) == 0 {
			_, _ = d.WaitFor(20*time.Millisecond, func(string) bool { return false })
		}
	}
	d.wait("READ-ONLY")
	if w := d.writes(); len(w) > 0 {
		t.Errorf("left the process: %v", w)
	}
}

// A user without rights is told so before anything is sent.
func TestATenantUserIsToldBefore(t *testing.T) {
	d := newDesk(t, demo.TenantToken)
	client := d.company.Cluster.Client("test")
	if _, err := client.Create(demo.Object{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
		"metadata": demo.Object{"name": "dev-view", "namespace": "docs"},
		"roleRef":  demo.Object{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
		"subjects": []any{demo.Object{"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": "dev"}}}); err != nil {
		t.Fatal(err)
	}
	d.start("-n", "docs")
	d.wait("docs")
	d.keys("6")
	d.wait("Kustomization")
	d.keys("r")
	d.wait("dev may not patch kustomizations")
	if w := d.writes(); len(w) > 0 {
		t.Errorf("written: %v", w)
	}
}

// Killed between two steps, the next dashboard says which one happened and
// finishes what is left.
func TestAKillBetweenTwoSteps(t *testing.T) {
	d := newDesk(t, demo.AdminToken)
	d.start()
	d.company.Faults.Add(fault.Rule{Verb: "patch", Resource: "gitrepositories", Do: fault.Hang, Count: 1})
	d.tenant("docs")
	d.keys("s")
	d.wait("Suspend docs on prod")
	d.button("Suspend")
	d.eventually("the first step", func() bool { return suspended(d.object(kustomizations, "docs", "docs")) })
	d.eventually("the second is on its way", func() bool {
		w := d.writes()
		return strings.Contains(w[len(w)-1], "gitrepositories")
	})
	if err := d.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_, _ = d.Wait(10 * time.Second)

	d.start()
	d.wait("Unfinished: suspend docs on prod")
	d.wait("Kustomization/docs/docs: happened")
	d.wait("GitRepository/docs/docs: does not show")
	d.button("Finish (1)")
	d.wait("Suspend GitRepository/docs/docs on prod")
	d.button("Suspend")
	d.eventually("finished", func() bool { return suspended(d.object(repositories, "docs", "docs")) })
	d.wait("✓ ─")
	quit2(t, d)

	d.start() // nothing is left to ask about
	d.wait("docs")
	if strings.Contains(d.Screen(), "Unfinished") {
		t.Errorf("asked again:\n%s", d.Screen())
	}
	quit2(t, d)
}

// A write whose answer is lost is not sent again, and is followed all the same.
func TestTheServerDiesDuringAWrite(t *testing.T) {
	d := newDesk(t, demo.AdminToken)
	d.start()
	d.company.Faults.Add(fault.Rule{Verb: "patch", Do: fault.Cut, Bytes: 10, Count: 1})
	d.sync("docs")
	d.keys("r")
	// It arrived, though its answer did not: the object shows it.
	d.wait("✓ ─")
	patches := 0
	for _, w := range d.writes() {
		if strings.HasPrefix(w, "PATCH ") {
			patches++
		}
	}
	if patches != 1 {
		t.Errorf("%d patches, want one", patches)
	}
	quit2(t, d)
}
