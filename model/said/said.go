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

// OfAFetch reports whether a fault is one that only who asks a Git host, a
// registry or a bucket can meet.
func (f Fault) OfAFetch() bool { return f >= HostUnresolved && f <= IndexInvalid }

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

// Read tells what a message says, and false when its wording is not known.
// Only the first line counts: what follows are details, or other objects' own
// messages. Who wraps whom goes from the outside in, since what is inside may
// quote anything: a failed apply and a failed release are read as such and as
// nothing else, then come the controllers' own words, and the API server's.
func Read(message string) (Saying, bool) {
	first, _, _ := strings.Cut(strings.TrimSpace(message), "\n")
	if m := writing.FindStringSubmatch(first); m != nil {
		return wrote(m)
	}
	if m := release.FindStringSubmatch(first); m != nil {
		return released(m)
	}
	if ofItself(first) {
		return Saying{}, false
	}
	if s, ok := match(applying, first); ok {
		return s, true
	}
	if s, ok := answered("", "", first); ok {
		if !itself(s) {
			return Saying{}, false
		}
		return s, true
	}
	for _, rules := range [][]rule{releasing, operating, fetching} {
		if s, ok := match(rules, first); ok {
			return s, true
		}
	}
	return Saying{}, false
}

// match reads a text by rules, of which the first wins.
func match(rules []rule, text string) (Saying, bool) {
	for i := range rules {
		if m := rules[i].pattern.FindStringSubmatch(text); m != nil && (rules[i].when == nil || rules[i].when.MatchString(text)) {
			return rules[i].say(m), true
		}
	}
	return Saying{}, false
}

// ofItself reports whether a message is about a controller's own request to its
// cluster: the addresses and timeouts in it are not those of what it fetches or
// applies.
func ofItself(text string) bool {
	return ownRequest.MatchString(text) || toAnAddress.MatchString(text) && !ofAFetch.MatchString(text) && !strings.Contains(text, ` webhook "`)
}

var (
	ownRequest = regexp.MustCompile(`client rate limiter Wait returned|\b(?:Get|Post|Put|Patch|Delete) "https?://[^/"]+/apis?[/?"]|acquire lock|(?i)kubernetes cluster unreachable|failed to get (?:API group resources|server groups)`)
	// toAnAddress is a request to a number: the API server's, for whoever runs in
	// the cluster, where it is not what something is fetched from.
	toAnAddress = regexp.MustCompile(`\b(?:Get|Head|Post|Put|Patch|Delete) "https?://(?:\d+\.\d+\.\d+\.\d+|\[[0-9a-fA-F:.]+\]|localhost|kubernetes\.default)[:/."]`)
)

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
// around a failed request to where things are fetched from; "failed to get" and
// the like alone are also those of requests to the cluster.
var ofAFetch = regexp.MustCompile(`(?i)unable to (?:clone|list remote)|failed to (?:fetch|download|checkout|pull|cache|clone|confirm existence|login|index|get chart|determine (?:the )?(?:artifact|latest|tag|revision))|index download error|chart pull error|\bbucket (?:'|\S+ error)|ls-remote|git (?:clone|fetch|pull) |oci://`)
