package program

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"tenantry/kube/demo"
	"tenantry/kube/demo/git"
	"tenantry/model/onboard"
	"tenantry/testdata/folder"
)

// once runs a command of the program, without a terminal.
func (d *desk) once(args ...string) waited {
	d.Helper()
	cmd := d.command(args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	began := time.Now()
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		d.Fatal(err)
	}
	out := waited{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode(), time.Since(began)}
	d.Logf("%s: exit %d after %s\n%s%s", strings.Join(args, " "), out.code, out.took.Round(time.Millisecond), out.stderr, out.stdout)
	return out
}

func (d *desk) command(args ...string) *exec.Cmd {
	cmd := exec.Command(binary, args...)
	cmd.Env = append(os.Environ(), "KUBECONFIG="+d.config, "XDG_STATE_HOME="+d.state, "XDG_CONFIG_HOME="+d.home)
	return cmd
}

const shopURL, clubURL = "https://git.example.com/acme/shop", "https://git.example.com/acme/club"

// shops is a platform with two tenants made by hand, one of two namespaces;
// objects have the same names everywhere.
func shops(t *testing.T, o demo.CompanyOptions) *desk {
	t.Helper()
	o.Speed = 20
	d := newDeskOf(t, demo.AdminToken, o)
	for _, url := range []string{shopURL, clubURL} {
		d.company.Git.Add(url, git.Access{}).Push("main", "Settings", "Ann <ann@example.com>", time.Now(),
			git.Write("deploy/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {colour: blue}\n"))
	}
	return d
}

func (d *desk) makeShops() {
	d.Helper()
	for _, spec := range []onboard.Spec{
		{Name: "shop", Spaces: []onboard.Space{{Namespace: "shop-stage", Path: "./deploy"}, {Namespace: "shop-prod", Path: "./deploy"}},
			Source: onboard.Source{URL: shopURL, Name: "app"}, Quota: onboard.Quota{CPU: "4"}, Isolate: true, Sync: onboard.Sync{Inside: true}},
		{Name: "club", Spaces: []onboard.Space{{Namespace: "club", Path: "./deploy"}}, Source: onboard.Source{URL: clubURL, Name: "app"}, Sync: onboard.Sync{Inside: true}},
	} {
		for _, o := range spec.Objects() {
			body := demo.Object{}
			if err := yaml.Unmarshal(o.Body, &body); err != nil {
				d.Fatal(err)
			}
			if _, _, _, err := d.company.Cluster.Client("ann").Apply(body, false, false); err != nil {
				d.Fatalf("%s: %v", o.Ref, err)
			}
		}
	}
	for _, ns := range shopSpaces {
		d.eventually("what Git holds in "+ns, func() bool { return d.there(configMaps, ns, "settings") && d.ready(ns) })
	}
}

var shopSpaces = []string{"shop-stage", "shop-prod", "club"}

func (d *desk) ready(ns string) bool {
	o, err := d.company.Cluster.Client("test").Get(kustomizations, ns, "app")
	if err != nil {
		return false
	}
	all, _, _ := unstructured.NestedSlice(o, "status", "conditions")
	for _, c := range all {
		if c, ok := c.(map[string]any); ok && c["type"] == "Ready" {
			return c["status"] == "True"
		}
	}
	return false
}

// lose deletes all tenants.
func (d *desk) lose() {
	d.Helper()
	c := d.company.Cluster.Client("ann")
	for _, ns := range shopSpaces {
		if err := c.Delete(kustomizations, ns, "app", nil); err != nil {
			d.Fatal(err)
		}
	}
	for _, ns := range shopSpaces {
		d.eventually("no sync in "+ns, func() bool { return !d.there(kustomizations, ns, "app") })
		if err := c.Delete(namespaces, "", ns, nil); err != nil {
			d.Fatal(err)
		}
	}
	for _, ns := range shopSpaces {
		d.eventually("no "+ns, func() bool { return !d.there(namespaces, "", ns) })
	}
}

func (d *desk) export(dir string, args ...string) map[string]string {
	d.Helper()
	if w := d.once(append([]string{"export", "-d", dir}, args...)...); w.code != 0 {
		d.Fatalf("export: exit %d", w.code)
	}
	return folder.Read(d, dir)
}

func (d *desk) sameExport(want map[string]string) {
	d.Helper()
	got := d.export(d.TempDir())
	for name, text := range want {
		if got[name] != text {
			d.Errorf("%s differs:\n--- before\n%s\n--- after\n%s", name, text, got[name])
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			d.Errorf("%s is new", name)
		}
	}
}

// applied are the objects that were really applied, and how often.
func (d *desk) applied() map[string]int {
	out := map[string]int{}
	for _, p := range d.seenPatches() {
		if !strings.Contains(p.query, "dryRun") {
			out[p.path]++
		}
	}
	return out
}
