package model

import "strings"

// sourceKeyOf returns the source whose revisions a sync applies: the one it
// names or, for a HelmRelease with a chart template, the HelmChart that
// helm-controller makes of it.
func sourceKeyOf(o *Object) Key {
	if o == nil {
		return Key{}
	}
	d, ok := o.Detail.(*Sync)
	if !ok {
		return Key{}
	}
	key, ok := d.SourceRef.Key()
	if !ok || key.Kind.Role() != RoleSource {
		return Key{}
	}
	if o.Kind == HelmRelease && (key.Kind == HelmRepository || key.Kind == GitRepository || key.Kind == Bucket) {
		return Key{Kind: HelmChart, Namespace: key.Namespace, Name: o.Namespace + "-" + o.Name}
	}
	return key
}

// repoOf returns what a source fetches; the zero Repo for none.
func (s *Store) repoOf(o *Object) Repo {
	if o == nil {
		return Repo{}
	}
	d, ok := o.Detail.(*Source)
	if !ok {
		return Repo{}
	}
	r := RepoFor(o.Kind, d.URL, d.Ref)
	switch o.Kind {
	case HelmChart:
		from := d.SourceRef.String()
		if k, ok := d.SourceRef.Key(); ok {
			if parent := s.Get(k); parent != nil {
				if pd, ok := parent.Detail.(*Source); ok {
					from = plainURL(pd.URL)
				}
			}
		}
		r.URL = from + "/" + d.URL
		if version := strings.TrimPrefix(d.Ref, "version "); version != "" && !strings.ContainsAny(version, "*<>=~^xX|, ") {
			// A pinned version is changed where it is pinned: nobody else follows.
			r.Ref = "pinned in " + o.Namespace + "/" + o.Name
		}
	case ExternalArtifact:
		r.URL = o.Namespace + "/" + o.Name
	}
	return r
}

// RepoFor is what a source of that kind, address and reference (as in
// Source.Ref) would fetch.
func RepoFor(kind Kind, url, ref string) Repo {
	return Repo{Kind: kind, URL: plainURL(url), Ref: plainRef(kind, ref)}
}

// plainURL leaves out of an address what does not tell repositories apart:
// scheme, user, port, ".git" and case of the host.
func plainURL(address string) string {
	_, rest, ok := strings.Cut(address, "://")
	if !ok {
		return strings.TrimSuffix(strings.TrimSuffix(address, "/"), ".git")
	}
	host, path, _ := strings.Cut(rest, "/")
	host = host[strings.LastIndexByte(host, '@')+1:]
	if i := strings.LastIndexByte(host, ':'); i > strings.LastIndexByte(host, ']') {
		host = host[:i]
	}
	path, _, _ = strings.Cut(path, "?")
	if path = strings.TrimSuffix(strings.TrimSuffix(path, "/"), ".git"); path != "" {
		path = "/" + path
	}
	return strings.ToLower(host) + path
}

// plainRef is a reference as it is spoken of: a branch by its name, whether it
// is written as branch or as full name.
func plainRef(kind Kind, ref string) string {
	switch name, rest, _ := strings.Cut(ref, " "); name {
	case "branch":
		return rest
	case "name":
		if branch, ok := strings.CutPrefix(rest, "refs/heads/"); ok {
			return branch
		}
		if tag, ok := strings.CutPrefix(rest, "refs/tags/"); ok {
			return "tag " + tag
		}
		return rest
	case "":
		if kind == GitRepository {
			return "master" // Flux's default
		}
		if kind == OCIRepository {
			return "tag latest"
		}
	}
	return ref
}
