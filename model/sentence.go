package model

import (
	"regexp"
	"strings"
)

// rule turns a controller's message into a plain sentence. What no rule knows
// is shown in the controller's own words, never guessed.
type rule struct {
	pattern *regexp.Regexp
	// say gets the pattern's groups, the whole match first.
	say func(m []string) string
}

// The rules, first match wins. The wordings are Flux's (domain.md §3.2, §4).
var rules = []rule{
	{regexp.MustCompile(`secrets? "([^"]+)" not found`), func(m []string) string { return "secret " + m[1] + " is missing" }},
	{regexp.MustCompile(`'(identity|known_hosts)' is required`), func(m []string) string { return "its secret lacks the key " + m[1] }},
	{regexp.MustCompile(`SSH identity key is encrypted but no 'password'`), func([]string) string {
		return "its SSH key is encrypted and the secret has no password"
	}},
	{regexp.MustCompile(`knownhosts: key mismatch`), func([]string) string { return "the Git host's key changed: it is not the one in known_hosts" }},
	{regexp.MustCompile(`knownhosts: key is unknown`), func([]string) string { return "the Git host's key is not in known_hosts" }},
	{regexp.MustCompile(`unable to authenticate, attempted methods`), func([]string) string {
		return "the Git host refused the key: is it added as a deploy key?"
	}},
	{regexp.MustCompile(`authentication required`), func([]string) string { return "the Git host wants a login (401)" }},
	{regexp.MustCompile(`authorization failed`), func([]string) string { return "the Git host refused the login (403)" }},
	{regexp.MustCompile(`repository not found: `), func([]string) string { return "the repository is missing, or not for this credential to see" }},
	{regexp.MustCompile(`couldn't find remote ref "(?:refs/heads/)?([^"]+)"`), func(m []string) string { return "there is no branch " + m[1] + " in the repository" }},
	{regexp.MustCompile(`unable to resolve ref '([^']+)'`), func(m []string) string { return "there is no ref " + m[1] + " in the repository" }},
	{regexp.MustCompile(`lookup ([^\s:]+).*no such host`), func(m []string) string { return "the host " + m[1] + " has no address" }},
	{regexp.MustCompile(`dial tcp ([^\s]+): connect: connection refused`), func(m []string) string { return m[1] + " refuses connections" }},
	{regexp.MustCompile(`x509: (.+)$`), func(m []string) string { return "the server's certificate is not trusted: " + m[1] }},
	{regexp.MustCompile(`^Helm (\w+) failed for release (\S+).*?: (.+)$`), func(m []string) string {
		return "Helm " + m[1] + " of " + m[2] + " failed: " + m[3]
	}},
	{regexp.MustCompile(`i/o timeout|context deadline exceeded`), func([]string) string { return "no answer in time" }},
	{regexp.MustCompile(`kustomization path not found: stat /tmp/[^/]+/([^:]+):`), func(m []string) string { return "there is no path ./" + m[1] + " in the repository" }},
	{regexp.MustCompile(`can't access '([^']+)', cross-namespace references have been blocked`), func(m []string) string {
		return "its source is in another namespace (" + m[1] + "), which lockdown forbids"
	}},
	{regexp.MustCompile(`^(\S+) dry-run failed \(Forbidden\): .*User "system:serviceaccount:([^:"]+):([^"]+)".*in the namespace "([^"]+)"`), func(m []string) string {
		return "refused: " + m[1] + " is not for account " + m[2] + "/" + m[3] + " to write in " + m[4]
	}},
	{regexp.MustCompile(`^(\S+) dry-run failed \(Forbidden\): .*User "system:serviceaccount:([^:"]+):([^"]+)".*at the cluster scope`), func(m []string) string {
		return "refused: " + m[1] + " is cluster-wide, and not for account " + m[2] + "/" + m[3] + " to write"
	}},
	{regexp.MustCompile(`^(\S+) dry-run failed \((\w+)\): (.+)`), func(m []string) string { return m[1] + " is not accepted (" + m[2] + "): " + m[3] }},
	{regexp.MustCompile(`^(\S+)\.source\.toolkit\.fluxcd\.io "([^"]+)" not found`), func(m []string) string { return "its source " + m[1] + "/" + m[2] + " does not exist" }},
	{regexp.MustCompile(`failed to decode Kubernetes YAML from /tmp/[^/]+/([^:]+): (.+)`), func(m []string) string { return m[1] + " is not valid YAML: " + m[2] }},
	{regexp.MustCompile(`is SOPS encrypted, configuring decryption is required`), func([]string) string {
		return "Git holds an encrypted secret, and the sync is not set up to decrypt it"
	}},
	{regexp.MustCompile(`stalled resources: \[(\S+) status: '(\w+)'`), func(m []string) string { return m[1] + " does not come up" }},
	{regexp.MustCompile(`timeout waiting for: \[(\S+) status: '(\w+)'`), func(m []string) string { return "waited in vain for " + m[1] }},
	{regexp.MustCompile(`^Running health checks for revision (\S+)`), func(m []string) string {
		return "applied " + ShortRevision(m[1]) + ", waiting for it to become healthy"
	}},
	{regexp.MustCompile(`^(Fetching|Building) manifests for revision (\S+)`), func(m []string) string {
		return strings.ToLower(m[1]) + " " + ShortRevision(m[2])
	}},
	{regexp.MustCompile(`^Detecting drift for revision (\S+)`), func(m []string) string { return "comparing the cluster with " + ShortRevision(m[1]) }},
	{regexp.MustCompile(`no match found for semver: (\S+)`), func(m []string) string { return "there is no Flux version " + m[1] }},
}

// Explained turns a controller's message into a plain sentence, and reports
// whether it knew how; else it returns the message as it is.
func Explained(message string) (string, bool) {
	first, _, _ := strings.Cut(message, "\n")
	for _, r := range rules {
		if m := r.pattern.FindStringSubmatch(first); m != nil {
			return r.say(m), true
		}
	}
	return first, false
}

// Sentence says in one line what is wrong with an object: which one, what, and
// the object at fault when it is another.
func Sentence(o *Object, v Verdict) string {
	if o == nil {
		return v.Message
	}
	who := o.Kind.String() + " " + o.Name
	if v.Reason == "Controller" {
		return v.Message
	}
	switch v.Health {
	case Blocked:
		if c := v.Cause; c != nil {
			why, _ := Explained(c.Message)
			at := c.Kind + " " + c.Name
			if c.Namespace != o.Namespace {
				at = c.Kind + " " + c.Namespace + "/" + c.Name
			}
			if why == "" {
				return who + " waits for " + at
			}
			return who + " waits for " + at + ": " + why
		}
	case Suspended:
		if reason := o.Annotations.Get(AnnotationSuspendReason); reason != "" {
			return who + " is suspended: " + reason
		}
		return who + " is suspended"
	case Failed, Stalled:
		switch c := v.Cause; {
		case c == nil:
		case c.Reason == "Missing":
			return who + ": " + strings.ToLower(c.Kind[:1]) + c.Kind[1:] + " " + c.Name + " is missing"
		case v.Reason == "HealthCheckFailed" && c.Message != v.Message:
			return who + ": " + c.Kind + " " + c.Name + " does not come up: " + c.Message
		}
	}
	why, _ := Explained(v.Message)
	if why == "" {
		why = v.Reason
	}
	return who + ": " + why
}
