package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/testdata/jobs"
)

// everyKind are the kinds a tenant of the demo is made of.
const everyKind = "serviceaccounts,rolebindings,roles,resourcequotas,networkpolicies,configmaps,secrets,services,endpointslices,deployments,replicasets,pods,gitrepositories,kustomizations"

// standing are all objects of a namespace, with what tells one from another and
// whether it was written to. Flux writes the status of its own kinds by itself;
// of these the spec's generation tells.
func standing(t *testing.T, ns string) map[string]string {
	t.Helper()
	var list struct {
		Items []struct {
			Kind     string
			Metadata struct {
				Name, UID, ResourceVersion, DeletionTimestamp string
				Generation                                    int64
				Annotations, Labels                           map[string]string
			}
		}
	}
	if err := json.Unmarshal([]byte(kubectl(t, "get", everyKind, "-n", ns, "-o", "json")), &list); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, o := range list.Items {
		m := o.Metadata
		version := m.ResourceVersion
		if o.Kind == "GitRepository" || o.Kind == "Kustomization" {
			version = fmt.Sprintf("generation %d %v %v", m.Generation, m.Annotations, m.Labels)
		}
		out[o.Kind+"/"+m.Name] = fmt.Sprint(m.UID, " ", version, " ", m.DeletionTimestamp)
	}
	return out
}

// ended is an action whose steps are all done.
var ended = regexp.MustCompile(`▸ (?:6 of 6|5 of 5|4 of 4) done ✓ ─`)

// offboard takes a tenant out by keys, and returns what the dialog said.
func offboard(t *testing.T, name string) string {
	t.Helper()
	d := jobs.Desk{T: t, Session: dashboard(t, lab.Kubeconfig, 140, 50), Patience: time.Minute}
	d.Tenant(name)
	d.Keys(":off-board")
	d.Wait("take the tenant out")
	d.Keys("\r")
	d.Wait("Off-board " + name + " on ")
	said := d.Screen()
	d.Keys(name)
	d.Wait("CONFIRM   " + name)
	d.Button("Off-board")
	eventually(t, 2*time.Minute, func() error {
		if out, err := kubectlErr("get", "namespace", name); err == nil || !strings.Contains(out, "NotFound") {
			return errors.New("the namespace is still there")
		}
		return nil
	})
	d.Until("the end is told", func(screen string) bool {
		return ended.MatchString(screen) && strings.Contains(screen, "off-board "+name)
	})
	d.Leave()
	return said
}

// plain is what a dialog says, wherever its lines break: without its frame and
// without blanks.
func plain(screen string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(screen, "│", " ")), "")
}

// grant lets accounts, named like their namespaces, view the whole cluster.
func grant(t *testing.T, name, label string, tenants ...string) {
	t.Helper()
	manifest := "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: " + name + ", labels: {" + strings.Replace(label, ": ", ": \"", 1) + "\"}}\n" +
		"roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}\nsubjects:\n"
	for _, ns := range tenants {
		manifest += "- {kind: ServiceAccount, namespace: " + ns + ", name: " + ns + "}\n"
	}
	apply(t, manifest)
	t.Cleanup(func() { _, _ = kubectlErr("delete", "clusterrolebinding", name, "--ignore-not-found") })
}

