package model

import "strings"

// Detail is what a kind has beyond metadata and conditions.
type Detail interface{ detail() }

// Source is the detail of the source kinds.
type Source struct {
	URL string
	// Ref is the reference as written, e.g. "branch main", "tag v1", "name
	// refs/heads/main", "semver >=1.0", "commit …"; empty means Flux's default.
	Ref         string
	Provider    string
	Interval    int32 // seconds
	Timeout     int32 // seconds; 0 = the controller's default of 60
	Suspend     bool
	Static      bool // an OCI HelmRepository or the like: never reconciled
	Revision    string
	Updated     Unix   // when the artifact's content last changed
	Secrets     []Pair // Name = the field (secretRef, certSecretRef, …), Value = the Secret's name
	Verify      bool   // spec.verify is set: commits or artifacts have to be signed
	SourceRef   Ref    // HelmChart only
	LastHandled string // status.lastHandledReconcileAt
}

// HistoryEntry is one entry of status.history (at most 5 are kept by Flux).
type HistoryEntry struct {
	Revision    string
	Status      string // the Ready reason of the last run
	First, Last Unix
	Duration    int32 // seconds of the last run
	Total       int32
}

// Sync is the detail of Kustomization, HelmRelease and ResourceSet: the kinds
// that apply something.
type Sync struct {
	Path            string
	SourceRef       Ref // empty kind: none (a ResourceSet)
	DependsOn       []Ref
	ServiceAccount  string
	TargetNamespace string
	Interval        int32 // seconds
	RetryInterval   int32 // seconds; 0 = Interval
	Timeout         int32 // seconds; 0 = the controller's default
	Suspend         bool
	Prune           bool
	Wait            bool
	Force           bool
	RemoteCluster   bool // spec.kubeConfig is set
	HealthChecks    int16
	DeletionPolicy  string
	Secrets         []Pair // as in Source
	Applied         string // status.lastAppliedRevision
	Attempted       string // status.lastAttemptedRevision
	// Inventory holds the ids of status.inventory, newline-separated, as Flux
	// writes them (<ns>_<name>_<group>_<kind>): one string is a third of a slice.
	Inventory   string
	History     []HistoryEntry
	LastHandled string
}

// InventoryLen returns the number of inventory entries.
func (s *Sync) InventoryLen() int {
	if s.Inventory == "" {
		return 0
	}
	return strings.Count(s.Inventory, "\n") + 1
}

// checks reports whether it looks at the health of what it applied before it
// calls it applied.
func (s *Sync) checks() bool { return s.Wait || s.HealthChecks > 0 }

// InstanceSync is FluxInstance spec.sync.
type InstanceSync struct {
	Kind, URL, Ref, Path, PullSecret, Name, Provider string
	Interval                                         int32 // seconds
}

// Instance is the detail of a FluxInstance.
type Instance struct {
	Version, Registry     string // spec.distribution
	ClusterType, Size     string
	Components            []string
	Multitenant           bool
	TenantDefaultAccount  string
	Sync                  *InstanceSync
	Wait                  bool
	Applied, Attempted    string
	Inventory             string
	History               []HistoryEntry
	LastHandled           string
	ImagePullSecret       string
	ArtifactPullSecret    string
	KustomizePatchesCount int16
	// SpecBy is the field manager that wrote the spec last, at SpecAt, and
	// SyncBy those that own fields of spec.sync, comma-separated.
	SpecBy, SyncBy string
	SpecAt         Unix
}

// FluxReportDetail is the detail of a FluxReport: counts for orientation, not
// for truth (the operator counts an Unknown sync as ready).
type FluxReportDetail struct {
	DistributionVersion, DistributionStatus, ManagedBy string
	OperatorVersion, ServerVersion                     string
}

// Provider is the detail of a ResourceSetInputProvider.
type Provider struct {
	Type, URL   string
	LastHandled string
}

// NamespaceDetail is the detail of a Namespace.
type NamespaceDetail struct{ Phase string }

// Account is the detail of a ServiceAccount.
type Account struct{ ImagePullSecrets []string }

// Subject is a subject of a role binding.
type Subject struct{ Kind, Namespace, Name string }

// Binding is the detail of RoleBinding and ClusterRoleBinding.
type Binding struct {
	RoleKind, RoleName string
	Subjects           []Subject
}

// Manager is one entry of managedFields: who wrote fields, how and when.
type Manager struct {
	Name, Operation, Subresource string
	Time                         Unix
	// Aside: nothing of it is in the spec. Labels, annotations and the status
	// make no generation.
	Aside bool
}

// Container is a container of a workload's pod template.
type Container struct {
	Name, Image string
	Args        []string // only for Flux's own controllers, else nil
}

// Workload is the detail of Deployment, StatefulSet and DaemonSet.
type Workload struct {
	Desired, Replicas, Updated, Ready, Available int32
	// Revision is the annotation deployment.kubernetes.io/revision; it grows
	// only when the pod template changes. 0 = none.
	Revision         int64
	Paused           bool
	Partition        int32 // StatefulSet rolling update partition
	OnDelete         bool  // updateStrategy OnDelete
	CurrentRevision  string
	UpdateRevision   string
	ProgressDeadline int32 // seconds
	Containers       []Container
	Managers         []Manager
	Print            SpecPrint
}

// Replica is the detail of a ReplicaSet.
type Replica struct {
	Owner                    string // name of the owning Deployment
	OwnerUID                 string
	Revision                 int64
	Desired, Ready, Avail    int32
	TemplateHash, ChangeNote string
	Images                   []string
}

// SecretDetail is what metadata alone tells of a Secret. Values are never read.
type SecretDetail struct {
	Type string   // unknown ("") when only metadata was read
	Keys []string // from managedFields; nil = unknown
}

// LeaseDetail is the detail of a Lease. RenewedMS and AcquiredMS are
// milliseconds since the epoch.
type LeaseDetail struct {
	Holder                string
	RenewedMS, AcquiredMS int64
	DurationSeconds       int32
}

func (*Source) detail()           {}
func (*Sync) detail()             {}
func (*Instance) detail()         {}
func (*FluxReportDetail) detail() {}
func (*Provider) detail()         {}
func (*NamespaceDetail) detail()  {}
func (*Account) detail()          {}
func (*Binding) detail()          {}
func (*Workload) detail()         {}
func (*Replica) detail()          {}
func (*SecretDetail) detail()     {}
func (*LeaseDetail) detail()      {}
