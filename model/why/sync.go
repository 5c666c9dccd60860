package why

import (
	"slices"
	"strings"

	"tenantry/model"
	"tenantry/model/said"
)

// sync explains a Kustomization, HelmRelease or ResourceSet.
func (w *walk) sync(o *model.Object, v model.Verdict) []Fault {
	d, ok := o.Detail.(*model.Sync)
	if !ok || v.Suspended {
		return nil
	}
	var out []Fault
	switch v.Health {
	case model.Blocked:
		out = append(out, w.blocked(o, d, v)...)
	case model.Failed, model.Stalled:
		out = append(out, w.failed(o, d, v)...)
	case model.Stuck:
		out = append(out, w.stuck(o, d, v)...)
	case model.Unknown: // our own words: nobody has said anything
		out = append(out, Fault{Words: lower(refOf(o.Key)) + ": " + v.Message})
	}
	atSource := slices.ContainsFunc(out, func(f Fault) bool { return len(f.Chain) == 1 && f.Chain[0].Ref == d.SourceRef })
	if v.Overlays.Has(model.SourceFailing) || v.Health.Unhealthy() && v.Health != model.Blocked && !atSource {
		out = append(out, w.behindSource(d)...)
	}
	if v.Health == model.Ready && v.Overlays.Has(model.Behind) && !v.Overlays.Has(model.SourceFailing) {
		out = append(out, Fault{Ours: ArtifactBehind, Words: lower(refOf(o.Key)) + " has not applied " + model.ShortRevision(w.sourceRevision(d)) +
			", which its source has had for longer than its interval; it runs " + model.ShortRevision(d.Applied)})
	}
	out = append(out, w.missingThings(o, v)...)
	if v.Health == model.Ready || v.Health == model.Reconciling {
		out = append(out, w.ownWorkloads(o, d)...)
	}
	return out
}

// behindSource explains a sync that runs on although its source fails, or
// fails itself beside it.
func (w *walk) behindSource(d *model.Sync) []Fault {
	k, ok := d.SourceRef.Key()
	if !ok {
		return nil
	}
	src := w.s.Get(k)
	if src == nil {
		if !w.s.Readable(k) {
			return nil
		}
		return w.follow(d.SourceRef, "its source")
	}
	if v := w.s.Verdict(k); !v.Health.Unhealthy() && !v.Suspended {
		return nil
	}
	return w.follow(d.SourceRef, "its source")
}

func (w *walk) sourceRevision(d *model.Sync) string {
	if k, ok := d.SourceRef.Key(); ok {
		if o := w.s.Get(k); o != nil {
			if sd, ok := o.Detail.(*model.Source); ok {
				return sd.Revision
			}
		}
	}
	return ""
}

// blocked explains what a sync waits for.
func (w *walk) blocked(o *model.Object, d *model.Sync, v model.Verdict) []Fault {
	s, _ := said.Read(v.Message)
	if v.Reason == "ArtifactFailed" || v.Reason == "SourceNotReady" {
		if d.SourceRef.Kind != "" {
			if found := w.follow(d.SourceRef, "its source, which has fetched nothing yet"); len(found) > 0 {
				return found
			}
		}
		return []Fault{w.spoken(o, v)}
	}
	var out []Fault
	for _, dep := range d.DependsOn {
		named := s.Namespace == dep.Namespace && s.Name == dep.Name
		k, watched := dep.Key()
		if !named && watched {
			// Of several, those that are not fine: the message names only the first.
			dv := w.s.Verdict(k)
			if w.s.Get(k) != nil && !dv.Health.Unhealthy() && !dv.Suspended {
				continue
			}
		}
		found := w.follow(dep, "it depends on this")
		if len(found) == 0 && named {
			found = w.dependencyItself(dep, s, v)
		}
		out = append(out, found...)
	}
	if len(out) == 0 {
		return []Fault{w.spoken(o, v)}
	}
	return out
}

// dependencyItself is a dependency that looks fine by itself: it is still
// moving, or on another revision than the one that waits.
func (w *walk) dependencyItself(dep model.Ref, s said.Saying, v model.Verdict) []Fault {
	k, _ := dep.Key()
	o := w.s.Get(k)
	if o == nil {
		return nil
	}
	link := w.link(o, "it depends on this")
	switch {
	case strings.Contains(v.Message, "revision is not up to date"):
		return []Fault{{Ours: DependencyBehind, Chain: []Link{link}, Words: lower(dep) + " has not applied the newest revision yet"}}
	case link.Health == model.Ready:
		return []Fault{{Kind: said.DependencyNotReady, Chain: []Link{link}, Words: lower(dep) + " is ready now: the next try goes through"}}
	}
	return []Fault{{Kind: said.DependencyNotReady, Chain: []Link{link}, Words: lower(dep) + " is not ready yet"}}
}

