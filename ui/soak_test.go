package ui

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/kube"
	"tenantry/kube/demo"
	"tenantry/model"
	"tenantry/ui/uitest"
)

// TestSoak walks at random through a living company, its API server failing in
// every way there is, for as long as TENANTRY_SOAK says (1 = ten minutes). What TestRandomWalk holds for every step holds here too,
// and whenever the faults are gone the dashboard is right again.
func TestSoak(t *testing.T) {
	t.Chdir(t.TempDir())
	kube.Quiet(io.Discard)
	lasts := 10 * time.Minute
	switch word := os.Getenv("TENANTRY_SOAK"); word {
	case "":
		t.Skip("make soak runs it")
	case "1":
	default:
		d, err := time.ParseDuration(word)
		if err != nil {
			t.Fatal(err)
		}
		lasts = d
	}
	t.Logf("seed %d", *seed)
	s := newSoak(t)
	end := time.Now().Add(lasts)
	for round := 0; time.Now().Before(end) && !t.Failed(); round++ {
		calm := time.Now().Add(min(20*time.Second, time.Until(end)))
		for time.Now().Before(calm) && !t.Failed() {
			s.misbehave()
			s.change()
			for range 40 {
				s.step()
				s.listen(time.Millisecond)
			}
		}
		s.recover()
		s.move()
	}
	t.Logf("%s: %d steps, %d messages, %d actions, %d writes; %d faults; right again after at most %s; %d clusters",
		lasts, s.steps, s.messages, len(s.witness.known), s.witness.writtenN, s.faults, s.slowest.Round(time.Millisecond), s.opened)
}

// soak is a dashboard on real sessions with embedded clusters; its commands run
// as Bubble Tea runs them.
type soak struct {
	*walk
	ctx       context.Context
	companies map[string]*demo.Company
	messages  int
	steps     int
	faults    int
	opened    int
	slowest   time.Duration
	arrived   chan tea.Msg
	wires     *wires // of the latest session
	undo      []func()
}

func newSoak(t *testing.T) *soak {
	s := &soak{companies: map[string]*demo.Company{}, arrived: make(chan tea.Msg, 4096)}
	var cancel context.CancelFunc
	s.ctx, cancel = context.WithCancel(context.Background())
	for number, name := range []string{"prod", "lab"} {
		c := demo.NewCompany(demo.CompanyOptions{Seed: int64(*seed) + int64(number), Speed: 10})
		t.Cleanup(c.Close)
		s.companies[name] = c
	}
	o := Options{Calm: true, Theme: "dark", Journal: &memoryJournal{},
		Contexts: func() ([]Context, error) { return []Context{{Name: "prod"}, {Name: "lab"}}, nil },
		Connect: func(ctx context.Context, to Target) (Cluster, error) {
			if s.companies[to.Context] == nil {
				to.Context = "prod"
			}
			config := s.companies[to.Context].Config()
			s.wires = &wires{next: config.Transport, open: map[*wire]bool{}}
			config.Transport = s.wires
			session, err := kube.Open(context.WithoutCancel(ctx), config, kube.Options{Context: to.Context})
			if err != nil {
				return nil, err
			}
			return watched{session, s.walk.witness}, nil
		}}
	s.walk = &walk{witness: newWitness(nil), rng: rand.New(rand.NewPCG(*seed+5, 1))}
	first, err := o.Connect(s.ctx, Target{Context: "prod"})
	if err != nil {
		t.Fatal(err)
	}
	o.Cluster = first
	app, err := newApp(s.ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	s.walk.witness.app = app
	s.walk.desk = &desk{TB: t, App: app, clock: uitest.NewClock()}
	t.Cleanup(func() {
		cancel()
		app.cluster.Close()
	})
	s.run(app.Init())
	s.hear(tea.WindowSizeMsg{Width: 120, Height: 40})
	s.until(20*time.Second, "the first picture", func() bool { return app.store.Complete() })
	return s
}

// run runs a command beside the walk.
func (s *soak) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() {
		msg := cmd()
		if batch, ok := msg.(tea.BatchMsg); ok {
			for _, c := range batch {
				s.run(c)
			}
			return
		}
		if msg == nil {
			return
		}
		select {
		case s.arrived <- msg:
		case <-s.ctx.Done():
		}
	}()
}

