package ui

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"tenantry/model"
	"tenantry/ui/uitest"
)

var (
	seed  = flag.Uint64("seed", 0, "seed of the random walks; 0 = a fixed one")
	steps = flag.Int("steps", 800, "steps of each random walk")
)

var allKeys = []string{
	"enter", "enter", "esc", "up", "down", "down", "left", "right", "home", "end", "pgup", "pgdown", "tab", "space", "backspace",
	"j", "k", "g", "G", "/", "!", "S", "?", "p", "z", "0", "1", "c", "W", "x", "a", "n", ":", "w", "h", "e", "y", "N", "*",
	"ctrl+d", "ctrl+u", "ctrl+l", "ctrl+r", "ctrl+w", "d", "o", "s", "t", "-",
	"2", "3", "4", "5", "6", "7", "8", "9", "*", "C", "y", "e", "shift+tab", ":", "n", "{", "]",
}

// TestRandomWalk presses keys, resizes, moves the clock and changes the cluster
// at random: nothing panics, no frame is larger than the terminal, hostile text
// stays text, and the pane explains the row the cursor is on.
func TestRandomWalk(t *testing.T) {
	for walk := range uint64(4) {
		rng := rand.New(rand.NewPCG(*seed+11, walk))
		o := (&fleetOf{}).options()
		if o.ASCII = walk == 3; walk == 1 {
			o.Demo = &paced{speed: 1}
		}
		d := newDesk(t, 80, 24, o, uitest.Prod())
		d.feed(uitest.Hostile().Batch)
		trail := make([]string, 0, 40)
		for i := range *steps {
			what := d.randomStep(rng)
			if trail = append(trail, what); len(trail) > 30 {
				trail = trail[1:]
			}
			if err := d.fits(); err != nil {
				t.Fatalf("walk %d, step %d: %v\nafter %v", walk, i, err, trail)
			}
			if err := d.paneIsTheCursors(); err != nil {
				t.Fatalf("walk %d, step %d: %v\nafter %v\n%s", walk, i, err, trail, d.screen())
			}
		}
	}
}

