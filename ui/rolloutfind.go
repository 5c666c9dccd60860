package ui

import (
	"strings"

	"tenantry/model"
)

// sought is a commit the filter names, and where it was found.
type sought struct {
	prefix string
	at     uint64 // the store's revision it was looked for in
	answer model.Sighting
	repos  map[model.Repo][]string // the digests that fit
	found  bool
}

// seek looks for the commit the filter names: in all repositories, since an
// earlier commit is on no row.
func (p *rollouts) seek() {
	prefix := p.f.query.Revision()
	if prefix == "" {
		p.sought = sought{}
		return
	}
	if at := p.store.Revision(); prefix == p.sought.prefix && at == p.sought.at {
		return
	}
	p.sought = sought{prefix: prefix, at: p.store.Revision(), answer: p.store.Find(prefix, ""), repos: map[model.Repo][]string{}}
	for i := range p.sought.answer.Matches {
		m := &p.sought.answer.Matches[i]
		p.sought.repos[m.Repo] = append(p.sought.repos[m.Repo], model.RevisionSum(m.Commit.Revision))
		p.sought.found = true
	}
}

// earlierSought are the digests of a repository's commits that are sought.
func (p *rollouts) earlierSought(repo model.Repo) []string { return p.sought.repos[repo] }

// soughtNothing answers for a commit that nobody here has seen.
func (p *rollouts) soughtNothing() (head, body string, ok bool) {
	if p.sought.prefix == "" || p.sought.found {
		return "", "", false
	}
	_, words, _ := strings.Cut(p.sought.answer.Sentence(model.Unix(p.now.Unix())), p.sought.prefix)
	words = upperFirst(sentence(strings.TrimLeft(words, ".: ;")))
	words += " " + p.key2() + " on a repository asks now. Is it pushed, and to the branch that is followed?"
	return "No source here has seen " + p.sought.prefix, strings.TrimSpace(words), true
}
