// Package rights says in words what an account may do, from the rules the API
// server tells it has.
package rights

import (
	"cmp"
	"slices"
	"strings"

	"tenantry/model"
)

// Line is one thing an account may do, e.g. "change" of "deployments, pods".
type Line struct{ May, What string }

// class is what a set of verbs comes to.
type class struct {
	may   string
	verbs []string
}

// classes are told apart, the most powerful first. A rule with some of a
// class's verbs counts for it: one who may only patch may change, too.
var classes = []class{
	{"do everything to", []string{"*"}},
	{"impersonate", []string{"impersonate"}},
	{"hand on rights by", []string{"escalate", "bind"}},
	{"change", []string{"create", "update", "patch", "delete", "deletecollection"}},
	{"read", []string{"get", "list", "watch"}},
}

// Words are what the rules allow, each resource by the most it may be used for.
// What everybody may, to ask about one's own rights, is left out.
func Words(rules []model.AccessRule) []Line {
	best := map[string]int{} // resource → class
	verbs := map[string][]string{}
	for _, r := range rules {
		if slices.Contains(r.Groups, "authorization.k8s.io") || slices.Contains(r.Groups, "authentication.k8s.io") {
			continue
		}
		for _, what := range resources(r) {
			c := classOf(r.Verbs)
			if c == len(classes) {
				verbs[what] = append(verbs[what], r.Verbs...)
				continue
			}
			if before, known := best[what]; !known || c < before {
				best[what] = c
			}
		}
	}
	if c, all := best[everything]; all && c == 0 {
		return []Line{{"do everything", "secrets, roles and Flux's objects included"}}
	}
	var out []Line
	for i, c := range classes {
		var what []string
		for name, of := range best {
			if of == i {
				what = append(what, name)
			}
		}
		if len(what) > 0 {
			out = append(out, Line{c.may, list(what)})
		}
	}
	for what, of := range verbs { // verbs of somebody's own
		if _, known := best[what]; !known {
			slices.Sort(of)
			out = append(out, Line{strings.Join(slices.Compact(of), ", "), what})
		}
	}
	slices.SortStableFunc(out[:], func(a, b Line) int { return cmp.Compare(order(a.May), order(b.May)) })
	return out
}

func order(may string) int {
	i := slices.IndexFunc(classes, func(c class) bool { return c.may == may })
	if i < 0 {
		return len(classes)
	}
	return i
}

// everything stands for all resources of all groups.
const everything = "everything"

// resources are what a rule is about, as kubectl would name it.
func resources(r model.AccessRule) []string {
	var out []string
	for _, group := range r.Groups {
		for _, resource := range r.Resources {
			name := resource
			switch {
			case resource == "*" && group == "*":
				name = everything
			case resource == "*" && group == "":
				name = "all of the core group"
			case resource == "*":
				name = "all of " + group
			case group == "*":
				name += " of every group"
			}
			if len(r.Names) > 0 {
				name += " " + list(r.Names)
			}
			out = append(out, name)
		}
	}
	return out
}

func classOf(verbs []string) int {
	for i, c := range classes {
		if slices.ContainsFunc(verbs, func(v string) bool { return slices.Contains(c.verbs, v) }) {
			return i
		}
	}
	return len(classes)
}

func list(names []string) string {
	names = slices.Clone(names)
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", ")
}
