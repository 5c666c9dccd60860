package why

import (
	"slices"
	"strings"

	"tenantry/model"
	"tenantry/model/said"
)

// maxDepth bounds the walk along references.
const maxDepth = 16

// walk follows references from an object to where its trouble starts.
type walk struct {
	s    *model.Store
	path []model.Key // the objects on the way, to notice a circle
	asks []model.Want
}

// Object explains one object. A key nobody has is explained as missing.
func Object(s *model.Store, k model.Key) *Explanation {
	w := &walk{s: s}
	o := s.Get(k)
	v := s.Verdict(k)
	e := &Explanation{Row: s.TenantOf(k), Key: k, Health: v.Health, Retrying: v.Retrying, Since: v.Since, AtLeast: v.AtLeast}
	if o == nil {
		w.absent(e, k)
		return e
	}
	e.Faults = w.at(o, "")
	w.finish(e, o, v)
	return e
}

// Row explains a tenant, or with model.PlatformKey the platform; nil when there
// is none of that name.
func Row(s *model.Store, name string) *Explanation {
	t := s.Tenant(name)
	if t == nil {
		return nil
	}
	w := &walk{s: s}
	e := &Explanation{Row: name, Health: t.Health, Retrying: t.Retrying, Since: t.Since, AtLeast: s.Verdict(t.Worst).AtLeast}
	if t.Reading || t.Denied {
		w.unread(e, t)
		return e
	}
	var faults []Fault
	for _, o := range w.members(t) {
		v := s.Verdict(o.Key)
		if v.Suspended && v.Overlays == 0 {
			continue // on purpose; what waits for it is listed itself
		}
		faults = append(faults, w.at(o, "")...)
	}
	e.Faults = merge(faults)
	e.sameSince(t.Worst)
	w.finishRow(e, t)
	return e
}

// members are a row's objects that can be at fault, what applies first: a chain
// from there is the longest.
func (w *walk) members(t *model.Tenant) []*model.Object {
	var out []*model.Object
	add := func(keys ...model.Key) {
		for _, k := range keys {
			if o := w.s.Get(k); o != nil {
				out = append(out, o)
			}
		}
	}
	if t.IsPlatform {
		p := w.s.Platform()
		if p.Instance != nil {
			add(p.Instance.Key)
		}
		if p.Operator != nil {
			add(p.Operator.Key)
		}
		seen := map[model.Key]bool{}
		for _, c := range p.Controllers {
			if !seen[c.Key] {
				seen[c.Key] = true
				add(c.Key)
			}
		}
	}
	add(t.Syncs...)
	add(t.Sources...)
	add(t.Workloads...)
	for _, ns := range t.Namespaces {
		add(model.Key{Kind: model.Namespace, Name: ns})
	}
	return out
}

// at returns what is wrong with an object, each chain beginning with it.
func (w *walk) at(o *model.Object, note string) []Fault {
	if slices.Contains(w.path, o.Key) {
		return []Fault{{Ours: DependsOnItself, Chain: []Link{w.link(o, "waits for itself")}, Words: lower(refOf(o.Key)) + " waits for itself: a circle of dependencies"}}
	}
	if len(w.path) >= maxDepth {
		return nil
	}
	w.path = append(w.path, o.Key)
	defer func() { w.path = w.path[:len(w.path)-1] }()
	v := w.s.Verdict(o.Key)
	var found []Fault
	switch {
	case o.Undecodable != "":
		found = []Fault{{Ours: Undecodable, Words: lower(refOf(o.Key)) + " could not be read: " + o.Undecodable}}
	case v.Health == model.Terminating:
		found = w.terminating(o, v)
	case o.Role() == model.RoleWorkload:
		found = w.workload(o, v)
	case o.Kind == model.FluxInstance:
		found = w.instance(o, v)
	case o.Role() == model.RoleSource:
		found = w.source(o, v)
	case o.Role() == model.RoleSync:
		found = w.sync(o, v)
	case o.Kind == model.Node && v.Health.Unhealthy():
		found = []Fault{{Ours: NodeDown, Words: v.Message}}
	case v.Health.Unhealthy():
		found = []Fault{w.spoken(o, v)}
	}
	if o.Role() != model.RoleWorkload && v.Health != model.Terminating {
		found = append(found, w.control(o, v)...)
	}
	head, since := w.link(o, note), v.Since
	if v.Health == model.Ready || v.Health == model.NotApplicable {
		since = 0 // that of being well
	}
	for i := range found {
		found[i].Chain = append([]Link{head}, found[i].Chain...)
		if found[i].Since == 0 || since != 0 && len(found[i].Chain) == 1 {
			found[i].Since, found[i].AtLeast = since, v.AtLeast
		}
	}
	return merge(found)
}

