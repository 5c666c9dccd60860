package model

import (
	"slices"
	"strings"
)

// row is a tenant in the making: which namespaces it has, and its derived
// state while nothing has changed.
type row struct {
	name   string
	spaces []string // sorted
	tenant *Tenant  // nil = to be derived
	due    Unix
	last   Health // as last logged
	logged bool
}

// crossRefPrefix keys, in Store.crossed, the namespaces whose objects refer to
// objects of another namespace; the plain namespace keys its foreign workloads.
const crossRefPrefix = "\x00"

func (s *Store) markRow(r *row) {
	r.tenant, s.sorted = nil, nil
	if r.name == PlatformKey {
		s.platform = nil
	}
}

// index keeps what ties objects to rows: the row of the namespace, the
// namespaces of Flux, references across namespaces.
func (s *Store) index(sp *space, old, new *Object) {
	moved := s.homes.update(old, new)
	s.hosts.update(old, new)
	for ns := range crossNamespaces(old) {
		s.uncross(ns, old.Key)
	}
	for ns := range crossNamespaces(new) {
		if s.crossed[ns] == nil {
			s.crossed[ns] = map[Key]bool{}
		}
		s.crossed[ns][new.Key] = true
	}
	o := new
	if o == nil {
		o = old
	}
	if o.Kind == Namespace {
		s.indexNamespace(o.Name, new != nil)
	}
	if sp.row == "" || shapesRow(old, new) {
		s.assign(sp)
	}
	for _, ns := range moved {
		if other := s.spaces[ns]; other != nil {
			s.assign(other)
		}
	}
}

func (s *Store) uncross(ns string, k Key) {
	if delete(s.crossed[ns], k); len(s.crossed[ns]) == 0 {
		delete(s.crossed, ns)
	}
}

// indexNamespace puts a namespace into its row by its labels; it has one even
// while nothing is in it.
func (s *Store) indexNamespace(name string, exists bool) {
	sp := s.space(name)
	if !exists && len(sp.objects) == 0 {
		s.dropSpace(sp)
		return
	}
	s.assign(sp)
	if r := s.rows[sp.row]; r != nil {
		s.markRow(r)
	}
}

// crossNamespaces yields the index keys under which an object is found from
// another namespace: as a foreign workload of its sync, or as a referrer.
func crossNamespaces(o *Object) map[string]bool {
	if o == nil {
		return nil
	}
	var out map[string]bool
	add := func(ns string) {
		if out == nil {
			out = map[string]bool{}
		}
		out[ns] = true
	}
	switch d := o.Detail.(type) {
	case *Workload:
		if owner := ownerKey(o); owner.Namespace != "" && owner.Namespace != o.Namespace {
			add(owner.Namespace)
		}
	case *Sync:
		if ns := d.SourceRef.Namespace; ns != "" && ns != o.Namespace {
			add(crossRefPrefix + ns)
		}
		for _, dep := range d.DependsOn {
			if dep.Namespace != "" && dep.Namespace != o.Namespace {
				add(crossRefPrefix + dep.Namespace)
			}
		}
	}
	return out
}

// shapesRow reports whether the change may move the namespace to another row.
func shapesRow(old, new *Object) bool {
	o := new
	if o == nil {
		o = old
	}
	switch o.Kind.Role() {
	case RoleAccess:
		return old == nil || new == nil || !slices.Equal(old.Labels, new.Labels)
	case RoleSource, RoleSync:
		return old == nil || new == nil
	}
	return false
}

// assign puts the namespace into the row it belongs to.
func (s *Store) assign(sp *space) {
	name, _ := s.tenantOfSpace(sp, false)
	if name == sp.row {
		return
	}
	s.leaveRow(sp)
	sp.row = name
	if name == "" {
		return
	}
	r := s.rows[name]
	if r == nil {
		r = &row{name: name}
		s.rows[name] = r
		s.names = nil
	}
	if i, ok := slices.BinarySearch(r.spaces, sp.name); !ok {
		r.spaces = slices.Insert(r.spaces, i, sp.name)
	}
	s.markRow(r)
}

// leaveRow takes the namespace out of its row; a tenant without namespaces is
// no row.
func (s *Store) leaveRow(sp *space) {
	r := s.rows[sp.row]
	if r == nil {
		return
	}
	if i, ok := slices.BinarySearch(r.spaces, sp.name); ok {
		r.spaces = slices.Delete(r.spaces, i, i+1)
	}
	s.markRow(r)
	if len(r.spaces) == 0 && r.name != PlatformKey {
		delete(s.rows, r.name)
		s.names = nil
	}
}

