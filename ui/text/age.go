package text

import (
	"strconv"
	"time"
)

// Unknown stands where a time or a number is not known; nothing is guessed.
const Unknown = "–"

// Age writes a duration the way lists do: 4s 9m 6h 12d. What would be less
// than nothing is 0s: clocks differ by a second.
func Age(d time.Duration) string {
	switch {
	case d < 0:
		return "0s"
	case d < time.Minute:
		return strconv.Itoa(int(d/time.Second)) + "s"
	case d < time.Hour:
		return strconv.Itoa(int(d/time.Minute)) + "m"
	case d < 24*time.Hour:
		return strconv.Itoa(int(d/time.Hour)) + "h"
	}
	return strconv.Itoa(int(d/(24*time.Hour))) + "d"
}

// Clock writes a moment the way pages do: the time of day, with the date when
// it isn't the day of now. It is written in now's time zone.
func Clock(t, now time.Time) string {
	t = t.In(now.Location())
	switch {
	case t.Year() != now.Year():
		return t.Format("2006-01-02 15:04")
	case t.YearDay() != now.YearDay():
		return t.Format("Jan 2 15:04:05")
	}
	return t.Format("15:04:05")
}
