package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"tenantry/kube/demo/control"
	"tenantry/kube/demo/flux"
	"tenantry/kube/demo/git"
	"tenantry/kube/demo/tree"
	"tenantry/model"
)

func within(t *testing.T, what string, got model.Unix, want string) {
	t.Helper()
	at, err := time.Parse(time.RFC3339, want)
	if err != nil {
		t.Fatal(err)
	}
	if d := int64(got) - at.Unix(); d < -1 || d > 1 {
		t.Errorf("%s: %d s from what the server says (%s)", what, d, want)
	}
}

const stage, prod = "fluxdemo-stage", "fluxdemo-prod"

func paint(colour string) func(*app) { return func(a *app) { a.colour = colour } }

func TestAPromotionIsFollowedToItsPods(t *testing.T) {
	w := watch(t, model.Want{Kind: model.Event, Namespace: stage}, model.Want{Kind: model.Event, Namespace: prod})
	before := map[string]int64{}
	for _, ns := range []string{stage, prod} {
		before[ns] = tree.Int(w.deployment(ns), "metadata", "generation")
	}
	sha := w.push("Paint both in Lime", paint("Lime"), stage, prod)
	waiting := model.NewWaiting(model.WaitFor{Revision: sha[:7], Since: model.Unix(w.env.Now().Unix())})
	w.until("live in both", func() bool {
		done := waiting.Step(w.store).State == model.WaitDone
		c := w.shop()
		if done != (c.Live == 2 && model.RevisionSum(c.Revision) == sha) {
			t.Fatalf("the waiting and the page differ: %v\n%s", done, w.picture())
		}
		return done
	})
	c := w.shop()
	if c.Of != 2 || model.RevisionSum(c.Revision) != sha || c.Commits[0].Subject != "Paint both in Lime" {
		t.Fatalf("%s", w.picture())
	}
	for _, l := range c.Commits[0].Lines {
		ns := l.Tenant
		client := w.client("test")
		source, _ := client.Get(flux.GitRepository, ns, "flux-stage-prod")
		within(t, ns+" fetched", l.Fetched.At, tree.Str(source, "status", "artifact", "lastUpdateTime"))
		for _, e := range client.List(control.Event, ns) {
			if strings.Contains(tree.Str(e, "message"), "kcheck configured") && strings.HasSuffix(tree.Str(e, "metadata", "annotations", "kustomize.toolkit.fluxcd.io/revision"), sha) {
				within(t, ns+" applied", l.Applied.At, tree.Str(e, "firstTimestamp"))
			}
		}
		d := w.deployment(ns)
		if len(l.Moves) != 1 || l.Moves[0].From != before[ns] || l.Moves[0].To != tree.Int(d, "metadata", "generation") ||
			model.ChangedWords(l.Moves[0].Changed) != "env COLOUR" || l.Moves[0].State != model.RolloutDone || l.Moves[0].Revision == 0 {
			t.Errorf("%s: %+v", ns, l.Moves)
		}
		for _, cond := range tree.Maps(d, "status", "conditions") {
			if cond["type"] == "Progressing" && len(l.Moves) == 1 {
				within(t, ns+" rolled out", l.Moves[0].RolledOut.At, tree.Str(cond, "lastUpdateTime"))
			}
		}
		g := w.store.Generations(model.Key{Kind: model.Deployment, Namespace: ns, Name: "kcheck"})[0]
		if model.RevisionSum(g.Commit) != sha || g.By != "kustomize-controller" || !g.FromGit() || g.Took < 0 {
			t.Errorf("%s: %+v", ns, g)
		}
	}
}

func TestASecondPushOvertakesTheFirst(t *testing.T) {
	w := watch(t)
	first := w.push("First", func(a *app) { a.tag = 90 }, stage, prod)
	w.until("the first is applied in stage", func() bool { return w.shop().Commits[0].Lines[1].Applied.Known() })
	waiting := model.NewWaiting(model.WaitFor{Revision: first})
	if r := waiting.Step(w.store); r.State != model.WaitRunning {
		t.Fatalf("%+v", r)
	}
	second := w.push("Second", func(a *app) { a.tag = 91 }, stage, prod)
	w.until("the second is live", func() bool { c := w.shop(); return c.Live == 2 && model.RevisionSum(c.Revision) == second })
	c := w.shop()
	if model.RevisionSum(c.Commits[1].Revision) != first || model.RevisionSum(c.Commits[1].OvertakenBy) != second {
		t.Errorf("%s", w.picture())
	}
	if r := waiting.Step(w.store); r.State != model.WaitOvertaken {
		t.Errorf("%+v", r)
	}
}

