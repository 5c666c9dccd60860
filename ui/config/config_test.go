package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tenantry/ui/keymap"
)

func load(t *testing.T, text string) (*Config, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Load(path)
}

func TestEverySetting(t *testing.T) {
	c, err := load(t, `# mine
theme: 16
ascii: true
calm: true
noMouse: true
readOnly: false
commitAuthors: true
protectedContexts: ["prod-*", "arn:aws:eks:*:cluster/live"]
readOnlyContexts: audit
keys:
  known: [f5, alt+k]
  sort: m
`)
	if err != nil {
		t.Fatal(err)
	}
	if c.Theme != "16" || !c.ASCII || !c.Calm || !c.NoMouse || c.ReadOnly || !c.CommitAuthors {
		t.Errorf("%+v", c)
	}
	for context, want := range map[string]bool{"prod-eu": true, "arn:aws:eks:eu-1:123:cluster/live": true, "stage": false, "my-prod-eu": false} {
		if c.IsProtected(context) != want {
			t.Errorf("%s is protected: %v", context, !want)
		}
	}
	if !c.IsReadOnly("audit") || c.IsReadOnly("audit2") {
		t.Error("read-only contexts")
	}
	list := keymap.Stacks["list of tenants"]
	if e, _ := c.Keys.Resolve(list, "alt+k"); e.Action != keymap.Known {
		t.Errorf("alt+k is %q", e.Help)
	}
	if e, _ := c.Keys.Resolve(list, "m"); e.Action != keymap.Sort {
		t.Errorf("m is %q", e.Help)
	}
}

func TestNothingSaidIsNoMistake(t *testing.T) {
	for name, text := range map[string]string{"empty": "", "comments": "# theme: dark\n", "no keys": "keys: {}\n"} {
		if c, err := load(t, text); err != nil || c.Theme != "" || c.Keys != nil {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
	if c, err := Load(filepath.Join(t.TempDir(), "none.yaml")); err != nil || c == nil {
		t.Errorf("no file: %v", err)
	}
	if c, err := Load(""); err != nil || c == nil {
		t.Errorf("no home: %v", err)
	}
}

func TestMistakesNameFileAndLine(t *testing.T) {
	for _, c := range []struct{ text, line, says string }{
		{"calm: true\ncolm: true\n", ":2: ", `there is no setting "colm": did you mean calm?`},
		{"readonly: true\n", ":1: ", "did you mean readOnly?"},
		{"bells: true\n", ":1: ", `there is no setting "bells"`},
		{"theme: dork\n", ":1: ", `there is no theme "dork": did you mean dark?`},
		{"calm: maybe\n", ":1: ", `want true or false, not "maybe"`},
		{"calm: [true]\n", ":1: ", "not a list"},
		{"theme: dark\ntheme: light\n", ":2: ", `"theme" stands here and on line 1`},
		{"- theme\n", ":1: ", "want settings as"},
		{"theme: dark\n\tcalm: true\n", ":2: ", "tab"},
		{"calm: true\n---\ncalm: false\n", ": ", "more than one document"},
		{"protectedContexts: {a: b}\n", ":1: ", "settings of its own"},
		{"keys: m\n", ":1: ", `keys: want "name: value"`},
		{"keys:\n  knwon: f5\n", ":2: ", `there is no action "knwon": did you mean known?`},
		{"keys:\n  known: f99\n", ":2: ", `there is no key "f99"`},
		{"keys:\n  known: []\n", ":2: ", "needs a key"},
		{"calm: true\nkeys:\n  sort: f5\n  known: S\n  copy: f5\n", ":5: ", `"f5" would mean both "sort`},
		{"keys:\n  pause: f6\n  known: c\n", ":3: ", `"c" would mean both "known`},
		{"keys:\n  known: r\n", ":2: ", "reconcile"},
	} {
		_, err := load(t, c.text)
		if err == nil {
			t.Errorf("%q is taken", c.text)
			continue
		}
		if !strings.Contains(err.Error(), "config.yaml"+c.line) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: %v; want %s…%s", c.text, err, c.line, c.says)
		}
	}
}

func TestWhatCantBeReadIsSaid(t *testing.T) {
	dir := t.TempDir()
	if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("a folder: %v", err)
	}
	if _, err := load(t, strings.Repeat("#", maxSize+1)); err == nil || !strings.Contains(err.Error(), "larger") {
		t.Errorf("a large file: %v", err)
	}
}

func TestPath(t *testing.T) {
	for _, c := range []struct{ config, home, want string }{
		{"/c", "/h", "/c/tenantry/config.yaml"},
		{"", "/h", "/h/.config/tenantry/config.yaml"},
		{"relative", "/h", "/h/.config/tenantry/config.yaml"},
		{"", "", ""},
	} {
		env := map[string]string{"XDG_CONFIG_HOME": c.config, "HOME": c.home}
		if got := Path(func(k string) string { return env[k] }); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("keys:\n  known: [f5]\n"))
	f.Add([]byte("a: &x [*x]\n"))
	f.Add([]byte("protectedContexts: [*, &a]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, err := parse("f", data); err == nil && c == nil {
			t.Error("neither a configuration nor an error")
		}
	})
}
