package e2e

import (
	"context"
	"fmt"
	"os"
	"sort"
	"strings"
	"sync"
	"testing"
	"time"

	"k8s.io/client-go/tools/clientcmd"

	"tenantry/kube"
	"tenantry/model"
)

// A watcher reads the lab as the dashboard does, and lets a test look at every
// state the dashboard could have drawn.
type watcher struct {
	session *kube.Session

	mu    sync.Mutex
	store *model.Store
	each  func(*model.Store) // called after every batch and tick
	stop  func()
	ahead time.Duration // of the store's clock; under mu
}

func watch(t *testing.T, kubeconfig string, opts kube.Options, each func(*model.Store)) *watcher {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	kube.Prepare(config, "e2e")
	ctx, cancel := context.WithCancel(context.Background())
	session, err := kube.Open(ctx, config, opts)
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	w := &watcher{session: session, each: each}
	w.store = model.NewStore(func() time.Time { return time.Now().Add(w.ahead) })
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			wait, done := context.WithTimeout(ctx, time.Second)
			b, err := session.Next(wait)
			done()
			if ctx.Err() != nil {
				return
			}
			w.mu.Lock()
			if err == nil {
				w.store.Apply(b)
			}
			w.store.Tick()
			if w.each != nil {
				w.each(w.store)
			}
			w.mu.Unlock()
		}
	})
	w.stop = func() { cancel(); session.Close(); wg.Wait() }
	t.Cleanup(w.stop)
	w.wait(t, 20*time.Second, "complete", func(s *model.Store) bool { return s.Complete() })
	return w
}

// look reads the store.
func (w *watcher) look(f func(*model.Store)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f(w.store)
}

// wait polls until the store is as wanted and returns how long that took.
func (w *watcher) wait(t *testing.T, limit time.Duration, what string, ok func(*model.Store) bool) time.Duration {
	t.Helper()
	start := time.Now()
	for {
		yes := false
		w.look(func(s *model.Store) { yes = ok(s) })
		if yes {
			return time.Since(start)
		}
		if time.Since(start) > limit {
			t.Fatalf("%s: not within %s", what, limit)
		}
		<-time.After(5 * time.Millisecond)
	}
}

// everything lists all objects in their last version, for comparison with a
// fresh list. Verdicts are left out: a fresh look remembers nothing.
func everything(s *model.Store) string {
	var lines []string
	for _, k := range model.Kinds() {
		if k == model.Lease || k == model.FluxReport || k == model.ReplicaSet {
			continue
		}
		for _, o := range s.Objects(k) {
			lines = append(lines, fmt.Sprintf("%s %d %s %s", o.Key, o.Generation, o.UID, o.ResourceVersion))
		}
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

// equalsFresh compares what the watcher holds with a list made now.
func (w *watcher) equalsFresh(t *testing.T, kubeconfig string, opts kube.Options) {
	t.Helper()
	eventually(t, 10*time.Second, func() error {
		fresh := watch(t, kubeconfig, opts, nil)
		defer fresh.stop()
		var want, got string
		fresh.look(func(s *model.Store) { want = everything(s) })
		w.look(func(s *model.Store) { got = everything(s) })
		if got != want {
			return fmt.Errorf("what was watched differs from a fresh list:\n%s", difference(got, want))
		}
		return nil
	})
}

func difference(a, b string) string {
	in := map[string]bool{}
	for _, l := range strings.Split(b, "\n") {
		in[l] = true
	}
	var out []string
	for _, l := range strings.Split(a, "\n") {
		if !in[l] {
			out = append(out, "only watched: "+l)
		}
		delete(in, l)
	}
	for l := range in {
		out = append(out, "only listed: "+l)
	}
	return strings.Join(out, "\n")
}

// Kustomizations flip False → Unknown → False on every retry, ten times in
// five minutes; none may ever look as if it were moving.
func TestFailingObjectsNeverLookAsIfTheyMoved(t *testing.T) {
	failing := []string{"escape", "badyaml", "nopath", "unhealthy", "nosa", "defaultsa", "waitfor", "nosource", "fromnosecret", "crossns"}
	flips := map[string]int{}
	status := map[string]string{}
	wrong := map[string]bool{}
	start := time.Now()
	watch(t, lab.Kubeconfig, kube.Options{}, func(s *model.Store) {
		if !s.Complete() {
			return
		}
		for _, name := range failing {
			k := model.Key{Kind: model.Kustomization, Namespace: "team-x", Name: name}
			if h := s.Verdict(k).Health; h == model.Reconciling || h == model.Ready {
				wrong[fmt.Sprintf("%s after %s: %s", name, time.Since(start).Round(100*time.Millisecond), h)] = true
			}
			if o := s.Get(k); o != nil {
				if c := o.Condition("Ready"); c != nil && c.Status != status[name] {
					status[name] = c.Status
					flips[name]++
				}
			}
		}
	})
	limit := 75 * time.Second
	if os.Getenv("TENANTRY_SOAK") != "" {
		limit = 5*time.Minute + 10*time.Second
	}
	<-time.After(limit)
	seen := 0
	for _, n := range flips {
		seen += n - 1
	}
	t.Logf("flips of Ready seen in %s: %d", limit, seen)
	if seen == 0 {
		t.Error("no retry was seen, so nothing was proved")
	}
	for w := range wrong {
		t.Error(w)
	}
}

// watchAs watches as another user, by impersonation, in all namespaces.
func watchAs(t *testing.T, user string) *watcher {
	t.Helper()
	data, err := os.ReadFile(lab.Kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	path := t.TempDir() + "/kubeconfig"
	config, err := clientcmd.Load(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range config.AuthInfos {
		u.Impersonate = user
	}
	if err := clientcmd.WriteToFile(*config, path); err != nil {
		t.Fatal(err)
	}
	return watch(t, path, kube.Options{AllNamespaces: true}, nil)
}
