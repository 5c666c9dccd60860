package model

// Unhealthy reports whether the platform or any tenant is unhealthy: Stalled,
// Failed, Stuck, Unobserved or Blocked.
func Unhealthy(s *Store) bool {
	if s.Platform().Row.Health.Unhealthy() {
		return true
	}
	for _, t := range s.Tenants() {
		if t.Health.Unhealthy() {
			return true
		}
	}
	return false
}

// MissingNamespaces are those asked for that do not exist: most likely a typo,
// and nothing can be told of them.
func MissingNamespaces(s *Store) []string {
	var out []string
	for _, ns := range s.conn.Namespaces {
		key := Key{Kind: Namespace, Name: ns}
		sp := s.spaces[ns]
		if sc, ok := s.scopeOf(Namespace, ns); ok && sc.State == ScopeSynced && s.Get(key) == nil && (sp == nil || len(sp.objects) == 0) {
			out = append(out, ns)
		}
	}
	return out
}
