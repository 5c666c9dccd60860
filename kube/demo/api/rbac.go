package api

import (
	"fmt"
	"sort"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"

	"tenantry/kube/demo/store"
	"tenantry/kube/demo/tree"
)

const rbacGroup = "rbac.authorization.k8s.io"

// attributes are what a rule is asked about. path is set for non-resource
// requests only.
type attributes struct {
	verb, group, resource, subresource, namespace, name, path string
}

// allows asks the role bindings in the store. why names the
// binding that allows, or explains a refusal that came from a broken one.
func (s *Server) allows(user User, a attributes) (allowed bool, why string) {
	if user.in(Masters) {
		return true, ""
	}
	var problems []string
	s.visitRules(user, a.namespace, func(grant string, rule *rbacv1.PolicyRule, err error) bool {
		if err != nil {
			problems = append(problems, err.Error())
			return true
		}
		if allowed = ruleAllows(rule, a); allowed {
			why = "RBAC: allowed by " + grant
		}
		return !allowed
	})
	if allowed || len(problems) == 0 {
		return allowed, why
	}
	if len(problems) == 1 {
		return false, "RBAC: " + problems[0]
	}
	return false, "RBAC: [" + strings.Join(problems, ", ") + "]"
}

// visitRules calls visit with every rule that applies to the user, cluster
// bindings first, until it returns false.
func (s *Server) visitRules(user User, namespace string, visit func(grant string, rule *rbacv1.PolicyRule, err error) bool) {
	if !s.visitBindings(user, "clusterrolebindings", "", visit) || namespace == "" {
		return
	}
	s.visitBindings(user, "rolebindings", namespace, visit)
}

func (s *Server) visitBindings(user User, plural, namespace string, visit func(grant string, rule *rbacv1.PolicyRule, err error) bool) bool {
	bindings, _ := s.store.List(resourceID(rbacGroup, plural), namespace)
	for _, b := range bindings {
		subject := boundSubject(b.Content, user, namespace)
		if subject == "" {
			continue
		}
		kind, name := tree.Str(b.Content, "roleRef", "kind"), tree.Str(b.Content, "roleRef", "name")
		rules, err := s.rulesOf(kind, namespace, name)
		grant := fmt.Sprintf("ClusterRoleBinding %q of %s %q to %s", b.Key.Name, kind, name, subject)
		if namespace != "" {
			grant = fmt.Sprintf("RoleBinding %q of %s %q to %s", b.Key.Name+"/"+namespace, kind, name, subject)
		}
		if err != nil && !visit("", nil, err) {
			return false
		}
		for i := range rules {
			if !visit(grant, &rules[i], nil) {
				return false
			}
		}
	}
	return true
}

// boundSubject returns the subject of a binding that the user is, or "".
func boundSubject(binding map[string]any, user User, namespace string) string {
	for _, item := range tree.List(binding, "subjects") {
		subject, _ := item.(map[string]any)
		name := tree.Str(subject, "name")
		switch tree.Str(subject, "kind") {
		case "User":
			if name == user.Name {
				return fmt.Sprintf("User %q", name)
			}
		case "Group":
			if user.in(name) {
				return fmt.Sprintf("Group %q", name)
			}
		case "ServiceAccount":
			ns := tree.Str(subject, "namespace")
			if ns == "" {
				ns = namespace
			}
			if ns != "" && user.Name == accountPrefix+ns+":"+name {
				return fmt.Sprintf("ServiceAccount %q", name+"/"+ns)
			}
		}
	}
	return ""
}

// rulesOf returns a role's rules; those of an aggregating ClusterRole are
// gathered here rather than by a controller.
func (s *Server) rulesOf(kind, namespace, name string) ([]rbacv1.PolicyRule, error) {
	if kind == "Role" {
		v := s.store.Get(resourceID(rbacGroup, "roles"), store.Key{Namespace: namespace, Name: name})
		if v == nil {
			return nil, fmt.Errorf("role.rbac.authorization.k8s.io %q not found", name)
		}
		return s.decodeRules(v)
	}
	v := s.store.Get(resourceID(rbacGroup, "clusterroles"), store.Key{Name: name})
	if v == nil {
		return nil, fmt.Errorf("clusterrole.rbac.authorization.k8s.io %q not found", name)
	}
	return s.clusterRules(v, 0)
}

