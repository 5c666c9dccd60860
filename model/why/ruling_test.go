package why_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/model/why"
	"tenantry/ui/uitest"
)

// What a fetch got through before it failed was seen to work; what lies behind
// was not tried. What is a cause, or may be one, is in neither.
func TestRuledOutAndNotTried(t *testing.T) {
	const handshake = "unable to clone 'x': ssh: handshake failed: "
	for _, c := range []struct {
		name, message     string
		ssh               bool
		ruledOut, untried string
	}{
		{"secret missing", `failed to get secret 'eu/git': secrets "git" not found`, false, "", "name lookup, network, certificate, login, the repository, branch, signature"},
		{"secret without keys", `failed to configure authentication options: invalid 'ssh' auth option: 'known_hosts' is required`, true,
			"", "name lookup, network, host key, login, the repository, branch, signature"},
		{"encrypted key", `SSH identity key is encrypted but no 'password' field was provided in the secret 'eu/git'`, true,
			"", "name lookup, network, host key, login, the repository, branch, signature"},
		{"no such host", asksRemote + "dial tcp: lookup git.acme.io on 10.96.0.10:53: no such host", false, "its secret", "network, certificate, login, the repository, branch, signature"},
		{"refused", asksRemote + "dial tcp 10.0.0.9:443: connect: connection refused", false, "its secret, name lookup", "certificate, login, the repository, branch, signature"},
		{"timeout while dialling", asksRemote + "dial tcp 10.0.0.9:443: i/o timeout", false, "its secret, name lookup", "certificate, login, the repository, branch, signature"},
		{"timeout of anything", asksRemote + "context deadline exceeded", false, "its secret", "name lookup, certificate, login, the repository, branch, signature"},
		{"proxy", asksRemote + "proxyconnect tcp: dial tcp 10.0.0.1:3128: connect: connection refused", false, "", "certificate, login, the repository, branch, signature"},
		{"strange CA", asksRemote + "tls: failed to verify certificate: x509: certificate signed by unknown authority", false, "name lookup, network", "login, the repository, branch, signature"},
		{"host key changed", handshake + "knownhosts: key mismatch", true, "name lookup, network", "login, the repository, branch, signature"},
		{"key refused", handshake + "ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain", true,
			"name lookup, network, host key", "the repository, branch, signature"},
		{"login refused", asksRemote + "authentication required: no", false, "name lookup, network, certificate", "the repository, branch, signature"},
		{"repository missing", asksRemote + "repository not found: no", false, "name lookup, network, certificate", "branch, signature"},
		{"branch missing", asksRemote + `couldn't find remote ref "refs/heads/x"`, false, "its secret, name lookup, network, certificate, login, the repository", "signature"},
	} {
		o := fetching("GitOperationFailed", c.message)
		if c.ssh {
			o = ssh(o)
		}
		e := why.Object(newWorld(o).Store, git)
		out := slices.DeleteFunc(slices.Clone(e.RuledOut), func(s string) bool {
			return strings.HasPrefix(s, "source-controller") || strings.HasPrefix(s, "git.acme.io (") || strings.HasPrefix(s, "other hosts") || strings.HasPrefix(s, "namespace ")
		})
		if got := strings.Join(out, ", "); got != c.ruledOut {
			t.Errorf("%s: ruled out %q, want %q", c.name, got, c.ruledOut)
		}
		if got := strings.Join(e.NotTried, ", "); got != c.untried {
			t.Errorf("%s: not tried %q, want %q", c.name, got, c.untried)
		}
	}
}

// That others fetch from a host clears it, unless the fault lies there: it is
// evidence then. What others fetch elsewhere clears the way out.
func TestAHostAtFaultIsNotRuledOut(t *testing.T) {
	has := func(e *why.Explanation, label string) bool {
		return slices.ContainsFunc(e.Faults[0].Evidence, func(ev why.Evidence) bool {
			return ev.Label == label && ev.Text == "1 other fetches from git.acme.io"
		})
	}
	clears := func(e *why.Explanation, what string) bool {
		return slices.ContainsFunc(e.RuledOut, func(s string) bool { return strings.HasPrefix(s, what) })
	}
	e := why.Object(newWorld(ssh(fetching("GitOperationFailed", "ssh: handshake failed: knownhosts: key mismatch"))).Store, git)
	if clears(e, "git.acme.io") || !has(e, "host") {
		t.Errorf("%v %+v", e.RuledOut, e.Faults[0].Evidence)
	}
	e = why.Object(newWorld(fetching("GitOperationFailed", asksRemote+`couldn't find remote ref "refs/heads/x"`)).Store, git)
	if !clears(e, "git.acme.io (1 other fetches from it)") || has(e, "host") {
		t.Errorf("%v %+v", e.RuledOut, e.Faults[0].Evidence)
	}
	e = why.Object(newWorld(fetching("GitOperationFailed", asksRemote+"dial tcp 10.0.0.9:443: i/o timeout")).Store, git)
	if !clears(e, "other hosts (1 fetch)") {
		t.Errorf("%v", e.RuledOut)
	}
}

