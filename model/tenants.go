package model

import (
	"slices"
	"sort"
	"strconv"
	"time"
)

func timeOf(u Unix) time.Time { return time.Unix(int64(u), 0) }

// Tenants returns every tenant, without the platform, by name. The slice and
// what it points to are rebuilt on change, never mutated.
func (s *Store) Tenants() []*Tenant {
	if s.names == nil {
		s.names = make([]string, 0, len(s.rows))
		for name := range s.rows {
			if name != PlatformKey {
				s.names = append(s.names, name)
			}
		}
		sort.Strings(s.names)
	}
	if s.sorted == nil {
		s.sorted = make([]*Tenant, 0, len(s.names))
		for _, name := range s.names {
			s.sorted = append(s.sorted, s.derive(s.rows[name]))
		}
	}
	return s.sorted
}

// Tenant returns the tenant of that name, or nil. PlatformKey is the
// platform's row.
func (s *Store) Tenant(name string) *Tenant {
	if name == PlatformKey {
		return s.Platform().Row
	}
	if r := s.rows[name]; r != nil {
		return s.derive(r)
	}
	return nil
}

func (s *Store) derive(r *row) *Tenant {
	if r.tenant == nil {
		c := s.clock()
		r.tenant = s.buildTenant(r, c)
		r.due = c.due
		s.noteDue(c.due)
		s.logRow(r)
	}
	return r.tenant
}

// logRow notes a row's change of health; the first one is not news.
func (s *Store) logRow(r *row) {
	t := r.tenant
	if t.Reading {
		return
	}
	if r.logged && r.last != t.Health {
		s.log.add(Entry{At: Unix(s.Now().Unix()), Key: Key{Name: r.name}, Change: ChangeTenant,
			From: r.last.String(), To: t.Health.String(), Detail: t.Message})
	}
	r.last, r.logged = t.Health, true
}

// tally gathers a row's roll-up while its objects are looked at.
type tally struct {
	t       *Tenant
	c       *clock
	worst   Verdict
	link    Link
	found   bool
	syncs   int // sources and syncs
	stopped int
	latest  Unix // newest change of content
	applied []string
	ahead   string // a revision a source has and a sync has not applied
}

func (s *Store) buildTenant(r *row, c *clock) *Tenant {
	t := &Tenant{Name: r.name, Namespaces: slices.Clone(r.spaces)}
	y := &tally{t: t, c: c}
	if s.markReadability(t); t.Reading {
		// Nothing can be said before every kind it is made of has been read, and
		// while thousands of tenants arrive, saying nothing must be cheap.
		s.conclude(y)
		return t
	}
	for _, ns := range r.spaces {
		sp := s.spaces[ns]
		_, ev := s.tenantOfSpace(sp, true)
		t.Evidence = append(t.Evidence, ev...)
		for _, o := range sp.objects {
			if o.Role() != RoleWorkload || s.rowName(o) == r.name {
				s.addObject(y, o)
			}
		}
		for k := range s.crossed[ns] {
			if o := s.Get(k); o != nil && o.Role() == RoleWorkload && s.rowName(o) == r.name && !slices.Contains(r.spaces, o.Namespace) {
				s.addObject(y, o)
			}
		}
		s.addNamespace(y, ns)
	}
	s.addMissing(y)
	for _, list := range [][]Key{t.Sources, t.Syncs, t.Workloads, t.Access} {
		slices.SortFunc(list, compareKeys)
	}
	s.markReadability(t)
	s.conclude(y)
	return t
}

func (s *Store) addObject(y *tally, o *Object) {
	t := y.t
	switch o.Role() {
	case RoleAccess:
		if o.Kind != Namespace {
			t.Access = append(t.Access, o.Key)
			y.add(LinkAccess, o, Verdict{Health: Ready})
		}
	case RoleSource:
		t.Sources = append(t.Sources, o.Key)
		y.add(LinkSource, o, s.verdictAt(o, y.c, 0))
		d, ok := o.Detail.(*Source)
		if ok && d.Revision != "" && !slices.Contains(t.Revisions, d.Revision) {
			t.Revisions = append(t.Revisions, d.Revision)
		}
		if ok {
			y.latest = max(y.latest, d.Updated)
		}
	case RoleSync:
		t.Syncs = append(t.Syncs, o.Key)
		y.add(LinkSync, o, s.verdictAt(o, y.c, 0))
		if h := history(o); len(h) > 0 {
			y.latest = max(y.latest, h[0].First)
		}
		if d, ok := o.Detail.(*Sync); ok && d.Applied != "" && o.Kind == Kustomization {
			y.applied = append(y.applied, d.Applied)
			if src := s.sourceRevision(o); src != "" && !SameRevision(src, d.Applied) && y.c.passed(s.sourceUpdated(d), aheadGrace) {
				y.t.Chain[LinkSync].RunsOn = true
				y.ahead = src
			}
		}
	case RoleWorkload:
		t.Workloads = append(t.Workloads, o.Key)
		y.add(LinkWorkloads, o, s.verdictAt(o, y.c, 0))
		if at := movedAt(o); at > t.MovedAt || t.LastMoved == (Key{}) {
			t.LastMoved, t.MovedAt = o.Key, at
		}
	}
}

