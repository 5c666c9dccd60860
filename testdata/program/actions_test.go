package program

import (
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"

	"tenantry/kube/demo"
	"tenantry/kube/demo/fault"
)

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
