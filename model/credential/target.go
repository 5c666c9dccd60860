package credential

import (
	"cmp"
	"slices"

	"tenantry/model"
	"tenantry/model/said"
)

// Target is a Secret that sources fetch with, and all of them.
type Target struct {
	Namespace, Name string // of the Secret; Name is "" where the source names none
	URL, Provider   string // of the source that was meant
	// Guess: the URL is offered only, no source fetches from it yet.
	Guess bool
	// Sources are the GitRepositories of the namespace that name the Secret, the
	// one that was meant first; none for a sync that has not been made yet.
	Sources []model.Key
	// Instance is the FluxInstance whose sync one of them is; it stays failed up
	// to an hour unless it is asked too.
	Instance model.Key
	// Missing: Flux says that the Secret is not there.
	Missing bool
	// Failing: the source that was meant can't be fetched.
	Failing bool
	// HostKey: it can't, because the host's key is not the one in known_hosts.
	HostKey bool
	// Owners have the Secret in their inventory: they apply it from Git and would
	// undo a change. Encrypted: one of them decrypts what it applies.
	Owners    []model.Key
	Encrypted bool
}

// Secret is the Secret's key.
func (t *Target) Secret() model.Key {
	return model.Key{Kind: model.Secret, Namespace: t.Namespace, Name: t.Name}
}

// Targets returns what a git credential can be made for when an object, or a
// whole row where the key is zero, is meant: the worst first, each Secret once.
// Without any, why says why not.
func Targets(s *model.Store, row string, key model.Key) (out []Target, why string) {
	add := func(t Target) {
		for i := range out {
			if out[i].Secret() == t.Secret() && t.Name != "" {
				return
			}
		}
		out = append(out, t)
	}
	sources, why := sourcesOf(s, row, key)
	for _, k := range sources {
		if k.Kind == model.FluxInstance {
			if t, ok := unmade(s, k); ok {
				add(t)
			}
			continue
		}
		add(targetOf(s, k))
	}
	if key == (model.Key{}) {
		slices.SortStableFunc(out, func(a, b Target) int { return cmp.Compare(urgency(&a), urgency(&b)) })
	}
	return out, why
}

func urgency(t *Target) int {
	switch {
	case t.Missing:
		return 0
	case t.Failing && t.Name != "":
		return 1
	case t.Failing:
		return 2
	case t.Name != "":
		return 3
	}
	return 4
}

// sourcesOf are the GitRepositories that are meant; a FluxInstance stands for a
// sync whose source is not made.
func sourcesOf(s *model.Store, row string, key model.Key) ([]model.Key, string) {
	o := s.Get(key)
	switch key.Kind {
	case model.GitRepository:
		if o == nil {
			return nil, key.String() + " is no longer in the cluster"
		}
		return []model.Key{key}, ""
	case model.OCIRepository, model.Bucket, model.HelmRepository, model.HelmChart, model.ExternalArtifact:
		if key != (model.Key{}) {
			return nil, "a " + key.Kind.String() + " is not fetched from Git: K makes credentials for Git"
		}
	}
	if o != nil {
		switch d := o.Detail.(type) {
		case *model.Sync:
			ref := d.SourceRef
			if ref.Namespace == "" {
				ref.Namespace = key.Namespace
			}
			k, ok := ref.Key()
			switch {
			case !ok || k.Kind != model.GitRepository:
				return nil, key.String() + " does not apply from a GitRepository: K makes credentials for Git"
			case s.Get(k) == nil:
				return nil, k.String() + ", which it applies from, does not exist"
			}
			return []model.Key{k}, ""
		case *model.Instance:
			return syncSource(s, o, d)
		}
		if name := s.TenantOf(key); name != "" {
			row = name
		}
	}
	if row == model.PlatformKey || row == "" {
		if p := s.Platform(); p != nil && p.Instance != nil {
			if d, ok := p.Instance.Detail.(*model.Instance); ok && d.Sync != nil {
				return syncSource(s, p.Instance, d)
			}
		}
	}
	var t *model.Tenant
	if row == model.PlatformKey {
		if p := s.Platform(); p != nil {
			t = p.Row
		}
	} else {
		t = s.Tenant(row)
	}
	if t == nil {
		return nil, "it is no longer in the cluster"
	}
	var out []model.Key
	for _, k := range t.Sources {
		if k.Kind == model.GitRepository {
			out = append(out, k)
		}
	}
	if len(out) == 0 {
		return nil, "nothing of it is fetched from Git"
	}
	return out, ""
}

