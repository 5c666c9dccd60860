package why

import (
	"fmt"
	"strings"

	"tenantry/model"
)

// What a fault does to what runs, and what stands still on purpose.

// effect says what goes on all the same while a fault lasts: of the sync it
// stops, never of another one that is at fault too.
func (w *walk) effect(f *Fault) string {
	serving := ""
	if w.appliedWorks(f) {
		serving = w.stillServing(f)
	}
	sync, users := w.stopped(f)
	if sync == nil && serving != "" {
		return serving
	}
	if sync == nil {
		return w.unused(f)
	}
	if near := w.inChain(f, model.RoleSync); serving != "" && near != nil && near.Key != sync.Key {
		return serving + w.waiting(sync) // the pods are those of another sync, which this one waits for
	}
	d, ok := sync.Detail.(*model.Sync)
	if !ok {
		return ""
	}
	if w.s.Verdict(sync.Key).Health == model.Terminating {
		if d.Prune && fluxHolds(sync) {
			return "What it applied runs on until it goes, and is deleted with it."
		}
		return ""
	}
	pods, name := w.podsOf(sync), lower(refOf(sync.Key))
	if w.gone(f) { // it may be missing in the inventory, too
		pods = podsBad
	}
	of := ""
	if f.Chain[0].Ref != refOf(sync.Key) {
		of = " of " + name
		if users > 1 {
			of += " (and what it has for " + plural(users-1, "other sync") + " of this source)"
		}
	}
	switch {
	case pods == podsBad && w.appliedWorks(f):
		if f.Ours == PodsRefused {
			return strings.TrimSpace("It is applied; no pod can be made of it. " + serving)
		}
		return strings.TrimSpace("It is applied; the pods are what is wrong. " + serving)
	case d.Applied == "" && d.Inventory != "":
		// kustomize-controller calls a revision applied only once it is healthy;
		// the inventory is written before.
		return upper(name) + " has put " + plural(len(model.InventoryRefs(sync)), "object") + " into the cluster" + triedAt(d) + ", and was never Ready with them."
	case d.Applied == "" && sync.Kind == model.HelmRelease && !strings.Contains(strings.ToLower(f.Words+w.s.Verdict(sync.Key).Message), "install"):
		return "" // unless it fails to be installed, there may be a release that nothing tells of
	case d.Applied == "":
		return "Nothing of " + name + " has ever been applied."
	}
	if later := w.s.AppliedLater(sync.Key); later != "" {
		who := "it"
		if of != "" {
			who = name
		}
		rest := " New commits will not arrive."
		if pods == podsBad {
			rest = " Not all of its pods run."
		}
		return "What " + who + " last called live is " + runsOf(sync, d) + "; " + sinceApplied(later) + "." + rest
	}
	runs := runsOf(sync, d) + of
	switch pods {
	case podsBad:
		return "The cluster keeps " + runs + ", and not all of its pods run."
	case podsFine:
		return "No pod is affected: the cluster keeps " + runs + ". New commits will not arrive."
	}
	return "The cluster keeps " + runs + ". New commits will not arrive."
}

// stopped is the sync a fault stops: the one its chain goes through, else the
// first that follows the source it is seen at, and how many do.
func (w *walk) stopped(f *Fault) (*model.Object, int) {
	for i := range f.Chain {
		if k, ok := f.Chain[i].Key(); ok && k.Kind.Role() == model.RoleSync {
			return w.s.Get(k), 1
		}
	}
	users := w.usersOf(f)
	if len(users) == 0 {
		return nil, 0
	}
	return w.s.Get(users[0]), len(users)
}

// unused says of a source's fault that it stops nothing, where that is certain.
func (w *walk) unused(f *Fault) string {
	k, ok := f.Chain[0].Key()
	if !ok || w.s.Get(k) == nil {
		return ""
	}
	switch k.Kind {
	case model.GitRepository, model.OCIRepository, model.Bucket:
	default:
		return ""
	}
	for _, kind := range []model.Kind{model.Kustomization, model.HelmRelease} {
		if !w.s.Readable(model.Key{Kind: kind, Namespace: k.Namespace, Name: k.Name}) {
			return ""
		}
	}
	if len(w.s.UsersOf(k)) > 0 {
		return "" // from another namespace
	}
	return "No sync uses it: nothing that runs came from it."
}

// runsOf names what a sync keeps: its revision, where that is one a person
// would know.
func runsOf(sync *model.Object, d *model.Sync) string {
	if sync.Kind == model.ResourceSet { // the digest of what it made
		return "what it applied before"
	}
	return model.ShortRevision(d.Applied)
}

// sinceApplied says of a revision that it is in the cluster, although its sync
// does not call it applied.
func sinceApplied(later string) string {
	return model.ShortRevision(later) + " was applied since and did not get healthy"
}

