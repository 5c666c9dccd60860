package restore

import (
	"fmt"
	"strings"

	"tenantry/model"
	"tenantry/model/export"
)

// Effect says what an object does that its name does not tell: whom a binding
// lets do what, where a source fetches from. It is the folder's text.
func (o *Object) Effect() string {
	spec, _ := o.Want["spec"].(export.Object)
	str := func(m export.Object, field string) string {
		s, _ := m[field].(string)
		return s
	}
	switch o.Ref.Kind {
	case "RoleBinding", "ClusterRoleBinding":
		role, _ := o.Want["roleRef"].(export.Object)
		subjects, _ := o.Want["subjects"].([]any)
		var who []string
		for _, s := range subjects {
			if s, ok := s.(export.Object); ok {
				name := str(s, "name")
				if ns := str(s, "namespace"); ns != "" {
					name = ns + "/" + name
				}
				who = append(who, str(s, "kind")+" "+name)
			}
		}
		where := ""
		if o.Ref.Kind == "ClusterRoleBinding" {
			where = ", in the whole cluster"
		}
		return fmt.Sprintf("%s for %s%s", str(role, "name"), strings.Join(who, ", "), where)
	case "GitRepository", "OCIRepository", "HelmRepository":
		return str(spec, "url")
	case "Bucket":
		return str(spec, "endpoint")
	case "Kustomization":
		out := str(spec, "path")
		if out == "" {
			out = "./"
		}
		if as := str(spec, "serviceAccountName"); as != "" {
			out += ", as " + as
		}
		if o.suspends() {
			out += "; suspended"
		}
		return out
	}
	return ""
}

// Counts says how many objects are in which state, as "3 new, 2 same".
func Counts(objects []*Object) string {
	var n [Unread + 1]int
	for _, o := range objects {
		n[o.State]++
	}
	var out []string
	for _, s := range []State{New, Changed, Same, Theirs, Pruning, Refused, Unread} {
		if n[s] > 0 {
			out = append(out, fmt.Sprintf("%d %s", n[s], s))
		}
	}
	return strings.Join(out, ", ")
}

// saidOf is what is wrong with an object, for a line that names it already.
func saidOf(o *model.Object, v model.Verdict) string {
	who, words := o.Kind.String()+" "+o.Name, model.Sentence(o, v)
	return strings.TrimPrefix(strings.TrimPrefix(words, who+": "), who+" ")
}
