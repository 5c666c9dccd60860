package action

import (
	"fmt"
	"slices"

	"tenantry/model"
)

// planner collects steps and refusals.
type planner struct {
	store *model.Store
	plan  Plan
	seen  map[model.Key]bool // planned or refused
	used  map[model.Key]int  // syncs by source; nil until asked for
}

// add takes in one target: an object, or what a whole row is made of.
func (p *planner) add(t Target) {
	if t.Key != (model.Key{}) {
		if o := p.store.Get(t.Key); o != nil && t.UID != "" && o.UID != t.UID {
			p.refuse(t.Key, "another object of that name has taken the place of the one that is shown")
			return
		}
		p.object(t.Key, true)
		return
	}
	row := p.store.Tenant(t.Row)
	if t.Row == model.PlatformKey && row == nil {
		if platform := p.store.Platform(); platform != nil {
			row = platform.Row
		}
	}
	if row == nil {
		p.plan.Refused = append(p.plan.Refused, Refusal{Row: t.Row, Why: "it is no longer in the cluster"})
		return
	}
	met := false
	for _, k := range p.members(row) {
		p.object(k, false)
		met = met || p.seen[k]
	}
	if !met {
		p.plan.Refused = append(p.plan.Refused, Refusal{Row: t.Row, Why: p.nothing(row)})
	}
}

// members are the objects of a row that a verb is for.
func (p *planner) members(row *model.Tenant) []model.Key {
	var instance []model.Key
	if row.IsPlatform {
		if i := p.store.Platform().Instance; i != nil {
			instance = append(instance, i.Key)
		}
	}
	switch p.plan.Wish.Verb {
	case Reconcile:
		return append(instance, row.Syncs...)
	case Force, Reset:
		return slices.DeleteFunc(slices.Clone(row.Syncs), func(k model.Key) bool { return k.Kind != model.HelmRelease })
	case Suspend, Resume:
		return slices.Concat(instance, row.Syncs, row.Sources)
	}
	return append(slices.Clone(row.Syncs), row.Sources...)
}

// nothing says why a whole row has nothing to do.
func (p *planner) nothing(row *model.Tenant) string {
	switch {
	case row.Denied:
		return "nothing of it is readable by you"
	case len(row.Syncs)+len(row.Sources) == 0:
		return "it has no source and no sync"
	}
	switch p.plan.Wish.Verb {
	case Suspend:
		return "all of it is suspended already"
	case Resume:
		return "nothing of it is suspended"
	case Force, Reset:
		return "it has no HelmRelease"
	}
	return "all of it is suspended; s resumes it"
}

// object plans one object. Meant is false for a member of a row: one that needs
// nothing done is passed over in silence.
func (p *planner) object(k model.Key, meant bool) {
	if p.seen[k] {
		return
	}
	o := p.store.Get(k)
	if o == nil {
		p.refuse(k, "it is no longer in the cluster")
		return
	}
	if why, quiet := p.refusal(o); why != "" {
		if meant || !quiet {
			p.refuse(k, why)
		}
		return
	}
	if p.plan.Wish.Verb == Fetch && !p.fetchFirst(o, meant) {
		return
	}
	p.step(o, false)
	// What keeps Flux itself goes on unless it is asked for by name, or would take
	// the rest back.
	if last := &p.plan.Steps[len(p.plan.Steps)-1]; p.plan.Wish.Verb == Suspend && k.Kind == model.FluxInstance && !meant && last.Key == k {
		last.Optional = true
	}
}

func (p *planner) refuse(k model.Key, why string) {
	if !p.seen[k] {
		p.seen[k] = true
		p.plan.Refused = append(p.plan.Refused, Refusal{Key: k, Why: why})
	}
}

// refusal says why a verb can't be done to an object, "" when it can. Quiet:
// there is just nothing to do.
func (p *planner) refusal(o *model.Object) (why string, quiet bool) {
	if o.Undecodable != "" {
		return "it could not be read: " + o.Undecodable, false
	}
	if o.Deleting != 0 {
		return "it is being deleted", false
	}
	if why := p.notReconciled(o); why != "" {
		return why, true
	}
	suspended := o.IsSuspended()
	switch p.plan.Wish.Verb {
	case Suspend:
		if suspended {
			return "it is suspended already", true
		}
	case Resume:
		if !suspended {
			return "it is not suspended", true
		}
	case Force, Reset:
		if o.Kind != model.HelmRelease {
			return "only a HelmRelease has " + p.plan.Wish.Verb.String(), true
		}
		if suspended {
			return suspendedWhy, false
		}
	default:
		if suspended {
			return suspendedWhy, true
		}
	}
	return "", false
}

