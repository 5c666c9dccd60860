package model

import (
	"slices"
	"strconv"
	"strings"
)

// fieldChange is one field of a Flux object's spec that became another.
type fieldChange struct {
	field    string // as the spec writes it
	top      string // the field of spec it is in, as managedFields name it; "" = field
	from, to string // "" = not set
}

// fieldChanges tells what differs between two specs, of what is kept of them.
// Whether an object is suspended is told apart (ChangeSuspended), and so is an
// instance's sync but for what SyncWords leaves out.
func fieldChanges(old, new *Object) []fieldChange {
	c := &fieldComparer{}
	switch b := new.Detail.(type) {
	case *Source:
		if a, ok := old.Detail.(*Source); ok {
			c.source(new.Kind, a, b)
		}
	case *Sync:
		if a, ok := old.Detail.(*Sync); ok {
			c.sync(new.Kind, a, b)
		}
	case *Instance:
		if a, ok := old.Detail.(*Instance); ok {
			c.instance(a, b)
		}
	case *Provider:
		if a, ok := old.Detail.(*Provider); ok {
			c.text("type", "", a.Type, b.Type)
			c.text("url", "", a.URL, b.URL)
		}
	}
	return c.out
}

type fieldComparer struct{ out []fieldChange }

func (c *fieldComparer) text(field, top, from, to string) {
	if from != to {
		c.out = append(c.out, fieldChange{field, top, from, to})
	}
}

func (c *fieldComparer) span(field, top string, from, to int32) {
	c.text(field, top, spanWords(from), spanWords(to))
}

func (c *fieldComparer) flag(field string, from, to bool) {
	c.text(field, "", strconv.FormatBool(from), strconv.FormatBool(to))
}

func (c *fieldComparer) number(field, top string, from, to int16) {
	c.text(field, top, strconv.Itoa(int(from)), strconv.Itoa(int(to)))
}

func (c *fieldComparer) ref(field, top string, from, to Ref) {
	words := func(r Ref) string {
		if r.Kind == "" {
			return ""
		}
		return r.String()
	}
	c.text(field, top, words(from), words(to))
}

// secrets compares which Secrets a spec names, field by field.
func (c *fieldComparer) secrets(a, b []Pair) {
	if slices.Equal(a, b) {
		return
	}
	named := func(list []Pair, field string) string {
		var names []string
		for _, p := range list {
			if p.Name == field {
				names = append(names, p.Value)
			}
		}
		return strings.Join(names, ", ")
	}
	seen := map[string]bool{}
	for _, p := range slices.Concat(a, b) {
		if !seen[p.Name] {
			seen[p.Name] = true
			top, _, _ := strings.Cut(p.Name, ".")
			c.text(p.Name, top, named(a, p.Name), named(b, p.Name))
		}
	}
}

func (c *fieldComparer) source(kind Kind, a, b *Source) {
	switch kind {
	case HelmChart:
		c.text("chart", "", a.URL, b.URL)
		c.text("version", "", strings.TrimPrefix(a.Ref, "version "), strings.TrimPrefix(b.Ref, "version "))
	case Bucket:
		c.text("endpoint", "", a.URL, b.URL) // with the bucket's name behind it
	default:
		c.text("url", "", a.URL, b.URL)
		c.text("ref", "", a.Ref, b.Ref)
	}
	c.text("provider", "", a.Provider, b.Provider)
	c.span("interval", "", a.Interval, b.Interval)
	c.span("timeout", "", a.Timeout, b.Timeout)
	c.ref("sourceRef", "", a.SourceRef, b.SourceRef)
	c.flag("verify", a.Verify, b.Verify)
	c.secrets(a.Secrets, b.Secrets)
}

func (c *fieldComparer) sync(kind Kind, a, b *Sync) {
	c.text("path", "", a.Path, b.Path)
	if kind == HelmRelease {
		c.ref("chart", "", a.SourceRef, b.SourceRef)
	} else {
		c.ref("sourceRef", "", a.SourceRef, b.SourceRef)
	}
	c.text("dependsOn", "", refsWords(a.DependsOn), refsWords(b.DependsOn))
	c.text("serviceAccountName", "", a.ServiceAccount, b.ServiceAccount)
	c.text("targetNamespace", "", a.TargetNamespace, b.TargetNamespace)
	c.span("interval", "", a.Interval, b.Interval)
	c.span("retryInterval", "", a.RetryInterval, b.RetryInterval)
	c.span("timeout", "", a.Timeout, b.Timeout)
	c.flag("prune", a.Prune, b.Prune)
	c.flag("wait", a.Wait, b.Wait)
	c.flag("force", a.Force, b.Force)
	c.flag("kubeConfig", a.RemoteCluster, b.RemoteCluster)
	c.number("healthChecks", "", a.HealthChecks, b.HealthChecks)
	c.text("deletionPolicy", "", a.DeletionPolicy, b.DeletionPolicy)
	c.secrets(a.Secrets, b.Secrets)
}