// Of two faults of a row, what one got past is the other's cause: it is ruled
// out for the first, and for the row it is not. Nor is an object that is at
// fault itself.
func TestWhatIsACauseIsRuledOutOfNothing(t *testing.T) {
	second := fetching("GitOperationFailed", asksRemote+`couldn't find remote ref "refs/heads/x"`)
	second.Name = "second"
	w := newWorld(ssh(fetching("AuthenticationFailed", `failed to configure authentication options: invalid 'ssh' auth option: 'known_hosts' is required`)), second)
	second.Detail.(*model.Source).Secrets[0].Value = "another"
	e := why.Row(w.Store, "eu")
	if len(e.Faults) < 2 || slices.Contains(e.RuledOut, "its secret") || slices.Contains(e.NotTried, "the repository") && slices.Contains(e.RuledOut, "the repository") {
		t.Fatalf("%d faults, ruled out %v, not tried %v", len(e.Faults), e.RuledOut, e.NotTried)
	}
	for i := range e.Faults {
		f := &e.Faults[i]
		if got := slices.Contains(f.RuledOut, "its secret"); got != (f.Root().Ref.Name == "second") {
			t.Errorf("%s: ruled out %v", f.Words, f.RuledOut)
		}
	}
	// The apply fails and the source does: neither clears the other.
	w = newWorld(fetching("GitOperationFailed", asksRemote+"authentication required: no"),
		applying("ReconciliationFailed", `ConfigMap/x dry-run failed (Invalid): ConfigMap "x" is invalid: no`))
	if e := why.Row(w.Store, "eu"); len(e.Faults) < 2 || slices.ContainsFunc(append(e.RuledOut, e.Faults[0].RuledOut...), func(s string) bool { return strings.HasPrefix(s, "its source") }) {
		t.Errorf("%d faults, ruled out %v", len(e.Faults), e.RuledOut)
	}
}

// A sync that runs on has failed to get anything new for as long as its source
// has failed, not since it became Ready.
func TestSinceIsThatOfTheFault(t *testing.T) {
	w := newWorld(fetching("AuthenticationFailed", `failed to get secret 'eu/git': secrets "git" not found`))
	for _, e := range []*why.Explanation{why.Object(w.Store, sync), why.Row(w.Store, "eu")} {
		if want := w.Verdict(git).Since; e.Since != want || e.Faults[0].Since != want {
			t.Errorf("%s: since %d and %d, want %d", e.Headline, e.Since, e.Faults[0].Since, want)
		}
	}
}

// What is ruled out of one object says nothing of a row with another cause; the
// row's first cause is the one it shows.
func TestARowRulesOutWhatHoldsForAllOfIt(t *testing.T) {
	crossed := other("crossed", uitest.Failing("AccessDenied", "can't access 'GitRepository/us/app', cross-namespace references have been blocked", time.Minute),
		uitest.Condition("Stalled", "True", "AccessDenied", "can't access 'GitRepository/us/app', cross-namespace references have been blocked", time.Minute))
	w := newWorld(stuckDeployment(), applying("HealthCheckFailed", waitsForWeb), crossed)
	e := why.Row(w.Store, "eu")
	if len(e.Faults) != 2 || slices.ContainsFunc(e.RuledOut, func(s string) bool { return strings.HasPrefix(s, "its ") }) {
		t.Errorf("%d faults, ruled out %v", len(e.Faults), e.RuledOut)
	}
	if worst := w.Tenant("eu").Worst; worst != crossed.Key || e.Faults[0].Chain[0].Ref.Name != worst.Name {
		t.Errorf("the row shows %s, its first cause is at %s", worst, e.Faults[0].Chain[0].Ref)
	}
	// Two sources of one host, and one finds it away: the other does not clear it.
	away, typo := fetching("GitOperationFailed", asksRemote+"dial tcp 10.0.0.9:443: connect: connection refused"), fetching("GitOperationFailed", asksRemote+`couldn't find remote ref "refs/heads/x"`)
	typo.Name = "typo"
	e = why.Row(newWorld(away, typo).Store, "eu")
	if len(e.Faults) < 2 || slices.ContainsFunc(e.RuledOut, func(s string) bool { return strings.HasPrefix(s, "git.acme.io") }) {
		t.Errorf("%d faults, ruled out %v", len(e.Faults), e.RuledOut)
	}
}

// What nobody saw begin has been so at least since it must have been.
func TestSinceAtLeast(t *testing.T) {
	k := at(applying("BuildFailed", "kustomize build failed: x"), func(d *model.Sync) {
		d.History = []model.HistoryEntry{{Status: "ReconciliationSucceeded", First: uitest.Ago(5 * time.Hour), Last: uitest.Ago(2 * time.Hour)}}
	})
	if e := why.Object(newWorldWith(k).Store, sync); !e.AtLeast || !e.Faults[0].AtLeast || e.Since == 0 {
		t.Errorf("%d %v", e.Since, e.AtLeast)
	}
}

// newWorldWith is a world whose first look has these objects.
func newWorldWith(objects ...*model.Object) *world {
	w := &world{clock: uitest.NewClock()}
	w.Store = model.NewStore(w.clock.Now)
	w.Apply(uitest.NewCluster("prod").Controllers().PlatformSync().Put(uitest.Namespace("eu", "eu"), source("eu")).Put(objects...).Batch)
	return w
}
