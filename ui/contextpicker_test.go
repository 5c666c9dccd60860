package ui

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// fleetOf are clusters by their contexts, as a kubeconfig names them.
type fleetOf struct {
	mu     sync.Mutex
	closed map[string]int
	open   map[string]func() *uitest.Session
}

type closing struct {
	*uitest.Session
	closed func()
}

func (c *closing) Close() { c.closed() }

func (f *fleetOf) options() Options {
	f.closed = map[string]int{}
	return Options{
		Contexts: func() ([]Context, error) {
			return []Context{{Name: "prod-eu", Cluster: "eu", Server: "https://eu.example", User: "ann", Login: "aws"},
				{Name: "prod-us", Cluster: "us", Server: "https://us.example", User: "ann", Login: "client certificate", Namespace: "team-a"}}, nil
		},
		Connect: func(_ context.Context, t Target) (Cluster, error) {
			open := f.open[t.Context]
			if open == nil {
				return nil, errors.New("the kubeconfig can't be read any more")
			}
			return &closing{open(), func() {
				f.mu.Lock()
				f.closed[t.Context]++
				f.mu.Unlock()
			}}, nil
		},
	}
}

func (f *fleetOf) closings(name string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.closed[name]
}

// us is another cluster with a tenant of the same name, in another state.
func us() *uitest.Cluster {
	c := uitest.NewCluster("prod-us").Controllers().PlatformSync().Tenant("accounts").Tenant("only-here")
	return c.Put(uitest.Sync("accounts", "accounts", "./deploy", uitest.Rev2, uitest.Failing("BuildFailed", "broken in the us alone", time.Minute)))
}

func TestContextIsChanged(t *testing.T) {
	f := &fleetOf{open: map[string]func() *uitest.Session{"prod-us": func() *uitest.Session { return uitest.NewSession(us().Batch) }}}
	term := startTerminal(t, t.Context(), uitest.NewSession(uitest.Prod().Batch), f.options())
	term.waitFor("● live")
	term.keys("C")
	term.waitFor("https://eu.example")
	term.keys("j")
	term.waitFor("ann, by client certificate; its namespace is team-a")
	term.keys("\r")
	term.waitFor("now on prod-us")
	term.waitFor("broken in the us alone")
	if s := term.screen(); strings.Contains(s, "fluxdemo") || !strings.Contains(s, "only-here") {
		t.Errorf("not the other cluster's picture:\n%s", s)
	}
	term.keys("\x03")
	if err := term.ends(); err != nil {
		t.Error(err)
	}
	if n := f.closings("prod-us"); n != 1 {
		t.Errorf("the session that was connected to was closed %d times", n)
	}
}

func TestAContextThatDoesNotAnswerChangesNothing(t *testing.T) {
	gone := us()
	gone.Conn = &model.Connection{State: model.ConnLost, Context: "prod-us", Err: "us.example refuses connections"}
	f := &fleetOf{open: map[string]func() *uitest.Session{"prod-us": func() *uitest.Session { return uitest.NewSession(model.Batch{Conn: gone.Conn}) }}}
	session := uitest.NewSession(uitest.Prod().Batch)
	term := startTerminal(t, t.Context(), session, f.options())
	term.waitFor("● live")
	term.keys("C")
	term.waitFor("https://us.example")
	term.keys("j\r")
	term.waitFor("still on prod-eu: prod-us: us.example refuses connections")
	if n := f.closings("prod-us"); n != 1 {
		t.Errorf("the attempt was closed %d times", n)
	}
	k := uitest.Sync("search", "search", "./deploy", uitest.Rev1, uitest.Failing("BuildFailed", "still live here", time.Minute))
	session.Push(model.Batch{Changes: []model.ObjectChange{{Key: k.Key, Object: k}}})
	term.waitFor("still live here")
	term.keys("\x03")
	_ = term.ends()
}

