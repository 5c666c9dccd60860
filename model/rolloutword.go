package model

// Word says how a commit stands in one sync: one word for every page and for
// what waits for it.
func (l *Line) Word() string {
	switch l.Outcome {
	case OutcomeRefused, OutcomeFailed, OutcomeBlocked, OutcomeSuspended, OutcomeOvertaken, OutcomeUntold:
		return l.Outcome.String()
	}
	switch {
	case l.Live && l.Held:
		return "live, suspended"
	case l.Live:
		return "live"
	case l.Outcome == OutcomeWaiting && !l.Fetched.Known():
		return "not fetched yet"
	case l.InChecks():
		return "checking"
	case l.Outcome == OutcomeWaiting, l.Outcome == OutcomeApplying:
		return l.Outcome.String()
	case l.LiveAt.Known() && l.Newer != "":
		return "was live"
	case l.Newer != "":
		return OutcomeApplied.String() // whether its pods were all ready, nobody may know
	case l.Reason != "":
		return "stuck"
	case l.LiveAt.Known():
		return "live, pods move"
	}
	return "rolling out"
}

// InChecks reports whether all of it is applied and its health checks run: that
// is also told by what its sync says it does, when nobody saw since when.
func (l *Line) InChecks() bool {
	return l.Outcome == OutcomeApplying && (l.Applied.Known() || l.Checking)
}
