package program

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A mistake in the configuration file ends every command that reads it with
// file and line; the others go on.
func TestConfigurationFile(t *testing.T) {
	home := t.TempDir()
	path := filepath.Join(home, ".config", "tenantry", "config.yaml")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	run := func(text string, args ...string) (int, string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(binary, args...)
		cmd.Env = []string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "KUBECONFIG=" + filepath.Join(home, "none")}
		out, _ := cmd.CombinedOutput()
		return cmd.ProcessState.ExitCode(), strings.TrimRight(string(out), "\n")
	}
	for _, c := range []struct{ text, says string }{
		{"calm: true\ncolour: dark\n", path + ":2: there is no setting \"colour\""},
		{"keys:\n  known: S\n", path + ":2: \"S\" would mean both"},
	} {
		for _, args := range [][]string{nil, {"status"}, {"demo"}} {
			code, said := run(c.text, args...)
			if code != 3 || !strings.Contains(said, c.says) || strings.Contains(said, "\n") {
				t.Errorf("%v with %q: exit %d, %q; want 3 and %q", args, c.text, code, said, c.says)
			}
		}
		if code, said := run(c.text, "version"); code != 0 {
			t.Errorf("version with %q: exit %d, %s", c.text, code, said)
		}
	}
	// A file that is fine stands in no way, and a flag beats it.
	if code, said := run("theme: light\n", "status"); code != 3 || !strings.Contains(said, "none") {
		t.Errorf("exit %d, %q; want the missing kubeconfig", code, said)
	}
	if code, said := run("theme: light\n", "status", "--theme", "beige"); code != 3 || !strings.Contains(said, "beige") {
		t.Errorf("exit %d, %q", code, said)
	}
}
