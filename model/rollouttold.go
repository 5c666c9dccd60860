package model

// toldLive is when one commit was said to have become live.
type toldLive struct {
	revision string
	at       Moment
	after    uint64 // the fetch before that of the commit, where it was fetched again; 0 else
}

// keepTold keeps when a line became live that was read off its sync and the
// workloads, and says it again of a commit that another has followed since. Only
// what is shown is kept. A commit that is fetched again after another (after is
// that one's fetch) begins anew: when it was live before is no end of that way.
func (t *trails) keepTold(l *Line, revision string, after uint64) {
	switch told, known := t.told[l.Sync]; {
	case l.Live && l.Newer == "" && l.LiveAt.Known() && l.LiveAt.Reconstructed:
		t.told[l.Sync] = toldLive{revision, l.LiveAt, after}
	case known && l.Newer != "" && !l.LiveAt.Known() && SameRevision(told.revision, revision) && told.after == after:
		l.LiveAt = told.at
	}
}
