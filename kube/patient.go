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
// the scope says so, and after a while it ends with a connection error.
func (c *scope) ask(ctx context.Context, req *rest.Request) (io.ReadCloser, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	said := time.AfterFunc(saidAfter, func() { c.broken(errNoAnswer) })
	defer said.Stop()
	end := time.AfterFunc(givenUpAfter, func() { cancel(errGivenUp) })
	body, err := req.Stream(ctx)
	if !end.Stop() && err == nil { // too late by nothing: its context has ended
		_ = body.Close()
		err = errGivenUp
	}
	if err != nil {
		if context.Cause(ctx) == errGivenUp {
			err = errGivenUp
		}
		cancel(err)
		return nil, err
	}
	return &openAnswer{body, cancel}, nil
}

// openAnswer is a body whose request ends with it.
type openAnswer struct {
	io.ReadCloser
	cancel context.CancelCauseFunc
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