// Each thing that goes wrong with a commit ends the waiting with its cause,
// and leaves prod where it can be.
func TestAPushThatBreaksStageOnly(t *testing.T) {
	for name, c := range map[string]struct {
		change  func(w *audience) string
		live    int
		outcome model.Outcome
		cause   string
	}{
		"no YAML": {func(w *audience) string {
			w.push("Paint prod", paint("Lime"), prod)
			return w.commit(git.Write("stage/kcheck.yaml", "a: [b"))
		}, 1, model.OutcomeFailed, "not valid YAML"},
		"another tenant's namespace": {func(w *audience) string {
			w.push("Paint prod", paint("Lime"), prod)
			return w.commit(git.Write("stage/more.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  namespace: webshop\n"))
		}, 1, model.OutcomeRefused, "not for account fluxdemo-stage/fluxdemo-stage to write in webshop"},
		"the path is gone": {func(w *audience) string {
			w.push("Paint prod", paint("Lime"), prod)
			return w.commit(map[string]*string{"stage/kcheck.yaml": nil})
		}, 1, model.OutcomeFailed, "there is no path ./stage"},
		"pods that crash": {func(w *audience) string {
			w.push("Paint prod", paint("Lime"), prod)
			return w.push("Crash", func(a *app) { a.fault = "crashloop" }, stage)
		}, 1, model.OutcomeApplied, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := watch(t, model.Want{Kind: model.Pod, Namespace: stage})
			sha := c.change(w)
			waiting := model.NewWaiting(model.WaitFor{Revision: sha, Tenants: []string{stage}})
			var last model.WaitReport
			w.until("a verdict", func() bool {
				last = waiting.Step(w.store)
				return last.State != model.WaitRunning || c.cause == "" && w.store.TroubleOf(model.Key{Kind: model.Deployment, Namespace: stage, Name: "kcheck"}).Kind == model.TroubleCrash
			})
			w.until("prod is live", func() bool { return w.shop().Live == c.live })
			chain := w.shop()
			line := chain.Commits[0].Lines[1]
			if model.RevisionSum(chain.Revision) != sha || chain.Of != 2 || line.Tenant != stage || line.Outcome != c.outcome || !strings.Contains(line.Cause, c.cause) {
				t.Errorf("%s", w.picture())
			}
			if c.cause != "" && (last.State != model.WaitFailed || !strings.Contains(last.Cause, c.cause)) {
				t.Errorf("%+v", last)
			}
			if c.cause == "" {
				if got := w.store.TroubleOf(line.Moves[0].Workload); !strings.HasPrefix(got.Text, "kcheck crash") || !strings.Contains(got.Text, "with exit code 1") {
					t.Errorf("%+v", got)
				}
				if last.State == model.WaitDone || line.Live {
					t.Errorf("crashing pods are live: %+v", last)
				}
			}
		})
	}
}

// commit pushes files to the repository of stage and prod.
func (w *audience) commit(files map[string]*string) string {
	repo := w.app(stage).repo
	sha := repo.Push("main", "Break stage", authors[1], w.env.Now(), files).SHA
	w.flux.FetchNow(repo.URL)
	return sha
}

