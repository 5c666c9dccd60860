// Package said reads what Flux's controllers, Helm and the API server say of a
// failure: which kind of fault it is, in a plain sentence, and which object or
// host it names. It knows wordings, and nothing of a cluster; what it doesn't
// know it says nothing about, so that nobody guesses.
package said

import (
	"regexp"
	"strings"
)

// Fault is what kind of thing a message says is wrong.
type Fault uint8

// The faults. The comment names what Saying tells besides.
const (
	Unknown Fault = iota // the message is not known

	// At a source, in the order a fetch meets them.
	SecretMissing      // Name, and where the message has it, Namespace
	SecretKeys         // the Secret lacks a key, or its keys don't fit: Key
	KeyEncrypted       // an encrypted key without its password
	ProviderUnset      // GitHub App keys, and spec.provider is not github
	HostUnresolved     // Host has no address
	LookupUnanswered   // nobody answers the question for Host's address
	ProxyFault         // the proxy on the way: Host
	ConnectionRefused  // Host
	NoAnswer           // within the timeout
	CertificateUnknown // TLS: the server's certificate is not trusted
	TLSFault           // TLS: any other
	HostKeyChanged
	HostKeyUnknown
	HostKeyRevoked
	HostKeyType // none of the key types known_hosts lists is offered
	DeployKeyRefused
	LoginRefused  // 401
	AccessRefused // 403
	RepositoryMissing
	RefMissing // Name
	RepositoryEmpty
	SignatureInvalid
	IndexInvalid // a Helm repository's index

	// At a sync, in the order an apply meets them.
	SourceMissing      // Kind, Name
	SourceNotReady     // no artifact yet
	ArtifactServer     // source-controller does not hand the artifact out: Host
	CrossNamespace     // Kind, Namespace, Name; what lockdown refuses
	DependencyMissing  // Namespace, Name
	DependencyNotReady // Namespace, Name
	PathMissing        // Name
	ManifestInvalid    // a file that is no Kubernetes YAML: Name
	BuildFailed        // kustomize's own words
	RemoteBase         // a base fetched from elsewhere, which lockdown refuses
	SubstituteMissing  // postBuild.substituteFrom: Kind, Name
	SubstituteFailed
	DecryptionUnset  // an encrypted Secret, and no spec.decryption
	DecryptionFailed // the key does not fit
	KubeConfigFault  // another cluster can't be reached
	ForbiddenInside  // the account may not, in a namespace: Kind, Name, Into, Account…
	ForbiddenCluster // the account may not, cluster-wide
	KindMissing      // no such kind is served: Name
	NamespaceMissing // Name
	Refused          // an admission webhook or policy said no
	WebhookFault     // an admission webhook does not answer
	QuotaExceeded
	Immutable // a field that can't be changed
	Invalid   // the API server's validation
	Conflict  // another field manager
	HealthTimeout
	HealthFailed
	PruneFailed
	ExpressionInvalid // CEL
	FeatureOff        // a feature gate
	ValuesMissing     // Helm: valuesFrom: Kind, Name
	ValuesInvalid
	ChartMissing // Helm: no such chart or version
	ReleaseFailed
	RetriesExceeded

	// At the operator.
	VersionMissing // Name
	DowngradeRefused
	InstanceWaits // it waits for its sync or its controllers
	TemplateInvalid
	InputsMissing
)

// Saying is what one message says.
type Saying struct {
	Fault Fault
	// Words is the plain sentence, without the object that failed.
	Words string
	// The object the message names, where it names one; kinds as Kubernetes
	// spells them.
	Kind, Namespace, Name string
	// Into is the namespace something was refused in, and Account whose rights
	// were not enough.
	AccountNamespace, Account, Into string
	Verb, Resource, Group           string
	Host                            string
	Key                             string // of a Secret
}

// rule turns one wording into what it says.
type rule struct {
	pattern *regexp.Regexp
	// when, if set, is what the message has to hold as well: words that many
	// say, of which only some mean this.
	when *regexp.Regexp
	// say gets the pattern's groups, the whole match first.
	say func(m []string) Saying
}

// all are the rules, first match wins. What can hold another's words stands
// before it: a webhook's answer, or a failed check, may quote a network error.
var all = concat(applying, releasing, operating, fetching)

func concat(lists ...[]rule) []rule {
	var out []rule
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

// Read tells what a message says, and false when its wording is not known.
// Only the first line counts: what follows are details, or other objects' own
// messages.
func Read(message string) (Saying, bool) {
	first, _, _ := strings.Cut(strings.TrimSpace(message), "\n")
	if ofItself.MatchString(first) {
		return Saying{}, false
	}
	for i := range all {
		if m := all[i].pattern.FindStringSubmatch(first); m != nil && (all[i].when == nil || all[i].when.MatchString(first)) {
			return all[i].say(m), true
		}
	}
	return Saying{}, false
}

// ofItself are messages about a controller's own requests to its cluster: the
// addresses and timeouts in them are not those of what it fetches or applies.
var ofItself = regexp.MustCompile(`client rate limiter Wait returned|\b(?:Get|Post|Put|Patch|Delete) "https?://[^/"]+/apis?[/?"]|acquire lock`)

// words is a saying that names nothing.
func words(f Fault, text string) func([]string) Saying {
	return func([]string) Saying { return Saying{Fault: f, Words: text} }
}

// on makes a rule.
func on(pattern string, say func(m []string) Saying) rule {
	return rule{pattern: regexp.MustCompile(pattern), say: say}
}

// onFetch makes a rule that holds only in what is said of a fetch.
func onFetch(pattern string, say func(m []string) Saying) rule {
	return rule{regexp.MustCompile(pattern), ofAFetch, say}
}

// ofAFetch are the words source-controller, helm-controller and go-git put
// around a failed request to where things are fetched from.
var ofAFetch = regexp.MustCompile(`(?i)unable to (?:clone|list remote)|failed to (?:fetch|download|checkout|determine|pull|get|cache|clone|confirm|login|index)|index download error|chart pull error|bucket|ls-remote|\bgit\b|oci://`)

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
