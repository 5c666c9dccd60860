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
	what     string // what it does while it is fine, else why it is not
	revision string
	rollout  model.Rollout
}

func (e *env) factsOfObject(o *model.Object) objectFacts {
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
	f.describe(o)
	return f
}

// stateOf is how a verdict looks: what is ready on an old revision says so.
func (e *env) stateOf(v model.Verdict) mark {
	if v.Health == model.Ready && v.Overlays&(model.SourceFailing|model.Behind) != 0 {
		return e.kit.Glyph.Old()
	}
	return e.kit.Glyph.Of(v.Health)
}

// describe fills what: what the object does while it is fine, else why not.
func (f *objectFacts) describe(o *model.Object) {
	fine := f.verdict.Health == model.Ready || f.verdict.Health == model.NotApplicable
	switch d := o.Detail.(type) {
	case *model.Source:
		f.revision = d.Revision
		f.what = join(refAt(d), every(d.Interval), shortURL(d.URL))
	case *model.Sync:
		f.revision = d.Applied
		from := ""
		if d.SourceRef.Kind != "" {
			from = "from " + d.SourceRef.Kind + " " + d.SourceRef.Name
		}
		f.what = join(model.ShortRevision(d.Applied), d.Path, from, every(d.Interval))
	case *model.Workload:
		f.rollout = model.RolloutOf(o)
		if fine && len(d.Containers) > 0 {
			f.what = d.Containers[0].Image
		}
	case *model.Binding:
		subjects := make([]string, 0, len(d.Subjects))
		for _, s := range d.Subjects {
			subjects = append(subjects, s.Name)
		}
		f.what = fmt.Sprintf("%s %s for %s", d.RoleKind, d.RoleName, strings.Join(subjects, ", "))
	case *model.Instance:
		f.what = join("Flux "+d.Version, strings.Join(d.Components, " "))
	}
	if !fine && f.verdict.Message != "" {
		f.what = brief(model.Sentence(o, f.verdict), o.Key)
	}
	if f.verdict.Retrying {
		f.what += ", retrying"
	}
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
func objectSections(o *model.Object, f *objectFacts) []section {
	v := f.verdict
	why := sentence(model.Sentence(o, v))
	if _, known := model.Explained(v.Message); known {
		why += " In its controller's words: " + sentence(v.Message)
	}
	if v.Retrying {
		why += " It retries by itself."
	}
	if c := v.Cause; c != nil && !strings.Contains(why, c.Name) {
		why += " Cause: " + c.Ref().String() + ", " + sentence(c.Message)
	}
	next := ""
	if v.Health != model.Ready && v.Health != model.NotApplicable || v.Overlays != 0 {
		next = advice(v.Health, v.Retrying, v.Cause)
	}
	what := section{label: "WHAT", text: o.Key.String() + overlays(v)}
	run := section{label: "RUN", text: command(v.Health, o.Key), spare: true}
	if f.state.Role == themes.OK {
		return []section{what, {label: "NOW", text: why}, run}
	}
	what.spare = true
	return []section{{label: "WHY", text: why}, {label: "NEXT", text: next}, what, run}
}

func overlays(v model.Verdict) string {
	words := ""
	for _, o := range v.Overlays.Names() {
		switch o {
		case "SourceFailing":
			words += "; its source fails, is suspended or is gone"
		case "Behind":
			words += "; its source has had a newer revision for a while"
		case "Overdue":
			words += "; its controller has not come round for longer than it should"
		}
	}
	return words
}