// link makes an object's link.
func (w *walk) link(o *model.Object, note string) Link {
	v := w.s.Verdict(o.Key)
	l := Link{Ref: refOf(o.Key), Health: v.Health, Since: v.Since, Note: note}
	l.Old = v.Health == model.Ready && (v.Overlays.Has(model.SourceFailing) || v.Overlays.Has(model.Behind))
	return l
}

// missing is the link of something that is not there.
func missing(r model.Ref, note string) Link {
	return Link{Ref: r, Missing: true, Word: "Missing", Health: model.Failed, Note: note}
}

func refOf(k model.Key) model.Ref {
	return model.Ref{Kind: k.Kind.String(), Namespace: k.Namespace, Name: k.Name}
}

// follow explains a referenced object: its own faults, or that it is missing,
// or suspended, or as it is when nothing more is known.
func (w *walk) follow(r model.Ref, note string) []Fault {
	k, watched := r.Key()
	if !watched {
		return nil
	}
	o := w.s.Get(k)
	if o == nil {
		if w.s.Readable(k) {
			return []Fault{{Kind: missingKind(k.Kind), Chain: []Link{missing(r, note)}, Words: lower(r) + " does not exist"}}
		}
		return []Fault{{Raw: true, Chain: []Link{{Ref: r, Health: model.Unknown, Word: "not read", Note: note}}, Words: lower(r) + " can't be read by you"}}
	}
	v := w.s.Verdict(k)
	if v.Suspended {
		f := Fault{Ours: SuspendedThere, Chain: []Link{w.link(o, note)}, Since: v.Since, Words: lower(r) + " is suspended" + w.suspendedWords(o)}
		return []Fault{f}
	}
	if found := w.at(o, note); len(found) > 0 {
		return found
	}
	return nil
}

func missingKind(k model.Kind) said.Fault {
	switch k.Role() {
	case model.RoleSource:
		return said.SourceMissing
	case model.RoleSync:
		return said.DependencyMissing
	}
	return said.Unknown
}

// merge folds faults that start at the same place: the longest chain is kept,
// the others' objects are named beside it.
func merge(all []Fault) []Fault {
	type place struct {
		ref  model.Ref
		kind said.Fault
		ours Ours
		raw  string
	}
	at := map[place]int{}
	var out []Fault
	for _, f := range all {
		p := place{f.Root().Ref, f.Kind, f.Ours, ""}
		if f.Raw {
			p.raw = f.Words
		}
		i, known := at[p]
		if !known {
			at[p] = len(out)
			out = append(out, f)
			continue
		}
		keep, drop := &out[i], f
		if len(f.Chain) > len(keep.Chain) {
			f.Also, drop = append(f.Also, keep.Also...), *keep
			out[i] = f
		} else {
			keep.Also = append(keep.Also, f.Also...)
		}
		keep = &out[i]
		for _, l := range drop.Chain[:len(drop.Chain)-1] {
			k, ok := l.Key()
			if ok && !slices.Contains(keep.Also, k) && !slices.ContainsFunc(keep.Chain, func(m Link) bool { return m.Ref == l.Ref }) {
				keep.Also = append(keep.Also, k)
			}
		}
	}
	return out
}

// spoken reads what an object's own controller says of it: known words name a
// cause, unknown ones are shown as they are.
func (w *walk) spoken(o *model.Object, v model.Verdict) Fault {
	s, ok := model.Told(o.Kind, v.Message)
	if !ok || s.Fault == said.Unknown {
		text := firstLine(v.Message)
		if text == "" {
			text = v.Reason
		}
		return Fault{Raw: true, Words: text}
	}
	return Fault{Kind: s.Fault, Words: s.Words}
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	return s
}

// lower names an object inside a sentence: "secret a/b".
func lower(r model.Ref) string {
	name := r.Name
	if r.Namespace != "" {
		name = r.Namespace + "/" + r.Name
	}
	switch r.Kind {
	case "Secret", "Namespace", "Node":
		return strings.ToLower(r.Kind) + " " + name
	case "ServiceAccount":
		return "service account " + name
	}
	return r.Kind + " " + name
}
