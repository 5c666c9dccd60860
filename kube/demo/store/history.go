package store

import "context"

// List returns the newest objects of a resource in list order, narrowed to a
// namespace ("" = all), and the store's revision. The slice is shared: do not
// write to it.
func (s *Store) List(resource, namespace string) ([]*Version, uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tables[resource]
	if t == nil || t.dropped {
		return nil, s.revision
	}
	return inNamespace(t.list(), namespace), s.revision
}

// ListAt returns the objects as they were at a revision. It undoes the events
// since then, so it works exactly as far back as watches do.
func (s *Store) ListAt(resource, namespace string, revision uint64) ([]*Version, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if revision > s.revision {
		return nil, ErrFuture
	}
	t := s.tables[resource]
	if t == nil || t.dropped {
		return nil, nil
	}
	if revision < t.compacted {
		return nil, ErrExpired
	}
	if len(t.events) == 0 || t.events[len(t.events)-1].Revision <= revision {
		return inNamespace(t.list(), namespace), nil
	}
	if t.snapshot == nil || t.snapRev != revision {
		t.snapshot, t.snapRev = sortVersions(t.at(revision)), revision
	}
	return inNamespace(t.snapshot, namespace), nil
}

func (t *table) at(revision uint64) map[Key]*Version {
	past := make(map[Key]*Version, len(t.objects))
	for k, v := range t.objects {
		past[k] = v
	}
	for i := len(t.events) - 1; i >= 0 && t.events[i].Revision > revision; i-- {
		e := t.events[i]
		if e.Previous == nil {
			delete(past, e.Object.Key)
		} else {
			past[e.Object.Key] = e.Previous
		}
	}
	return past
}

// Since returns the events of a resource after a revision, the revision up to
// which they are complete, and a channel that is closed at the next one.
// Watches read from here at their own pace: a slow one is never waited for,
// it finds its history expired, as with a real server.
func (s *Store) Since(resource string, after uint64) (events []Event, upTo uint64, more <-chan struct{}, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tables[resource]
	if t == nil {
		t = s.table(resource)
	}
	if after < t.compacted {
		return nil, 0, nil, ErrExpired
	}
	i := len(t.events)
	for i > 0 && t.events[i-1].Revision > after {
		i--
	}
	if t.dropped && i == len(t.events) {
		return nil, 0, nil, ErrExpired
	}
	// A full slice expression: appends to the history must not reach the reader.
	events = t.events[i:len(t.events):len(t.events)]
	return events, s.revision, t.changed, nil
}

// WaitFor blocks until the store has reached a revision or ctx ends.
func (s *Store) WaitFor(ctx context.Context, resource string, revision uint64) error {
	for {
		s.mu.Lock()
		reached := s.revision >= revision
		changed := s.table(resource).changed
		s.mu.Unlock()
		if reached {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Compact forgets the whole history: watches and continue tokens from before
// get ErrExpired, as after etcd's compaction.
func (s *Store) Compact() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revision++ // so that even the newest revision handed out is too old
	for resource, t := range s.tables {
		if t.dropped {
			delete(s.tables, resource)
			continue
		}
		t.events, t.snapshot, t.compacted = nil, nil, s.revision
		close(t.changed)
		t.changed = make(chan struct{})
	}
}

// Drop forgets a resource's objects, as when its definition was removed.
// Watches on it see the changes they have not yet seen, and then find their
// history expired, as it is for whoever asks once there is a new definition.
func (s *Store) Drop(resource string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tables[resource]
	if t == nil || t.dropped {
		return
	}
	s.revision++
	t.dropped = true
	close(t.changed) // for good: nothing more will change
}
