package kube

import (
	"context"
	"errors"
	"io"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/rest"
)

const (
	// saidAfter is when a request that is not answered is said to be so, while
	// the server answers others.
	saidAfter = 4 * time.Second
	// givenUpAfter is when it is sent again. A server gives a list a minute,
	// and some proxies pass a watch's headers on only with its first bookmark.
	givenUpAfter = 75 * time.Second
	// quietAfter is when a watch on which bookmarks come is taken for dropped:
	// on HTTP/1.1 each has a connection of its own, which no ping looks after.
	// A server sends a bookmark about every minute.
	quietAfter = 3 * time.Minute
	// overtime is how long a watch may go on after the time it asked for.
	overtime = 30 * time.Second
	// busyCap bounds how long a server that is too busy is left alone.
	busyCap = 10 * time.Second
)

var (
	errNoAnswer = errors.New("the API server has not answered yet")
	errGivenUp  = errors.New("the API server did not answer: asking again")
	errQuiet    = errors.New("nothing has come on a watch for too long: its connection was dropped on the way")
)

// ask sends a request and returns the answer's body. While there is no answer
// the scope says so.
func (c *scope) ask(ctx context.Context, req *rest.Request) (io.ReadCloser, error) {
	said := time.AfterFunc(saidAfter, func() { c.broken(errNoAnswer) })
	defer said.Stop()
	return patiently(ctx, req, func(giveUp func()) {
		c.mu.Lock()
		c.giveUp = giveUp
		c.mu.Unlock()
	})
}

// patiently sends a request and returns the answer's body. When it is given
// up, by started's argument or because no answer comes for too long, it ends
// with a connection error.
func patiently(ctx context.Context, req *rest.Request, started func(giveUp func())) (io.ReadCloser, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	giveUp := func() { cancel(errGivenUp) }
	started(giveUp)
	end := time.AfterFunc(givenUpAfter, giveUp)
	body, err := req.Stream(ctx)
	end.Stop()
	a := &openAnswer{body, ctx, cancel}
	if err != nil {
		err = a.reason(err)
		cancel(err)
		return nil, err
	}
	return a, nil
}

// abandon ends the request under way, if any: the server it was sent to is
// lost, and nobody else may notice that.
func (c *scope) abandon() {
	c.mu.Lock()
	giveUp := c.giveUp
	c.mu.Unlock()
	if giveUp != nil {
		giveUp()
	}
}

// openAnswer is a body whose request ends with it.
type openAnswer struct {
	io.ReadCloser
	ctx    context.Context
	cancel context.CancelCauseFunc
}

// Read implements io.Reader.
func (a *openAnswer) Read(p []byte) (int, error) {
	n, err := a.ReadCloser.Read(p)
	if err != nil && err != io.EOF {
		err = a.reason(err)
	}
	return n, err
}

// reason tells a request that was given up from one that was ended.
func (a *openAnswer) reason(err error) error {
	if context.Cause(a.ctx) == errGivenUp {
		return errGivenUp
	}
	return err
}

// Close implements io.Closer.
func (a *openAnswer) Close() error {
	err := a.ReadCloser.Close()
	a.cancel(nil)
	return err
}

// busy returns how long to leave a server alone that answered 429: as long as
// it asked for.
func busy(err error, pause *backoff) time.Duration {
	d := pause.next()
	if seconds, ok := apierrors.SuggestsClientDelay(err); ok {
		d = max(d, time.Duration(seconds)*time.Second)
	}
	return min(d, busyCap)
}

// reflectorBackoff replaces the Reflector's own, which grows to a minute: it
// is used where a watch ends with 429.
func reflectorBackoff() *wait.Backoff {
	return &wait.Backoff{Duration: backoffFirst, Factor: 2, Jitter: 0.25, Steps: 100, Cap: backoffCap}
}
