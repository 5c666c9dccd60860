package e2e

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/testdata/jobs"
)

// askSync opens set sync or clear sync of the platform.
func askSync(d jobs.Desk, verb string) {
	d.T.Helper()
	d.Keys("9")
	d.Wait("▸ platform")
	d.Keys(":" + verb)
	d.Wait("of the platform's FluxInstance")
	d.Keys("\r")
	d.Wait(strings.ToUpper(verb[:1]) + verb[1:] + ": FluxInstance " + cozy + "/flux on lab")
}

// setPath sets the sync to a path, as far as what will happen.
func setPath(d jobs.Desk, path string) {
	d.T.Helper()
	setTo(d, "e2e-fleet", path)
}

// setTo sets the sync to a repository and a path of it, as far as what will
// happen.
func setTo(d jobs.Desk, repository, path string) {
	d.T.Helper()
	askSync(d, "set sync")
	d.Field("URL", lab.GitURL+"/"+repository+".git")
	d.Field("PATH", path)
	d.Button("Next")
	d.Wait("2 of 2")
}

// detail is all that ctrl+y shows of what would be done.
func detail(d jobs.Desk) string {
	d.T.Helper()
	d.Keys("\x19")
	d.Wait("# what")
	var out strings.Builder
	for seen := ""; seen != d.Screen(); {
		seen = d.Screen()
		out.WriteString(inside(seen))
		d.Keys("\x1b[6~") // pgdown
		_, _ = d.WaitFor(300*time.Millisecond, func(now string) bool { return now != seen })
	}
	d.Keys("\x19")
	d.Wait("HAZARDS")
	return out.String()
}

// inside is what stands within a dialog's frame.
func inside(screen string) string {
	var out strings.Builder
	for l := range strings.Lines(screen) {
		if from, to := strings.Index(l, "│"), strings.LastIndex(l, "│"); from < to {
			out.WriteString(strings.TrimSpace(l[from+len("│"):to]) + "\n")
		}
	}
	return out.String()
}

// atStake are the objects a dialog names as those that can be deleted.
func atStake(d jobs.Desk) []string {
	d.T.Helper()
	var out []string
	for _, m := range regexp.MustCompile(`(?m)^#   ([A-Z][A-Za-z]*/\S+)`).FindAllStringSubmatch(detail(d), -1) {
		if !slices.Contains(out, m[1]) {
			out = append(out, m[1])
		}
	}
	slices.Sort(out)
	return out
}

// fleet are the objects of the test's repository that are in the cluster.
func fleet(t *testing.T) []string {
	t.Helper()
	var out []string
	for l := range strings.Lines(kubectl(t, "get", "namespaces,configmaps", "-A", "-l", "e2e=fleet", "--no-headers",
		"-o", `custom-columns=K:.kind,NS:.metadata.namespace,N:.metadata.name`)) {
		f := strings.Fields(l)
		if f[1] == "<none>" {
			out = append(out, f[0]+"/"+f[2])
		} else {
			out = append(out, f[0]+"/"+f[1]+"/"+f[2])
		}
	}
	slices.Sort(out)
	return out
}

func fluxSync(t *testing.T) map[string]string {
	t.Helper()
	return get(t, "fluxinstance", cozy, "flux").Spec.Sync
}
