package kube

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"tenantry/model"
)

func bucket(name string) model.Key {
	return model.Key{Kind: model.Bucket, Namespace: "ns", Name: name}
}

func object(key model.Key, version string) *model.Object {
	return &model.Object{Key: key, ResourceVersion: version}
}

func TestFeedKeepsTheLastState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFeed(7)
		a, b := bucket("a"), bucket("b")
		f.put(a, object(a, "1"))
		f.put(b, object(b, "1"))
		f.put(a, object(a, "2"))
		f.put(b, nil)
		got, err := f.next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "batch", got, model.Batch{Epoch: 7, Changes: []model.ObjectChange{{Key: a, Object: object(a, "2")}, {Key: b}}})
	})
}

func TestFeedWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFeed(0)
		start := time.Now()
		took := func(what string, want time.Duration, changes int) {
			t.Helper()
			b, err := f.next(t.Context())
			if err != nil || time.Since(start) != want || len(b.Changes) != changes {
				t.Errorf("%s: %d changes after %v, want %d after %v (%v)", what, len(b.Changes), time.Since(start), changes, want, err)
			}
		}
		a := bucket("a")
		f.put(a, object(a, "1"))
		took("the first comes at once", 0, 1)
		f.put(a, object(a, "2"))
		took("the next a window later", feedWindow, 1)
		time.Sleep(time.Second)
		start = time.Now()
		f.put(a, object(a, "3"))
		took("after a silence at once", 0, 1)
		f.put(a, object(a, "4"))
		f.putConn(model.Connection{State: model.ConnLost})
		took("with a connection change at once", 0, 1)
		f.put(a, object(a, "5"))
		f.flush()
		took("flushed", 0, 1)
		time.Sleep(30 * time.Millisecond)
		for i := range maxChanges + 1 {
			k := bucket(fmt.Sprint(i))
			f.put(k, object(k, "1"))
		}
		took("a full batch at once", 30*time.Millisecond, maxChanges)
		took("and the rest at once", 30*time.Millisecond, 1)
	})
}

func TestFeedStatusesFollowTheirObjects(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFeed(0)
		f.putStatus(model.ScopeStatus{Kind: model.Bucket, State: model.ScopeSyncing})
		f.putStatus(model.ScopeStatus{Kind: model.Lease, State: model.ScopeSyncing})
		for i := range maxChanges + 500 {
			k := bucket(fmt.Sprint(i))
			f.put(k, object(k, "1"))
		}
		f.putStatus(model.ScopeStatus{Kind: model.Bucket, State: model.ScopeSynced})
		first, _ := f.next(t.Context())
		second, _ := f.next(t.Context())
		if len(first.Changes) != maxChanges || len(first.Scopes) != 1 || first.Scopes[0].Kind != model.Lease {
			t.Errorf("first: %d changes, %s", len(first.Changes), show(first.Scopes))
		}
		if len(second.Changes) != 500 || len(second.Scopes) != 1 || second.Scopes[0].State != model.ScopeSynced {
			t.Errorf("second: %d changes, %s", len(second.Changes), show(second.Scopes))
		}
	})
}

func TestFeedIsBounded(t *testing.T) {
	f := newFeed(0)
	a := bucket("a")
	for i := range 100_000 {
		f.put(a, object(a, fmt.Sprint(i)))
		f.putStatus(model.ScopeStatus{Kind: model.Bucket, State: model.ScopeState(i % 2)})
	}
	if len(f.queue) > 200 {
		t.Errorf("%d places are queued for one object and one scope", len(f.queue))
	}
	b, _ := f.next(t.Context())
	if len(b.Changes) != 1 || b.Changes[0].Object.ResourceVersion != "99999" || len(b.Scopes) != 1 || b.Scopes[0].State != 1 {
		t.Errorf("%s", show(b))
	}
}

func TestFeedWaitsAndEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFeed(0)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := f.next(ctx); err != context.DeadlineExceeded {
			t.Errorf("%v", err)
		}
	})
}

func TestStoreTellsWhatChanged(t *testing.T) {
	f := newFeed(0)
	s := newStore(model.Bucket, f)
	take := func() map[string]string {
		t.Helper()
		f.mu.Lock()
		defer f.mu.Unlock()
		out := map[string]string{}
		for _, c := range f.take().Changes {
			if out[c.Key.Name] = "gone"; c.Object != nil {
				out[c.Key.Name] = c.Object.ResourceVersion
			}
		}
		return out
	}
	list := func(versions map[string]string) {
		s.begin()
		for name, v := range versions {
			s.put(object(bucket(name), v))
		}
		_ = s.Replace(nil, "")
	}
	list(map[string]string{"a": "1", "b": "1", "c": "1"})
	equal(t, "first list", take(), map[string]string{"a": "1", "b": "1", "c": "1"})
	list(map[string]string{"a": "1", "b": "2"})
	equal(t, "next list", take(), map[string]string{"b": "2", "c": "gone"})

	s.begin() // a list that breaks off says nothing about what is gone
	s.put(object(bucket("d"), "3"))
	list(map[string]string{"a": "1", "b": "2"})
	equal(t, "after a broken list", take(), map[string]string{"d": "gone"})

	_ = s.Replace([]any{&item{object: object(bucket("a"), "4"), resourceVersion: "4"}}, "4")
	equal(t, "streamed list", take(), map[string]string{"a": "4", "b": "gone"})
	_ = s.Delete(&item{object: object(bucket("a"), "5")})
	_ = s.Delete(&item{object: object(bucket("unknown"), "5")})
	equal(t, "deleted", take(), map[string]string{"a": "gone"})

	heir := newStore(model.Bucket, newFeed(0))
	list(map[string]string{"kept": "1", "lost": "1"})
	take()
	heir.put(object(bucket("kept"), "1"))
	s.close(heir)
	s.put(object(bucket("late"), "1"))
	equal(t, "closed", take(), map[string]string{"lost": "gone"})
}
