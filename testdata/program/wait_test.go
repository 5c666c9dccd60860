package program

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenantry/kube/demo"
	"tenantry/kube/demo/git"
	"tenantry/testdata/terminal"
)

const (
	sharedRepo   = "https://git.example.com/fluxdemo/flux-stage-prod"
	identityRepo = "https://git.example.com/teams/identity"
	requestedAt  = "reconcile.fluxcd.io/requestedAt"
)

// A commit is waited for until it runs in every tenant that follows its
// repository, and not a moment less.
func TestWaitForACommit(t *testing.T) {
	t.Parallel()
	d := newDesk(t, demo.AdminToken)
	for _, ns := range []string{"stage", "prod"} {
		path := ns + "/kcheck.yaml"
		sha := d.push(sharedRepo, d.edited(sharedRepo, path, "name: CONTENT\n", "name: MOOD\n          value: calm\n        - name: CONTENT\n"))
		w := d.waitFor(func() {
			d.annotate("fluxdemo-stage", "flux-stage-prod", requestedAt, sha)
			d.annotate("fluxdemo-prod", "flux-stage-prod", requestedAt, sha)
		}, "--revision", sha[:9])
		if w.code != 0 || !strings.HasPrefix(w.stdout, "✓ "+sha[:7]+" live in 2 of 2") || strings.Count(w.stdout, "\n") != 1 {
			t.Errorf("exit %d: %q", w.code, w.stdout)
		}
		for _, want := range []string{"fluxdemo-stage: ", "fluxdemo-prod: ", sha[:7] + " is live"} {
			if !strings.Contains(w.stderr, want) {
				t.Errorf("the progress does not say %q:\n%s", want, w.stderr)
			}
		}
		d.rolledOut("fluxdemo-"+ns, "kcheck", "MOOD")
	}
	// What is live already is an answer at once.
	head := d.company.Git.Repo(sharedRepo).Head("main").SHA
	if w := d.waitFor(nil, "fluxdemo-prod", "--revision", "main@sha1:"+head); w.code != 0 || !strings.Contains(w.stdout, "live in 1 of 1") {
		t.Errorf("exit %d: %q", w.code, w.stdout)
	}
	for branch, want := range map[string]string{"main": `--revision "main" names no commit`, "HEAD": `--revision "HEAD" names no commit`} {
		if w := d.waitFor(nil, "--revision", branch); w.code != 3 || w.stdout != "" || !strings.Contains(w.stderr, want) || !strings.Contains(w.stderr, "or newest for what the sources have") {
			t.Errorf("%s: exit %d: %q", branch, w.code, w.stderr)
		}
	}
	if w := d.writes(); len(w) > 0 {
		t.Errorf("written: %v", w)
	}
}

// What can't become live any more ends the waiting with its cause.
func TestWaitEndsWithTheCause(t *testing.T) {
	t.Parallel()
	d := newDesk(t, demo.AdminToken)
	const stage, shared = "fluxdemo-stage", "fluxdemo-stage/flux-stage-prod"
	keep := d.company.Git.Repo(sharedRepo).Head("main").Files["stage/kcheck.yaml"]
	for _, c := range []struct {
		name string
		push func() string // returns the commit
		args []string
		code int
		says []string // on stdout
	}{
		{"no YAML", func() string { return d.push(sharedRepo, git.Write("stage/kcheck.yaml", "a: [b"), shared) },
			[]string{stage}, 1, []string{stage, "failed", "not valid YAML"}},
		{"refused", func() string {
			files := git.Write("stage/more.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  namespace: webshop\n")
			files["stage/kcheck.yaml"] = &keep
			return d.push(sharedRepo, files, shared)
		}, []string{stage}, 1, []string{stage, "refused", "webshop"}},
		{"the path is gone", func() string {
			return d.push(sharedRepo, map[string]*string{"stage/kcheck.yaml": nil, "stage/more.yaml": nil}, shared)
		}, []string{stage}, 1, []string{stage, "failed", "there is no path ./stage"}},
		{"does not roll out", func() string {
			return d.push(identityRepo, git.Write("deploy/app.yaml", strings.NewReplacer("  replicas: 2\n", "  replicas: 2\n  progressDeadlineSeconds: 2\n",
				"        app: identity\n", "        app: identity\n        lab/fault: crashloop\n").Replace(d.company.Git.Repo(identityRepo).Head("main").Files["deploy/app.yaml"])), "identity/identity")
		}, []string{"identity"}, 1, []string{"identity: ", " failed: Deployment identity: rollout exceeded its progress deadline", "identity crashes with exit code 1"}},
		{"the source can't fetch", func() string {
			d.company.Git.Remove("https://git.example.com/teams/docs")
			d.annotate("docs", "docs", requestedAt, "now")
			return "0123456789abcdef0123456789abcdef01234567"
		}, []string{"docs"}, 1, []string{"docs", "can't be fetched"}},
		{"no such tenant", func() string { return "0123456789abcdef0123456789abcdef01234567" }, []string{"stgae"}, 1, []string{"there is no tenant stgae"}},
		{"suspended", func() string { return "0123456789abcdef0123456789abcdef01234567" }, []string{"reports"}, 1, []string{"reports", "will not apply"}},
		{"not in time", func() string { return "0123456789abcdef0123456789abcdef01234567" }, []string{"mailer", "--timeout=2s"}, 4,
			[]string{"not within 2s: no source here has seen 0123456789abcdef", "Newest on main: ", "every 1m"}},
	} {
		sha := c.push()
		w := d.waitFor(nil, append([]string{"--timeout", "90s", "--revision", sha}, c.args...)...)
		if w.code != c.code {
			t.Errorf("%s: exit %d, want %d", c.name, w.code, c.code)
		}
		for _, want := range c.says {
			if !strings.Contains(w.stdout, want) {
				t.Errorf("%s: does not say %q: %q", c.name, want, w.stdout)
			}
		}
	}
}

