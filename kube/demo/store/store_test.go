package store

import (
	"errors"
	"testing"
)

func object(n int64) map[string]any {
	return map[string]any{"spec": map[string]any{"n": n}, "metadata": map[string]any{}}
}

func TestListAtUndoesEvents(t *testing.T) {
	s := New(10)
	a, _ := s.Commit("things", Key{"n", "a"}, nil, object(1))
	b, _ := s.Commit("things", Key{"n", "b"}, nil, object(1))
	past := s.Revision()
	if _, err := s.Commit("things", Key{"n", "a"}, a, object(2)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Commit("things", Key{"n", "b"}, b, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Commit("things", Key{"n", "c"}, nil, object(1)); err != nil {
		t.Fatal(err)
	}
	list, err := s.ListAt("things", "n", past)
	if err != nil || len(list) != 2 || list[0] != a || list[1] != b {
		t.Fatalf("the past is wrong: %v %v", list, err)
	}
	if list, _ := s.List("things", ""); len(list) != 2 || list[1].Key.Name != "c" {
		t.Fatalf("the present is wrong: %v", list)
	}
}

func TestCommitRefusesStaleWriters(t *testing.T) {
	s := New(10)
	a, _ := s.Commit("things", Key{"", "a"}, nil, object(1))
	if _, err := s.Commit("things", Key{"", "a"}, nil, object(1)); !errors.Is(err, ErrRaced) {
		t.Fatal("a second create must race")
	}
	if _, err := s.Commit("things", Key{"", "a"}, a, object(2)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Commit("things", Key{"", "a"}, a, nil); !errors.Is(err, ErrRaced) {
		t.Fatal("a stale delete must race")
	}
}

func TestHistoryIsBounded(t *testing.T) {
	s := New(4)
	v, _ := s.Commit("things", Key{"", "a"}, nil, object(0))
	start := s.Revision()
	for i := range 20 {
		v, _ = s.Commit("things", Key{"", "a"}, v, object(int64(i)))
	}
	if _, _, _, err := s.Since("things", start); !errors.Is(err, ErrExpired) {
		t.Fatalf("want expired, got %v", err)
	}
	if events, _, _, err := s.Since("things", s.Revision()-2); err != nil || len(events) != 2 {
		t.Fatalf("want the last two events, got %v %v", events, err)
	}
	s.Compact()
	if _, _, _, err := s.Since("things", s.Revision()-1); !errors.Is(err, ErrExpired) {
		t.Fatalf("want expired after compaction, got %v", err)
	}
}

func TestNamespaceOrderIsByPath(t *testing.T) {
	s := New(4)
	for _, k := range []Key{{"a", "x"}, {"a-b", "x"}, {"a.c", "y"}, {"b", "x"}} {
		if _, err := s.Commit("things", k, nil, object(1)); err != nil {
			t.Fatal(err)
		}
	}
	list, _ := s.List("things", "a")
	if len(list) != 1 || list[0].Key != (Key{"a", "x"}) {
		t.Fatalf("namespace a holds %v", list)
	}
	all, _ := s.List("things", "")
	if all[0].Key.Namespace != "a-b" {
		t.Fatalf("etcd sorts a-b/ before a/: %v first", all[0].Key)
	}
}

// TestDroppedResourceIsReadToItsEnd leaves a watch what it has not read yet.
func TestDroppedResourceIsReadToItsEnd(t *testing.T) {
	s := New(0)
	key := Key{"ns", "a"}
	v, err := s.Commit("things", key, nil, map[string]any{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Commit("things", key, v, nil); err != nil {
		t.Fatal(err)
	}
	s.Drop("things")
	s.Drop("things")
	events, upTo, more, err := s.Since("things", v.Revision)
	if err != nil || len(events) != 1 || events[0].Type != Deleted {
		t.Fatalf("after the drop: %v %v", events, err)
	}
	<-more // it ends, so nobody waits for more
	if _, _, _, err := s.Since("things", upTo); !errors.Is(err, ErrExpired) {
		t.Fatalf("at the end: %v", err)
	}
	s.Compact()
	if _, err := s.Commit("things", key, nil, map[string]any{}); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := s.Since("things", v.Revision); !errors.Is(err, ErrExpired) {
		t.Fatalf("a new definition remembers the old one's history: %v", err)
	}
}
