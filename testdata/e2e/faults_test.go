package e2e

import (
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"tenantry/kube"
	"tenantry/model"
)

// The times design.md allows.
const (
	saidWhenRefused = 2 * time.Second
	saidWhenSilent  = 6 * time.Second
	rightAgain      = 5 * time.Second
)

func lost(s *model.Store) bool { return s.Connection().State == model.ConnLost }
func live(s *model.Store) bool {
	if s.Connection().State != model.ConnLive || !s.Complete() {
		return false
	}
	for _, sc := range s.Scopes() {
		if sc.State == model.ScopeStale {
			return false
		}
	}
	return true
}

// signal sends a signal to a part at once, without the lab's own waiting.
func signal(t *testing.T, part string, sig syscall.Signal) {
	t.Helper()
	pid := lab.Pids[part]
	if pid == 0 {
		t.Fatalf("the lab has no running %s", part)
	}
	if err := syscall.Kill(pid, sig); err != nil {
		t.Fatal(err)
	}
}

// answers polls until the API server is ready and says when that was.
func answers() time.Time {
	for start := time.Now(); time.Since(start) < time.Minute; {
		if out, err := kubectlErr("get", "--raw", "/readyz"); err == nil && out == "ok" {
			break
		}
		<-time.After(20 * time.Millisecond)
	}
	return time.Now()
}

func TestAPIServerKilledAndRestarted(t *testing.T) {
	w := watch(t, lab.Kubeconfig, kube.Options{}, nil)
	s := dashboard(t, lab.Kubeconfig, 100, 30)
	signal(t, "kube-apiserver", syscall.SIGKILL)
	t.Logf("said after %s", w.wait(t, saidWhenRefused, "the kill said", lost))
	if _, err := s.WaitFor(saidWhenRefused, func(screen string) bool {
		return !strings.Contains(screen, "● live") && strings.Contains(screen, "old") && strings.Contains(screen, "fluxdemo-dev")
	}); err != nil {
		t.Errorf("on the screen: %v", err)
	}
	back := make(chan time.Time, 1)
	go func() { back <- answers() }()
	inLab(t, "start", "kube-apiserver")
	w.wait(t, rightAgain, "recovery", live)
	t.Logf("right again %s after it answered (and lab start returned)", time.Since(<-back).Round(time.Millisecond))
	if _, err := s.WaitText(rightAgain, "● live"); err != nil {
		t.Errorf("on the screen: %v", err)
	}
	w.equalsFresh(t, lab.Kubeconfig, kube.Options{})
}

func TestAPIServerPaused(t *testing.T) {
	w := watch(t, lab.Kubeconfig, kube.Options{}, nil)
	signal(t, "kube-apiserver", syscall.SIGSTOP)
	t.Cleanup(func() { signal(t, "kube-apiserver", syscall.SIGCONT) })
	t.Logf("said after %s", w.wait(t, saidWhenSilent, "the silence said", lost))
	if os.Getenv("TENANTRY_SOAK") != "" {
		<-time.After(time.Minute)
	}
	signal(t, "kube-apiserver", syscall.SIGCONT)
	t.Logf("right again after %s", w.wait(t, rightAgain, "recovery", live))
	w.equalsFresh(t, lab.Kubeconfig, kube.Options{})
}