// hear hands one message to the dashboard and looks at what it makes of it.
func (s *soak) hear(msg tea.Msg) {
	switch msg := msg.(type) {
	case tea.QuitMsg, tea.SuspendMsg, tea.ResumeMsg:
		return // the walk goes on
	case bugMsg:
		s.Errorf("a command panicked: %v\n%s", msg.err, msg.err.stack)
		return
	case batchMsg:
		if msg.err != nil && s.ctx.Err() == nil && msg.epoch == s.epoch {
			s.Errorf("the session ended: %v", msg.err)
		}
	}
	s.messages++
	epoch := s.epoch
	s.witness.before()
	_, cmd := s.Update(msg)
	s.View()
	if s.epoch != epoch {
		s.opened++
		s.witness.forget()
	}
	for _, err := range []error{s.witness.after(msg), s.fits(), s.onTheCursor(), s.paneExplains()} {
		if err != nil {
			s.Errorf("%v\nafter %v, %T\n%s", err, s.trail, msg, s.screen())
		}
	}
	s.run(cmd)
}

// listen takes in what arrives, for a moment.
func (s *soak) listen(d time.Duration) {
	over := time.NewTimer(d)
	defer over.Stop()
	for {
		select {
		case msg := <-s.arrived:
			s.hear(msg)
		case <-over.C:
			return
		}
	}
}

// step presses a key, clicks, pastes or resizes.
func (s *soak) step() {
	s.steps++
	what, msg := s.hand()
	if s.trail = append(s.trail, what); len(s.trail) > 40 {
		s.trail = s.trail[1:]
	}
	s.hear(msg)
}

func (s *soak) until(limit time.Duration, what string, ok func() bool) time.Duration {
	s.Helper()
	began := time.Now()
	for !ok() {
		if s.listen(20 * time.Millisecond); time.Since(began) > limit {
			s.Fatalf("not within %s: %s; connection %+v, scopes\n%s\n%s", limit, what, s.store.Connection(), s.scopesText(), s.screen())
		}
	}
	return time.Since(began)
}

func (s *soak) scopesText() string {
	var out []string
	for _, sc := range s.store.Scopes() {
		if sc.State != model.ScopeSynced {
			out = append(out, fmt.Sprintf("%s %s %s %s", sc.Kind, sc.Namespace, sc.State, sc.Message))
		}
	}
	return strings.Join(out, "\n")
}

// move goes to the other cluster, once what is just being sent is answered or
// given up. What is only followed keeps nobody.
func (s *soak) move() {
	s.until(time.Minute, "nothing is being sent", func() bool { return !s.sending() })
	for _, d := range s.deeds {
		d.over = true
	}
	to := Target{Context: map[string]string{"prod": "lab", "lab": "prod"}[s.store.Connection().Context]}
	cmd := s.connect(to)
	if cmd == nil {
		s.Fatalf("no way to %s: %s", to.Context, s.notice)
	}
	s.run(cmd)
	s.until(20*time.Second, "the other cluster", func() bool { return s.contexts.cancel == nil && s.store.Complete() })
	if got := s.store.Connection().Context; got != to.Context {
		s.Errorf("still on %s: %s", got, s.notice)
	}
}

// same reports whether the store has what the server has.
func (s *soak) same() bool {
	client := s.here().Cluster.Client("somebody")
	for kind, gk := range soakKinds {
		if s.store.KindStatus(kind).State != model.ScopeSynced {
			return false
		}
		served := map[string]string{}
		for _, o := range client.List(gk, "") {
			meta := o["metadata"].(map[string]any)
			ns, _ := meta["namespace"].(string)
			served[ns+"/"+meta["name"].(string)] = meta["resourceVersion"].(string)
		}
		for _, o := range s.store.Objects(kind) {
			if served[o.Namespace+"/"+o.Name] != o.ResourceVersion {
				return false
			}
			delete(served, o.Namespace+"/"+o.Name)
		}
		if len(served) > 0 {
			return false
		}
	}
	return true
}
