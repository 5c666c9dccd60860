package program

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo"
	"tenantry/kube/demo/fault"
)

var releases = schema.GroupKind{Group: "helm.toolkit.fluxcd.io", Kind: "HelmRelease"}
var events = schema.GroupKind{Kind: "Event"}

// configure writes the configuration file of the program.
func (d *desk) configure(text string) {
	d.Helper()
	dir := filepath.Join(d.home, "tenantry")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		d.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "config.yaml"), []byte(text), 0o600); err != nil {
		d.Fatal(err)
	}
}

// patched are the objects that were written to.
func (d *desk) patched() []string {
	var out []string
	for _, w := range d.writes() {
		if rest, ok := strings.CutPrefix(w, "PATCH "); ok {
			out = append(out, rest)
		}
	}
	return out
}

// A protected context asks for its name even for what is done at once
// elsewhere; one that is read-only by configuration refuses, and says why.
func TestProtectedAndReadOnlyContextsByKeys(t *testing.T) {
	d := newDesk(t, demo.AdminToken)
	d.configure("protectedContexts: [\"pr*\"]\n")
	d.start()
	d.wait(" PROTECTED ")
	d.sync("docs")
	d.keys("r")
	d.wait("CONFIRM")
	d.button("Reconcile")
	d.wait("type prod to confirm")
	if w := d.writes(); len(w) > 0 {
		t.Fatalf("written without the name: %v", w)
	}
	d.keys("\x1b")
	if _, err := d.WaitFor(10*time.Second, func(screen string) bool { return !strings.Contains(screen, "CONFIRM") }); err != nil {
		t.Fatal(err)
	}
	d.keys("r")
	d.wait("CONFIRM")
	d.keys("prod")
	d.button("Reconcile")
	d.wait("✓ ─")
	if w := d.patched(); len(w) != 1 || !strings.Contains(w[0], "/namespaces/docs/kustomizations/docs") {
		t.Errorf("written: %v", w)
	}
	quit2(t, d)

	d = newDesk(t, demo.AdminToken)
	d.configure("readOnlyContexts: [prod]\n")
	d.start()
	d.wait(" READ-ONLY ")
	d.sync("docs")
	d.keys("r")
	d.wait("refused: this session is read-only")
	d.keys("s")
	d.wait("refused: this session is read-only")
	if w := d.writes(); len(w) > 0 {
		t.Errorf("written: %v", w)
	}
	quit2(t, d)
}

// The cluster as a tenant's account sees it, and back; an admin may, a tenant
// user is told the rule.
func TestViewAsByKeys(t *testing.T) {
	d := newDesk(t, demo.AdminToken)
	d.start()
	d.tenant("docs")
	d.keys("V")
	d.wait("As the ServiceAccount docs/docs")
	d.wait(" AS docs ")
	d.wait("MAY, OUTSIDE")
	d.keys("1")
	d.wait("1 tenant")
	if s := d.Screen(); strings.Contains(s, "webshop") {
		t.Errorf("another tenant is seen:\n%s", s)
	}
	d.keys("6")
	d.wait("Kustomization")
	d.keys("V")
	d.wait("now on prod")
	d.keys("1")
	d.wait("webshop")
	if s := d.Screen(); strings.Contains(s, " AS docs ") {
		t.Errorf("the badge stays:\n%s", s)
	}
	if w := d.writes(); len(w) > 0 {
		t.Errorf("written: %v", w)
	}
	quit2(t, d)

	d = newDesk(t, demo.TenantToken)
	d.mayView("docs")
	d.start("-n", "docs")
	d.wait("docs")
	d.keys("6")
	d.wait("Kustomization")
	d.keys("V")
	d.wait("dev may not impersonate the ServiceAccount docs")
	d.wait("verbs: [impersonate]")
	quit2(t, d)
}

