package model

import (
	"strings"
	"testing"
	"time"
)

func TestPlatformLockdownAndLeases(t *testing.T) {
	lock := []string{"--no-cross-namespace-refs=true", "--no-remote-bases=true", "--default-service-account=default"}
	op := labelled(deploy("flux-system", "flux-operator", 1, 1, 1, 1, 1, 1), LabelAppName, "flux-operator")
	op.Detail.(*Workload).Containers = []Container{{Name: "manager", Image: "127.0.0.1:5000/flux-operator:v0.58.1@sha256:abc"}}
	w := newWorld(t).synced().put(op, controller("source-controller"), controller("kustomize-controller", lock...), controller("helm-controller", lock...),
		obj(FluxInstance, "flux-system", "flux", &Instance{Applied: "v2.9.4@sha256:1"}, cond("Ready", "True", "ReconciliationSucceeded", "ok")),
		obj(FluxInstance, "elsewhere", "flux", &Instance{}),
		lease("source-controller-leader-election", 4*time.Second))
	p := w.Platform()
	if !p.Lockdown.Enabled || p.Instance.Namespace != "flux-system" || p.FluxVersion != "v2.9.4" || p.Operator.Version != "v0.58.1" || len(p.Controllers) != 3 {
		t.Errorf("%+v", p)
	}
	if p.Row.Health == Unobserved && p.Row.Worst.Kind == Deployment {
		t.Errorf("%+v", p.Row)
	}
	w.drop(Key{FluxInstance, "elsewhere", "flux"})
	if p = w.Platform(); p.Row.Health != Ready {
		t.Errorf("%s %s", p.Row.Health, p.Row.Message)
	}
	// The heartbeat itself is not a change of the picture; its end is one.
	before := w.Revision()
	w.pass(10 * time.Second).put(lease("source-controller-leader-election", -10*time.Second))
	if w.Revision() != before {
		t.Error("a lease's renewal counts as a change")
	}
	w.pass(40 * time.Second)
	if !w.Tick() {
		t.Error("nothing looks at the lease again")
	}
	if p = w.Platform(); p.Row.Health != Unobserved || p.Row.Chain[LinkAccess].Health != Unobserved {
		t.Errorf("a dead controller: %s %s", p.Row.Health, p.Row.Message)
	}
	if v := w.Verdict(Key{Deployment, "flux-system", "source-controller"}); v.Health != Unobserved || v.Reason != "Controller" {
		t.Errorf("its Deployment says otherwise: %s %s", v.Health, v.Message)
	}
	w.put(kust("flux-system", "infra", "g", cond("Stalled", "True", "AccessDenied", "x"), cond("Ready", "False", "AccessDenied", "x")))
	if p = w.Platform(); p.Row.Health != Stalled || !strings.HasPrefix(p.Row.Message, "source-controller is not at work") || p.Row.Worst.Name != "source-controller" {
		t.Errorf("what stands still because of it hides the dead controller: %s %q", p.Row.Health, p.Row.Message)
	}
	w.put(controller("kustomize-controller", "--no-cross-namespace-refs", "true"))
	if l := w.Platform().Lockdown; l.Enabled || !l.Partial || len(l.Missing) != 2 {
		t.Errorf("%+v", l)
	}
}

func TestFluxAllInOne(t *testing.T) {
	o := controller("flux")
	o.Detail.(*Workload).Containers = []Container{
		{Name: "source-controller", Image: "x/source-controller:v1.9.6"}, {Name: "kustomize-controller", Image: "x/k:v1.9.5", Args: []string{"--no-remote-bases"}}, {Name: "proxy", Image: "y"},
	}
	p := newWorld(t).synced().put(o).Platform()
	if len(p.Controllers) != 2 || p.Controllers[0].Name != "kustomize-controller" || p.Controllers[0].Version != "v1.9.5" || !p.Lockdown.Partial {
		t.Errorf("%+v", p)
	}
}

// An instance outside the operator's namespace is accepted and never served:
// it must not turn a tenant's namespace into Flux's.
func TestInstanceInATenantsNamespaceIsNoHome(t *testing.T) {
	stray := obj(FluxInstance, "a", "flux", &Instance{})
	w := newWorld(t).synced().put(namespace("a", LabelTenant, "a"), git("a", "g", rev1), stray)
	if w.TenantOf(Key{GitRepository, "a", "g"}) != PlatformKey {
		t.Error("while nothing else shows where Flux is, the instance does")
	}
	w.put(controller("source-controller"))
	if got := w.TenantOf(Key{GitRepository, "a", "g"}); got != "a" {
		t.Errorf("a tenant's source belongs to %s", got)
	}
	w.drop(Key{Deployment, "flux-system", "source-controller"})
	if w.Tenant("a") != nil {
		t.Error("the tenant should be the platform's namespace again")
	}
}
