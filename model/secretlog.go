package model

import "tenantry/model/redact"

// logSecret notes that a Secret is missing, or is there again, by what the
// object that uses it says.
func (s *Store) logSecret(o *Object, before, after Verdict) {
	if o.Role() != RoleSource && o.Role() != RoleSync {
		return // an instance repeats what its sync says
	}
	was, is := s.missingSecret(o, &before), s.missingSecret(o, &after)
	// A run under way says nothing yet.
	if was != nil && (is == nil || is.Name != was.Name) && (after.Health == Ready || after.Health == Failed || after.Health == Stalled) {
		s.logSecretAs(ChangeFound, was, o)
	}
	if is != nil && (was == nil || is.Name != was.Name) {
		s.logSecretAs(ChangeMissing, is, o)
	}
}

func (s *Store) logSecretAs(change Change, c *Cause, by *Object) {
	s.log.add(Entry{At: s.clock().now, Key: Key{Kind: Secret, Namespace: c.Namespace, Name: c.Name}, Change: change, Detail: by.Key.String()})
}

// SyncWords says in one line what an instance's spec.sync is, "" for none.
func SyncWords(s *InstanceSync) string {
	if s == nil {
		return ""
	}
	words := s.Kind + " " + redact.Text(s.URL) + " " + s.Ref + " " + s.Path
	if s.Name != "" {
		words += ", named " + s.Name
	}
	if s.PullSecret != "" {
		words += ", secret " + s.PullSecret
	}
	return words
}
