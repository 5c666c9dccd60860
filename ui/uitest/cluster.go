// Package uitest has what the tests of the dashboard share: clusters written by
// hand, golden screens, and a session that plays them.
package uitest

import (
	"fmt"
	"time"

	"tenantry/model"
)

// Start is the moment every fixture is written for.
var Start = time.Date(2026, 11, 22, 2, 58, 14, 0, time.UTC)

// Revisions of the fixtures, by age.
const (
	Rev1 = "main@sha1:41aaea2377872176849e91c97af0e08ed8ffd3c3"
	Rev2 = "main@sha1:d63406218397243c9520d48f91d7d07d85b351b3"
	Rev3 = "main@sha1:7e01c2d0b19c1f6ad37d0e7cd0f8a1a5f1c9d4e2"
)

// Clock is a clock that tests move.
type Clock struct{ T time.Time }

// NewClock returns a clock standing at Start.
func NewClock() *Clock { return &Clock{Start} }

// Now returns the moment the clock stands at.
func (c *Clock) Now() time.Time { return c.T }

// Pass moves it on.
func (c *Clock) Pass(d time.Duration) { c.T = c.T.Add(d) }

// Ago is a moment before Start.
func Ago(d time.Duration) model.Unix { return model.Unix(Start.Add(-d).Unix()) }

// Cluster collects objects and scopes into a batch.
type Cluster struct {
	model.Batch
}

// NewCluster is a connected cluster with every kind read.
func NewCluster(context string) *Cluster {
	c := &Cluster{}
	c.Conn = &model.Connection{State: model.ConnLive, Context: context, Server: "https://127.0.0.1:6443", Version: "v1.36.4", Since: Ago(time.Hour)}
	return c.Read(model.Kinds()...)
}

// Read marks kinds as read cluster-wide.
func (c *Cluster) Read(kinds ...model.Kind) *Cluster {
	for _, k := range kinds {
		c.Scope(model.ScopeStatus{Kind: k, State: model.ScopeSynced})
	}
	return c
}

// Scope sets the state of one kind × scope, replacing an earlier one.
func (c *Cluster) Scope(s model.ScopeStatus) *Cluster {
	for i := range c.Scopes {
		if c.Scopes[i].Kind == s.Kind && c.Scopes[i].Namespace == s.Namespace {
			c.Scopes[i] = s
			return c
		}
	}
	c.Scopes = append(c.Scopes, s)
	return c
}

// Put adds objects.
func (c *Cluster) Put(objects ...*model.Object) *Cluster {
	for _, o := range objects {
		c.Changes = append(c.Changes, model.ObjectChange{Key: o.Key, Object: o})
	}
	return c
}

// Object makes an object, seen by its controller.
func Object(k model.Kind, ns, name string, d model.Detail, conditions ...model.Condition) *model.Object {
	return &model.Object{
		Key: model.Key{Kind: k, Namespace: ns, Name: name}, UID: k.String() + "-" + ns + "-" + name,
		Generation: 1, ObservedGeneration: 1, Created: Ago(41 * 24 * time.Hour), Detail: d, Conditions: conditions,
	}
}

// Condition makes a condition that has held for d.
func Condition(typ, status, reason, message string, d time.Duration) model.Condition {
	return model.Condition{Type: typ, Status: status, Reason: reason, Message: message, ObservedGeneration: 1, LastTransition: Ago(d)}
}

// Ready makes the condition of what has been fine for d.
func Ready(d time.Duration) model.Condition {
	return Condition("Ready", "True", "ReconciliationSucceeded", "Applied", d)
}

// Failing makes the condition of what has been failing for d.
func Failing(reason, message string, d time.Duration) model.Condition {
	return Condition("Ready", "False", reason, message, d)
}

// Label adds labels.
func Label(o *model.Object, pairs ...string) *model.Object {
	for i := 0; i+1 < len(pairs); i += 2 {
		o.Labels = append(o.Labels, model.Pair{Name: pairs[i], Value: pairs[i+1]})
	}
	return o
}

// Namespace makes a tenant's namespace.
func Namespace(name, tenant string) *model.Object {
	o := Object(model.Namespace, "", name, &model.NamespaceDetail{Phase: "Active"})
	o.Generation, o.ObservedGeneration = 0, -1
	if tenant != "" {
		Label(o, model.LabelTenant, tenant)
	}
	return o
}

// Access makes a tenant's account and its role binding.
func Access(ns string) []*model.Object {
	return []*model.Object{
		Object(model.ServiceAccount, ns, ns, &model.Account{}),
		Object(model.RoleBinding, ns, ns, &model.Binding{RoleKind: "ClusterRole", RoleName: "cluster-admin",
			Subjects: []model.Subject{{Kind: "ServiceAccount", Namespace: ns, Name: ns}}}),
	}
}

// Git makes a GitRepository; without conditions it is ready.
func Git(ns, name, url, revision string, conditions ...model.Condition) *model.Object {
	if conditions == nil {
		conditions = []model.Condition{Ready(12 * 24 * time.Hour)}
	}
	return Object(model.GitRepository, ns, name, &model.Source{URL: url, Ref: "branch main", Verify: true, Interval: 60, Revision: revision, Updated: Ago(2 * time.Hour)}, conditions...)
}

