package ui

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"syscall"
)

// wires are the requests of a session that are under way.
type wires struct {
	next http.RoundTripper
	mu   sync.Mutex
	open map[*wire]bool
}

// wire is one of them, with its answer once there is one.
type wire struct {
	io.ReadCloser
	of  *wires
	cut context.CancelFunc
}

func (w *wires) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(r.Context())
	one := &wire{of: w, cut: cancel}
	w.mu.Lock()
	w.open[one] = true
	w.mu.Unlock()
	resp, err := w.next.RoundTrip(r.WithContext(ctx))
	if err != nil {
		one.end()
		if r.Context().Err() == nil && ctx.Err() != nil {
			err = syscall.ECONNRESET
		}
		return nil, err
	}
	one.ReadCloser, resp.Body = resp.Body, one
	return resp, nil
}

// cut breaks one in n of the connections.
func (w *wires) cut(rng *rand.Rand, n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for one := range w.open {
		if rng.IntN(n) == 0 {
			one.cut()
		}
	}
}

func (w *wire) end() {
	w.of.mu.Lock()
	delete(w.of.open, w)
	w.of.mu.Unlock()
	w.cut()
}

func (w *wire) Read(b []byte) (int, error) {
	n, err := w.ReadCloser.Read(b)
	if errors.Is(err, context.Canceled) {
		err = syscall.ECONNRESET
	}
	return n, err
}

func (w *wire) Close() error {
	w.end()
	return w.ReadCloser.Close()
}