func TestConnectingCanBeGivenUp(t *testing.T) {
	slow := uitest.NewSession() // never says anything
	f := &fleetOf{open: map[string]func() *uitest.Session{"prod-us": func() *uitest.Session { return slow }}}
	term := startTerminal(t, t.Context(), uitest.NewSession(uitest.Prod().Batch), f.options())
	term.waitFor("● live")
	term.keys("C")
	term.waitFor("https://us.example")
	term.keys("j\r")
	term.waitFor("CONNECTING prod-us")
	term.keys("\x1b")
	term.waitFor("gave up connecting to prod-us")
	slow.Push(us().Batch)
	term.keys("j")
	term.waitFor("platform")
	if strings.Contains(term.screen(), "only-here") {
		t.Error("what was given up came all the same")
	}
	term.keys("\x03")
	_ = term.ends()
}

// What the session that was left still says belongs to no picture any more.
func TestOldBatchesAreDroppedAfterAChange(t *testing.T) {
	d := newDesk(t, 120, 40, Options{Connect: func(context.Context, Target) (Cluster, error) { return nil, nil }}, uitest.Prod())
	d.press("n")
	d.typ("docs")
	d.press("enter", "/")
	d.typ("zzz")
	d.press("enter")
	cmd := d.connect(Target{Context: "prod-us"})
	if cmd == nil {
		t.Fatal("nothing is done to connect")
	}
	d.send(connectedMsg{number: d.contexts.number, cluster: uitest.NewSession(), batches: []model.Batch{us().Batch}})
	d.wants("prod-us ▸ 2 tenants", "broken in the us alone", "only-here")
	old := &uitest.Cluster{}
	old.Tenant("ghost").Put(uitest.Sync("accounts", "accounts", "./deploy", uitest.Rev1)) // same name, fine over there
	d.send(batchMsg{epoch: 1, batch: old.Batch})
	d.send(batchMsg{epoch: 1, err: errors.New("the session is closed")})
	d.wants("broken in the us alone")
	d.misses("ghost", "session ended")
	fresh := &uitest.Cluster{}
	d.send(batchMsg{epoch: 2, batch: fresh.Tenant("newcomer").Batch})
	d.wants("newcomer", "3 tenants")
	// An attempt that was overtaken is closed, whatever it brings.
	d.send(connectedMsg{number: d.contexts.number, cluster: uitest.NewSession(), batches: []model.Batch{uitest.Prod().Batch}})
	d.wants("prod-us", "newcomer")
	// The theme stays, the place one was at does not.
	if d.theme.Name != "dark" || d.scope.on() || len(d.pages) != 1 {
		t.Errorf("theme %s, scope %v, %d pages", d.theme.Name, d.scope, len(d.pages))
	}
}

func TestOneClusterOnlyIsSaid(t *testing.T) {
	d := newDesk(t, 80, 24, Options{}, uitest.Prod())
	d.press("C")
	d.wants("there is only this one cluster to look at")
}

func TestContextsThatCannotBeReadAreSaid(t *testing.T) {
	o := Options{Contexts: func() ([]Context, error) { return nil, errors.New("config: no such kubeconfig file") },
		Connect: func(context.Context, Target) (Cluster, error) { return nil, nil }}
	d := newDesk(t, 80, 24, o, uitest.Prod())
	d.press("C")
	d.wants("reading the kubeconfig")
	d.press("enter") // there is nothing to take yet
	d.send(listContexts(o.Contexts)())
	d.wants("config: no such kubeconfig file")
}

func TestContextIsNamedInThePalette(t *testing.T) {
	f := &fleetOf{open: map[string]func() *uitest.Session{"prod-us": func() *uitest.Session { return uitest.NewSession(us().Batch) }}}
	term := startTerminal(t, t.Context(), uitest.NewSession(uitest.Prod().Batch), f.options())
	term.waitFor("● live")
	term.keys(":")
	term.waitFor("go to, or do")
	term.keys("ctx us")
	term.waitFor("https://us.example")
	term.keys("\r")
	term.waitFor("now on prod-us")
	term.keys("\x03")
	if err := term.ends(); err != nil {
		t.Error(err)
	}
}
