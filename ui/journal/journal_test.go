package journal

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

var at = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func newLog(t *testing.T) *Log {
	return Open(filepath.Join(t.TempDir(), "deep", "state"), func() time.Time { return at })
}

// next is the dashboard that is started after l's was killed.
func next(l *Log) *Log {
	if l.run.file != nil {
		_ = l.run.file.Close() // as the kernel does
	}
	return Open(l.dir, l.now)
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
	l = next(l)
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

// What another dashboard is doing right now is not unfinished, whatever its
// process is called: in containers they are all number one.
func TestARunningDashboardsActionsAreItsOwn(t *testing.T) {
	l := newLog(t)
	must(t, l.Begin(record("1")))
	other := Open(l.dir, l.now)
	must(t, other.Begin(record("2")))
	for _, at := range []*Log{l, other, Open(l.dir, l.now)} {
		if got, err := at.Unfinished("prod", "https://a"); err != nil || len(got) != 0 {
			t.Errorf("unfinished: %+v, %v", got, err)
		}
	}
	after := next(l)
	if got, err := after.Unfinished("prod", "https://a"); err != nil || len(got) != 1 || got[0].ID != "1" {
		t.Errorf("after a kill: %+v, %v", got, err)
	}
	must(t, after.Begin(record("3")))
	left, _ := filepath.Glob(runPath(l.dir, "*"))
	if len(left) != 2 {
		t.Errorf("what tells that somebody lives: %q, want that of the two who do", left)
	}
	other.Close()
	after.Close()
	if left, _ = filepath.Glob(runPath(l.dir, "*")); len(left) != 0 {
		t.Errorf("left behind: %q", left)
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
	if got, err := next(l).Unfinished("prod", "https://a"); err != nil || len(got) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestTheFileIsPrivateWhateverItWas(t *testing.T) {
	l := newLog(t)
	must(t, os.MkdirAll(l.dir, 0o755))
	must(t, os.WriteFile(l.Path(), nil, 0o644))
	must(t, l.Begin(record("1")))
	info, err := os.Stat(l.Path())
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	if info, err = os.Stat(l.dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder's mode %v, %v", info.Mode(), err)
	}
}

// A link where the log is to be leads to somebody's file: it is neither written
// to nor made private, and it is said.
func TestNoLinkIsFollowed(t *testing.T) {
	for _, name := range []string{fileName, fileName + ".lock"} {
		l := newLog(t)
		must(t, os.MkdirAll(l.dir, 0o700))
		other := filepath.Join(t.TempDir(), "other")
		must(t, os.WriteFile(other, []byte("mine\n"), 0o644))
		must(t, os.Symlink(other, filepath.Join(l.dir, name)))
		if err := l.Begin(record("1")); err == nil || !strings.Contains(err.Error(), name+" is a symbolic link") {
			t.Errorf("%s: %v", name, err)
		}
		data, err := os.ReadFile(other)
		must(t, err)
		if info, err := os.Stat(other); err != nil || info.Mode().Perm() != 0o644 || string(data) != "mine\n" {
			t.Errorf("%s: what it points to is %q, %v, %v", name, data, info.Mode(), err)
		}
	}
}

// However often the file is set aside, what is unfinished stays, and only that.
func TestTheFileIsBoundedAndLosesNothing(t *testing.T) {
	l := newLog(t)
	must(t, l.Begin(record("open")))
	must(t, l.Note("open", 0, "sent", ""))
	must(t, l.Begin(record("ended")))
	must(t, l.End("ended", "done"))
	for i := range 4 {
		fill, err := os.OpenFile(l.Path(), os.O_APPEND|os.O_WRONLY, 0)
		must(t, err)
		_, err = fill.Write(bytes.Repeat(append(bytes.Repeat([]byte("y"), 1<<16), '\n'), maxFile>>16+1))
		must(t, err)
		must(t, fill.Close())
		id := fmt.Sprint(i)
		must(t, l.Begin(record(id)))
		must(t, l.End(id, "done"))
		info, err := os.Stat(l.Path())
		must(t, err)
		if info.Size() > 4096 {
			t.Fatalf("the file was not begun anew: %d bytes", info.Size())
		}
	}
	files, _ := os.ReadDir(l.dir)
	if len(files) != 4 { // the log, the one before, the lock, who lives
		t.Errorf("files: %v", files)
	}
	must(t, l.Note("open", 1, "sending", ""))
	got, err := next(l).Unfinished("prod", "https://a")
	must(t, err)
	if len(got) != 1 || got[0].ID != "open" || len(got[0].Steps) != 2 || got[0].Steps[0].Word != "sent" || got[0].Steps[1].Word != "sending" {
		t.Errorf("unfinished: %+v", got)
	}
}

// An action on ten thousand objects is found again, though its record is longer
// than a line may be.
func TestALongRecord(t *testing.T) {
	l := newLog(t)
	r := record("1")
	r.Steps = nil
	for i := range 10_000 {
		r.Steps = append(r.Steps, Step{Kind: "Kustomization", Namespace: strings.Repeat("n", 63), Name: fmt.Sprintf("%0253d", i), UID: "8f5a6c4e-0000-4000-8000-000000000000"})
	}
	must(t, l.Begin(r))
	must(t, l.Note("1", 9_999, "failed", strings.Repeat("x", 2*maxLine)))
	f, err := os.OpenFile(l.Path(), os.O_APPEND|os.O_WRONLY, 0)
	must(t, err)
	_, err = f.WriteString(strings.Repeat("y", 3*maxLine) + "\n") // nobody's
	must(t, err)
	must(t, f.Close())
	must(t, l.Note("1", 0, "sent", ""))
	got, err := next(l).Unfinished("prod", "https://a")
	must(t, err)
	if len(got) != 1 || len(got[0].Steps) != 10_000 || got[0].Steps[9_999].Word != "failed" || got[0].Steps[0].Word != "sent" {
		t.Fatalf("%d records", len(got))
	}
}

// A pipe in the log's place is refused, not waited for.
func TestAPipeIsNoLog(t *testing.T) {
	l := newLog(t)
	must(t, os.MkdirAll(l.dir, 0o700))
	must(t, syscall.Mkfifo(l.Path(), 0o600))
	if err := l.Begin(record("1")); err == nil || !strings.Contains(err.Error(), "no regular file") {
		t.Errorf("begin: %v", err)
	}
	if _, err := l.Unfinished("prod", "https://a"); err == nil || !strings.Contains(err.Error(), "no regular file") {
		t.Errorf("unfinished: %v", err)
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
	if got, err := next(l).Unfinished("prod", "https://a"); err != nil || len(got) != 2 {
		t.Errorf("%d records, %v", len(got), err)
	}
}

// What a server says may repeat what it was sent.
func TestNoSecretIsNoted(t *testing.T) {
	l := newLog(t)
	must(t, l.Begin(record("1")))
	must(t, l.Note("1", 0, "failed", `admission webhook "audit.acme.io" denied the request: {"stringData":{"password":"hunter2hunter2"}}`))
	must(t, l.Note("1", 1, "failed", strings.Repeat("x ", maxDetail/2-10)+"ghp_0123456789abcdef0123"))
	must(t, l.End("1", "failed: password=hunter2hunter2"))
	data, err := os.ReadFile(l.Path())
	must(t, err)
	if text := string(data); strings.Contains(text, "hunter2") || strings.Contains(text, "ghp_") || !strings.Contains(text, "audit.acme.io") {
		t.Errorf("%s", text)
	}
}
