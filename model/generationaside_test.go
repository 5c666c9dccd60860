package model

import (
	"testing"
	"time"
)

// Flux writes the spec and somebody an annotation right after, and both are
// seen at once: the generation is the commit's.
func TestAnAnnotationMakesNoDrift(t *testing.T) {
	h := newShop(t)
	h.fetch("stage", 1)
	h.sync("stage", revision(1), "fetching")
	h.gen["stage"]++
	h.image["stage"] = "reg/kcheck:1"
	at := h.unix()
	h.pass(2 * time.Second)
	o := deploy("stage", "kcheck", 2, 2, 2, 2, 2, 2, cond("Progressing", "True", "NewReplicaSetAvailable", ""))
	d := o.Detail.(*Workload)
	d.Revision, d.Containers = 2, []Container{{Name: "kcheck", Image: h.image["stage"]}}
	d.Managers = []Manager{{Name: "kustomize-controller", Operation: "Apply", Time: at}, {Name: "kubectl-annotate", Operation: "Update", Time: at + 1, Aside: true}}
	labelled(o, LabelKustomizationName, "shop", LabelKustomizationNS, "stage")
	h.put(h.stamped(o))
	h.sync("stage", revision(1), "done")
	if g := h.generations("stage")[0]; g.Drift || g.Actor != ActorFlux || g.Commit != revision(1) {
		t.Errorf("%+v", g)
	}
	if l := h.line("stage", revision(1)); !l.Live || len(l.Moves) != 1 {
		t.Errorf("%+v", l)
	}
}

// A label that somebody set before the session is no generation either.
func TestALabelOfBeforeTheSessionMakesNoGeneration(t *testing.T) {
	h := newShop(t)
	rs := obj(ReplicaSet, "stage", "kcheck-a", &Replica{Owner: "kcheck", OwnerUID: "Deploymentstagekcheck", Revision: 1, Images: []string{"x"}})
	rs.Created = ago(time.Hour)
	o := *h.Get(Key{Deployment, "stage", "kcheck"})
	d := *o.Detail.(*Workload)
	d.Managers = []Manager{{Name: "kustomize-controller", Operation: "Apply", Time: ago(time.Hour)}, {Name: "kubectl-label", Operation: "Update", Time: ago(10 * time.Minute), Aside: true}}
	o.Detail = &d
	h.put(rs, h.stamped(&o))
	if list := h.generations("stage"); len(list) != 1 || list[0].Drift || list[0].By != "kustomize-controller" {
		t.Errorf("%+v", list)
	}
}
