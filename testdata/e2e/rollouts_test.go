package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"tenantry/model"
)

// stage and prod share a repository, and their objects have the same names.
const (
	stage, prod = "fluxdemo-stage", "fluxdemo-prod"
	sharedName  = "flux-stage-prod"
)

// decode reads one object of the server.
func decode(t *testing.T, into any, args ...string) {
	t.Helper()
	if err := json.Unmarshal([]byte(kubectl(t, append([]string{"get", "-o", "json"}, args...)...)), into); err != nil {
		t.Fatal(err)
	}
}

type serverDeployment struct {
	Metadata struct{ Generation int64 }
	Spec     struct{ Replicas int64 }
	Status   struct {
		ObservedGeneration, Replicas, UpdatedReplicas, AvailableReplicas int64
		Conditions                                                       []struct {
			Type, Reason   string
			LastUpdateTime time.Time
		}
	}
}

// A push to the repository stage and prod share is told in both lines, each
// time as the server's objects and events have it, and wait ends when it is
// live in both.
func TestAPushIsToldInBothLines(t *testing.T) {
	c := shared(t)
	c.fresh("2.0.0")
	w := told(t)
	before := map[string]int64{}
	for _, ns := range []string{stage, prod} {
		before[ns], _ = deployment(t, ns, "kcheck")
	}
	c.app("stage", image("2.0.1", `lab/ready-after: 2s`))
	c.app("prod", image("2.0.1", `lab/ready-after: 3s`))
	sha := c.push("Use 2.0.1 in both")
	ask(t, stage, prod)
	out, stderr, code := tenantry(t, lab.Kubeconfig, "wait", "--revision", sha[:10], "--timeout", "90s")
	ended := time.Now()
	for _, ns := range []string{stage, prod} { // at that very moment, by the server
		var d serverDeployment
		decode(t, &d, "deployment", "-n", ns, "kcheck")
		if s := d.Status; d.Metadata.Generation <= before[ns] || s.ObservedGeneration != d.Metadata.Generation || s.UpdatedReplicas != d.Spec.Replicas ||
			s.AvailableReplicas != d.Spec.Replicas || s.Replicas != d.Spec.Replicas {
			t.Errorf("%s is not rolled out when wait ends: %+v", ns, d)
		}
	}
	if code != 0 || !strings.Contains(out, sha[:7]+" live in 2 of 2") {
		t.Fatalf("wait: exit %d\n%s%s", code, stderr, out)
	}
	commit := w.until(t, 5*time.Second, "live in both", sha, func(c *model.Commit) bool { return c.Live == 2 })
	t.Logf("%s\n%s", out, stderr)
	if commit.Subject != "Use 2.0.1 in both" || commit.Of != 2 {
		t.Errorf("%q, of %d", commit.Subject, commit.Of)
	}
	var last model.Unix
	for _, ns := range []string{stage, prod} {
		l := lineOf(t, commit, ns)
		var source struct {
			Status struct {
				Artifact struct {
					Revision       string
					LastUpdateTime time.Time
				}
			}
		}
		decode(t, &source, "gitrepository.source.toolkit.fluxcd.io", "-n", ns, sharedName)
		if source.Status.Artifact.Revision != "main@sha1:"+sha {
			t.Fatalf("%s has %s", ns, source.Status.Artifact.Revision)
		}
		sameTime(t, ns+" fetched", l.Fetched, source.Status.Artifact.LastUpdateTime)
		var events struct {
			Items []struct {
				Message, Reason string
				FirstTimestamp  time.Time
				LastTimestamp   time.Time
				Metadata        struct{ Annotations map[string]string }
			}
		}
		decode(t, &events, "events", "-n", ns)
		found := false
		for _, e := range events.Items {
			if !strings.Contains(e.Message, "kcheck configured") {
				continue
			}
			// The same words of a later commit are counted on the first one's event,
			// whose annotation stays as it was (client-go's correlator).
			at := e.FirstTimestamp
			if !strings.HasSuffix(e.Metadata.Annotations["kustomize.toolkit.fluxcd.io/revision"], sha) {
				at = e.LastTimestamp
			}
			if !at.Before(source.Status.Artifact.LastUpdateTime) {
				found = true
				sameTime(t, ns+" applied", l.Applied, at)
			}
		}
		if !found {
			t.Errorf("%s: no event of the apply", ns)
		}
		var d serverDeployment
		decode(t, &d, "deployment", "-n", ns, "kcheck")
		if len(l.Moves) != 1 || l.Moves[0].From != before[ns] || l.Moves[0].To != d.Metadata.Generation || l.Moves[0].State != model.RolloutDone {
			t.Fatalf("%s: %+v, the server's generation is %d", ns, l.Moves, d.Metadata.Generation)
		}
		for _, cond := range d.Status.Conditions {
			if cond.Type == "Progressing" {
				sameTime(t, ns+" rolled out", l.Moves[0].RolledOut, cond.LastUpdateTime)
			}
		}
		last = max(last, l.LiveAt.At)
	}
	if took := ended.Sub(time.Unix(int64(last), 0)); took > 3*time.Second {
		t.Errorf("it was live in both %s before wait ended", took)
	}
}

