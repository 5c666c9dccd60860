package program

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo"
	"tenantry/testdata/terminal"
)

var secrets = schema.GroupKind{Kind: "Secret"}

// withSecret gives the sources of the same name in two namespaces a Secret of
// the same name each, and returns the first.
func (d *desk) withSecret() (namespace, name, secret string) {
	d.Helper()
	client := d.company.Cluster.Client("test")
	namespace, name, secret = "fluxdemo-stage", "flux-stage-prod", "git"
	for _, ns := range []string{namespace, "fluxdemo-prod"} {
		if _, err := client.Create(demo.Object{"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "metadata": demo.Object{"name": secret, "namespace": ns},
			"data": demo.Object{"username": "Z2l0", "password": "aHVudGVyMg=="}}); err != nil {
			d.Fatal(err)
		}
		if _, err := client.Edit(repositories, ns, name, func(o demo.Object) error {
			return unstructured.SetNestedField(o, secret, "spec", "secretRef", "name")
		}); err != nil {
			d.Fatal(err)
		}
	}
	return namespace, name, secret
}

// history is all that is kept of the cluster.
func (d *desk) history() string {
	var out strings.Builder
	files, _ := filepath.Glob(filepath.Join(d.state, "tenantry", "history", "*.jsonl"))
	for _, f := range files {
		data, _ := os.ReadFile(f)
		out.Write(data)
	}
	return out.String()
}

// A Secret is wiped while tenantry watches; tenantry is killed. One that starts
// afterwards tells the story, shows what the controllers said, and hands it on.
func TestTheStoryOfAWipedSecret(t *testing.T) {
	d := newDesk(t, "demo-admin")
	t.Chdir(t.TempDir())
	ns, name, secret := d.withSecret()
	d.start()
	d.eventually("the session is in the history", func() bool { return strings.Contains(d.history(), `"w":"watching"`) })
	if err := d.company.Cluster.Client("kubectl").Delete(secrets, ns, secret, nil); err != nil {
		t.Fatal(err)
	}
	d.eventually("the loss is in the history", func() bool { return strings.Contains(d.history(), `"w":"missing"`) })
	if err := d.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Wait(10 * time.Second); err != nil {
		t.Fatal(err)
	}

	d.start()
	d.tenant(ns)
	d.keys("h")
	d.wait("as earlier ones saw it")
	d.wait("missing: GitRepository/" + ns + "/" + name)
	d.keys("b")
	d.wait("wrote ")
	reports, _ := filepath.Glob("tenantry-incident-tenant-*.md")
	if len(reports) != 1 {
		t.Fatalf("reports: %v\n%s", reports, d.Screen())
	}
	report, err := os.ReadFile(reports[0])
	for _, want := range []string{"# tenant " + ns + " on prod", "Secret", "missing: GitRepository/" + ns + "/" + name, "## Events", "AuthenticationFailed"} {
		if err != nil || !strings.Contains(strings.ReplaceAll(string(report), `\`, ""), want) {
			t.Errorf("%q is not in the report (%v):\n%s", want, err, report)
		}
	}
	d.keys("q5/\x15ns:" + ns + "\rl") // the source's logs
	d.wait("Logs")
	d.wait("not found")
	d.keys("!")
	d.wait("! trouble only")
	d.keys("qq")

	code, out := d.doctor()
	if code != 1 || !strings.Contains(out, "ecret "+ns+"/"+secret+" does not exist") || !strings.Contains(out, "PLATFORM") {
		t.Errorf("doctor ends with %d:\n%s", code, out)
	}
	code, out = d.doctor("-o", "json")
	var r struct {
		SchemaVersion int
		Verdict       string
		Causes        []struct {
			Object struct{ Kind, Namespace, Name string }
			Breaks []string
		}
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != 1 || r.Verdict != "unhealthy" || r.SchemaVersion != 1 {
		t.Errorf("doctor ends with %d: %v\n%s", code, err, out)
	}
	found := false
	for _, c := range r.Causes {
		found = found || c.Object.Kind == "Secret" && c.Object.Namespace == ns && c.Object.Name == secret && len(c.Breaks) == 1
	}
	if !found {
		t.Errorf("the Secret is no cause: %+v", r.Causes)
	}
	if strings.Contains(d.history()+string(report)+out, "PRIVATE KEY") {
		t.Error("a key was written down")
	}
}

// doctor runs the one-shot command.
func (d *desk) doctor(args ...string) (int, string) {
	d.Helper()
	cmd := exec.Command(binary, append([]string{"doctor"}, args...)...)
	cmd.Env = append(os.Environ(), "KUBECONFIG="+d.config)
	var exit *exec.ExitError
	out, err := cmd.Output()
	if err != nil && !errors.As(err, &exit) {
		d.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

// noHistory in the configuration keeps nothing.
func TestHistoryIsSwitchedOff(t *testing.T) {
	d := newDesk(t, "demo-admin")
	home := t.TempDir()
	if err := os.MkdirAll(filepath.Join(home, "tenantry"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, "tenantry", "config.yaml"), []byte("noHistory: true\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := terminal.Start(120, 40, []string{"KUBECONFIG=" + d.config, "XDG_STATE_HOME=" + d.state, "XDG_CONFIG_HOME=" + home}, binary)
	if err != nil {
		t.Fatal(err)
	}
	d.Session = s
	t.Cleanup(s.Close)
	d.wait("● live")
	d.keys("qq")
	if _, err := d.Wait(10 * time.Second); err != nil {
		t.Error(err)
	}
	if files, _ := filepath.Glob(filepath.Join(d.state, "tenantry", "clusters", "*")); len(files) == 0 {
		t.Error("nothing is remembered at all")
	}
	if got := d.history(); got != "" {
		t.Errorf("%s", got)
	}
}

// A crashing workload's log, and the one before its last start.
func TestLogsOfACrash(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "demo-admin")
	client := d.company.Cluster.Client("test")
	for _, o := range client.List(deployments, "docs") {
		u := unstructured.Unstructured{Object: o}
		if _, err := client.Edit(deployments, u.GetNamespace(), u.GetName(), func(o demo.Object) error {
			return unstructured.SetNestedField(o, "crashloop", "spec", "template", "metadata", "labels", "lab/fault")
		}); err != nil {
			t.Fatal(err)
		}
	}
	d.start()
	d.keys("7/\x15ns:docs\r")
	d.wait("▸ Workloads")
	d.keys("l")
	d.wait("panic: cannot start")
	d.keys("P")
	d.wait("before the last start")
	d.wait("panic: cannot start")
}