// Stage and prod follow one repository, with objects of the same names: stage
// goes with everything it had, and nothing of prod is touched.
func TestOffboardOneOfTwo(t *testing.T) {
	inLab(t, "reset")
	inLab(t, "demo")
	before := standing(t, "fluxdemo-prod")
	if len(before) < 8 {
		t.Fatalf("prod is not whole: %v", before)
	}
	// Rights in the whole cluster: one is stage's alone, one names prod as well.
	grant(t, "views-of-one", "toolkit.fluxcd.io/tenant: fluxdemo-stage", "fluxdemo-stage")
	grant(t, "views-of-both", "example.com/for: reading", "fluxdemo-stage", "fluxdemo-prod")
	space := kubectl(t, "get", "namespace", "fluxdemo-prod", "-o", "jsonpath={.metadata.uid} {.metadata.resourceVersion}")
	said := plain(offboard(t, "fluxdemo-stage"))
	for _, want := range []string{"[x] ClusterRoleBinding/views-of-one: grants ClusterRole view in the whole cluster to nobody but ServiceAccount/fluxdemo-stage/fluxdemo-stage",
		"ClusterRoleBinding/views-of-both grants ClusterRole view in the whole cluster to ServiceAccount/fluxdemo-stage/fluxdemo-stage and to others: it stays"} {
		if !strings.Contains(said, strings.ReplaceAll(want, " ", "")) {
			t.Errorf("the dialog does not say %q:\n%s", want, said)
		}
	}
	if left := kubectl(t, "get", "clusterrolebindings", "views-of-one", "views-of-both", "--ignore-not-found", "-o", "name"); strings.Contains(left, "views-of-one") || !strings.Contains(left, "views-of-both") {
		t.Errorf("rights left: %s", left)
	}
	after := standing(t, "fluxdemo-prod")
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if after[name] != before[name] {
			t.Errorf("prod's %s was %s and is %q", name, before[name], after[name])
		}
	}
	if now := kubectl(t, "get", "namespace", "fluxdemo-prod", "-o", "jsonpath={.metadata.uid} {.metadata.resourceVersion}"); now != space {
		t.Errorf("prod's namespace was %s and is %s", space, now)
	}
	for _, kind := range []string{everyKind, "clusterroles,clusterrolebindings,persistentvolumes"} {
		if left := kubectl(t, "get", kind, "-A", "-o", "name"); strings.Contains(left, "fluxdemo-stage") {
			t.Errorf("left of stage:\n%s", left)
		}
		if left := kubectl(t, "get", kind, "-A", "-l", "toolkit.fluxcd.io/tenant=fluxdemo-stage", "-o", "name"); strings.TrimSpace(left) != "" {
			t.Errorf("left of stage: %s", left)
		}
	}

	// The account is gone already: nobody may prune for it, which is said; the
	// namespace takes the rest with it.
	kubectl(t, "delete", "serviceaccount", "-n", "fluxdemo-dev", "fluxdemo-dev")
	said = plain(offboard(t, "fluxdemo-dev"))
	if !strings.Contains(said, "nothingisprunedbyit,becauseitsaccountfluxdemo-devisgonealready") {
		t.Errorf("the dialog said:\n%s", said)
	}
	if left := kubectl(t, "get", everyKind, "-A", "-l", "toolkit.fluxcd.io/tenant=fluxdemo-dev", "-o", "name"); strings.TrimSpace(left) != "" {
		t.Errorf("left of dev: %s", left)
	}
}

// One ResourceSet makes a tenant of two namespaces on the real operator, and
// takes all of it along when it goes.
func TestTenantOfAResourceSet(t *testing.T) {
	inLab(t, "reset")
	inLab(t, "demo")
	d := jobs.Desk{T: t, Session: dashboard(t, lab.Kubeconfig, 140, 50), Patience: time.Minute}
	d.Keys("1+")
	d.Wait("Add a tenant on ")
	d.Field("NAME", "duo")
	d.Field("NAMESPACE", "duo-stage=./stage duo-prod=./prod")
	d.Field("REPO", lab.GitURL+"/flux-stage-prod.git")
	d.To("OPTIONS")
	for !strings.Contains(d.Screen(), "[x] one ResourceSet") { // the options are ticked and unticked in turn until it is that one
		d.Keys(" ")
		if _, err := d.WaitFor(2*time.Second, func(now string) bool { return strings.Contains(now, "[x] one ResourceSet") }); err == nil {
			break
		}
		d.Keys(" ")
		d.Tab()
	}
	d.Button("Next")
	d.Wait("ResourceSet/flux-system/duo: of which flux-operator makes 5 objects in each of 2 namespaces")
	d.Wait("the server would take all of it")
	d.Button("Add")
	for ns, path := range map[string]string{"duo-stage": "./stage", "duo-prod": "./prod"} {
		eventually(t, 2*time.Minute, func() error {
			out, err := kubectlErr("get", "kustomization", "duo", "-n", ns, "-o", `jsonpath={.spec.path} {.spec.serviceAccountName} {.status.conditions[?(@.type=="Ready")].status}`)
			if err != nil || out != path+" duo True" {
				return fmt.Errorf("%s: %q %v", ns, out, err)
			}
			return nil
		})
	}
	d.Until("it is followed to its end", func(screen string) bool {
		return strings.Contains(screen, "add tenant duo") && strings.Contains(screen, "✓ ─")
	})
	d.Leave()

	d = jobs.Desk{T: t, Session: dashboard(t, lab.Kubeconfig, 140, 50), Patience: time.Minute}
	d.Tenant("duo")
	d.Keys(":off-board")
	d.Wait("take the tenant out")
	d.Keys("\r")
	d.Wait("Off-board duo on ")
	d.Wait("ResourceSet/flux-system/duo: flux-operator deletes the 10 objects it made")
	d.Keys("duo")
	d.Wait("CONFIRM   duo")
	d.Button("Off-board")
	eventually(t, 2*time.Minute, func() error {
		out := kubectl(t, "get", "namespaces,resourcesets,"+everyKind, "-A", "-o", "name")
		if strings.Contains(out, "duo") {
			return fmt.Errorf("left: %s", out)
		}
		return nil
	})
	d.Leave()
	if out := kubectl(t, "get", "kustomization", "-n", "fluxdemo-stage", "-o", `jsonpath={.items[*].status.conditions[?(@.type=="Ready")].status}`); out != "True" {
		t.Errorf("stage, of the same repository, is %q", out)
	}
}
