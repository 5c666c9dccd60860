package action

import (
	"fmt"
	"strings"

	"tenantry/model"
)

// describe fills in what a dialog says around the steps.
func (p *planner) describe() {
	w := p.plan.Wish
	p.plan.Title = w.Verb.String() + " " + p.subject()
	several := len(w.Targets) != 1 || w.Targets[0].Key == (model.Key{})
	p.plan.Asks = several && w.Together == "" || w.Verb != Reconcile && w.Verb != Fetch
	for _, s := range p.plan.Steps {
		// A source in somebody else's namespace is not touched in passing.
		p.plan.Asks = p.plan.Asks || w.Together == "" && s.Key.Namespace != w.Targets[0].Key.Namespace
	}
	switch w.Verb {
	case Suspend:
		p.plan.Stops = true
		p.plan.Back = "s resumes it. Until is a reminder: nothing resumes by itself."
	case Resume:
		p.plan.Back = "s suspends it again; what is applied meanwhile stays applied."
	case Force:
		p.plan.Back = "Helm's own rollback; nothing else takes an upgrade back."
	}
}

// subject names what the wish is about.
func (p *planner) subject() string {
	targets := p.plan.Wish.Targets
	if p.plan.Wish.Together != "" && len(targets) > 1 {
		return p.plan.Wish.Together
	}
	if len(targets) != 1 {
		return fmt.Sprintf("%d marked rows", len(targets))
	}
	switch t := targets[0]; {
	case t.Key != (model.Key{}):
		return t.Key.String()
	case t.Row == model.PlatformKey:
		return "the platform"
	default:
		return t.Row
	}
}

// effect is what a step brings about.
func (p *planner) effect(o *model.Object) string {
	if p.plan.Wish.Verb != Suspend {
		return ""
	}
	switch d := o.Detail.(type) {
	case *model.Source:
		switch n := p.users(o.Key); n {
		case 0:
			return "nothing new is fetched"
		case 1:
			return "nothing new is fetched; the one sync that uses it keeps what it has"
		default:
			return fmt.Sprintf("nothing new is fetched; the %d syncs that use it keep what they have", n)
		}
	case *model.Sync:
		switch o.Kind {
		case model.HelmRelease:
			return "no upgrade and no drift correction"
		case model.ResourceSet:
			return "nothing of it is applied or put back"
		}
		what := "nothing of it is applied, put back or pruned"
		if d.Prune {
			what += ", also not when it is deleted"
		}
		return what
	case *model.Instance:
		return "the operator neither upgrades nor heals Flux, and does not apply spec.sync"
	}
	return ""
}

// users counts the syncs that apply from a source. All are counted at once, the
// first time: a plan may be about a thousand sources.
func (p *planner) users(source model.Key) int {
	if p.used == nil {
		p.used = map[model.Key]int{}
		for _, kind := range []model.Kind{model.Kustomization, model.HelmRelease} {
			for _, o := range p.store.Objects(kind) {
				d, ok := o.Detail.(*model.Sync)
				if !ok {
					continue
				}
				ref := d.SourceRef
				if ref.Namespace == "" {
					ref.Namespace = o.Namespace
				}
				if k, ok := ref.Key(); ok {
					p.used[k]++
				}
			}
		}
	}
	return p.used[source]
}

// list writes at most three names.
func list(names []string) string {
	if len(names) > 3 {
		return strings.Join(names[:2], ", ") + fmt.Sprintf(" and %d more", len(names)-2)
	}
	return strings.Join(names, ", ")
}

// Mixed counts how many of the targets' objects are suspended and how many
// run: a selection with both has to be asked about.
func Mixed(s *model.Store, targets []Target) (suspended, running int) {
	for verb, n := range map[Verb]*int{Suspend: &running, Resume: &suspended} {
		for _, step := range New(s, Wish{Verb: verb, Targets: targets}).Steps {
			if !step.Optional {
				*n++
			}
		}
	}
	return suspended, running
}
