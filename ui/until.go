package ui

import (
	"strconv"
	"strings"
	"time"
)

// parseUntil reads when a suspension should be over: a weekday, a number of
// hours or days, a date, or RFC 3339. It returns RFC 3339 or "" for open.
func parseUntil(s string, now time.Time) (until, problem string) {
	s = strings.ToLower(strings.TrimSpace(s))
	if s == "" {
		return "", ""
	}
	at, ok := untilTime(s, now)
	switch {
	case !ok:
		return "", "until " + strconv.Quote(s) + " is no time: try fri, 3d, 4h or 2026-11-30"
	case !at.After(now):
		return "", "until " + strconv.Quote(s) + " is over already"
	}
	return at.UTC().Format(time.RFC3339), ""
}

func untilTime(s string, now time.Time) (time.Time, bool) {
	for day := range 7 {
		d := time.Weekday(day)
		if name := strings.ToLower(d.String()); len(s) >= 3 && strings.HasPrefix(name, s) {
			ahead := (int(d)-int(now.Weekday())+6)%7 + 1 // today's name means in a week
			return endOfDay(now.AddDate(0, 0, ahead)), true
		}
	}
	if n, err := strconv.Atoi(strings.TrimSuffix(s, "d")); err == nil && strings.HasSuffix(s, "d") && n > 0 && n < 3660 {
		return now.AddDate(0, 0, n), true
	}
	if d, err := time.ParseDuration(s); err == nil && d > 0 {
		return now.Add(d), true
	}
	if at, err := time.ParseInLocation(time.DateOnly, s, now.Location()); err == nil {
		return endOfDay(at), true
	}
	if at, err := time.Parse(time.RFC3339, strings.ToUpper(s)); err == nil {
		return at, true
	}
	return time.Time{}, false
}

// endOfDay: until Friday means that Friday is still in.
func endOfDay(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 23, 59, 59, 0, t.Location())
}
