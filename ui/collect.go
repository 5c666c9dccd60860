package ui

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tenantry/model"
)

// ErrIncomplete: not every kind could be read within the time given.
var ErrIncomplete = errors.New("not everything could be read in time")

// Collect applies what the cluster sends until everything is read and no first
// look is held open, for the one-shot commands. It gives up after limit with
// ErrIncomplete, and at once when the server can't be reached to begin with.
func Collect(ctx context.Context, c Cluster, s *model.Store, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for !s.Complete() || s.Settling() {
		wait := ctx
		stop := func() {}
		if s.Complete() {
			// Nothing may come any more: look again by the clock.
			wait, stop = context.WithTimeout(ctx, 100*time.Millisecond)
		}
		b, err := c.Next(wait)
		stop()
		switch {
		case err == nil:
			s.Apply(b)
		case errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil:
			s.Tick()
		case errors.Is(err, context.DeadlineExceeded):
			read, total := s.Progress()
			return fmt.Errorf("%w: %d of %d kinds within %s%s", ErrIncomplete, read, total, limit, because(s))
		default:
			return err
		}
		if conn := s.Connection(); conn.State == model.ConnLost {
			if read, _ := s.Progress(); read == 0 {
				return errors.New(conn.Err)
			}
		}
	}
	return nil
}

func because(s *model.Store) string {
	if conn := s.Connection(); conn.Err != "" {
		return "; " + conn.Err
	}
	for _, sc := range s.Scopes() {
		if sc.State == model.ScopeSyncing && sc.Message != "" {
			return "; " + sc.Kind.Resource() + ": " + sc.Message
		}
	}
	return ""
}
