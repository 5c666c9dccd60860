package restore

import (
	"slices"
	"strings"

	"tenantry/model"
	"tenantry/model/export"
	"tenantry/model/said"
)

// reach is what a restore changes, and with it what may come right by that.
type reach struct {
	all     bool // Flux itself, or what holds for the whole cluster
	objects map[model.Ref]bool
	// spaces are namespaces that are made, or whose accounts, roles or bounds
	// are; holding those something is changed in at all.
	spaces, holding map[string]bool
}

// reach is that of what is sent now, and of what was sent before it was cut off.
func (p *Plan) reach(earlier []model.Ref) *reach {
	r := &reach{objects: map[model.Ref]bool{}, spaces: map[string]bool{}, holding: map[string]bool{}}
	for _, o := range p.Objects {
		ref := model.Ref{Kind: o.Ref.Kind, Namespace: o.Ref.Namespace, Name: o.Ref.Name}
		if o.State == New || o.State == Changed || slices.Contains(earlier, ref) {
			r.add(o, ref)
		}
	}
	return r
}

func (r *reach) add(o *Object, ref model.Ref) {
	r.objects[ref] = true
	if ref.Namespace != "" {
		r.holding[ref.Namespace] = true
	}
	switch stageOf(ref.Kind) {
	case stageNamespaces:
		r.spaces[ref.Name], r.holding[ref.Name] = true, true
	case stageFlux:
		r.all = true
	case stageAccess:
		subjects, _ := o.Want["subjects"].([]any)
		if ref.Namespace == "" && len(subjects) == 0 {
			r.all = true
			return
		}
		if ref.Namespace != "" {
			r.spaces[ref.Namespace] = true
		}
		for _, s := range subjects {
			s, _ := s.(export.Object)
			ns, _ := s["namespace"].(string)
			name, _ := s["name"].(string)
			switch {
			case ns != "":
				r.spaces[ns] = true
			case strings.HasPrefix(name, "system:serviceaccount"): // as a user or a group
				r.all = true
			}
		}
	}
}

// bears reports whether an object may come right by what is restored: by what
// it refers to or waits for, as long as that is on its way itself, or by a
// Secret, which the person is asked to make.
func (f *Following) bears(s *model.Store, r *reach, k model.Key, seen []model.Key) bool {
	if r.all || r.spaces[k.Namespace] || r.objects[model.Ref{Kind: k.Kind.String(), Namespace: k.Namespace, Name: k.Name}] {
		return true
	}
	o := s.Get(k)
	if o == nil || slices.Contains(seen, k) {
		return false
	}
	v := s.Verdict(k)
	if f.secret(o, v) != "" {
		return true
	}
	seen = append(seen, k)
	return slices.ContainsFunc(needs(o, v), func(need model.Ref) bool {
		if need.Namespace == "" && need.Kind != space {
			need.Namespace = k.Namespace
		}
		if r.objects[need] || r.spaces[need.Namespace] {
			return true
		}
		at, watched := need.Key()
		if !watched {
			return false
		}
		if s.Get(at) != nil && onItsWay(s, at) {
			return waitsFor(v, at)
		}
		return f.bears(s, r, at, seen)
	})
}

// waitsFor reports whether all that is wrong with an object is that another one
// is not ready: once that is, its own controller has yet to see it.
func waitsFor(v model.Verdict, k model.Key) bool {
	if v.Health == model.Blocked && v.Cause != nil {
		by, ok := v.Cause.Ref().Key()
		return ok && by == k
	}
	switch is, _ := said.Read(v.Message); is.Fault {
	case said.SourceMissing, said.SourceNotReady:
		return k.Kind.Role() == model.RoleSource
	case said.DependencyMissing, said.DependencyNotReady:
		return is.Namespace == k.Namespace && is.Name == k.Name
	}
	return false
}

// sourceCame reports whether all that is wrong with a sync is a source that is
// ready by now.
func sourceCame(s *model.Store, o *model.Object, v model.Verdict) bool {
	d, ok := o.Detail.(*model.Sync)
	if !ok {
		return false
	}
	at, ok := d.SourceRef.Key()
	return ok && s.Get(at) != nil && onItsWay(s, at) && waitsFor(v, at)
}

var space = model.Namespace.String()

// needs is what an object refers to, and what is said to be in its way.
func needs(o *model.Object, v model.Verdict) []model.Ref {
	var out []model.Ref
	switch d := o.Detail.(type) {
	case *model.Sync:
		out = append(out, d.SourceRef)
		out = append(append(out, d.DependsOn...), model.Ref{Kind: space, Name: d.TargetNamespace})
	case *model.Source:
		out = append(out, d.SourceRef)
	}
	if c := v.Cause; c != nil {
		out = append(out, c.Ref())
	}
	if is, ok := said.Read(v.Message); ok {
		out = append(out, model.Ref{Kind: is.Kind, Namespace: is.Namespace, Name: is.Name})
	}
	return slices.DeleteFunc(out, func(r model.Ref) bool { return r.Kind == "" || r.Name == "" })
}

// bearsOnRow reports whether what is restored has to do with a tenant's trouble.
func (f *Following) bearsOnRow(s *model.Store, r *reach, t *model.Tenant) bool {
	if slices.ContainsFunc(t.Namespaces, func(ns string) bool { return r.holding[ns] }) || f.bears(s, r, t.Worst, nil) {
		return true
	}
	if o := s.Get(t.Worst); o != nil {
		if owner, ok := s.Owner(o); ok {
			return f.bears(s, r, owner, nil)
		}
	}
	return false
}
