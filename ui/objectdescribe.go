package ui

import (
	"fmt"
	"strings"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/textview"
)

// describe says in words all that is known of the object.
func (p *objectPage) describe() []textview.Line {
	d := &describer{env: p.env}
	o := p.object
	if o == nil {
		p.gone(d)
		return d.lines
	}
	p.state(d, o)
	if o.Undecodable != "" {
		d.section("NOT UNDERSTOOD")
		d.add("why", o.Undecodable)
	}
	p.detail(d, o)
	p.references(d, o)
	p.conditions(d, o)
	p.metadata(d, o)
	return d.lines
}

// gone says why there is nothing to describe.
func (p *objectPage) gone(d *describer) {
	switch status := p.store.KindStatus(p.key.Kind); {
	case status.State == model.ScopeDenied:
		d.title("Not readable by you")
		d.text(fmt.Sprintf("You may not %s %s. That is neither a fault nor \"none\". y asks for this one alone.", status.Verb, p.key.Kind.Resource()))
	case status.State == model.ScopeSyncing:
		d.title("Not read yet")
		d.text(p.key.Kind.Resource() + " are still being read.")
	case !p.store.Readable(p.key):
		d.title("Not watched")
		d.text("Nothing is known of " + p.key.String() + " here. y asks the cluster for it.")
	default:
		d.title("Not in the cluster")
		d.text(p.key.String() + " does not exist, or not any more. h shows what this session saw of it, esc goes back.")
	}
}

func (p *objectPage) state(d *describer, o *model.Object) {
	v := p.facts.verdict
	d.add("object", o.Key.String())
	switch tenant := p.store.TenantOf(o.Key); tenant {
	case "", model.PlatformKey:
		d.add("of", "the platform")
	default:
		d.add("tenant", tenant)
	}
	reason := v.Reason
	if reason == p.facts.state.Word || v.Health == model.NotApplicable || v.Suspended {
		reason = ""
	}
	if v.Retrying {
		reason = strings.TrimPrefix(reason+", retrying", ", ")
	}
	d.spans("state", marked(p.facts.state, reason)...)
	since := p.moment(p.facts.since)
	if p.facts.since != 0 {
		since = atLeast(v.AtLeast) + since
	}
	d.add("since", since)
	why, known := model.Explained(o.Kind, v.Message)
	if known && p.facts.state.Role != themes.OK {
		d.add("why", upperFirst(sentence(why)))
	}
	d.add("message", sentence(v.Message))
	if c := v.Cause; c != nil && c.Ref() != (model.Ref{Kind: o.Kind.String(), Namespace: o.Namespace, Name: o.Name}) {
		if c.Reason == "Missing" {
			d.named("starts at", c.Kind+" "+c.Namespace+"/"+c.Name, p.missing(), "")
		} else {
			d.reference("starts at", c.Ref(), o.Namespace)
		}
		d.add("", sentence(c.Message))
	}
	for _, words := range p.overlays(o, v) {
		d.add("also", upperFirst(sentence(words)))
	}
	if v.Suspended {
		d.add("suspended by", suspendedBy(o))
		d.add("reason", o.Annotations.Get(model.AnnotationSuspendReason))
		d.add("suspended at", o.Annotations.Get(model.AnnotationSuspendedAt))
		d.add("until", o.Annotations.Get(model.AnnotationSuspendUntil))
		if v.Was.Unhealthy() {
			d.spans("it was", marked(p.kit.Glyph.Of(v.Was), "")...)
		}
	}
}

// references are the objects that have to do with this one, from both sides.
func (p *objectPage) references(d *describer, o *model.Object) {
	d.section("REFERENCES")
	for _, k := range p.refs.users {
		d.object("used by", k, "")
	}
	if s, ok := o.Detail.(*model.Sync); ok {
		for _, r := range s.DependsOn {
			d.reference("waits for", r, o.Namespace)
		}
		for _, k := range p.refs.waiters {
			d.object("waited for by", k, "")
		}
	}
	for _, k := range p.refs.holders {
		d.object("applied by", k, "")
	}
	if owner, ok := p.store.Owner(o); ok && len(p.refs.holders) == 0 {
		d.object("labelled by", owner, "")
	}
	if o.Kind == model.ServiceAccount {
		p.accountReferences(d, o)
	}
}

// accountReferences are the syncs that run as an account, and what it may.
func (p *objectPage) accountReferences(d *describer, o *model.Object) {
	for _, k := range p.actsFor(o.Key) {
		d.object("acts for", k, "")
	}
	for _, g := range p.refs.grants {
		d.add("may "+g.where(o.Namespace), g.words())
	}
}

func (p *objectPage) conditions(d *describer, o *model.Object) {
	d.section("CONDITIONS")
	for _, c := range o.Conditions {
		words := join(c.Status, c.Reason, p.moment(c.LastTransition))
		if c.ObservedGeneration > 0 && c.ObservedGeneration != o.Generation {
			words += fmt.Sprintf("  of generation %d", c.ObservedGeneration)
		}
		d.add(c.Type, words)
		d.add("", c.Message)
	}
}

func (p *objectPage) metadata(d *describer, o *model.Object) {
	d.section("METADATA")
	if o.Generation > 0 {
		seen := ""
		if o.ObservedGeneration >= 0 {
			seen = fmt.Sprintf(", its controller has seen %d", o.ObservedGeneration)
		}
		d.add("generation", fmt.Sprint(o.Generation)+seen)
	}
	d.add("created", p.moment(o.Created))
	if o.Deleting != 0 {
		d.add("deleted", p.moment(o.Deleting))
		d.add("held by", strings.Join(o.Finalizers, ", "))
	}
	label := "labels"
	for _, l := range o.Labels {
		d.add(label, l.Name+"="+l.Value)
		label = ""
	}
	label = "annotations"
	for _, a := range o.Annotations {
		d.add(label, a.Name+"="+a.Value)
		label = ""
	}
}
