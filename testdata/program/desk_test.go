package program

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo"
	"tenantry/testdata/jobs"
	"tenantry/testdata/terminal"
)

// desk is the real program in a terminal, on an embedded cluster behind a real
// listener that writes down what is asked of it.
type desk struct {
	*testing.T
	*terminal.Session
	company *demo.Company
	server  *httptest.Server
	config  string
	state   string
	home    string // of the configuration file

	mu      sync.Mutex
	seen    []string
	patches []patch
}

// patch is a change that was asked for, as it arrived.
type patch struct{ path, query, body string }

const prodCluster = `apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
users: [{name: u, user: {token: "%s"}}]
contexts: [{name: prod, context: {cluster: c, user: u}}]
current-context: prod
`

// newDesk serves a company and writes the configuration of a user of it; the
// program is started by start.
func newDesk(t *testing.T, token string) *desk {
	t.Helper()
	return newDeskOf(t, token, demo.CompanyOptions{Speed: 5})
}

func newDeskOf(t *testing.T, token string, o demo.CompanyOptions) *desk {
	t.Helper()
	d := &desk{T: t, company: demo.NewCompany(o), state: t.TempDir(), home: t.TempDir()}
	inner := d.company.Cluster.Handler()
	d.server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		d.seen = append(d.seen, r.Method+" "+r.URL.Path)
		d.mu.Unlock()
		if body, err := io.ReadAll(r.Body); err == nil { // a server sees who has gone only once the request is read
			r.Body = io.NopCloser(bytes.NewReader(body))
			if r.Method == http.MethodPatch {
				d.mu.Lock()
				d.patches = append(d.patches, patch{r.URL.Path, r.URL.RawQuery, string(body)})
				d.mu.Unlock()
			}
		}
		inner.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		d.server.CloseClientConnections()
		d.server.Close()
		d.company.Close()
	})
	d.config = d.configFor(token)
	return d
}

// configFor writes the configuration of a user.
func (d *desk) configFor(token string) string {
	return write(d.T, "config", fmt.Sprintf(prodCluster, d.server.URL, token))
}

func (d *desk) start(args ...string) {
	d.Helper()
	s, err := terminal.Start(120, 40, []string{"KUBECONFIG=" + d.config, "XDG_STATE_HOME=" + d.state, "XDG_CONFIG_HOME=" + d.home}, binary, args...)
	if err != nil {
		d.Fatal(err)
	}
	d.Session = s
	d.Cleanup(s.Close)
	d.wait("● live")
}

func (d *desk) wait(text string) {
	d.Helper()
	if _, err := d.WaitText(30*time.Second, text); err != nil {
		d.Fatal(err)
	}
}

func (d *desk) keys(keys string) {
	d.Helper()
	if err := d.Type(keys); err != nil {
		d.Fatal(err)
	}
}

// tenant puts the cursor on a tenant, by its name.
func (d *desk) tenant(name string) {
	d.Helper()
	d.keys("1/\x15" + name + "\r")
	if _, err := d.WaitFor(10*time.Second, func(screen string) bool { return strings.HasPrefix(cursorLine(screen), name+" ") }); err != nil {
		d.Fatal(err)
	}
}

// sync puts the cursor on the one sync of a namespace.
func (d *desk) sync(ns string) {
	d.Helper()
	d.keys("6/\x15ns:" + ns + "\r")
	if _, err := d.WaitFor(10*time.Second, func(screen string) bool {
		return strings.HasPrefix(cursorLine(screen), ns+" ") && strings.Contains(screen, "▸ Syncs")
	}); err != nil {
		d.Fatal(err)
	}
}

func cursorLine(screen string) string { return jobs.CursorLine(screen) }

// button presses a dialog's button.
func (d *desk) button(word string) {
	d.Helper()
	d.jobs().Button(word)
}

// jobs is the desk as tests of the lab know it too.
func (d *desk) jobs() jobs.Desk {
	return jobs.Desk{T: d.T, Session: d.Session, Patience: 30 * time.Second}
}

var kustomizations = schema.GroupKind{Group: "kustomize.toolkit.fluxcd.io", Kind: "Kustomization"}

var deployments = schema.GroupKind{Group: "apps", Kind: "Deployment"}

var repositories = schema.GroupKind{Group: "source.toolkit.fluxcd.io", Kind: "GitRepository"}

func (d *desk) object(kind schema.GroupKind, ns, name string) *unstructured.Unstructured {
	d.Helper()
	o, err := d.company.Cluster.Client("test").Get(kind, ns, name)
	if err != nil {
		d.Fatal(err)
	}
	return &unstructured.Unstructured{Object: o}
}

func suspended(o *unstructured.Unstructured) bool {
	is, _, _ := unstructured.NestedBool(o.Object, "spec", "suspend")
	return is
}

// eventually polls the API server.
func (d *desk) eventually(what string, ok func() bool) {
	d.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !ok() {
		if time.Now().After(deadline) {
			screen := ""
			if d.Session != nil {
				screen = d.Screen()
			}
			d.Fatalf("never: %s\n%s", what, screen)
		}
		<-time.After(50 * time.Millisecond)
	}
}

// seenRequests are all requests so far.
func (d *desk) seenRequests() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]string(nil), d.seen...)
}

// seenPatches are all changes that were asked for so far.
func (d *desk) seenPatches() []patch {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]patch(nil), d.patches...)
}

// writes are the requests that may have stored something.
func (d *desk) writes() []string {
	var out []string
	for _, r := range d.seenRequests() {
		if !strings.HasPrefix(r, "GET ") && !strings.Contains(r, "/selfsubject") {
			out = append(out, r)
		}
	}
	return out
}

// quit2 leaves the program, however many pages are open.
func quit2(t *testing.T, d *desk) {
	t.Helper()
	d.keys("\x03\x03")
	if code, err := d.Wait(10 * time.Second); err != nil || code != 0 {
		t.Errorf("ctrl+c: exit %d, %v", code, err)
	}
}
