package ui

import (
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo"
	"tenantry/kube/demo/fault"
	"tenantry/model"
)

// misbehave lets the server of the cluster that is shown fail in one more way,
// or in none any more.
func (s *soak) misbehave() {
	for len(s.undo) > 2 || len(s.undo) > 0 && s.rng.IntN(3) == 0 {
		s.undo[0]()
		s.undo = s.undo[1:]
	}
	if s.rng.IntN(3) > 0 {
		if s.rng.IntN(4) == 0 {
			s.wires.cut(s.rng, 2)
		}
		return
	}
	resources := []string{"", "kustomizations", "gitrepositories", "deployments", "namespaces", "events", "pods", "leases", "selfsubjectaccessreviews"}
	verbs := []string{"", "list", "watch", "get", "patch", "create"}
	rule := fault.Rule{Do: fault.Action(1 + s.rng.IntN(int(fault.Drop))), Resource: resources[s.rng.IntN(len(resources))], Verb: verbs[s.rng.IntN(len(verbs))],
		Delay: time.Duration(s.rng.IntN(1500)) * time.Millisecond, Bytes: s.rng.IntN(5000), Skip: s.rng.IntN(3), Text: "as the walk wants it"}
	switch rule.Do {
	case fault.Status:
		rule.Code = []int{401, 403, 404, 409, 500, 502, 503, 504}[s.rng.IntN(8)]
		if rule.Code == 401 {
			rule.Count = 3
		}
	case fault.Replace:
		rule.Body = []string{"", "{}", "[]", "<html>", `{"kind":"Status"}`, `{"items":[{"metadata":{"name":"x\u001b[2J"}}]}`}[s.rng.IntN(6)]
	}
	s.faults++
	s.undo = append(s.undo, s.here().Faults.Add(rule))
	s.wires.cut(s.rng, 2) // what is under way was not asked for under this rule
}

// here is the company that is shown.
func (s *soak) here() *demo.Company {
	if c := s.companies[s.store.Connection().Context]; c != nil {
		return c
	}
	return s.companies["prod"]
}

var soakKinds = map[model.Kind]schema.GroupKind{
	model.GitRepository: {Group: "source.toolkit.fluxcd.io", Kind: "GitRepository"},
	model.Kustomization: {Group: "kustomize.toolkit.fluxcd.io", Kind: "Kustomization"},
	model.Deployment:    {Group: "apps", Kind: "Deployment"},
	model.Namespace:     {Kind: "Namespace"},
}

// change does what others do on the cluster meanwhile.
func (s *soak) change() {
	client := s.here().Cluster.Client("somebody")
	kinds := []model.Kind{model.GitRepository, model.Kustomization, model.Deployment}
	gk := soakKinds[kinds[s.rng.IntN(len(kinds))]]
	all := client.List(gk, "")
	if len(all) == 0 {
		return
	}
	o := all[s.rng.IntN(len(all))]
	meta := o["metadata"].(map[string]any)
	ns, name := meta["namespace"].(string), meta["name"].(string)
	switch s.rng.IntN(6) {
	case 0:
		if ns != "flux-system" {
			_ = client.Delete(gk, ns, name, nil) // it may be gone already
		}
	case 1, 2:
		_, _ = client.Edit(gk, ns, name, func(o demo.Object) error { // it may be gone already
			spec := o["spec"].(map[string]any)
			if gk.Kind == "Deployment" {
				spec["replicas"] = int64(s.rng.IntN(5))
			} else {
				spec["suspend"] = s.rng.IntN(2) == 0
			}
			return nil
		})
	}
}

// recover takes all faults away and waits until what is shown is what the
// server has.
func (s *soak) recover() {
	for _, c := range s.companies {
		c.Faults.Clear()
	}
	s.undo = nil
	s.wires.cut(s.rng, 1) // what was hung up on would never be answered
	took := s.until(45*time.Second, "it is right again", func() bool {
		return s.contexts.cancel == nil && s.store.Connection().State == model.ConnLive && s.same()
	})
	s.slowest = max(s.slowest, took)
}
