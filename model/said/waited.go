package said

import (
	"regexp"
	"strings"
)

// Waited is one object a health check waited for, as a message lists it.
type Waited struct {
	Kind, Namespace, Name string
	Status                string // kstatus: InProgress, Failed, NotFound, Unknown …
	Message               string // its own, where the operator adds it
}

var waited = regexp.MustCompile(`([A-Za-z]+)/(?:([^/\s\]\[]+)/)?([^/\s\]\[]+) status: '([A-Za-z]+)'`)
var waitedLine = regexp.MustCompile(`^([A-Z][A-Za-z]+)/([^/\s]+)/([^/\s]+) status: (.+)$`)

// WaitedFor lists the objects a message says were waited for in vain: those in
// its brackets ("[Deployment/ns/name status: 'Failed', …]"), and those with a
// line of their own, as flux-operator writes them.
func WaitedFor(message string) []Waited {
	var out []Waited
	at := map[[3]string]int{}
	first, rest, _ := strings.Cut(message, "\n")
	for _, m := range waited.FindAllStringSubmatch(first, -1) {
		key := [3]string{m[1], m[2], m[3]}
		if _, known := at[key]; !known {
			at[key] = len(out)
			out = append(out, Waited{Kind: m[1], Namespace: m[2], Name: m[3], Status: m[4]})
		}
	}
	for line := range strings.SplitSeq(rest, "\n") {
		m := waitedLine.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			continue
		}
		if i, known := at[[3]string{m[1], m[2], m[3]}]; known {
			out[i].Message = m[4]
			continue
		}
		out = append(out, Waited{Kind: m[1], Namespace: m[2], Name: m[3], Message: m[4]})
	}
	return out
}
