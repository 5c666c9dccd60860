package model

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

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
		kinds = append(kinds, s.refusal(&sc))
	}
	return kinds
}

// refusal says what may not be read, and by whom where that is somebody who was
// named.
func (s *Store) refusal(sc *ScopeStatus) string {
	who := "you"
	if s.conn.User != "" {
		who += " (" + s.conn.User + ")"
	}
	return who + " may not " + cmp.Or(sc.Verb, "list") + " " + sc.Kind.Resource() + " in " + cmp.Or(sc.Namespace, "all namespaces")
}

// Hidden says why a tenant that is not seen may be there all the same, with the
// rules that would tell: what makes one, its namespace and its syncs, may not be
// read. "" when what is not seen is not there.
func Hidden(s *Store) string {
	asked := len(s.conn.Namespaces) > 0 && s.conn.NamespacesReason == ""
	var denied []*ScopeStatus
	var kinds []Kind
	for _, kind := range [...]Kind{Kustomization, HelmRelease, Namespace} { // the syncs first: they are what is looked for
		for i := range s.scopes {
			sc := &s.scopes[i]
			if sc.Kind != kind || sc.State != ScopeDenied || asked && sc.Namespace == "" {
				continue
			}
			denied = append(denied, sc)
			if !slices.Contains(kinds, kind) {
				kinds = append(kinds, kind)
			}
		}
	}
	if len(denied) == 0 {
		return ""
	}
	words := s.refusal(denied[0])
	if n := len(denied) - 1; n > 0 {
		words += fmt.Sprintf(", and %d more refusals", n)
	}
	return words + "; rules that would allow it: " + strings.Join(ReadRules(kinds), ", ")
}

// ReadRules are the rules of a Role that let kinds be read, one per API group.
func ReadRules(kinds []Kind) []string {
	byGroup := map[string][]string{}
	var groups []string
	for _, k := range kinds {
		g := k.Group()
		if byGroup[g] == nil {
			groups = append(groups, g)
		}
		byGroup[g] = append(byGroup[g], k.Resource())
	}
	slices.Sort(groups)
	rules := make([]string, 0, len(groups))
	for _, g := range groups {
		rules = append(rules, fmt.Sprintf("{apiGroups: [%q], resources: [%s], verbs: [get, list, watch]}", g, strings.Join(byGroup[g], ", ")))
	}
	return rules
}
