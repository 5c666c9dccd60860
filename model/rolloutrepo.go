package model

import (
	"cmp"
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
	heads    []*Head       // Rollouts' answer; nil with sorted, and when a repository gets or loses all its syncs
	stale    []*repoEntry  // whose head is to be derived again
	chains   []*repoEntry  // those with a chain, the one asked for last at the end
}

// maxChains is how many chains are kept derived: more than a screen shows.
const maxChains = 64

type repoEntry struct {
	repo    Repo
	sources []Key // sorted
	place   int   // in heads; -1 while it has no syncs
	head    *Head // nil when to be derived
	chain   *Chain
	due     Unix // when time alone may change it; 0 = never
	// Lines of syncs nothing happened to, where there are many of them.
	heads, lines lineCache
}

// rolloutIndex returns the index, which the first call builds.
func (s *Store) rolloutIndex() *repoIndex {
	if s.trails.repos == nil {
		n := len(s.spaces)
		ix := &repoIndex{repos: make(map[Repo]*repoEntry, n), ofSource: make(map[Key]*repoEntry, n),
			syncs: make(map[Key][]Key, n), sourceOf: make(map[Key]Key, n)}
		s.trails.repos = ix
		for _, sp := range s.spaces {
			for _, o := range sp.objects {
				switch o.Role() {
				case RoleSource:
					if repo := s.repoOf(o); repo != (Repo{}) {
						e := ix.entry(repo)
						e.sources = append(e.sources, o.Key)
						ix.ofSource[o.Key] = e
					}
				case RoleSync:
					ix.tie(o.Key, sourceKeyOf(o))
				}
			}
		}
		for _, e := range ix.repos {
			slices.SortFunc(e.sources, compareKeys)
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
		ix.put(o.Key, s.repoOf(new))
		if o.Kind == HelmRepository || o.Kind == GitRepository || o.Kind == Bucket {
			// A chart is named by where it comes from.
			s.ObjectsIn(o.Namespace, HelmChart, func(chart *Object) bool {
				ix.put(chart.Key, s.repoOf(chart))
				return true
			})
		}
	case RoleSync:
		ix.tie(o.Key, sourceKeyOf(new))
	case RoleWorkload:
		ix.markSync(ownerKey(o)) // a deleted one is not in the store any more
		return
	case RoleAccess:
		if shapesRow(old, new) {
			s.dirtyIn(o)
		}
		return
	}
	s.dirty(o.Key)
}

// dirtyIn marks what the syncs of a namespace follow: they may belong to
// another row now.
func (s *Store) dirtyIn(o *Object) {
	sp := s.spaces[o.Namespace]
	if o.Kind == Namespace {
		sp = s.spaces[o.Name]
	}
	if sp == nil {
		return
	}
	for _, sync := range sp.objects {
		if sync.Role() == RoleSync {
			s.dirty(sync.Key)
		}
	}
}

// entry returns the repository's, which it makes.
func (ix *repoIndex) entry(repo Repo) *repoEntry {
	e := ix.repos[repo]
	if e == nil {
		e = &repoEntry{repo: repo, place: -1}
		ix.repos[repo] = e
		ix.sorted, ix.heads = nil, nil
	}
	return e
}

// put ties a source to the repository it fetches; the zero Repo unties it.
func (ix *repoIndex) put(source Key, repo Repo) {
	if e := ix.ofSource[source]; e != nil {
		if e.repo == repo {
			return
		}
		ix.mark(source)
		delete(ix.ofSource, source)
		if i, ok := slices.BinarySearchFunc(e.sources, source, compareKeys); ok {
			e.sources = slices.Delete(e.sources, i, i+1)
		}
		if len(e.sources) == 0 {
			delete(ix.repos, e.repo)
		}
		ix.sorted, ix.heads = nil, nil
	}
	if repo == (Repo{}) {
		return
	}
	e := ix.entry(repo)
	i, _ := slices.BinarySearchFunc(e.sources, source, compareKeys)
	e.sources = slices.Insert(e.sources, i, source)
	ix.ofSource[source] = e
	ix.heads = nil
	ix.mark(source)
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
			list = slices.Delete(list, i, i+1)
		}
		ix.syncs[was] = list
		if len(list) == 0 {
			delete(ix.syncs, was)
			ix.heads = nil
		}
		ix.markSync(sync)
		delete(ix.sourceOf, sync)
	}
	if source != (Key{}) {
		ix.sourceOf[sync] = source
		if len(ix.syncs[source]) == 0 {
			ix.heads = nil
		}
		ix.syncs[source] = append(ix.syncs[source], sync)
		ix.markSync(sync)
	}
}

// mark marks the repository of a source, and with it the lines of its syncs.
func (ix *repoIndex) mark(source Key) {
	if e := ix.ofSource[source]; e != nil {
		for _, sync := range ix.syncs[source] {
			e.heads.drop(sync)
			e.lines.drop(sync)
		}
		ix.touch(e)
	}
}

// markSync marks the repository a sync follows, and the sync's lines.
func (ix *repoIndex) markSync(sync Key) {
	if e := ix.ofSource[ix.sourceOf[sync]]; e != nil {
		e.heads.drop(sync)
		e.lines.drop(sync)
		ix.touch(e)
	}
}

func (ix *repoIndex) touch(e *repoEntry) {
	if e.head != nil {
		ix.stale = append(ix.stale, e)
	}
	e.head, e.chain = nil, nil
}

// dirty marks what an object has a part in.
func (s *Store) dirty(k Key) {
	ix := s.trails.repos
	if ix == nil {
		return
	}
	switch k.Kind.Role() {
	case RoleSource:
		ix.mark(k)
	case RoleSync:
		ix.markSync(k)
	case RoleWorkload:
		if o := s.Get(k); o != nil {
			ix.markSync(ownerKey(o))
		}
	}
}

// dirtyAll marks every repository: a controller that all of them wait for is at
// work again, or not any more.
func (s *Store) dirtyAll() {
	if ix := s.trails.repos; ix != nil {
		for _, e := range ix.repos {
			e.heads, e.lines = lineCache{}, lineCache{}
			ix.touch(e)
		}
	}
}

// dirtyByTime marks what time alone may have changed.
func (s *Store) dirtyByTime(now Unix) {
	ix := s.trails.repos
	if ix == nil {
		return
	}
	for _, e := range ix.repos {
		switch {
		case e.due == 0:
		case e.due <= now:
			e.heads, e.lines, e.due = lineCache{}, lineCache{}, 0
			ix.touch(e)
		default:
			s.noteDue(e.due)
		}
	}
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
