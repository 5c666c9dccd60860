package fluxsync

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"tenantry/model/redact"
)

// Problem is what is wrong with a field, in a sentence; Offer is what was
// probably meant, "" where nobody can tell. The zero value: nothing is wrong.
type Problem struct{ Text, Offer string }

// Around is what a value is judged by besides itself.
type Around struct {
	Live Live
	// FluxVersion is the distribution's version that runs, "" = unknown.
	FluxVersion string
	// Falls says what a changed name would destroy, in a few words.
	Falls string
}

var (
	scpStyle      = regexp.MustCompile(`^(?:([\w.-]+)@)?([\w.-]+\.[\w.-]+|[\w-]+):([^/\d][^:]*|\d+[^/\d:][^:]*)$`)
	scpInURL      = regexp.MustCompile(`^ssh://((?:[\w.-]+@)?[\w.-]+):([^/\d].*)$`)
	sha           = regexp.MustCompile(`^[0-9a-f]{40}([0-9a-f]{24})?$`)
	versionTag    = regexp.MustCompile(`^v?\d+\.\d+(\.\d+)?([-+].*)?$`)
	ociTag        = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$`)
	bucketName    = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	dnsSubdomain  = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)
	dnsLabel      = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`)
	crdDuration   = regexp.MustCompile(`^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$`)
	awsGitFlux    = [2]int{2, 9}
	maxSyncName   = 63
	kindsWithSync = []string{"GitRepository", "OCIRepository", "Bucket"}
	providers     = []string{"", "generic", "aws", "azure", "gcp", "github"}
)

// Kinds are the kinds of source a sync can have.
func Kinds() []string { return kindsWithSync }

// Providers are the values of spec.sync.provider, the first being none.
func Providers() []string { return providers }

// Check says what is wrong with one field of a spec. The API server checks
// little of this: a wrong URL or ref would only fail on the cluster, with the
// instance waiting for minutes.
func Check(f Field, s Spec, in Around) Problem {
	value := s.Get(f)
	if strings.TrimSpace(value) != value || strings.ContainsAny(value, " \t\r\n") {
		return Problem{"there is a blank in it", strings.Join(strings.Fields(value), "")}
	}
	if why := redact.Missing(value); why != "" {
		return Problem{Text: why}
	}
	switch f {
	case URL:
		return checkURL(s)
	case Ref:
		return checkRef(s)
	case Path:
		return checkPath(s)
	case PullSecret:
		return checkSecret(s)
	case Provider:
		return checkProvider(s, in)
	case Interval:
		return checkInterval(value)
	case Name:
		return checkName(s, in)
	}
	return Problem{}
}

func checkRef(s Spec) Problem {
	v := s.Ref
	switch s.Kind {
	case "Bucket":
		if !bucketName.MatchString(v) {
			return Problem{Text: "ref is the bucket's name: 3 to 63 lower-case letters, digits, . and -"}
		}
		return Problem{}
	case "OCIRepository":
		if strings.HasPrefix(v, "sha256:") {
			return Problem{Text: "ref is the artifact's tag; a digest can't be followed"}
		}
		if tag, ok := strings.CutPrefix(v, "refs/tags/"); ok {
			return Problem{"ref is the artifact's tag alone", tag}
		}
		if !ociTag.MatchString(v) {
			return Problem{Text: "ref is the artifact's tag, latest for instance"}
		}
		return Problem{}
	}
	return checkGitRef(v)
}

// checkGitRef wants a full ref: the operator puts it into spec.ref.name of the
// GitRepository, which resolves nothing else (git check-ref-format).
func checkGitRef(v string) Problem {
	rest, full := strings.CutPrefix(v, "refs/")
	switch {
	case v == "":
		return Problem{"a ref is needed", "refs/heads/main"}
	case sha.MatchString(v):
		return Problem{Text: "this is a commit; a sync follows a branch or a tag: refs/heads/main"}
	case strings.HasPrefix(v, "heads/") || strings.HasPrefix(v, "tags/"):
		return Problem{"the ref is written in full", "refs/" + v}
	case strings.HasPrefix(v, "origin/"):
		return Problem{"the ref is written in full, as the server has it", "refs/heads/" + strings.TrimPrefix(v, "origin/")}
	case !full && badRef(v):
		return Problem{Text: "Git allows no ref of this name"}
	case !full && versionTag.MatchString(v):
		return Problem{"the ref is written in full", "refs/tags/" + v}
	case !full:
		return Problem{"the ref is written in full", "refs/heads/" + v}
	case badRef(rest) || !strings.Contains(rest, "/"):
		return Problem{Text: "Git allows no ref of this name: refs/heads/BRANCH or refs/tags/TAG"}
	}
	return Problem{}
}

func badRef(v string) bool {
	if v == "" || strings.ContainsAny(v, "~^:?*[\\") || strings.Contains(v, "..") || strings.Contains(v, "@{") ||
		strings.HasSuffix(v, "/") || strings.HasSuffix(v, ".") || strings.Contains(v, "//") {
		return true
	}
	for part := range strings.SplitSeq(v, "/") {
		if part == "" || strings.HasPrefix(part, ".") || strings.HasSuffix(part, ".lock") {
			return true
		}
	}
	return false
}

