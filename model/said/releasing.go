package said

import "regexp"

// release is Helm's failed action on a release; before 1.0 helm-controller did
// not name it.
var release = regexp.MustCompile(`^Helm (\w+) failed(?: for release (\S+?))?(?:,? with chart \S+?)?: (.+)$`)

// ofTheChart are what a chart itself says: its author's words, or its own
// YAML's.
var ofTheChart = regexp.MustCompile(`^(?:template: |execution error at |parse error at |YAML parse error on |values don't meet )`)

var (
	stalledThere = regexp.MustCompile(`stalled resources: \[(\S+) status: '(\w+)'`)
	waitedThere  = regexp.MustCompile(`timeout waiting for: \[(\S+) status: '(\w+)'`)
)

// released reads what came of a release.
func released(m []string) (Saying, bool) {
	action, of, text := m[1], m[2], m[3]
	if !ofTheChart.MatchString(text) {
		if w := stalledThere.FindStringSubmatch(text); w != nil {
			return waitedOne(HealthFailed, w[1], w[1]+" does not come up"), true
		}
		if w := waitedThere.FindStringSubmatch(text); w != nil {
			return waitedOne(HealthTimeout, w[1], "waited in vain for "+w[1]), true
		}
		s, ok := answered("", "", text)
		switch {
		case ok && itself(s):
			return s, true
		case !ok && ofItself(text):
			return Saying{}, false
		}
	}
	if of == "" {
		return Saying{Fault: ReleaseFailed, Words: "Helm " + action + " failed: " + tail(text)}, true
	}
	return Saying{Fault: ReleaseFailed, Words: "Helm " + action + " of " + of + " failed: " + text}, true
}

// releasing are helm-controller's words (HC/api/v2 and its action package).
var releasing = []rule{
	on(`^could not (?:resolve|find) values? ?(?:reference|from)?.*?(ConfigMap|Secret) '?(?:[^/\s']+/)?([^'\s]+)'?`, func(m []string) Saying {
		return Saying{Fault: ValuesMissing, Kind: m[1], Name: m[2], Words: "its values come from " + m[1] + " " + m[2] + ", which can't be read"}
	}),
	on(`could not get (?:key|values).*?(configmap|secret)s? "([^"]+)" not found`, func(m []string) Saying {
		s := substituteMissing(m)
		s.Fault, s.Words = ValuesMissing, "its values come from "+s.Kind+" "+s.Name+", which does not exist"
		return s
	}),
	on(`^(?:install|upgrade) retries exhausted|^Failed to (\w+) after (\d+) attempt`, func(m []string) Saying {
		text := "its retries are used up"
		if m[1] != "" {
			text = "it failed to " + m[1] + " " + m[2] + " times, and its retries are used up"
		}
		return Saying{Fault: RetriesExceeded, Words: text}
	}),
	on(`(?:no chart (?:version|name) found|chart "?([^"\s]+)"? (?:version .*)?not found|no '([^']+)' chart with version matching '([^']+)' found)`, func(m []string) Saying {
		text := "there is no such chart or version in the repository"
		if m[2] != "" {
			text = "there is no chart " + m[2] + " of version " + m[3] + " in the repository"
		}
		return Saying{Fault: ChartMissing, Words: text}
	}),
	on(`^HelmChart '([^/']+)/([^']+)' is not ready`, func(m []string) Saying {
		return Saying{Fault: SourceNotReady, Kind: "HelmChart", Namespace: m[1], Name: m[2], Words: "its chart " + m[1] + "/" + m[2] + " is not ready"}
	}),
}

// operating are flux-operator's words (domain.md §1.5).
var operating = []rule{
	on(`^build failed: no match found for semver: (\S+)`, func(m []string) Saying {
		return Saying{Fault: VersionMissing, Name: m[1], Words: "there is no Flux version " + m[1]}
	}),
	on(`downgrading from (\S+) to (\S+) is not supported`, func(m []string) Saying {
		return Saying{Fault: DowngradeRefused, Words: "Flux can't go back from " + m[1] + " to " + m[2] + " without a new installation"}
	}),
	on(`^build failed: .*template: (.+)$`, func(m []string) Saying {
		return Saying{Fault: TemplateInvalid, Words: "its template can't be built: " + m[1]}
	}),
	on(`(?i)failed to (?:get|list) (?:inputs|input provider)s?.*?([^/\s']+)/([^\s':"]+)`, func(m []string) Saying {
		return Saying{Fault: InputsMissing, Kind: "ResourceSetInputProvider", Namespace: m[1], Name: m[2], Words: "its inputs from " + m[1] + "/" + m[2] + " can't be had"}
	}),
}
