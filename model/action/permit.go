package action

import (
	"fmt"
	"slices"

	"tenantry/model"
)

// named is up to how many steps permissions are asked for by name. Beyond that
// they are asked for once per kind and namespace: a server has better things to
// do than to answer a thousand reviews.
const named = 50

// Needs are the permissions of all steps, in their order, each once.
func (p *Plan) Needs() []model.Access {
	var out []model.Access
	seen := map[model.Access]bool{}
	for _, s := range p.Steps {
		need := p.need(s)
		if !seen[need] {
			seen[need] = true
			out = append(out, need)
		}
	}
	return out
}

func (p *Plan) need(s Step) model.Access {
	need := s.Needs
	if len(p.Steps) > named {
		need.Name = ""
	}
	return need
}

// Permit notes which steps the user may not do, and in which words. What
// nobody could tell is tried: the server says it then.
func (p *Plan) Permit(answers []model.Permission) {
	by := map[model.Access]model.Permission{}
	for _, a := range answers {
		by[a.Access] = a
	}
	for i := range p.Steps {
		s := &p.Steps[i]
		s.Denied = ""
		answer, ok := by[p.need(*s)]
		if !ok || answer.State != model.PermissionDenied {
			continue
		}
		who := p.Wish.Who
		if who == "" {
			who = "you"
		}
		s.Denied = fmt.Sprintf("%s may not %s %s", who, s.Needs.Verb, s.Needs.Resource)
		if s.Needs.Namespace != "" {
			s.Denied += " in the namespace " + s.Needs.Namespace
		}
		if answer.Reason != "" {
			s.Denied += " (" + answer.Reason + ")"
		}
	}
}

// Allowed are the steps that are not denied.
func (p *Plan) Allowed() []Step {
	var out []Step
	for _, s := range p.Steps {
		if s.Denied == "" {
			out = append(out, s)
		}
	}
	return out
}

// Only returns the plan with the given objects' steps alone.
func (p Plan) Only(keys map[model.Key]bool) Plan {
	var steps []Step
	for _, s := range p.Steps {
		if keys[s.Key] {
			steps = append(steps, s)
		}
	}
	p.Steps = steps
	return p
}

// Unchanged reports whether a step would be planned as it was: the same object,
// in the state the step is bound to, and still not refused.
func (p *Plan) Unchanged(s *model.Store, step *Step) bool {
	o := s.Get(step.Key)
	if o == nil || o.UID != step.Write.UID {
		return false
	}
	if why, _ := (&planner{store: s, plan: Plan{Wish: p.Wish}}).refusal(o); why != "" {
		return false
	}
	var now model.Write
	bind(o, p.Wish.Verb, &now)
	return now.Generation == step.Write.Generation && slices.Equal(now.Was, step.Write.Was)
}

// RoleYAML is the rule that would allow the denied steps, ready to be applied
// by somebody who may.
func (p *Plan) RoleYAML() string {
	out := ""
	seen := map[model.Access]bool{}
	for _, s := range p.Steps {
		need := s.Needs
		need.Name = ""
		if s.Denied == "" || seen[need] {
			continue
		}
		seen[need] = true
		kind, where := "ClusterRole", ""
		if need.Namespace != "" {
			kind, where = "Role", "\n  namespace: "+need.Namespace
		}
		out += fmt.Sprintf(`---
apiVersion: rbac.authorization.k8s.io/v1
kind: %s
metadata:
  name: tenantry-%s%s
rules:
- apiGroups: [%q]
  resources: [%q]
  verbs: [%q]
`, kind, need.Resource, where, need.Group, need.Resource, need.Verb)
	}
	return out
}
