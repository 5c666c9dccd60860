package program

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"testing"
	"time"

	"tenantry/kube/demo"
	"tenantry/testdata/terminal"
)

const oneCluster = `apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
users: [{name: u, user: {token: "%s"}}]
contexts: [{name: one, context: {cluster: c, user: u}}]
current-context: one
`

// How things were when somebody left is there in the next run, and readable by
// nobody else.
func TestWhatIsRememberedBetweenRuns(t *testing.T) {
	company, url := serve(t, demo.CompanyOptions{Bare: true})
	for _, name := range []string{"blue", "green"} {
		tenant(t, company, name)
	}
	config := write(t, "config", fmt.Sprintf(oneCluster, url, demo.AdminToken))
	home := filepath.Join(t.TempDir(), "state")
	run := func(steps func(wait, keys func(string))) {
		t.Helper()
		s, err := terminal.Start(110, 34, []string{"KUBECONFIG=" + config, "XDG_STATE_HOME=" + home}, binary)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		steps(func(text string) {
			t.Helper()
			if _, err := s.WaitText(30*time.Second, text); err != nil {
				t.Fatal(err)
			}
		}, func(k string) {
			t.Helper()
			if err := s.Type(k); err != nil {
				t.Fatal(err)
			}
		})
		quit(t, s)
	}
	run(func(wait, _ func(string)) {
		wait("● live")
		wait("2 tenants")
	})
	tenant(t, company, "red")
	run(func(wait, keys func(string)) {
		wait("1 new tenant (h)")
		keys("h")
		wait("last look from here")
		wait("red was not there at")
		keys("q")
		wait("3 tenants")
	})
	err := filepath.WalkDir(home, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && path != home && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err) // nothing was written at all
	}
}
