package ui

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/ui/uitest"
)

var (
	seed  = flag.Uint64("seed", today(), "seed of the random walks")
	steps = flag.Int("steps", 500, "steps of each random walk")
)

// today is a seed: in the long runs another one every day, printed so that a
// failure can be repeated; in `make test` always the same, for what fails there
// must be what was changed.
func today() uint64 {
	if os.Getenv("TENANTRY_SOAK") == "" {
		return 1
	}
	y, m, d := time.Now().UTC().Date()
	return uint64(y*10000 + int(m)*100 + d)
}

var allKeys = []string{
	"enter", "enter", "esc", "up", "down", "down", "left", "right", "home", "end", "pgup", "pgdown", "tab", "space", "backspace",
	"j", "k", "g", "G", "/", "!", "S", "?", "p", "z", "0", "1", "c", "W", "x", "a", "n", ":", "w", "h", "e", "y", "N", "*",
	"ctrl+d", "ctrl+u", "ctrl+l", "ctrl+r", "ctrl+w", "d", "o", "s", "t", "-", "m", "q", "b", "f", "l", "K",
	"2", "3", "4", "5", "6", "7", "8", "9", "*", "C", "y", "e", "shift+tab", ":", "n", "{", "]",
}

// actKeys ask for something, dialogKeys answer it.
var (
	actKeys    = []string{"r", "R", "s", "a", "r", "s", "space"}
	dialogKeys = []string{"enter", "enter", "enter", "tab", "tab", "down", "shift+tab", "space", "right", "3", "d", "p", "r", "o", "ctrl+y", "ctrl+o", "esc", "pgdown", "ctrl+c"}
)

// walk is a dashboard that is walked through at random.
type walk struct {
	*desk
	witness *witness
	rng     *rand.Rand
	trail   []string
	done    []model.Write // what the server took and did not show yet
}

// walks are dashboards of every kind.
var walks = []struct {
	name    string
	options func() Options
}{

	{"plain", withContexts},
	{"demo", inDemo},
	{"protected", protected},
	{"ascii", func() Options { return Options{ASCII: true} }},
	{"read-only", func() Options { return Options{Rules: func(string) Rules { return Rules{ReadOnly: true} }} }},
	{"unfinished", unfinished},
}

// TestRandomWalk presses keys, answers dialogs, resizes, moves the clock and
// changes the cluster at random: nothing panics, no frame is larger than the
// terminal, hostile text stays text, the pane explains the row the cursor is
// on, and what is written was asked for there.
func TestRandomWalk(t *testing.T) {
	t.Chdir(t.TempDir()) // pages are written out
	t.Logf("go test ./ui -run TestRandomWalk -seed %d -steps %d walks the same way", *seed, *steps)
	written := 0
	for number, kind := range walks {
		t.Run(kind.name, func(t *testing.T) {
			d := newDesk(t, 120, 40, kind.options(), uitest.Prod())
			w := &walk{desk: d, witness: newWitness(d.App), rng: rand.New(rand.NewPCG(*seed+11, uint64(number)))}
			d.session.OnWrite(w.answer)
			w.take(batchMsg{epoch: d.epoch, batch: uitest.Hostile().Batch})
			for i := range *steps {
				what := w.step()
				if w.trail = append(w.trail, what); len(w.trail) > 40 {
					w.trail = w.trail[1:]
				}
				if w.Failed() {
					t.Fatalf("walk %d, step %d, after %v\n%s", number, i, w.trail, d.screen())
				}
			}
			written += w.witness.writtenN
			t.Logf("%d actions, %d writes", len(w.witness.known), w.witness.writtenN)
		})
	}
	if written == 0 {
		t.Error("nothing was ever written: the walks prove nothing about actions")
	}
}

// take hands a message to the dashboard, with all that comes of it.
func (w *walk) take(msg tea.Msg) {
	w.witness.before()
	cmd := w.handle(msg)
	cmds := w.errands()
	switch msg.(type) {
	case batchMsg, tickMsg, connectedMsg: // they wait for the next one
	default:
		cmds = append(cmds, cmd)
	}
	w.View()
	if err := w.witness.after(msg); err != nil {
		w.Error(err)
	}
	if err := w.fits(); err != nil {
		w.Error(err)
	}
	if err := w.onTheCursor(); err != nil {
		w.Error(err)
	}
	if err := w.paneExplains(); err != nil {
		w.Error(err)
	}
	for _, cmd := range cmds {
		w.carryOut(cmd)
	}
}

func (w *walk) carryOut(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, c := range msg {
			w.carryOut(c)
		}
	case bugMsg:
		w.Errorf("a command panicked: %v\n%s", msg.err, msg.err.stack)
	case permitMsg, sentMsg, noteMsg, unfinishedMsg, contextsMsg, documentMsg, browsedMsg, wroteMsg, pacedMsg, memoryMsg, namespacesMsg:
		if w.rng.IntN(8) == 0 { // the person was faster
			w.step()
		}
		w.take(msg)
	}
}

