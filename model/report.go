package model

import (
	"sort"
	"time"
)

// StatusReport is `tenantry status -o json`: schemaVersion 1, keys are only
// ever added. Times are RFC 3339 UTC; what can't be read is null, what is not
// there an empty list; lists are sorted by namespace, kind and name.
type StatusReport struct {
	SchemaVersion int            `json:"schemaVersion"`
	AsOf          string         `json:"asOf"`
	Context       string         `json:"context"`
	Server        string         `json:"server"`
	Access        []AccessReport `json:"access"`
	Platform      PlatformReport `json:"platform"`
	Tenants       []TenantReport `json:"tenants"`
}

// AccessReport is one kind × scope that could not simply be read, or could.
type AccessReport struct {
	Kind      string `json:"kind"`
	Scope     string `json:"scope"` // a namespace, or "*"
	State     string `json:"state"`
	Verb      string `json:"verb"`
	Resource  string `json:"resource"`
	Group     string `json:"group"`
	Namespace string `json:"namespace"`
}

// PlatformReport is the shared tier.
type PlatformReport struct {
	Health      Health             `json:"health"`
	Message     string             `json:"message"`
	Cause       *Cause             `json:"cause"`
	Since       *string            `json:"since"`
	Instance    *InstanceReport    `json:"instance"`
	Operator    *OperatorReport    `json:"operator"`
	Lockdown    LockdownReport     `json:"lockdown"`
	Controllers []ControllerReport `json:"controllers"`
	Sources     []ObjectReport     `json:"sources"`
	Syncs       []ObjectReport     `json:"syncs"`
	Workloads   []ObjectReport     `json:"workloads"`
}

// InstanceReport is the FluxInstance.
type InstanceReport struct {
	Namespace string              `json:"namespace"`
	Name      string              `json:"name"`
	Version   string              `json:"version"`
	Health    Health              `json:"health"`
	Message   string              `json:"message"`
	Sync      *InstanceSyncReport `json:"sync"`
}

// InstanceSyncReport is spec.sync; null when it is not set.
type InstanceSyncReport struct {
	Kind       string `json:"kind"`
	URL        string `json:"url"`
	Ref        string `json:"ref"`
	Path       string `json:"path"`
	PullSecret string `json:"pullSecret"`
}

// OperatorReport is flux-operator.
type OperatorReport struct {
	Version string `json:"version"`
	Health  Health `json:"health"`
}

// LockdownReport says whether tenants are locked in; enabled is null when it
// can't be told.
type LockdownReport struct {
	Enabled *bool  `json:"enabled"`
	Detail  string `json:"detail"`
}

// ControllerReport is one Flux controller.
type ControllerReport struct {
	Name    string `json:"name"`
	Health  Health `json:"health"`
	Version string `json:"version"`
	Message string `json:"message"`
}

// TenantReport is one tenant.
type TenantReport struct {
	Name       string         `json:"name"`
	Namespaces []string       `json:"namespaces"`
	Evidence   []Evidence     `json:"evidence"`
	Health     Health         `json:"health"`
	Message    string         `json:"message"`
	Cause      *Cause         `json:"cause"`
	Since      *string        `json:"since"`
	Revisions  []string       `json:"revisions"`
	Tiers      TiersReport    `json:"tiers"`
	Sources    []ObjectReport `json:"sources"`
	Syncs      []ObjectReport `json:"syncs"`
	Workloads  []ObjectReport `json:"workloads"`
}

// TiersReport holds each tier's roll-up.
type TiersReport struct {
	Platform  Health `json:"platform"`
	Tenant    Health `json:"tenant"`
	Sync      Health `json:"sync"`
	Workloads Health `json:"workloads"`
}

// ObjectReport is one source, sync or workload. The groups of keys after
// observedGeneration are present only for the kinds they belong to.
type ObjectReport struct {
	Kind               string   `json:"kind"`
	Namespace          string   `json:"namespace"`
	Name               string   `json:"name"`
	Health             Health   `json:"health"`
	Reason             string   `json:"reason"`
	Message            string   `json:"message"`
	Retrying           bool     `json:"retrying"`
	Suspended          bool     `json:"suspended"`
	Overlays           []string `json:"overlays"`
	Cause              *Cause   `json:"cause"`
	Since              *string  `json:"since"`
	Generation         int64    `json:"generation"`
	ObservedGeneration int64    `json:"observedGeneration"`
	*SourceReport
	*SyncReport
	*WorkloadReport
}

// SourceReport is what sources add.
type SourceReport struct {
	Revision string `json:"revision"`
}

// SyncReport is what syncs add.
type SyncReport struct {
	AppliedRevision   string     `json:"appliedRevision"`
	AttemptedRevision string     `json:"attemptedRevision"`
	Path              string     `json:"path"`
	SourceRef         *RefReport `json:"sourceRef"`
}

// RefReport names an object.
type RefReport struct {
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
}

// WorkloadReport is what workloads add.
type WorkloadReport struct {
	DeploymentRevision int64 `json:"deploymentRevision"`
	DesiredReplicas    int32 `json:"desiredReplicas"`
	UpdatedReplicas    int32 `json:"updatedReplicas"`
	AvailableReplicas  int32 `json:"availableReplicas"`
}

// Report builds the status report of the store's present moment.
func Report(s *Store) *StatusReport {
	p := s.Platform()
	r := &StatusReport{
		SchemaVersion: 1,
		AsOf:          s.Now().UTC().Format(time.RFC3339),
		Context:       s.conn.Context,
		Server:        s.conn.Server,
		Access:        accessReport(s),
		Platform:      s.platformReport(p),
		Tenants:       []TenantReport{},
	}
	for _, t := range s.Tenants() {
		r.Tenants = append(r.Tenants, s.tenantReport(t, p.Row.Health))
	}
	return r
}

