package model

import (
	"slices"
	"sort"
	"strings"
)

// Platform returns the shared tier, derived when something of it changed.
func (s *Store) Platform() *Platform {
	if s.platform != nil && s.platform.Row != nil {
		return s.platform
	}
	p := &Platform{}
	c := s.clock()
	p.Namespaces = s.homes.namespaces()
	sort.Strings(p.Namespaces)
	for _, ns := range p.Namespaces {
		s.ObjectsIn(ns, Deployment, func(o *Object) bool {
			switch {
			case isOperator(o):
				view := s.controllerView(o, "flux-operator", c)
				p.Operator = &view
			case isController(o):
				p.Controllers = append(p.Controllers, s.controllerViews(o, c)...)
			}
			return true
		})
	}
	sort.Slice(p.Controllers, func(i, j int) bool { return p.Controllers[i].Name < p.Controllers[j].Name })
	p.Instance = s.findInstance(p)
	if p.Instance != nil {
		p.InstanceV = s.verdictAt(p.Instance, c, 0)
	}
	p.FluxVersion = s.fluxVersion(p)
	p.NoFlux = s.noFlux()
	p.Lockdown = lockdown(p.Controllers, s.KindStatus(Deployment).State == ScopeSynced)
	s.noteDue(c.due)
	s.platform = p
	p.Row = s.platformRow(p)
	return p
}

// findInstance returns the FluxInstance that counts: the one named flux in the
// operator's namespace, else the first one named flux. Any other is accepted
// by the API and never reconciled (domain.md §1.1).
func (s *Store) findInstance(p *Platform) *Object {
	var found *Object
	for _, o := range s.Objects(FluxInstance) {
		if o.Name != "flux" {
			continue
		}
		if p.Operator != nil && o.Namespace == p.Operator.Key.Namespace {
			return o
		}
		if found == nil {
			found = o
		}
	}
	return found
}

func (s *Store) fluxVersion(p *Platform) string {
	if p.Instance != nil {
		if d, ok := p.Instance.Detail.(*Instance); ok && d.Applied != "" {
			v, _, _ := strings.Cut(d.Applied, "@")
			return v
		}
	}
	for _, c := range p.Controllers {
		if o := s.Get(c.Key); o != nil {
			if v := o.Labels.Get(LabelVersion); v != "" {
				return v
			}
		}
	}
	return ""
}

// noFlux reports whether the server serves none of Flux's kinds.
func (s *Store) noFlux() bool {
	if !s.complete {
		return false
	}
	for _, k := range Kinds() {
		switch k.Role() {
		case RolePlatform, RoleSource, RoleSync:
			if st, ok := s.scopeOf(k, ""); !ok || st.State != ScopeAbsent {
				return false
			}
		}
	}
	return true
}

// judgeController makes a controller's own Deployment say what its lease says,
// wherever it is shown: its pods may look ready while nobody is at work.
func (s *Store) judgeController(o *Object, c *clock, v *Verdict) {
	var views []ControllerView
	switch {
	case isOperator(o):
		views = []ControllerView{s.controllerView(o, "flux-operator", c)}
	case isController(o):
		views = s.controllerViews(o, c)
	}
	for _, view := range views {
		if view.Health == Unobserved {
			v.Health, v.Reason, v.Message = Unobserved, "Controller", view.Message
			if view.LeaseStale { // its pods have been as they are for longer
				v.Since = view.LeaseRenewed
			}
			return
		}
	}
}

// controllerViews returns one view per controller in a Deployment: one, or all
// the controllers of a flux-aio Deployment, each a container of its own.
func (s *Store) controllerViews(o *Object, c *clock) []ControllerView {
	w, ok := o.Detail.(*Workload)
	if !ok {
		return nil
	}
	if len(w.Containers) > 1 && !controllerName(o.Name) {
		var views []ControllerView
		for _, ct := range w.Containers {
			if controllerName(ct.Name) {
				v := s.controllerView(o, ct.Name, c)
				v.Version, v.Args = imageTag(ct.Image), ct.Args
				views = append(views, v)
			}
		}
		return views
	}
	if !controllerName(o.Name) {
		return nil
	}
	return []ControllerView{s.controllerView(o, o.Name, c)}
}

// controllerNames are Flux's controllers; shards append to them.
var controllerNames = []string{"source-controller", "kustomize-controller", "helm-controller", "notification-controller",
	"image-reflector-controller", "image-automation-controller", "source-watcher"}

func controllerName(n string) bool {
	return slices.ContainsFunc(controllerNames, func(c string) bool { return n == c || strings.HasPrefix(n, c+"-") })
}

func (s *Store) controllerView(o *Object, name string, c *clock) ControllerView {
	v := classifyWorkload(o, c)
	view := ControllerView{Name: name, Key: o.Key, Health: v.Health, Message: v.Message}
	if w, ok := o.Detail.(*Workload); ok {
		for _, ct := range w.Containers {
			if ct.Name == "manager" || ct.Name == name || len(w.Containers) == 1 {
				view.Version, view.Args = imageTag(ct.Image), ct.Args
				break
			}
		}
	}
	if lease := s.leaseOf(o.Namespace, name, view.Args); lease != nil {
		d := lease.Detail.(*LeaseDetail)
		view.LeaseName, view.LeaseHolder, view.LeaseRenewed = lease.Name, d.Holder, Unix(d.RenewedMS/1000)
		view.LeaseStale = s.leaseStale(lease, c)
		// A scaled-down controller is what its Deployment says it is.
		if view.LeaseStale && view.Health == Ready && v.Message != "scaled to 0" {
			view.Health = Unobserved
			view.Message = name + " is not at work: its lease was last renewed at " +
				s.clockTime(view.LeaseRenewed) + ", although its Deployment looks ready"
		}
	}
	if v.Message == "scaled to 0" {
		view.Health, view.Message = Unobserved, name+" is scaled to 0: nothing it is for is reconciled"
	}
	return view
}

func (s *Store) clockTime(u Unix) string {
	return timeOf(u).In(s.local().Location()).Format("15:04:05")
}

func imageTag(image string) string {
	image, _, _ = strings.Cut(image, "@")
	if i := strings.LastIndexByte(image, ':'); i > strings.LastIndexByte(image, '/') {
		return image[i+1:]
	}
	return ""
}
