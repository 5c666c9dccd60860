package restore

import (
	"fmt"

	"tenantry/model"
	"tenantry/model/export"
)

const namespaceLeaves = "its namespace is being deleted: wait until it is gone, then run this again"

// leaving reports whether a namespace is being deleted, and all in it.
func (p *Plan) leaving(namespace string) bool {
	raw := p.live.Objects[model.ObjectRef{Kind: "Namespace", Name: namespace}]
	meta, _ := raw["metadata"].(export.Object)
	return meta["deletionTimestamp"] != nil
}

func (p *Plan) unread(o *Object) string {
	at := o.key()
	at.Name = ""
	if why := p.live.Unread[at]; why != "" {
		return why
	}
	at.Namespace = ""
	return p.live.Unread[at]
}

// missing says whether an object that is not there can be asked about.
func (p *Plan) missing(o *Object) {
	o.State = Untold
	refuse := func(format string, args ...any) {
		o.State, o.Why = Refused, fmt.Sprintf(format, args...)
	}
	if p.live.Absent[[2]string{o.Ref.Group, o.Ref.Kind}] {
		switch {
		case o.Kind.Operator:
			refuse("the server does not serve %s: install flux-operator first, then run this again", o.Ref.Kind)
			return
		case o.Kind.Flux && p.step("FluxInstance") > 0:
			o.State, o.Later = New, fmt.Sprintf("its kind comes with Flux, in step %d", p.step("FluxInstance"))
			return
		case o.Kind.Flux && p.live.Instance:
			o.State, o.Later = New, "its kind comes with Flux, which is being installed"
			return
		}
		refuse("the server does not serve %s, and nothing in the folder installs it: install Flux first, then run this again", o.Ref.Kind)
		return
	}
	if !o.Kind.Namespaced {
		return
	}
	space := model.ObjectRef{Kind: "Namespace", Name: o.Ref.Namespace}
	switch raw := p.live.Objects[space]; {
	case p.leaving(o.Ref.Namespace):
		refuse(namespaceLeaves)
	case raw != nil:
	case p.spaces[o.Ref.Namespace]:
		o.State, o.Later = New, fmt.Sprintf("its namespace is made in step %d", p.step("Namespace"))
	case p.live.Unread[model.ObjectRef{Kind: "Namespace"}] == "":
		refuse("there is no namespace %s, and nothing in the folder makes it", o.Ref.Namespace)
	}
}
