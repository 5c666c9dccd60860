package ui

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// desk is the app with a clock that tests move and no terminal: messages go
// straight to Update, and what View returns is looked at.
type desk struct {
	testing.TB
	*App
	clock   *uitest.Clock
	session *uitest.Session
	quit    bool
	rung    int // bells
}

// newDesk sets the dashboard up at a size and feeds it the given clusters.
func newDesk(t testing.TB, w, h int, o Options, clusters ...*uitest.Cluster) *desk {
	t.Helper()
	d := &desk{TB: t, clock: uitest.NewClock(), session: uitest.NewSession()}
	o.Cluster, o.Clock = d.session, d.clock.Now
	if o.Theme == "" {
		o.Theme = "dark"
	}
	app, err := newApp(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	d.App = app
	d.resize(w, h)
	for _, c := range clusters {
		d.feed(c.Batch)
	}
	return d
}

func (d *desk) send(msg tea.Msg) {
	if raw, ok := msg.(tea.RawMsg); ok && fmt.Sprint(raw.Msg) == "\a" {
		d.rung++
		return
	}
	cmd := d.handle(msg)
	for _, errand := range d.errands() {
		switch answer := errand().(type) {
		case nil:
		case tea.BatchMsg:
			for _, c := range answer {
				d.run(c)
			}
		default:
			d.send(answer)
		}
	}
	d.View() // as Bubble Tea does
	// Only what ends the program is looked for: other commands wait or do IO.
	if _, isKey := msg.(tea.KeyPressMsg); isKey && cmd != nil {
		if _, ok := cmd().(tea.QuitMsg); ok {
			d.quit = true
		}
	}
}

func (d *desk) resize(w, h int)    { d.send(tea.WindowSizeMsg{Width: w, Height: h}) }
func (d *desk) feed(b model.Batch) { d.send(batchMsg{epoch: d.epoch, batch: b}) }
func (d *desk) pass(t time.Duration) {
	d.clock.Pass(t)
	d.send(tickMsg{d.clock.T})
}

// put feeds changed objects.
func (d *desk) put(objects ...*model.Object) {
	c := &uitest.Cluster{}
	d.feed(c.Put(objects...).Batch)
}

// press sends keys by name, single letters as text.
func (d *desk) press(keys ...string) {
	for _, k := range keys {
		d.send(keyPress(k))
	}
}

// typ sends every letter as a key.
func (d *desk) typ(s string) {
	for _, r := range s {
		d.send(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

var named = map[string]tea.KeyPressMsg{
	"enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape}, "up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown},
	"left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight}, "home": {Code: tea.KeyHome}, "end": {Code: tea.KeyEnd},
	"pgup": {Code: tea.KeyPgUp}, "pgdown": {Code: tea.KeyPgDown}, "tab": {Code: tea.KeyTab}, "shift+tab": {Code: tea.KeyTab, Mod: tea.ModShift}, "backspace": {Code: tea.KeyBackspace},
	"space": {Code: tea.KeySpace, Text: " "}, "delete": {Code: tea.KeyDelete},
}

func keyPress(k string) tea.KeyPressMsg {
	if msg, ok := named[k]; ok {
		return msg
	}
	if rest, ok := strings.CutPrefix(k, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: rune(rest[0]), Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: []rune(k)[0], Text: k}
}

// screen is what is on the screen, without styles.
func (d *desk) screen() string { return ansi.Strip(d.View().Content) }

func (d *desk) lines() []string { return strings.Split(d.screen(), "\n") }

// wants fails unless the screen holds all of these.
func (d *desk) wants(parts ...string) {
	d.Helper()
	s := d.screen()
	for _, p := range parts {
		if !strings.Contains(s, p) {
			d.Errorf("%q is not on the screen:\n%s", p, s)
			return
		}
	}
}

// misses fails if the screen holds one of these.
func (d *desk) misses(parts ...string) {
	d.Helper()
	s := d.screen()
	for _, p := range parts {
		if strings.Contains(s, p) {
			d.Errorf("%q is on the screen:\n%s", p, s)
			return
		}
	}
}

// row is the line of the list the cursor is on.
func (d *desk) row() string {
	for _, l := range d.lines() {
		if strings.HasPrefix(l, "▌") || strings.HasPrefix(l, ">") {
			return strings.TrimSpace(strings.TrimLeft(l, "▌>•* "))
		}
	}
	return ""
}

// fits fails if the frame is larger than the terminal or holds what could do
// something to it.
func (d *desk) fits() error {
	content := d.View().Content
	lines := strings.Split(content, "\n")
	if len(lines) > max(d.h, 1) {
		return fmt.Errorf("%d lines at %d×%d", len(lines), d.w, d.h)
	}
	for i, l := range lines {
		if w := max(ansi.StringWidth(l), ansi.StringWidthWc(ansi.Strip(l))); w > d.w {
			return fmt.Errorf("line %d is %d wide at %d×%d: %q", i, w, d.w, d.h, l)
		}
		for _, r := range ansi.Strip(l) {
			if r < 0x20 || r == 0x7f || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200b || r == 0x200d || r == 0xfeff {
				return fmt.Errorf("line %d holds %U: %q", i, r, l)
			}
		}
		for _, seq := range strings.Split(l, "\x1b")[1:] {
			if !sgr(seq) {
				return fmt.Errorf("line %d holds a sequence that is no style: %q", i, seq)
			}
		}
	}
	return nil
}

// sgr reports whether a sequence, without its ESC, only sets a style.
func sgr(seq string) bool {
	if !strings.HasPrefix(seq, "[") {
		return false
	}
	rest := strings.TrimLeft(seq[1:], "0123456789;:")
	return strings.HasPrefix(rest, "m")
}
