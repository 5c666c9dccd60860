package model

// newestHere is what was the newest commit of a repository.
type newestHere struct {
	repo     Repo
	revision string
}

// newestOf is the newest commit of a repository; "" for none.
func (s *Store) newestOf(repo Repo) string {
	heads := s.Rollouts()
	if e := s.trails.repos.repos[repo]; e != nil && e.place >= 0 && e.place < len(heads) && heads[e.place].Repo == repo {
		return heads[e.place].Revision
	}
	return ""
}

// headsOf are the newest commits where what is followed comes from. It looks at
// every repository for a commit: ask it at its end.
func (s *Store) headsOf(f *FollowState) []newestHere {
	if f.Of.Key != (Key{}) {
		repo := s.RepoOf(f.Of.Key)
		return []newestHere{{repo, s.newestOf(repo)}}
	}
	var out []newestHere
	for _, m := range s.Find(f.Revision, "").Matches {
		out = append(out, newestHere{m.Repo, s.newestOf(m.Repo)})
	}
	return out
}

// Passed reports whether another commit is the newest by now where what was
// told of is from: it is of yesterday.
func (f *FollowState) Passed(s *Store) bool { return f.since(s) != "" }

// since is the newest commit of a repository that had another one.
func (f *FollowState) since(s *Store) string {
	for _, was := range f.heads {
		if is := s.newestOf(was.repo); is != "" && !SameRevision(is, was.revision) {
			return is
		}
	}
	return ""
}

// begin looks at a commit for the first time. The newest of its repository being
// at its end already, whoever follows it means the next one: it was pushed, and
// nobody has fetched it yet.
func (i *followItem) begin(s *Store) {
	i.step(s)
	if i.State == WaitRunning {
		return
	}
	heads := s.headsOf(&i.FollowState)
	for _, h := range heads {
		if SameRevision(h.revision, i.Revision) {
			i.Next, i.heads, i.rung = true, heads, i.State
		}
	}
}

// next is the commit that came after one that was at its end; "" for none yet.
func (i *followItem) next(s *Store) string {
	if !i.Next {
		return ""
	}
	return i.since(s)
}

// goOn follows another commit in place of the one at its end.
func (f *Following) goOn(s *Store, i *followItem, revision string) {
	delete(f.by, i.Of)
	of := Followed{Revision: revision}
	*i = followItem{FollowState: FollowState{Of: of}, waiting: NewWaiting(WaitFor{Revision: revision, Since: Unix(s.Now().Unix())})}
	if !f.Has(of) {
		f.by[of] = i
	}
}
