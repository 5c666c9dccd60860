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

// counts reports whether a suspended sync is waited for all the same: only
// when it was named.
func (w *Waiting) counts(l *Line) bool {
	return l.Outcome != OutcomeSuspended || w.named()
}

func (w *Waiting) named() bool { return len(w.want.Tenants) > 0 || w.want.Sync != Key{} }

// find takes as targets the syncs whose repository has the commit. One
// beginning that several commits have, be it in two repositories, is none.
func (w *Waiting) find(s *Store, r *WaitReport) {
	w.look(s)
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
			w.addTargets(r, d, func(*followed) *sighted { return here })
		}
	}
	if len(r.Targets) == 0 {
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

// Sources are the sources of what is waited for, each once: for Newest they
// are to be asked for news.
func (w *Waiting) Sources(s *Store) []Key {
	var out []Key
	w.each(s, func(_ *derivation, f *followed) {
		if !slices.Contains(out, f.source) {
			out = append(out, f.source)
		}
	})
	return out
}

// Mute says that a source can't be asked: without a reason because there is
// nobody to ask, so that what it has counts; with one, its newest can't be known.
func (w *Waiting) Mute(source Key, why string) {
	if w.mute == nil {
		w.mute = map[Key]string{}
	}
	w.mute[source] = why
}

// unasked ends the waiting when a source can't be asked for its newest.
func (w *Waiting) unasked(r *WaitReport, f *followed) {
	why := w.mute[f.source]
	switch {
	case why == "":
		return
	case f.sourceObject.IsSuspended():
		why = " is suspended, so nothing newer is fetched: resume it, or name the commit"
	default:
		why = " can't be asked: " + why
	}
	r.fail(WaitFailed, f.tenant, f.source, rowWord(f.tenant)+": its source "+f.source.String()+why)
}

// newest takes as targets the syncs with what their source has, once it has
// answered.
func (w *Waiting) newest(s *Store, r *WaitReport) {
	waiting := 0
	for _, e := range w.entries(s) {
		if !s.followed(e) {
			continue
		}
		d := w.derive(s, e)
		asked := false
		for i := range d.syncs {
			f := &d.syncs[i]
			if !w.concerns(f) || !w.named() && (f.object.IsSuspended() || f.sourceObject.IsSuspended()) {
				continue
			}
			w.unasked(r, f)
			if w.pin(f) {
				asked = true
				continue
			}
			waiting++
			w.say(r, rowWord(f.tenant), "its source is being asked")
			r.Open = append(r.Open, rowWord(f.tenant)+": its source is being asked")
			l := Line{Tenant: f.tenant, Sync: f.object.Key, Source: f.source}
			d.explain(&l, f, &sighted{})
			w.judge(s, r, &WaitTarget{Line: l, Revision: "the newest commit"}, rowWord(f.tenant))
		}
		if asked {
			w.addTargets(r, d, func(f *followed) *sighted { return d.sighted(w.pinned[f.source]) })
		}
	}
	r.Of += waiting // not all of it is known yet
	if r.Of == 0 && len(r.Targets) == 0 {
		if why := s.blind(); why != "" {
			r.fail(WaitBlind, "", Key{}, "can't tell what is newest: "+why)
		}
		w.say(r, "", "nothing here follows a source yet")
	}
}

// pin holds fast to what a source has, once it answered the request. A source
// that failed to answer has nothing new to hold fast to.
func (w *Waiting) pin(f *followed) bool {
	if w.pinned[f.source] != "" {
		return true
	}
	d, ok := f.sourceObject.Detail.(*Source)
	_, mute := w.mute[f.source]
	asked := w.want.Asked != "" && !mute
	if !ok || d.Revision == "" || asked && d.LastHandled != w.want.Asked {
		return false
	}
	if ready := f.sourceObject.Condition("Ready"); asked && (ready == nil || ready.Status != "True") {
		return false
	}
	w.pinned[f.source] = d.Revision
	return true
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

func (w *Waiting) addTargets(r *WaitReport, d *derivation, of func(*followed) *sighted) {
	for i := range d.syncs {
		f := &d.syncs[i]
		one := of(f)
		if one == nil || !w.concerns(f) {
			continue
		}
		if l := d.line(f, one, true); w.counts(&l) {
			r.Targets = append(r.Targets, WaitTarget{Line: l, Revision: one.revision})
			r.Revision = one.revision
		}
	}
	slices.SortFunc(r.Targets, func(a, b WaitTarget) int {
		return cmp.Or(strings.Compare(a.Tenant, b.Tenant), compareKeys(a.Sync, b.Sync))
	})
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

// progress says how far the commit is in one line.
func (t *WaitTarget) progress() string {
	short := ShortRevision(t.Revision)
	switch {
	case t.Live:
		return short + " is live"
	case t.Cause != "":
		return joined(short+" "+t.Outcome.String(), t.Cause, t.Trouble)
	}
	return joined(t.stage(short), "", t.Trouble)
}

// news is what of the progress is new when it changes.
func (t *WaitTarget) news() string {
	told := *t
	if t.trouble != TroubleNone {
		told.Trouble = fmt.Sprint(t.trouble)
	}
	return told.progress()
}

// joined says what came about, why, and what trouble there is; a word that the
// reason begins with is not said twice.
func joined(what, why, trouble string) string {
	if what == "" {
		return ""
	}
	if why != "" {
		last := what[strings.LastIndexByte(what, ' ')+1:]
		what += ": " + strings.TrimPrefix(why, last+": ")
	}
	if trouble != "" {
		what += "; " + trouble
	}
	return what
}

// stage is how far the commit is.
func (t *WaitTarget) stage(short string) string {
	switch t.Outcome {
	case OutcomeWaiting:
		if t.Fetched.Known() {
			return "fetched " + short
		}
		return ""
	case OutcomeApplying:
		if t.Applied.Known() {
			return "applied " + short + t.pods() + ", health checks run"
		}
		return "applying " + short + t.pods()
	case OutcomeApplied, OutcomeUnchanged:
		return "applied " + short + t.pods()
	}
	return short + " " + t.Outcome.String()
}

// pods says how far the workloads are.
func (t *WaitTarget) pods() string {
	out := ""
	for i := range t.Moves {
		m := &t.Moves[i]
		out += fmt.Sprintf(", %s %d of %d new pods", m.Workload.Name, min(m.Updated, m.Desired), m.Desired)
		if m.State == RolloutAvailability {
			out += " starting"
		}
		if m.State == RolloutDone {
			out += " ready"
		}
	}
	return out
}
