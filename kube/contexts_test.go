package kube

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/spf13/pflag"
)

const severalContexts = `apiVersion: v1
kind: Config
clusters: [{name: c1, cluster: {server: "https://one.example"}}, {name: c2, cluster: {server: "https://two.example"}}]
users:
- {name: token, user: {token: "hidden"}}
- {name: plugin, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: /opt/bin/aws-login, args: [secret-argument], interactiveMode: Never}}}
contexts:
- {name: two, context: {cluster: c2, user: plugin, namespace: team-a}}
- {name: one, context: {cluster: c1, user: token}}
- {name: dangling, context: {cluster: gone, user: gone}}
current-context: one
`

func severalFlags(t *testing.T, args ...string) *Flags {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(path, []byte(severalContexts), 0o600); err != nil {
		t.Fatal(err)
	}
	f := &Flags{}
	set := pflag.NewFlagSet("test", pflag.ContinueOnError)
	f.Bind(set)
	if err := set.Parse(append([]string{"--kubeconfig", path}, args...)); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestContextsAreListed(t *testing.T) {
	got, err := severalFlags(t).ListContexts()
	want := []Context{
		{Name: "dangling", Cluster: "gone", User: "gone"},
		{Name: "one", Cluster: "c1", Server: "https://one.example", User: "token", Login: "token"},
		{Name: "two", Cluster: "c2", Server: "https://two.example", User: "plugin", Login: "aws-login", Namespace: "team-a"},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	missing := &Flags{Kubeconfig: "/does/not/exist"}
	if _, err := missing.ListContexts(); err == nil {
		t.Error("a missing kubeconfig is no error")
	}
}

// What was given for one cluster must not be sent to another.
func TestAnotherContextGetsNoCredentialsOfThisOne(t *testing.T) {
	f := severalFlags(t, "--token", "for-one-only", "--server", "https://elsewhere.example", "--as", "team-a", "--as-group", "devs", "-n", "shop", "--request-timeout", "9s")
	here, err := f.Load("test")
	if err != nil || here.Config.BearerToken != "for-one-only" || here.Config.Host != "https://elsewhere.example" {
		t.Fatalf("%+v, %v", here, err)
	}
	other := f.For("two")
	target, err := other.Load("test")
	if err != nil {
		t.Fatal(err)
	}
	c := target.Config
	if c.BearerToken != "" || c.Host != "https://two.example" || c.ExecProvider == nil || len(other.Namespaces) != 0 {
		t.Errorf("%+v with %+v", c, other)
	}
	if c.Impersonate.UserName != "team-a" || !slices.Equal(c.Impersonate.Groups, []string{"devs"}) || target.RequestTimeout.String() != "9s" || target.DefaultNamespace != "team-a" {
		t.Errorf("impersonation or timeout is lost: %+v", target)
	}
	if back, err := f.For("one").Load("test"); err != nil || back.Config.BearerToken != "hidden" || back.Config.Host != "https://one.example" {
		t.Errorf("%+v, %v", back, err)
	}
	if _, err := f.For("dangling").Load("test"); err == nil {
		t.Error("a dangling context is no error")
	}
}
