package state

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

var prod = Cluster{Context: "prod/eu", Server: "https://10.0.0.1:6443"}

func folder(t *testing.T) *Folder {
	t.Helper()
	return Open(filepath.Join(t.TempDir(), "tenantry"))
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	f := folder(t)
	if c, err := f.Read(prod); err != nil || c.Looks != nil || c.Context != "prod/eu" {
		t.Fatalf("before anything was written: %+v, %v", c, err)
	}
	_, err := f.Update(prod, func(c *Contents) {
		c.UID = "u1"
		c.Looks = map[string]*Look{"": {At: 42, Tenants: map[string][]string{"Failed": {"docs"}, "Ready": {"accounts"}}}}
		c.Known = append(c.Known, Known{Kind: "Secret", Name: "flux", Note: "4711"})
	})
	if err != nil {
		t.Fatal(err)
	}
	c, err := Open(f.dir).Read(prod)
	if err != nil || c.UID != "u1" || c.Looks[""].Health()["docs"] != "Failed" || c.Known[0].Note != "4711" {
		t.Fatalf("%+v, %v", c, err)
	}
	// Another server behind the same context's name is another cluster.
	other, err := f.Read(Cluster{Context: prod.Context, Server: "https://10.0.0.2:6443"})
	if err != nil || other.Looks != nil {
		t.Errorf("another server's state: %+v, %v", other, err)
	}
}

