// Package onboard spells out what a new tenant is made of: the objects, in the
// order they are applied in, what is wrong with what was asked for, and what is
// in the way. It sends nothing itself.
package onboard

import (
	"slices"

	"tenantry/model"
)

// Spec is a tenant as a person asks for it.
type Spec struct {
	Name string
	// Spaces are its namespaces: one, or several that follow the same
	// repository under different paths.
	Spaces []Space
	// Account is the service account its syncs run as, in every namespace;
	// empty means the tenant's name, as flux create tenant does.
	Account string
	Role    Role
	Quota   Quota
	// Isolate lets pods be reached from their own namespace only.
	Isolate bool
	Source  Source
	Sync    Sync
	// Set is the namespace of a ResourceSet that all of it is made by; empty
	// means that each object is applied by itself.
	Set string
}

// Space is one namespace of a tenant and the folder of the repository that is
// applied into it.
type Space struct{ Namespace, Path string }

// Role is what a tenant's account may do in its namespaces: one of Kubernetes'
// own ClusterRoles.
type Role uint8

// The roles, the least first.
const (
	RoleEdit Role = iota
	RoleAdmin
	RoleClusterAdmin
)

// Roles are all of them, in that order.
var Roles = []Role{RoleEdit, RoleAdmin, RoleClusterAdmin}

// String returns the ClusterRole's name.
func (r Role) String() string {
	return [...]string{"edit", "admin", "cluster-admin"}[r]
}

// MarshalText writes the role by its name.
func (r Role) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads it; one that is not known is the least.
func (r *Role) UnmarshalText(text []byte) error {
	*r = Role(max(slices.IndexFunc(Roles, func(r Role) bool { return r.String() == string(text) }), 0))
	return nil
}

// Lets says in one sentence what the role lets a tenant's Git repository do.
// (Kubernetes' user-facing roles; Flux and flux-operator add their own kinds to
// edit and admin by aggregation.)
func (r Role) Lets() string {
	switch r {
	case RoleAdmin:
		return "what edit may, and roles and role bindings inside its namespaces; no quotas, nothing outside"
	case RoleClusterAdmin:
		return "everything inside its namespaces, quotas and network policies included: Flux's own default, and more than most tenants need"
	}
	return "workloads, services, config, secrets and Flux objects inside its namespaces; no roles, no quotas, nothing outside"
}

// Quota bounds each namespace; empty fields are not bounded.
type Quota struct{ CPU, Memory, Pods string }

func (q Quota) empty() bool { return q == Quota{} }

// Source is the Git repository a tenant is deployed from.
type Source struct {
	// Name of the GitRepository and of the Kustomization; empty means the
	// tenant's name.
	Name string
	URL  string
	// Branch is a branch's name; empty means main.
	Branch string
	// Secret holds the credential, in each namespace; empty means none.
	Secret   string
	Interval string // Go duration; empty means 1m
}

// Sync is how the repository is applied.
type Sync struct {
	Interval string // Go duration; empty means 10m
	Timeout  string // Go duration; empty means 5m
	// NoPrune keeps what left Git, NoWait takes applied for healthy: neither is
	// what a tenant should start with, so their zero values are.
	NoPrune, NoWait bool
	// Inside puts everything into the sync's own namespace, whatever the
	// manifests say: without it one that names no namespace is refused, and one
	// that names another is applied there if the account may.
	Inside bool
}

// withDefaults is the spec with everything said.
func (s Spec) withDefaults() Spec {
	set := func(p *string, v string) {
		if *p == "" {
			*p = v
		}
	}
	set(&s.Account, s.Name)
	set(&s.Source.Name, s.Name)
	set(&s.Source.Branch, "main")
	set(&s.Source.Interval, "1m")
	set(&s.Sync.Interval, "10m")
	set(&s.Sync.Timeout, "5m")
	spaces := make([]Space, len(s.Spaces))
	for i, sp := range s.Spaces {
		spaces[i] = sp
		set(&spaces[i].Path, "./")
	}
	s.Spaces = spaces
	return s
}

// repo is what the tenant follows.
func (s Spec) repo() model.Repo {
	return model.RepoFor(model.GitRepository, s.Source.URL, "branch "+s.Source.Branch)
}
