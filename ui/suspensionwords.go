package ui

import (
	"time"

	"tenantry/model"
)

// agreed is what several say, if they say the same.
func agreed(a, b string) string {
	switch {
	case a == "" || a == b:
		return b
	case b == "":
		return a
	}
	return "several"
}

// suspensionRank: what is overdue, was broken or will not last needs a look;
// all else is as somebody wanted it.
func suspensionRank(s *model.Suspension) int {
	if s.Overdue || s.Was.Unhealthy() || s.Lasts == model.LastsNo {
		return unhealthyRank
	}
	return 2 * model.Ready.Severity()
}

func suspensionWords(s *model.Suspension) string {
	words := s.Reason
	if words == "" {
		words = "no reason given"
	}
	if s.By != "" {
		words = s.By + ": " + words
	}
	return words
}

// meant says until when a suspension is to last, or was.
func (p *suspended) meant(s *model.Suspension) string {
	until, is := s.Until, "is"
	if s.UntilAt != 0 && len(until) > len(time.DateOnly) {
		until = p.moment(s.UntilAt)
	}
	if s.Overdue {
		is = "was"
	}
	return " It " + is + " meant to last until " + until + "; nothing resumes by itself."
}

// ending says how a suspension will end.
func ending(s *model.Suspension) string {
	switch {
	case s.Undone:
		return upperFirst(sentence(s.Because)) + " Suspend it where it comes from, or what applies it as well."
	case s.Lasts == model.LastsNo:
		return "It will not last: " + sentence(s.Because)
	case s.Lasts == model.LastsUnknown:
		return "It may not last: " + sentence(s.Because) + " What Git says wins when it runs."
	case s.Because != "":
		return "It lasts until somebody resumes it, " + sentence(s.Because)
	}
	return "It lasts until somebody resumes it."
}

// standsStill says what does not happen while something is suspended.
func standsStill(role model.Role) string {
	switch role {
	case model.RoleSync:
		return "Nothing is applied, mended or pruned meanwhile; pods keep running."
	case model.RoleSource:
		return "Nothing is fetched meanwhile; what applies it goes on with the revision it has."
	case model.RoleWorkload:
		return "Its rollout stands still; the pods it has keep running."
	}
	return "Its controller leaves it as it is."
}

// lasting says whether a suspension will last, and why.
func (p *suspended) lasting(s *model.Suspension) string {
	switch {
	case s.Because == "":
		return s.Lasts.String()
	case s.Lasts == model.LastsYes:
		return "yes, " + s.Because
	}
	return s.Lasts.String() + ": " + s.Because
}
