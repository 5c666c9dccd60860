package model

import (
	"slices"
)

// PlatformName is what the platform's row is called on a screen.
const PlatformName = "platform"

// PlatformKey is what TenantOf and Tenant know the platform's row by: no
// tenant can be called so, while one may well be called "platform".
const PlatformKey = "\x00platform"

// Apply takes in a batch: objects first, then the scopes' states, so that a
// scope is synced only once its objects are there.
func (s *Store) Apply(b Batch) {
	changed := b.Conn != nil || len(b.Scopes) > 0
	if b.Conn != nil {
		s.conn = *b.Conn
		s.platform = nil
	}
	c := s.clock()
	s.trails.blurred, s.trails.vague = b.Waited > sharpFor || len(b.Scopes) > 0, b.Waited > fetchesApart || len(b.Scopes) > 0
	for i := range b.Changes {
		if s.applyChange(&b.Changes[i], c) {
			changed = true
		}
	}
	if len(s.trails.opening)+len(s.trails.unsettled) > 0 {
		s.reopen(c.now)
	}
	for _, sc := range b.Scopes {
		s.applyScope(sc)
	}
	if b.Conn != nil || len(b.Scopes) > 0 {
		s.listen(c.now)
		s.heeding = true
	}
	if s.heeding && s.complete {
		s.heeding = false
		changed = s.heed(s.clock()) || changed
	}
	if changed {
		s.revision++
	}
}

// applyChange takes in one object and reports whether a screen could differ.
func (s *Store) applyChange(ch *ObjectChange, c *clock) bool {
	if ch.Key.Kind.OnRequest() {
		s.followEvent(ch.Object)
		return s.requested.apply(ch)
	}
	sp := s.space(ch.Key.Namespace)
	i, found := sp.find(ch.Key.Kind, ch.Key.Name)
	var old *Object
	if found {
		old = sp.objects[i]
	}
	if old == nil && ch.Object == nil {
		return false
	}
	live := s.live(ch.Key)
	before, wasTraced := s.healthBefore(old, c, live)
	switch {
	case ch.Object == nil:
		sp.objects = slices.Delete(sp.objects, i, i+1)
	case found:
		sp.objects[i] = ch.Object
	default:
		sp.objects = slices.Insert(sp.objects, i, ch.Object)
	}
	s.index(sp, old, ch.Object)
	if ch.Object == nil {
		s.escapes.forget(ch.Key)
	} else if ch.Object.Role() == RoleSync {
		s.noteEscape(ch.Object)
	}
	if old != nil && ch.Object != nil && old.UID != ch.Object.UID {
		delete(s.memory, ch.Key) // another object of the same name
	}
	s.keepMemory(ch.Key, ch.Object, c, !live && old == nil)
	s.reindex(old, ch.Object)
	if live {
		s.follow(old, ch.Object, before, c)
		s.logChange(old, ch.Object, before, wasTraced, c)
	}
	shown := s.markFor(sp, old, ch.Object)
	if len(sp.objects) == 0 && (sp.name == "" || s.namespaceObject(sp.name) == nil) {
		s.dropSpace(sp)
	}
	return shown
}

// live reports whether the object's scope had been read before: what arrives
// earlier is the first list, not news.
func (s *Store) live(k Key) bool {
	sc, ok := s.scopeOf(k.Kind, k.Namespace)
	return ok && sc.State != ScopeSyncing
}

func (s *Store) healthBefore(old *Object, c *clock, live bool) (Verdict, bool) {
	if !live || old == nil || !traced(old.Kind) {
		return Verdict{}, false
	}
	return s.verdictAt(old, c, 0), true
}

// traced reports whether health changes of a kind are logged.
func traced(k Kind) bool {
	switch k.Role() {
	case RoleSource, RoleSync, RoleWorkload, RolePlatform:
		return true
	}
	return false
}

func (s *Store) keepMemory(k Key, o *Object, c *clock, first bool) {
	if o == nil {
		delete(s.memory, k)
		return
	}
	mem := remember(s.memory[k], o, c, s.offered(o), first)
	if mem == nil {
		delete(s.memory, k)
	} else {
		s.memory[k] = mem
	}
}

// markFor marks the rows an object's change concerns.
func (s *Store) markFor(sp *space, old, new *Object) bool {
	o := new
	if o == nil {
		o = old
	}
	if o.Kind == Lease {
		s.platform, s.heeding = nil, true
		if old != nil && new != nil {
			return false // its heartbeat alone changes nothing on a screen
		}
		if r := s.rows[PlatformKey]; r != nil {
			s.markRow(r)
		}
		return true
	}
	if s.homes.has(sp.name) || o.Role() == RolePlatform || o.Kind == FluxReport {
		s.platform, s.heeding = nil, true
	}
	if r := s.rows[s.rowName(o)]; r != nil {
		s.markRow(r)
	}
	if r := s.rows[sp.row]; r != nil {
		s.markRow(r)
	}
	// A sync that comes or goes takes its workloads elsewhere along.
	if o.Role() == RoleSync && len(s.crossed[o.Namespace]) > 0 {
		s.markRow(s.platformRowOrNew())
	}
	// Dependents in other rows (a shared source, a dependency across
	// namespaces) read this object's verdict.
	for ns := range s.crossed[crossRefPrefix+o.Namespace] {
		if dep := s.spaces[ns.Namespace]; dep != nil && s.rows[dep.row] != nil {
			s.markRow(s.rows[dep.row])
		}
	}
	return true
}