// failed explains a sync that can't apply.
func (w *walk) failed(o *model.Object, d *model.Sync, v model.Verdict) []Fault {
	s, _ := said.Read(v.Message)
	if o.Kind == model.HelmRelease && v.Reason == "ArtifactFailed" {
		if found := w.behindSource(d); len(found) > 0 {
			return nil // sync adds them
		}
	}
	f := w.spoken(o, v)
	switch f.Kind {
	case said.ForbiddenInside, said.ForbiddenCluster:
		return []Fault{w.forbidden(o, s, f)}
	case said.SecretMissing:
		ns := orNone(s.Namespace, o.Namespace)
		r := model.Ref{Kind: "Secret", Namespace: ns, Name: s.Name}
		f.Chain, f.Words = []Link{missing(r, secretField(d.Secrets, s.Name))}, lower(r)+" does not exist"
	case said.SubstituteMissing, said.ValuesMissing:
		r := model.Ref{Kind: s.Kind, Namespace: o.Namespace, Name: s.Name}
		f.Chain, f.Words = []Link{missing(r, "it reads values from this")}, lower(r)+" does not exist"
	case said.SourceMissing:
		r := d.SourceRef
		if r.Kind == "" {
			r = model.Ref{Kind: s.Kind, Namespace: o.Namespace, Name: s.Name}
		}
		if k, ok := r.Key(); ok && w.s.Get(k) != nil {
			return []Fault{{Raw: true, Words: firstLine(v.Message) + ": it is there now, and the next try will find it"}}
		}
		f.Chain, f.Words = []Link{missing(r, "its source")}, lower(r)+" does not exist"
	case said.CrossNamespace:
		r := model.Ref{Kind: s.Kind, Namespace: s.Namespace, Name: s.Name}
		f.AsItShould = true
		f.Chain = []Link{{Ref: r, Health: w.healthOf(r), Note: "in another namespace, which lockdown forbids"}}
		f.Words = "its source " + lower(r) + " is in another namespace, which lockdown forbids"
		if k, ok := r.Key(); ok && w.s.Get(k) == nil && w.s.Readable(k) {
			f.Chain = []Link{missing(r, f.Chain[0].Note)}
			f.Words += "; nor does it exist"
		}
	case said.NamespaceMissing:
		r := model.Ref{Kind: "Namespace", Name: s.Name}
		f.Chain, f.Words = []Link{missing(r, "it applies into this")}, lower(r)+" does not exist"
	case said.KindMissing:
		r := model.Ref{Kind: "CustomResourceDefinition", Name: s.Name}
		f.Chain = []Link{missing(r, "of "+s.Group)}
		if strings.Contains(s.Group, "fluxcd.io/") || strings.Contains(s.Group, "toolkit.fluxcd.io/") {
			f.Words = s.Group + " does not serve " + s.Name + " any more: Flux 2.8 and newer serve only v1 (HelmRelease v2)"
		}
	case said.ArtifactServer:
		return w.artifactServer(f)
	case said.PathMissing:
		if d.Path != "" {
			f.Words = "there is no path " + d.Path + " in " + w.repository(d) + " at " + orNone(model.ShortRevision(w.sourceRevision(d)), "its newest revision")
		}
	case said.HealthTimeout, said.HealthFailed:
		if found := w.unhealthy(v); len(found) > 0 {
			return found
		}
	case said.DependencyMissing:
		return []Fault{{Kind: f.Kind, Chain: []Link{missing(model.Ref{Kind: o.Kind.String(), Namespace: s.Namespace, Name: s.Name}, "it depends on this")}, Words: f.Words}}
	case said.SourceNotReady:
		if found := w.follow(d.SourceRef, "its source"); len(found) > 0 {
			return found
		}
	case said.ReleaseFailed, said.RetriesExceeded:
		if found := w.ownWorkloads(o, d); len(found) > 0 {
			return found
		}
	case said.InputsMissing, said.SecretKeys, said.KeyEncrypted:
		// nothing nearer is known
	}
	return []Fault{f}
}

// healthOf is how a referenced object is, Unknown when it can't be seen.
func (w *walk) healthOf(r model.Ref) model.Health {
	if k, ok := r.Key(); ok && w.s.Get(k) != nil {
		return w.s.Verdict(k).Health
	}
	return model.Unknown
}

// repository names what a sync reads from.
func (w *walk) repository(d *model.Sync) string {
	if k, ok := d.SourceRef.Key(); ok {
		if o := w.s.Get(k); o != nil {
			if sd, ok := o.Detail.(*model.Source); ok && sd.URL != "" {
				return plainURL(sd.URL)
			}
		}
	}
	return "the repository"
}

// artifactServer: a sync can't get its artifact from source-controller.
func (w *walk) artifactServer(f Fault) []Fault {
	p := w.s.Platform()
	for i := range p.Controllers {
		if c := &p.Controllers[i]; strings.HasPrefix(c.Name, "source-controller") {
			l := Link{Ref: refOf(c.Key), Health: c.Health, Note: "hands artifacts out"}
			if !c.AtWork() {
				return []Fault{{Ours: ControllerDown, Chain: []Link{l}, Words: c.Message}}
			}
			f.Chain = []Link{l}
			f.Words = "source-controller does not hand out the artifact, although it is at work: the way to it inside the cluster is broken"
		}
	}
	return []Fault{f}
}

func orNone(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
