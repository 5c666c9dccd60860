package api

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
)

// Transport serves requests from a handler in the same process. Streams are
// streamed; closing a body or ending the request's context ends the handler.
type Transport struct{ Handler http.Handler }

// RoundTrip implements http.RoundTripper.
func (t Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(r.Context())
	if err := ctx.Err(); err != nil {
		cancel(nil)
		return nil, context.Cause(ctx)
	}
	req := r.Clone(ctx)
	if req.Body == nil {
		req.Body = http.NoBody
	}
	req.RequestURI = req.URL.RequestURI()
	if req.Host == "" {
		req.Host = req.URL.Host
	}
	body, pipe := io.Pipe()
	w := &streamWriter{pipe: pipe, header: http.Header{}, ready: make(chan struct{})}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer req.Body.Close()
		defer cancel(nil)
		t.Handler.ServeHTTP(w, req)
		w.finish()
	}()
	// A handler blocked on a reader that is gone must end with the request.
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-done:
		default:
			if err := context.Cause(r.Context()); err != nil {
				pipe.CloseWithError(err)
				body.CloseWithError(err)
			}
		}
	})
	select {
	case <-w.ready:
	case <-r.Context().Done():
		cancel(nil)
		return nil, context.Cause(r.Context())
	}
	if w.err != nil {
		stop()
		cancel(nil)
		return nil, w.err
	}
	return &http.Response{
		Status:     http.StatusText(w.code),
		StatusCode: w.code,
		Proto:      "HTTP/2.0", ProtoMajor: 2,
		Header:        w.sent,
		Body:          &streamBody{PipeReader: body, end: func() { stop(); cancel(nil) }},
		ContentLength: -1,
		Request:       r,
	}, nil
}

// Refuse makes the request fail as a broken connection does: RoundTrip
// returns err, or the body breaks off with it if the answer has begun. Only
// writers of a Transport can do that.
func Refuse(w http.ResponseWriter, err error) bool {
	sw, ok := w.(*streamWriter)
	if !ok {
		return false
	}
	sw.fail(err)
	return true
}

// streamWriter is the handler's side of an answer.
type streamWriter struct {
	pipe   *io.PipeWriter
	once   sync.Once
	header http.Header
	sent   http.Header
	code   int
	err    error
	ready  chan struct{}
}

func (w *streamWriter) Header() http.Header { return w.header }

func (w *streamWriter) WriteHeader(code int) {
	w.once.Do(func() {
		w.code, w.sent = code, w.header.Clone()
		close(w.ready)
	})
}

func (w *streamWriter) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.pipe.Write(b)
}

// Flush implements http.Flusher; a pipe has nothing to flush.
func (w *streamWriter) Flush() { w.WriteHeader(http.StatusOK) }

func (w *streamWriter) fail(err error) {
	w.once.Do(func() {
		w.err = err
		close(w.ready)
	})
	w.pipe.CloseWithError(err)
}

func (w *streamWriter) finish() {
	w.WriteHeader(http.StatusOK)
	w.pipe.Close()
}

// streamBody is the client's side of an answer.
type streamBody struct {
	*io.PipeReader
	end func()
}

func (b *streamBody) Close() error {
	b.end()
	return b.PipeReader.CloseWithError(errClosed)
}

var errClosed = errors.New("the client closed the answer's body")
