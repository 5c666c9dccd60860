package history

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

const prod = "0123456789"

func at(ago time.Duration) int64 { return time.Now().Add(-ago).Unix() }

func write(t *testing.T, f *Folder, records ...Record) {
	t.Helper()
	if err := f.Append(prod, records); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, f *Folder) []Record {
	t.Helper()
	out, err := f.Read(prod)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// words are the records in short.
func words(records []Record) string {
	var out []string
	for _, r := range records {
		out = append(out, r.Namespace+"/"+r.Name+" "+r.What+" "+r.To)
	}
	return strings.Join(out, ", ")
}

func health(ns string, ago time.Duration, to string) Record {
	return Record{At: at(ago), Kind: "Kustomization", Namespace: ns, Name: "app", What: "health", To: to}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	dir := t.TempDir()
	f := Open(dir, "one", time.Now)
	if got := read(t, f); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
	write(t, f, health("a", time.Hour, "Failed"), health("b", time.Hour, "Failed"))
	write(t, Open(dir, "two", time.Now), health("a", time.Minute, "Ready"))
	if got := words(read(t, Open(dir, "three", time.Now))); got != "a/app health Failed, b/app health Failed, a/app health Ready" {
		t.Errorf("%s", got)
	}
	if err := f.Append("another", []Record{health("a", 0, "Ready")}); err != nil {
		t.Fatal(err)
	}
	if n := len(read(t, f)); n != 3 {
		t.Errorf("%d records: another cluster's are among them", n)
	}
	for path, mode := range map[string]os.FileMode{f.Path(prod): 0o600, filepath.Dir(f.Path(prod)): 0o700} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}

// Two dashboards that watch the same cluster tell one story; what happened
// twice happened twice.
func TestTwoRunsAreOneStory(t *testing.T) {
	dir := t.TempDir()
	one, two := Open(dir, "one", time.Now), Open(dir, "two", time.Now)
	write(t, one, health("a", 60*time.Second, "Failed"), health("a", 30*time.Second, "Ready"), health("a", 28*time.Second, "Failed"))
	write(t, two, health("a", 59*time.Second, "Failed"), health("a", 29*time.Second, "Ready"), health("a", 27*time.Second, "Failed"), health("b", 27*time.Second, "Failed"))
	if got := words(read(t, one)); got != "a/app health Failed, a/app health Ready, a/app health Failed, b/app health Failed" {
		t.Errorf("%s", got)
	}
}

func TestNoSecretIsKept(t *testing.T) {
	f := Open(t.TempDir(), "one", time.Now)
	r := health("a", 0, "Failed")
	r.Detail, r.To = "unable to clone 'https://ann:hunter2hunter2@git.acme.io/o/r'", "https://x.io?token=hunter2hunter2"
	write(t, f, r)
	data, err := os.ReadFile(f.Path(prod))
	if err != nil || bytes.Contains(data, []byte("hunter2")) {
		t.Errorf("%s, %v", data, err)
	}
}

// A line that a kill cut short costs that line.
func TestTornLines(t *testing.T) {
	f := Open(t.TempDir(), "one", time.Now)
	write(t, f, health("a", time.Hour, "Failed"))
	file, err := os.OpenFile(f.Path(prod), os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	for _, torn := range []string{`{"t":17`, "\n" + strings.Repeat("x", 1<<20) + "\n", "{}\n[]\nnull\n", "\x00\xff\n", `{"t":1,"k":"Kus`} {
		if _, err := file.WriteString(torn); err != nil {
			t.Fatal(err)
		}
	}
	_ = file.Close()
	write(t, f, health("b", time.Minute, "Ready"))
	if got := words(read(t, f)); got != "a/app health Failed, b/app health Ready" {
		t.Errorf("%s", got)
	}
}

// What a controller printed may be long: it is kept from the start, and what is
// cut off leaves no half of a secret behind.
func TestLongTexts(t *testing.T) {
	f := Open(t.TempDir(), "one", time.Now)
	long := strings.Repeat("é", 8*maxText/2-20) + " password=" + strings.Repeat("hunter2", 100) + " end"
	write(t, f, health("a", time.Minute, "x "+long), health("b", time.Minute, strings.Repeat("token=abcdefghijklmnop ", 500)))
	for _, r := range read(t, f) {
		if strings.Contains(r.To, "hunter") || strings.Contains(r.To, "abcdef") || !strings.HasSuffix(r.To, "…") || !utf8.ValidString(r.To) {
			t.Errorf("kept: %q", r.To)
		}
	}
}

func TestBounds(t *testing.T) {
	dir := t.TempDir()
	f := Open(dir, "one", time.Now)
	f.maxFile = 20 << 10
	long := health("a", time.Minute, strings.Repeat("é", 5000))
	long.Detail = strings.Repeat("y z ", 5000)
	for range 6 {
		batch := make([]Record, 20)
		for j := range batch {
			batch[j] = long
		}
		write(t, f, batch...)
	}
	total := int64(0)
	for _, path := range []string{f.Path(prod), f.Path(prod) + ".1"} {
		if info, err := os.Stat(path); err == nil {
			total += info.Size()
		}
	}
	if most := 2*f.maxFile + 2*20*2*maxText*2; total > most || total == 0 {
		t.Errorf("%d bytes are kept, at most %d", total, most)
	}
	for _, r := range read(t, f) {
		if len(r.To) > maxText+3 || len(r.Detail) > maxText+3 {
			t.Fatalf("%d and %d bytes of a word", len(r.To), len(r.Detail))
		}
	}
	many := Open(dir, "many", time.Now)
	var batch []Record
	for i := range maxRead + 500 {
		batch = append(batch, Record{At: at(0), Kind: "Kustomization", Name: fmt.Sprint(i), What: "new"})
	}
	if err := many.Append("full", batch); err != nil {
		t.Fatal(err)
	}
	got, err := many.Read("full")
	if err != nil || len(got) != maxRead || got[len(got)-1].Name != fmt.Sprint(maxRead+499) {
		t.Errorf("%d records, %v", len(got), err)
	}
}

func TestWhatIsOldGoes(t *testing.T) {
	dir := t.TempDir()
	f := Open(dir, "one", time.Now)
	write(t, f, health("old", maxAge+time.Hour, "Failed"), health("a", time.Hour, "Failed"))
	if got := words(read(t, f)); got != "a/app health Failed" {
		t.Errorf("%s", got)
	}
	write(t, Open(dir, "two", time.Now), health("a", 0, "Ready")) // the first write of a run tidies up
	if data, _ := os.ReadFile(f.Path(prod)); bytes.Contains(data, []byte("old")) || bytes.Count(data, []byte(`"w"`)) != 2 {
		t.Errorf("%s", data)
	}
	for i := range 2*maxClusters + 20 {
		if err := f.Append(fmt.Sprint("cluster", i), []Record{health("a", 0, "Ready")}); err != nil {
			t.Fatal(err)
		}
	}
	if entries, _ := os.ReadDir(filepath.Dir(f.Path(prod))); len(entries) > 2*maxClusters+2 {
		t.Errorf("%d files", len(entries))
	}
}

func TestClusterNames(t *testing.T) {
	if Cluster("u1", "https://a") != Cluster("u1", "https://b") || Cluster("u1", "s") == Cluster("u2", "s") || Cluster("", "a") == Cluster("", "b") || Cluster("a", "") == Cluster("", "a") {
		t.Error("clusters are mixed up")
	}
}

func TestALockThatIsHeldIsSaid(t *testing.T) {
	f := Open(t.TempDir(), "one", time.Now)
	write(t, f, health("a", 0, "Ready"))
	err := f.locked(true, func() error {
		two := Open(filepath.Dir(f.dir), "two", time.Now)
		two.wait = 50 * time.Millisecond
		return two.Append(prod, []Record{health("a", 0, "Ready")})
	})
	if err == nil || !strings.Contains(err.Error(), "is locked") {
		t.Errorf("%v", err)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Open(file, "x", time.Now).Append(prod, []Record{health("a", 0, "Ready")}); err == nil {
		t.Error("a folder that can't be made is no error")
	}
}

// Several processes write at once, files fill up, and one is killed again and
// again: every line that was written whole is read, and none is two.
func TestProcessesAndKills(t *testing.T) {
	if name := os.Getenv("HISTORY_WRITER"); name != "" {
		f := Open(os.Getenv("HISTORY_DIR"), name, time.Now)
		for i := 0; i < 500 && (name == "victim" || i < 100); i++ {
			batch := make([]Record, 5)
			for j := range batch {
				batch[j] = Record{At: at(0), Name: fmt.Sprintf("%s-%d-%d", name, i, j), What: "new", Detail: strings.Repeat("d", 200)}
			}
			if err := f.Append(prod, batch); err != nil {
				fmt.Println(err)
				os.Exit(1)
			}
			if name != "victim" && i == 99 {
				fmt.Println("done")
			}
		}
		os.Exit(0)
	}
	dir := t.TempDir()
	start := func(name string) (*exec.Cmd, *bytes.Buffer) {
		cmd := exec.Command(os.Args[0], "-test.run=TestProcessesAndKills")
		cmd.Env = append(os.Environ(), "HISTORY_WRITER="+name, "HISTORY_DIR="+dir)
		out := &bytes.Buffer{}
		cmd.Stdout, cmd.Stderr = out, out
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd, out
	}
	one, out1 := start("one")
	two, out2 := start("two")
	f := Open(dir, "reader", time.Now)
	for range 5 {
		written := func() (n int) {
			for _, r := range read(t, f) {
				if strings.HasPrefix(r.Name, "victim-") {
					n++
				}
			}
			return n
		}
		before := written()
		victim, _ := start("victim")
		for end := time.Now().Add(20 * time.Second); written() < before+20 && time.Now().Before(end); {
		}
		_ = victim.Process.Kill()
		_ = victim.Wait()
	}
	for _, p := range []struct {
		cmd *exec.Cmd
		out *bytes.Buffer
	}{{one, out1}, {two, out2}} {
		if err := p.cmd.Wait(); err != nil {
			t.Fatalf("%v: %s", err, p.out)
		}
	}
	count := map[string]int{}
	for _, r := range read(t, f) {
		if len(r.Detail) != 200 {
			t.Errorf("a mixed line: %+v", r)
		}
		name, _, _ := strings.Cut(r.Name, "-")
		count[name]++
	}
	if count["one"] != 500 || count["two"] != 500 || count["victim"] == 0 {
		t.Errorf("%v, want 500 of each", count)
	}
	write(t, f, health("a", 0, "Ready")) // and it goes on
}

// What tells an object from others of its name comes back as it was.
func TestAnObjectsUIDIsKeptWhole(t *testing.T) {
	f := Open(t.TempDir(), "a", time.Now)
	const uid = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
	if err := f.Append("c", []Record{{At: time.Now().Unix(), Kind: "GitRepository", What: "fetched", To: "main@sha1:d63406218397243c9520d48f91d7d07d85b351b3", UID: uid}}); err != nil {
		t.Fatal(err)
	}
	if got, err := f.Read("c"); err != nil || len(got) != 1 || got[0].UID != uid || got[0].To != "main@sha1:d63406218397243c9520d48f91d7d07d85b351b3" {
		t.Errorf("%+v, %v", got, err)
	}
}
