package said

import "regexp"

// answer is one way the API server answers to what is written.
type answer struct {
	pattern *regexp.Regexp
	// say gets the object that was written, "" where nobody names it, the
	// answer's reason as a sentence adds it, " (Invalid)", and the pattern's
	// groups.
	say func(object, reason string, m []string) Saying
}

// answers are all of them. The one that begins first is who speaks: all behind
// it is quoted, be it a field's value or the words of a webhook's author, and
// says nothing of the fault.
var answers = []answer{
	{regexp.MustCompile(`(?:^|: )failed (?:calling|to call) webhook "([^"]+)".*?: (.+)$`), func(_, _ string, m []string) Saying {
		return Saying{Fault: WebhookFault, Name: m[1], Words: "the admission webhook " + m[1] + " does not answer: " + tail(m[2])}
	}},
	{regexp.MustCompile(`(?:^|: )admission webhook "([^"]+)" denied the request(?:: | )(.+)$`), func(_, _ string, m []string) Saying {
		return Saying{Fault: Refused, Name: m[1], Words: "the admission webhook " + m[1] + " refused it: " + m[2]}
	}},
	{regexp.MustCompile(`(?:^|: )(?:ValidatingAdmissionPolicy|\S+ (?:"[^"]*" )?is forbidden: ValidatingAdmissionPolicy) '([^']+)'.*?denied request: (.+)$`), func(_, _ string, m []string) Saying {
		return Saying{Fault: Refused, Name: m[1], Words: "the admission policy " + m[1] + " refused it: " + m[2]}
	}},
	{regexp.MustCompile(`(?:^|: )\S+ (?:"[^"]*" )?is forbidden: (.+)$`), forbidden},
	{regexp.MustCompile(`(?:^|: )\S+ "[^"]*" is invalid: .*$`), notAccepted},
	{regexp.MustCompile(`(?:^|: )namespaces? "([^"]+)" not found`), func(_, _ string, m []string) Saying {
		return Saying{Fault: NamespaceMissing, Kind: "Namespace", Name: m[1], Words: "namespace " + m[1] + " does not exist"}
	}},
	{regexp.MustCompile(`(?:^|: )no matches for kind "([^"]+)" in version "([^"]+)"`), func(_, _ string, m []string) Saying {
		return Saying{Fault: KindMissing, Name: m[1], Group: m[2], Words: "the kind " + m[1] + " (" + m[2] + ") is not served: its CRD is not installed"}
	}},
	{regexp.MustCompile(`(?:^|: )(?:Apply failed with \d+ conflicts?: )?conflicts? with "([^"]+)"`), func(object, _ string, m []string) Saying {
		s := named(object)
		s.Fault, s.Words = Conflict, object+" belongs in part to another field manager, "+m[1]
		return s
	}},
}

// answered reads what the API server answered.
func answered(object, reason, text string) (Saying, bool) {
	first, who := len(text)+1, -1
	for i := range answers {
		if at := answers[i].pattern.FindStringIndex(text); at != nil && at[0] < first {
			first, who = at[0], i
		}
	}
	if who < 0 {
		return Saying{}, false
	}
	m := answers[who].pattern.FindStringSubmatch(text)
	if object != "" {
		m[0] = text // an object's answer is the whole of it
	}
	return answers[who].say(object, reason, m), true
}

// itself reports whether an answer names what is at fault, whichever object
// was written: what it is of no other object is told without one.
func itself(s Saying) bool {
	switch s.Fault {
	case WebhookFault, QuotaExceeded, NamespaceMissing, KindMissing:
		return true
	case Refused:
		return s.Name != "" // a webhook or a policy
	}
	return false
}

// notAccepted is an object the API server does not take, and in its words why.
func notAccepted(object, reason string, m []string) Saying {
	s := named(object)
	s.Fault, s.Words = Invalid, object+" is not accepted"+reason+": "+m[0]
	if immutable.MatchString(quoted.ReplaceAllString(m[0], "")) {
		s.Fault = Immutable
	}
	return s
}

var (
	immutable = regexp.MustCompile(`\bis immutable\b`)
	quoted    = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`) // what somebody wrote into a field
)

// Who may not do what, and where (k8s.io/apiserver, authorization).
var (
	byAccount = regexp.MustCompile(`^User "system:serviceaccount:([^:"]+):([^"]+)" cannot (\S+) resource "([^"]+)"(?: in API group "([^"]*)")?`)
	inside    = regexp.MustCompile(`in the namespace "([^"]+)"`)
	quota     = regexp.MustCompile(`^exceeded quota: (.+)$`)
)

// forbidden reads what stands behind "x is forbidden: ".
func forbidden(object, _ string, m []string) Saying {
	if over := quota.FindStringSubmatch(m[1]); over != nil {
		return Saying{Fault: QuotaExceeded, Words: "no quota left: " + over[1]}
	}
	s := named(object)
	who := byAccount.FindStringSubmatch(m[1])
	if who == nil {
		// Refused for another reason than rights: admission, a policy.
		s.Fault, s.Words = Refused, object+" is refused: "+m[1]
		return s
	}
	s.AccountNamespace, s.Account, s.Verb, s.Resource, s.Group = who[1], who[2], who[3], who[4], who[5]
	if in := inside.FindStringSubmatch(m[1]); in != nil {
		s.Fault, s.Into = ForbiddenInside, in[1]
		s.Words = "refused: " + object + " is not for account " + s.AccountNamespace + "/" + s.Account + " to write in " + s.Into
		return s
	}
	s.Fault = ForbiddenCluster
	s.Words = "refused: " + object + " is cluster-wide, and not for account " + s.AccountNamespace + "/" + s.Account + " to write"
	return s
}