const crd = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: externalartifacts.source.toolkit.fluxcd.io}
spec:
  group: source.toolkit.fluxcd.io
  names: {kind: ExternalArtifact, listKind: ExternalArtifactList, plural: externalartifacts, singular: externalartifact}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    subresources: {status: {}}
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`

// A CRD that vanishes takes its objects along; one that appears is read.
func TestCRDsComeAndGo(t *testing.T) {
	name := "externalartifacts.source.toolkit.fluxcd.io"
	had, _ := kubectlErr("get", "crd", name, "-o", "json")
	t.Cleanup(func() {
		if strings.Contains(had, name) {
			_, _ = kubectlErr("delete", "crd", name, "--wait=true")
			apply(t, crd)
		}
	})
	if strings.Contains(had, name) {
		kubectl(t, "delete", "crd", name, "--wait=true")
	}
	state := func(want model.ScopeState) func(*model.Store) bool {
		return func(s *model.Store) bool { return s.KindStatus(model.ExternalArtifact).State == want }
	}
	w := watch(t, lab.Kubeconfig, kube.Options{}, nil)
	w.wait(t, rightAgain, "absent", state(model.ScopeAbsent))
	apply(t, crd)
	kubectl(t, "wait", "crd/"+name, "--for=condition=Established", "--timeout=30s")
	t.Logf("read %s after it was served", w.wait(t, rightAgain, "the new kind", state(model.ScopeSynced)))
	apply(t, `{apiVersion: source.toolkit.fluxcd.io/v1, kind: ExternalArtifact, metadata: {name: late, namespace: fluxdemo-dev}, spec: {}}`)
	key := model.Key{Kind: model.ExternalArtifact, Namespace: "fluxdemo-dev", Name: "late"}
	w.wait(t, rightAgain, "the late object", func(s *model.Store) bool { return s.Get(key) != nil })
	kubectl(t, "delete", "crd", name, "--wait=true")
	t.Logf("gone %s after the CRD", w.wait(t, rightAgain+saidWhenSilent, "the kind's end", func(s *model.Store) bool {
		return state(model.ScopeAbsent)(s) && s.Get(key) == nil
	}))
	w.equalsFresh(t, lab.Kubeconfig, kube.Options{})
}

// A permission revoked is said, and taken up again when it is granted.
func TestPermissionRevokedAndGranted(t *testing.T) {
	const role = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: e2e-viewer}
rules:
- {apiGroups: [source.toolkit.fluxcd.io%s], resources: ["*"], verbs: [get, list, watch]}
- {apiGroups: ["", apps], resources: [namespaces, serviceaccounts, deployments], verbs: [get, list, watch]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: e2e-viewer}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: e2e-viewer}
subjects: [{kind: User, name: e2e-viewer, apiGroup: rbac.authorization.k8s.io}]
`
	granted, revoked := fmt.Sprintf(role, ", kustomize.toolkit.fluxcd.io"), fmt.Sprintf(role, "")
	apply(t, granted)
	t.Cleanup(func() { _, _ = kubectlErr("delete", "clusterrole/e2e-viewer", "clusterrolebinding/e2e-viewer") })
	s := dashboard(t, lab.Kubeconfig, 120, 40, "--as", "e2e-viewer", "-A")
	if !strings.Contains(s.Screen(), "AS e2e-viewer") {
		t.Errorf("who is looking is not said:\n%s", s.Screen())
	}
	w := watchAs(t, "e2e-viewer")
	w.wait(t, rightAgain, "granted", func(s *model.Store) bool { return s.KindStatus(model.Kustomization).State == model.ScopeSynced })
	apply(t, revoked)
	t.Logf("said after %s", w.wait(t, saidWhenSilent+2*time.Second, "revocation", func(s *model.Store) bool {
		sc := s.KindStatus(model.Kustomization)
		return sc.State == model.ScopeDenied && sc.Verb != ""
	}))
	apply(t, granted)
	t.Logf("read again after %s", w.wait(t, saidWhenSilent+2*time.Second, "the grant", func(s *model.Store) bool {
		return s.KindStatus(model.Kustomization).State == model.ScopeSynced && len(s.Objects(model.Kustomization)) > 3
	}))
}

// source-controller is killed: its Deployment still looks ready, its lease does
// not lie.
func TestDeadControllerIsSaid(t *testing.T) {
	if !lab.LeaderElection {
		t.Fatal("this lab runs without leader election, so there are no leases to tell")
	}
	s := dashboard(t, lab.Kubeconfig, 120, 40)
	inLab(t, "kill", "source-controller")
	t.Cleanup(func() { inLab(t, "start", "source-controller") })
	if out := kubectl(t, "get", "deploy", "-n", lab.FluxNamespace, "source-controller"); !strings.Contains(out, "1/1") {
		t.Errorf("the Deployment should still look ready: %s", out)
	}
	start := time.Now()
	if _, err := s.WaitFor(60*time.Second, func(screen string) bool {
		return strings.Contains(strings.ToLower(screen), "source-controller is not at work")
	}); err != nil {
		t.Fatal(err)
	}
	t.Logf("said %s after the kill, with a lease of 35 s", time.Since(start).Round(100*time.Millisecond))
	r, code := status(t, lab.Kubeconfig)
	if r.Platform.Health != "Unobserved" && r.Platform.Health != "Failed" && r.Platform.Health != "Stalled" {
		t.Errorf("platform %s, exit %d", r.Platform.Health, code)
	}
	for _, c := range r.Platform.Controllers {
		if c.Name == "source-controller" && c.Health != "Unobserved" {
			t.Errorf("source-controller is %s", c.Health)
		}
	}
}