func (c *fieldComparer) instance(a, b *Instance) {
	c.text("distribution.version", "distribution", a.Version, b.Version)
	c.text("distribution.registry", "distribution", a.Registry, b.Registry)
	c.text("distribution.imagePullSecret", "distribution", a.ImagePullSecret, b.ImagePullSecret)
	c.text("distribution.artifactPullSecret", "distribution", a.ArtifactPullSecret, b.ArtifactPullSecret)
	c.text("components", "", strings.Join(a.Components, ", "), strings.Join(b.Components, ", "))
	c.text("cluster.type", "cluster", a.ClusterType, b.ClusterType)
	c.text("cluster.size", "cluster", a.Size, b.Size)
	c.text("cluster.multitenant", "cluster", strconv.FormatBool(a.Multitenant), strconv.FormatBool(b.Multitenant))
	c.text("cluster.tenantDefaultServiceAccount", "cluster", a.TenantDefaultAccount, b.TenantDefaultAccount)
	c.flag("wait", a.Wait, b.Wait)
	c.number("kustomize.patches", "kustomize", a.KustomizePatchesCount, b.KustomizePatchesCount)
	if a.Sync != nil && b.Sync != nil {
		c.span("sync.interval", "sync", a.Sync.Interval, b.Sync.Interval)
		c.text("sync.provider", "sync", a.Sync.Provider, b.Sync.Provider)
	}
}

func refsWords(refs []Ref) string {
	names := make([]string, len(refs))
	for i, r := range refs {
		names[i] = r.Namespace + "/" + r.Name
	}
	return strings.Join(names, ", ")
}

// spanWords is a duration as people write it, "" for none.
func spanWords(n int32) string {
	if n == 0 {
		return ""
	}
	words := seconds(n)
	if strings.HasSuffix(words, "m0s") {
		words = strings.TrimSuffix(words, "0s")
	}
	if strings.HasSuffix(words, "h0m") {
		words = strings.TrimSuffix(words, "0m")
	}
	return words
}

// logSpec notes what of a Flux object's spec was changed, and by whom.
func (s *Store) logSpec(old, new *Object, c *clock) {
	if old.Generation == new.Generation || old.Undecodable != "" || new.Undecodable != "" {
		return
	}
	switch new.Detail.(type) {
	case *Source, *Sync, *Instance, *Provider:
	default:
		return // a workload's generations tell it
	}
	changes := fieldChanges(old, new)
	for _, ch := range changes {
		s.log.add(Entry{At: c.now, Key: new.Key, Change: ChangeSpec, Field: ch.field, From: ch.from, To: ch.to, Detail: new.WroteSpec(orField(ch.top, ch.field))})
	}
	if len(changes) > 0 || old.IsSuspended() != new.IsSuspended() || syncChanged(old, new) {
		return
	}
	s.log.add(Entry{At: c.now, Key: new.Key, Change: ChangeSpec, From: strconv.FormatInt(old.Generation, 10), To: strconv.FormatInt(new.Generation, 10), Detail: new.WroteSpec("")})
}

func orField(top, field string) string {
	if top != "" {
		return top
	}
	return field
}

// syncChanged reports whether what SyncWords tells of an instance changed.
func syncChanged(old, new *Object) bool {
	a, was := old.Detail.(*Instance)
	b, is := new.Detail.(*Instance)
	return was && is && SyncWords(a.Sync) != SyncWords(b.Sync)
}

// WroteSpec is the field manager that wrote a field of the spec, where the
// object's newest generation was seen to begin; with "" whichever wrote any
// last. "" when that is not known: what took a field away leaves no trace.
func (o *Object) WroteSpec(field string) string {
	if field != "" {
		return o.SpecWriters[field].Name
	}
	var last Manager
	for _, m := range o.SpecWriters {
		if last.Name == "" || m.Time > last.Time || m.Time == last.Time && m.Name < last.Name {
			last = m
		}
	}
	return last.Name
}