// mayView lets the tenant user read a namespace.
func (d *desk) mayView(ns string) {
	d.Helper()
	if _, err := d.company.Cluster.Client("test").Create(demo.Object{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
		"metadata": demo.Object{"name": "dev-view", "namespace": ns},
		"roleRef":  demo.Object{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
		"subjects": []any{demo.Object{"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": "dev"}}}); err != nil {
		d.Fatal(err)
	}
}

// Acting as somebody else, with --as, the server's answer is for them: an
// account that may change its own syncs does, and no other.
func TestImpersonatingByKeys(t *testing.T) {
	d := newDesk(t, demo.AdminToken)
	d.start("--as", "system:serviceaccount:docs:docs", "-n", "docs")
	d.wait(" AS docs ")
	d.keys("6")
	d.wait("Kustomization")
	before := d.object(kustomizations, "docs", "docs").GetAnnotations()["reconcile.fluxcd.io/requestedAt"]
	d.keys("r")
	d.eventually("requested", func() bool {
		return d.object(kustomizations, "docs", "docs").GetAnnotations()["reconcile.fluxcd.io/requestedAt"] != before
	})
	d.keys("V")
	d.wait("this session acts as system:serviceaccount:docs:docs already")
	quit2(t, d)
}

// What is suspended, being deleted, gone or failed for good: each key does what
// makes sense there, or says why not.
func TestOddTargetsByKeys(t *testing.T) {
	t.Parallel()
	d := newDesk(t, demo.AdminToken)
	client := d.company.Cluster.Client("test")
	d.start()
	d.sync("reports") // suspended
	d.keys("r")
	d.wait("s resumes it")
	d.sync("payments") // fails whatever is asked
	d.keys("r")
	d.wait("✗ r Kustomization payments")
	patches := len(d.patched())
	if patches != 1 {
		t.Errorf("%d patches: %v", patches, d.patched())
	}

	if _, err := client.Edit(kustomizations, "mailer", "mailer", func(o demo.Object) error {
		meta := o["metadata"].(map[string]any)
		meta["finalizers"] = append(meta["finalizers"].([]any), "example.com/held")
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	d.sync("mailer")
	if err := client.Delete(kustomizations, "mailer", "mailer", nil); err != nil {
		t.Fatal(err)
	}
	d.wait("Terminating")
	d.keys("r")
	d.wait("it is being deleted")

	d.sync("search")
	d.keys("p") // the picture stands still while the object goes
	d.wait(" PAUSED ")
	if err := client.Delete(kustomizations, "search", "search", nil); err != nil {
		t.Fatal(err)
	}
	d.eventually("gone", func() bool { _, err := client.Get(kustomizations, "search", "search"); return err != nil })
	_, _ = d.WaitFor(2*time.Second, func(string) bool { return false }) // the picture shows nothing of it
	d.keys("r")
	d.wait("it is no longer in the cluster")
	if w := d.patched(); len(w) != patches {
		t.Errorf("written: %v", w[patches:])
	}
	quit2(t, d)
}

// A release is forced and reset by both annotations its controller looks at.
func TestForceAndResetByKeys(t *testing.T) {
	d := newDesk(t, demo.AdminToken)
	d.start()
	d.sync("metrics")
	for _, verb := range []string{"force", "reset"} {
		d.keys("a")
		d.wait("upgrade the release once")
		d.choose(verb)
		word := strings.ToUpper(verb[:1]) + verb[1:]
		d.wait(word + " HelmRelease/metrics/podinfo on prod")
		d.button(word)
		d.eventually(verb, func() bool {
			at := d.object(releases, "metrics", "podinfo").GetAnnotations()
			stamp := at["reconcile.fluxcd.io/"+verb+"At"]
			return stamp != "" && stamp == at["reconcile.fluxcd.io/requestedAt"]
		})
		d.wait("✓ ─")
	}
	quit2(t, d)
}

// choose takes a line of the menu of actions.
func (d *desk) choose(line string) {
	d.Helper()
	for range 12 {
		if strings.Contains(d.Screen(), "│▌ "+line) {
			d.keys("\r")
			return
		}
		d.keys("j")
		_, _ = d.WaitFor(100*time.Millisecond, func(string) bool { return false })
	}
	d.Fatalf("no line %q:\n%s", line, d.Screen())
}

// Where it is configured, a suspension leaves an Event on its object.
func TestEventOnActionByKeys(t *testing.T) {
	d := newDesk(t, demo.AdminToken)
	d.configure("eventOnAction: true\n")
	d.start()
	d.sync("docs")
	d.keys("s")
	d.wait("EVENT")
	d.keys("freeze")
	d.button("Suspend")
	d.eventually("an Event", func() bool {
		for _, o := range d.company.Cluster.Client("test").List(events, "docs") {
			if o["reason"] == "Suspended" && o["message"] == "admin asked to suspend it with tenantry: freeze" {
				return true
			}
		}
		return false
	})
	d.wait("✓ ─")
	quit2(t, d)
}

// With the server away nothing is sent; it comes back, and the same key works.
func TestTheServerIsAwayBefore(t *testing.T) {
	d := newDesk(t, demo.AdminToken)
	d.start()
	d.sync("docs")
	remove := d.company.Faults.Add(fault.Rule{Do: fault.Refuse})
	d.server.CloseClientConnections()
	d.wait("~ kustomizations")
	d.keys("r")
	d.wait("reconcile is refused: the API server is away")
	if w := d.patched(); len(w) > 0 {
		t.Errorf("written: %v", w)
	}
	remove()
	d.wait("● live")
	d.keys("r")
	d.wait("✓ ─")
	if w := d.patched(); len(w) != 1 {
		t.Errorf("written: %v", w)
	}
	quit2(t, d)
}

// The platform is asked about like a tenant.
func TestThePlatformIsReconciledByKeys(t *testing.T) {
	d := newDesk(t, demo.AdminToken)
	d.start()
	d.tenant("platform")
	d.keys("r")
	d.wait("Reconcile the platform on prod")
	d.wait("[x] FluxInstance/flux-system/flux")
	d.button("Reconcile")
	d.wait("✓ ─")
	for _, w := range d.patched() {
		if !strings.Contains(w, "/namespaces/flux-system/") {
			t.Errorf("written elsewhere: %s", w)
		}
	}
	quit2(t, d)
}
