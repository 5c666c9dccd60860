package ui

import (
	"fmt"
	"slices"
	"strings"

	"tenantry/model"
)

// deniedScopes are the refusals that hide something. Secrets are no part of
// what a tenant's state is judged by, and a good viewer Role leaves them out.
func deniedScopes(scopes []model.ScopeStatus) []model.ScopeStatus {
	var out []model.ScopeStatus
	for _, sc := range scopes {
		if sc.State == model.ScopeDenied && sc.Kind != model.Secret {
			out = append(out, sc)
		}
	}
	return out
}

// deniedRow is the row for what is not readable, nil when all is.
func (s *tenants) deniedRow() *tenantRow {
	denied := deniedScopes(s.store.Scopes())
	if len(denied) == 0 {
		return nil
	}
	n := len(kindsOf(denied))
	words := fmt.Sprintf("%d kinds", n)
	if n == 1 {
		words = denied[0].Kind.Resource()
	}
	return &tenantRow{id: rowID{rowDenied, ""}, state: s.kit.Glyph.Denied(), cause: words}
}

func kindsOf(scopes []model.ScopeStatus) []model.Kind {
	var kinds []model.Kind
	for _, sc := range scopes {
		if !slices.Contains(kinds, sc.Kind) {
			kinds = append(kinds, sc.Kind)
		}
	}
	return kinds
}

// deniedSections say who was refused what, and the rule that would allow it.
func deniedSections(scopes []model.ScopeStatus, conn model.Connection) []section {
	denied := deniedScopes(scopes)
	who := "You may not "
	if conn.User != "" {
		who = "As " + conn.User + " you may not "
	}
	byNamespace := map[string][]string{}
	var order []string
	for _, sc := range denied {
		verb := sc.Verb
		if verb == "" {
			verb = "list"
		}
		where := "cluster-wide"
		if sc.Namespace != "" {
			where = "in " + sc.Namespace
		}
		place := verb + "\x00" + where
		if byNamespace[place] == nil {
			order = append(order, place)
		}
		byNamespace[place] = append(byNamespace[place], sc.Kind.Resource())
	}
	var parts []string
	for _, place := range order {
		verb, where, _ := strings.Cut(place, "\x00")
		parts = append(parts, fmt.Sprintf("%s %s %s", verb, strings.Join(byNamespace[place], ", "), where))
	}
	why := who + strings.Join(parts, ", nor ") + ". That is neither a fault nor \"none\"."
	if conn.NamespacesReason != "" && len(conn.Namespaces) > 0 {
		why += " Only " + strings.Join(conn.Namespaces, ", ") + " is read: " + sentence(conn.NamespacesReason)
	}
	sections := []section{{label: "WHY", text: why}}
	return append(sections, section{label: "ROLE", text: roleWords(denied)},
		section{label: "NEXT", text: "Ask for it: c copies the Role as YAML, on this row. ctrl+r checks again."})
}

// roleWords are the rules that would allow what was refused, to be read.
func roleWords(denied []model.ScopeStatus) string {
	var parts []string
	for _, k := range kindsOf(denied) {
		group := k.Group()
		if group == "" {
			group = "core"
		}
		parts = append(parts, fmt.Sprintf("%s (%s)", k.Resource(), group))
	}
	return "verbs get, list, watch; apiGroup in brackets: " + strings.Join(parts, ", ")
}

// roleYAML is the whole Role (or ClusterRole) to ask an administrator for.
func roleYAML(scopes []model.ScopeStatus, conn model.Connection) string {
	denied := deniedScopes(scopes)
	var docs []string
	for _, ns := range namespacesOf(denied) {
		var here []model.ScopeStatus
		for _, sc := range denied {
			if sc.Namespace == ns {
				here = append(here, sc)
			}
		}
		head := "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: tenantry-viewer\nrules:\n"
		if ns != "" {
			head = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: tenantry-viewer\n  namespace: " + ns + "\nrules:\n"
		}
		docs = append(docs, head+"- "+strings.Join(model.ReadRules(kindsOf(here)), "\n- ")+"\n")
	}
	return strings.Join(docs, "---\n")
}

func namespacesOf(scopes []model.ScopeStatus) []string {
	var out []string
	for _, sc := range scopes {
		if !slices.Contains(out, sc.Namespace) {
			out = append(out, sc.Namespace)
		}
	}
	slices.Sort(out)
	return out
}
