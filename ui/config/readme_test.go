package config

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tenantry/ui/keymap"
)

var update = flag.Bool("update", false, "rewrite the README's list of actions")

// actionsLead is what the list stands behind.
const actionsLead = "always lead out. Actions: "

// The README's example is a file that works, and names every setting and every
// action.
func TestReadme(t *testing.T) {
	path := filepath.Join("..", "..", "README.md")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(data), "### Configuration\n")
	section, _, _ = strings.Cut(section, "\n### ")
	_, example, _ := strings.Cut(section, "```yaml\n")
	example, _, _ = strings.Cut(example, "```")
	c, err := parse("README.md", []byte(example))
	if err != nil {
		t.Fatal(err)
	}
	if c.Keys == nil || !c.IsProtected("prod-eu") {
		t.Errorf("the example reads as %+v", c)
	}
	for _, s := range settingNames() {
		if !strings.Contains(example, "\n"+s+":") && !strings.HasPrefix(example, s+":") {
			t.Errorf("the example does not show %s", s)
		}
	}
	before, list, ok := strings.Cut(string(data), actionsLead)
	_, after, ok2 := strings.Cut(list, ".\n")
	if !ok || !ok2 {
		t.Fatalf("the README has no list that begins with %q", actionsLead)
	}
	want := before + actionsLead + "`" + strings.Join(keymap.Names(), "`, `") + "`.\n" + after
	switch {
	case want == string(data):
	case *update:
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Error("the README's list of actions is old: go test ./ui/config -update")
	}
}
