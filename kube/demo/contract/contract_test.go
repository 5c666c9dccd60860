package contract_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"k8s.io/client-go/tools/clientcmd"

	"tenantry/kube/demo"
	"tenantry/kube/demo/contract"
	"tenantry/kube/demo/git"
)

// answers holds what a real cluster said; see TestLab.
const answers = "testdata/answers.json"

// TestEmbedded asks the embedded cluster and compares with a real one.
func TestEmbedded(t *testing.T) {
	want, err := contract.Read(answers)
	if err != nil {
		t.Fatal(err)
	}
	have := askEmbedded(t)
	for _, difference := range contract.Compare(want, have) {
		t.Error(difference)
	}
	for name := range want {
		if _, ok := have[name]; !ok {
			t.Errorf("%s was not asked", name)
		}
	}
}

func askEmbedded(t *testing.T) contract.Answers {
	c := demo.NewCompany(demo.CompanyOptions{Manual: true, Bare: true, Seed: 3, Log: func(s string) { t.Log(s) }})
	defer c.Close()
	repos := map[string]*git.Repo{}
	return contract.Run(t, contract.Target{
		Admin: c.Config(), User: c.Cluster.ConfigFor(demo.TenantToken), UserName: "dev",
		GitBase: "http://git.contract.invalid",
		Push: func(name, subject string, files map[string]string) error {
			r := repos[name]
			if r == nil {
				r = c.Git.Add("http://git.contract.invalid/"+name, git.Access{})
				repos[name] = r
			}
			changes := map[string]*string{}
			if head := r.Head("main"); head != nil {
				for p := range head.Files {
					changes[p] = nil
				}
			}
			for p, text := range files {
				changes[p] = &text
			}
			r.Push("main", subject, "contract", time.Now(), changes)
			return nil
		},
		Wait: c.Advance,
	})
}

// TestLab asks a real cluster: TENANTRY_LAB_ENV names a file with the output
// of "lab env -o json". With TENANTRY_LAB_KEEP set its answers become the
// wanted ones, else they are compared like the embedded cluster's.
func TestLab(t *testing.T) {
	file := os.Getenv("TENANTRY_LAB_ENV")
	if file == "" {
		t.Skip("no lab: set TENANTRY_LAB_ENV")
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var lab struct{ Kubeconfig, TenantKubeconfig, GitURL, GitRepos string }
	if err := json.Unmarshal(b, &lab); err != nil {
		t.Fatal(err)
	}
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
			return pushReal(t, filepath.Join(lab.GitRepos, name), subject, files)
		}})
	if os.Getenv("TENANTRY_LAB_KEEP") != "" {
		if err := have.Write(answers); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := contract.Read(answers)
	if err != nil {
		t.Fatal(err)
	}
	for _, difference := range contract.Compare(want, have) {
		t.Error(difference)
	}
}

func pushReal(t *testing.T, repo, subject string, files map[string]string) error {
	dir := t.TempDir()
	run := func(args ...string) error {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_AUTHOR_NAME=contract", "GIT_AUTHOR_EMAIL=c@example.org", "GIT_COMMITTER_NAME=contract", "GIT_COMMITTER_EMAIL=c@example.org")
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

// TestAWrongWordIsFound changes one word of one answer.
func TestAWrongWordIsFound(t *testing.T) {
	want, err := contract.Read(answers)
	if err != nil {
		t.Fatal(err)
	}
	have, err := contract.Read(answers)
	if err != nil {
		t.Fatal(err)
	}
	if d := contract.Compare(want, have); len(d) != 0 {
		t.Fatalf("the same answers differ: %v", d)
	}
	body, ok := have["apply conflicts"].Body.(map[string]any)
	if !ok {
		t.Fatal("there is no such answer")
	}
	body["message"] = "Apply failed with 1 conflicts"
	if d := contract.Compare(want, have); len(d) != 1 {
		t.Fatalf("one wrong word gives %d differences: %v", len(d), d)
	}
}