// deepest is how far aggregation is followed: a role that aggregates itself
// must not hang the server.
const deepest = 4

func (s *Server) clusterRules(v *store.Version, depth int) ([]rbacv1.PolicyRule, error) {
	rules, err := s.decodeRules(v)
	selectors := tree.List(v.Content, "aggregationRule", "clusterRoleSelectors")
	if len(selectors) == 0 || depth == deepest {
		return rules, err
	}
	all, _ := s.store.List(resourceID(rbacGroup, "clusterroles"), "")
	for _, other := range all {
		if other != v && matchesAny(selectors, tree.Map(other.Content, "metadata", "labels")) {
			more, _ := s.clusterRules(other, depth+1)
			rules = append(rules, more...)
		}
	}
	return rules, err
}

func matchesAny(selectors []any, have map[string]any) bool {
	set := labels.Set{}
	for k, v := range have {
		set[k], _ = v.(string)
	}
	for _, item := range selectors {
		want := labels.Set{}
		selector, _ := item.(map[string]any)
		for k, v := range tree.Map(selector, "matchLabels") {
			want[k], _ = v.(string)
		}
		if len(want) > 0 && want.AsSelector().Matches(set) {
			return true
		}
	}
	return false
}

type decodedRules struct {
	of    *store.Version
	rules []rbacv1.PolicyRule
}

// decodeRules reads a role's rules; the answer is remembered per revision.
func (s *Server) decodeRules(v *store.Version) ([]rbacv1.PolicyRule, error) {
	s.rulesMu.Lock()
	defer s.rulesMu.Unlock()
	if known, ok := s.rules[v.Key]; ok && known.of == v {
		return known.rules, nil
	}
	var role rbacv1.ClusterRole
	rules := map[string]any{"rules": v.Content["rules"]}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(rules, &role); err != nil {
		return nil, err
	}
	s.rules[v.Key] = decodedRules{v, role.Rules[:len(role.Rules):len(role.Rules)]}
	return s.rules[v.Key].rules, nil
}

func ruleAllows(rule *rbacv1.PolicyRule, a attributes) bool {
	if !has(rule.Verbs, a.verb) {
		return false
	}
	if a.path != "" {
		for _, p := range rule.NonResourceURLs {
			if p == "*" || p == a.path || (strings.HasSuffix(p, "*") && strings.HasPrefix(a.path, p[:len(p)-1])) {
				return true
			}
		}
		return false
	}
	resource := a.resource
	if a.subresource != "" {
		resource += "/" + a.subresource
	}
	if !has(rule.APIGroups, a.group) || (!has(rule.Resources, resource) &&
		(a.subresource == "" || !contains(rule.Resources, "*/"+a.subresource))) {
		return false
	}
	return len(rule.ResourceNames) == 0 || contains(rule.ResourceNames, a.name)
}

func has(list []string, want string) bool { return contains(list, "*") || contains(list, want) }

func contains(list []string, want string) bool {
	for _, v := range list {
		if v == want {
			return true
		}
	}
	return false
}

// rulesFor gathers all rules of a user, for SelfSubjectRulesReview.
func (s *Server) rulesFor(user User, namespace string) (rules []rbacv1.PolicyRule, problem string) {
	var problems []string
	s.visitRules(user, namespace, func(_ string, rule *rbacv1.PolicyRule, err error) bool {
		if err != nil {
			problems = append(problems, err.Error())
		} else {
			rules = append(rules, *rule)
		}
		return true
	})
	sort.Strings(problems)
	return rules, strings.Join(problems, ", ")
}