// triedAt names the revision a sync tried last.
func triedAt(d *model.Sync) string {
	if d.Attempted == "" {
		return ""
	}
	return " at " + model.ShortRevision(d.Attempted)
}

// waiting says what a sync keeps that waits for another.
func (w *walk) waiting(sync *model.Object) string {
	d, ok := sync.Detail.(*model.Sync)
	if !ok || d.Applied == "" {
		return ""
	}
	if later := w.s.AppliedLater(sync.Key); later != "" {
		return " What " + lower(refOf(sync.Key)) + " last called live is " + runsOf(sync, d) + "; " + sinceApplied(later) + "."
	}
	return " " + upper(lower(refOf(sync.Key))) + " keeps " + runsOf(sync, d) + " meanwhile."
}

// stillServing says what of the workload a fault is at serves all the same.
func (w *walk) stillServing(f *Fault) string {
	o := w.inChain(f, model.RoleWorkload)
	if o == nil {
		return ""
	}
	r := w.s.Rollout(o.Key)
	old, of := w.s.OldPods(o.Key)
	switch name := lower(refOf(o.Key)); {
	case r.Desired == 0:
	case old > 0:
		return fmt.Sprintf("%d of %s still %s: none goes before a new one is ready.", old, plural(of, "old pod"), verbs(old, "serve"))
	case r.Available == 0:
		return "No pod of " + name + " serves."
	case r.Available < r.Desired:
		return fmt.Sprintf("%d of %s of %s still %s.", r.Available, plural(r.Desired, "pod"), name, verbs(r.Available, "serve"))
	}
	return ""
}

// verbs is a verb as it goes with a number.
func verbs(n int, verb string) string {
	if n == 1 {
		return verb + "s"
	}
	return verb
}

func (w *walk) appliedWorks(f *Fault) bool {
	return f.Ours >= PodsRefused && f.Ours <= RolloutStuck
}

type podsState uint8

const (
	podsUnknown podsState = iota
	podsFine
	podsBad
)

func (w *walk) podsOf(sync *model.Object) podsState {
	state := podsUnknown
	for _, ref := range model.InventoryRefs(sync) {
		k, ok := ref.Key()
		if !ok || k.Kind.Role() != model.RoleWorkload || w.s.Get(k) == nil && !w.s.Readable(k) {
			continue
		}
		if w.s.Get(k) == nil || w.s.Verdict(k).Health != model.Ready {
			return podsBad
		}
		state = podsFine
	}
	return state
}

// gone reports whether a fault is that a workload is not there.
func (w *walk) gone(f *Fault) bool {
	k, ok := f.Root().Key()
	return ok && f.Root().Missing && k.Kind.Role() == model.RoleWorkload
}

// usersOf are the syncs, of its own namespace, that follow the source a fault is seen at.
func (w *walk) usersOf(f *Fault) []model.Key {
	k, ok := f.Chain[0].Key()
	if !ok || k.Kind.Role() != model.RoleSource {
		return nil
	}
	var out []model.Key
	for _, kind := range []model.Kind{model.Kustomization, model.HelmRelease} {
		w.s.ObjectsIn(k.Namespace, kind, func(o *model.Object) bool {
			if d, ok := o.Detail.(*model.Sync); ok && d.SourceRef == refOf(k) {
				out = append(out, o.Key)
			}
			return true
		})
	}
	return out
}

// suspendedWords say by whom, why and until when, as far as it is known.
func (w *walk) suspendedWords(o *model.Object) string {
	susp, ok := w.s.Suspension(o)
	if !ok {
		return ""
	}
	var b strings.Builder
	if susp.By != "" {
		b.WriteString(" by " + susp.By)
	}
	if susp.Since != 0 {
		b.WriteString(" since " + w.when(susp.Since))
	}
	if susp.Reason != "" {
		b.WriteString(": " + susp.Reason)
	}
	if susp.Until != "" {
		b.WriteString(", meant until " + susp.Until)
		if susp.Overdue {
			b.WriteString(", which is over")
		}
	}
	return b.String()
}

func (w *walk) suspendedEffect(o *model.Object, v model.Verdict) string {
	text := "Nothing resumes by itself."
	switch {
	case v.Was == model.Failed || v.Was == model.Stalled:
		why, _ := model.Explained(o.Kind, v.Message)
		text += " When it was stopped it was " + v.Was.String() + ": " + why + "."
	case v.Was == model.Ready:
		text += " When it was stopped it was Ready."
	}
	if d, ok := o.Detail.(*model.Sync); ok && d.Applied != "" {
		switch later := w.s.AppliedLater(o.Key); {
		case later != "":
			text += " What it applied runs on; what it last called live is " + model.ShortRevision(d.Applied) + ", and " + sinceApplied(later)
		case o.Kind != model.ResourceSet:
			text += " What it applied runs on, at " + model.ShortRevision(d.Applied)
		default:
			text += " What it applied runs on"
		}
		text += "."
	}
	return text
}
