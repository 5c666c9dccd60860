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

// Refused words what is refused within the scope that was asked for; none when
// everything a verdict rests on could be read. Kinds watched for evidence only
// (Secrets, Leases, bindings of the cluster) don't count, and neither do the
// platform's own kinds when single namespaces were asked for.
func Refused(s *Store) []string {
	var kinds []string
	single := len(s.conn.Namespaces) > 0
	for _, sc := range s.scopes {
		if sc.State != ScopeDenied {
			continue
		}
		role := sc.Kind.Role()
		if role == RoleOther || single && (role == RolePlatform || role == RoleAccess || sc.Namespace == "" || sc.Kind.Group() == groupOperator) {
			continue
		}
		where := "all namespaces"
		if sc.Namespace != "" {
			where = sc.Namespace
		}
		kinds = append(kinds, "you may not "+sc.Verb+" "+sc.Kind.Resource()+" in "+where)
	}
	return kinds
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