// dropSpace forgets a namespace that is gone and empty.
func (s *Store) dropSpace(sp *space) {
	s.leaveRow(sp)
	delete(s.spaces, sp.name)
}

// claims collects who says whose a namespace is; the first claim decides.
type claims struct {
	tenant   string
	collect  bool // keep the evidence too, not only the answer
	evidence []Evidence
}

func (c *claims) add(tenant, rule string, o *Object, detail ...string) {
	if c.tenant == "" {
		c.tenant = tenant
	}
	if c.collect {
		c.evidence = append(c.evidence, Evidence{Rule: rule, Kind: o.Kind.String(), Namespace: o.Namespace, Name: o.Name,
			Detail: strings.Join(detail, "")})
	}
}

func (c *claims) settled() bool { return c.tenant != "" && !c.collect }

// tenantOfSpace decides whose a namespace is, by domain.md §7.1, and why.
// Namespaces that show no tenancy belong to the platform's row, so that every
// object is in exactly one row.
func (s *Store) tenantOfSpace(sp *space, collect bool) (string, []Evidence) {
	if sp.name == "" || s.homes.has(sp.name) {
		return PlatformKey, nil
	}
	c := claims{collect: collect}
	if o := s.namespaceObject(sp.name); o != nil {
		c.addNamespace(o)
	}
	if !c.settled() {
		c.addAccess(sp)
	}
	if c.tenant == "" {
		for _, o := range sp.objects {
			if r := o.Role(); r == RoleSource || r == RoleSync {
				c.add(sp.name, "implicit", o, "a namespace with Flux objects")
				break
			}
		}
	}
	if c.tenant == "" {
		return PlatformKey, nil
	}
	return c.tenant, c.evidence
}

func (s *Store) namespaceObject(name string) *Object {
	return s.Get(Key{Kind: Namespace, Name: name})
}

func (c *claims) addNamespace(o *Object) {
	if t := o.Labels.Get(LabelTenant); t != "" {
		c.add(t, "tenant label", o, LabelTenant, "=", t)
	}
	if t := o.Labels.Get(LabelCapsuleTenant); t != "" {
		c.add(t, "capsule", o, LabelCapsuleTenant, "=", t)
	}
	if strings.HasPrefix(o.Name, "tenant-") {
		for _, l := range o.Labels {
			if strings.HasPrefix(l.Name, "tenant.cozystack.io/") {
				c.add(o.Name, "cozystack", o, l.Name)
				break
			}
		}
	}
	if rs := o.Labels.Get(LabelResourceSetName); rs != "" {
		c.add(o.Name, "resourceset", o, "made by ResourceSet ", o.Labels.Get(LabelResourceSetNS), "/", rs)
	}
}

// addAccess reads the labels of the namespace's accounts and role bindings.
func (c *claims) addAccess(sp *space) {
	i, _ := sp.find(ServiceAccount, "")
	for ; i < len(sp.objects) && sp.objects[i].Kind <= RoleBinding && !c.settled(); i++ {
		o := sp.objects[i]
		if t := o.Labels.Get(LabelTenant); t != "" {
			c.add(t, "tenant label", o, LabelTenant, "=", t)
		} else if rs := o.Labels.Get(LabelResourceSetName); rs != "" {
			c.add(sp.name, "resourceset", o, "made by ResourceSet ", o.Labels.Get(LabelResourceSetNS), "/", rs)
		}
	}
}

// rowName returns the row an object belongs to. A workload outside every
// tenant's namespaces belongs to the row of the sync that applied it.
func (s *Store) rowName(o *Object) string {
	sp := s.spaces[o.Namespace]
	if o.Kind == Namespace {
		sp = s.spaces[o.Name]
	}
	own := PlatformKey
	if sp != nil && sp.row != "" {
		own = sp.row
	}
	if own == PlatformKey && o.Role() == RoleWorkload && !s.homes.has(o.Namespace) {
		if owner := ownerKey(o); owner.Namespace != o.Namespace && s.Get(owner) != nil {
			if osp := s.spaces[owner.Namespace]; osp != nil && osp.row != "" {
				return osp.row
			}
		}
	}
	return own
}

// TenantOf returns the name of the row the object belongs to.
func (s *Store) TenantOf(k Key) string {
	if o := s.Get(k); o != nil {
		return s.rowName(o)
	}
	return PlatformKey
}