// hand is one thing a person or a terminal may do.
func (w *walk) hand() (what string, msg tea.Msg) {
	d, rng := w.desk, w.rng
	one := func(of []string) (string, tea.Msg) {
		k := of[rng.IntN(len(of))]
		return k, keyPress(k)
	}
	switch {
	case d.dialog != nil && rng.IntN(3) > 0:
		if p := d.dialog.focus(); p != nil && p.label == "CONFIRM" && p.line.String() == "" {
			return "the context's name", tea.PasteMsg{Content: d.contextName()}
		}
		return one(dialogKeys)
	case d.menu != nil && rng.IntN(4) == 0, d.typist() != nil && rng.IntN(4) == 0:
		return one([]string{"esc", "enter"})
	}
	switch d.page().(type) { // pages whose rows stand for something else than themselves
	case *rollouts, *findings, *suspended, *events:
		if rng.IntN(3) == 0 {
			return one([]string{"R", "R", "r", "s", "up", "down", "down", "home"})
		}
	default:
		if rng.IntN(12) == 0 {
			return one([]string{"2", "2", "3", "4", "8"})
		}
	}
	switch n := rng.IntN(75); {
	case n < 10:
		return one(actKeys)
	case n < 60:
		return one(allKeys)
	case n < 64:
		width, height := rng.IntN(220), rng.IntN(64)
		if rng.IntN(3) == 0 {
			width, height = 120, 40
		}
		return fmt.Sprintf("%d×%d", width, height), tea.WindowSizeMsg{Width: width, Height: height}
	case n < 71:
		at := tea.MouseClickMsg{X: rng.IntN(max(d.w, 1)), Y: rng.IntN(max(d.h, 1)), Button: tea.MouseLeft}
		if d.last.at != (time.Time{}) && rng.IntN(3) == 0 {
			at.X, at.Y = d.last.x, d.last.y // a double click
		}
		return fmt.Sprintf("click %d,%d", at.X, at.Y), at
	case n < 73:
		return "wheel", tea.MouseWheelMsg{Button: []tea.MouseButton{tea.MouseWheelDown, tea.MouseWheelUp}[rng.IntN(2)]}
	}
	return "paste", tea.PasteMsg{Content: "shop\x1b[2J\n-ns:x"}
}

// step does one thing a person, a terminal or a cluster may do.
func (w *walk) step() string {
	d, rng := w.desk, w.rng
	switch n := rng.IntN(100); {
	case n < 74:
		what, msg := w.hand()
		w.take(msg)
		return what
	case n < 79:
		pass := time.Duration(rng.IntN(5000)) * time.Millisecond
		d.clock.Pass(pass)
		w.take(tickMsg{d.clock.T})
		return pass.String()
	case n < 82:
		conn := uitest.Prod().Conn
		if rng.IntN(5) == 0 {
			conn = uitest.Lost().Conn
		}
		w.take(batchMsg{epoch: d.epoch, batch: model.Batch{Conn: conn}})
		return "connection " + conn.Err
	case n < 85 && rng.IntN(6) == 0:
		old := d.epoch
		if d.randomCluster(rng, w.answer); d.epoch != old {
			w.witness.forget()
		}
		return "another cluster"
	case n < 85:
		k := model.Kinds()[rng.IntN(len(model.Kinds()))]
		state := model.ScopeState(rng.IntN(5))
		w.take(batchMsg{epoch: d.epoch, batch: model.Batch{Scopes: []model.ScopeStatus{{Kind: k, State: state, Since: uitest.Ago(time.Second), Verb: "list"}}}})
		return fmt.Sprintf("%s %s", k, state)
	case n < 87:
		if n := len(d.deeds); n > 0 && rng.IntN(4) == 0 {
			d.session.Deny("no RBAC policy matched", d.deeds[n-1].plan.Steps[0].Needs)
		}
		return "denied"
	case n < 92 && len(w.done) > 0:
		w.show(w.done[0])
		w.done = w.done[1:]
		return "answer"
	}
	return d.randomChange(rng)
}

// onTheCursor checks that the position and what an action would hit are the
// cursor's.
func (d *desk) onTheCursor() error {
	switch p := d.page().(type) {
	case *tenants:
		r, ok := p.table.Current()
		if !ok {
			return nil
		}
		if got := p.subject().name; got != p.label(r) {
			return fmt.Errorf("the cursor is on %q, what an action hits is %q", p.label(r), got)
		}
		if at, of := p.position(); at < 1 || at > of || p.table.Rows()[at-1].id != r.id {
			return fmt.Errorf("position %d of %d is not the cursor's", at, of)
		}
	case interface{ flat() *list }:
		l := p.flat()
		r, ok := l.table.Current()
		if !ok {
			return nil
		}
		var stops []*listRow
		for _, row := range l.table.Rows() {
			if !row.still() {
				stops = append(stops, row)
			}
		}
		if at, of := l.position(); at < 1 || at > of || of != len(stops) || stops[at-1].id != r.id {
			return fmt.Errorf("position %d of %d is not the cursor's", at, of)
		}
		if hit := d.page().subject().spot; r.denied == nil && (hit.tenant != r.tenant || hit.key != r.about() && hit.key != (model.Key{})) {
			return fmt.Errorf("the cursor is on %q %s, what an action hits is %+v", r.tenant, r.about(), hit)
		}
	case *tenantPage:
		if r, ok := p.tree.table.Current(); ok && p.tab == tabOverview && r.ref() && (p.subject().copy != r.id.ref.Name || p.subject().spot.key != r.key) {
			return fmt.Errorf("the cursor is on %v, c copies %q", r.id, p.subject().copy)
		}
	}
	return nil
}