// randomStep does one thing a person, a terminal or a cluster may do.
func (d *desk) randomStep(rng *rand.Rand) string {
	switch n := rng.IntN(100); {
	case n < 60:
		k := allKeys[rng.IntN(len(allKeys))]
		d.press(k)
		return k
	case n < 66:
		w, h := rng.IntN(220), rng.IntN(64)
		d.resize(w, h)
		return fmt.Sprintf("%d×%d", w, h)
	case n < 72:
		pass := time.Duration(rng.IntN(5000)) * time.Millisecond
		d.pass(pass)
		return pass.String()
	case n < 76:
		x, y := rng.IntN(max(d.w, 1)), rng.IntN(max(d.h, 1))
		d.send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
		return fmt.Sprintf("click %d,%d", x, y)
	case n < 78:
		d.send(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
		return "wheel"
	case n < 80:
		d.send(tea.PasteMsg{Content: "shop\x1b[2J\n-ns:x"})
		return "paste"
	case n < 82:
		conn := uitest.Prod().Conn
		if rng.IntN(2) == 0 {
			conn = uitest.Lost().Conn
		}
		d.feed(model.Batch{Conn: conn})
		return "connection"
	case n < 85 && rng.IntN(3) == 0:
		d.randomCluster(rng)
		return "another cluster"
	case n < 85:
		k := model.Kinds()[rng.IntN(len(model.Kinds()))]
		state := model.ScopeState(rng.IntN(5))
		d.feed(model.Batch{Scopes: []model.ScopeStatus{{Kind: k, State: state, Since: uitest.Ago(time.Second), Verb: "list"}}})
		return fmt.Sprintf("%s %s", k, state)
	}
	return d.randomChange(rng)
}

// randomCluster goes to another cluster, or gives up on the way; what the one
// that was left still says must change nothing.
func (d *desk) randomCluster(rng *rand.Rand) {
	if d.connect(Target{Context: "there"}) == nil {
		return // an action is on its way
	}
	d.View()
	if rng.IntN(3) == 0 {
		d.press("esc")
	}
	old := d.epoch
	d.send(connectedMsg{number: d.contexts.number, cluster: uitest.NewSession(), batches: []model.Batch{uitest.Prod().Batch, uitest.Hostile().Batch}})
	if d.epoch != old {
		before := d.store.Revision()
		d.send(batchMsg{epoch: old, batch: uitest.NoFlux().Batch})
		if d.store.Revision() != before {
			d.Error("a batch of the session that was left was taken in")
		}
	}
}

// randomChange changes, adds or removes objects.
func (d *desk) randomChange(rng *rand.Rand) string {
	names := []string{"accounts", "fluxdemo-prod", "fluxdemo-stage", "docs", "team-x", "new-one", "a\x1b[2Jb"}
	ns := names[rng.IntN(len(names))]
	switch rng.IntN(7) {
	case 6:
		d.feed(model.Batch{Scopes: []model.ScopeStatus{{Kind: model.Event, State: model.ScopeState(rng.IntN(5)), Verb: "list"}}})
		about := model.Ref{Kind: []string{"Kustomization", "Job", "世\x1b[2J界"}[rng.IntN(3)], Namespace: ns, Name: ns}
		d.put(event(about, []string{"Normal", "Warning"}[rng.IntN(2)], "Re\x1b[7mason", "said\nby "+ns, rng.Int32N(900), time.Duration(rng.IntN(1000))*time.Second))
	case 0:
		d.put(uitest.Sync(ns, ns, "./x", uitest.Rev2, uitest.Failing("Bad", "broken \x1b[31m\n世界 "+ns, time.Minute)))
	case 1:
		d.put(uitest.Sync(ns, ns, "./x", uitest.Rev3))
	case 2:
		updated := rng.Int32N(4)
		d.put(uitest.Deployment(ns, "kcheck", rng.Int64N(1000), 3, updated, rng.Int32N(5), 3-updated))
	case 3:
		c := &uitest.Cluster{}
		d.feed(c.Tenant(ns).Batch)
	case 4:
		var gone model.Batch
		for _, k := range []model.Key{{Kind: model.Namespace, Name: ns}, {Kind: model.Kustomization, Namespace: ns, Name: ns},
			{Kind: model.GitRepository, Namespace: ns, Name: ns}, {Kind: model.Deployment, Namespace: ns, Name: "web"}} {
			gone.Changes = append(gone.Changes, model.ObjectChange{Key: k})
		}
		d.feed(gone)
	case 5:
		for i := range 5 { // a shared cause comes or goes
			name := fmt.Sprintf("shop-%d", i)
			c := (&uitest.Cluster{}).Tenant(name)
			k := uitest.Sync(name, name, "./d", uitest.Rev1, uitest.Failing("DependencyNotReady", "dependency 'shop-infra/shop-infra' is not ready", time.Minute))
			k.Detail.(*model.Sync).DependsOn = []model.Ref{{Kind: "Kustomization", Namespace: "shop-infra", Name: "shop-infra"}}
			d.feed(c.Put(k).Batch)
		}
	}
	return "change " + ns
}

// paneIsTheCursors checks that cursor, pane and what an action would hit are
// one object.
func (d *desk) paneIsTheCursors() error {
	switch p := d.page().(type) {
	case *tenants:
		r, ok := p.table.Current()
		if !ok {
			return nil
		}
		if got := p.subject().name; got != p.label(r) {
			return fmt.Errorf("the cursor is on %q, what an action hits is %q", p.label(r), got)
		}
		if r.tenant != nil && !r.tenant.Denied && !r.tenant.Reading && r.fine() && !r.tenant.IsPlatform {
			if why := p.sections(r)[0].text; why[:len("Nothing is wrong with "+r.tenant.Name)] != "Nothing is wrong with "+r.tenant.Name {
				return fmt.Errorf("the cursor is on %q, the pane says %q", r.tenant.Name, why)
			}
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
		if at, of := l.position(); at < 1 || at > of || l.table.Rows()[at-1].id != r.id {
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
