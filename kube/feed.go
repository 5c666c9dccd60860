package kube

import (
	"context"
	"sync"
	"time"

	"tenantry/model"
)

const (
	// feedWindow is the least time between two batches while nothing waits
	// for them: what changes meanwhile is one batch and one redraw.
	feedWindow = 100 * time.Millisecond
	// maxChanges bounds a batch, so that applying one never holds up a key
	// press; what is left follows at once.
	maxChanges = 4000
)

// scopeKey identifies one kind in one namespace, or cluster-wide.
type scopeKey struct {
	kind      model.Kind
	namespace string
}

// feed holds what changed since the last batch. The last state of a key wins,
// so it is never larger than the cluster; putting into it never waits for the
// reader.
type feed struct {
	epoch uint64

	mu       sync.Mutex
	objects  map[model.Key]*model.Object // last state per key; nil = deleted
	queue    []queued                    // the order things happened in
	head     int
	statuses map[scopeKey]int // where a scope's newest status waits in queue
	conn     *model.Connection
	urgent   bool      // deliver without waiting for the window
	taken    time.Time // of the last batch; zero before the first
	since    time.Time // when the first object of the next batch was put

	wake chan struct{}
}

// queued is a place in the order: of an object by its key, or of a status.
type queued struct {
	key    model.Key
	status *model.ScopeStatus
}

func newFeed(epoch uint64) *feed {
	return &feed{epoch: epoch, objects: map[model.Key]*model.Object{}, statuses: map[scopeKey]int{},
		wake: make(chan struct{}, 1)}
}

// put records an object's new state; nil means it is gone.
func (f *feed) put(key model.Key, o *model.Object) {
	f.mu.Lock()
	_, waiting := f.objects[key]
	f.objects[key] = o
	if !waiting {
		f.queue = append(f.queue, queued{key: key})
	}
	n := len(f.objects)
	if !waiting && n == 1 {
		f.since = time.Now()
	}
	f.mu.Unlock()
	if !waiting && (n == 1 || n == maxChanges) {
		f.signal()
	}
}

// putStatus records a scope's new state behind every object put before it.
func (f *feed) putStatus(s model.ScopeStatus) {
	f.mu.Lock()
	key := scopeKey{s.Kind, s.Namespace}
	if at, waiting := f.statuses[key]; waiting {
		f.queue[at].status = nil // superseded before anyone saw it
	}
	f.compact()
	f.statuses[key] = len(f.queue)
	f.queue = append(f.queue, queued{status: &s})
	f.mu.Unlock()
	f.signal()
}

// putConn records the connection's new state, which is delivered at once.
func (f *feed) putConn(c model.Connection) {
	f.mu.Lock()
	f.conn = &c
	f.urgent = true
	f.mu.Unlock()
	f.signal()
}

// flush delivers what is there without waiting for the window.
func (f *feed) flush() {
	f.mu.Lock()
	f.urgent = true
	f.mu.Unlock()
	f.signal()
}

// empty reports whether the reader has taken everything.
func (f *feed) empty() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.queue) == f.head
}

func (f *feed) signal() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// next waits for the next batch: the first and urgent ones come at once,
// others no sooner than feedWindow after the last.
func (f *feed) next(ctx context.Context) (model.Batch, error) {
	for {
		if err := ctx.Err(); err != nil {
			return model.Batch{}, err
		}
		f.mu.Lock()
		pending := len(f.queue) > f.head || f.conn != nil
		wait := time.Until(f.taken.Add(feedWindow))
		if pending && (f.urgent || wait <= 0 || len(f.objects) >= maxChanges) {
			b := f.take()
			f.mu.Unlock()
			if len(b.Changes) == 0 && len(b.Scopes) == 0 && b.Conn == nil {
				continue // only superseded statuses were left
			}
			return b, nil
		}
		f.mu.Unlock()
		f.sleep(ctx, pending, wait)
	}
}

// sleep waits for news, or for the window's end when something waits for it.
func (f *feed) sleep(ctx context.Context, pending bool, wait time.Duration) {
	var window <-chan time.Time
	if pending {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		window = timer.C
	}
	select {
	case <-ctx.Done():
	case <-f.wake:
	case <-window:
	}
}

// compact drops superseded statuses from the queue once they outnumber the
// rest, so that a flapping scope does not grow it while nobody reads.
func (f *feed) compact() {
	if len(f.queue)-f.head <= 2*(len(f.objects)+len(f.statuses))+64 {
		return
	}
	kept := make([]queued, 0, len(f.objects)+len(f.statuses)+1)
	for _, q := range f.queue[f.head:] {
		if q.status != nil {
			f.statuses[scopeKey{q.status.Kind, q.status.Namespace}] = len(kept)
		} else if q.key == (model.Key{}) {
			continue
		}
		kept = append(kept, q)
	}
	f.queue, f.head = kept, 0
}

// take removes up to maxChanges changes and the statuses between them.
func (f *feed) take() model.Batch {
	b := model.Batch{Epoch: f.epoch, Conn: f.conn}
	f.conn = nil
	if n := min(len(f.objects), maxChanges); n > 0 {
		b.Changes = make([]model.ObjectChange, 0, n)
		b.Waited = time.Since(f.since)
	}
	for f.head < len(f.queue) {
		q := &f.queue[f.head]
		if q.status == nil && q.key == (model.Key{}) { // superseded
			f.head++
			continue
		}
		if q.status == nil && len(b.Changes) == maxChanges {
			break
		}
		if q.status != nil {
			key := scopeKey{q.status.Kind, q.status.Namespace}
			b.Scopes = append(b.Scopes, *q.status)
			delete(f.statuses, key)
		} else {
			b.Changes = append(b.Changes, model.ObjectChange{Key: q.key, Object: f.objects[q.key]})
			delete(f.objects, q.key)
		}
		*q = queued{}
		f.head++
	}
	if f.head == len(f.queue) {
		f.queue, f.head = f.queue[:0], 0
		f.urgent = false
		if cap(f.queue) > 2*maxChanges {
			// A burst is over: give its memory back.
			f.queue, f.objects = nil, map[model.Key]*model.Object{}
		}
	} else {
		f.urgent = true // the rest at once
	}
	f.taken = time.Now()
	return b
}
