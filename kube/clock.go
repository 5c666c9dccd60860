package kube

import (
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// observer is a RoundTripper that learns from every response what time the
// server has and that it is alive.
type observer struct {
	next  http.RoundTripper
	heard *heard
}

// heard is what responses told.
type heard struct {
	last atomic.Int64 // when bytes last arrived, in nanoseconds since the epoch

	mu       sync.Mutex
	low, top time.Duration // the server's clock minus ours is between these
	known    bool
}

// RoundTrip implements http.RoundTripper.
func (o *observer) RoundTrip(req *http.Request) (*http.Response, error) {
	sent := time.Now()
	resp, err := o.next.RoundTrip(req)
	if err != nil {
		return resp, err
	}
	now := time.Now()
	if !alive(resp.StatusCode) {
		return resp, nil // something on the way may have answered for it
	}
	o.heard.last.Store(now.UnixNano())
	if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		o.heard.date(date, sent, now)
	}
	resp.Body = &countedBody{ReadCloser: resp.Body, heard: o.heard}
	return resp, nil
}

// alive reports whether an answer shows that the API server works: any but
// those with which the prober takes it for lost.
func alive(code int) bool {
	return code < http.StatusInternalServerError && code != http.StatusUnauthorized && code != http.StatusTooManyRequests
}

// WrappedRoundTripper lets client-go find the transport underneath.
func (o *observer) WrappedRoundTripper() http.RoundTripper { return o.next }

// date narrows the clock offset. The header has whole seconds and was written
// between sent and received, so each response bounds the offset on both sides;
// together they come much closer than a second.
func (h *heard) date(date, sent, received time.Time) {
	low, top := date.Sub(received), date.Add(time.Second).Sub(sent)
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.known || max(low, h.low) > min(top, h.top) {
		h.low, h.top, h.known = low, top, true // first, or a clock was set
		return
	}
	h.low, h.top = max(low, h.low), min(top, h.top)
}

// offset returns server time minus local time.
func (h *heard) offset() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.low <= 0 && h.top >= 0 {
		return 0 // as far as can be told the clocks agree
	}
	return (h.low + h.top) / 2
}

// since returns how long nothing has arrived.
func (h *heard) since() time.Duration {
	return time.Since(time.Unix(0, h.last.Load()))
}

type countedBody struct {
	io.ReadCloser
	heard *heard
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 {
		b.heard.last.Store(time.Now().UnixNano())
	}
	return n, err
}

// wrap puts an observer around a transport.
func (h *heard) wrap(next http.RoundTripper) http.RoundTripper {
	return &observer{next: next, heard: h}
}
