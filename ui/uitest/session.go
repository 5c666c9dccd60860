package uitest

import (
	"context"
	"sync"

	"tenantry/model"
)

// Session plays batches to the dashboard. It is safe for use by several
// goroutines, as a real one is.
type Session struct {
	mu        sync.Mutex
	queue     []model.Batch
	wake      chan struct{}
	refreshed int
	fail      error
	requests
	secrets
}

// NewSession starts with the given batches queued.
func NewSession(batches ...model.Batch) *Session {
	return &Session{queue: batches, wake: make(chan struct{}, 1)}
}

// Push queues a batch.
func (s *Session) Push(b model.Batch) {
	s.mu.Lock()
	s.queue = append(s.queue, b)
	s.mu.Unlock()
	s.signal()
}

// End makes Next return err.
func (s *Session) End(err error) {
	s.mu.Lock()
	s.fail = err
	s.mu.Unlock()
	s.signal()
}

func (s *Session) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Next returns the next batch queued.
func (s *Session) Next(ctx context.Context) (model.Batch, error) {
	for {
		s.mu.Lock()
		if len(s.queue) > 0 {
			b := s.queue[0]
			s.queue = s.queue[1:]
			s.mu.Unlock()
			return b, nil
		}
		err := s.fail
		s.mu.Unlock()
		if err != nil {
			return model.Batch{}, err
		}
		select {
		case <-ctx.Done():
			return model.Batch{}, ctx.Err()
		case <-s.wake:
		}
	}
}

// Refresh counts.
func (s *Session) Refresh() {
	s.mu.Lock()
	s.refreshed++
	s.mu.Unlock()
}

// Refreshed returns how often Refresh was called.
func (s *Session) Refreshed() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refreshed
}

// Close does nothing: there is nothing to close.
func (s *Session) Close() {}
