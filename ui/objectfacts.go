package ui

import (
	"fmt"
	"strings"
	"time"

	"tenantry/model"
	"tenantry/themes"
	"tenantry/ui/text"
)

// objectFacts are what lists say of an object.
type objectFacts struct {
	verdict  model.Verdict
	state    mark
	since    model.Unix
	at       string // the revision it is at, and the one it is going to, short
	does     string // what it does: where it fetches from, what it applies or runs
	what     string // the two above while it is fine, else why it is not
	revision string
	rollout  model.Rollout
}

func (e *env) factsOfObject(o *model.Object) objectFacts {
	f := e.judge(o)
	e.describe(&f, o)
	return f
}

// judge fills in how the object is, and since when; the rest takes longer.
func (e *env) judge(o *model.Object) objectFacts {
	f := objectFacts{verdict: e.store.Verdict(o.Key)}
	switch role := o.Kind.Role(); {
	case role != model.RoleAccess && role != model.RoleOther:
		f.state = e.stateOf(f.verdict)
	case f.verdict.Health == model.NotApplicable || f.verdict.Health == model.Unknown && o.Kind != model.Namespace:
		f.verdict.Health, f.verdict.Message = model.NotApplicable, ""
		f.state = mark{Shape: e.kit.Glyph.Of(model.Ready).Shape, Word: "Exists", Role: themes.OK}
	default:
		f.state = e.kit.Glyph.Of(f.verdict.Health)
	}
	if f.since = f.verdict.Since; f.since == 0 && o.Kind.Role() == model.RoleAccess {
		f.since = o.Created
	}
	return f
}

// stateOf is how a verdict looks: what is ready on an old revision says so.
func (e *env) stateOf(v model.Verdict) mark {
	if v.Health == model.Ready && v.Overlays&(model.SourceFailing|model.Behind) != 0 {
		return e.kit.Glyph.Old()
	}
	return e.kit.Glyph.Of(v.Health)
}

// describe fills in where the object is, what it does, and why not.
func (e *env) describe(f *objectFacts, o *model.Object) {
	fine := f.verdict.Health == model.Ready || f.verdict.Health == model.NotApplicable
	switch d := o.Detail.(type) {
	case *model.Source:
		f.revision, f.at = d.Revision, refAt(d)
		f.does = join(every(d.Interval), shortURL(d.URL))
	case *model.Sync:
		f.revision, f.at = d.Applied, e.going(o.Key, d)
		from := ""
		if k, ok := d.SourceRef.Key(); ok {
			from = "from " + shortName(k)
		}
		f.does = join(d.Path, from, every(d.Interval))
	case *model.Workload:
		f.rollout = model.RolloutOf(o)
		if len(d.Containers) > 0 {
			f.does = d.Containers[0].Image
		}
	case *model.Binding:
		subjects := make([]string, 0, len(d.Subjects))
		for _, s := range d.Subjects {
			subjects = append(subjects, s.Name)
		}
		f.does = fmt.Sprintf("%s %s for %s", d.RoleKind, d.RoleName, strings.Join(subjects, ", "))
	case *model.Instance:
		f.does = join("Flux "+d.Version, strings.Join(d.Components, " "))
	}
	if f.what = join(f.at, f.does); !fine && f.verdict.Message != "" {
		f.what = brief(model.Sentence(o, f.verdict), o.Key)
	}
	if words := e.overlays(o, f.verdict); fine && len(words) > 0 {
		f.what = strings.Join(words, ", ")
		if f.verdict.Overlays&(model.SourceFailing|model.Behind) != 0 {
			f.what = "runs on: " + f.what
		}
	}
	if f.verdict.Health == model.Suspended {
		f.what = e.suspensionOf(o, f.verdict, e.store.SuspensionOverdue(o))
	}
	if f.verdict.Retrying {
		f.what += ", retrying"
	}
}

// going is what a sync has applied, and where it is going when its source is
// ahead of that. A chart's version is no revision of its repository.
func (e *env) going(k model.Key, d *model.Sync) string {
	at := model.ShortRevision(d.Applied)
	if k.Kind != model.Kustomization {
		return at
	}
	if source := e.sourceOf(k, d); source != nil && source.Revision != "" && !model.SameRevision(source.Revision, d.Applied) {
		return at + e.kit.Glyph.Arrow + model.ShortRevision(source.Revision)
	}
	return at
}

