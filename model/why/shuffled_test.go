package why_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/said"
	"tenantry/model/why"
)

// with is an object with its conditions in another order, or without some that
// are not Ready.
func with(o *model.Object, r *rand.Rand, drop bool) *model.Object {
	other := *o
	other.Conditions = nil
	for _, c := range o.Conditions {
		if drop && c.Type != "Ready" && o.Role() != model.RoleWorkload && r.IntN(2) == 0 {
			continue
		}
		other.Conditions = append(other.Conditions, c)
	}
	r.Shuffle(len(other.Conditions), func(i, j int) {
		other.Conditions[i], other.Conditions[j] = other.Conditions[j], other.Conditions[i]
	})
	return &other
}

// foreign are conditions of other controllers beside Flux's: Argo CD's,
// Crossplane's, cert-manager's and ones nobody knows.
var foreign = []model.Condition{
	{Type: "ComparisonError", Status: "True", Reason: "ComparisonError", Message: `failed to get secret 'a/b': secrets "b" not found`},
	{Type: "Synced", Status: "False", Reason: "ReconcileError", Message: "observe failed: dial tcp: lookup aws.example on 10.96.0.10:53: no such host"},
	{Type: "Issuing", Status: "True", Reason: "DoesNotExist", Message: "Issuing certificate as Secret does not exist"},
	{Type: "", Status: "", Reason: "", Message: "\x1b[31m"},
}

// The order of conditions says nothing, and neither do other controllers'
// beside them; without some of them a cause may not be known, and is never
// another one.
func TestConditionsInAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	explain := func(sc *scene, put []*model.Object) *why.Explanation {
		w := newWorld(put...)
		w.drop(sc.gone...)
		if sc.ask == (model.Key{}) {
			return why.Row(w.Store, "eu")
		}
		return why.Object(w.Store, sc.ask)
	}
	for i := range scenes {
		sc := &scenes[i]
		want := explain(sc, sc.put)
		known := map[said.Fault]bool{}
		ours := map[why.Ours]bool{}
		for _, f := range want.Faults {
			known[f.Kind], ours[f.Ours] = true, true
		}
		for range 6 {
			var shuffled, fewer, beside []*model.Object
			for _, o := range sc.put {
				shuffled, fewer = append(shuffled, with(o, r, false)), append(fewer, with(o, r, true))
				more := *o
				if o.Condition("Ready") == nil {
					beside = append(beside, o)
					continue
				}
				more.Conditions = append(append([]model.Condition(nil), foreign...), o.Conditions...)
				beside = append(beside, with(&more, r, false))
			}
			for _, put := range [][]*model.Object{shuffled, beside} {
				e := explain(sc, put)
				if e.Headline != want.Headline || len(e.Faults) != len(want.Faults) || len(e.Faults) > 0 && links(&e.Faults[0]) != links(&want.Faults[0]) {
					t.Errorf("%s, in another order:\n%s\nand not\n%s", sc.name, e.Text(time.UTC), want.Text(time.UTC))
				}
			}
			for _, f := range explain(sc, fewer).Faults {
				if !f.Raw && (!known[f.Kind] || !ours[f.Ours]) {
					t.Errorf("%s, with fewer conditions, becomes %q", sc.name, f.Words)
				}
			}
		}
	}
}
