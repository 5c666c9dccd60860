package why

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"tenantry/model"
	"tenantry/model/said"
)

// finish words an object's explanation.
func (w *walk) finish(e *Explanation, o *model.Object, v model.Verdict) {
	w.sortFaults(e.Faults)
	w.annotate(e)
	name := lower(refOf(o.Key))
	switch {
	case v.Suspended:
		e.Headline = upper(name) + " is suspended" + w.suspendedWords(o)
		e.Effect = w.suspendedEffect(o, v)
	case len(e.Faults) > 0:
		e.Headline = w.headline(name, &e.Faults[0])
	case v.Health == model.Ready || v.Health == model.NotApplicable:
		e.Headline = "Nothing is wrong with " + name
		e.Waits = w.fine(o)
	default:
		e.Headline = upper(name) + " " + movingWords(o.Kind, v)
		e.Waits = w.moving(o, v)
	}
	if e.Effect == "" && len(e.Faults) > 0 {
		e.Effect = e.Faults[0].Effect
	}
	e.began()
}

// began corrects since when it is so: what is well by itself has been for longer
// than something has been wrong with it.
func (e *Explanation) began() {
	if len(e.Faults) > 0 && (e.Since == 0 || e.Health == model.Ready || e.Health == model.NotApplicable) {
		e.Since, e.AtLeast = e.Faults[0].Since, e.Faults[0].AtLeast
	}
}

// sameSince has a row's fault last as long as the row says it does, where it is
// what the row shows: home, x, status and doctor tell one time of it.
func (e *Explanation) sameSince(worst model.Key) {
	if e.Since == 0 || !e.Health.Unhealthy() {
		return
	}
	for i := range e.Faults {
		f := &e.Faults[i]
		if slices.ContainsFunc(f.Chain, func(l Link) bool { k, ok := l.Key(); return ok && k == worst }) {
			f.Since, f.AtLeast = e.Since, e.AtLeast
		}
	}
}

// finishRow words a row's explanation.
func (w *walk) finishRow(e *Explanation, t *model.Tenant) {
	w.sortFaults(e.Faults)
	w.sortRow(e.Faults, t)
	w.annotate(e)
	who := t.Name
	if t.IsPlatform {
		who = "the platform"
	}
	switch {
	case len(e.Faults) > 0:
		f := &e.Faults[0]
		what := lower(f.Chain[0].Ref)
		if t.IsPlatform && w.isPlatformSync(f) {
			what = "the platform's sync"
		} else if !t.IsPlatform {
			what = who + ": " + shortRef(f.Chain[0].Ref, t)
		}
		e.Headline = w.headline(what, f)
		if f.Since != 0 {
			e.Since, e.AtLeast = f.Since, f.AtLeast
		}
	case t.Health == model.Suspended || t.Suspended.Suspended > 0:
		e.Headline = who + fmt.Sprintf(": %d of %d objects are suspended, and nothing else is wrong", t.Suspended.Suspended, t.Suspended.Of)
		for _, list := range [][]model.Key{t.Syncs, t.Sources} {
			for _, k := range list {
				if o := w.s.Get(k); o != nil && w.s.Verdict(k).Suspended && len(e.Waits) < 5 {
					e.Waits = append(e.Waits, upper(shortRef(refOf(k), t))+" is suspended"+w.suspendedWords(o))
				}
			}
		}
	case t.Health == model.Ready || t.Health == model.NotApplicable:
		e.Headline = "Nothing is wrong with " + who
		if t.Health == model.NotApplicable || len(t.Syncs)+len(t.Sources) == 0 {
			e.Waits = append(e.Waits, upper(t.Message))
		}
		for _, k := range t.Syncs {
			if o := w.s.Get(k); o != nil && len(e.Waits) < 4 {
				e.Waits = append(e.Waits, w.fine(o)...)
			}
		}
	default:
		e.Headline = who + ": " + t.Message
		if o := w.s.Get(t.Worst); o != nil {
			e.Waits = w.moving(o, w.s.Verdict(t.Worst))
		}
	}
	e.Waits = slices.Compact(e.Waits)
	if len(e.Faults) > 0 {
		e.Effect = e.Faults[0].Effect
	}
}

// absent explains a key nobody has.
func (w *walk) absent(e *Explanation, k model.Key) {
	name := lower(refOf(k))
	if !w.s.Readable(k) {
		e.Headline = "Whether " + name + " exists can't be told: " + k.Kind.Resource() + " are not read here"
		e.NotTried = append(e.NotTried, name)
		return
	}
	e.Health = model.Failed
	e.Headline = upper(name) + " does not exist"
	e.Faults = []Fault{{Kind: missingKind(k.Kind), Chain: []Link{missing(refOf(k), "")}, Words: name + " does not exist"}}
	w.annotate(e)
}

func (w *walk) unread(e *Explanation, t *model.Tenant) {
	if t.Denied {
		e.Headline = "Nothing of " + t.Name + " is readable by you, which is no fault of it"
		e.NotTried = []string{"everything: it is not yours to see"}
		return
	}
	e.Headline = "Not everything " + t.Name + " is made of has been read yet"
}

// sortFaults puts the gravest first: what is down for everyone, then what is
// broken, then what was refused as it should be, then what only waits.
func (w *walk) sortFaults(all []Fault) {
	slices.SortStableFunc(all, func(a, b Fault) int { return cmp.Compare(a.Weight(), b.Weight()) })
}

