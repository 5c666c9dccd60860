package sim

import (
	"context"
	"reflect"
	"testing"
	"testing/synctest"
	"time"
)

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func TestAdvanceRunsInOrder(t *testing.T) {
	l := New(start, 1)
	var got []string
	l.After(2*time.Second, func() { got = append(got, "b") })
	l.After(time.Second, func() {
		got = append(got, "a")
		l.After(500*time.Millisecond, func() { got = append(got, "a2") })
	})
	stop := l.After(time.Second, func() { got = append(got, "never") })
	stop()
	l.Advance(3 * time.Second)
	if want := []string{"a", "a2", "b"}; !reflect.DeepEqual(got, want) {
		t.Fatalf("ran %v, want %v", got, want)
	}
	if !l.Now().Equal(start.Add(3 * time.Second)) {
		t.Fatalf("the clock stands at %v", l.Now())
	}
}

func TestFollowDividesDelays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := New(time.Now(), 1)
		ran := make(chan time.Time, 1)
		begin := time.Now()
		l.After(10*time.Second, func() { ran <- time.Now() })
		ctx, cancel := context.WithCancel(t.Context())
		l.Start(time.Now, 5)
		go l.Follow(ctx)
		if d := (<-ran).Sub(begin); d != 2*time.Second {
			t.Errorf("10 s at speed 5 took %v", d)
		}
		cancel()
		synctest.Wait()
	})
}

func TestQueueNeverOverlaps(t *testing.T) {
	l := New(start, 1)
	runs, busy := 0, false
	q := NewQueue(l, func(k Key, done func(time.Duration)) {
		if busy {
			t.Fatal("two runs for one object")
		}
		runs, busy = runs+1, true
		l.After(time.Second, func() { busy = false; done(Never) })
	})
	k := Key{"n", "a"}
	q.Add(k)
	q.Add(k)
	l.Advance(500 * time.Millisecond)
	q.Add(k) // while it runs: once more afterwards
	q.Add(k)
	l.Advance(time.Minute)
	if runs != 2 {
		t.Fatalf("%d runs, want 2", runs)
	}
}
