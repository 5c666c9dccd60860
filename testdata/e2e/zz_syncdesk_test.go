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
	askSync(d, "set sync")
	d.Field("URL", lab.GitURL+"/e2e-fleet.git")
	d.Field("PATH", path)
	d.Button("Next")
	d.Wait("2 of 2")
}

// atStake are the objects a dialog names as those that can be deleted.
func atStake(d jobs.Desk) []string {
	d.T.Helper()
	d.Keys("\x19") // ctrl+y names them all
	d.Wait("# what the dry run changes")
	var out []string
	for seen := ""; seen != d.Screen(); {
		seen = d.Screen()
		for _, m := range regexp.MustCompile(`#   ([A-Z][A-Za-z]*/\S+)`).FindAllStringSubmatch(seen, -1) {
			if !slices.Contains(out, m[1]) {
				out = append(out, m[1])
			}
		}
		d.Keys("\x1b[6~") // pgdown
		_, _ = d.WaitFor(300*time.Millisecond, func(now string) bool { return now != seen })
	}
	d.Keys("\x19")
	d.Wait("HAZARDS")
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
