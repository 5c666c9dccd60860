package setup

import (
	"fmt"
	"strings"

	"tenantry/model"
	"tenantry/model/fluxsync"
)

const (
	operatorFirst = "The operator comes first: step 2."
	instanceFirst = "The FluxInstance comes first: step 3."
)

func (l Look) operator() Found {
	var f Found
	if l.reading(model.FluxInstance, model.Deployment) {
		return f.end(Unknown, stillReading)
	}
	p := l.Store.Platform()
	if op := p.Operator; op != nil {
		return l.operatorRuns(f, op)
	}
	crd := l.Store.KindStatus(model.FluxInstance).State
	hidden := l.Store.KindStatus(model.Deployment).State == model.ScopeDenied
	switch {
	case l.unseen():
		f.Lines = append(f.Lines, Line{Label: "kinds", Text: "you may not list FluxInstances: whether they are served, and the operator is there, can't be told", Denied: true})
		if why := l.MayNot(Operator); why != "" {
			f.Lines = append(f.Lines, Line{Label: "you", Text: why + ": the chart takes an administrator", Denied: true})
		}
		return f.end(Refused, "")
	case crd != model.ScopeAbsent && hidden:
		f.say("kinds", "FluxInstance is served")
		f.say("Deployment", "whether the operator runs you may not see")
		return f.end(Partly, "Go on: step 3 shows whether somebody answers.")
	case crd != model.ScopeAbsent:
		f.say("kinds", "FluxInstance is served")
		f.judge("Deployment", model.Failed, "there is none of the operator: a FluxInstance would be taken and never acted on")
	case l.Bundled():
		k := p.Controllers[0].Key
		f.judge("Flux", p.Controllers[0].Health, fmt.Sprintf("%s holds all its controllers (%s), as Cozystack installs it", k, count(len(p.Controllers), "controller")))
		f.say("so", "Flux is the platform's here: it keeps it as it wants it, without operator and without FluxInstance. A second Flux would fight with it over the same kinds.")
		return f.end(Foreign, "Nothing is set up beside it. Tenants can be added: step 6.")
	case l.Bootstrapped():
		l.foundBootstrap(&f)
	default:
		f.say("kinds", "FluxInstance is not served; neither is any other kind of Flux's")
		if l.Store.KindStatus(model.Kustomization).State != model.ScopeAbsent {
			f.Lines = nil
			f.say("kinds", "FluxInstance is not served; Flux's own kinds are, though no controller was found")
		}
	}
	if why := l.MayNot(Operator); why != "" {
		f.Lines = append(f.Lines, Line{Label: "you", Text: why + ": the chart takes an administrator", Denied: true})
	}
	return f.end(Open, "")
}

const thenOutOfGit = "once the sync is set, and not before, Flux's own manifests (the folder flux-system) are taken out of Git: as long as they are there, Git and the operator undo each other's work"

// foundBootstrap says what the operator does with a Flux that is there.
func (l Look) foundBootstrap(f *Found) {
	p := l.Store.Platform()
	ns := l.Namespace()
	f.judge("Flux", p.Controllers[0].Health, fmt.Sprintf("%s in %s, without an operator: made by flux bootstrap or flux install", count(len(p.Controllers), "controller"), ns))
	words := "the operator belongs into the same namespace, " + ns + "; a FluxInstance there takes these controllers over as they run"
	if ks := l.bootstrapSync(); ks != nil {
		words += "; its sync must be named " + ks.Name + " like the one there, or two syncs would run"
	}
	f.say("so", words)
	f.say("then", thenOutOfGit)
}

func (l Look) operatorRuns(f Found, op *model.ControllerView) Found {
	words := fmt.Sprintf("%s in %s", strings.TrimSpace("flux-operator "+op.Version), op.Key.Namespace)
	if op.Health != model.Ready && op.Message != "" {
		words += ": " + op.Message
	}
	f.judge("Deployment", op.Health, words)
	if o := l.Store.Get(op.Key); o != nil {
		if release := o.Annotations.Get("meta.helm.sh/release-name"); release != "" {
			f.say("made by", "Helm release "+o.Annotations.Get("meta.helm.sh/release-namespace")+"/"+release)
		}
	}
	switch {
	case !l.served() && !l.unseen() && op.Health == model.Ready:
		f.say("kinds", "FluxInstance is not served yet")
		return f.end(Busy, "It is taken up as soon as it is.")
	case op.Health == model.Ready:
		return f.end(Done, "")
	case onTheWay(op.Health):
		f.Settles = l.wasMade()
		return f.end(Busy, "It is starting.")
	}
	return f.end(Trouble, "See why it does not run: 9 shows the platform.")
}

