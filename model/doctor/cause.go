package doctor

import (
	"slices"
	"strings"
	"time"

	"tenantry/model"
	"tenantry/model/redact"
	"tenantry/model/said"
	"tenantry/model/why"
)

func (r *Report) fault(s *model.Store, f *why.Fault, row string, at map[string]int) {
	if len(f.Chain) == 0 {
		return
	}
	root := objectOf(f.Root().Ref)
	id := causeID(f)
	name, severity := row, severityOf(f, s.Platform(), row)
	if row == model.PlatformKey {
		name = model.PlatformName
	}
	if i, known := at[id]; known {
		r.Causes[i].shared(f, name, severity)
		return
	}
	c := Cause{Severity: severity, Object: root, Words: clean(wordsOf(f)), Raw: f.Raw, Rightly: f.AsItShould, weight: f.Weight(),
		Breaks: []string{name}, Effect: clean(f.Effect), Chain: []Link{}, Proof: []string{}, Fixes: []Fix{}}
	c.began(f.Since, f.AtLeast)
	for i := range f.Chain {
		c.Chain = append(c.Chain, Link{Object: objectOf(f.Chain[i].Ref), State: f.Chain[i].State(), Note: clean(f.Chain[i].Note)})
	}
	for _, ev := range f.Evidence {
		c.Proof = append(c.Proof, clean(ev.Label+": "+ev.Text))
	}
	for i := range f.Fixes {
		c.Fixes = append(c.Fixes, Fix{Words: clean(wordsFor(&f.Fixes[i])), Command: clean(commandOf(&f.Fixes[i], f))})
	}
	for _, n := range f.NotTried {
		c.Unclear = append(c.Unclear, clean(n))
	}
	at[id] = len(r.Causes)
	r.Causes = append(r.Causes, c)
}

// causeID is the same for faults that start at the same place.
func causeID(f *why.Fault) string { return objectOf(f.Root().Ref).String() + "\x00" + f.Words }

// shared adds another row that the same cause breaks: it lasts as long as the
// first of them has been broken, whichever was looked at first.
func (c *Cause) shared(f *why.Fault, name string, severity Severity) {
	if !slices.Contains(c.Breaks, name) {
		c.Breaks = append(c.Breaks, name)
	}
	c.Severity = min(c.Severity, severity) // of some it may break less
	c.began(f.Since, f.AtLeast)
	if clean(f.Effect) != c.Effect {
		c.Effect = "" // not the same for all of them
	}
}

func (c *Cause) began(at model.Unix, atLeast bool) {
	if at == 0 || c.since != 0 && c.since <= at {
		return
	}
	since := time.Unix(int64(at), 0).UTC().Format(time.RFC3339)
	c.since, c.Since, c.AtLeast = at, &since, atLeast
}

// wordsOf are what is wrong where it starts; the object they are about is named
// where they only say "it".
func wordsOf(f *why.Fault) string {
	if !strings.HasPrefix(f.Words, "it ") && !strings.HasPrefix(f.Words, "its ") {
		return f.Words
	}
	speaker := f.Chain[0].Ref
	for i := len(f.Chain) - 1; i > 0; i-- {
		l := &f.Chain[i]
		k, watched := l.Key()
		refused := f.Kind == said.CrossNamespace && i == len(f.Chain)-1 // of this it is said
		if watched && !l.Missing && !refused && l.Health.Unhealthy() && (k.Kind.Role() == model.RoleSync || k.Kind.Role() == model.RoleSource) {
			speaker = l.Ref
			break
		}
	}
	return objectOf(speaker).named() + ": " + f.Words
}

// named is the object as a sentence names it.
func (o Object) named() string {
	if o.Namespace == "" {
		return o.Kind + " " + o.Name
	}
	return o.Kind + " " + o.Namespace + "/" + o.Name
}

func objectOf(ref model.Ref) Object { return Object{ref.Kind, ref.Namespace, ref.Name} }

// clean takes what must not be handed on out of the cluster's words.
func clean(s string) string { return redact.Text(strings.TrimSpace(s)) }
