package model

import (
	"strings"

	"tenantry/model/said"
)

// Explained turns what is said of an object of a kind into a plain sentence, and
// reports whether it knew how; else it returns the message as it is: what is not
// known is shown in the controller's own words, never guessed.
func Explained(k Kind, message string) (string, bool) {
	if s, ok := Told(k, message); ok {
		return s.Words, true
	}
	first, _, _ := strings.Cut(message, "\n")
	return first, false
}

// Told is what is said of an object of a kind, where its wording is known and
// can be meant: only what fetches talks to a Git host, so whatever a message of
// another's that reads like that is about, the words alone don't tell.
func Told(k Kind, message string) (said.Saying, bool) {
	s, ok := said.Read(message)
	if !ok || s.Fault.OfAFetch() && !fetches(k) {
		return said.Saying{}, false
	}
	return s, true
}

// fetches reports whether objects of a kind are fetched for: the sources, a
// HelmRelease's chart, and what the operator reads.
func fetches(k Kind) bool {
	return k.Role() == RoleSource || k.Role() == RolePlatform || k == HelmRelease || k == ResourceSetInputProvider
}

// Sentence says in one line what is wrong with an object: which one, what, and
// the object at fault when it is another.
func Sentence(o *Object, v Verdict) string {
	if o == nil {
		return v.Message
	}
	who := o.Kind.String() + " " + o.Name
	if v.Reason == "Controller" {
		return v.Message
	}
	switch v.Health {
	case Blocked:
		if c := v.Cause; c != nil {
			kind, _ := KindNamed(c.Kind)
			why, _ := Explained(kind, c.Message)
			at := c.Kind + " " + c.Name
			if c.Namespace != o.Namespace {
				at = c.Kind + " " + c.Namespace + "/" + c.Name
			}
			if why == "" {
				return who + " waits for " + at
			}
			return who + " waits for " + at + ": " + why
		}
	case Suspended:
		if reason := o.Annotations.Get(AnnotationSuspendReason); reason != "" {
			return who + " is suspended: " + reason
		}
		return who + " is suspended"
	case Failed, Stalled:
		switch c := v.Cause; {
		case c == nil:
		case c.Reason == "Missing":
			return who + ": " + strings.ToLower(c.Kind[:1]) + c.Kind[1:] + " " + c.Name + " is missing"
		case v.Reason == "HealthCheckFailed" && c.Message != v.Message:
			return who + ": " + c.Kind + " " + c.Name + " does not come up: " + c.Message
		}
	}
	why, _ := Explained(o.Kind, v.Message)
	if why == "" {
		why = v.Reason
	}
	return who + ": " + why
}

// Capital begins a sentence: it writes its first letter large, unless what it
// begins with may be a name, a path or an address of the cluster's. Those stay
// as they are written; our own words have letters only.
func Capital(s string) string {
	first, _, _ := strings.Cut(s, " ")
	if first == "" || strings.Trim(strings.Replace(first, "'", "", 1), "abcdefghijklmnopqrstuvwxyz") != "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// JustReady is what there is to say of an object that stands at no revision.
const JustReady = "ready"

// Arrived says what an object stands at: what a source has fetched or a sync
// has applied, else that it is ready.
func (o *Object) Arrived() string {
	switch d := o.Detail.(type) {
	case *Source:
		if d.Revision != "" {
			return "fetched " + ShortRevision(d.Revision)
		}
	case *Sync:
		if d.Applied != "" {
			return "applied " + ShortRevision(d.Applied)
		}
	}
	return JustReady
}
