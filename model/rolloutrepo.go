package model

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// repoIndex groups sources by what they fetch, and syncs by their source. It
// is built when rollouts are first asked for and kept up with every change.
type repoIndex struct {
	repos    map[Repo]*repoEntry
	ofSource map[Key]*repoEntry
	syncs    map[Key][]Key // by source
	sourceOf map[Key]Key   // by sync
	sorted   []*repoEntry  // nil when one came or went
	epoch    uint64        // grows with what concerns every entry
	chains   []*repoEntry  // those with a chain, the one asked for last at the end
}

// maxChains is how many chains are kept derived: more than a screen shows.
const maxChains = 64

type repoEntry struct {
	repo    Repo
	sources []Key // sorted
	head    *Head // nil when to be derived
	chain   *Chain
	epoch   uint64
}

// rolloutIndex returns the index, which the first call builds.
func (s *Store) rolloutIndex() *repoIndex {
	if s.trails.repos == nil {
		ix := &repoIndex{repos: map[Repo]*repoEntry{}, ofSource: map[Key]*repoEntry{}, syncs: map[Key][]Key{}, sourceOf: map[Key]Key{}}
		s.trails.repos = ix
		for _, sp := range s.spaces {
			for _, o := range sp.objects {
				s.reindex(nil, o)
			}
		}
	}
	return s.trails.repos
}

// reindex keeps the index up with one object's change.
func (s *Store) reindex(old, new *Object) {
	ix := s.trails.repos
	if ix == nil {
		return
	}
	o := new
	if o == nil {
		o = old
	}
	switch o.Role() {
	case RoleSource:
		ix.place(o.Key, s.repoOf(new))
		if o.Kind == HelmRepository || o.Kind == GitRepository || o.Kind == Bucket {
			// A chart is named by where it comes from.
			s.ObjectsIn(o.Namespace, HelmChart, func(chart *Object) bool {
				ix.place(chart.Key, s.repoOf(chart))
				return true
			})
		}
	case RoleSync:
		ix.tie(o.Key, sourceKeyOf(new))
	case RoleAccess:
		if shapesRow(old, new) {
			ix.epoch++
		}
		return
	}
	s.dirty(o.Key)
}

// place puts a source into the repository it fetches; the zero Repo takes it
// out.
func (ix *repoIndex) place(source Key, repo Repo) {
	if e := ix.ofSource[source]; e != nil {
		if e.repo == repo {
			return
		}
		delete(ix.ofSource, source)
		e.head, e.chain = nil, nil
		if i, ok := slices.BinarySearchFunc(e.sources, source, compareKeys); ok {
			e.sources = slices.Delete(e.sources, i, i+1)
		}
		if len(e.sources) == 0 {
			delete(ix.repos, e.repo)
			ix.sorted = nil
		}
	}
	if repo == (Repo{}) {
		return
	}
	e := ix.repos[repo]
	if e == nil {
		e = &repoEntry{repo: repo}
		ix.repos[repo], ix.sorted = e, nil
	}
	i, _ := slices.BinarySearchFunc(e.sources, source, compareKeys)
	e.sources = slices.Insert(e.sources, i, source)
	e.head, e.chain = nil, nil
	ix.ofSource[source] = e
}

// tie notes which source a sync follows; the zero Key unties it.
func (ix *repoIndex) tie(sync, source Key) {
	was, tied := ix.sourceOf[sync]
	if tied && was == source {
		return
	}
	if tied {
		list := ix.syncs[was]
		if i := slices.Index(list, sync); i >= 0 {
			ix.syncs[was] = slices.Delete(list, i, i+1)
		}
		if len(ix.syncs[was]) == 0 {
			delete(ix.syncs, was)
		}
		delete(ix.sourceOf, sync)
		ix.mark(was)
	}
	if source != (Key{}) {
		ix.sourceOf[sync] = source
		ix.syncs[source] = append(ix.syncs[source], sync)
		ix.mark(source)
	}
}

func (ix *repoIndex) mark(source Key) {
	if e := ix.ofSource[source]; e != nil {
		e.head, e.chain = nil, nil
	}
}

// dirty marks the repository an object has a part in; the zero Key marks all.
func (s *Store) dirty(k Key) {
	ix := s.trails.repos
	if ix == nil {
		return
	}
	switch k.Kind.Role() {
	case RoleSource:
		ix.mark(k)
	case RoleSync:
		ix.mark(ix.sourceOf[k])
	case RoleWorkload:
		if o := s.Get(k); o != nil {
			ix.mark(ix.sourceOf[ownerKey(o)])
		}
	default:
		ix.epoch++
	}
}

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
	r := Repo{Kind: o.Kind, URL: plainURL(d.URL), Ref: plainRef(o.Kind, d.Ref)}
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
	case ExternalArtifact:
		r.URL = o.Namespace + "/" + o.Name
	}
	return r
}

// plainURL leaves out of an address what does not tell repositories apart:
// scheme, user, port, ".git" and case of the host.
func plainURL(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return strings.TrimSuffix(strings.TrimSuffix(address, "/"), ".git")
	}
	path := strings.TrimSuffix(strings.TrimSuffix(u.Path, "/"), ".git")
	return strings.ToLower(u.Hostname()) + path
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

// entries returns the repositories some sync follows, by address and ref.
func (ix *repoIndex) entries() []*repoEntry {
	if ix.sorted == nil {
		ix.sorted = make([]*repoEntry, 0, len(ix.repos))
		for _, e := range ix.repos {
			ix.sorted = append(ix.sorted, e)
		}
		slices.SortFunc(ix.sorted, func(a, b *repoEntry) int {
			return cmp.Or(strings.Compare(a.repo.URL, b.repo.URL), strings.Compare(a.repo.Ref, b.repo.Ref), cmp.Compare(a.repo.Kind, b.repo.Kind))
		})
	}
	return ix.sorted
}
