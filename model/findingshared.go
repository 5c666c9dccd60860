package model

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// application is one path of one repository being applied.
type application struct{ url, ref, path string }

func (f *Findings) unshare(name string, kept *tenantFindings) {
	for _, a := range kept.applies {
		if delete(f.shared[a.what], name); len(f.shared[a.what]) == 0 {
			delete(f.shared, a.what)
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
	return application{plainURL(sd.URL), plainRef(src.Kind, sd.Ref), strings.Trim(strings.TrimPrefix(d.Path, "."), "/")}, true
}

func (o *Object) syncDetail() (*Sync, bool) {
	if o == nil {
		return nil, false
	}
	d, ok := o.Detail.(*Sync)
	return d, ok
}

// findSharing are the findings that take more than one tenant: the same path of
// the same repository applied by several (P12).
func (f *Findings) findSharing() []Finding {
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
