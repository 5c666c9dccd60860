// Package terminal runs a program under a pseudo-terminal and reads its screen
// as a person would, for tests and benchmarks.
package terminal

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
	"unicode/utf8"

	"github.com/creack/pty"
	"github.com/hinshun/vt10x"
)

// Session is one program in one terminal.
type Session struct {
	cmd     *exec.Cmd
	tty     *os.File
	own     string // the program's own folder, removed when it ends
	Started time.Time

	mu     sync.Mutex
	vt     vt10x.Terminal
	raw    bytes.Buffer // everything it wrote, for what must never be on a screen
	rawMax int
	bytes  int64
	writes int64
	done   chan struct{}
	err    error
}

// Start runs a program in a terminal of the given size. env is added to this
// process's environment. Unless env says where, it finds no configuration and
// nothing remembered of whoever runs the tests.
func Start(width, height int, env []string, name string, args ...string) (*Session, error) {
	s := &Session{cmd: exec.Command(name, args...), done: make(chan struct{}), rawMax: 64 << 20}
	s.vt = vt10x.New(vt10x.WithSize(width, height))
	// Of the ways to change a line, vt10x has no insert mode, which a vt100 is asked
	// for; a Linux console is sent what vt10x knows.
	own, err := os.MkdirTemp("", "terminal-")
	if err != nil {
		return nil, err
	}
	s.own = own
	// It answers no questions either, so it is said beforehand that it is dark.
	s.cmd.Env = append(append(os.Environ(), "TERM=linux", "COLORFGBG=15;0", "COLORTERM=truecolor", "LANG=C.UTF-8", "LC_ALL=C.UTF-8", "TZ=UTC",
		"XDG_STATE_HOME="+own, "XDG_CONFIG_HOME="+own), env...)
	s.Started = time.Now()
	tty, err := pty.StartWithSize(s.cmd, &pty.Winsize{Cols: uint16(width), Rows: uint16(height)})
	if err != nil {
		_ = os.RemoveAll(own)
		return nil, fmt.Errorf("start %s in a terminal: %w", name, err)
	}
	s.tty = tty
	go s.read()
	return s, nil
}

func (s *Session) read() {
	buf := make([]byte, 64<<10)
	var part []byte // of a character that a read broke off in: vt10x would lose it
	for {
		n, err := s.tty.Read(buf)
		if n > 0 {
			s.mu.Lock()
			s.bytes += int64(n)
			s.writes++
			if s.raw.Len() < s.rawMax {
				s.raw.Write(buf[:n])
			}
			text := append(part, buf[:n]...)
			whole := len(text) - cutRune(text)
			_, _ = s.vt.Write(text[:whole])
			part = append([]byte(nil), text[whole:]...)
			s.mu.Unlock()
		}
		if err != nil {
			// A closed terminal reads as EIO on Linux.
			s.err = s.cmd.Wait()
			_ = os.RemoveAll(s.own)
			close(s.done)
			return
		}
	}
}

// cutRune is how many bytes at the end begin a character that is not whole.
func cutRune(text []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if b := text[len(text)-n]; utf8.RuneStart(b) {
			if utf8.FullRune(text[len(text)-n:]) {
				return 0
			}
			return n
		}
	}
	return 0
}

// Screen returns the lines on the screen, trailing blanks cut.
func (s *Session) Screen() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	lines := strings.Split(strings.TrimRight(s.vt.String(), "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

// Raw returns everything the program has written to the terminal.
func (s *Session) Raw() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return bytes.Clone(s.raw.Bytes())
}

// Written returns how many bytes, in how many writes, the program has sent.
func (s *Session) Written() (bytes, writes int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bytes, s.writes
}

// Type sends keys as they would be typed.
func (s *Session) Type(keys string) error {
	_, err := io.WriteString(s.tty, keys)
	return err
}

// Resize changes the terminal's size.
func (s *Session) Resize(width, height int) error {
	s.mu.Lock()
	s.vt.Resize(width, height)
	s.mu.Unlock()
	return pty.Setsize(s.tty, &pty.Winsize{Cols: uint16(width), Rows: uint16(height)})
}

// ErrNotShown is returned by WaitFor when the time is over.
var ErrNotShown = errors.New("not shown in time")

// WaitFor polls the screen until shown says yes, and returns when that was.
func (s *Session) WaitFor(limit time.Duration, shown func(screen string) bool) (time.Time, error) {
	deadline := time.Now().Add(limit)
	for {
		if shown(s.Screen()) {
			return time.Now(), nil
		}
		select {
		case <-s.done:
			if shown(s.Screen()) {
				return time.Now(), nil
			}
			return time.Now(), fmt.Errorf("the program ended (%v); last screen:\n%s", s.err, s.Screen())
		case <-time.After(2 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			return time.Now(), fmt.Errorf("%w (%s); last screen:\n%s", ErrNotShown, limit, s.Screen())
		}
	}
}

// WaitText waits until the screen holds the text.
func (s *Session) WaitText(limit time.Duration, text string) (time.Time, error) {
	at, err := s.WaitFor(limit, func(screen string) bool { return strings.Contains(screen, text) })
	if err != nil {
		return at, fmt.Errorf("waiting for %q: %w", text, err)
	}
	return at, nil
}

// Pid returns the program's process id.
func (s *Session) Pid() int { return s.cmd.Process.Pid }

// Signal sends a signal to the program.
func (s *Session) Signal(sig os.Signal) error { return s.cmd.Process.Signal(sig) }

// Wait waits for the program's end and returns its exit code; -1 when it was
// ended by a signal.
func (s *Session) Wait(limit time.Duration) (int, error) {
	select {
	case <-s.done:
		return s.cmd.ProcessState.ExitCode(), nil
	case <-time.After(limit):
		return 0, fmt.Errorf("still running after %s; screen:\n%s", limit, s.Screen())
	}
}

// Close ends the program if it still runs.
func (s *Session) Close() {
	select {
	case <-s.done:
	default:
		_ = s.cmd.Process.Signal(syscall.SIGTERM)
		if _, err := s.Wait(5 * time.Second); err != nil {
			_ = s.cmd.Process.Kill()
			<-s.done
		}
	}
	_ = s.tty.Close()
}
