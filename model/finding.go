package model

import (
	"cmp"
	"fmt"
	"maps"
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

	// namespace, when set, makes it a finding only while the namespace belongs
	// to another tenant, which no object of this one tells.
	namespace string
}

// Rule is what a finding says, why that matters, and what to do.
type Rule struct{ Title, Why, Fix string }

// Findings keeps what was found of every tenant until the tenant is rebuilt.
// The zero value has found nothing yet.
type Findings struct {
	of     map[string]*tenantFindings
	last   []*tenantFindings
	ground string
	shared map[application]map[string]Key // who applies what, by row
}

type tenantFindings struct {
	tenant  *Tenant
	found   []Finding
	applies []application
}

// application is one path of one repository being applied.
type application struct{ url, ref, path string }

// ground is what the rules for tenants rest on besides the tenant itself.
type ground struct {
	controllers bool // they are known
	accounts    map[Kind]string
	shards      []string
	bound       map[Key]bool // accounts with a binding of the whole cluster
}

// Find returns all findings, the platform's first, then by tenant.
func (f *Findings) Find(s *Store) []Finding {
	p := s.Platform()
	g, mark := s.ground(p)
	if f.of == nil || f.ground != mark {
		*f = Findings{of: map[string]*tenantFindings{}, ground: mark, shared: map[application]map[string]Key{}}
	}
	all := s.Tenants()
	last := f.last
	f.last = make([]*tenantFindings, 0, len(all))
	var out []Finding
	out = append(out, s.platformFindings(p, g)...)
	seen := 0
	for i, t := range all {
		var kept *tenantFindings
		if i < len(last) && last[i].tenant == t {
			kept = last[i]
		} else {
			kept = f.judge(s, t, g)
		}
		f.last = append(f.last, kept)
		for _, found := range kept.found {
			if found.namespace == "" || s.foreign(found.namespace, t.Name) {
				out = append(out, found)
			}
		}
		seen++
	}
	if len(f.of) > seen {
		f.forget(s)
	}
	return append(out, f.sharing()...)
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
	f.unshare(t.Name, kept)
	c := check{s: s, t: t, row: t.Name, g: g}
	if !t.Reading && !t.Denied {
		for _, rule := range tenantRules {
			rule(&c)
		}
	}
	*kept = tenantFindings{tenant: t, found: c.found}
	for _, k := range t.Syncs {
		if a, ok := s.applicationOf(k); ok {
			kept.applies = append(kept.applies, a)
			if f.shared[a] == nil {
				f.shared[a] = map[string]Key{}
			}
			f.shared[a][t.Name] = k
		}
	}
	return kept
}

// forget drops what was found of tenants that are gone.
func (f *Findings) forget(s *Store) {
	for name, kept := range f.of {
		if s.rows[name] == nil {
			f.unshare(name, kept)
			delete(f.of, name)
		}
	}
}

func (f *Findings) unshare(name string, kept *tenantFindings) {
	for _, a := range kept.applies {
		if delete(f.shared[a], name); len(f.shared[a]) == 0 {
			delete(f.shared, a)
		}
	}
}

// applicationOf is the path of a repository a Kustomization applies.
func (s *Store) applicationOf(k Key) (application, bool) {
	o := s.Get(k)
	d, ok := o.syncDetail()
	if !ok || k.Kind != Kustomization {
		return application{}, false
	}
	src := s.sourceOf(d)
	if src == nil {
		return application{}, false
	}
	sd, ok := src.Detail.(*Source)
	if !ok || sd.URL == "" {
		return application{}, false
	}
	return application{sd.URL, sd.Ref, strings.Trim(strings.TrimPrefix(d.Path, "."), "/")}, true
}

func (o *Object) syncDetail() (*Sync, bool) {
	if o == nil {
		return nil, false
	}
	d, ok := o.Detail.(*Sync)
	return d, ok
}

// sharing are the findings that take more than one tenant: the same path of
// the same repository applied by several (P12).
func (f *Findings) sharing() []Finding {
	var out []Finding
	for a, by := range f.shared {
		if len(by) < 2 {
			continue
		}
		names := slices.Sorted(maps.Keys(by))
		for tenant, k := range by {
			out = append(out, Finding{Rule: "P12", Gravity: GravityInfo, Tenant: tenant, Key: k,
				Evidence: "./" + a.path + " of " + a.url + " is applied by " + several(names, 4)})
		}
	}
	slices.SortFunc(out, func(a, b Finding) int {
		return cmp.Or(strings.Compare(a.Tenant, b.Tenant), compareKeys(a.Key, b.Key))
	})
	return out
}

// several names the first of many.
func several(names []string, n int) string {
	if len(names) <= n {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:n], ", "), len(names)-n)
}

// foreign reports whether a namespace belongs to another tenant.
func (s *Store) foreign(namespace, tenant string) bool {
	sp := s.spaces[namespace]
	return sp != nil && sp.row != "" && sp.row != PlatformKey && sp.row != tenant
}

// ground reads what the rules rest on, and marks it: when it changes, every
// tenant is judged anew.
func (s *Store) ground(p *Platform) (*ground, string) {
	g := &ground{accounts: map[Kind]string{}, bound: map[Key]bool{}, controllers: len(p.Controllers) > 0}
	var mark strings.Builder
	for _, c := range p.Controllers {
		mark.WriteString(strings.Join(c.Args, " "))
		for kind, name := range map[Kind]string{Kustomization: "kustomize-controller", HelmRelease: "helm-controller"} {
			if baseController(c.Name) == name && flagSet(c.Args, "--default-service-account") {
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
				if subject.Kind == "ServiceAccount" {
					g.bound[Key{ServiceAccount, subject.Namespace, subject.Name}] = true
					mark.WriteString(subject.Namespace + "/" + subject.Name + "\n")
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

// flagValue reads the value of --flag=v or "--flag v".
func flagValue(args []string, flag string) string {
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, flag+"="); ok {
			return v
		}
		if a == flag && i+1 < len(args) {
			return args[i+1]
		}
	}
	return ""
}