// movedAt tells when a workload's spec last changed, as well as it can be
// known from the object: the newest write that was not to its status.
func movedAt(o *Object) Unix {
	w, ok := o.Detail.(*Workload)
	if !ok {
		return 0
	}
	at := o.Created
	for _, m := range w.Managers {
		if !m.Aside && m.Subresource == "" && m.Name != "kube-controller-manager" {
			at = max(at, m.Time)
		}
	}
	return at
}

func (s *Store) addNamespace(y *tally, ns string) {
	if o := s.namespaceObject(ns); o != nil {
		v := classifyExisting(o, y.c)
		if v.Health == Ready {
			v = Verdict{Health: Ready}
		}
		y.add(LinkAccess, o, v)
	}
}

// add takes one object's verdict into the roll-up.
func (y *tally) add(link Link, o *Object, v Verdict) {
	state := &y.t.Chain[link]
	if !state.counted {
		state.counted, state.Health = true, NotApplicable
	}
	state.Health = Worse(state.Health, v.Health)
	if v.Overlays.Has(SourceFailing) || v.Overlays.Has(Behind) {
		state.RunsOn = true
	}
	if link == LinkSource || link == LinkSync {
		y.syncs++
		if v.Suspended {
			y.stopped++
			y.t.Overdue = y.t.Overdue || pastUntil(o, y.c)
		}
	}
	if !y.found || v.Health.Severity() > y.worst.Health.Severity() {
		y.found, y.worst, y.link = true, v, link
		y.t.Worst = o.Key
	}
}

// markReadability says which links can't be judged: refused, or not read yet.
func (s *Store) markReadability(t *Tenant) {
	kinds := [LinkCount][]Kind{
		LinkAccess:    {Namespace, ServiceAccount, RoleBinding},
		LinkSource:    {GitRepository, OCIRepository, Bucket, HelmRepository},
		LinkSync:      {Kustomization, HelmRelease},
		LinkWorkloads: {Deployment, StatefulSet, DaemonSet},
	}
	for link := range kinds {
		l := &t.Chain[link]
		if !l.counted {
			l.Health = NotApplicable
		}
		denied, read := 0, 0
		for _, k := range kinds[link] {
			for _, ns := range t.Namespaces {
				sc, ok := s.scopeOf(k, ns)
				switch {
				case !ok:
				case sc.State == ScopeSyncing:
					l.Reading, t.Reading = true, true
				case sc.State == ScopeDenied:
					denied++
				default:
					read++
				}
			}
		}
		// What is refused could hold objects of it, unless others show what it is.
		l.Denied = denied > 0 && (read == 0 || !l.counted)
	}
}

// conclude turns the tally into the row's own words.
func (s *Store) conclude(y *tally) {
	t := y.t
	t.Suspended = SuspendedCount{Suspended: y.stopped, Of: y.syncs}
	switch {
	case t.Reading:
		t.Health, t.Message, t.Worst = Pending, "still being read", Key{}
		return
	case !y.found:
		t.Health, t.Message, t.Worst = NotApplicable, "nothing in it yet", Key{}
		return
	}
	t.Health, t.Since, t.Retrying = y.worst.Health, y.worst.Since, y.worst.Retrying
	if (t.Health == NotApplicable || t.Health == Ready) && t.Chain[LinkSync].Denied && !t.IsPlatform {
		t.Health, t.Worst, t.Since, t.Message = Unknown, Key{}, 0, "what applies it can't be read by you"
		return
	}
	if t.Health == NotApplicable || t.Health == Ready {
		t.Health, t.Worst = Ready, Key{}
		t.Since = max(y.latest, t.MovedAt)
		t.Message = y.readyMessage()
		return
	}
	worst := s.Get(t.Worst)
	t.Message = Sentence(worst, y.worst)
	t.Cause = y.worst.Cause
	if t.Cause == nil && t.Health.Unhealthy() {
		t.Cause = &Cause{Kind: worst.Kind.String(), Namespace: worst.Namespace, Name: worst.Name,
			Reason: y.worst.Reason, Message: y.worst.Message}
	}
}

func (y *tally) readyMessage() string {
	runs := y.applied
	if len(runs) == 0 {
		runs = y.t.Revisions
	}
	slices.Sort(runs)
	runs = slices.Compact(runs)
	switch {
	case len(runs) == 0:
		return ""
	case y.ahead != "":
		return "runs " + ShortRevision(runs[0]) + "; " + ShortRevision(y.ahead) + " is fetched and not applied"
	case y.t.Chain[LinkSync].RunsOn:
		return "runs on with " + ShortRevision(runs[0]) + ", the newest that is known"
	case len(runs) == 1:
		return "runs " + ShortRevision(runs[0])
	}
	return "runs " + ShortRevision(runs[0]) + " and " + strconv.Itoa(len(runs)-1) + " more"
}

// aheadGrace: a sync follows its source within moments; only after this does
// a difference mean that the tenant runs on with something old.
const aheadGrace = 10

func (s *Store) sourceUpdated(d *Sync) Unix {
	if src := s.sourceOf(d); src != nil {
		if sd, ok := src.Detail.(*Source); ok {
			return sd.Updated
		}
	}
	return 0
}
