package why

import (
	"fmt"
	"strings"
	"time"

	"tenantry/model"
)

// movingWords say how something is that has no verdict yet.
func movingWords(k model.Kind, v model.Verdict) string {
	switch v.Health {
	case model.Pending:
		return "waits for its controller's first answer"
	case model.Outdated:
		return "has a change its controller has not seen yet"
	case model.Reconciling:
		return "is on its way"
	case model.Unknown:
		return "can't be judged: " + v.Message
	case model.Terminating:
		return "is being deleted"
	}
	why, _ := model.Explained(k, v.Message)
	return "is " + v.Health.String() + ": " + why
}

// moving says what something on its way waits for.
func (w *walk) moving(o *model.Object, v model.Verdict) []string {
	var out []string
	if v.Health == model.Terminating {
		if len(o.Finalizers) > 0 {
			out = append(out, "It goes once finalizer "+strings.Join(o.Finalizers, ", ")+" is taken off")
		}
		return out
	}
	why, known := model.Explained(o.Kind, v.Message)
	if why != "" && !strings.Contains(movingWords(o.Kind, v), why) {
		if known {
			why = upper(why)
		}
		out = append(out, why)
	}
	if _, ok := o.Detail.(*model.Sync); ok {
		for _, ref := range model.InventoryRefs(o) {
			k, watched := ref.Key()
			if !watched || k.Kind.Role() != model.RoleWorkload || w.s.Get(k) == nil {
				continue
			}
			if r := w.s.Rollout(k); r.Moving() {
				out = append(out, fmt.Sprintf("%s is rolling out: %s", lower(refOf(k)), r.Message))
			}
		}
		if len(out) > 4 {
			out = append(out[:4], fmt.Sprintf("and %d more", len(out)-4))
		}
		out = append(out, fmt.Sprintf("It may take up to %s before it counts as failed", time.Duration(o.Timeout())*time.Second))
	}
	if o.Role() == model.RoleWorkload {
		if r := w.s.Rollout(o.Key); r.Message != "" {
			out = append(out, fmt.Sprintf("%d of %d pods are of the newest spec, %d available", r.Updated, r.Desired, r.Available))
		}
	}
	return out
}

// fine says of something healthy what it has and what it waits for: the newest
// commit seen, when Git was asked, and since when it is live. It is also the
// answer to "my push does nothing": not fetched, or applied and changing
// nothing.
func (w *walk) fine(o *model.Object) []string {
	switch o.Role() {
	case model.RoleSource:
		return w.fetched(o.Key)
	case model.RoleSync:
		return w.live(o)
	case model.RoleWorkload:
		return w.generation(o)
	}
	if o.Kind == model.FluxInstance {
		if d, ok := o.Detail.(*model.Instance); ok && d.Applied != "" {
			v, _, _ := strings.Cut(d.Applied, "@")
			return []string{"It runs Flux " + v}
		}
	}
	return nil
}

// fetched says what a source has and when its origin was asked.
func (w *walk) fetched(source model.Key) []string {
	o := w.s.Get(source)
	if o == nil {
		return nil
	}
	d, ok := o.Detail.(*model.Source)
	if !ok || d.Revision == "" {
		return nil
	}
	text := "Newest commit seen: " + w.commit(d.Revision)
	if source.Kind != model.GitRepository {
		text = "Newest revision seen: " + model.ShortRevision(d.Revision)
	}
	if d.Updated != 0 {
		text += ", fetched " + w.when(d.Updated)
	}
	out := []string{text + w.asked(source, d)}
	if d.Ref != "" {
		out[0] += "; a commit that is not on " + d.Ref + " is never fetched"
	}
	return out
}

// commit is a revision with the subject of its commit, where it is known.
func (w *walk) commit(revision string) string {
	text := model.ShortRevision(revision)
	if subject := w.s.Subject(revision); subject != "" {
		text += ` "` + subject + `"`
	}
	return text
}

// asked says when the origin was last asked, or that nothing tells.
func (w *walk) asked(source model.Key, d *model.Source) string {
	every := (time.Duration(d.Interval) * time.Second).String()
	every = strings.TrimSuffix(strings.TrimSuffix(every, "0s"), "0m")
	if every == "" || d.Interval == 0 {
		return ""
	}
	last := w.s.AskedOf(source).Last
	if !last.Known() {
		return "; asked every " + every + ", last unknown"
	}
	return "; asked " + w.when(last.At) + ", every " + every
}

// live says since when a sync runs its source's newest commit, and whether
// that changed anything.
func (w *walk) live(o *model.Object) []string {
	d, ok := o.Detail.(*model.Sync)
	if !ok {
		return nil
	}
	var out []string
	if k, ok := d.SourceRef.Key(); ok {
		out = w.fetched(k)
	}
	if d.Applied == "" {
		return out
	}
	text := "It runs " + w.commit(d.Applied)
	if d.Path != "" {
		text += " in " + d.Path
	}
	if since := model.AppliedSince(o); since != 0 && o.Kind == model.Kustomization {
		text += " since " + w.when(since)
	}
	if moved, of := w.movedBy(o); of > 0 {
		switch moved {
		case 0:
			text += fmt.Sprintf("; it changed none of its %s", plural(of, "workload"))
		default:
			text += fmt.Sprintf("; it changed %d of %s", moved, plural(of, "workload"))
		}
	}
	return append(out, text)
}

// movedBy counts the workloads a sync's newest revision changed, as far as it
// was seen.
func (w *walk) movedBy(o *model.Object) (moved, of int) {
	d := o.Detail.(*model.Sync)
	if len(d.History) == 0 || d.History[0].First == 0 {
		return 0, 0
	}
	first := d.History[0].First
	for _, ref := range model.InventoryRefs(o) {
		k, ok := ref.Key()
		if !ok || k.Kind.Role() != model.RoleWorkload {
			continue
		}
		wo := w.s.Get(k)
		if wo == nil {
			continue
		}
		wd, ok := wo.Detail.(*model.Workload)
		if !ok || len(wd.Managers) == 0 {
			return 0, 0 // who wrote it when is not known
		}
		of++
		for _, m := range wd.Managers {
			if m.Subresource == "" && m.Time >= first-1 && (m.Name == "kustomize-controller" || m.Name == "helm-controller" || m.Name == "helm") {
				moved++
				break
			}
		}
	}
	return moved, of
}

func (w *walk) generation(o *model.Object) []string {
	r := w.s.Rollout(o.Key)
	text := fmt.Sprintf("Generation %d is rolled out: %d of %d pods available", r.Generation, r.Available, r.Desired)
	if g := w.s.Generations(o.Key); len(g) > 0 && g[0].FromGit() && g[0].Commit != "" {
		text += "; it came with " + w.commit(g[0].Commit)
	}
	return []string{text}
}
