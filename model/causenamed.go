package model

import (
	"strings"

	"tenantry/model/said"
)

// What a verdict's own message names as its cause.

// missingSecret reads the Secret's name off Flux's message
// (`secrets "n" not found`), since Secrets themselves are rarely readable. A
// Secret that could not be applied is not one that is missing.
func (s *Store) missingSecret(o *Object, v *Verdict) *Cause {
	if !strings.Contains(v.Message, `" not found`) {
		return nil // most messages: reading one takes every rule
	}
	is, _ := said.Read(v.Message)
	if is.Fault != said.SecretMissing {
		return nil
	}
	ns := o.Namespace
	if is.Namespace != "" {
		ns = is.Namespace
	}
	return &Cause{Kind: Secret.String(), Namespace: ns, Name: is.Name, Reason: "Missing",
		Message: "secret " + ns + "/" + is.Name + " does not exist"}
}

// missingAccount tells the two roots of one Forbidden text apart: an account
// that does not exist may be impersonated all the same and is refused like one
// without rights (domain.md §4).
func (s *Store) missingAccount(o *Object, v *Verdict) *Cause {
	user := between(v.Message, `User "system:serviceaccount:`, `"`)
	ns, name, ok := strings.Cut(user, ":")
	if !ok {
		return nil
	}
	key := Key{Kind: ServiceAccount, Namespace: ns, Name: name}
	if s.Get(key) != nil || !s.readable(key) {
		return nil
	}
	return &Cause{Kind: ServiceAccount.String(), Namespace: ns, Name: name, Reason: "Missing",
		Message: "service account " + ns + "/" + name + " does not exist"}
}

// unhealthyObject names the first object a failed health check waited for:
// "[Deployment/ns/name status: 'Failed', …]".
func (s *Store) unhealthyObject(v *Verdict, c *clock, depth int) *Cause {
	kind, rest, _ := strings.Cut(between(v.Message, ": [", " status:"), "/")
	ns, name, ok := strings.Cut(rest, "/")
	if !ok {
		return nil
	}
	cause := &Cause{Kind: kind, Namespace: ns, Name: name, Reason: v.Reason, Message: v.Message}
	if key, watched := cause.Ref().Key(); watched {
		if o := s.Get(key); o != nil {
			ov := s.verdictAt(o, c, depth+1)
			cause.Reason, cause.Message = ov.Reason, ov.Message
		}
	}
	return cause
}

func between(s, before, after string) string {
	_, rest, ok := strings.Cut(s, before)
	if !ok {
		return ""
	}
	mid, _, ok := strings.Cut(rest, after)
	if !ok {
		return ""
	}
	return mid
}
