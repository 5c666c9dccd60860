package kube

import (
	"context"
	"math/rand/v2"
	"time"
)

const (
	backoffFirst = 100 * time.Millisecond
	backoffCap   = 2 * time.Second // so that recovery is seen within seconds
)

// backoff grows from backoffFirst to backoffCap with jitter. A new one is
// taken after every success.
type backoff struct{ last time.Duration }

func newBackoff() *backoff { return &backoff{} }

func (b *backoff) next() time.Duration {
	b.last = min(max(2*b.last, backoffFirst), backoffCap)
	return b.last - time.Duration(rand.Int64N(int64(b.last)/4))
}

func (b *backoff) reset() { b.last = 0 }

// slots bounds how many first lists run at once: more only compete for the
// same line and hold more buffers.
type slots chan struct{}

func (s slots) acquire(ctx context.Context) (release func(), err error) {
	select {
	case s <- struct{}{}:
		return func() { <-s }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
