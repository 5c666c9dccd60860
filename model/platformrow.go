package model

import (
	"slices"
	"strings"
)

// platformRow rolls the platform up into a row like a tenant's: controllers,
// source, sync, lockdown.
func (s *Store) platformRow(p *Platform) *Tenant {
	r := s.platformRowOrNew()
	c := s.clock()
	t := &Tenant{Name: PlatformName, IsPlatform: true, Namespaces: slices.Clone(p.Namespaces)}
	y := &tally{t: t, c: c}
	for _, ns := range r.spaces {
		sp := s.spaces[ns]
		home := s.homes.has(ns)
		for _, o := range sp.objects {
			s.addPlatformObject(y, o, home)
		}
		for k := range s.crossed[ns] {
			if o := s.Get(k); o != nil && o.Role() == RoleWorkload && s.rowName(o) == PlatformKey && !slices.Contains(r.spaces, o.Namespace) {
				s.addObject(y, o)
			}
		}
	}
	for _, list := range [][]Key{t.Sources, t.Syncs, t.Workloads} {
		slices.SortFunc(list, compareKeys)
	}
	s.markReadability(t)
	// Before Flux's own namespaces are known, anything unread may be Flux's.
	if len(p.Namespaces) == 0 && !s.complete {
		t.Reading = true
		for i := range t.Chain {
			t.Chain[i].Reading = t.Chain[i].Reading || !t.Chain[i].counted
		}
	}
	workloads := t.Chain[LinkWorkloads]
	s.addTier(y, p)
	t.Chain[LinkWorkloads] = lockdownLink(p.Lockdown)
	t.Chain[LinkWorkloads].Reading = t.Reading
	t.Reading = t.Reading || workloads.Reading
	s.conclude(y)
	s.leadWithDeadController(t, views(p))
	s.finishPlatform(t, p, y)
	r.tenant, r.due = t, c.due
	s.noteDue(c.due)
	s.logRow(r)
	return t
}

func (s *Store) platformRowOrNew() *row {
	r := s.rows[PlatformKey]
	if r == nil {
		r = &row{name: PlatformKey}
		s.rows[PlatformKey] = r
	}
	return r
}

// addPlatformObject counts what is Flux's own, or applied by Flux, towards the
// platform's health. Other workloads are listed in its row, so that nothing is
// in no row, but say nothing about it.
func (s *Store) addPlatformObject(y *tally, o *Object, home bool) {
	switch {
	case o.Role() == RoleWorkload:
		if s.rowName(o) != PlatformKey {
			return
		}
		if isController(o) || isOperator(o) {
			y.t.Workloads = append(y.t.Workloads, o.Key) // judged as a controller
			return
		}
		if home || s.Get(ownerKey(o)) != nil {
			s.addObject(y, o)
			return
		}
		y.t.Workloads = append(y.t.Workloads, o.Key)
	case home && o.Role() != RoleAccess && o.Role() != RolePlatform:
		s.addObject(y, o)
	}
}

// addTier takes operator, controllers and instance into the roll-up. It comes
// after the sync's objects, so that of two equally bad ones the sync, being the
// nearer cause, is named.
func (s *Store) addTier(y *tally, p *Platform) {
	for _, v := range views(p) {
		if o := s.Get(v.Key); o != nil {
			verdict := Verdict{Health: v.Health, Message: v.Message, Reason: "Controller", Since: v.LeaseRenewed}
			if !v.LeaseStale {
				verdict.Since = RolloutOf(o).Since
			}
			y.add(LinkAccess, o, verdict)
		}
	}
	if p.Instance == nil {
		return
	}
	v := p.InstanceV
	if v.Cause != nil {
		// Failed only because its sync did: that link says so already.
		before := y.t.Chain[LinkAccess]
		y.add(LinkAccess, p.Instance, v)
		y.t.Chain[LinkAccess] = before
		return
	}
	y.add(LinkAccess, p.Instance, v)
}

// views are the operator and the controllers.
func views(p *Platform) []ControllerView {
	if p.Operator == nil {
		return p.Controllers
	}
	return append([]ControllerView{*p.Operator}, p.Controllers...)
}

// leadWithDeadController names a controller that is not at work before any
// worse-looking object: what it is for stands still until it is back, and what
// else is said may be old.
func (s *Store) leadWithDeadController(t *Tenant, all []ControllerView) {
	for _, v := range all {
		if v.Health != Unobserved || t.Reading || t.Worst == v.Key {
			continue
		}
		if was := t.Message; strings.Contains(was, v.Name) { // it says so itself, or is about what this does to it
			t.Message = v.Message
		} else {
			t.Message = v.Message + "; also " + was
		}
		t.Worst, t.Since = v.Key, v.LeaseRenewed
		if !v.LeaseStale {
			t.Since = s.Rollout(v.Key).Since
		}
		t.Cause = &Cause{Kind: v.Key.Kind.String(), Namespace: v.Key.Namespace, Name: v.Key.Name, Reason: "Controller", Message: v.Message}
		return
	}
}

// lockdownLink: lockdown that is off is a choice the message names, not a
// failure; what can't be read is unknown.
func lockdownLink(l Lockdown) LinkState {
	switch {
	case !l.Known:
		return LinkState{Health: Unknown, counted: true}
	case l.Enabled:
		return LinkState{Health: Ready, counted: true}
	}
	return LinkState{Health: NotApplicable, counted: true}
}

// finishPlatform words what the roll-up alone can't: no Flux, no access.
func (s *Store) finishPlatform(t *Tenant, p *Platform, y *tally) {
	switch {
	case t.Reading:
	case p.NoFlux:
		t.Health, t.Message = Unknown, "Flux is not installed: the server serves none of its kinds"
	case !y.found && s.platformDenied():
		t.Denied, t.Health, t.Message = true, Unknown, "not yours to see, which is no fault"
		for i := range t.Chain {
			t.Chain[i] = LinkState{Health: Unknown, Denied: true}
		}
	case !y.found && len(s.conn.Namespaces) > 0:
		t.Health, t.Message = NotApplicable, "not read: it is outside the namespaces asked for"
		t.Chain = [LinkCount]LinkState{}
		for i := range t.Chain {
			t.Chain[i].Health = NotApplicable
		}
	case !y.found:
		t.Health, t.Message = Unknown, "no Flux controller, instance or sync was found"
	case t.Health == Ready && t.Message == "":
		t.Message = "controllers at work"
	}
	if t.Health == Ready && p.Lockdown.Known && !p.Lockdown.Enabled {
		t.Message += "; lockdown " + p.Lockdown.Detail
	}
}

// platformDenied reports whether the platform's kinds are refused somewhere.
func (s *Store) platformDenied() bool {
	for _, sc := range s.scopes {
		if sc.State == ScopeDenied && (sc.Kind == FluxInstance || sc.Namespace == "" && (sc.Kind == Deployment || sc.Kind == Kustomization)) {
			return true
		}
	}
	return false
}
