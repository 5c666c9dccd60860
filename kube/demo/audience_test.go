package demo

import (
	"context"
	"fmt"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube"
	"tenantry/kube/demo/control"
	"tenantry/kube/demo/flux"
	"tenantry/kube/demo/git"
	"tenantry/kube/demo/tree"
	"tenantry/model"
)

// audience watches the company through a session and fills a store that keeps
// the company's time.
type audience struct {
	t *testing.T
	*Company
	session *kube.Session
	store   *model.Store
	// seldom: it looks so seldom, by the company's time, that runs go unseen; the
	// store is told for how long it did not.
	seldom bool
	looked time.Time
}

// watch opens a session on a company in which only what the test does
// happens.
func watch(t *testing.T, wants ...model.Want) *audience {
	t.Helper()
	t.Parallel()
	c := manualCompany(t, CompanyOptions{})
	for _, a := range c.apps {
		a.quiet = a.tenant != "search"
	}
	s, err := kube.Open(t.Context(), c.Config(), kube.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	s.Want(wants)
	w := &audience{t: t, Company: c, session: s, store: model.NewStore(c.env.Now)}
	eventually(t, "everything is read", func() bool { w.read(); return w.store.Complete() })
	w.catchUp()
	return w
}

// eventually polls until ok; reading waits for what comes, so that it does not
// spin.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !ok(); {
		if time.Now().After(deadline) {
			t.Fatalf("never happened: %s", what)
		}
	}
}

// read takes in what has come, or comes within a moment.
func (w *audience) read() {
	ctx, cancel := context.WithTimeout(w.t.Context(), 200*time.Millisecond)
	defer cancel()
	b, err := w.session.Next(ctx)
	if err != nil {
		return
	}
	if b.Conn != nil {
		b.Conn.ClockOffsetMS = 0 // the store keeps the company's time already
	}
	if w.seldom {
		b.Waited = w.env.Now().Sub(w.looked)
	}
	w.looked = w.env.Now()
	w.store.Apply(b)
}

var followedKinds = map[model.Kind]schema.GroupKind{model.GitRepository: flux.GitRepository, model.Kustomization: flux.Kustomization,
	model.Deployment: control.Deployment, model.ReplicaSet: control.ReplicaSet}

// catchUp reads until the store has what the server has.
func (w *audience) catchUp() {
	w.t.Helper()
	client := w.client("test")
	eventually(w.t, "the store has what the server has", func() bool {
		for kind, gk := range followedKinds {
			for _, o := range client.List(gk, "") {
				key := model.Key{Kind: kind, Namespace: tree.Str(o, "metadata", "namespace"), Name: tree.Str(o, "metadata", "name")}
				if have := w.store.Get(key); have == nil || have.ResourceVersion != tree.Str(o, "metadata", "resourceVersion") {
					w.read()
					return false
				}
			}
		}
		return true
	})
	w.store.Tick()
}

// play lets time pass, looked at twice a second.
func (w *audience) play(d time.Duration) {
	w.t.Helper()
	for end := w.env.Now().Add(d); w.env.Now().Before(end); {
		w.Advance(500 * time.Millisecond)
		w.catchUp()
	}
}

// until plays until ok, for two minutes at most.
func (w *audience) until(what string, ok func() bool) {
	w.t.Helper()
	for range 240 {
		if ok() {
			return
		}
		w.play(500 * time.Millisecond)
	}
	w.t.Fatalf("never happened: %s\n%s", what, w.picture())
}

func (w *audience) shop() *model.Chain {
	w.t.Helper()
	c := w.store.Chain(w.store.RepoOf(model.Key{Kind: model.Kustomization, Namespace: "fluxdemo-stage", Name: "flux-stage-prod"}))
	if c == nil {
		w.t.Fatal("no repository of stage")
	}
	return c
}

func (w *audience) picture() string {
	out := ""
	for _, c := range w.shop().Commits {
		out += fmt.Sprintf("%s %q fetched %d, live %d of %d, overtaken by %q\n", model.ShortRevision(c.Revision), c.Subject, c.Fetched.At, c.Live, c.Of, model.ShortRevision(c.OvertakenBy))
		for _, l := range c.Lines {
			out += fmt.Sprintf("  %-14s %-10s fetched %d applied %d live %v %d %s %s moves %+v\n", l.Tenant, l.Outcome, l.Fetched.At, l.Applied.At, l.Live, l.LiveAt.At, l.Reason, l.Cause, l.Moves)
		}
	}
	return out
}

// push changes the tenants' manifests in one commit, which their sources are
// told of at once.
func (w *audience) push(subject string, change func(*app), tenants ...string) string {
	w.t.Helper()
	changes := map[string]*string{}
	var repo *git.Repo
	for _, name := range tenants {
		a := w.app(name)
		change(a)
		text := a.manifest()
		changes[a.path], repo = &text, a.repo
	}
	commit := repo.Push("main", subject, authors[0], w.env.Now(), changes)
	w.flux.FetchNow(repo.URL)
	return commit.SHA
}

func (w *audience) deployment(ns string) Object {
	w.t.Helper()
	o, err := w.client("test").Get(control.Deployment, ns, "kcheck")
	if err != nil {
		w.t.Fatal(err)
	}
	return o
}