// syncSource is what a FluxInstance's sync is fetched by: the operator makes it
// in the instance's namespace, named spec.sync.name or else like the namespace.
func syncSource(s *model.Store, o *model.Object, d *model.Instance) ([]model.Key, string) {
	switch {
	case d.Sync == nil:
		return nil, o.Key.String() + " has no sync: nothing is fetched"
	case d.Sync.Kind != "" && d.Sync.Kind != model.GitRepository.String():
		return nil, "the sync is a " + d.Sync.Kind + ": K makes credentials for Git"
	}
	k := syncKey(o, d)
	if s.Get(k) != nil {
		return []model.Key{k}, ""
	}
	if d.Sync.PullSecret == "" {
		return nil, k.String() + " was not made yet, and spec.sync names no pullSecret"
	}
	return []model.Key{o.Key}, ""
}

func syncKey(o *model.Object, d *model.Instance) model.Key {
	name := d.Sync.Name
	if name == "" {
		name = o.Namespace
	}
	return model.Key{Kind: model.GitRepository, Namespace: o.Namespace, Name: name}
}

// unmade is the Secret of a sync whose source is not there yet.
func unmade(s *model.Store, instance model.Key) (Target, bool) {
	o := s.Get(instance)
	if o == nil {
		return Target{}, false
	}
	d, ok := o.Detail.(*model.Instance)
	if !ok || d.Sync == nil {
		return Target{}, false
	}
	t := Target{Namespace: o.Namespace, Name: d.Sync.PullSecret, URL: d.Sync.URL, Provider: d.Sync.Provider, Instance: instance}
	t.own(s)
	return t, true
}

func targetOf(s *model.Store, k model.Key) Target {
	o := s.Get(k)
	d, ok := o.Detail.(*model.Source)
	if !ok {
		return Target{Namespace: k.Namespace}
	}
	t := Target{Namespace: k.Namespace, Name: secretRef(d), URL: d.URL, Provider: d.Provider, Sources: []model.Key{k}}
	v := s.Verdict(k)
	t.Failing = v.Health == model.Failed || v.Health == model.Stalled
	if t.Failing {
		switch what, _ := said.Read(v.Message); what.Fault {
		case said.HostKeyChanged, said.HostKeyUnknown, said.HostKeyRevoked, said.HostKeyType:
			t.HostKey = true
		}
	}
	t.Missing = v.Cause != nil && v.Cause.Kind == model.Secret.String() && v.Cause.Name == t.Name && v.Cause.Reason == "Missing"
	if t.Name != "" {
		s.ObjectsIn(k.Namespace, model.GitRepository, func(other *model.Object) bool {
			if od, ok := other.Detail.(*model.Source); ok && other.Key != k && secretRef(od) == t.Name {
				t.Sources = append(t.Sources, other.Key)
			}
			return true
		})
	}
	s.ObjectsIn(k.Namespace, model.FluxInstance, func(i *model.Object) bool {
		if d, ok := i.Detail.(*model.Instance); ok && d.Sync != nil && slices.Contains(t.Sources, syncKey(i, d)) {
			t.Instance = i.Key
			return false
		}
		return true
	})
	t.own(s)
	return t
}

func secretRef(d *model.Source) string {
	for _, p := range d.Secrets {
		if p.Name == "secretRef" {
			return p.Value
		}
	}
	return ""
}

// own finds out who applies the Secret.
func (t *Target) own(s *model.Store) {
	if t.Name == "" {
		return
	}
	t.Owners = s.HoldersOf(t.Secret().ObjectRef())
	for _, k := range t.Owners {
		if d, ok := s.Get(k).Detail.(*model.Sync); ok {
			for _, p := range d.Secrets {
				t.Encrypted = t.Encrypted || p.Name == "decryption.secretRef" || p.Name == "decryption"
			}
		}
	}
}
