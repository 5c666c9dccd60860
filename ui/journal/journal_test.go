package journal

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var at = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func newLog(t *testing.T) *Log {
	l := Open(filepath.Join(t.TempDir(), "deep", "state"), func() time.Time { return at })
	l.alive = func(int) bool { return false } // every earlier dashboard is gone
	return l
}

func record(id string) Record {
	return Record{ID: id, At: at, Context: "prod", Server: "https://a", Who: "ann", Verb: "suspend", Subject: "team-x",
		Steps: []Step{{Kind: "Kustomization", Namespace: "x", Name: "a"}, {Kind: "GitRepository", Namespace: "x", Name: "a"}}}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestWhatAKillLeavesIsFound(t *testing.T) {
	l := newLog(t)
	must(t, l.Begin(record("1")))
	must(t, l.Note("1", 0, "sending", ""))
	must(t, l.Note("1", 0, "sent", ""))
	must(t, l.Note("1", 1, "sending", ""))
	must(t, l.Begin(record("2")))
	must(t, l.End("2", "done"))
	got, err := l.Unfinished("prod", "https://a")
	must(t, err)
	if len(got) != 1 || got[0].ID != "1" || got[0].Steps[0].Word != "sent" || got[0].Steps[1].Word != "sending" {
		t.Fatalf("unfinished: %+v", got)
	}
	if other, err := l.Unfinished("prod", "https://b"); err != nil || len(other) != 0 {
		t.Errorf("of another server: %+v, %v", other, err)
	}
	must(t, l.End("1", "left"))
	if got, _ = l.Unfinished("prod", "https://a"); len(got) != 0 {
		t.Errorf("after its end: %+v", got)
	}
}

// What another dashboard is doing right now is not unfinished.
func TestARunningDashboardsActionsAreItsOwn(t *testing.T) {
	l := newLog(t)
	l.alive = alive
	must(t, l.Begin(record("1")))
	if got, err := l.Unfinished("prod", "https://a"); err != nil || len(got) != 0 {
		t.Errorf("unfinished: %+v, %v", got, err)
	}
}

func TestNoLogYet(t *testing.T) {
	if got, err := newLog(t).Unfinished("prod", "https://a"); err != nil || got != nil {
		t.Errorf("%+v, %v", got, err)
	}
}

// A kill in the middle of a line costs that line alone.
func TestHalfALine(t *testing.T) {
	l := newLog(t)
	must(t, l.Begin(record("1")))
	f, err := os.OpenFile(l.Path(), os.O_APPEND|os.O_WRONLY, 0)
	must(t, err)
	_, err = f.WriteString(`{"event":"end","id":"1"` + "\n" + `{"event":"note","id":"1","step":99}` + "\n")
	must(t, err)
	must(t, f.Close())
	if got, err := l.Unfinished("prod", "https://a"); err != nil || len(got) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestTheFileIsPrivateAndBounded(t *testing.T) {
	l := newLog(t)
	must(t, l.Begin(record("1")))
	info, err := os.Stat(l.Path())
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	must(t, os.Truncate(l.Path(), maxFile+1))
	must(t, l.Begin(record("2")))
	data, err := os.ReadFile(l.Path())
	must(t, err)
	if strings.Count(strings.TrimSpace(string(data)), "\n") != 0 {
		t.Errorf("the file was not begun anew: %d bytes", len(data))
	}
	if _, err := os.Stat(l.Path() + ".1"); err != nil {
		t.Error(err)
	}
}

// A line that a kill cut short does not swallow what is written after it.
func TestATornLineSwallowsNothing(t *testing.T) {
	l := newLog(t)
	must(t, l.Begin(record("1")))
	f, err := os.OpenFile(l.Path(), os.O_APPEND|os.O_WRONLY, 0)
	must(t, err)
	_, err = f.WriteString(`{"event":"note","id":"1","st`)
	must(t, err)
	must(t, f.Close())
	must(t, l.Begin(record("2")))
	if got, err := l.Unfinished("prod", "https://a"); err != nil || len(got) != 2 {
		t.Errorf("%d records, %v", len(got), err)
	}
}
