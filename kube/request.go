package kube

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"tenantry/model"
)

// personal bounds what somebody waits for, and ends it with the session.
func (s *Session) personal(ctx context.Context) (context.Context, context.CancelFunc) {
	limit := requestLimit
	if t := s.opts.RequestTimeout; t > 0 {
		limit = min(limit, t)
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	stop := context.AfterFunc(s.ctx, cancel)
	return ctx, func() { stop(); cancel() }
}

// errLost is why nothing is asked while the server is known to be away: the
// header says since when, and waiting for it would only hide that.
var errLost = errors.New("the API server is away")

// reachable waits for the first connection, and fails as soon as the server is
// known to be lost.
func (s *Session) reachable(ctx context.Context) error {
	for {
		if s.conn.current().State == model.ConnLost {
			return errLost
		}
		look, cancel := context.WithTimeout(ctx, lookAgain)
		err := s.conn.wait(look)
		cancel()
		if err == nil || ctx.Err() != nil {
			return err
		}
	}
}

// lookAgain is how soon the loss of a server is noticed by who waits for it.
const lookAgain = 50 * time.Millisecond

// answer gives a failed request the server's own words: client-go leaves them
// in the body of a raw answer.
func answer(body []byte, err error) ([]byte, error) {
	var known apierrors.APIStatus
	if !errors.As(err, &known) {
		return body, err
	}
	var status metav1.Status
	if json.Unmarshal(body, &status) != nil || status.Kind != "Status" || status.Status != metav1.StatusFailure {
		return nil, err
	}
	status.Code = known.Status().Code
	return nil, &apierrors.StatusError{ErrStatus: status}
}

// requestError words why a request failed; doing says what it was for, e.g.
// "reading ConfigMap/a/b".
func (s *Session) requestError(ctx context.Context, doing string, err error) *model.RequestError {
	conn := s.conn.current()
	out := &model.RequestError{Reason: model.RequestFailed, Text: doing + ": " + plainError(err)}
	switch {
	case s.ctx.Err() != nil:
		out.Text = doing + ": " + ErrClosed.Error()
	case errors.Is(err, errLost):
		out.Reason, out.Text = model.RequestUnreachable, doing+": "+conn.Err
	case apierrors.IsUnauthorized(err):
		s.conn.suspect(err)
		out.Text = doing + ": " + explain(err, conn.Server)
	case isTimeout(err) || apierrors.IsTimeout(err) || apierrors.IsServerTimeout(err) || errors.Is(ctx.Err(), context.DeadlineExceeded):
		out.Reason = model.RequestTimedOut
		out.Text = fmt.Sprintf("%s: %s did not answer in time; try again, or press ctrl+r to check the connection", doing, conn.Server)
	case errors.Is(err, context.Canceled):
		out.Text = doing + " was given up"
	case isConnectionError(err):
		s.conn.suspect(err)
		out.Reason, out.Text = model.RequestUnreachable, doing+": "+explain(err, conn.Server)
	}
	return out
}