// sortRow orders what is equally grave by how what it is seen at is, and begins
// with what the row itself shows.
func (w *walk) sortRow(all []Fault, t *model.Tenant) {
	rank := func(f *Fault) int {
		if k, ok := f.Chain[0].Key(); ok && k == t.Worst {
			return 1 << 10
		}
		return f.Chain[0].Health.Severity()
	}
	slices.SortStableFunc(all, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.Weight(), b.Weight()), cmp.Compare(rank(&b), rank(&a)))
	})
}

// Weight orders faults, the gravest first: the smallest.
func (f *Fault) Weight() int {
	switch {
	case f.Ours == ControllerDown || f.Ours == NoController:
		return 0
	case f.Ours == SuspendedThere || f.Ours == Unanswered || f.Ours == ArtifactBehind || f.Ours == HeldByFinalizer:
		return 3
	case f.Raw:
		return 2
	}
	return 1
}

// headline is the sentence about a fault: what is seen, and where it starts.
func (w *walk) headline(what string, f *Fault) string {
	words := f.Words
	first := f.Chain[0].Ref
	// What starts at the object itself need not name it twice.
	words = strings.TrimPrefix(words, lower(first)+": ")
	if rest, ok := strings.CutPrefix(words, lower(first)+" "); ok {
		return sentenceOf(what) + " " + rest
	}
	words = strings.TrimPrefix(words, first.Kind+"/"+first.Namespace+"/"+first.Name+": ")
	verb := f.verb()
	if f.Chain[0].Old && w.isPlatformSync(f) {
		verb = strings.TrimPrefix(verb, "is Ready, but its source ") // said of both
	}
	return sentenceOf(what) + " " + verb + ": " + words
}

// sentenceOf begins a sentence with what it is about; a tenant's name in front
// stays as it is written.
func sentenceOf(what string) string {
	if strings.Contains(what, ": ") {
		return what
	}
	return upper(what)
}

// isPlatformSync reports whether a chain begins at the platform's own sync, or
// at the instance that failed only because of it.
func (w *walk) isPlatformSync(f *Fault) bool {
	p := w.s.Platform()
	if p.Instance == nil {
		return false
	}
	d, ok := p.Instance.Detail.(*model.Instance)
	if !ok || d.Sync == nil {
		return false
	}
	sync := model.Ref{Kind: "Kustomization", Namespace: p.Instance.Namespace, Name: orNone(d.Sync.Name, p.Instance.Namespace)}
	for i := range f.Chain {
		if f.Chain[i].Ref == sync {
			return i == 0 || f.Chain[0].Ref.Kind == "FluxInstance"
		}
	}
	return false
}

// verb says what a fault does to the object it is seen at.
func (f *Fault) verb() string {
	first := f.Chain[0]
	kind, _ := model.KindNamed(first.Ref.Kind)
	switch {
	case f.AsItShould:
		return "is refused, as it should be"
	case first.Old && f.Ours == SuspendedThere:
		return "gets nothing new"
	case first.Old && f.Ours == ArtifactBehind:
		return "is behind"
	case first.Old && (len(f.Chain) < 2 || f.Chain[1].Missing):
		return "is Ready, but gets nothing new"
	case first.Old:
		return "is Ready, but its source cannot fetch"
	case kind == model.FluxInstance && len(f.Chain) > 2 && f.Chain[1].Old:
		return "cannot fetch"
	case kind == model.FluxInstance && len(f.Chain) > 1:
		return "is not ready only because of its sync"
	case first.Health == model.Blocked:
		return "waits"
	case first.Health == model.Unknown && len(f.Chain) == 1:
		return "can't be judged"
	case first.Health == model.Unobserved, f.Ours == ControllerDown && first.Health == model.Ready:
		return "gets no answer"
	case first.Health == model.Terminating:
		return "can't go away"
	}
	switch kind.Role() {
	case model.RoleSource:
		return "cannot fetch"
	case model.RoleSync:
		switch {
		case f.Kind == said.HealthFailed || f.Kind == said.HealthTimeout || f.Ours >= PodsRefused && f.Ours <= RolloutStuck:
			return "has applied, and does not get healthy"
		case f.Ours == WorkloadGone:
			return "is not whole"
		case f.Raw:
			return "fails"
		case first.Health == model.Ready || first.Health == model.Reconciling:
			return "is not well"
		}
		return "cannot apply"
	case model.RoleWorkload:
		return "does not run"
	}
	return "is not well"
}

// when writes a moment by this machine's zone: with the date when it is not
// today.
func (w *walk) when(u model.Unix) string {
	now := w.s.Now()
	t := time.Unix(int64(u), 0).In(now.Location())
	if t.YearDay() == now.YearDay() && t.Year() == now.Year() {
		return t.Format("15:04:05")
	}
	if t.Year() == now.Year() {
		return t.Format("Jan 2 15:04")
	}
	return t.Format("2006-01-02 15:04")
}

// shortRef names an object of a row: without the namespace when the row has
// only one.
func shortRef(r model.Ref, t *model.Tenant) string {
	if len(t.Namespaces) == 1 && t.Namespaces[0] == r.Namespace {
		return r.Kind + " " + r.Name
	}
	return lower(r)
}

// upper begins a sentence.
func upper(s string) string { return model.Capital(s) }

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
