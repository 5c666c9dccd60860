package model

import "testing"

func TestKindTable(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range append(Kinds(), KindsOnRequest()...) {
		if k.String() == "" || k.Resource() == "" || seen[k.String()] {
			t.Errorf("kind %d: name %q resource %q (unique: %v)", k, k, k.Resource(), !seen[k.String()])
		}
		seen[k.String()] = true
		if got, ok := KindNamed(k.String()); !ok || got != k {
			t.Errorf("KindNamed(%s) = %v", k, got)
		}
	}
	if Kind(200).String() != "Unknown" {
		t.Error("a kind out of range must not panic")
	}
}

func TestHealthOrder(t *testing.T) {
	want := []Health{Stalled, Failed, Stuck, Unobserved, Blocked, Terminating, Unknown, Outdated, Reconciling, Pending, Suspended, Ready, NotApplicable}
	got := Healths()
	if len(got) != len(want) {
		t.Fatalf("%v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("place %d: %s, want %s", i, got[i], want[i])
		}
		if (i < 5) != want[i].Unhealthy() {
			t.Errorf("%s unhealthy=%v", want[i], want[i].Unhealthy())
		}
	}
}
