package model

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// minPrefix is the shortest beginning of a revision that is looked for: less
// matches by chance.
const minPrefix = 4

// Sighting is the answer to "where is commit x?".
type Sighting struct {
	Prefix string
	// Matches are the commits whose digest, tag or version begins so, newest
	// first fetched first; several when the prefix fits several.
	Matches []Match
	// Newest is what the repositories have instead, when none has it.
	Newest []Newest
}

// Match is one commit in one repository.
type Match struct {
	Repo   Repo
	Commit Commit
}

// Newest is the newest commit of a repository and when its origin was asked.
type Newest struct {
	Repo     Repo
	Revision string
	Asked    Asked
}

// Find looks for a commit by the beginning of its digest, or by its tag or
// chart version, in every repository that some sync follows, or, when row is
// not "", in those of one tenant. It looks at all of them, so ask it when the
// question changes.
func (s *Store) Find(prefix, row string) Sighting {
	out := Sighting{Prefix: prefix}
	for _, h := range s.Rollouts() {
		e := s.trails.repos.repos[h.Repo]
		if row != "" && !s.followedBy(e, row) {
			continue
		}
		d := s.derivation(e)
		had := len(out.Matches)
		for i, one := range d.commits {
			if h.Repo.meant(one.revision, prefix) {
				out.Matches = append(out.Matches, Match{h.Repo, d.commit(i)})
			}
		}
		if len(out.Matches) == had {
			out.Newest = append(out.Newest, Newest{Repo: h.Repo, Revision: h.Revision})
		}
	}
	slices.SortStableFunc(out.Matches, func(a, b Match) int { return int(b.Commit.Fetched.At - a.Commit.Fetched.At) })
	if len(out.Matches) > 0 {
		out.Newest = nil
	}
	for i := range out.Newest[:min(len(out.Newest), maxNewest)] {
		n := &out.Newest[i]
		n.Asked = s.askedOf(s.trails.repos.repos[n.Repo].sources, s.clock())
	}
	return out
}

// maxNewest is how many repositories are told of when none has a commit.
const maxNewest = 3

func (s *Store) followedBy(e *repoEntry, row string) bool {
	for _, source := range e.sources {
		for _, k := range s.trails.repos.syncs[source] {
			if o := s.Get(k); o != nil && s.rowName(o) == row {
				return true
			}
		}
	}
	return false
}

// meant reports whether one of the repository's revisions is meant by a written
// one: the beginning of its digest (with or without algorithm), the whole
// revision, or its tag or version.
func (r Repo) meant(revision, written string) bool {
	if revision == "" || written == "" {
		return false
	}
	if SameRevision(revision, written) {
		return true
	}
	// A tag or a chart's version is meant as a whole; a branch, which a revision
	// names as it does a tag, is no commit.
	if ref := RevisionRef(revision); (ref == "" || ref != r.Ref) && strings.ContainsAny(written, ".0123456789") && !strings.ContainsAny(written, "@:+") && (sameChart(revision, written) || ref == written) {
		return true
	}
	sum := RevisionSum(revision)
	if sum == "" {
		return revision == written
	}
	if i := strings.LastIndexAny(written, "@:"); i >= 0 {
		written = written[i+1:]
	}
	return len(written) >= minPrefix && strings.HasPrefix(sum, strings.ToLower(written))
}

// Sentence answers in words.
func (f *Sighting) Sentence(now Unix) string {
	if len(f.Matches) > 0 {
		return f.Matches[0].sentence(now)
	}
	no := "no source here has seen " + f.Prefix
	switch n := len(f.Newest); {
	case n == 0:
		return no + ": nothing follows a repository"
	case n > maxNewest:
		return fmt.Sprintf("%s; %d repositories are followed", no, n)
	}
	for i := range f.Newest {
		n := &f.Newest[i]
		at := ShortRevision(n.Revision)
		if at == "" {
			at = "nothing yet"
		}
		no += ". Newest on " + n.Repo.Ref + of(n.Repo, len(f.Newest)) + ": " + at + ", " + n.Asked.Sentence(now)
	}
	return no
}