func TestOnlyItsOwnerReadsIt(t *testing.T) {
	f := folder(t)
	if err := os.MkdirAll(filepath.Join(f.dir, "clusters"), 0o755); err != nil { // by somebody else, for instance by hand
		t.Fatal(err)
	}
	if _, err := f.Update(prod, func(*Contents) {}); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(f.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestBrokenFilesAreSetAsideOnce(t *testing.T) {
	for name, data := range map[string]string{
		"no JSON": "{\"version\":1,", "empty": "", "no version": "{}",
		"of another": `{"version":1,"context":"stage","server":"https://10.0.0.1:6443"}`,
	} {
		t.Run(name, func(t *testing.T) {
			f := folder(t)
			if _, err := f.Update(prod, func(*Contents) {}); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(f.path(prod), []byte(data), 0o600); err != nil {
				t.Fatal(err)
			}
			c, err := f.Read(prod)
			if err == nil || !strings.Contains(err.Error(), "set aside as") || c == nil || c.Looks != nil {
				t.Fatalf("%+v, %v", c, err)
			}
			if kept, err := os.ReadFile(f.path(prod) + ".broken"); err != nil || string(kept) != data {
				t.Errorf("kept %q, %v", kept, err)
			}
			if _, err := f.Update(prod, func(c *Contents) { c.UID = "u2" }); err != nil {
				t.Errorf("after it was set aside: %v", err)
			}
		})
	}
}

func TestNewerFilesAreLeftAlone(t *testing.T) {
	f := folder(t)
	if _, err := f.Update(prod, func(*Contents) {}); err != nil {
		t.Fatal(err)
	}
	const newer = `{"version":2,"context":"prod/eu","server":"https://10.0.0.1:6443","more":1}`
	if err := os.WriteFile(f.path(prod), []byte(newer), 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err := f.Update(prod, func(*Contents) {}); err == nil || c != nil {
		t.Errorf("%+v, %v", c, err)
	}
	if data, _ := os.ReadFile(f.path(prod)); string(data) != newer {
		t.Errorf("it was changed to %s", data)
	}
}

// Two dashboards at once: neither loses what the other wrote.
func TestTwoAtOnce(t *testing.T) {
	f := folder(t)
	const each = 20
	var done sync.WaitGroup
	for who := range 2 {
		done.Add(1)
		go func() {
			defer done.Done()
			own := Open(f.dir)
			for i := range each {
				if _, err := own.Update(prod, func(c *Contents) {
					c.Known = append(c.Known, Known{Name: fmt.Sprintf("%d-%d", who, i)})
				}); err != nil {
					t.Error(err)
				}
			}
		}()
	}
	done.Wait()
	if c, err := f.Read(prod); err != nil || len(c.Known) != 2*each {
		t.Errorf("%d of %d are left, %v", len(c.Known), 2*each, err)
	}
}

func TestALockThatIsHeldIsSaid(t *testing.T) {
	f := folder(t)
	if _, err := f.Update(prod, func(*Contents) {}); err != nil {
		t.Fatal(err)
	}
	unlock, err := f.lock()
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	began := time.Now()
	if _, err := f.Update(prod, func(*Contents) {}); err == nil || !strings.Contains(err.Error(), "is locked") {
		t.Errorf("%v", err)
	}
	if waited := time.Since(began); waited > 3*lockWait {
		t.Errorf("waited %s", waited)
	}
}

func TestBounds(t *testing.T) {
	f := folder(t)
	c, err := f.Update(prod, func(c *Contents) {
		for i := range maxKnown + 10 {
			c.Known = append(c.Known, Known{Name: fmt.Sprint(i), At: int64(i), Note: strings.Repeat("x", 2*maxText)})
		}
		names := make([]string, maxTenants+1)
		c.Looks = map[string]*Look{"": {At: 99, Tenants: map[string][]string{"Ready": names}}}
		for i := range maxLooks {
			c.Looks[fmt.Sprint("team-", i)] = &Look{At: int64(i)}
		}
	})
	if err != nil || len(c.Known) != maxKnown || c.Known[0].Name != "10" || len(c.Known[0].Note) != maxText {
		t.Errorf("%d known, the first %q, %v", len(c.Known), c.Known[0].Name, err)
	}
	if c.Looks[""] != nil || c.Looks["team-0"] != nil || len(c.Looks) != maxLooks-1 {
		t.Errorf("%d looks, the largest and the oldest are not to be among them: %v", len(c.Looks), c.Looks)
	}
	for i := range maxFiles + 5 {
		if _, err := f.Update(Cluster{Context: fmt.Sprint("c", i)}, func(*Contents) {}); err != nil {
			t.Fatal(err)
		}
	}
	if entries, _ := os.ReadDir(filepath.Join(f.dir, "clusters")); len(entries) > maxFiles {
		t.Errorf("%d files", len(entries))
	}
}

func TestDir(t *testing.T) {
	for _, c := range []struct{ state, home, want string }{
		{"/s", "/h", "/s/tenantry"},
		{"", "/h", "/h/.local/state/tenantry"},
		{"relative", "/h", "/h/.local/state/tenantry"},
	} {
		env := map[string]string{"XDG_STATE_HOME": c.state, "HOME": c.home}
		if got, err := Dir(func(k string) string { return env[k] }); err != nil || got != c.want {
			t.Errorf("%+v: %q, %v", c, got, err)
		}
	}
	if _, err := Dir(func(string) string { return "" }); err == nil {
		t.Error("no home is no error")
	}
}

// A folder that can't be written to is said, and nothing panics.
func TestReadOnlyFolder(t *testing.T) {
	base := t.TempDir()
	file := filepath.Join(base, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	f := Open(filepath.Join(file, "tenantry"))
	if _, err := f.Update(prod, func(*Contents) {}); err == nil || errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

// Drafts are bounded: the oldest go, and what is no draft of ours.
func TestDraftsAreBounded(t *testing.T) {
	f := folder(t)
	_, err := f.Update(prod, func(c *Contents) {
		for i := range 2 * maxDrafts {
			c.Keep(Draft{Form: fmt.Sprint(i), At: int64(i), Typed: []byte(`"typed"`)})
		}
		c.Keep(Draft{Form: "long", At: 1000, Typed: []byte(`"` + strings.Repeat("x", maxDraft) + `"`)})
		c.Keep(Draft{Form: "7", At: 1001, Typed: []byte(`"anew"`)})
	})
	if err != nil {
		t.Fatal(err)
	}
	c, err := Open(f.dir).Read(prod)
	if err != nil || len(c.Drafts) != maxDrafts || c.Draft("long") != nil || c.Draft("0") != nil || string(c.Draft("7").Typed) != `"anew"` {
		t.Fatalf("%d drafts: %v", len(c.Drafts), err)
	}
	c.Keep(Draft{Form: "7"})
	if c.Draft("7") != nil {
		t.Error("taken away, and there")
	}
}
