package ui

import (
	"slices"

	"tenantry/model"
	"tenantry/model/logs"
)

// whose says whose logs tell of something, or why none do.
type whose struct {
	name string // of the thing
	want logs.Want
	none string
	// one: they are of one object, which need not be said in every line.
	one bool
	// flux: they are those of Flux's controllers.
	flux bool
}

// Lines read back per container: of controllers most are about others.
const (
	tailOfOne        = 500
	tailOfController = 5000
)

// logsOf is whose logs tell of an object.
func (e *env) logsOf(k model.Key) whose {
	w := whose{name: k.Kind.String() + " " + k.Name, one: true}
	switch {
	case k.Kind.Role() == model.RoleWorkload || k.Kind == model.ReplicaSet || k.Kind == model.Pod:
		w.want = logs.Want{Of: []model.Key{k}, Tail: tailOfOne}
		return w
	case k.Kind.Role() == model.RoleSource, k.Kind.Role() == model.RoleSync, k.Kind.Role() == model.RolePlatform, k.Kind == model.ResourceSetInputProvider:
	default:
		w.none = "Nothing writes a log about " + w.name + ". Sources, syncs and workloads have some."
		return w
	}
	return e.controllerLogs(w, logs.Filter{Objects: []model.Key{k}})
}

// logsOfTenant is whose logs tell of a tenant: all about its namespaces, and
// about its objects in others.
func (e *env) logsOfTenant(t *model.Tenant) whose {
	if t == nil {
		return whose{none: "It is not in the cluster any more."}
	}
	if t.IsPlatform {
		return e.controllerLogs(whose{name: "the platform"}, logs.Filter{})
	}
	f := logs.Filter{Namespaces: t.Namespaces}
	for _, list := range [][]model.Key{t.Sources, t.Syncs} {
		for _, k := range list {
			if !slices.Contains(t.Namespaces, k.Namespace) {
				f.Objects = append(f.Objects, k)
			}
		}
	}
	return e.controllerLogs(whose{name: t.Name}, f)
}

// controllerLogs are those of Flux's controllers and of its operator.
func (e *env) controllerLogs(w whose, about logs.Filter) whose {
	w.flux = true
	w.want = logs.Want{Tail: tailOfController, About: about}
	p := e.store.Platform()
	for _, c := range p.Controllers {
		if !slices.Contains(w.want.Of, c.Key) { // several may run in one Deployment
			w.want.Of = append(w.want.Of, c.Key)
		}
	}
	if p.Operator != nil {
		w.want.Of = append(w.want.Of, p.Operator.Key)
	}
	if len(w.want.Of) > 0 {
		return w
	}
	switch status := e.store.KindStatus(model.Deployment); {
	case !e.store.Complete():
		w.none = "Flux's controllers have not been read yet."
	case status.State == model.ScopeDenied || len(e.store.Connection().Namespaces) > 0:
		w.none = "Flux's controllers are not yours to see, so their logs can't be read. That is neither a fault nor \"none\"."
	default:
		w.none = "No controller of Flux runs in this cluster: there is no Deployment labelled app.kubernetes.io/part-of=flux."
	}
	return w
}
