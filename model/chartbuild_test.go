package model

import (
	"testing"
	"time"
)

const digestA, digestB = "sha256:aaaaaaaaaaaabbbb0000000000000000000000000000000000000000000000aa", "sha256:bbbbbbbbbbbbcccc0000000000000000000000000000000000000000000000bb"

// One chart version may be built of several commits and pushed with several
// digests: the release runs the one it names.
func TestBuildsOfAChartAreToldApart(t *testing.T) {
	for _, c := range []struct {
		artifact, release string
		same              bool
	}{
		{"1.2.0", "1.2.0", true},
		{"1.2.0", "1.2.1", false},
		{"1.2.0+aaaaaaaaaaaa", "1.2.0+aaaaaaaaaaaa", true},
		{"1.2.0+bbbbbbbbbbbb", "1.2.0+aaaaaaaaaaaa", false},
		{"1.2.0@" + digestA, "1.2.0+aaaaaaaaaaaa", true},
		{"1.2.0@" + digestB, "1.2.0+aaaaaaaaaaaa", false},
		{"1.2.0_x64@" + digestA, "1.2.0+aaaaaaaaaaaa", true},
		{"1.2.0@" + digestA, "1.2.0", true}, // digests are not tracked
		{"1.2.0", "", false},
	} {
		if got := sameChart(c.artifact, c.release); got != c.same {
			t.Errorf("%s and %s are the same: %v", c.artifact, c.release, got)
		}
	}
}

func TestAnotherBuildOfTheVersionIsNotLive(t *testing.T) {
	w := newWorld(t).put(namespace("m", LabelTenant, "m"))
	chart := func(rev string) *Object {
		o := obj(OCIRepository, "m", "app", &Source{URL: "oci://reg.example/app", Ref: "tag 1.2.0", Revision: rev, Interval: 60, Updated: Unix(w.now.Unix())})
		return o
	}
	release := obj(HelmRelease, "m", "app", &Sync{SourceRef: Ref{"OCIRepository", "m", "app"}, Applied: "1.2.0+aaaaaaaaaaaa", Attempted: "1.2.0+aaaaaaaaaaaa"},
		cond("Ready", "True", "UpgradeSucceeded", ""))
	w.put(chart("1.2.0@"+digestA), release).synced().pass(time.Hour).put(chart("1.2.0@" + digestB)).pass(time.Minute).Tick()
	c := w.Chain(w.Rollouts()[0].Repo)
	if len(c.Commits) != 2 || c.Live != 0 || c.Commits[0].Lines[0].Live || c.Commits[0].Lines[0].Outcome != OutcomeWaiting || c.Commits[1].Lines[0].Outcome != OutcomeApplied {
		t.Errorf("%+v", c)
	}
	if r := NewWaiting(WaitFor{Revision: "1.2.0@" + digestB}).Step(w.Store); r.State != WaitRunning {
		t.Errorf("waiting for it: %s", r.State.Word())
	}
}
