package said

import "regexp"

// writing is one object's failed apply as the server-side apply library words
// it: the object, what was tried, and what came of it. Nothing quoted stands
// before it, only who wraps it (flux-operator's "reconciliation failed: ").
var writing = regexp.MustCompile(`^(?:[^:'"\[]+: )*?([A-Z][A-Za-z0-9]*/[^\s'"\[\]]+) (?:dry-run failed|apply failed|not found|immutable field detected, [a-z ]+|metadata\.managedFields cleanup failed|failed to migrate API version)(.*)$`)

// outcome is what stands behind it: the reason in the form of today, or in that
// of before Flux 2.3, and the answer.
var outcome = regexp.MustCompile(`^(?: \((\w+)\)|, reason: (\w+))?(?:, error)?(?:: (.*)|:)?$`)

// unfit are answers without a reason that are about the object's fields
// (structured-merge-diff and the API server's decoder).
var unfit = regexp.MustCompile(`^(?:failed to create typed patch object|error validating data|.*strict decoding error|\.?\S*: (?:field not declared in schema|field is immutable))`)

// modified is an answer to a write that came too late: the next one does not.
var modified = regexp.MustCompile(`^Operation cannot be fulfilled on`)

// wrote reads a failed apply. What it does not know of it has no cause: the
// object's name and fields may hold any other fault's words.
func wrote(m []string) (Saying, bool) {
	object := m[1]
	rest := outcome.FindStringSubmatch(m[2])
	if rest == nil {
		return Saying{}, false
	}
	reason, text := rest[1]+rest[2], rest[3]
	behind := ""
	if reason != "" && reason != "Unknown" {
		behind = " (" + reason + ")"
	}
	if s, ok := answered(object, behind, text); ok {
		return s, true
	}
	switch reason {
	case "Forbidden":
		s := named(object)
		s.Fault, s.Words = Refused, object+" is refused: "+text
		return s, true
	case "Conflict", "FieldManagerConflict":
		if modified.MatchString(text) {
			break
		}
		s := named(object)
		s.Fault, s.Words = Conflict, object+" belongs in part to another field manager"
		return s, true
	case "Invalid", "BadRequest":
		return notAccepted(object, behind, []string{text}), true
	case "", "Unknown":
		if unfit.MatchString(text) {
			return notAccepted(object, behind, []string{text}), true
		}
	}
	return Saying{}, false
}
