package uitest

import (
	"time"

	"tenantry/model"
)

// Clusters on the way to a Flux that is set up.

// absentToolkits marks the kinds an instance brings as not served.
func (c *Cluster) absentToolkits() *Cluster {
	for _, k := range model.Kinds() {
		if g := k.Group(); g == model.Kustomization.Group() || g == model.GitRepository.Group() || g == model.HelmRelease.Group() {
			c.Scope(model.ScopeStatus{Kind: k, State: model.ScopeAbsent})
		}
	}
	return c
}

// OperatorOnly has the Flux Operator and no FluxInstance.
func OperatorOnly() *Cluster {
	c := NewCluster("kind-new").absentToolkits()
	operator := Deployment("flux-system", "flux-operator", 1, 1, 1, 1, 0)
	operator.Detail.(*model.Workload).Containers[0].Image = "ghcr.io/controlplaneio-fluxcd/flux-operator:v0.58.1"
	operator.Annotations = model.Pairs{{Name: "meta.helm.sh/release-name", Value: "flux-operator"}, {Name: "meta.helm.sh/release-namespace", Value: "flux-system"}}
	return c.Put(Namespace("flux-system", ""), Label(operator, model.LabelAppName, "flux-operator", model.LabelVersion, "v0.58.1"))
}

// OperatorStarting has an operator whose pod is not ready yet.
func OperatorStarting() *Cluster {
	c := NewCluster("kind-new").absentToolkits().Scope(model.ScopeStatus{Kind: model.FluxInstance, State: model.ScopeAbsent})
	return c.Put(Namespace("flux-system", ""), Label(Deployment("flux-system", "flux-operator", 1, 1, 1, 0, 0), model.LabelAppName, "flux-operator"))
}

// Instance is an instance as setup makes it, without a sync.
func Instance(change func(*model.Instance), conditions ...model.Condition) *model.Object {
	d := &model.Instance{Version: "2.x", Registry: "ghcr.io/fluxcd", ClusterType: "kubernetes", Multitenant: true, Applied: "v2.9.4@sha256:0b1f4a2c",
		Components: []string{"source-controller", "kustomize-controller", "helm-controller", "notification-controller"}}
	if change != nil {
		change(d)
	}
	if conditions == nil {
		conditions = []model.Condition{Ready(time.Minute)}
	}
	return Object(model.FluxInstance, "flux-system", "flux", d, conditions...)
}

// Unsynced has Flux and no sync.
func Unsynced() *Cluster { return NewCluster("kind-new").Controllers().Put(Instance(nil)) }

// Open has Flux without the lockdown.
func Open() *Cluster {
	c := Unsynced()
	for _, name := range []string{"kustomize-controller", "helm-controller", "notification-controller"} {
		o := Deployment("flux-system", name, 1, 1, 1, 1, 0)
		o.Detail.(*model.Workload).Containers[0] = model.Container{Name: "manager", Image: "ghcr.io/fluxcd/" + name + ":v1.9.6"}
		c.Put(Label(o, model.LabelPartOf, "flux", model.LabelVersion, "v2.9.4"))
	}
	loose := Sync("docs", "docs", "./deploy", Rev1)
	loose.Detail.(*model.Sync).ServiceAccount = ""
	return c.Tenant("docs").Put(loose, Instance(func(d *model.Instance) { d.Multitenant = false }))
}

// Synced has Flux and a sync, and no tenants.
func Synced() *Cluster {
	return Unsynced().PlatformSync().Put(Instance(func(d *model.Instance) {
		d.Sync = &model.InstanceSync{Kind: "GitRepository", URL: "ssh://git@github.com/acme/fleet", Ref: "refs/heads/main", Path: "./clusters/prod-eu", PullSecret: "flux-system"}
	}))
}

// Bootstrapped has Flux as its own CLI installs it: no operator, no instance.
func Bootstrapped() *Cluster {
	c := NewCluster("kind-new").Scope(model.ScopeStatus{Kind: model.FluxInstance, State: model.ScopeAbsent}).Put(Namespace("flux-system", ""))
	for _, name := range []string{"source-controller", "kustomize-controller"} {
		o := Deployment("flux-system", name, 1, 1, 1, 1, 0)
		o.Detail.(*model.Workload).Containers[0] = model.Container{Name: "manager", Image: "ghcr.io/fluxcd/" + name + ":v1.9.6"}
		c.Put(Label(o, model.LabelPartOf, "flux", model.LabelVersion, "v2.9.4"))
	}
	git := Git("flux-system", "fleet", "ssh://git@github.com/acme/fleet", Rev1)
	git.Detail.(*model.Source).Secrets = model.Pairs{{Name: "secretRef", Value: "deploy-key"}}
	return c.Put(git, Label(Sync("flux-system", "fleet", "./clusters/prod-eu", Rev1), model.LabelKustomizationName, "fleet", model.LabelKustomizationNS, "flux-system"))
}

// Bundled has Flux as one Deployment of a platform's.
func Bundled() *Cluster {
	c := NewCluster("cozy").Scope(model.ScopeStatus{Kind: model.FluxInstance, State: model.ScopeAbsent}).Put(Namespace("cozy-fluxcd", ""))
	o := Deployment("cozy-fluxcd", "flux", 1, 1, 1, 1, 0)
	var all []model.Container
	for _, name := range []string{"source-controller", "kustomize-controller", "helm-controller"} {
		all = append(all, model.Container{Name: name, Image: "ghcr.io/fluxcd/" + name + ":v1.9.6"})
	}
	o.Detail.(*model.Workload).Containers = all
	return c.Put(Label(o, model.LabelPartOf, "flux"))
}