// of names the repository where there are several.
func of(r Repo, among int) string {
	if among == 1 {
		return ""
	}
	return " of " + r.Name()
}

// Name is the repository's short name: the last two parts of its address.
func (r Repo) Name() string {
	parts := strings.Split(r.URL, "/")
	return strings.Join(parts[max(0, len(parts)-2):], "/")
}

// Sentence says when the origin was asked: "Git asked 22s ago, every 1m".
func (a Asked) Sentence(now Unix) string {
	what := ""
	switch {
	case a.Failing:
		what = "can't be fetched: " + a.Cause
	case a.Down != "":
		return "not asked: " + a.Down
	case a.Pending:
		what = "being asked now"
	case a.Last.Known():
		what = "asked " + shortSpan(max(now-a.Last.At, 0)) + " ago"
	}
	switch {
	case a.Every <= 0:
		return cmp.Or(what, "when it was asked is not known")
	case what == "":
		return "asked every " + shortSpan(Unix(a.Every))
	}
	return what + ", every " + shortSpan(Unix(a.Every))
}

// shortSpan writes seconds in their largest unit.
func shortSpan(s Unix) string {
	switch {
	case s < 120 && s%60 != 0 || s < 60:
		return fmt.Sprintf("%ds", s)
	case s < 2*3600 && s%3600 != 0 || s < 3600:
		return fmt.Sprintf("%dm", s/60)
	case s < 48*3600:
		return fmt.Sprintf("%dh", s/3600)
	}
	return fmt.Sprintf("%dd", s/86400)
}

func (m *Match) sentence(now Unix) string {
	c := &m.Commit
	out := ShortRevision(c.Revision)
	if c.Subject != "" {
		out += " " + c.Subject
	}
	out += ": " + c.LiveWords(now)
	if c.Fetched.Known() {
		out += ", fetched " + shortSpan(max(now-c.Fetched.At, 0)) + " ago"
	}
	if c.Overtaken {
		out += ", " + c.OvertakenWords()
	}
	for i := range c.Lines {
		if l := &c.Lines[i]; l.Outcome == OutcomeUnchanged {
			out += "; changed nothing in " + rowWord(l.Tenant)
		} else if l.Cause != "" && !l.Live {
			out += "; " + rowWord(l.Tenant) + ": " + l.Cause
		}
	}
	return out
}

// LiveWords say in how many tenants a commit is live. Of one that is not the
// newest any more they say what it was; that nothing tells of its pods does not
// say that it was not.
func (c *Commit) LiveWords(now Unix) string {
	if !c.Past {
		return fmt.Sprintf("live in %d of %d", c.Live, c.Of)
	}
	applied, untold, last := 0, 0, Unix(0)
	for i := range c.Lines {
		l := &c.Lines[i]
		last = max(last, l.LiveAt.At)
		if !l.LiveAt.Known() && !l.Live && (l.Outcome == OutcomeApplied || l.Outcome == OutcomeUnchanged) {
			applied++
		}
		if l.Outcome == OutcomeUntold {
			untold++
		}
	}
	if len(c.Lines) == 0 {
		return "nothing that follows it now was there then"
	}
	if untold > 0 && untold == len(c.Lines) {
		return "not known whether it was live"
	}
	out := ""
	if c.Live > 0 || applied == 0 {
		out = fmt.Sprintf("was live in %d of %d", c.Live, c.Of)
	}
	if last != 0 {
		out += ", " + shortSpan(max(now-last, 0)) + " ago"
	}
	if untold > 0 {
		out = strings.TrimPrefix(fmt.Sprintf("%s, not known in %d of %d", out, untold, len(c.Lines)), ", ")
	}
	if applied > 0 {
		if out != "" {
			out += ", "
		}
		out += fmt.Sprintf("applied in %d of %d, where whether it was live is not known", applied, len(c.Lines))
	}
	return out
}

// RowNamed is the row a person means by a name.
func RowNamed(name string) string {
	if name == PlatformName {
		return PlatformKey
	}
	return name
}

// rowWord is what a row is called.
func rowWord(row string) string {
	if row == PlatformKey {
		return PlatformName
	}
	return row
}
