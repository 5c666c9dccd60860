package e2e

import (
	"slices"
	"strings"
	"testing"
)

// resumed leaves stage and prod as they were, however a test ended.
func resumed(t *testing.T) {
	t.Helper()
	t.Cleanup(func() {
		for _, ns := range []string{stage, prod} {
			for _, kind := range []string{kust, repo} {
				kubectl(t, "patch", "-n", ns, kind, sharedName, "--type=merge", "-p", `{"spec":{"suspend":null}}`)
			}
		}
	})
}

// What r, R and s do on an object, a tenant, marked rows and the platform is on
// the API server, on exactly these objects; the twin of the same name in another
// namespace is not touched.
func TestActionsOnTheLab(t *testing.T) {
	resumed(t)
	d := desk(t, lab.Kubeconfig, "")
	step := steps(t, &d)
	stamps := func() (out [4]string) {
		for i, ns := range []string{stage, prod} {
			out[2*i] = get(t, kust, ns, sharedName).Metadata.Annotations[asked]
			out[2*i+1] = get(t, repo, ns, sharedName).Metadata.Annotations[asked]
		}
		return out
	}
	suspended := func() (out [4]bool) {
		for i, ns := range []string{stage, prod} {
			out[2*i] = get(t, kust, ns, sharedName).Spec.Suspend
			out[2*i+1] = get(t, repo, ns, sharedName).Spec.Suspend
		}
		return out
	}
	step("r on an object", func(t *testing.T) {
		before, from := stamps(), auditEnd(t)
		onSync(d, stage)
		d.Keys("r")
		rule(d, "r Kustomization "+sharedName)
		now := stamps()
		if now[0] == before[0] || now[1] != before[1] || now[2] != before[2] || now[3] != before[3] {
			t.Errorf("asked: %v, before %v", now, before)
		}
		if got := get(t, kust, stage, sharedName).Status.LastHandledReconcileAt; got != now[0] {
			t.Errorf("it says done, and the controller has handled %q, not %q", got, now[0])
		}
		if w := written(t, from); !slices.Equal(w, []string{"patch " + stage + "/kustomizations/" + sharedName}) {
			t.Errorf("written: %v", w)
		}
	})
	step("R fetches first", func(t *testing.T) {
		c := shared(t)
		sha := c.push("Say that it was fetched")
		from := auditEnd(t)
		d.Keys("R")
		if said := rule(d, "R Kustomization "+sharedName); !strings.Contains(said, "fetched "+sha[:7]) || !strings.Contains(said, "applied "+sha[:7]) {
			t.Errorf("said: %s", said)
		}
		if o := get(t, kust, stage, sharedName); !strings.HasSuffix(o.Status.LastAppliedRevision, sha) {
			t.Errorf("it says done, and applied is %s; pushed was %s", o.Status.LastAppliedRevision, sha)
		}
		if w := written(t, from); !slices.Equal(w, []string{"patch " + stage + "/gitrepositories/" + sharedName, "patch " + stage + "/kustomizations/" + sharedName}) {
			t.Errorf("written: %v", w)
		}
	})
	step("s on a tenant, and back", func(t *testing.T) {
		from := auditEnd(t)
		d.Tenant(stage)
		d.Keys("s")
		d.Wait("Suspend " + stage + " on lab")
		d.Keys("freeze\t3d")
		d.Wait("REASON    freeze")
		d.Button("Suspend")
		rule(d, "s "+stage)
		if got := suspended(); got != [4]bool{true, true, false, false} {
			t.Errorf("suspended: %v", got)
		}
		if w := written(t, from); !slices.Equal(w, []string{"patch " + stage + "/kustomizations/" + sharedName, "patch " + stage + "/gitrepositories/" + sharedName}) {
			t.Errorf("written: %v", w)
		}
		o := get(t, kust, stage, sharedName)
		for name, want := range map[string]string{"suspended-by": "lab-admin", "suspended-reason": "freeze"} {
			if got := o.Metadata.Annotations["tenantry.dev/"+name]; got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		d.Keys("r")
		d.Wait("s resumes it")
		d.Keys("s")
		d.Wait("Resume " + stage + " on lab")
		d.Button("Resume")
		rule(d, "resume "+stage)
		if got := suspended(); got != [4]bool{} {
			t.Errorf("suspended: %v", got)
		}
		o = get(t, kust, stage, sharedName)
		for name := range o.Metadata.Annotations {
			if strings.HasPrefix(name, "tenantry.dev/") || strings.HasSuffix(name, "/suspendedBy") {
				t.Errorf("%s is left behind", name)
			}
		}
	})
	step("marked rows", func(t *testing.T) {
		mark := func() {
			for _, ns := range []string{stage, prod} {
				d.Tenant(ns)
				d.Keys(" ")
			}
			d.Wait("2 marked")
		}
		before, from := stamps(), auditEnd(t)
		mark()
		d.Keys("r")
		d.Wait("Reconcile 2 marked rows on lab")
		d.Button("Reconcile")
		rule(d, "r 2 marked rows")
		if now := stamps(); now[0] == before[0] || now[2] == before[2] || now[1] != before[1] || now[3] != before[3] {
			t.Errorf("asked: %v, before %v", now, before)
		}
		mark()
		d.Keys("s")
		d.Wait("Suspend 2 marked rows on lab")
		d.Button("Suspend")
		rule(d, "s 2 marked rows")
		if got := suspended(); got != [4]bool{true, true, true, true} {
			t.Errorf("suspended: %v", got)
		}
		mark()
		d.Keys("s")
		d.Wait("Resume 2 marked rows on lab")
		d.Button("Resume")
		rule(d, "resume 2 marked rows")
		if got := suspended(); got != [4]bool{} {
			t.Errorf("suspended: %v", got)
		}
		for _, w := range written(t, from) {
			if !strings.HasPrefix(w, "patch "+stage+"/") && !strings.HasPrefix(w, "patch "+prod+"/") {
				t.Errorf("written elsewhere: %s", w)
			}
		}
	})
	step("the platform", func(t *testing.T) {
		from := auditEnd(t)
		before := get(t, "fluxinstance", lab.FluxNamespace, "flux").Metadata.Annotations[asked]
		d.Tenant("platform")
		d.Keys("r")
		d.Wait("Reconcile the platform on lab")
		d.Wait("[x] FluxInstance/" + lab.FluxNamespace + "/flux")
		d.Button("Reconcile")
		until(d, "the operator has handled it", func() bool {
			o := get(t, "fluxinstance", lab.FluxNamespace, "flux")
			return o.Metadata.Annotations[asked] != before && o.Status.LastHandledReconcileAt == o.Metadata.Annotations[asked]
		})
		for _, w := range written(t, from) {
			if !strings.HasPrefix(w, "patch "+lab.FluxNamespace+"/") {
				t.Errorf("written elsewhere: %s", w)
			}
		}
	})
	d.Leave()
}
