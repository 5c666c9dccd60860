package said

import (
	"regexp"
	"strings"
)

// applying are the words of a failed apply: kustomize-controller's, the
// server-side apply library's and the API server's (domain.md §4).
var applying = []rule{
	on(`^(?:(?i:health check failed after)|timeout waiting for|failed early due).*?stalled resources: \[(\S+) status: '(\w+)'`, func(m []string) Saying {
		return waitedOne(HealthFailed, m[1], m[1]+" does not come up")
	}),
	on(`^(?:(?i:health check failed after).*?)?timeout waiting for: \[(\S+) status: '(\w+)'`, func(m []string) Saying {
		return waitedOne(HealthTimeout, m[1], "waited in vain for "+m[1])
	}),
	on(`^reconciliation failed: .*timeout waiting for: \[(\S+) status: '(\w+)'`, func(m []string) Saying {
		return waitedOne(InstanceWaits, m[1], "waited in vain for "+m[1])
	}),
	on(`^(?:kustomization )?path not found: stat (?:/tmp/[^/]+/)?([^:]+): (?:no such file|not a directory)`, func(m []string) Saying {
		return Saying{Fault: PathMissing, Name: m[1], Words: "there is no path ./" + m[1] + " in the repository"}
	}),
	on(`can't access '([^/']+)/([^/']+)/([^']+)', cross-namespace references have been blocked`, func(m []string) Saying {
		return Saying{Fault: CrossNamespace, Kind: m[1], Namespace: m[2], Name: m[3],
			Words: "its source is in another namespace (" + m[1] + "/" + m[2] + "/" + m[3] + "), which lockdown forbids"}
	}),
	on(`cross-namespace references are not allowed: cannot access (\S+) ([^/\s]+)/(\S+)`, func(m []string) Saying {
		return Saying{Fault: CrossNamespace, Kind: m[1], Namespace: m[2], Name: m[3],
			Words: "its source is in another namespace (" + m[1] + "/" + m[2] + "/" + m[3] + "), which lockdown forbids"}
	}),
	on(`^dependency '([^/']+)/([^']+)' not found`, func(m []string) Saying {
		return Saying{Fault: DependencyMissing, Namespace: m[1], Name: m[2], Words: "what it depends on, " + m[1] + "/" + m[2] + ", does not exist"}
	}),
	on(`(?:unable to get|get) '?([^/'\s]+)/([^'\s]+)'? dependency.*not found`, func(m []string) Saying {
		return Saying{Fault: DependencyMissing, Namespace: m[1], Name: m[2], Words: "what it depends on, " + m[1] + "/" + m[2] + ", does not exist"}
	}),
	on(`^dependency '([^/']+)/([^']+)' (is not ready|is not ready according to readyExpr eval|revision is not up to date)`, func(m []string) Saying {
		return Saying{Fault: DependencyNotReady, Namespace: m[1], Name: m[2], Words: "what it depends on, " + m[1] + "/" + m[2] + ", " + m[3]}
	}),
	on(`^Source artifact not found|^Source is not ready, artifact not found`, words(SourceNotReady, "its source has fetched nothing yet")),
	on(`^(\S+)\.source\.toolkit\.fluxcd\.io "([^"]+)" not found`, func(m []string) Saying {
		return Saying{Fault: SourceMissing, Kind: m[1], Name: m[2], Words: "its source " + m[1] + "/" + m[2] + " does not exist"}
	}),
	on(`(?:failed to (?:download|fetch) archive|failed to fetch artifact|artifact download).*?https?://([^/\s":]+)`, func(m []string) Saying {
		return Saying{Fault: ArtifactServer, Host: m[1], Words: "the artifact can't be had from " + m[1] + ", where source-controller hands it out"}
	}),
	on(`failed to decode Kubernetes YAML from /tmp/[^/]+/([^:]+): (.+)`, func(m []string) Saying {
		return Saying{Fault: ManifestInvalid, Name: m[1], Words: m[1] + " is not valid YAML: " + m[2]}
	}),
	on(`is SOPS encrypted, configuring decryption is required`, words(DecryptionUnset,
		"Git holds an encrypted secret, and the sync is not set up to decrypt it")),
	on(`(?i)decryption failed for '([^']+)': .*secrets? "([^"]+)" not found`, func(m []string) Saying { return secretMissing([]string{m[0], m[2]}) }),
	on(`(?i)decryption failed for '([^']+)'(?:: (.+))?$`, func(m []string) Saying {
		if onTheWay.MatchString(m[2]) { // the keys were not asked
			return Saying{Words: m[1] + " can't be decrypted: " + tail(m[2])}
		}
		return Saying{Fault: DecryptionFailed, Name: m[1], Words: m[1] + " can't be decrypted with the keys it has"}
	}),
	on(`cannot get decryption Secret '([^/']+)/([^']+)'`, func(m []string) Saying {
		s := secretMissing([]string{m[0], m[2]})
		s.Namespace = m[1]
		return s
	}),
	on(`(?i)(?:post build failed for|var substitution failed for|substitute from).*?(ConfigMap|Secret)[/ ]'?(?:[^/\s']+/)?([^\s'"]+)'?.*not found`, substituteMissing),
	on(`(?i)(?:post build failed for|var substitution failed for|substitute from).*?(configmap|secret)s? "([^"]+)" not found`, substituteMissing),
	on(`post build failed for '([^']+)': (.+)$`, func(m []string) Saying {
		return Saying{Fault: SubstituteFailed, Name: m[1], Words: "variables can't be filled into " + m[1] + ": " + m[2]}
	}),
	on(`kustomize build failed: .*(?:no-remote-bases|remote (?:base|resource|build)s?|git fetch|URL is a git repository|accumulating resources from '(?:https?://|ssh://|git@|github\.com/)).*`, remoteBase),
	on(`kustomize build failed: (.+)$`, func(m []string) Saying {
		return Saying{Fault: BuildFailed, Words: "kustomize build failed: " + tail(m[1])}
	}),
	on(`^(\S+) namespace not specified`, func(m []string) Saying {
		return Saying{Fault: Invalid, Words: m[1] + " names no namespace"}
	}),
	on(`^kubeconfig secret '|(?i)secret '[^']+' does not contain a .*key with a kubeconfig|^invalid \.spec\.kubeConfig`, words(KubeConfigFault,
		"the other cluster's kubeconfig can't be read")),
	on(`^(?:prune|delete) failed, errors?: (.+)$`, func(m []string) Saying {
		return Saying{Fault: PruneFailed, Words: "what left Git can't be deleted: " + m[1]}
	}),
	on(`^Reconciliation failed terminally due to configuration error: (.+)$`, func(m []string) Saying {
		return Saying{Fault: ExpressionInvalid, Words: "its configuration is wrong, and no retry helps: " + m[1]}
	}),
	on(`feature gate '([A-Za-z]+)'|\b'?([A-Z][a-z]+(?:[A-Z][A-Za-z]*)+)'? feature gate\b`, func(m []string) Saying {
		gate := m[1] + m[2]
		return Saying{Fault: FeatureOff, Name: gate, Words: "it needs the controller's feature " + gate + ", which is off"}
	}),
	on(`^Running health checks for revision (\S+)`, func(m []string) Saying {
		return Saying{Words: "applied " + short(m[1]) + ", waiting for it to become healthy"}
	}),
	on(`^(Fetching|Building) manifests for revision (\S+)`, func(m []string) Saying { return Saying{Words: strings.ToLower(m[1]) + " " + short(m[2])} }),
	on(`^Detecting drift for revision (\S+)`, func(m []string) Saying { return Saying{Words: "comparing the cluster with " + short(m[1])} }),
}

