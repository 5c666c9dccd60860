package model

import (
	"slices"
	"testing"
	"time"
)

// More replicas look for a while like pods that were lost: that is no failed
// rollout, and its end is told.
func TestScalingUpIsNoFailedRollout(t *testing.T) {
	h := newShop(t)
	h.gen["stage"]++
	settled := cond("Progressing", "True", "NewReplicaSetAvailable", "")
	settled.LastTransition = ago(time.Hour)
	for _, now := range [][2]int32{{1, 1}, {4, 1}, {4, 2}, {4, 4}} {
		o := deploy("stage", "kcheck", h.gen["stage"], h.gen["stage"], 4, now[0], now[1], now[0], settled)
		d := o.Detail.(*Workload)
		d.Revision, d.Containers = 1, []Container{{Name: "kcheck", Image: h.image["stage"]}}
		d.Managers = []Manager{{Name: "kubectl", Operation: "Update", Subresource: "scale", Time: h.unix()}}
		labelled(o, LabelKustomizationName, "shop", LabelKustomizationNS, "stage")
		h.put(h.stamped(o))
		h.pass(time.Second)
	}
	var turns []string
	h.Log().Back(func(e Entry) bool {
		if e.Key.Name == "kcheck" && e.Key.Namespace == "stage" && e.Change == ChangeRollout {
			turns = append(turns, e.From+"→"+e.To)
		}
		return true
	})
	slices.Reverse(turns)
	if len(turns) == 0 || turns[len(turns)-1] != "moving→done" || slices.ContainsFunc(turns, func(s string) bool { return s[len(s)-6:] == "failed" }) {
		t.Errorf("the log: %q", turns)
	}
	if g := h.generations("stage")[0]; !g.RolledOut.Known() || g.State != RolloutDone {
		t.Errorf("%+v", g)
	}
}

// A write later than the newest ReplicaSet made a generation of its own: the
// ReplicaSet's time and commit are not its.
func TestAWriteSinceTheReplicaSet(t *testing.T) {
	for _, seen := range []bool{false, true} {
		h := newShop(t)
		h.put(&Object{Key: Key{ReplicaSet, "stage", "kcheck-1"}, Created: ago(time.Hour), Detail: &Replica{Owner: "kcheck", Revision: 1, Images: []string{h.image["stage"]}}})
		h.written["stage"] = ago(5 * time.Minute)
		h.pods("stage", 2, 2)
		if seen { // and one more in this session
			h.scale("stage", 3, Manager{Name: "kubectl-scale", Operation: "Update"})
		}
		list := h.generations("stage")
		if seen {
			list = list[1:]
		}
		if len(list) != 2 || list[0].Number != 1 || list[0].At.At != ago(5*time.Minute) || list[0].By != "kustomize-controller" {
			t.Fatalf("seen %v: %+v", seen, list)
		}
		if list[1].Number != 0 || list[1].Revision != 1 || list[1].At.At != ago(time.Hour) || list[1].By != "" {
			t.Errorf("seen %v, the ReplicaSet's: %+v", seen, list[1])
		}
	}
}
