package model

import (
	"slices"
	"strings"
)

// Gravity is how much a finding matters.
type Gravity uint8

// The gravities, the least first.
const (
	GravityInfo Gravity = iota
	GravityLow
	GravityMedium
	GravityHigh
	GravityCritical
)

// String returns the word.
func (g Gravity) String() string { return [...]string{"info", "low", "medium", "high", "critical"}[g] }

// Finding is something about a tenant, or the platform, that somebody should
// know although nothing may be broken yet. Rule names the rule it is of:
// domain.md §7.4 P1 to P26, or a word of its own.
type Finding struct {
	Rule     string
	Gravity  Gravity
	Tenant   string // the key of its row
	Key      Key    // the object it is about; zero = the tenant as a whole
	Evidence string // what it was seen by
	// Unknown: the rule could not be judged; Evidence says why.
	Unknown bool

	namespace string // of the other, where the rule is about one
}

// Rule is what a finding says, why that matters, and what to do.
type Rule struct{ Title, Why, Fix string }

// Findings keeps what was found of every tenant until the tenant is rebuilt.
// The zero value has found nothing yet.
type Findings struct {
	of       map[string]*tenantFindings
	last     []*tenantFindings // by tenant
	ground   string
	platform []Finding
	shared   map[application]map[string]Key // who applies what, by row
	sharing  []Finding
	stale    bool   // shared has changed since sharing was made
	changed  bool   // something else is found than by the update before
	version  uint64 // grows when something else is found
}

type tenantFindings struct {
	tenant  *Tenant
	found   []Finding
	perhaps []Finding // those that rest on whose another namespace is
	so      []Finding // the ones of these that hold
	applies []applied
}

type applied struct {
	what application
	by   Key
}

// ground is what the rules for tenants rest on besides the tenant itself.
type ground struct {
	controllers bool          // they are known
	seen        map[Kind]bool // whose controller is known
	accounts    map[Kind]string
	shards      []string
	bound       map[Key]bool // accounts with a binding of the whole cluster
}

// Update looks at what has changed and returns a number that grows whenever
// something else is found. Tenants that are the same are not looked at again.
func (f *Findings) Update(s *Store) uint64 {
	p := s.Platform()
	g, mark := s.ground(p)
	f.changed = false
	if f.of == nil || f.ground != mark {
		*f = Findings{of: map[string]*tenantFindings{}, ground: mark, shared: map[application]map[string]Key{}, changed: true, stale: true,
			version: f.version}
	}
	platform := s.platformFindings(p, g)
	f.changed = f.changed || !slices.Equal(platform, f.platform)
	f.platform = platform
	all := s.Tenants()
	last := f.last
	f.last = make([]*tenantFindings, 0, len(all))
	for i, t := range all {
		var kept *tenantFindings
		if i < len(last) && last[i].tenant == t {
			kept = last[i]
		} else {
			kept = f.judge(s, t, g)
		}
		f.last = append(f.last, kept)
		if len(kept.perhaps) > 0 {
			f.decide(s, kept)
		}
	}
	if len(f.of) > len(all) {
		f.forget(s)
	}
	if f.stale {
		sharing := f.findSharing()
		f.changed = f.changed || !slices.Equal(sharing, f.sharing)
		f.sharing, f.stale = sharing, false
	}
	if f.changed {
		f.version++
	}
	return f.version
}

// decide finds out which of a tenant's doubtful findings hold.
func (f *Findings) decide(s *Store, kept *tenantFindings) {
	var so []Finding
	for _, found := range kept.perhaps {
		if s.foreign(found.namespace, found.Tenant) {
			so = append(so, found)
		}
	}
	if !slices.Equal(so, kept.so) {
		kept.so, f.changed = so, true
	}
}

// Each calls do for every finding of the last update: the platform's first,
// then by tenant.
func (f *Findings) Each(do func(*Finding)) {
	each := func(list []Finding) {
		for i := range list {
			do(&list[i])
		}
	}
	each(f.platform)
	for _, kept := range f.last {
		each(kept.found)
		each(kept.so)
	}
	each(f.sharing)
}

func (f *Findings) judge(s *Store, t *Tenant, g *ground) *tenantFindings {
	kept := f.of[t.Name]
	if kept == nil {
		kept = &tenantFindings{}
		f.of[t.Name] = kept
	}
	if kept.tenant == t {
		return kept
	}
	c := check{s: s, t: t, row: t.Name, g: g}
	if !t.Reading && !t.Denied {
		for _, rule := range tenantRules {
			rule(&c)
		}
	}
	var applies []applied
	for _, k := range t.Syncs {
		if a, ok := s.applicationOf(k); ok {
			applies = append(applies, applied{a, k})
		}
	}
	if !slices.Equal(applies, kept.applies) {
		f.unshare(t.Name, kept)
		for _, a := range applies {
			if f.shared[a.what] == nil {
				f.shared[a.what] = map[string]Key{}
			}
			f.shared[a.what][t.Name] = a.by
		}
		f.stale = true
	}
	f.changed = f.changed || !slices.Equal(kept.found, c.found)
	kept.tenant, kept.found, kept.applies, kept.perhaps = t, c.found, applies, c.perhaps
	if len(c.perhaps) == 0 {
		f.changed, kept.so = f.changed || len(kept.so) > 0, nil
	}
	return kept
}

// forget drops what was found of tenants that are gone.
func (f *Findings) forget(s *Store) {
	for name, kept := range f.of {
		if s.rows[name] == nil {
			f.unshare(name, kept)
			delete(f.of, name)
			f.changed, f.stale = true, true
		}
	}
}

// foreign reports whether a namespace belongs to another tenant.
func (s *Store) foreign(namespace, tenant string) bool {
	sp := s.spaces[namespace]
	return sp != nil && sp.row != "" && sp.row != PlatformKey && sp.row != tenant
}

// ground reads what the rules rest on, and marks it: when it changes, every
// tenant is judged anew.
func (s *Store) ground(p *Platform) (*ground, string) {
	g := &ground{accounts: map[Kind]string{}, bound: map[Key]bool{}, seen: map[Kind]bool{}, controllers: len(p.Controllers) > 0}
	var mark strings.Builder
	for _, c := range p.Controllers {
		mark.WriteString(strings.Join(c.Args, " "))
		for kind, name := range map[Kind]string{Kustomization: "kustomize-controller", HelmRelease: "helm-controller"} {
			if baseController(c.Name) != name {
				continue
			}
			g.seen[kind] = true
			mark.WriteString(name + "\n")
			if flagSet(c.Args, "--default-service-account") {
				g.accounts[kind] = flagValue(c.Args, "--default-service-account")
			}
		}
		for _, a := range c.Args {
			if strings.Contains(a, LabelShard) {
				g.shards = append(g.shards, a)
			}
		}
	}
	s.ObjectsIn("", ClusterRoleBinding, func(o *Object) bool {
		if b, ok := o.Detail.(*Binding); ok {
			for _, subject := range b.Subjects {
				if k, ok := subject.Accounts(); ok {
					g.bound[k] = true
					mark.WriteString(k.Namespace + "/" + k.Name + "\n")
				}
			}
		}
		return true
	})
	for _, k := range []Kind{ServiceAccount, RoleBinding, ClusterRoleBinding, Secret} {
		mark.WriteString(s.KindStatus(k).State.String())
	}
	return g, mark.String()
}

// flagValue reads the value of --flag=v or "--flag v"; of several the last.
func flagValue(args []string, flag string) string {
	value := ""
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, flag+"="); ok {
			value = v
		} else if a == flag && i+1 < len(args) {
			value = args[i+1]
		}
	}
	return value
}
