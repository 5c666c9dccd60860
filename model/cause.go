package model

import "strings"

// maxCauseDepth bounds the walk along dependencies; a cycle ends there.
const maxCauseDepth = 16

// verdictAt judges any object, following references for causes and overlays.
func (s *Store) verdictAt(o *Object, c *clock, depth int) Verdict {
	if o == nil {
		return Verdict{Health: Unknown}
	}
	switch o.Role() {
	case RoleWorkload:
		v := classifyWorkload(o, c)
		s.judgeController(o, c, &v)
		return v
	case RoleAccess, RoleOther:
		if o.Kind != ResourceSetInputProvider && o.Kind != FluxReport {
			return classifyExisting(o, c)
		}
	}
	v := classify(o, c, s.memory[o.Key], s.offered(o))
	if depth >= maxCauseDepth {
		return v
	}
	switch d := o.Detail.(type) {
	case *Source:
		s.judgeSource(o, d, c, &v, depth)
	case *Sync:
		s.judgeSync(o, d, c, &v, depth)
	case *Instance:
		s.judgeInstance(o, d, c, &v, depth)
	}
	return v
}

// classifyExisting judges kinds that have no state but being there.
func classifyExisting(o *Object, c *clock) Verdict {
	if v, done := classifyMeta(o, c); done {
		// A namespace says itself what it waits for (Kubernetes' namespace
		// controller): what it can't find out or delete, whose finalizers hold what
		// is left, what is left.
		for _, typ := range []string{"NamespaceDeletionDiscoveryFailure", "NamespaceDeletionContentFailure", "NamespaceFinalizersRemaining", "NamespaceContentRemaining"} {
			if cond := o.Condition(typ); v.Health == Terminating && cond != nil && cond.Status == "True" {
				v.Reason, v.Message = cond.Reason, "being deleted: "+trim(cond.Message)
				break
			}
		}
		return v
	}
	if o.Kind == Node {
		return classifyNode(o)
	}
	if ns, ok := o.Detail.(*NamespaceDetail); ok {
		if ns.Phase == "Terminating" {
			return Verdict{Health: Terminating, Reason: "Terminating", Message: "being deleted"}
		}
		return Verdict{Health: Ready, Reason: "Active", Message: "active", Since: o.Created}
	}
	return Verdict{Health: NotApplicable, Reason: "Exists", Message: "exists", Since: o.Created}
}

// offered is what the object's source offers now.
func (s *Store) offered(o *Object) offer {
	if d, ok := o.Detail.(*Sync); ok {
		if src := s.sourceOf(d); src != nil {
			if sd, ok := src.Detail.(*Source); ok {
				return offer{sd.Revision, sd.Updated}
			}
		}
	}
	return offer{}
}

// sourceRevision returns the revision the object's source offers now, "" when
// it has no source or the source can't be read.
func (s *Store) sourceRevision(o *Object) string {
	d, ok := o.Detail.(*Sync)
	if !ok {
		return ""
	}
	if src := s.sourceOf(d); src != nil {
		if sd, ok := src.Detail.(*Source); ok {
			return sd.Revision
		}
	}
	return ""
}

func (s *Store) sourceOf(d *Sync) *Object {
	key, ok := d.SourceRef.Key()
	if !ok {
		return nil
	}
	return s.Get(key)
}

// judgeSource names the missing Secret behind a failing source, and says when
// a request to it has gone unanswered.
func (s *Store) judgeSource(o *Object, d *Source, c *clock, v *Verdict, depth int) {
	if v.Health == Failed {
		v.Cause = s.missingSecret(o, v)
	}
	if o.Kind == HelmChart && v.Health == Failed {
		s.causeFromSource(d.SourceRef, c, v, depth)
	}
	if !v.Suspended && unanswered(o, d.LastHandled, c) {
		v.Overlays |= Overdue
	}
}

func (s *Store) judgeSync(o *Object, d *Sync, c *clock, v *Verdict, depth int) {
	src := s.sourceOf(d)
	switch v.Health {
	case Blocked:
		s.causeFromDependency(o, d, c, v, depth)
	case Failed:
		if v.Reason == "ArtifactFailed" && s.blockedBySource(d, src, v) {
			v.Health = Blocked
			s.causeFromSource(d.SourceRef, c, v, depth)
			break
		}
		if v.Cause = s.missingAccount(o, v); v.Cause == nil {
			v.Cause = s.missingSecret(o, v)
		}
		if v.Cause == nil && v.Reason == "HealthCheckFailed" {
			v.Cause = s.unhealthyObject(v, c, depth)
		}
	case Stuck, Reconciling, Pending:
		// still running: nothing to trace yet
	}
	s.overlaySource(o, d, src, c, v, depth)
	if !v.Suspended && v.Health != Reconciling && (unanswered(o, d.LastHandled, c) || overdueSync(o, d, c, v)) {
		v.Overlays |= Overdue
	}
}

