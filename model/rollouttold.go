package model

// toldLive is when one commit was said to have become live.
type toldLive struct {
	revision string
	at       Moment
}

// keepTold keeps when a line became live that was read off its sync and the
// workloads, and says it again of a commit that another has followed since. Only
// what is shown is kept.
func (t *trails) keepTold(l *Line, revision string) {
	switch told, known := t.told[l.Sync]; {
	case l.Live && l.Newer == "" && l.LiveAt.Known() && l.LiveAt.Reconstructed:
		t.told[l.Sync] = toldLive{revision, l.LiveAt}
	case known && l.Newer != "" && !l.LiveAt.Known() && SameRevision(told.revision, revision):
		l.LiveAt = told.at
	}
}
