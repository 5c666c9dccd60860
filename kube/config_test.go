package kube

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"
	"k8s.io/client-go/rest"
)

const kubeconfig = `apiVersion: v1
kind: Config
current-context: one
contexts:
- {name: one, context: {cluster: c, user: u, namespace: team-a}}
- {name: two, context: {cluster: c, user: u}}
- {name: broken, context: {cluster: gone, user: u}}
clusters:
- {name: c, cluster: {server: "https://127.0.0.1:6443"}}
users:
- {name: u, user: {token: t}}
`

func load(t *testing.T, file string, args ...string) (*Target, error) {
	t.Helper()
	t.Setenv("HOME", t.TempDir())
	t.Setenv("KUBERNETES_SERVICE_HOST", "")
	t.Setenv("KUBECONFIG", file)
	var f Flags
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	f.Bind(flags)
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	return f.Load("1.2.3")
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestConfigFromFlags(t *testing.T) {
	file := write(t, kubeconfig)
	target, err := load(t, file)
	if err != nil {
		t.Fatal(err)
	}
	c := target.Config
	if target.Context != "one" || target.DefaultNamespace != "team-a" || c.Host != "https://127.0.0.1:6443" || c.BearerToken != "t" {
		t.Errorf("%+v %s", target, c.Host)
	}
	if c.UserAgent != "tenantry/1.2.3" || c.Timeout != 0 || !c.DisableCompression {
		t.Errorf("%q %v", c.UserAgent, c.Timeout)
	}
	target, err = load(t, file, "--context", "two", "-n", "a", "-n", "b", "--as", "bob", "--as-group", "g", "--request-timeout", "5s",
		"--server", "https://10.0.0.1", "--token", "x", "--insecure-skip-tls-verify")
	if err != nil {
		t.Fatal(err)
	}
	c = target.Config
	if target.Context != "two" || target.DefaultNamespace != "" || target.RequestTimeout.Seconds() != 5 || c.Host != "https://10.0.0.1" ||
		c.BearerToken != "x" || c.Impersonate.UserName != "bob" || c.Impersonate.Groups[0] != "g" || !c.Insecure || c.DisableCompression {
		t.Errorf("%+v %+v", target, c)
	}
}

func TestConfigErrorsSayWhatAndWhereOnOneLine(t *testing.T) {
	file := write(t, kubeconfig)
	cases := []struct {
		name, file string
		args       []string
		want       []string
	}{
		{"no such file", "", []string{"--kubeconfig", "/nowhere/config"}, []string{"/nowhere/config", "no such kubeconfig file", "--kubeconfig"}},
		{"malformed", write(t, "contexts: ["), nil, []string{"malformed"}},
		{"not a kubeconfig", write(t, "contexts: 7\n"), nil, []string{"malformed"}},
		{"unknown context", file, []string{"--context", "three"}, []string{`no context "three"`, "there are: broken, one, two", file}},
		{"unknown current context", write(t, "current-context: x\n"), nil, []string{`no context "x"`, "the file has no contexts"}},
		{"no cluster", file, []string{"--context", "broken"}, []string{`needs the cluster "gone"`, file}},
		{"nothing at all", "", nil, []string{"no cluster is configured", "KUBECONFIG"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := load(t, c.file, c.args...)
			var config *ConfigError
			if !errors.As(err, &config) {
				t.Fatalf("%v is no ConfigError", err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q lacks %q", err, want)
				}
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than a line: %q", err)
			}
		})
	}
}

// Whoever made the configuration: a client that throttles itself would read a
// cluster for seconds.
func TestNoClientSideRateLimit(t *testing.T) {
	client, err := newClient(&rest.Config{Host: "http://127.0.0.1:1"}, &transport{}, &heard{}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if limit := client.GetRateLimiter(); limit != nil {
		t.Errorf("requests are limited to %v a second", limit.QPS())
	}
}

// TestTargetLoadsAgain: the same context, with what the file says by then.
func TestTargetLoadsAgain(t *testing.T) {
	file := write(t, kubeconfig)
	target, err := load(t, file)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.NewReplacer("current-context: one", "current-context: two", "token: t", "token: new").Replace(kubeconfig)
	if err := os.WriteFile(file, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	again, err := target.Reload()
	if err != nil || again.Context != "one" || again.Config.BearerToken != "new" || again.Reload == nil {
		t.Fatalf("%+v, %v", again, err)
	}
	if err := os.WriteFile(file, []byte("no YAML: {"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := target.Reload(); err == nil || !strings.Contains(err.Error(), "malformed") {
		t.Errorf("a broken file: %v", err)
	}
}

// Programs that are started find a cluster by kubeconfig and context alone.
func TestElsewhere(t *testing.T) {
	for args, elsewhere := range map[string]bool{
		"": false, "--context a --kubeconfig /x": false, "--as ann": false, "-n x --request-timeout 5s": false,
		"--server https://x": true, "--token t": true, "--user u": true, "--cluster c": true, "--as ann --as-group g": true, "--insecure-skip-tls-verify": true,
	} {
		var f Flags
		set := pflag.NewFlagSet("x", pflag.ContinueOnError)
		f.Bind(set)
		if err := set.Parse(strings.Fields(args)); err != nil {
			t.Fatal(args, err)
		}
		if said := f.Elsewhere(); (said != "") != elsewhere {
			t.Errorf("%q: %q", args, said)
		}
	}
}
