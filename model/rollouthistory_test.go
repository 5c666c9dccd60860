package model

import (
	"testing"
	"time"
)

func TestHistoryOfASyncAndItsWorkload(t *testing.T) {
	h := newShop(t)
	h.history["stage"] = append(h.history["stage"],
		HistoryEntry{Revision: revision(8), Status: "HealthCheckFailed", First: ago(2 * time.Hour), Last: ago(2 * time.Hour), Duration: 30, Total: 1})
	h.push(1)
	h.fetch("stage", 2)
	h.sync("stage", revision(2), "fetching")
	h.change("stage", 2)
	h.pass(7 * time.Second)
	h.sync("stage", revision(2), "HealthCheckFailed: health check failed after 7s: timeout waiting for: [Deployment/stage/kcheck status: 'InProgress']")
	list := h.RunsOf(Key{Kustomization, "stage", "shop"})
	if len(list) != 4 {
		t.Fatalf("%+v", list)
	}
	for i, want := range []struct {
		n        int
		outcome  Outcome
		duration int32
		past     bool
	}{{2, OutcomeFailed, 7, false}, {1, OutcomeApplied, 3, false}, {0, OutcomeApplied, 1, true}, {8, OutcomeFailed, 30, true}} {
		r := list[i]
		if r.Revision != revision(want.n) || r.Outcome != want.outcome || r.Duration != want.duration || r.End.Reconstructed != want.past {
			t.Errorf("%d: %+v, want %+v", i, r, want)
		}
	}
	runs := h.RunsOf(Key{Deployment, "stage", "kcheck"})
	if len(runs) != 3 || runs[0].Generation != 3 || runs[0].Outcome != OutcomeApplying || runs[0].Duration != UnknownTook ||
		runs[1].Outcome != OutcomeApplied || runs[1].Duration != 3 || runs[1].Revision != revision(1) || runs[2].Outcome != OutcomeOvertaken {
		t.Errorf("%+v", runs)
	}
}

// A HelmRelease follows the HelmChart that helm-controller makes of its
// template, and knows versions where the artifact has more.
func TestChartGoesLive(t *testing.T) {
	w := newWorld(t).put(namespace("metrics", LabelTenant, "metrics"))
	chart := func(version string) *Object {
		o := git("metrics", "metrics-podinfo", version)
		o.Kind = HelmChart
		o.Detail = &Source{URL: "podinfo", Ref: "version 6.x", Revision: version + "+0a1b2c", Interval: 60, SourceRef: Ref{"HelmRepository", "metrics", "charts"}, Updated: Unix(w.now.Unix())}
		return o
	}
	release := func(version, ready string) *Object {
		o := obj(HelmRelease, "metrics", "podinfo", &Sync{SourceRef: Ref{"HelmRepository", "metrics", "charts"}, Applied: "6.5.3", Attempted: version, Interval: 300},
			cond("Ready", ready, "UpgradeSucceeded", "Helm upgrade succeeded"))
		o.Conditions[0].LastTransition = Unix(w.now.Unix())
		if ready == "True" {
			sync(o).Applied = version
		}
		return o
	}
	pods := func(gen int64, image string) *Object {
		o := labelled(deploy("metrics", "podinfo", gen, gen, 1, 1, 1, 1), LabelHelmReleaseName, "podinfo", LabelHelmReleaseNS, "metrics")
		o.Detail.(*Workload).Containers = []Container{{Name: "podinfo", Image: image}}
		o.Detail.(*Workload).Managers = []Manager{{Name: "helm-controller", Operation: "Apply", Time: Unix(w.now.Unix())}}
		return o
	}
	repo := obj(HelmRepository, "metrics", "charts", &Source{URL: "oci://Charts.Example/lib/"})
	w.put(repo, chart("6.5.3"), release("6.5.3", "True"), pods(1, "podinfo:6.5.3")).synced()
	list := w.Rollouts()
	if len(list) != 1 || list[0].Repo != (Repo{HelmChart, "charts.example/lib/podinfo", "version 6.x"}) || list[0].Live != 1 {
		t.Fatalf("%+v", *list[0])
	}
	w.pass(time.Minute).put(chart("6.5.4"))
	w.pass(time.Second).put(release("6.5.4", "Unknown"), pods(2, "podinfo:6.5.4"))
	if c := w.Chain(list[0].Repo); c.Revision != "6.5.4+0a1b2c" || c.Live != 0 || c.Commits[0].Lines[0].Outcome != OutcomeApplying {
		t.Fatalf("%+v", c)
	}
	w.pass(time.Second).put(release("6.5.4", "True"))
	c := w.Chain(list[0].Repo)
	if l := c.Commits[0].Lines[0]; c.Live != 1 || len(l.Moves) != 1 || ChangedWords(l.Moves[0].Changed) != "image 6.5.3→6.5.4" {
		t.Errorf("%+v", c)
	}
	if f := w.Find("6.5.4", ""); len(f.Matches) != 1 {
		t.Errorf("not found by its version: %+v", f)
	}
	// The repository moves: the chart is named by where it comes from.
	moved := obj(HelmRepository, "metrics", "charts", &Source{URL: "oci://elsewhere.example/lib"})
	w.put(moved)
	if list := w.Rollouts(); len(list) != 1 || list[0].Repo.URL != "elsewhere.example/lib/podinfo" {
		t.Errorf("%+v", *list[0])
	}
}

func TestReposAreOneByAddressAndRef(t *testing.T) {
	w := newWorld(t)
	for address, want := range map[string]string{
		"https://github.com/acme/fleet":             "github.com/acme/fleet",
		"https://GitHub.com/acme/fleet.git":         "github.com/acme/fleet",
		"ssh://git@github.com:22/acme/fleet":        "github.com/acme/fleet",
		"https://user:token@github.com/acme/fleet/": "github.com/acme/fleet",
		"oci://ghcr.io/acme/manifests":              "ghcr.io/acme/manifests",
		"http://[::1]:8080/x":                       "[::1]/x",
		"minio:9000/bucket":                         "minio:9000/bucket",
		"https://git.example":                       "git.example",
	} {
		if got := plainURL(address); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
	for ref, want := range map[string]string{"": "master", "branch main": "main", "name refs/heads/main": "main", "name refs/tags/v1": "tag v1",
		"name refs/pull/1/head": "refs/pull/1/head", "tag v1": "tag v1", "semver >=1.0": "semver >=1.0", "commit abc": "commit abc"} {
		if got := plainRef(GitRepository, ref); got != want {
			t.Errorf("%q: %q, want %q", ref, got, want)
		}
	}
	pinned := obj(HelmChart, "a", "a-x", &Source{URL: "x", Ref: "version 1.2.3", SourceRef: Ref{"HelmRepository", "a", "r"}})
	if got := w.repoOf(pinned); got.Ref != "pinned in a/a-x" {
		t.Errorf("%+v", got)
	}
	if got := w.repoOf(obj(ExternalArtifact, "a", "x", &Source{})); got.URL != "a/x" {
		t.Errorf("%+v", got)
	}
}
