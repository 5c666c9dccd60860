package program

import (
	"maps"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo"
)

var (
	accounts     = schema.GroupKind{Kind: "ServiceAccount"}
	roleBindings = schema.GroupKind{Group: "rbac.authorization.k8s.io", Kind: "RoleBinding"}
	everywhere   = schema.GroupKind{Group: "rbac.authorization.k8s.io", Kind: "ClusterRoleBinding"}
)

// grant makes a binding of the whole cluster for accounts named like their
// namespaces.
func (d *desk) grant(name string, labels demo.Object, tenants ...string) {
	d.Helper()
	var subjects []any
	for _, t := range tenants {
		subjects = append(subjects, demo.Object{"kind": "ServiceAccount", "namespace": t, "name": t})
	}
	if _, err := d.company.Cluster.Client("test").Create(demo.Object{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding",
		"metadata": demo.Object{"name": name, "labels": labels}, "roleRef": demo.Object{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
		"subjects": subjects}); err != nil {
		d.Fatal(err)
	}
}

// edit changes the metadata of an object.
func (d *desk) edit(kind schema.GroupKind, ns, name string, change func(meta demo.Object)) {
	d.Helper()
	if _, err := d.company.Cluster.Client("test").Edit(kind, ns, name, func(o demo.Object) error {
		change(o["metadata"].(demo.Object))
		return nil
	}); err != nil {
		d.Fatal(err)
	}
}

// standing are what tells of a namespace's objects whether somebody else was at
// them.
func (d *desk) standing(ns, twin string) map[string]string {
	d.Helper()
	out := map[string]string{}
	for kind, name := range map[schema.GroupKind]string{kustomizations: twin, repositories: twin, accounts: ns, roleBindings: ns + "-reconciler", deployments: "kcheck"} {
		o := d.object(kind, ns, name)
		out[kind.Kind] = strings.Join([]string{string(o.GetUID()), string(rune('0' + o.GetGeneration()))}, " ")
	}
	return out
}

// The account is gone already: nobody may prune for the sync, which is said, and
// the tenant is taken out all the same. Rights elsewhere go or stay as was said.
func TestOffboardWithoutItsAccount(t *testing.T) {
	t.Parallel()
	const stage, prod, twin = "fluxdemo-stage", "fluxdemo-prod", "flux-stage-prod"
	d := newDesk(t, demo.AdminToken)
	d.grant("stage-views", demo.Object{"toolkit.fluxcd.io/tenant": stage}, stage)
	d.grant("loose", nil, stage)
	d.grant("shared", nil, stage, prod)
	d.eventually("both of them stand", func() bool { return d.there(deployments, stage, "kcheck") && d.there(deployments, prod, "kcheck") })
	if err := d.company.Cluster.Client("test").Delete(accounts, stage, stage, nil); err != nil {
		t.Fatal(err)
	}
	before := d.standing(prod, twin)
	d.start()
	d.tenant(stage)
	d.keys(":off-board")
	d.wait("take the tenant out")
	d.keys("\r")
	d.wait("Off-board fluxdemo-stage on prod")
	d.wait("nothing is pruned by it, because its account")
	d.wait("fluxdemo-stage is gone already, so nobody may delete for it")
	d.wait("[x] ClusterRoleBinding/stage-views")
	d.wait("[ ] ClusterRoleBinding/loose")
	d.wait("ClusterRoleBinding/shared grants ClusterRole view in the whole cluster")
	d.keys(stage)
	d.wait("CONFIRM   " + stage)
	d.button("Off-board")
	d.wait("✓ ─")
	for what, is := range map[string]bool{
		"the namespace":      d.there(namespaces, "", stage),
		"a right of its own": d.there(everywhere, "", "stage-views"),
		"a Deployment":       d.there(deployments, stage, "kcheck"),
		"no loose right":     !d.there(everywhere, "", "loose"),
		"no shared right":    !d.there(everywhere, "", "shared"),
	} {
		if is {
			t.Errorf("%s is there", what)
		}
	}
	if after := d.standing(prod, twin); !maps.Equal(before, after) {
		t.Errorf("prod was %v and is %v", before, after)
	}
	quit2(t, d)
}

// A tenant that only its source and sync make one: killed when these are gone,
// the next dashboard finishes by what was written down.
func TestAKillOfATenantWithoutLabels(t *testing.T) {
	t.Parallel()
	const name = "docs"
	d := newDesk(t, demo.AdminToken)
	bare := func(meta demo.Object) { delete(meta, "labels") }
	d.edit(namespaces, "", name, bare)
	d.edit(roleBindings, name, name+"-reconciler", bare)
	d.edit(accounts, name, name, func(meta demo.Object) {
		bare(meta)
		meta["finalizers"] = []any{"example.com/hold"}
	})
	d.start()
	d.tenant(name)
	d.keys(":off-board")
	d.wait("take the tenant out")
	d.keys("\r")
	d.wait("Off-board docs on prod")
	d.keys(name)
	d.wait("CONFIRM   " + name)
	d.button("Off-board")
	d.eventually("its account is being deleted", func() bool { return d.object(accounts, name, name).GetDeletionTimestamp() != nil })
	if err := d.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_, _ = d.Wait(10 * time.Second)
	if d.there(kustomizations, name, name) || !d.there(namespaces, "", name) {
		t.Fatal("not killed half-way")
	}

	d.start()
	d.wait("Unfinished: off-board docs on prod")
	d.wait("Kustomization/docs/docs: gone")
	d.wait("ServiceAccount/docs/docs: is being deleted")
	d.wait("Namespace/docs: is still there")
	d.button("Finish")
	d.wait("Off-board docs on prod")
	d.wait("it is being deleted already")
	d.keys(name)
	d.wait("CONFIRM   " + name)
	d.button("Off-board")
	d.edit(accounts, name, name, func(meta demo.Object) { delete(meta, "finalizers") })
	d.eventually("the namespace is gone", func() bool { return !d.there(namespaces, "", name) })
	d.wait("✓ ─")
	quit2(t, d)
	var deletions []string
	for _, w := range d.writes() {
		if strings.HasPrefix(w, "DELETE ") {
			deletions = append(deletions, w)
		}
	}
	if i := slices.IndexFunc(deletions, func(w string) bool { return !strings.Contains(w, "/docs") }); i >= 0 {
		t.Errorf("deleted: %v", deletions)
	}

	d.start() // nothing is left to ask about
	d.wait("fluxdemo-prod")
	if strings.Contains(d.Screen(), "Unfinished") {
		t.Errorf("asked again:\n%s", d.Screen())
	}
	quit2(t, d)
}
