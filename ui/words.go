package ui

import (
	"fmt"
	"strings"
	"time"

	"tenantry/model"
)

// lastColumn is the cause, or what changed last; a tenant that is partly
// suspended says how much of it.
func (s *tenants) lastColumn(r *tenantRow) string {
	switch {
	case r.id.kind == rowDenied:
		return "refused to you: the Role to ask for is below"
	case r.tenant == nil:
		return r.cause
	}
	t := r.tenant
	switch {
	case t.Denied, t.Reading:
		return r.cause
	case t.Health == model.Suspended:
		return s.partlyStopped(t) + s.suspension(t)
	case t.Health == model.Ready && !t.Chain[model.LinkSync].RunsOn && strings.HasPrefix(t.Message, "runs ") && !strings.Contains(t.Message, ";"):
		// The revision has its own place; what is left to say is what it is, or
		// else when it came.
		f := s.look(r)
		if subject := s.store.Subject(f.newest); subject != "" {
			return subject
		}
		if f.changed != 0 {
			return strings.TrimSpace(fmt.Sprintf("%s changed %s ago", f.ref, s.age(f.changed)))
		}
	}
	if t.Health == model.Reconciling && t.Suspended.Suspended == 0 {
		if subject := s.store.Subject(s.look(r).newest); subject != "" {
			return subject
		}
	}
	return s.partly(t) + r.cause
}

// partly says how much of a tenant is suspended, when not all of it is.
func (s *tenants) partly(t *model.Tenant) string {
	return s.share(t.Suspended.Suspended, t.Suspended.Of)
}

// partlyStopped says it where being suspended is all that is to say: of several
// syncs, how many. A source that goes on fetching for the one that stands still
// is no part that works.
func (s *tenants) partlyStopped(t *model.Tenant) string {
	n := 0
	for _, k := range t.Syncs {
		if o := s.store.Get(k); o != nil {
			if d, ok := o.Detail.(*model.Sync); ok && d.Suspend {
				n++
			}
		}
	}
	return s.share(n, len(t.Syncs))
}

func (s *tenants) share(n, of int) string {
	if n == 0 || n >= of {
		return ""
	}
	return fmt.Sprintf("%s %d of %d  ", s.kit.Glyph.Of(model.Suspended).Shape, n, of)
}

// suspension says until when, by whom and why something is suspended, and what
// it was before.
func (s *tenants) suspension(t *model.Tenant) string {
	if o := s.store.Get(t.Worst); o != nil {
		return s.suspensionOf(o, s.store.Verdict(t.Worst), t.Overdue)
	}
	return t.Message
}

// withoutReason is what is said of a suspended tenant without the reason, which
// its suspension tells as well.
func (s *tenants) withoutReason(t *model.Tenant) string {
	if o := s.store.Get(t.Worst); o != nil {
		if reason := o.Annotations.Get(model.AnnotationSuspendReason); reason != "" {
			return strings.TrimSuffix(t.Message, ": "+reason)
		}
	}
	return t.Message
}

func (e *env) suspensionOf(o *model.Object, v model.Verdict, overdue bool) string {
	var parts []string
	if until := o.Annotations.Get(model.AnnotationSuspendUntil); until != "" {
		parts = append(parts, e.until(until, overdue))
	}
	why := o.Annotations.Get(model.AnnotationSuspendReason)
	if by := suspendedBy(o); by != "" && why != "" {
		why = by + ": " + why
	} else if by != "" {
		why = "by " + by
	}
	if why == "" {
		why = "no reason given"
	}
	words := strings.Join(append(parts, why), ", ")
	if v.Suspended && v.Was.Unhealthy() {
		m := e.kit.Glyph.Of(v.Was)
		words += "; was " + m.Shape + " " + m.Word
	}
	return words
}

func suspendedBy(o *model.Object) string {
	if by := o.Annotations.Get(model.AnnotationSuspendedBy); by != "" {
		return by
	}
	return o.Annotations.Get(model.AnnotationFluxSuspendedBy)
}

// until writes the date a suspension was meant to end.
func (e *env) until(value string, overdue bool) string {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04", "2006-01-02 15:04", time.DateOnly} {
		at, err := time.ParseInLocation(layout, value, e.now.Location())
		if err != nil {
			continue
		}
		at = at.In(e.now.Location())
		switch ahead := at.Sub(e.now); {
		case overdue:
			return "overdue " + ageOf(-ahead)
		case layout != time.DateOnly && at.Year() == e.now.Year() && at.YearDay() == e.now.YearDay():
			return "until " + at.Format("15:04")
		case ahead < 6*24*time.Hour:
			return "until " + at.Format("Mon")
		}
		return "until " + at.Format("Jan 2")
	}
	return "until " + value
}

// brief leaves out of a message the object it begins with: in a list the row
// says whose it is, and the pane says it whole.
func brief(message string, k model.Key) string {
	who := k.Kind.String() + " " + k.Name
	if rest, ok := strings.CutPrefix(message, who+": "); ok {
		return rest
	}
	if rest, ok := strings.CutPrefix(message, who+" "); ok {
		return rest
	}
	return message
}

// atLeast stands before a time that something may have begun before.
func atLeast(is bool) string {
	if is {
		return "at least "
	}
	return ""
}

// sentence ends a message the way sentences end.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.HasSuffix(s, ".") || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?") {
		return s
	}
	return s + "."
}

// upperFirst begins a sentence, and leaves a name it begins with as it is.
func upperFirst(s string) string { return model.Capital(s) }