// waitedOne is what a check waited for, the first of it.
func waitedOne(f Fault, object, text string) Saying {
	s := named(object)
	s.Fault, s.Words = f, text
	return s
}

// named reads Kind/namespace/name, or Kind/name of what is in no namespace.
func named(object string) Saying {
	parts := strings.SplitN(object, "/", 3)
	switch len(parts) {
	case 3:
		return Saying{Kind: parts[0], Namespace: parts[1], Name: parts[2]}
	case 2:
		return Saying{Kind: parts[0], Name: parts[1]}
	}
	return Saying{}
}

// onTheWay are words of a request that got no answer, or none to be trusted.
var onTheWay = regexp.MustCompile(`dial tcp|no such host|i/o timeout|deadline exceeded|connection re(?:fused|set)|x509: |tls: `)

func substituteMissing(m []string) Saying {
	kind := "ConfigMap"
	if strings.EqualFold(m[1], "secret") {
		kind = "Secret"
	}
	return Saying{Fault: SubstituteMissing, Kind: kind, Name: m[2], Words: "its variables come from " + kind + " " + m[2] + ", which does not exist"}
}

func remoteBase(m []string) Saying {
	return Saying{Fault: RemoteBase, Words: "it builds on manifests from elsewhere: " + tail(strings.TrimPrefix(m[0], "kustomize build failed: "))}
}

// tail is the end of a chain of causes, which says most.
func tail(text string) string {
	text = strings.TrimSpace(text)
	if len(text) <= 160 {
		return text
	}
	parts := strings.Split(text, ": ")
	end := parts[len(parts)-1]
	for i := len(parts) - 2; i >= 0 && len(end)+len(parts[i])+2 <= 160; i-- {
		end = parts[i] + ": " + end
	}
	return end
}

// short is a revision's digest in seven digits, behind nothing: what fits a
// sentence.
func short(rev string) string {
	_, sum, ok := strings.Cut(rev, ":")
	if !ok {
		sum = rev
	}
	if len(sum) > 7 && strings.Trim(sum, "0123456789abcdef") == "" {
		sum = sum[:7]
	}
	return sum
}