// logChange writes what changed to the log.
func (s *Store) logChange(old, new *Object, before Verdict, traceable bool, c *clock) {
	o := new
	if o == nil {
		o = old
	}
	add := func(ch Change, from, to, rev string) {
		s.log.add(Entry{At: c.now, Key: o.Key, Change: ch, From: from, To: to, Revision: rev, UID: lastingUID(old, new)})
	}
	if o.Kind == Lease || o.Kind == ReplicaSet || o.Kind == FluxReport {
		return
	}
	switch {
	case old == nil:
		add(ChangeAppeared, "", "", "")
		return
	case new == nil:
		add(ChangeGone, "", "", "")
		return
	case old.UID != new.UID && old.UID != "" && new.UID != "":
		add(ChangeRecreated, old.UID, new.UID, "")
	}
	if a, b := old.IsSuspended(), new.IsSuspended(); a != b {
		change, by := ChangeResumed, new.WroteSpec("suspend")
		if b {
			change, by = ChangeSuspended, whoSuspended(old, new, by)
		}
		s.log.add(Entry{At: c.now, Key: o.Key, Change: change, Detail: by})
	}
	s.logSpec(old, new, c)
	s.logDetail(old, new, c, add)
	if traceable {
		after := s.verdictAt(new, c, 0)
		s.logSecret(new, before, after)
		// What a controller's lease says of it too is told where it is heeded.
		if _, heeded := s.atWork[o.Key]; after.Health != before.Health && !heeded {
			s.log.add(Entry{At: c.now, Key: o.Key, Change: ChangeHealth, From: before.Health.String(), To: after.Health.String(), Detail: after.Message})
		}
	}
}

// lastingUID is the UID of an object that is still the same; "" else.
func lastingUID(old, new *Object) string {
	if old == nil || new == nil || old.UID != new.UID {
		return ""
	}
	return new.UID
}

func (s *Store) logDetail(old, new *Object, c *clock, add func(Change, string, string, string)) {
	switch d := new.Detail.(type) {
	case *Instance:
		if was, ok := old.Detail.(*Instance); ok && SyncWords(was.Sync) != SyncWords(d.Sync) {
			by := "" // what took fields away with it leaves no trace in managedFields
			if d.SpecAt > was.SpecAt || d.SpecAt == was.SpecAt && d.SpecBy != was.SpecBy {
				by = d.SpecBy
			}
			s.log.add(Entry{At: c.now, Key: new.Key, Change: ChangeSync, From: SyncWords(was.Sync), To: SyncWords(d.Sync), Detail: by})
		}
	case *Source:
		if was, ok := old.Detail.(*Source); ok && was.Revision != d.Revision {
			e := Entry{At: c.now, Key: new.Key, Change: ChangeRevision, From: was.Revision, To: d.Revision, UID: lastingUID(old, new)}
			if !s.sawEach(new.Key) {
				e.Detail = nobodyWatched
			}
			s.log.add(e)
		}
	case *Sync:
		was, ok := old.Detail.(*Sync)
		if ok && was.Attempted != d.Attempted {
			add(ChangeAttempted, was.Attempted, d.Attempted, "")
		}
		if ok && was.Applied != d.Applied {
			add(ChangeApplied, was.Applied, d.Applied, "")
		}
	case *Workload:
		if old.Generation != new.Generation && old.Undecodable == "" {
			s.logGeneration(old, new, c)
		}
		if from, to := s.rolloutTurn(old, new, c); to != "" {
			add(ChangeRollout, from, to, "")
		}
	}
}

// rolloutTurn tells from which stage to which a rollout went, "" when it is
// where it was. Pods that more replicas wait for look like pods that were lost
// (NewReplicaSetAvailable, fewer available than desired): that is a stage of
// its own only in the generation's end, which is told when it comes.
func (s *Store) rolloutTurn(old, new *Object, c *clock) (from, to string) {
	a, b := RolloutOf(old), RolloutOf(new)
	switch {
	case b.State == RolloutDegraded:
		return "", ""
	case a.State == RolloutDegraded && b.State == RolloutDone:
		if g := s.trails.generations.last(new.Key); g != nil && g.Number == new.Generation && g.RolledOut.At == c.now && g.RolledOut.By == ProofSeen {
			return "moving", "done"
		}
		return "", ""
	case a.Moving() != b.Moving():
		return a.word(), b.word()
	}
	return "", ""
}

func (r Rollout) word() string {
	switch {
	case r.Moving():
		return "moving"
	case r.State == RolloutDone, r.State == RolloutDegraded:
		return "done"
	case r.State == RolloutPaused:
		return "paused"
	}
	return "failed"
}