// blockedBySource tells "the source is there but has no artifact" (Blocked)
// from "there is no such source" and "the path is missing" (Failed): the
// reason is ArtifactFailed for all three.
func (s *Store) blockedBySource(d *Sync, src *Object, v *Verdict) bool {
	if strings.Contains(v.Message, "path not found") {
		return false
	}
	if src != nil {
		sd, ok := src.Detail.(*Source)
		return ok && sd.Revision == ""
	}
	return strings.Contains(strings.ToLower(v.Message), "artifact not found")
}

func (s *Store) causeFromSource(ref Ref, c *clock, v *Verdict, depth int) {
	key, ok := ref.Key()
	if !ok {
		return
	}
	src := s.Get(key)
	if src == nil {
		return
	}
	sv := s.verdictAt(src, c, depth+1)
	v.Cause = &Cause{Kind: ref.Kind, Namespace: ref.Namespace, Name: ref.Name, Reason: sv.Reason, Message: sv.Message}
}

// causeFromDependency finds the first dependency that is not ready and follows
// blocked ones to their root.
func (s *Store) causeFromDependency(o *Object, d *Sync, c *clock, v *Verdict, depth int) {
	if v.Reason == "SourceNotReady" {
		s.causeFromSource(d.SourceRef, c, v, depth)
		return
	}
	named := between(v.Message, "dependency '", "'")
	for _, dep := range d.DependsOn {
		if named != "" && named != dep.Namespace+"/"+dep.Name {
			continue
		}
		v.Cause = s.rootOf(dep, c, depth)
		return
	}
	if ns, name, ok := strings.Cut(named, "/"); ok {
		v.Cause = s.rootOf(Ref{Kind: o.Kind.String(), Namespace: ns, Name: name}, c, depth)
	}
}

func (s *Store) rootOf(dep Ref, c *clock, depth int) *Cause {
	cause := &Cause{Kind: dep.Kind, Namespace: dep.Namespace, Name: dep.Name}
	key, watched := dep.Key()
	o := s.Get(key)
	if !watched || o == nil {
		if watched && s.readable(key) {
			cause.Reason, cause.Message = "Missing", dep.String()+" does not exist"
		}
		return cause
	}
	dv := s.verdictAt(o, c, depth+1)
	if dv.Health == Blocked && dv.Cause != nil {
		return dv.Cause
	}
	cause.Reason, cause.Message = dv.Reason, dv.Message
	return cause
}

// overlaySource marks a sync that runs on with what it has because its source
// fails, is suspended or is gone, or that is behind its source.
func (s *Store) overlaySource(o *Object, d *Sync, src *Object, c *clock, v *Verdict, depth int) {
	if d.SourceRef.Kind == "" || (v.Health != Ready && v.Health != Suspended && v.Health != Reconciling) {
		return
	}
	if src == nil {
		if key, ok := d.SourceRef.Key(); ok && s.readable(key) && d.Applied != "" {
			v.Overlays |= SourceFailing
		}
		return
	}
	sv := s.verdictAt(src, c, depth+1)
	if sv.Health.Unhealthy() || sv.Suspended {
		v.Overlays |= SourceFailing
	}
	sd, ok := src.Detail.(*Source)
	if o.Kind == Kustomization && ok && sd.Revision != "" && d.Applied != "" && !SameRevision(sd.Revision, d.Applied) &&
		sd.Updated != 0 && c.passed(sd.Updated, int64(d.Interval)) {
		v.Overlays |= Behind
	}
}

// judgeInstance finds the object behind an instance that failed only because
// its sync did (domain.md §1.5), and an instance nobody serves.
func (s *Store) judgeInstance(o *Object, d *Instance, c *clock, v *Verdict, depth int) {
	if v.Health == Failed && strings.Contains(v.Message, "timeout waiting for") && d.Sync != nil {
		name := d.Sync.Name
		if name == "" {
			name = o.Namespace
		}
		for _, ref := range []Ref{{d.Sync.Kind, o.Namespace, name}, {Kustomization.String(), o.Namespace, name}} {
			key, ok := ref.Key()
			if !ok {
				continue
			}
			if obj := s.Get(key); obj != nil {
				if ov := s.verdictAt(obj, c, depth+1); ov.Health.Unhealthy() {
					v.Cause = &Cause{Kind: ref.Kind, Namespace: ref.Namespace, Name: ref.Name, Reason: ov.Reason, Message: ov.Message}
					break
				}
			}
		}
	}
	if !v.Suspended && unanswered(o, d.LastHandled, c) {
		v.Overlays |= Overdue
	}
}

// readable reports whether an object of that key would have been seen if it
// existed: its kind was read in the scope that holds it. What was known when
// the server was lost stays known.
func (s *Store) readable(k Key) bool {
	sc, ok := s.scopeOf(k.Kind, k.Namespace)
	return ok && (sc.State == ScopeSynced || sc.State == ScopeStale)
}
