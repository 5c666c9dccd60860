package model

// Link is one place in a tenant's chain. For a tenant the chain is access
// (namespace, account, role), source, sync, workloads; for the platform it is
// controllers, source, sync, lockdown.
type Link uint8

// The links of a chain, in order.
const (
	LinkAccess Link = iota // platform: controllers
	LinkSource
	LinkSync
	LinkWorkloads // platform: lockdown
	LinkCount
)

// LinkState is one link's roll-up.
type LinkState struct {
	Health Health
	// RunsOn: fine, but on an old revision, because its source fails, is
	// suspended or is ahead (ux.md's "~").
	RunsOn bool
	// Denied: not readable, so neither fine nor broken.
	Denied bool
	// Reading: not every kind it is made of has been read yet.
	Reading bool
	counted bool // something was rolled up into it
}

// Evidence is one reason why a tenant is a tenant.
type Evidence struct {
	Rule      string `json:"rule"` // "tenant label", "capsule", "cozystack", "resourceset", "implicit"
	Kind      string `json:"kind"`
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Detail    string `json:"detail"`
}

// Counts of a tenant's suspended objects.
type SuspendedCount struct{ Suspended, Of int }

// Tenant is one row: a tenant or the platform, derived from the objects that
// belong to it. It is rebuilt, never mutated, when one of them changes.
type Tenant struct {
	Name       string
	IsPlatform bool
	Namespaces []string
	Evidence   []Evidence
	Health     Health
	// Reading: not every kind it is made of has been read yet; Health is then
	// Pending and says nothing.
	Reading bool
	// Denied: nothing of it is readable.
	Denied    bool
	Retrying  bool
	Message   string // one plain sentence: why, or what changed last
	Worst     Key    // the object that decides Health; zero when all is fine
	Cause     *Cause // the first broken link, when it is another object than Worst
	Since     Unix
	Chain     [LinkCount]LinkState
	Suspended SuspendedCount
	Overdue   bool  // a suspension is past its until date
	Sources   []Key // sorted by namespace, kind, name; so are the others
	Syncs     []Key
	Workloads []Key
	Access    []Key    // ServiceAccounts and RoleBindings
	Revisions []string // distinct revisions of its sources, short form not applied
	// LastMoved is the workload whose spec changed last, at MovedAt.
	LastMoved Key
	MovedAt   Unix
}

// ControllerView is one Flux controller as it runs.
type ControllerView struct {
	Name    string
	Key     Key
	Health  Health
	Message string
	Version string // image tag
	Args    []string
	// LeaseName is empty when there is no lease to judge by: that is unknown,
	// never dead. LeaseRenewed is when its holder last renewed it.
	LeaseName    string
	LeaseHolder  string
	LeaseRenewed Unix
	LeaseStale   bool
}

// Lockdown says whether tenants are locked into their namespaces, read off the
// controllers' real arguments (domain.md §7.3).
type Lockdown struct {
	Known   bool // false: the controllers' Deployments are not readable
	Enabled bool
	Partial bool     // some of the flags only
	Missing []string // what is missing, e.g. "helm-controller: --default-service-account"
	Detail  string   // a sentence
}

// Platform is the shared tier: operator, instance, controllers, sync, lockdown.
type Platform struct {
	Row         *Tenant // the platform as a row
	Namespaces  []string
	Instance    *Object // nil: none found
	InstanceV   Verdict
	Operator    *ControllerView // nil: not found or not readable
	Controllers []ControllerView
	Lockdown    Lockdown
	FluxVersion string // distribution version running, "" = unknown
	NoFlux      bool   // every Flux kind is absent from the server
}