// A second push while the first runs its health checks waits for them: the
// first is live before it is left.
func TestASecondPushWaitsForHealthChecks(t *testing.T) {
	c := shared(t)
	c.fresh("2.3.0")
	c.app("stage", image("2.3.1", "lab/ready-after: 3s"))
	first := c.push("The first, checked")
	ask(t, stage)
	waiting := startWait(t, stage, "--revision", first, "--timeout", "60s")
	waiting.until("applying " + first[:7])
	c.app("stage", image("2.3.2"))
	second := c.push("The second, after it")
	ask(t, stage, prod)
	if code, out := waiting.end(); code != 0 || !strings.Contains(out, first[:7]+" live in 1 of 1") {
		t.Errorf("wait for the first: exit %d, %q", code, out)
	}
	if out, stderr, code := tenantry(t, lab.Kubeconfig, "wait", "--revision", second, "--timeout", "90s"); code != 0 {
		t.Errorf("wait for the second: exit %d\n%s%s", code, stderr, out)
	}
}

// Where nothing is checked, a second push while the first is on its way takes
// over, and the first is said to be overtaken, not failed and not live.
func TestASecondPushSupersedesTheFirst(t *testing.T) {
	c := shared(t)
	c.fresh("2.1.0")
	checks := func(wait bool) {
		kubectl(t, "patch", "-n", stage, "kustomization.kustomize.toolkit.fluxcd.io/"+sharedName, "--type=merge", "-p", fmt.Sprintf(`{"spec":{"wait":%v}}`, wait))
	}
	checks(false)
	t.Cleanup(func() { checks(true) })
	w := told(t)
	c.app("stage", image("2.1.1", "lab/ready-after: 20s"))
	first := c.push("The first")
	ask(t, stage, prod)
	w.until(t, 30*time.Second, "the first is being applied", first, func(c *model.Commit) bool {
		l := lineOf(t, c, stage)
		return l.Attempted.Known() && len(l.Moves) == 1
	})
	waiting := startWait(t, stage, "--revision", first, "--timeout", "60s")
	waiting.until(first[:7])
	c.app("stage", image("2.1.2"))
	second := c.push("The second")
	ask(t, stage, prod)
	if out, stderr, code := tenantry(t, lab.Kubeconfig, "wait", "--revision", second, "--timeout", "90s"); code != 0 {
		t.Fatalf("wait for the second: exit %d\n%s%s", code, stderr, out)
	}
	if code, out := waiting.end(); code != 1 || !strings.Contains(out, first[:7]+" was overtaken by "+second[:7]) {
		t.Errorf("wait for the first: exit %d, %q", code, out)
	}
	w.until(t, 5*time.Second, "the second is live", second, func(c *model.Commit) bool { return c.Live == 2 })
	was := w.commit(first)
	if was == nil || model.RevisionSum(was.OvertakenBy) != second {
		t.Errorf("the first: %+v", was)
	}
}

// A rollback, a change by hand and Flux undoing it are told apart.
func TestWhoMadeAGeneration(t *testing.T) {
	c := shared(t)
	c.fresh("2.2.0")
	w := told(t)
	key := model.Key{Kind: model.Deployment, Namespace: stage, Name: "kcheck"}
	newest := func(what string, ok func(*model.Generation) bool) model.Generation {
		t.Helper()
		var g model.Generation
		w.wait(t, 45*time.Second, what, func(s *model.Store) bool {
			list := s.Generations(key)
			if len(list) == 0 {
				return false
			}
			g = list[0]
			return ok(&g)
		})
		return g
	}
	c.app("stage", image("2.2.1"))
	pushed := c.push("Use 2.2.1")
	ask(t, stage)
	newest("the push", func(g *model.Generation) bool { return g.FromGit() && model.RevisionSum(g.Commit) == pushed })

	kubectl(t, "scale", "-n", stage, "deployment/kcheck", "--replicas", "1")
	g := newest("scaled by hand", func(g *model.Generation) bool { return g.Drift })
	if !strings.Contains(g.By, "kubectl") || g.FromGit() || model.ChangedWords(g.Changed) != "replicas 2→1" {
		t.Errorf("by hand: %+v", g)
	}
	kubectl(t, "annotate", "--overwrite", "-n", stage, "kustomization.kustomize.toolkit.fluxcd.io/"+sharedName, "reconcile.fluxcd.io/requestedAt="+time.Now().Format(time.RFC3339Nano))
	g = newest("undone by Flux", func(g *model.Generation) bool { return g.UndidDrift })
	if model.RevisionSum(g.Commit) != pushed || g.By != "kustomize-controller" || model.ChangedWords(g.Changed) != "replicas 1→2" {
		t.Errorf("undone: %+v", g)
	}
	c.git("revert", "--no-edit", "HEAD")
	c.git("push", "-q", "origin", "HEAD:main")
	back := c.git("rev-parse", "HEAD")
	ask(t, stage)
	g = newest("rolled back", func(g *model.Generation) bool { return model.RevisionSum(g.Commit) == back })
	if g.Drift || g.UndidDrift || !g.FromGit() {
		t.Errorf("the rollback: %+v", g)
	}
	ask(t, prod) // and leave both at rest for who comes next
	if out, stderr, code := tenantry(t, lab.Kubeconfig, "wait", "--revision", back, "--timeout", "90s"); code != 0 {
		t.Errorf("wait for the rollback: exit %d\n%s%s", code, stderr, out)
	}
}