func TestScaledByHandAndPutBack(t *testing.T) {
	w := watch(t)
	sha := w.push("Three of them", func(a *app) { a.replicas = 3 }, stage)
	w.until("live", func() bool { c := w.shop(); return c.Live == 2 && model.RevisionSum(c.Revision) == sha })
	w.play(3 * time.Second)
	if _, err := w.client("kubectl-scale").Edit(control.Deployment, stage, "kcheck", func(o Object) error {
		tree.Make(o, "spec")["replicas"] = int64(1)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	w.play(5 * time.Second)
	if _, err := w.client("flux").Edit(flux.Kustomization, stage, "flux-stage-prod", func(o Object) error {
		tree.Make(o, "metadata", "annotations")["reconcile.fluxcd.io/requestedAt"] = "now"
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	key := model.Key{Kind: model.Deployment, Namespace: stage, Name: "kcheck"}
	w.until("Flux puts it back", func() bool { return len(w.store.Generations(key)) > 2 && w.store.Generations(key)[0].FromGit() })
	list := w.store.Generations(key)
	undo, drift, push := list[0], list[1], list[2]
	if !undo.UndidDrift || model.RevisionSum(undo.Commit) != sha || model.ChangedWords(undo.Changed) != "replicas 1→3" {
		t.Errorf("undone: %+v", undo)
	}
	if !drift.Drift || drift.By != "kubectl-scale" || drift.Commit != "" {
		t.Errorf("drift: %+v", drift)
	}
	if push.UndidDrift || model.RevisionSum(push.Commit) != sha || push.Drift {
		t.Errorf("the push: %+v", push)
	}
}

func TestACommitThatChangesNothing(t *testing.T) {
	w := watch(t)
	text := "hello\n"
	sha := w.commit(map[string]*string{"README.md": &text})
	w.until("applied", func() bool { c := w.shop(); return c.Live == 2 && model.RevisionSum(c.Revision) == sha })
	for _, l := range w.shop().Commits[0].Lines {
		if l.Outcome != model.OutcomeUnchanged || len(l.Moves) != 0 {
			t.Errorf("%s", w.picture())
		}
	}
}

// attributions know what every commit made of every Deployment.
type attributions struct {
	w    *audience
	of   map[string]map[string]string // by commit, then tenant: the image's tag
	told int                          // the most that were given one of these at a time
}

// note takes a commit to a tenant's repository, in which the other tenants'
// parts stay as they are.
func (m *attributions) note(of *app, sha string) {
	m.of[sha] = map[string]string{}
	for _, a := range m.w.apps {
		if a.repo == of.repo {
			m.of[sha][a.tenant] = fmt.Sprintf(".%d", a.tag)
		}
	}
}

// check says which generations are given to a commit that has another image.
func (m *attributions) check(apps []*app) {
	m.w.t.Helper()
	told := 0
	for _, a := range apps {
		for _, g := range m.w.store.Generations(model.Key{Kind: model.Deployment, Namespace: a.namespace, Name: a.name}) {
			want, known := m.of[model.RevisionSum(g.Commit)][a.tenant]
			if !known || g.AtOrBefore || g.Reconstructed {
				continue
			}
			told++
			for _, c := range g.Changed {
				if c.Aspect == model.AspectImage && !strings.HasSuffix(c.To, want) {
					m.w.t.Fatalf("%s: generation %d (%s) is said to be of %s, which has %s", a.tenant, g.Number, model.ChangedWords(g.Changed), model.ShortRevision(g.Commit), want)
				}
			}
		}
	}
	m.told = max(m.told, told)
}

// Many pushes to every tenant that follows a repository, in a minute of the
// company's time: the end is the server's, and no generation is given to a
// commit that did not make it, in between either.
func TestManyPushesEndAsTheServerSays(t *testing.T) {
	w := watch(t)
	r := rand.New(rand.NewPCG(3, 4))
	var apps []*app
	for _, a := range w.apps {
		switch a.tenant {
		case "fluxdemo-dev", stage, prod, "webshop", "docs", "identity", "mailer":
			apps = append(apps, a)
		}
	}
	pushes, sharp := 200, 25
	if raced { // which makes each of them ten times as dear
		pushes, sharp = 60, 20
	}
	made := attributions{w: w, of: map[string]map[string]string{}}
	for n := range pushes {
		a := apps[r.IntN(len(apps))]
		made.note(a, w.push("Push", func(a *app) { a.tag = 100 + n }, a.tenant))
		if w.seldom = n >= sharp; !w.seldom {
			for range 3 { // as often as a dashboard looks
				w.Advance(100 * time.Millisecond)
				w.read()
				made.check(apps)
			}
			continue
		}
		w.Advance(300 * time.Millisecond)
		if n%4 == 0 {
			w.read()
			made.check(apps)
		}
	}
	w.seldom = true
	for range 18 {
		w.Advance(5 * time.Second)
		w.catchUp()
		made.check(apps)
	}
	if made.told < 10 {
		t.Errorf("only %d generations were given a commit", made.told)
	}
	client := w.client("test")
	for _, a := range apps {
		d, err := client.Get(control.Deployment, a.namespace, a.name)
		if err != nil {
			t.Fatal(err)
		}
		head := a.repo.Head("main").SHA
		key := model.Key{Kind: model.Deployment, Namespace: a.namespace, Name: a.name}
		g := w.store.Generations(key)[0]
		if c := w.store.Chain(w.store.RepoOf(key)); model.RevisionSum(c.Revision) != head || c.Live != c.Of {
			t.Errorf("%s: %s live %d of %d, want %s everywhere", a.tenant, c.Revision, c.Live, c.Of, head)
		}
		if g.Number != tree.Int(d, "metadata", "generation") || g.State != model.RolloutDone {
			t.Errorf("%s: generation %d %d, the server's %d", a.tenant, g.Number, g.State, tree.Int(d, "metadata", "generation"))
		}
		if a.tenant != stage && a.tenant != prod && model.RevisionSum(g.Commit) != head {
			t.Errorf("%s: generation %d is said to be of %s, it is of %s", a.tenant, g.Number, g.Commit, head)
		}
	}
}