func accessReport(s *Store) []AccessReport {
	out := []AccessReport{}
	for _, sc := range s.scopes {
		scope := sc.Namespace
		if scope == "" {
			scope = "*"
		}
		verb := sc.Verb
		if verb == "" {
			verb = "list"
		}
		out = append(out, AccessReport{Kind: sc.Kind.String(), Scope: scope, State: sc.State.String(),
			Verb: verb, Resource: sc.Kind.Resource(), Group: sc.Kind.Group(), Namespace: sc.Namespace})
	}
	sort.SliceStable(out, func(i, j int) bool {
		if out[i].Namespace != out[j].Namespace {
			return out[i].Namespace < out[j].Namespace
		}
		return out[i].Kind < out[j].Kind
	})
	return out
}

func (s *Store) tenantReport(t *Tenant, platform Health) TenantReport {
	return TenantReport{
		Name: t.Name, Namespaces: orEmpty(t.Namespaces), Evidence: orEmpty(t.Evidence),
		Health: t.Health, Message: t.Message, Cause: t.Cause, Since: rfc3339(t.Since), Revisions: orEmpty(t.Revisions),
		Tiers: TiersReport{Platform: platform, Tenant: t.Chain[LinkAccess].Health,
			Sync:      Worse(t.Chain[LinkSource].Health, t.Chain[LinkSync].Health),
			Workloads: t.Chain[LinkWorkloads].Health},
		Sources:   s.objectReports(t.Sources, t.Chain[LinkSource].Denied),
		Syncs:     s.objectReports(t.Syncs, t.Chain[LinkSync].Denied),
		Workloads: s.objectReports(t.Workloads, t.Chain[LinkWorkloads].Denied),
	}
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// objectReports returns null for what is refused, and an empty list for none.
func (s *Store) objectReports(keys []Key, denied bool) []ObjectReport {
	if denied && len(keys) == 0 {
		return nil
	}
	out := make([]ObjectReport, 0, len(keys))
	for _, k := range keys {
		if o := s.Get(k); o != nil {
			out = append(out, objectReport(o, s.Verdict(k)))
		}
	}
	return out
}

func objectReport(o *Object, v Verdict) ObjectReport {
	r := ObjectReport{
		Kind: o.Kind.String(), Namespace: o.Namespace, Name: o.Name,
		Health: v.Health, Reason: v.Reason, Message: v.Message, Retrying: v.Retrying,
		Suspended: v.Suspended, Overlays: v.Overlays.Names(), Cause: v.Cause, Since: rfc3339(v.Since),
		Generation: o.Generation, ObservedGeneration: o.ObservedGeneration,
	}
	switch d := o.Detail.(type) {
	case *Source:
		r.SourceReport = &SourceReport{Revision: d.Revision}
	case *Sync:
		r.SyncReport = &SyncReport{AppliedRevision: d.Applied, AttemptedRevision: d.Attempted, Path: d.Path}
		if d.SourceRef.Kind != "" {
			r.SourceRef = &RefReport{Kind: d.SourceRef.Kind, Namespace: d.SourceRef.Namespace, Name: d.SourceRef.Name}
		}
	case *Workload:
		r.WorkloadReport = &WorkloadReport{DeploymentRevision: d.Revision, DesiredReplicas: d.Desired,
			UpdatedReplicas: d.Updated, AvailableReplicas: d.Available}
	}
	return r
}

func rfc3339(u Unix) *string {
	if u == 0 {
		return nil
	}
	text := timeOf(u).UTC().Format(time.RFC3339)
	return &text
}

func (s *Store) platformReport(p *Platform) PlatformReport {
	r := PlatformReport{
		Health: p.Row.Health, Message: p.Row.Message, Cause: p.Row.Cause, Since: rfc3339(p.Row.Since),
		Lockdown:    LockdownReport{Detail: p.Lockdown.Detail},
		Controllers: []ControllerReport{},
		Sources:     s.objectReports(p.Row.Sources, p.Row.Denied),
		Syncs:       s.objectReports(p.Row.Syncs, p.Row.Denied),
		Workloads:   s.objectReports(p.Row.Workloads, p.Row.Denied),
	}
	if p.Row.Denied {
		r.Controllers = nil
	}
	if p.Lockdown.Known {
		r.Lockdown.Enabled = &p.Lockdown.Enabled
	}
	for _, c := range p.Controllers {
		r.Controllers = append(r.Controllers, ControllerReport{Name: c.Name, Health: c.Health, Version: c.Version, Message: c.Message})
	}
	if p.Operator != nil {
		r.Operator = &OperatorReport{Version: p.Operator.Version, Health: p.Operator.Health}
	}
	if p.Instance != nil {
		r.Instance = instanceReport(p)
	}
	return r
}

func instanceReport(p *Platform) *InstanceReport {
	o := p.Instance
	r := &InstanceReport{Namespace: o.Namespace, Name: o.Name, Version: p.FluxVersion,
		Health: p.InstanceV.Health, Message: p.InstanceV.Message}
	if d, ok := o.Detail.(*Instance); ok && d.Sync != nil {
		r.Sync = &InstanceSyncReport{Kind: d.Sync.Kind, URL: d.Sync.URL, Ref: d.Sync.Ref, Path: d.Sync.Path, PullSecret: d.Sync.PullSecret}
	}
	return r
}