// Sync makes a Kustomization of the GitRepository of the same name; without
// conditions it is ready.
func Sync(ns, name, path, applied string, conditions ...model.Condition) *model.Object {
	if conditions == nil {
		conditions = []model.Condition{Ready(12 * 24 * time.Hour)}
	}
	history := []model.HistoryEntry{{Revision: applied, Status: "ReconciliationSucceeded", First: Ago(12 * 24 * time.Hour), Last: Ago(2 * time.Minute), Duration: 2, Total: 13}}
	if c := conditions[0]; c.Status == "False" { // the runs since then have failed
		history[0].Last = c.LastTransition - 600
		history = append([]model.HistoryEntry{{Revision: applied, Status: c.Reason, First: c.LastTransition, Last: Ago(time.Minute), Duration: 2, Total: 5}}, history...)
	}
	return Object(model.Kustomization, ns, name, &model.Sync{Path: path, SourceRef: model.Ref{Kind: "GitRepository", Namespace: ns, Name: name},
		Interval: 600, ServiceAccount: ns, Prune: true, Applied: applied, Attempted: applied,
		Inventory: Inventory(ns, "web"), History: history}, conditions...)
}

// Inventory is that of a sync which applied a Deployment and its Service.
func Inventory(ns, name string) string {
	return ns + "_" + name + "__Service\n" + ns + "_" + name + "_apps_Deployment"
}

// Deployment makes one that is rolled out; want and the rest are its pods.
func Deployment(ns, name string, generation int64, want, updated, available, old int32) *model.Object {
	o := Object(model.Deployment, ns, name, &model.Workload{Desired: want, Updated: updated, Available: available,
		Replicas: updated + old, Ready: available, Revision: generation/2 + 1, ProgressDeadline: 600,
		Containers: []model.Container{{Name: name, Image: "ghcr.io/acme/" + name + ":1.0.2"}}},
		model.Condition{Type: "Progressing", Status: "True", Reason: "NewReplicaSetAvailable", LastTransition: Ago(9 * 24 * time.Hour)},
		model.Condition{Type: "Available", Status: "True", Reason: "MinimumReplicasAvailable", LastTransition: Ago(9 * 24 * time.Hour)})
	o.Generation, o.ObservedGeneration = generation, generation
	if updated < want || old > 0 || available < want {
		o.Conditions[0] = model.Condition{Type: "Progressing", Status: "True", Reason: "ReplicaSetUpdated", LastTransition: Ago(4 * time.Second)}
	}
	return o
}

// Controllers makes Flux itself: the operator, the controllers locked down and
// their leases, and a FluxInstance with its own sync.
func (c *Cluster) Controllers() *Cluster {
	const ns = "flux-system"
	c.Put(Namespace(ns, ""))
	operator := Deployment(ns, "flux-operator", 1, 1, 1, 1, 0)
	operator.Detail.(*model.Workload).Containers[0].Image = "ghcr.io/controlplaneio-fluxcd/flux-operator:v0.58.1"
	c.Put(Label(operator, model.LabelAppName, "flux-operator", model.LabelVersion, "v0.58.1"))
	for _, name := range []string{"source-controller", "kustomize-controller", "helm-controller", "notification-controller"} {
		o := Deployment(ns, name, 1, 1, 1, 1, 0)
		o.Detail.(*model.Workload).Containers[0] = model.Container{Name: "manager", Image: "ghcr.io/fluxcd/" + name + ":v1.9.6",
			Args: []string{"--no-cross-namespace-refs=true", "--default-service-account=default", "--no-remote-bases=true"}}
		c.Put(Label(o, model.LabelPartOf, "flux", model.LabelVersion, "v2.9.4"))
		c.Put(Object(model.Lease, ns, name+"-leader-election", &model.LeaseDetail{Holder: name + "-0", DurationSeconds: 35,
			RenewedMS: Start.Add(-4 * time.Second).UnixMilli()}))
	}
	c.Put(Object(model.FluxInstance, ns, "flux", &model.Instance{Version: "2.9.4", Registry: "ghcr.io/fluxcd", Multitenant: true,
		Components: []string{"source-controller", "kustomize-controller", "helm-controller", "notification-controller"},
		Applied:    "v2.9.4@sha256:0b1f4a2c", Attempted: "v2.9.4@sha256:0b1f4a2c",
		Sync: &model.InstanceSync{Kind: "GitRepository", URL: "ssh://git@github.com/acme/fleet", Ref: "refs/heads/main", Path: "./clusters/prod-eu", Name: ns, PullSecret: ns}},
		Ready(9*24*time.Hour)))
	return c
}

// PlatformSync adds the platform's own source and sync.
func (c *Cluster) PlatformSync(conditions ...model.Condition) *Cluster {
	sync := Sync("flux-system", "flux-system", "./clusters/prod-eu", Rev1)
	sync.Detail.(*model.Sync).Inventory = "flux-system_tenants__ConfigMap"
	return c.Put(Git("flux-system", "flux-system", "ssh://git@github.com/acme/fleet", Rev1, conditions...), sync)
}

// Tenant adds a healthy tenant with one repository, one sync and one
// Deployment.
func (c *Cluster) Tenant(name string) *Cluster {
	c.Put(Namespace(name, name)).Put(Access(name)...)
	return c.Put(Git(name, name, "https://github.com/acme/"+name, Rev1), Sync(name, name, "./deploy", Rev1),
		Deployment(name, "web", 12, 3, 3, 3, 0))
}

// Many adds n healthy tenants, every tenth of them failing in its own way.
func (c *Cluster) Many(n int) *Cluster {
	for i := range n {
		name := fmt.Sprintf("tenant-%05d", i)
		c.Tenant(name)
		if i%10 == 3 {
			c.Put(Sync(name, name, "./deploy", Rev1, Failing("ArtifactFailed", "kustomization path not found: stat /tmp/kustomization-1/prod2: no such file or directory", time.Duration(i)*time.Minute)))
		}
	}
	return c
}