// refAt is where a source stands: branch@commit.
func refAt(d *model.Source) string {
	if d.Revision == "" {
		return d.Ref
	}
	short := model.ShortRevision(d.Revision)
	if ref := model.RevisionRef(d.Revision); ref != "" && ref != short {
		return ref + "@" + short
	}
	return short
}

func every(seconds int32) string {
	if seconds <= 0 {
		return ""
	}
	return "every " + text.Age(time.Duration(seconds)*time.Second)
}

// join puts what is there side by side.
func join(parts ...string) string {
	var said []string
	for _, p := range parts {
		if p != "" {
			said = append(said, p)
		}
	}
	return strings.Join(said, "  ")
}

// generationOf is an object's generation, and the one its controller has seen
// when that is another.
func (e *env) generationOf(o *model.Object, r model.Rollout) string {
	if o == nil || o.Generation == 0 {
		return ""
	}
	if r.Moving() {
		return e.generation(r)
	}
	if o.ObservedGeneration >= 0 && o.ObservedGeneration != o.Generation {
		return fmt.Sprintf("%d seen %d", o.Generation, o.ObservedGeneration)
	}
	return fmt.Sprint(o.Generation)
}

// objectSections explain an object in a pane: why it is as it is, what to do,
// and what shows more of it.
func (e *env) objectSections(o *model.Object, f *objectFacts) []section {
	v := f.verdict
	why := sentence(model.Sentence(o, v))
	if v.Health == model.Ready && v.Overlays != 0 {
		why = "It was applied and runs on, but " + sentence(strings.Join(e.overlays(o, v), "; "))
	}
	if _, known := model.Explained(o.Kind, v.Message); known {
		why += " In its controller's words: " + sentence(v.Message)
	}
	if v.Retrying {
		why += " It retries by itself."
	}
	if c := v.Cause; c != nil && !strings.Contains(why, c.Name) {
		why += " Cause: " + c.Ref().String() + ", " + sentence(c.Message)
	}
	next, pods := "", e.podSentence(o)
	why += pods
	if v.Health != model.Ready && v.Health != model.NotApplicable || v.Overlays != 0 {
		dead := e.notAtWork([]model.Key{o.Key})
		next = e.adviceAt(v.Health, v.Retrying, v.Cause, dead, e.rollsOut(o), pods)
		if dead == nil && v.Health == model.Ready {
			next = adviceOn(v.Overlays)
		}
		if dead != nil {
			why += e.deadSentence(dead, why)
		} else if role := o.Role(); role == model.RoleSync || role == model.RoleSource || role == model.RolePlatform {
			next += e.actionKeys(v.Health, v.Cause)
		}
	}
	what := section{label: "WHAT", text: o.Key.String()}
	run := section{label: "RUN", text: command(v.Health, o.Key), spare: true}
	if f.state.Role == themes.OK {
		return []section{what, {label: "NOW", text: why}, run}
	}
	what.spare = true
	return []section{{label: "WHY", text: why}, {label: "NEXT", text: next}, what, run}
}

// overlays say what is not as it should be although the object is fine.
func (e *env) overlays(o *model.Object, v model.Verdict) []string {
	var words []string
	if v.Overlays.Has(model.SourceFailing) {
		words = append(words, e.sourceTrouble(o))
	}
	if v.Overlays.Has(model.Behind) {
		words = append(words, "its source has had a newer revision for a while")
	}
	if v.Overlays.Has(model.Overdue) {
		words = append(words, "its controller has not come round for longer than it should")
	}
	return words
}

// sourceTrouble says what is wrong with the source of a sync.
func (e *env) sourceTrouble(o *model.Object) string {
	if d, ok := o.Detail.(*model.Sync); ok {
		ref := d.SourceRef
		if ref.Namespace == "" {
			ref.Namespace = o.Namespace
		}
		if k, watched := ref.Key(); watched {
			name := "its source " + shortName(k)
			source := e.store.Get(k)
			switch {
			case source == nil:
				return name + " is gone"
			case source.IsSuspended():
				return name + " is suspended"
			}
			if why, _ := model.Explained(k.Kind, e.store.Verdict(k).Message); why != "" {
				return name + " fails: " + why
			}
		}
	}
	return "its source fails, is suspended or is gone"
}
