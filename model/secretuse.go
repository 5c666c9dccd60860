package model

import (
	"cmp"
	"slices"
	"strings"
)

// SecretUse is a Secret something refers to, or that is there, and who refers to
// it.
type SecretUse struct {
	Namespace, Name string
	Users           []SecretUser // sorted
	// Missing: Flux says that it is not there.
	Missing bool
	// Lacks is a key Flux says it lacks; "" for none.
	Lacks string
	// Shared are the rows it is used by, when they are several.
	Shared []string
}

// SecretUser is an object that names a Secret, and in which field.
type SecretUser struct {
	Key   Key
	Field string
}

// SecretUses are the Secrets the objects of a namespace refer to, by name. A
// reference is always to the referrer's own namespace (domain rule). Nothing is
// read for it: what is missing is told by Flux's own words.
func (s *Store) SecretUses(namespace string) []SecretUse {
	by := map[string]*SecretUse{}
	add := func(o *Object, field, name string) {
		if name == "" {
			return
		}
		u := by[name]
		if u == nil {
			u = &SecretUse{Namespace: namespace, Name: name}
			by[name] = u
		}
		u.Users = append(u.Users, SecretUser{o.Key, field})
		if row := s.TenantOf(o.Key); !slices.Contains(u.Shared, row) {
			u.Shared = append(u.Shared, row)
		}
		s.secretTrouble(o, u)
	}
	sp := s.spaces[namespace]
	if sp == nil {
		return nil
	}
	for _, o := range sp.objects {
		switch d := o.Detail.(type) {
		case *Source, *Sync:
			for _, p := range secretsOf(o) {
				add(o, p.Name, p.Value)
			}
		case *Instance:
			add(o, "distribution.imagePullSecret", d.ImagePullSecret)
			add(o, "distribution.artifactPullSecret", d.ArtifactPullSecret)
			if d.Sync != nil {
				add(o, "sync.pullSecret", d.Sync.PullSecret)
			}
		case *Account:
			for _, name := range d.ImagePullSecrets {
				add(o, "imagePullSecrets", name)
			}
		}
	}
	out := make([]SecretUse, 0, len(by))
	for _, u := range by {
		if len(u.Shared) < 2 {
			u.Shared = nil
		}
		slices.Sort(u.Shared)
		slices.SortFunc(u.Users, func(a, b SecretUser) int {
			return cmp.Or(compareKeys(a.Key, b.Key), strings.Compare(a.Field, b.Field))
		})
		out = append(out, *u)
	}
	slices.SortFunc(out, func(a, b SecretUse) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// secretTrouble reads off a failing object's words what is wrong with a Secret
// it names.
func (s *Store) secretTrouble(o *Object, u *SecretUse) {
	v := s.Verdict(o.Key)
	if v.Health != Failed && v.Health != Stalled {
		return
	}
	if c := v.Cause; c != nil && c.Kind == Secret.String() && c.Name == u.Name && c.Reason == "Missing" {
		u.Missing = true
	}
	if _, fetches := o.Detail.(*Source); fetches {
		for _, key := range []string{"identity", "known_hosts"} {
			if strings.Contains(v.Message, "'"+key+"' is required") {
				u.Lacks = key
			}
		}
	}
}
