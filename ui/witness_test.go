package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"tenantry/model"
	"tenantry/model/action"
)

// witness looks at a dashboard from outside while it is walked through: who was
// under the cursor or marked when a key asked for something, and what left for
// the cluster after it. It holds what an action is held to: it is for what the
// person saw, is sent once, and never without a key.
type witness struct {
	app *App

	// Before the message that is looked at.
	aim     meant
	over    bool // a dialog or a menu is open
	stamped string
	deeds   int

	aims  map[string]meant // by the stamp of the request
	asked map[string]bool  // targets that were asked for, as text
	known map[*deed]bool
	sent  map[string]int // writes that steps stand for

	mu       sync.Mutex
	writes   []model.Write // not looked at yet
	writtenN int
}

func newWitness(a *App) *witness {
	return &witness{app: a, aims: map[string]meant{}, asked: map[string]bool{}, known: map[*deed]bool{}, sent: map[string]int{}}
}

// forget is called when another cluster is shown.
func (w *witness) forget() {
	clear(w.aims)
	clear(w.asked)
}

// wrote takes note of a write that left; from any goroutine.
func (w *witness) wrote(write model.Write) {
	if write.DryRun {
		return // asked while a dialog is open; nothing is stored
	}
	write.Body = slices.Clone(write.Body)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.writes = append(w.writes, write)
}

// before is called before a message is handled.
func (w *witness) before() {
	a := w.app
	w.over = a.dialog != nil || a.menu != nil
	w.stamped, w.deeds = a.stamped.String(), len(a.deeds)
	if w.over {
		return // what was meant is what was meant when it was opened
	}
	w.aim = a.whatIsMeant()
}

// after is called once a message was handled and drawn.
func (w *witness) after(msg tea.Msg) error {
	a := w.app
	hand := false
	switch msg.(type) {
	case tea.KeyPressMsg, tea.MouseClickMsg:
		hand = true
	}
	if hand && a.stamped.String() != w.stamped {
		stamp := a.stamped.Format(time.RFC3339Nano)
		w.aims[stamp] = w.aim
	}
	permitted, isPermit := msg.(permitMsg)
	if isPermit && permitted.epoch == a.epoch {
		if err := w.permitted(permitted); err != nil {
			return err
		}
	}
	for _, d := range a.deeds {
		if w.known[d] {
			continue
		}
		w.known[d] = true
		if err := w.began(d, hand, isPermit); err != nil {
			return err
		}
	}
	return w.left()
}

// permitted compares what is asked for with what was meant.
func (w *witness) permitted(msg permitMsg) error {
	targets := fmt.Sprint(msg.plan.Wish.Targets)
	w.asked[targets] = true
	if w.app.closing != "" {
		w.aim = meant{}
		return nil // it is for what an earlier dashboard left
	}
	meant, ok := w.aims[msg.plan.Wish.Stamp]
	if !w.over && w.app.dialog != nil {
		w.aim = meant // what the dialog is about, wherever the cursor went meanwhile
	}
	if !ok {
		return fmt.Errorf("%s was asked for by no key", msg.plan.Title)
	}
	if !meant.known && msg.plan.Wish.Verb != action.OffBoard {
		return nil
	}
	return meant.fits(msg.plan.Wish)
}

// began looks at an action that has begun.
func (w *witness) began(d *deed, hand, permit bool) error {
	a := w.app
	rules := a.rules()
	switch {
	case rules.ReadOnly:
		return fmt.Errorf("%s has begun in a read-only session", d.plan.Title)
	case !hand && !permit:
		return fmt.Errorf("%s has begun without a key", d.plan.Title)
	case (d.plan.Asks || rules.Protected) && !(hand && w.over):
		return fmt.Errorf("%s has begun without a dialog", d.plan.Title)
	case !w.asked[fmt.Sprint(d.plan.Wish.Targets)]:
		return fmt.Errorf("%s has begun for %v, which was not asked for", d.plan.Title, d.plan.Wish.Targets)
	}
	for _, s := range d.plan.Steps {
		if !w.meant(d.plan.Wish, s.Key) {
			return fmt.Errorf("%s touches %s, which is not of %v", d.plan.Title, s.Key, d.plan.Wish.Targets)
		}
		if s.Write.UID == "" || s.Write.Ref != s.Key.ObjectRef() {
			return fmt.Errorf("%s writes %+v for %s", d.plan.Title, s.Write, s.Key)
		}
		w.sent[writeID(s.Write)]++
	}
	return nil
}

// meant reports whether a wish means an object: itself, a member of its row, or
// a source that is fetched first.
func (w *witness) meant(wish action.Wish, k model.Key) bool {
	for _, t := range wish.Targets {
		switch {
		case t.Key == k, t.Key == (model.Key{}) && t.Row == w.app.store.TenantOf(k):
			return true
		case wish.Verb == action.Fetch && k.Kind.Role() == model.RoleSource:
			return true
		case wish.Verb == action.OffBoard && w.onlyOf(t.Row, k):
			return true
		}
	}
	return false
}

// onlyOf reports whether a binding names nobody but accounts of a tenant.
func (w *witness) onlyOf(tenant string, k model.Key) bool {
	row, o := w.app.store.Tenant(tenant), w.app.store.Get(k)
	if row == nil || o == nil {
		return false
	}
	b, ok := o.Detail.(*model.Binding)
	return ok && !slices.ContainsFunc(b.Subjects, func(s model.Subject) bool { return !slices.Contains(row.Namespaces, s.Namespace) })
}

func writeID(w model.Write) string { return w.Ref.String() + " " + w.UID + " " + string(w.Body) }

// left compares what was written with the steps it should have been written
// for.
func (w *witness) left() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, write := range w.writes {
		id := writeID(write)
		if w.sent[id] == 0 {
			return fmt.Errorf("written for no action, or twice: %s", id)
		}
		w.sent[id]--
		w.writtenN++
	}
	w.writes = w.writes[:0]
	return nil
}

// repositoryIn is the repository a row of Rollouts is in, as it is now, and the
// commit where it is not the newest. Both are read from the row's identity.
func (a *App) repositoryIn(id listID) (of *model.Head, revision string) {
	at := ""
	for _, h := range a.store.Rollouts() {
		what := "repository " + h.Repo.Kind.String() + " " + h.Repo.URL + " " + h.Repo.Ref
		if rest, ok := strings.CutPrefix(id.what+" ", what+" "); ok && len(what) > len(at) {
			of, at, revision = h, what, strings.TrimSpace(rest)
		}
	}
	return of, revision
}

// cursorLine is the row of the cursor as it was drawn last, where it is wide
// enough to hold a name; "" elsewhere.
func (a *App) cursorLine() string {
	if a.w < 120 || a.h < 20 {
		return ""
	}
	switch a.page().(type) {
	case *tenants, interface{ flat() *list }:
	default:
		return ""
	}
	for l := range strings.SplitSeq(ansi.Strip(a.view.Content), "\n") {
		if strings.HasPrefix(l, "▌") || strings.HasPrefix(l, ">") {
			return l
		}
	}
	return ""
}

// watched is a cluster whose writes a witness sees.
type watched struct {
	Cluster
	witness *witness
}

func (c watched) Do(ctx context.Context, w model.Write) (*model.Written, error) {
	c.witness.wrote(w)
	return c.Cluster.Do(ctx, w)
}
