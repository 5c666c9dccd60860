package said

import (
	"regexp"
	"strings"
)

// Refusals of the API server (k8s.io/apiserver, authorization): who may not do
// what, and where.
var (
	byAccount = regexp.MustCompile(`User "system:serviceaccount:([^:"]+):([^"]+)" cannot (\S+) resource "([^"]+)"(?: in API group "([^"]*)")?`)
	inside    = regexp.MustCompile(`in the namespace "([^"]+)"`)
)

// forbidden reads what a service account was refused.
func forbidden(m []string) Saying {
	s := named(m[1])
	who := byAccount.FindStringSubmatch(m[2])
	if who == nil {
		// Refused for another reason than rights: admission, a quota, a policy.
		s.Fault, s.Words = Refused, m[1]+" is refused: "+reason(m[2])
		return s
	}
	s.AccountNamespace, s.Account, s.Verb, s.Resource, s.Group = who[1], who[2], who[3], who[4], who[5]
	if in := inside.FindStringSubmatch(m[2]); in != nil {
		s.Fault, s.Into = ForbiddenInside, in[1]
		s.Words = "refused: " + m[1] + " is not for account " + s.AccountNamespace + "/" + s.Account + " to write in " + s.Into
		return s
	}
	s.Fault = ForbiddenCluster
	s.Words = "refused: " + m[1] + " is cluster-wide, and not for account " + s.AccountNamespace + "/" + s.Account + " to write"
	return s
}

// reason is what stands behind "x is forbidden: ".
func reason(text string) string {
	if _, rest, ok := strings.Cut(text, " is forbidden: "); ok {
		return rest
	}
	return text
}
