package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tenantry/ui/keymap"
)

// The README's example is a file that works, and names every setting and every
// action.
func TestReadme(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(data), "### Configuration\n")
	section, _, _ = strings.Cut(section, "\n### ")
	_, example, _ := strings.Cut(section, "```yaml\n")
	example, rest, _ := strings.Cut(example, "```")
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
	for _, a := range keymap.Names() {
		if !strings.Contains(rest, "`"+a+"`") {
			t.Errorf("the list of actions lacks %s", a)
		}
	}
}