// suspendedWhy: Flux's controllers mark a request on a suspended object as
// handled and do nothing (domain rule; the flux CLI refuses as well).
const suspendedWhy = "it is suspended: a request would be swallowed; s resumes it"

// notReconciled says why nobody reconciles an object, "" when somebody does.
func (p *planner) notReconciled(o *model.Object) string {
	switch o.Kind {
	case model.ExternalArtifact:
		return "its own controller makes it; Flux has nothing to reconcile"
	case model.FluxInstance, model.FluxReport, model.ResourceSet, model.ResourceSetInputProvider,
		model.Kustomization, model.HelmRelease:
		return ""
	}
	if d, ok := o.Detail.(*model.Source); ok {
		if d.Static {
			return "nobody reconciles it: it is only read by what refers to it"
		}
		return ""
	}
	if owner, ok := Applier(o); ok {
		return fmt.Sprintf("Flux does not reconcile a %s by itself; %s applies it", o.Kind, owner)
	}
	return fmt.Sprintf("Flux does not reconcile a %s", o.Kind)
}

// fetchFirst plans the sources an object is made from, as steps to wait for.
// False: one of them can't be fetched, so neither can this.
func (p *planner) fetchFirst(o *model.Object, meant bool) bool {
	for _, src := range p.sources(o) {
		if why, _ := p.refusal(src); why != "" {
			if src.Kind == model.HelmRepository && !src.IsSuspended() && src.Deleting == 0 {
				continue // an OCI one is only an address
			}
			if meant || !p.seen[src.Key] {
				p.refuse(o.Key, fmt.Sprintf("its source %s can't be fetched: %s", src.Key, why))
			}
			return false
		}
		p.step(src, true)
	}
	return true
}

// sources are what an object is made from, the farthest first.
func (p *planner) sources(o *model.Object) []*model.Object {
	var ref model.Ref
	switch d := o.Detail.(type) {
	case *model.Sync:
		ref = d.SourceRef
	case *model.Source:
		ref = d.SourceRef
	}
	if ref.Kind == "" {
		return nil
	}
	if ref.Namespace == "" {
		ref.Namespace = o.Namespace
	}
	k, ok := ref.Key()
	if !ok {
		return nil
	}
	src := p.store.Get(k)
	if src == nil {
		return nil
	}
	out := []*model.Object{src}
	if o.Kind == model.HelmRelease && src.Kind != model.HelmChart {
		// helm-controller makes the chart beside its repository, under this name.
		if chart := p.store.Get(model.Key{Kind: model.HelmChart, Namespace: src.Namespace, Name: o.Namespace + "-" + o.Name}); chart != nil {
			out = append(out, chart)
		}
	}
	return out
}

// step adds what is to be done to one object, once.
func (p *planner) step(o *model.Object, wait bool) {
	if p.seen[o.Key] {
		return
	}
	p.seen[o.Key] = true
	w := p.plan.Wish
	verb := w.Verb
	// What feeds others is taken up first and waited for, so that these find
	// the newest of it.
	wait = wait || verb == Resume && stage(o.Kind) < stage(model.Kustomization)
	if verb == Fetch && (wait || o.Role() == model.RoleSource) {
		wait = true
	}
	words := "reconcile"
	switch {
	case (verb == Fetch || verb == SaveCredential) && o.Role() == model.RoleSource:
		words = "fetch"
	case verb == SaveCredential:
	case verb != Fetch:
		words = verb.String()
	}
	p.plan.Steps = append(p.plan.Steps, Step{
		Key: o.Key, Write: write(o, w), Words: words + " " + o.Key.String(), Effect: p.effect(o), Wait: wait, Handled: handled(o),
		Needs: model.Access{Verb: "patch", Group: o.Kind.Group(), Resource: o.Kind.Resource(), Namespace: o.Namespace, Name: o.Name},
	})
}

// Possible reports whether there is anything a verb could do to a target now.
// It is cheap, unlike a plan.
func Possible(s *model.Store, v Verb, t Target) bool {
	p := &planner{store: s, plan: Plan{Wish: Wish{Verb: v}}}
	can := func(k model.Key) bool {
		o := s.Get(k)
		if o == nil {
			return false
		}
		why, _ := p.refusal(o)
		return why == ""
	}
	if t.Key != (model.Key{}) {
		return can(t.Key)
	}
	row := s.Tenant(t.Row)
	if platform := s.Platform(); t.Row == model.PlatformKey && row == nil && platform != nil {
		row = platform.Row
	}
	return row != nil && slices.ContainsFunc(p.members(row), can)
}