func checkPath(s Spec) Problem {
	v := s.Path
	switch {
	case v == "":
		return Problem{"a path is needed; ./ is all of it", "./"}
	case strings.Contains(v, `\`):
		return Problem{"paths have /", strings.ReplaceAll(v, `\`, "/")}
	}
	for part := range strings.SplitSeq(v, "/") {
		if part == ".." {
			return Problem{Text: "it leads out of the repository"}
		}
	}
	if strings.HasPrefix(v, "/") {
		return Problem{"the path begins at the repository's root, not at the machine's", "./" + strings.TrimLeft(v, "/")}
	}
	if strings.HasSuffix(v, ".yaml") || strings.HasSuffix(v, ".yml") {
		dir := v[:strings.LastIndex(v, "/")+1]
		if dir == "" {
			dir = "./"
		}
		return Problem{"this names a file; the path is a folder", dir}
	}
	return Problem{}
}

func checkSecret(s Spec) Problem {
	switch {
	case s.PullSecret == "" && strings.HasPrefix(s.URL, "ssh://"):
		return Problem{Text: "an ssh:// URL needs a pull secret, with identity and known_hosts"}
	case s.PullSecret == "" && s.Provider == "github":
		return Problem{Text: "provider github needs a pull secret, with the GitHub App's keys"}
	case s.PullSecret == "":
	case len(s.PullSecret) > 253 || !dnsSubdomain.MatchString(s.PullSecret):
		return Problem{Text: "a Secret's name is lower-case letters, digits, . and -; it is the name alone, in the instance's namespace"}
	}
	return Problem{}
}

// checkProvider follows the CRD's CEL rules, and the version the operator asks
// for when it builds (flux-operator's internal/builder/sync.go).
func checkProvider(s Spec, in Around) Problem {
	git := s.Kind == "GitRepository"
	switch {
	case s.Provider == "gcp" && git:
		return Problem{Text: "provider gcp is for OCIRepository and Bucket only"}
	case s.Provider == "github" && !git:
		return Problem{Text: "provider github is for GitRepository only"}
	case s.Provider == "aws" && git && olderThan(in.FluxVersion, awsGitFlux):
		return Problem{Text: "provider aws for a GitRepository needs Flux 2.9; " + in.FluxVersion + " runs"}
	}
	return Problem{}
}

// olderThan compares v2.8.3 with 2.9; what can't be read is not older.
func olderThan(version string, than [2]int) bool {
	parts := strings.SplitN(strings.TrimPrefix(version, "v"), ".", 3)
	if len(parts) < 2 {
		return false
	}
	major, err1 := strconv.Atoi(parts[0])
	minor, err2 := strconv.Atoi(parts[1])
	if err1 != nil || err2 != nil {
		return false
	}
	return major < than[0] || major == than[0] && minor < than[1]
}

func checkInterval(v string) Problem {
	switch {
	case v == "":
		return Problem{}
	case crdDuration.MatchString(v):
		if d, err := time.ParseDuration(v); err == nil && d < time.Second {
			return Problem{"the Git host would be asked without a pause", defaultInterval}
		}
		return Problem{}
	}
	if n, err := strconv.Atoi(v); err == nil && n > 0 {
		return Problem{"a unit is missing: ms, s, m or h", v + "s"}
	}
	if n, err := strconv.Atoi(strings.TrimSuffix(v, "d")); err == nil && n > 0 {
		return Problem{"there are no days here", strconv.Itoa(24*n) + "h"}
	}
	return Problem{"a duration is needed, 1m for instance", defaultInterval}
}

// checkName keeps the names of source and Kustomization: under another name
// the operator makes new ones and deletes the old (its inventory diff), though
// the CRD's rule refuses it only where both specs have a name.
func checkName(s Spec, in Around) Problem {
	if s.Name != "" && (len(s.Name) > maxSyncName || !dnsLabel.MatchString(s.Name)) {
		return Problem{Text: "the name is at most 63 lower-case letters, digits and -"}
	}
	if in.Live.Sync == nil {
		return Problem{}
	}
	ns := in.Live.Key.Namespace
	was, is := in.Live.Sync.EffectiveName(ns), s.EffectiveName(ns)
	if was == is { // also the default written out, or left out again
		return Problem{}
	}
	text := fmt.Sprintf("the name can't change from %s to %s: the operator would delete the source and the Kustomization %s", was, is, was)
	if in.Falls != "" {
		text += ", and with it " + in.Falls
	}
	return Problem{text + ". Clear the sync first (which can keep what it applied), then set it anew (N1)", in.Live.Sync.Name}
}

// First returns the first field with a problem, and it; FieldCount when all is
// well.
func First(s Spec, in Around) (Field, Problem) {
	for f := range FieldCount {
		if p := Check(f, s, in); p != (Problem{}) {
			return f, p
		}
	}
	return FieldCount, Problem{}
}
