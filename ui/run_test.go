package ui

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/hinshun/vt10x"

	"tenantry/model"
	"tenantry/ui/uitest"
)

// patience bounds what a test waits for; it is never waited out.
const patience = 20 * time.Second

// terminal is a pseudo terminal with a dashboard running in it.
type terminal struct {
	t       *testing.T
	master  *os.File
	changed chan struct{}
	done    chan error
	mu      sync.Mutex
	raw     bytes.Buffer
	vt      vt10x.Terminal
}

func startTerminal(t *testing.T, ctx context.Context, cluster Cluster, o Options) *terminal {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	if err := pty.Setsize(master, &pty.Winsize{Rows: 24, Cols: 80}); err != nil {
		t.Fatal(err)
	}
	term := &terminal{t: t, master: master, changed: make(chan struct{}, 1), done: make(chan error, 1), vt: vt10x.New(vt10x.WithSize(80, 24))}
	go term.read()
	clock := uitest.NewClock()
	o.Cluster, o.Input, o.Output, o.Clock, o.Calm = cluster, slave, slave, clock.Now, true
	if o.Environ == nil {
		o.Environ = []string{"TERM=xterm-256color", "LANG=C.UTF-8"}
	}
	go func() {
		// The terminal's own end stays open: Bubble Tea's reader may still be
		// on its way out when Run returns.
		term.done <- Run(ctx, o)
	}()
	t.Cleanup(func() { _ = master.Close() })
	return term
}

func (term *terminal) read() {
	buf := make([]byte, 4096)
	for {
		n, err := term.master.Read(buf)
		term.mu.Lock()
		term.raw.Write(buf[:n])
		_, _ = term.vt.Write(buf[:n])
		term.mu.Unlock()
		select {
		case term.changed <- struct{}{}:
		default:
		}
		if err != nil {
			return
		}
	}
}

func (term *terminal) screen() string {
	term.mu.Lock()
	defer term.mu.Unlock()
	return term.vt.String()
}

func (term *terminal) output() string {
	term.mu.Lock()
	defer term.mu.Unlock()
	return term.raw.String()
}

// waitFor waits until the screen holds a text.
func (term *terminal) waitFor(part string) {
	term.t.Helper()
	late := time.After(patience)
	for !strings.Contains(term.screen(), part) {
		select {
		case <-term.changed:
		case err := <-term.done:
			term.done <- err
			term.t.Fatalf("the dashboard ended (%v) before %q was on the screen", err, part)
		case <-late:
			term.t.Fatalf("%q never came on the screen:\n%s", part, term.screen())
		}
	}
}

func (term *terminal) keys(s string) {
	term.t.Helper()
	if _, err := term.master.WriteString(s); err != nil {
		term.t.Fatal(err)
	}
}

// ends waits for Run to return and checks that the terminal was left as it was
// found.
func (term *terminal) ends() error {
	term.t.Helper()
	var err error
	select {
	case err = <-term.done:
	case <-time.After(patience):
		term.t.Fatal("the dashboard does not end")
	}
	late := time.After(patience)
	for !restored(term.output()) {
		select {
		case <-term.changed:
		case <-late:
			out := term.output()
			term.t.Fatalf("the terminal was not restored; it got last: %q", out[max(0, len(out)-400):])
		}
	}
	return err
}

// restored reports whether everything that was switched on is switched off.
func restored(out string) bool {
	for _, mode := range []string{"1049", "2004", "1002", "1006"} {
		on, off := strings.LastIndex(out, "\x1b[?"+mode+"h"), strings.LastIndex(out, "\x1b[?"+mode+"l")
		if on > off {
			return false
		}
	}
	return strings.LastIndex(out, "\x1b[?25h") > strings.LastIndex(out, "\x1b[?25l")
}

