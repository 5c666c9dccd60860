package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tenantry/kube"
	"tenantry/model"
)

// checkout is a working copy of the repository stage and prod share.
type checkout struct {
	t   *testing.T
	dir string
}

func shared(t *testing.T) *checkout {
	t.Helper()
	c := &checkout{t, t.TempDir()}
	c.git("clone", "-q", filepath.Join(lab.GitRepos, sharedName+".git"), ".")
	return c
}

func (c *checkout) git(args ...string) string {
	c.t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=Ana Ruiz", "-c", "user.email=ana@example.com"}, args...)...)
	cmd.Dir = c.dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "HOME="+c.dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		c.t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// app edits the Deployment of a tenant ("stage" or "prod").
func (c *checkout) app(tenant string, edit func(text string) string) {
	c.t.Helper()
	path := filepath.Join(c.dir, tenant, "1_deployment.yaml")
	data, err := os.ReadFile(path)
	if err != nil {
		c.t.Fatal(err)
	}
	after := edit(string(data))
	if after == string(data) {
		c.t.Fatalf("%s is as it was:\n%s", path, data)
	}
	c.file(tenant+"/1_deployment.yaml", after)
}

func (c *checkout) file(path, content string) {
	c.t.Helper()
	if err := os.WriteFile(filepath.Join(c.dir, path), []byte(content), 0o644); err != nil {
		c.t.Fatal(err)
	}
}

// push commits what was edited and pushes it; nobody is told.
func (c *checkout) push(subject string) string {
	c.t.Helper()
	c.git("add", "-A")
	c.git("commit", "-q", "--allow-empty", "-m", subject)
	c.git("push", "-q", "origin", "HEAD:main")
	return c.git("rev-parse", "HEAD")
}

// ask requests a fetch of tenants' sources, as a webhook would.
func ask(t *testing.T, namespaces ...string) {
	t.Helper()
	for _, ns := range namespaces {
		kubectl(t, "annotate", "--overwrite", "-n", ns, "gitrepository.source.toolkit.fluxcd.io/"+sharedName,
			"reconcile.fluxcd.io/requestedAt="+time.Now().Format(time.RFC3339Nano))
	}
}

// image gives a Deployment another image, and its pods a label that lets them
// take their time.
func image(tag string, labels ...string) func(string) string {
	return func(text string) string {
		lines := strings.Split(text, "\n")
		out := lines[:0]
		for _, l := range lines {
			trimmed := strings.TrimSpace(l)
			if strings.HasPrefix(trimmed, "lab/") || strings.HasPrefix(trimmed, "progressDeadlineSeconds:") {
				continue
			}
			if i := strings.Index(l, "image: "); i >= 0 {
				l = l[:i] + "image: ghcr.io/wolcn/kcheck:" + tag
			}
			out = append(out, l)
			if strings.HasPrefix(l, "        app: kcheck") { // of the template
				for _, label := range labels {
					out = append(out, "        "+label)
				}
			}
		}
		return strings.Join(out, "\n")
	}
}

// wholeApp is the Deployment written out, so that a test does not depend on
// what others pushed.
func wholeApp(ns, tag string, labels ...string) string {
	extra := ""
	for _, l := range labels {
		extra += "\n        " + l
	}
	return fmt.Sprintf(`apiVersion: apps/v1
kind: Deployment
metadata:
  name: kcheck
  namespace: %s
  labels:
    app: kcheck
spec:
  replicas: 2
  progressDeadlineSeconds: 600
  selector:
    matchLabels:
      app: kcheck
  template:
    metadata:
      labels:
        app: kcheck%s
    spec:
      containers:
      - name: kcheck
        image: ghcr.io/wolcn/kcheck:%s
`, ns, extra, tag)
}

// fresh pushes plain Deployments to both tenants and waits until they run.
func (c *checkout) fresh(tag string) string {
	c.t.Helper()
	c.git("rm", "-q", "-r", "--ignore-unmatch", "stage", "prod")
	for tenant, ns := range map[string]string{"stage": stage, "prod": prod} {
		if err := os.MkdirAll(filepath.Join(c.dir, tenant), 0o755); err != nil {
			c.t.Fatal(err)
		}
		c.file(tenant+"/1_deployment.yaml", wholeApp(ns, tag))
	}
	sha := c.push("Begin with " + tag)
	ask(c.t, stage, prod)
	if out, stderr, code := tenantry(c.t, lab.Kubeconfig, "wait", "--revision", sha, "--timeout", "90s"); code != 0 {
		c.t.Fatalf("wait for the beginning: exit %d\n%s%s", code, stderr, out)
	}
	return sha
}

// told is a watcher that also reads the events of both tenants, and keeps what
// each step of a waiting found.
func told(t *testing.T) *watcher {
	t.Helper()
	w := watch(t, lab.Kubeconfig, kube.Options{}, nil)
	w.session.Want([]model.Want{{Kind: model.Event, Namespace: stage}, {Kind: model.Event, Namespace: prod}})
	return w
}

func (w *watcher) chain() *model.Chain {
	var c *model.Chain
	w.look(func(s *model.Store) {
		c = s.Chain(s.RepoOf(model.Key{Kind: model.Kustomization, Namespace: stage, Name: sharedName}))
	})
	return c
}

// commit returns a commit as the watcher has it.
func (w *watcher) commit(sha string) *model.Commit {
	for _, c := range w.chain().Commits {
		if model.RevisionSum(c.Revision) == sha {
			return &c
		}
	}
	return nil
}

func (w *watcher) until(t *testing.T, limit time.Duration, what, sha string, ok func(*model.Commit) bool) *model.Commit {
	t.Helper()
	var c *model.Commit
	deadline := time.Now().Add(limit)
	for {
		if c = w.commit(sha); c != nil && ok(c) {
			return c
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %s: %+v", what, limit, c)
		}
		<-time.After(20 * time.Millisecond)
	}
}

func lineOf(t *testing.T, c *model.Commit, tenant string) *model.Line {
	t.Helper()
	for i := range c.Lines {
		if c.Lines[i].Tenant == tenant {
			return &c.Lines[i]
		}
	}
	t.Fatalf("no line of %s: %+v", tenant, c)
	return nil
}

// sameTime compares a time with what an object of the server says.
func sameTime(t *testing.T, what string, got model.Moment, server time.Time) {
	t.Helper()
	if d := int64(got.At) - server.Unix(); d < -1 || d > 1 {
		t.Errorf("%s: %s, the server says %s", what, time.Unix(int64(got.At), 0).UTC().Format(time.TimeOnly), server.UTC().Format(time.TimeOnly))
	}
}
