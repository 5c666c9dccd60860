package ui

import "tenantry/model"

// scope narrows every page to some tenants and namespaces. The zero value
// covers everything.
type scope struct {
	tenants    map[string]bool // row keys: model.PlatformKey for the platform
	namespaces map[string]bool
}

// on reports whether the scope leaves anything out.
func (s *scope) on() bool { return len(s.tenants)+len(s.namespaces) > 0 }

// covers reports whether a tenant, by its row's key, or one of its namespaces
// is in the scope.
func (s *scope) covers(tenant string, namespaces ...string) bool {
	if !s.on() || s.tenants[tenant] {
		return true
	}
	for _, ns := range namespaces {
		if s.namespaces[ns] {
			return true
		}
	}
	return false
}

// rowKey is the key of a tenant's row.
func rowKey(t *model.Tenant) string {
	if t.IsPlatform {
		return model.PlatformKey
	}
	return t.Name
}
