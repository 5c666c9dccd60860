package model

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// tenantsExist ends the waiting when a tenant that was named is not there.
func (w *Waiting) tenantsExist(s *Store, r *WaitReport) bool {
	for _, name := range w.want.Tenants {
		if s.Tenant(name) == nil {
			r.fail(WaitFailed, name, Key{}, "there is no tenant "+rowWord(name))
			return false
		}
	}
	return true
}

// concerns reports whether a sync is one that is waited for.
func (w *Waiting) concerns(f *followed) bool {
	if w.want.Sync != (Key{}) {
		return f.object.Key == w.want.Sync
	}
	return len(w.want.Tenants) == 0 || slices.Contains(w.want.Tenants, f.tenant)
}

// counts reports whether a sync that is suspended, or that came only later, is
// waited for all the same: only when it was named.
func (w *Waiting) counts(l *Line) bool {
	return l.Outcome != OutcomeSuspended && !l.absent || w.named()
}

func (w *Waiting) named() bool { return len(w.want.Tenants) > 0 || w.want.Sync != Key{} }

// find takes as targets the syncs whose repository has the commit. One
// beginning that several commits have, be it in two repositories, is none.
func (w *Waiting) find(s *Store, r *WaitReport) {
	w.look(s)
	var left []Line
	var found *sighted
	var in Repo
	for _, repo := range w.repos {
		e := s.trails.repos.repos[repo]
		if e == nil {
			continue
		}
		d := w.derive(s, e)
		if !slices.ContainsFunc(d.syncs, func(f followed) bool { return w.concerns(&f) }) {
			continue
		}
		var here *sighted
		for _, c := range d.commits {
			if !repo.meant(c.revision, w.want.Revision) {
				continue
			}
			if found != nil && !SameRevision(found.revision, c.revision) {
				r.Targets, r.Revision = nil, ""
				r.fail(WaitFailed, "", Key{}, fmt.Sprintf("%s means several commits: %s and %s; write more of the digest", w.want.Revision,
					named(found.revision, in), named(c.revision, repo)))
				return
			}
			found, in, here = c, repo, c
		}
		if here != nil {
			left = append(left, w.addTargets(r, d, func(*followed) *sighted { return here })...)
		}
	}
	switch {
	case len(r.Targets) > 0:
	case len(left) > 0:
		r.Revision = found.revision
		s.nobodyWill(r, ShortRevision(found.revision), left)
	default:
		w.unseen(s, r)
	}
}

// named is a commit with the repository it is of.
func named(revision string, of Repo) string {
	return cmp.Or(RevisionSum(revision), revision) + " of " + of.Name() + " " + of.Ref
}

// entries are the repositories that what is waited for may follow: for one
// sync that is one, however many there are.
func (w *Waiting) entries(s *Store) []*repoEntry {
	ix := s.rolloutIndex()
	if w.want.Sync == (Key{}) {
		return ix.entries()
	}
	if e := ix.ofSource[ix.sourceOf[w.want.Sync]]; e != nil {
		return []*repoEntry{e}
	}
	return nil
}

// derive tells of a repository and those of its syncs that are waited for.
func (w *Waiting) derive(s *Store, e *repoEntry) *derivation {
	return s.derivationFor(e, w.want.Sync)
}

// look finds the repositories that have the commit, when something was fetched
// since it last looked.
func (w *Waiting) look(s *Store) {
	entries := w.entries(s)
	seen := s.trails.fetches.serial + s.trails.runs.serial + uint64(len(entries))<<32
	for _, ns := range w.untold {
		seen += uint64(len(s.Events(ns))) << 48
	}
	if !w.looked || seen != w.seen {
		w.looked, w.seen, w.repos = true, seen, nil
		for _, e := range entries {
			if s.followed(e) && slices.ContainsFunc(w.derive(s, e).commits, func(c *sighted) bool { return e.repo.meant(c.revision, w.want.Revision) }) {
				w.repos = append(w.repos, e.repo)
			}
		}
	}
}

// unseen says that nobody has the commit, and ends the waiting when those it
// is for can't fetch anything.
func (w *Waiting) unseen(s *Store, r *WaitReport) {
	if why := s.blind(); why != "" {
		r.fail(WaitBlind, "", Key{}, "can't tell who has "+w.want.Revision+": "+why)
		return
	}
	w.say(r, "", "no source here has seen "+w.want.Revision+" yet")
	w.hear(s)
	if !w.named() {
		return
	}
	w.each(s, func(d *derivation, f *followed) {
		t := WaitTarget{Line: Line{Tenant: f.tenant, Sync: f.object.Key, Source: f.source}, Revision: w.want.Revision}
		d.explain(&t.Line, f, &sighted{revision: w.want.Revision})
		w.judge(s, r, &t, rowWord(f.tenant))
	})
}

// mostUntold is in how many namespaces the events are read for a commit that
// nobody has: a source's tell of the last hour what no object does, such as that
// the commit was here and another came.
const mostUntold = 8

// hear has the events of the sources read that may have had the commit.
func (w *Waiting) hear(s *Store) {
	if w.untold != nil {
		return
	}
	w.untold = []string{}
	var all []string
	for _, k := range w.Sources(s) {
		if !slices.Contains(all, k.Namespace) {
			all = append(all, k.Namespace)
		}
		if len(all) > mostUntold {
			return
		}
	}
	w.untold = all
}

// sighted returns a revision as the derivation knows it.
func (c *derivation) sighted(revision string) *sighted {
	for _, one := range c.commits {
		if SameRevision(one.revision, revision) {
			return one
		}
	}
	if revision == "" {
		return nil
	}
	return &sighted{revision: revision}
}

// addTargets takes as targets the syncs that count, each for a commit, and returns
// those that don't.
func (w *Waiting) addTargets(r *WaitReport, d *derivation, of func(*followed) *sighted) (left []Line) {
	for i := range d.syncs {
		f := &d.syncs[i]
		one := of(f)
		if one == nil || !w.concerns(f) {
			continue
		}
		if l := d.line(f, one, true); w.counts(&l) {
			r.Targets = append(r.Targets, WaitTarget{Line: l, Revision: one.revision})
			r.Revision = one.revision
		} else {
			left = append(left, l)
		}
	}
	slices.SortFunc(r.Targets, func(a, b WaitTarget) int {
		return cmp.Or(strings.Compare(a.Tenant, b.Tenant), compareKeys(a.Sync, b.Sync))
	})
	return left
}

// each calls f for every sync that is waited for.
func (w *Waiting) each(s *Store, f func(*derivation, *followed)) {
	for _, e := range w.entries(s) {
		if !s.followed(e) {
			continue
		}
		d := w.derive(s, e)
		for i := range d.syncs {
			if w.concerns(&d.syncs[i]) {
				f(d, &d.syncs[i])
			}
		}
	}
}
