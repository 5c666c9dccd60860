package action

import (
	"fmt"
	"slices"
	"strings"

	"tenantry/model"
)

// Stated says whether what applies an object states the field it is suspended
// by (domain rule: what Git, a chart or a template states wins at the next run;
// what it leaves out stays as somebody else set it).
type Stated uint8

// The answers.
const (
	StatedUnknown Stated = iota
	StatedNot
	StatedYes
)

// Around is what a dialog says around a suspension's steps.
type Around struct {
	Keeps  []string // what goes on regardless
	Undoes []string // what would take it back, or why nothing does
}

// Around says what goes on in spite of a plan's steps, and what would undo
// them. It is asked for anew when steps are left out.
func (p Plan) Around(s *model.Store) Around {
	if p.Wish.Verb != Suspend {
		return Around{p.Keeps, p.Undoes}
	}
	stops := make(map[model.Key]bool, len(p.Steps))
	for _, step := range p.Steps {
		stops[step.Key] = true
	}
	return Around{append(keeps(s, p.Steps, stops), operates(s, p.Steps, stops)...), undoes(s, p.Steps, stops)}
}

// operates says that the operator goes on with an instance of which only what it
// generates is suspended.
func operates(s *model.Store, steps []Step, stops map[model.Key]bool) []string {
	for _, step := range steps {
		o := s.Get(step.Key)
		if o == nil {
			continue
		}
		owner, ok := Applier(o)
		if at := s.Get(owner); ok && owner.Kind == model.FluxInstance && !stops[owner] && at != nil && !at.IsSuspended() {
			return []string{owner.String() + " goes on: the operator upgrades and heals Flux. Suspended as well, it does neither."}
		}
	}
	return nil
}

// TakesBack reports whether an object states how another step's is suspended, and so
// would take that back unless it is suspended itself.
func (p *Plan) TakesBack(s *model.Store, k model.Key) bool {
	return slices.ContainsFunc(p.Steps, func(step Step) bool {
		o := s.Get(step.Key)
		if o == nil || step.Stated != StatedYes {
			return false
		}
		owner, ok := Applier(o)
		return ok && owner == k
	})
}

// keeps says what goes on in spite of a suspension.
func keeps(s *model.Store, steps []Step, stops map[model.Key]bool) []string {
	out := []string{"Running pods and autoscalers go on; what is deployed stays."}
	children := 0
	for _, step := range steps {
		o := s.Get(step.Key)
		if o == nil {
			continue
		}
		d, ok := o.Detail.(*model.Sync)
		if !ok {
			continue
		}
		for id := range strings.SplitSeq(d.Inventory, "\n") {
			if !strings.Contains(id, ".toolkit.fluxcd.io_") {
				continue // nearly all of an inventory
			}
			ref, ok := model.InventoryRef(id)
			if !ok || !strings.HasSuffix(ref.Group, ".toolkit.fluxcd.io") {
				continue
			}
			k, ok := model.Ref{Kind: ref.Kind, Namespace: ref.Namespace, Name: ref.Name}.Key()
			if child := s.Get(k); ok && !stops[k] && child != nil && !child.IsSuspended() {
				children++
			}
		}
	}
	switch children {
	case 0:
	case 1:
		out = append(out, "One Flux object it made goes on reconciling.")
	default:
		out = append(out, fmt.Sprintf("%d Flux objects it made go on reconciling.", children))
	}
	return out
}

// undoes says what would take a suspension back. What is gone, itself suspended
// or about to be runs no more and undoes nothing.
func undoes(s *model.Store, steps []Step, stops map[model.Key]bool) []string {
	type about struct {
		owner  model.Key
		stated Stated
	}
	by := map[about][]string{}
	var order []about
	for _, step := range steps {
		o := s.Get(step.Key)
		if o == nil {
			continue
		}
		owner, ok := Applier(o)
		if !ok || stops[owner] {
			continue
		}
		if at := s.Get(owner); at == nil && s.Readable(owner) || at != nil && at.IsSuspended() {
			continue
		}
		a := about{owner, step.Stated}
		if by[a] == nil {
			order = append(order, a)
		}
		by[a] = append(by[a], step.Key.Kind.String()+" "+step.Key.Name)
	}
	var out []string
	for _, a := range order {
		out = append(out, undoing(a.owner, list(by[a]), a.stated))
	}
	return out
}

