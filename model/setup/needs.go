package setup

import (
	"fmt"
	"slices"
	"strings"

	"tenantry/model"
)

const groupRBAC = "rbac.authorization.k8s.io"

// resource is what a step writes.
type resource struct {
	group, name string
	everywhere  bool // cluster-scoped, or in namespaces not named yet
	verbs       []string
}

var makes = []string{"create", "patch"}

var written = map[Step][]resource{
	Operator: {
		{"apiextensions.k8s.io", "customresourcedefinitions", true, makes}, {"", "namespaces", true, makes},
		{groupRBAC, "clusterroles", true, []string{"create", "escalate"}}, {groupRBAC, "clusterrolebindings", true, []string{"create"}},
		{"apps", "deployments", false, makes},
	},
	Instance:   {{"fluxcd.controlplane.io", "fluxinstances", false, makes}},
	Credential: {{"", "secrets", false, makes}},
	Sync:       {{"fluxcd.controlplane.io", "fluxinstances", false, []string{"patch"}}},
	Tenants: {
		{"", "namespaces", true, makes}, {"", "serviceaccounts", true, makes}, {groupRBAC, "rolebindings", true, makes},
		{"source.toolkit.fluxcd.io", "gitrepositories", true, makes}, {"kustomize.toolkit.fluxcd.io", "kustomizations", true, makes},
	},
}

// Needs are the permissions of a step, with Flux in a namespace.
func Needs(step Step, namespace string) []model.Access {
	var out []model.Access
	for _, r := range written[step] {
		for _, verb := range r.verbs {
			a := model.Access{Verb: verb, Group: r.group, Resource: r.name}
			if !r.everywhere {
				a.Namespace = namespace
			}
			out = append(out, a)
		}
	}
	return out
}

// AllNeeds are those of every step, each once.
func AllNeeds(namespace string) []model.Access {
	var out []model.Access
	for step := range Count {
		for _, a := range Needs(step, namespace) {
			if !slices.Contains(out, a) {
				out = append(out, a)
			}
		}
	}
	return out
}

// denied are the permissions of a step that are refused.
func (l Look) denied(step Step) []model.Permission {
	needs := Needs(step, l.Namespace())
	var out []model.Permission
	for _, p := range l.Permissions {
		if p.State == model.PermissionDenied && slices.Contains(needs, p.Access) {
			out = append(out, p)
		}
	}
	return out
}

// MayNot says in words what of a step the user may not do, "" for nothing that
// is known.
func (l Look) MayNot(step Step) string {
	var whats []string
	verbs := map[string][]string{}
	where := ""
	for _, p := range l.denied(step) {
		a := p.Access
		if a.Namespace != "" {
			where = " in the namespace " + a.Namespace
		}
		if verbs[a.Resource] == nil {
			whats = append(whats, a.Resource)
		}
		if !slices.Contains(verbs[a.Resource], a.Verb) {
			verbs[a.Resource] = append(verbs[a.Resource], a.Verb)
		}
	}
	if len(whats) == 0 {
		return ""
	}
	more := len(whats) - 2
	whats = whats[:min(len(whats), 2)]
	for i, name := range whats {
		whats[i] = strings.Join(verbs[name], " and ") + " " + name
	}
	if more > 0 {
		whats = append(whats, fmt.Sprintf("%d more", more))
		where = ""
	}
	who := l.Who
	if who == "" {
		who = "you"
	}
	return who + " may not " + strings.Join(whats, ", ") + where
}

// RoleYAML is what would allow all that is denied of the steps after the
// operator's: that one takes an administrator, since its chart binds
// cluster-admin, and nobody can be given the right to do that and no more.
func (l Look) RoleYAML() string {
	type rule struct{ group, resource string }
	verbs := map[bool]map[rule][]string{true: {}, false: {}}
	var order [2][]rule
	for step := Instance; step < Count; step++ {
		for _, p := range l.denied(step) {
			wide := p.Access.Namespace == ""
			r := rule{p.Access.Group, p.Access.Resource}
			if verbs[wide][r] == nil {
				i := 0
				if wide {
					i = 1
				}
				order[i] = append(order[i], r)
			}
			if !slices.Contains(verbs[wide][r], p.Access.Verb) {
				verbs[wide][r] = append(verbs[wide][r], p.Access.Verb)
			}
		}
	}
	var b strings.Builder
	for i, of := range order {
		if len(of) == 0 {
			continue
		}
		wide := i == 1
		kind, where := "Role", "\n  namespace: "+l.Namespace()
		if wide {
			kind, where = "ClusterRole", ""
		}
		fmt.Fprintf(&b, "---\napiVersion: %s/v1\nkind: %s\nmetadata:\n  name: tenantry-setup%s\nrules:\n", groupRBAC, kind, where)
		for _, r := range of {
			fmt.Fprintf(&b, "- apiGroups: [%q]\n  resources: [%q]\n  verbs: [\"get\", \"list\", \"watch\", \"%s\"]\n", r.group, r.resource, strings.Join(verbs[wide][r], `", "`))
			if r.resource == "rolebindings" {
				b.WriteString("# who binds a role must hold it, or may bind it\n- apiGroups: [\"" + groupRBAC + "\"]\n  resources: [\"clusterroles\"]\n  verbs: [\"bind\"]\n")
			}
		}
	}
	return b.String()
}
