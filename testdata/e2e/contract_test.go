package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/client-go/tools/clientcmd"

	"tenantry/kube/demo/contract"
)

// keptAnswers is the file of what a real cluster said: what the embedded one is held to.
const keptAnswers = "../../kube/demo/contract/testdata/answers.json"

// The contract suite, unchanged, on a real cluster: its answers are the ones
// the embedded cluster gives. With TENANTRY_KEEP_ANSWERS they become the
// wanted ones.
func TestContractOnTheLab(t *testing.T) {
	admin, err := clientcmd.BuildConfigFromFlags("", lab.Kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	user, err := clientcmd.BuildConfigFromFlags("", lab.TenantKubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	admin.QPS, user.QPS = -1, -1
	have := contract.Run(t, contract.Target{Admin: admin, User: user, UserName: "team-x-user", GitBase: lab.GitURL,
		Push: func(name, subject string, files map[string]string) error {
			return push(t, filepath.Join(lab.GitRepos, name), subject, files)
		}, Compact: compact})
	if os.Getenv("TENANTRY_KEEP_ANSWERS") != "" {
		if err := have.Write(keptAnswers); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := contract.Read(keptAnswers)
	if err != nil {
		t.Fatal(err)
	}
	for _, difference := range contract.Compare(want, have) {
		t.Error(difference)
	}
}

// compact makes etcd forget all revisions but the newest, as the API server
// asks it to every five minutes.
func compact() error {
	call := func(method, body string, answer any) error {
		resp, err := http.Post(fmt.Sprintf("http://127.0.0.1:%d/v3/kv/%s", lab.Ports["etcd"], method), "application/json", strings.NewReader(body))
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return fmt.Errorf("etcd %s: %s", method, resp.Status)
		}
		return json.NewDecoder(resp.Body).Decode(answer)
	}
	var now struct {
		Header struct{ Revision string }
	}
	if err := call("range", `{"key":"AA=="}`, &now); err != nil {
		return err
	}
	return call("compaction", fmt.Sprintf(`{"revision":%q,"physical":true}`, now.Header.Revision), &now)
}

// push commits a whole tree of files to a repository's branch main.
func push(t *testing.T, repo, subject string, files map[string]string) error {
	dir := t.TempDir()
	run := func(args ...string) error {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_AUTHOR_NAME=contract", "GIT_AUTHOR_EMAIL=c@example.org",
			"GIT_COMMITTER_NAME=contract", "GIT_COMMITTER_EMAIL=c@example.org")
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("git %v: %w: %s", args, err, out)
		}
		return nil
	}
	if _, err := os.Stat(repo); err != nil {
		if err := run("init", "-q", "--bare", "-b", "main", repo); err != nil {
			return err
		}
	}
	if err := run("init", "-q", "-b", "main", "."); err != nil {
		return err
	}
	for p, text := range files {
		full := filepath.Join(dir, p)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			return err
		}
	}
	for _, args := range [][]string{{"add", "-A"}, {"commit", "-q", "-m", subject}, {"push", "-q", "-f", repo, "main"}} {
		if err := run(args...); err != nil {
			return err
		}
	}
	return nil
}
