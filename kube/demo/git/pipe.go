package git

import (
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// pipe returns both ends of a connection inside the process. Unlike net.Pipe's
// they hold what nobody has read yet: SSH begins with both sides writing.
func pipe(address string) (client, server net.Conn) {
	a, b := newStream(), newStream()
	return &end{in: a, out: b, to: address}, &end{in: b, out: a, to: "client"}
}

// stream is one direction.
type stream struct {
	mu     sync.Mutex
	more   sync.Cond
	buf    []byte
	closed bool
}

func newStream() *stream {
	s := &stream{}
	s.more.L = &s.mu
	return s
}

func (s *stream) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(s.buf) == 0 && !s.closed {
		s.more.Wait()
	}
	if len(s.buf) == 0 {
		return 0, io.EOF
	}
	n := copy(p, s.buf)
	clear(s.buf[:n])
	s.buf = s.buf[n:]
	return n, nil
}

func (s *stream) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return 0, os.ErrClosed
	}
	s.buf = append(s.buf, p...)
	s.more.Broadcast()
	return len(p), nil
}

func (s *stream) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.more.Broadcast()
}

// end is one end of a connection. It knows no deadlines: whoever gives up
// closes it.
type end struct {
	in, out *stream
	to      string
}

func (e *end) Read(p []byte) (int, error)       { return e.in.Read(p) }
func (e *end) Write(p []byte) (int, error)      { return e.out.Write(p) }
func (e *end) Close() error                     { e.in.close(); e.out.close(); return nil }
func (e *end) LocalAddr() net.Addr              { return address("demo") }
func (e *end) RemoteAddr() net.Addr             { return address(e.to) }
func (e *end) SetDeadline(time.Time) error      { return nil }
func (e *end) SetReadDeadline(time.Time) error  { return nil }
func (e *end) SetWriteDeadline(time.Time) error { return nil }

type address string

func (a address) Network() string { return "memory" }
func (a address) String() string  { return string(a) }
