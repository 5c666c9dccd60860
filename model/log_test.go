package model

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

func TestLogIsBoundedAndOrdered(t *testing.T) {
	l := newLog(5)
	for i := 1; i <= 12; i++ {
		l.add(Entry{To: fmt.Sprint(i)})
	}
	var got, back []string
	l.Since(9, func(e Entry) bool { got = append(got, e.To); return true })
	l.Back(func(e Entry) bool { back = append(back, e.To); return len(back) < 3 })
	if !slices.Equal(got, []string{"10", "11", "12"}) || !slices.Equal(back, []string{"12", "11", "10"}) || l.Len() != 5 || l.Last() != 12 {
		t.Errorf("since %v back %v len %d last %d", got, back, l.Len(), l.Last())
	}
	got = nil
	l.Since(0, func(e Entry) bool { got = append(got, e.To); return true })
	if len(got) != 5 || got[0] != "8" {
		t.Errorf("what fell out must not come back: %v", got)
	}
}

func TestChangesAreLogged(t *testing.T) {
	k := labelled(deploy("a", "web", 3, 3, 2, 2, 2, 2), LabelKustomizationName, "k", LabelKustomizationNS, "a")
	w := newWorld(t).put(git("a", "g", rev1), kust("a", "k", "g"), k).synced()
	if n := w.Log().Len(); n != 0 {
		t.Fatalf("the first list is no news, %d entries", n)
	}
	w.Tenants()
	next := kust("a", "k", "g")
	sync(next).Attempted, sync(next).Applied = rev2, rev2
	moved := labelled(deploy("a", "web", 4, 4, 3, 1, 2, 3), LabelKustomizationName, "k", LabelKustomizationNS, "a")
	moved.Detail.(*Workload).Managers = []Manager{{Name: "kustomize-controller", Operation: "Apply", Time: ago(11 * time.Second)}}
	w.put(git("a", "g", rev2), next, moved)
	w.put(labelled(deploy("a", "web", 4, 4, 3, 3, 3, 3), LabelKustomizationName, "k", LabelKustomizationNS, "a"))
	w.drop(Key{GitRepository, "a", "g"})
	var got []string
	w.Log().Since(0, func(e Entry) bool {
		got = append(got, fmt.Sprintf("%s %d %s>%s %s", e.Key.Kind, e.Change, ShortRevision(e.From), ShortRevision(e.To), ShortRevision(e.Revision)))
		if e.Change == ChangeGeneration && e.Detail != "replicas 2→3, by kustomize-controller" {
			t.Errorf("the generation: %q", e.Detail)
		}
		return true
	})
	want := []string{
		fmt.Sprintf("GitRepository %d 41aaea2>d634062 ", ChangeRevision),
		fmt.Sprintf("Kustomization %d 41aaea2>d634062 ", ChangeAttempted),
		fmt.Sprintf("Kustomization %d 41aaea2>d634062 ", ChangeApplied),
		fmt.Sprintf("Deployment %d 3>4 d634062", ChangeGeneration),
		fmt.Sprintf("Deployment %d done>moving ", ChangeRollout),
		fmt.Sprintf("Deployment %d Ready>Reconciling ", ChangeHealth),
		fmt.Sprintf("Deployment %d moving>done ", ChangeRollout),
		fmt.Sprintf("Deployment %d Reconciling>Ready ", ChangeHealth),
		fmt.Sprintf("GitRepository %d > ", ChangeGone),
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}

func TestRecreatedIsNotChanged(t *testing.T) {
	w := newWorld(t).synced().put(namespace("a", LabelTenant, "a"))
	again := namespace("a", LabelTenant, "a")
	again.UID = "another"
	w.put(again)
	found := false
	w.Log().Back(func(e Entry) bool { found = found || e.Change == ChangeRecreated; return true })
	if !found {
		t.Error("a namespace of another UID was not noticed")
	}
}

// Words are written to files; every change has one, and none has two.
func TestChangesHaveWords(t *testing.T) {
	for c := ChangeAppeared; c <= ChangeSync; c++ {
		if back, ok := ChangeNamed(c.String()); !ok || back != c || c.String() == "" {
			t.Errorf("%d is %q, which is %d", c, c.String(), back)
		}
	}
	if _, ok := ChangeNamed("of a version to come"); ok {
		t.Error("an unknown word is known")
	}
}