func TestRunShowsFiltersAndQuits(t *testing.T) {
	session := uitest.NewSession(uitest.Prod().Batch)
	term := startTerminal(t, t.Context(), session, Options{})
	term.waitFor("● live")
	term.keys("/demo\r")
	term.waitFor("fluxdemo-stage")
	d := uitest.Deployment("fluxdemo-prod", "kcheck", 6, 3, 1, 3, 3)
	session.Push(model.Batch{Changes: []model.ObjectChange{{Key: d.Key, Object: d}}})
	term.waitFor("kcheck 5→6") // with no key pressed
	if err := pty.Setsize(term.master, &pty.Winsize{Rows: 12, Cols: 60}); err != nil {
		t.Fatal(err)
	}
	term.keys("\x1b") // alone, or it would be alt with the next key
	term.waitFor("platform")
	term.keys("q")
	term.waitFor("q again quits")
	term.keys("q")
	if err := term.ends(); err != nil {
		t.Errorf("quitting is an error: %v", err)
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	term := startTerminal(t, ctx, uitest.NewSession(uitest.Prod().Batch), Options{})
	term.waitFor("● live")
	cancel()
	if err := term.ends(); err != nil {
		t.Errorf("an ended context is an error: %v", err)
	}
}

func TestSignalsRestoreTheTerminal(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP} {
		term := startTerminal(t, t.Context(), uitest.NewSession(uitest.Prod().Batch), Options{})
		term.waitFor("● live")
		if err := syscall.Kill(os.Getpid(), sig); err != nil {
			t.Fatal(err)
		}
		if err := term.ends(); err != nil {
			t.Errorf("%v: %v", sig, err)
		}
	}
}

// panicky is a session that panics when it is ended.
type panicky struct{ *uitest.Session }

func (p *panicky) Next(ctx context.Context) (model.Batch, error) {
	b, err := p.Session.Next(ctx)
	if err != nil && ctx.Err() == nil {
		panic("decoder bug")
	}
	return b, err
}

func TestAPanicLeavesTheScreenSound(t *testing.T) {
	var log bytes.Buffer
	p := &panicky{uitest.NewSession(uitest.Prod().Batch)}
	term := startTerminal(t, t.Context(), p, Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
	term.waitFor("● live")
	p.End(errors.New("now"))
	term.waitFor("session ended: internal error")
	term.waitFor("platform") // the last known state stays
	term.keys("\x03")
	if err := term.ends(); err != nil {
		t.Error(err)
	}
	if !strings.Contains(log.String(), "decoder bug") || !strings.Contains(log.String(), "Next") {
		t.Errorf("the log has no stack: %s", log.String())
	}
}

func TestNoColorIsMono(t *testing.T) {
	term := startTerminal(t, t.Context(), uitest.NewSession(uitest.Prod().Batch), Options{Environ: []string{"TERM=xterm-256color", "NO_COLOR=1", "LANG=C.UTF-8"}})
	term.waitFor("● live")
	term.waitFor(">  platform")
	term.keys("\x03")
	if err := term.ends(); err != nil {
		t.Error(err)
	}
	for _, seq := range []string{"\x1b[31m", "\x1b[32m", "\x1b[36m"} {
		if strings.Contains(term.output(), seq) {
			t.Errorf("%q with NO_COLOR", seq)
		}
	}
}

func TestRefreshAsksTheSession(t *testing.T) {
	session := uitest.NewSession(uitest.Prod().Batch)
	term := startTerminal(t, t.Context(), session, Options{})
	term.waitFor("● live")
	term.keys("\x12") // ctrl+r
	term.waitFor("checking again")
	late := time.After(patience)
	for session.Refreshed() == 0 {
		select {
		case <-term.changed:
		case <-late:
			t.Fatal("Refresh was never called")
		}
	}
	term.keys("\x03")
	_ = term.ends()
}

func TestUnicodeLocale(t *testing.T) {
	for _, tc := range []struct {
		env  string
		want bool
	}{
		{"", true}, {"LANG=C.UTF-8", true}, {"LANG=de_DE.utf8", true}, {"LANG=C", false}, {"LANG=de_DE.ISO-8859-1", false},
		{"LANG=ja_JP.UTF-8", false}, {"LANG=de_DE.UTF-8 LC_ALL=POSIX", false}, {"LANG=C LC_CTYPE=en_US.UTF-8", true},
	} {
		if got := unicodeLocale(strings.Fields(tc.env)); got != tc.want {
			t.Errorf("%q: %v", tc.env, got)
		}
	}
}

func TestWrongThemeIsSaid(t *testing.T) {
	err := Run(t.Context(), Options{Cluster: uitest.NewSession(), Theme: "pink"})
	if err == nil || !strings.Contains(err.Error(), `no theme "pink": there are`) {
		t.Error(err)
	}
}