// A commit that another one comes before is said to be overtaken: whether the
// other holds it, nobody here can tell.
func TestWaitIsOvertaken(t *testing.T) {
	d := newDesk(t, demo.AdminToken)
	const stage, shared = "fluxdemo-stage", "fluxdemo-stage/flux-stage-prod"
	old := d.company.Git.Repo(sharedRepo).Head("main").Files["stage/kcheck.yaml"]
	first := d.push(sharedRepo, git.Write("stage/kcheck.yaml", strings.Replace(old, "app: kcheck\n    spec:", "app: kcheck\n        lab/fault: notready\n    spec:", 1)), shared)
	d.eventually("fetched", func() bool { return strings.HasSuffix(d.artifact(stage, "flux-stage-prod"), first) })
	w := d.waitFor(func() {
		d.eventually("it watches", func() bool { return d.watches("gitrepositories") })
		d.push(sharedRepo, git.Write("README.md", "more\n"), shared)
	}, stage, "--revision", first, "--timeout", "60s")
	if w.code != 1 || !strings.Contains(w.stdout, stage+": "+first[:7]+" was overtaken by ") {
		t.Errorf("exit %d: %q", w.code, w.stdout)
	}
}

// Newest writes one annotation to the sources of who was named, says so, and
// is refused where nothing may be written.
func TestWaitForTheNewest(t *testing.T) {
	d := newDesk(t, demo.AdminToken)
	sha := d.push(sharedRepo, d.edited(sharedRepo, "stage/kcheck.yaml", "name: CONTENT\n", "name: MOOD\n          value: calm\n        - name: CONTENT\n"))
	w := d.waitFor(nil, "fluxdemo-stage", "--revision", "newest", "-o", "json")
	var result struct {
		SchemaVersion              int
		Outcome, Wanted, Revision  string
		Live, Of                   int
		Targets                    []struct{ Tenant, Name, Revision, LiveAt string }
		Tenants                    []any
		Cause, Tenant, For, Server string
	}
	if err := json.Unmarshal([]byte(w.stdout), &result); err != nil {
		t.Fatalf("%v: %q", err, w.stdout)
	}
	if w.code != 0 || result.Outcome != "done" || result.Wanted != "newest" || result.Revision != "main@sha1:"+sha || result.Live != 1 || result.Of != 1 ||
		len(result.Targets) != 1 || result.Targets[0].Tenant != "fluxdemo-stage" || result.Targets[0].LiveAt == "" || result.Tenants == nil {
		t.Errorf("exit %d: %+v", w.code, result)
	}
	if !strings.Contains(w.stderr, "asking GitRepository/fluxdemo-stage/flux-stage-prod to fetch: one annotation is written") {
		t.Errorf("not said: %s", w.stderr)
	}
	d.rolledOut("fluxdemo-stage", "kcheck", "MOOD")
	written := d.writes()
	if len(written) != 1 || !strings.HasPrefix(written[0], "PATCH ") || !strings.HasSuffix(written[0], "/namespaces/fluxdemo-stage/gitrepositories/flux-stage-prod") {
		t.Errorf("written: %v", written)
	}
	for _, args := range [][]string{{"fluxdemo-stage", "--revision", "newest", "--read-only"}, {"--revision", "newest"}} {
		if w := d.waitFor(nil, args...); w.code != 3 || w.stdout != "" || !strings.Contains(w.stderr, "newest asks sources to fetch") {
			t.Errorf("%v: exit %d", args, w.code)
		}
	}
	if err := os.MkdirAll(filepath.Join(d.state, "tenantry"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(d.state, "tenantry", "config.yaml"), []byte("protectedContexts: [prod]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if w := d.waitFor(nil, "fluxdemo-stage", "--revision", "newest"); w.code != 3 || w.stdout != "" || !strings.Contains(w.stderr, "protected context") {
		t.Errorf("protected: exit %d", w.code)
	}
	// What a suspended source has is not the newest, and a command that failed to
	// name a commit is no order to wait for anything else.
	if err := os.Remove(filepath.Join(d.state, "tenantry", "config.yaml")); err != nil {
		t.Fatal(err)
	}
	_, err := d.company.Cluster.Client("somebody").Edit(repositories, "mailer", "mailer", func(o demo.Object) error {
		o["spec"].(map[string]any)["suspend"] = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if w := d.waitFor(nil, "mailer", "--revision", "newest"); w.code != 1 || !strings.Contains(w.stdout, "mailer: its source GitRepository/mailer/mailer is suspended") {
		t.Errorf("suspended: exit %d, %q", w.code, w.stdout)
	}
	if w := d.waitFor(nil, "fluxdemo-stage", "--revision", ""); w.code != 3 || w.stdout != "" || !strings.Contains(w.stderr, `--revision "" names no commit`) {
		t.Errorf("no commit named: exit %d, %q", w.code, w.stderr)
	}
	if n := len(d.writes()); n != 1 {
		t.Errorf("refused, and written all the same: %d", n)
	}
}

// Readiness, and a terminal in which one line is written over again.
func TestWaitInATerminal(t *testing.T) {
	d := newDesk(t, demo.AdminToken)
	s, err := terminal.Start(60, 10, []string{"KUBECONFIG=" + d.config}, binary, "wait", "docs", "mailer")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if code, err := s.Wait(20 * time.Second); err != nil || code != 0 {
		t.Errorf("exit %d, %v", code, err)
	}
	if got := strings.TrimSpace(s.Screen()); got != "✓ 2 of 2 ready" {
		t.Errorf("left on the screen:\n%s", got)
	}
	s, err = terminal.Start(60, 10, []string{"KUBECONFIG=" + d.config}, binary, "wait", "docs", "--revision", "0123456789abcdef")
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.WaitText(20*time.Second, "no source here has seen 0123456789abcdef yet"); err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(s.Screen()); strings.Contains(got, "\n") {
		t.Errorf("more than a line:\n%s", got)
	}
	if err := s.Type("\x03"); err != nil {
		t.Fatal(err)
	}
	if code, err := s.Wait(10 * time.Second); err != nil || code != 130 {
		t.Errorf("ctrl+c: exit %d, %v", code, err)
	}
}

// Without rights to the syncs it can't be told, and is not said to be late.
func TestWaitWithoutRights(t *testing.T) {
	d := newDesk(t, "nobody")
	if w := d.waitFor(nil, "--revision", "0123456789abcdef", "--timeout", "10s"); w.code != 2 || w.took > 9*time.Second {
		t.Errorf("exit %d after %s", w.code, w.took)
	}
	d.config = d.configFor(demo.AdminToken)
	for _, args := range [][]string{{"fluxdemo-stage"}, {"fluxdemo-stage", "--revision", "newest"}, {"fluxdemo-stage", "--revision", "0123456789abcdef"}, {}} {
		w := d.waitFor(nil, append(args, "--as", "bob")...)
		if w.code != 2 || !strings.Contains(w.stderr, "you (bob) may not list kustomizations in all namespaces") || !strings.Contains(w.stderr, "resources: [kustomizations], verbs: [get, list, watch]") {
			t.Errorf("%v: exit %d, %q", args, w.code, w.stderr)
		}
	}
}