// undoing says what an owner does to a suspension of what it applies. The
// operator strips the fields of some managers from what it generates, and
// kustomize-controller those of kubectl; tenantry's own are none of these.
func undoing(owner model.Key, what string, stated Stated) string {
	states, run := "what it applies", "its next run"
	switch owner.Kind {
	case model.HelmRelease:
		states, run = "its chart", "its next upgrade or drift correction"
	case model.ResourceSet:
		states, run = "its template", "the operator's next run of it"
	case model.FluxInstance:
		states, run = "spec.kustomize.patches of it", "the operator's next run of it"
	}
	does := "applies"
	if owner.Kind == model.FluxInstance {
		does = "generates"
	}
	switch stated {
	case StatedYes:
		return fmt.Sprintf("%s %s %s, and %s states whether it is suspended: %s undoes this. Change it there, or suspend that %s as well.",
			owner, does, what, states, run, owner.Kind)
	case StatedNot:
		return fmt.Sprintf("Nothing now: %s %s %s, and %s leaves open whether it is suspended.", owner, does, what, states)
	}
	return fmt.Sprintf("%s %s %s: if %s states whether it is suspended, %s undoes this.", owner, does, what, states, run)
}

// Applier is what says, by its labels, that it applied or generates an object.
func Applier(o *model.Object) (model.Key, bool) {
	k := o.Owner()
	return k, k != model.Key{} && k != o.Key
}

// Suspending is the path of the field an object is suspended by, as
// model.FieldOwner names it.
func Suspending(k model.Kind) string {
	if byAnnotation(k) {
		return ".metadata.annotations." + model.AnnotationReconcile
	}
	return ".spec.suspend"
}

// States tells from who owns an object's fields whether what applies it states
// how it is suspended.
func States(o *model.Object, owners []model.FieldOwner) Stated {
	owner, ok := Applier(o)
	if !ok || len(owners) == 0 {
		return StatedUnknown
	}
	managers := map[model.Kind][]string{
		model.Kustomization: {"kustomize-controller"}, model.HelmRelease: {"helm-controller", "helm"},
		model.ResourceSet: {"flux-operator"}, model.FluxInstance: {"flux-operator"},
	}[owner.Kind]
	seen := false
	for _, f := range owners {
		for _, m := range managers {
			if f.Manager != m || f.Subresource != "" {
				continue
			}
			seen = true
			if f.Path == Suspending(o.Kind) {
				return StatedYes
			}
		}
	}
	if !seen {
		return StatedUnknown // it was not that controller who wrote it, whatever the labels say
	}
	return StatedNot
}

// asked is of how many objects it is looked at who wrote what of them: a dialog
// about more says what may be.
const asked = 20

// Owned are the objects of a suspension that something still running applies:
// those of which it matters who wrote what. There are none when there are too
// many to look at.
func (p *Plan) Owned(s *model.Store) []model.Key {
	if p.Wish.Verb != Suspend {
		return nil
	}
	var out []model.Key
	for _, step := range p.Steps {
		o := s.Get(step.Key)
		if o == nil {
			continue
		}
		if k, ok := Applier(o); ok {
			if owner := s.Get(k); owner == nil || !owner.IsSuspended() {
				out = append(out, step.Key)
			}
		}
		if len(out) > asked {
			return nil
		}
	}
	return out
}

// State notes what is known of who wrote what.
func (p *Plan) State(s *model.Store, owners map[model.Key][]model.FieldOwner) {
	for i := range p.Steps {
		step := &p.Steps[i]
		if o := s.Get(step.Key); o != nil {
			step.Stated = States(o, owners[step.Key])
		}
	}
}
