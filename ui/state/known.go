package state

import "regexp"

// fleeting is what of a message changes from try to try while the trouble
// stays the same: moments, durations, digests, addresses, temporary names.
// Short numbers stay, since prod2 and prod3 are two troubles.
var fleeting = regexp.MustCompile(`(?i)` +
	`\d{4}-\d\d-\d\d[t ]\d\d:\d\d(:\d\d(\.\d+)?)?(z|[+-]\d\d:?\d\d)?` + // a moment
	`|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}` + // a UID
	`|\b(\d+(\.\d+)?(h|ms|m|s|µs|ns))+\b` + // a duration
	`|\b\d{1,3}(\.\d{1,3}){3}(:\d+)?` + // an address
	`|\b\d*[a-f][0-9a-f]*\d[0-9a-f]*\b|\b\d+[a-f][0-9a-f]*\b` + // a digest, if it is long enough
	`|\d{4,}`) // a port, a process, a resource version

// Steady returns a message without what changes from try to try.
func Steady(message string) string {
	return cut(fleeting.ReplaceAllStringFunc(message, func(s string) string {
		if len(s) < 7 && isHex(s) && !longNumber(s) {
			return s
		}
		return "#"
	}))
}

func isHex(s string) bool {
	for _, r := range s {
		if (r < '0' || r > '9') && (r < 'a' || r > 'f') && (r < 'A' || r > 'F') {
			return false
		}
	}
	return true
}

func longNumber(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return len(s) >= 4
}