// Owned says who made the instance and keeps it, "" where setup may change it.
func (l Look) Owned() string {
	if p := l.Store.Platform(); p.Instance != nil {
		return fluxsync.LiveOf(p.Instance).Made()
	}
	return ""
}

func (l Look) instance() Found {
	var f Found
	if l.reading(model.FluxInstance, model.Deployment) {
		return f.end(Unknown, stillReading)
	}
	p := l.Store.Platform()
	o := p.Instance
	if o == nil {
		return l.noInstance(f)
	}
	d, ok := o.Detail.(*model.Instance)
	if !ok {
		f.say("instance", o.Key.String()+" can't be read: "+o.Undecodable)
		return f.end(Trouble, "")
	}
	f.judge("instance", p.InstanceV.Health, o.Key.String()+": "+strings.TrimSpace("Flux "+orWord(p.FluxVersion, d.Version)+" from "+d.Registry))
	if why := fluxsync.Refuse(l.Store, o); why != "" {
		f.say("but", why)
		return f.end(Trouble, "Nothing acts on it until that is mended.")
	}
	down := l.controllers(&f)
	lockdown := model.Ready
	if p.Lockdown.Known && !p.Lockdown.Enabled {
		lockdown = model.Failed
	} else if !p.Lockdown.Known {
		lockdown = model.Unknown
	}
	f.judge("lockdown", lockdown, p.Lockdown.Detail)
	made := l.Owned()
	if made != "" {
		f.say("kept by", made+": what is changed here it writes back, so setup leaves it alone")
	}
	switch h := p.InstanceV.Health; {
	case onTheWay(h) || p.InstanceV.Reason == "HealthCheckCanceled": // canceled, for it begins anew
		f.Settles = d.Applied != "" && lockdown != model.Failed
		return f.end(Busy, "The operator is at it.")
	case h == model.Ready && lockdown == model.Failed:
		return f.end(Partly, "")
	case h == model.Ready:
		return f.end(Done, "")
	case h == model.Failed && down == 0 && len(p.Controllers) > 0 && onlySync(o, p.InstanceV.Message):
		f.say("failed", "only because its sync is: the controllers run")
		return f.end(Done, "The sync is step 5.")
	}
	f.say("so", model.Sentence(o, p.InstanceV))
	return f.end(Trouble, "")
}

// controllers says how Flux's controllers are, and how many do not run.
func (l Look) controllers(f *Found) (down int) {
	all := l.Store.Platform().Controllers
	worst, words := model.Ready, ""
	for _, c := range all {
		if c.Health != model.Ready {
			down++
			if words == "" {
				worst, words = c.Health, ": "+c.Name+" "+c.Message
			}
		}
	}
	if len(all) > 0 {
		f.judge("controllers", worst, fmt.Sprintf("%d of %d run%s", len(all)-down, len(all), words))
	}
	return down
}

func (l Look) noInstance(f Found) Found {
	st := l.Store.KindStatus(model.FluxInstance)
	switch {
	case st.State == model.ScopeDenied:
		f.Lines = append(f.Lines, Line{Label: "instance", Text: "you may not " + orWord(st.Verb, "list") + " FluxInstances", Denied: true})
		return f.end(Refused, "Somebody who may has to look.")
	case l.Bundled():
		f.say("instance", "none, and none is wanted: Flux is the platform's here, see step 2")
		return f.end(Foreign, "")
	}
	for _, o := range l.Store.Objects(model.FluxInstance) {
		f.judge("instance", model.Stalled, o.Key.String()+": the operator acts only on the one named flux in its own namespace")
	}
	if !l.served() {
		f.say("instance", "none: the kind is not served yet")
	} else if len(f.Lines) == 0 {
		f.say("instance", "none")
	}
	if l.Bootstrapped() {
		l.foundBootstrap(&f)
	}
	if why := l.MayNot(Instance); why != "" {
		f.Lines = append(f.Lines, Line{Label: "you", Text: why, Denied: true})
	}
	if !l.served() {
		return f.end(Open, operatorFirst)
	}
	return f.end(Open, "")
}
