package e2e

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"tenantry/testdata/jobs"
	"tenantry/testdata/terminal"
)

const asked = "reconcile.fluxcd.io/requestedAt"

// desk opens the dashboard for somebody who acts. State is a folder of its own
// that outlives it, for who is killed and comes back.
func desk(t *testing.T, kubeconfig, state string, args ...string) jobs.Desk {
	t.Helper()
	if state == "" {
		state = t.TempDir()
	}
	s, err := terminal.Start(120, 40, []string{"KUBECONFIG=" + kubeconfig, "XDG_STATE_HOME=" + state}, binary, args...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	d := jobs.Desk{T: t, Session: s, Patience: 30 * time.Second}
	d.Wait("● live")
	return d
}

// stored is what a test looks at of an object on the API server.
type stored struct {
	Metadata struct {
		UID                 string
		Generation          int64
		ResourceVersion     string
		Annotations, Labels map[string]string
		ManagedFields       []struct {
			Manager, Operation, Subresource string
			FieldsV1                        json.RawMessage
		}
	}
	Spec struct {
		Suspend bool
		Sync    map[string]string
	}
	Data   map[string]string
	Status struct {
		LastHandledReconcileAt, LastAppliedRevision string
		Artifact                                    struct{ Revision string }
		Conditions                                  []struct{ Type, Status, Message string }
		Inventory                                   struct{ Entries []struct{ ID string } }
	}
}

func get(t *testing.T, kind, ns, name string) stored {
	t.Helper()
	o, ok := find(t, kind, ns, name)
	if !ok {
		t.Fatalf("%s %s/%s is not there", kind, ns, name)
	}
	return o
}

func find(t *testing.T, kind, ns, name string) (o stored, ok bool) {
	t.Helper()
	args := []string{"get", kind, name, "-o", "json", "--show-managed-fields"}
	if ns != "" {
		args = append(args, "-n", ns)
	}
	out, err := kubectlErr(args...)
	if err != nil {
		if !strings.Contains(out, "not found") {
			t.Fatalf("%s %s/%s: %s", kind, ns, name, out)
		}
		return o, false
	}
	if err := json.Unmarshal([]byte(out), &o); err != nil {
		t.Fatal(err)
	}
	return o, true
}

// secret is a value of a Secret.
func (o stored) secret(key string) []byte {
	b, _ := base64.StdEncoding.DecodeString(o.Data[key])
	return b
}

func (o stored) ready() string {
	for _, c := range o.Status.Conditions {
		if c.Type == "Ready" {
			return c.Status + " " + c.Message
		}
	}
	return ""
}

const (
	kust = "kustomization.kustomize.toolkit.fluxcd.io"
	repo = "gitrepository.source.toolkit.fluxcd.io"
)

// until polls the API server, and shows the screen when it never is.
func until(d jobs.Desk, what string, ok func() bool) {
	d.T.Helper()
	for end := time.Now().Add(d.Patience); !ok(); {
		if time.Now().After(end) {
			d.T.Fatalf("never: %s\n%s", what, d.Screen())
		}
		<-time.After(50 * time.Millisecond)
	}
}

// onSync puts the cursor on the one sync of a namespace.
func onSync(d jobs.Desk, ns string) {
	d.T.Helper()
	d.Keys("6/\x15ns:" + ns + "\r")
	d.Until("the cursor is on the sync of "+ns, func(screen string) bool {
		return strings.Contains(screen, "▸ Syncs") && strings.HasPrefix(jobs.CursorLine(screen), ns+" ")
	})
}

// open goes to an object's page by its name.
func open(d jobs.Desk, kind, name string) {
	d.T.Helper()
	d.Keys(":")
	d.Wait("go to, or do")
	d.Keys(name)
	d.Until(name+" is offered", func(screen string) bool {
		return strings.Contains(line(screen, "│▌"), " "+name+" ")
	})
	d.Keys("\r")
	d.Wait(kind + " " + name)
}

// steps run subtests of one dashboard, each of which needs the one before.
func steps(t *testing.T, d *jobs.Desk) func(name string, f func(*testing.T)) {
	return func(name string, f func(*testing.T)) {
		t.Helper()
		if !t.Run(name, func(t *testing.T) { d.T = t; f(t) }) {
			t.FailNow()
		}
	}
}

// rule waits until the last action has ended well, and returns its line.
func rule(d jobs.Desk, head string) string {
	d.T.Helper()
	out := ""
	d.Until(head+" has ended well", func(screen string) bool {
		out = line(screen, "── "+head)
		return strings.Contains(out, " ✓ ")
	})
	return out
}

// audited are the entries of the API server's audit log of the dashboard, from
// an offset on.
type audited struct {
	Verb, RequestURI, UserAgent string
	User                        struct{ Username string }
	ObjectRef                   struct{ Resource, Namespace, Name, Subresource string }
	ResponseStatus              struct{ Code int }
}

func auditEnd(t *testing.T) int64 {
	t.Helper()
	info, err := os.Stat(lab.AuditLog)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func audit(t *testing.T, from int64) []audited {
	t.Helper()
	f, err := os.Open(lab.AuditLog)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if _, err := f.Seek(from, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	var out []audited
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if !bytes.Contains(lines.Bytes(), []byte(`"userAgent":"tenantry`)) {
			continue
		}
		var a audited
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		out = append(out, a)
	}
	return out
}

// written are the writes among them, as "verb namespace/resource/name".
func written(t *testing.T, from int64) []string {
	t.Helper()
	var out []string
	for _, a := range audit(t, from) {
		if a.Verb != "get" && a.Verb != "list" && a.Verb != "watch" && !strings.HasPrefix(a.ObjectRef.Resource, "selfsubject") {
			out = append(out, fmt.Sprintf("%s %s/%s/%s", a.Verb, a.ObjectRef.Namespace, a.ObjectRef.Resource, a.ObjectRef.Name))
		}
	}
	return out
}

// gitRepo is a new repository of the lab with a working copy.
func gitRepo(t *testing.T, name string, files map[string]string) *checkout {
	t.Helper()
	bare := filepath.Join(lab.GitRepos, name+".git")
	if err := os.RemoveAll(bare); err != nil {
		t.Fatal(err)
	}
	c := &checkout{t, t.TempDir()}
	c.git("init", "-q", "--bare", "-b", "main", bare)
	c.git("clone", "-q", bare, ".")
	c.git("checkout", "-q", "-b", "main")
	c.write(files)
	c.push("Begin")
	return c
}

func (c *checkout) write(files map[string]string) {
	c.t.Helper()
	for path, text := range files {
		if err := os.MkdirAll(filepath.Join(c.dir, filepath.Dir(path)), 0o755); err != nil {
			c.t.Fatal(err)
		}
		c.file(path, text)
	}
}

// tenantOf makes a tenant's namespace and account, and takes them away again.
func tenantOf(t *testing.T, ns, more string) {
	t.Helper()
	if _, err := kubectlErr("get", "namespace", ns); err == nil { // of an earlier run, on a lab that is kept
		kubectl(t, "wait", "namespace/"+ns, "--for=delete", "--timeout=60s")
	}
	apply(t, fmt.Sprintf(`apiVersion: v1
kind: Namespace
metadata: {name: %[1]s, labels: {toolkit.fluxcd.io/tenant: %[1]s}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: %[1]s, namespace: %[1]s, labels: {toolkit.fluxcd.io/tenant: %[1]s}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: %[1]s-reconciler, namespace: %[1]s, labels: {toolkit.fluxcd.io/tenant: %[1]s}}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: %[1]s, namespace: %[1]s}]
---
%[2]s`, ns, more))
	t.Cleanup(func() { kubectl(t, "delete", "namespace", ns, "--wait=false") })
}

// requestNow asks an object to be reconciled, as another person would, and
// waits until its controller has.
func requestNow(t *testing.T, kind, ns, name string) {
	t.Helper()
	stamp := time.Now().Format(time.RFC3339Nano)
	kubectl(t, "annotate", "--overwrite", "-n", ns, kind, name, asked+"="+stamp)
	eventually(t, 90*time.Second, func() error {
		if o := get(t, kind, ns, name); o.Status.LastHandledReconcileAt != stamp || !strings.HasPrefix(o.ready(), "True") {
			return fmt.Errorf("%s/%s is %s", kind, name, o.ready())
		}
		return nil
	})
}

// resumed leaves stage and prod as they were, however a test ended.
func resumed(t *testing.T) {
	t.Helper()
	t.Cleanup(func() {
		for _, ns := range []string{stage, prod} {
			for _, kind := range []string{kust, repo} {
				kubectl(t, "patch", "-n", ns, kind, sharedName, "--type=merge", "-p", `{"spec":{"suspend":null}}`)
			}
		}
	})
}

// What r, R and s do on an object, a tenant, marked rows and the platform is on
// the API server, on exactly these objects; the twin of the same name in another
// namespace is not touched.
func TestActionsOnTheLab(t *testing.T) {
	resumed(t)
	d := desk(t, lab.Kubeconfig, "")
	step := steps(t, &d)
	stamps := func() (out [4]string) {
		for i, ns := range []string{stage, prod} {
			out[2*i] = get(t, kust, ns, sharedName).Metadata.Annotations[asked]
			out[2*i+1] = get(t, repo, ns, sharedName).Metadata.Annotations[asked]
		}
		return out
	}
	suspended := func() (out [4]bool) {
		for i, ns := range []string{stage, prod} {
			out[2*i] = get(t, kust, ns, sharedName).Spec.Suspend
			out[2*i+1] = get(t, repo, ns, sharedName).Spec.Suspend
		}
		return out
	}
	step("r on an object", func(t *testing.T) {
		before, from := stamps(), auditEnd(t)
		onSync(d, stage)
		d.Keys("r")
		rule(d, "r Kustomization "+sharedName)
		now := stamps()
		if now[0] == before[0] || now[1] != before[1] || now[2] != before[2] || now[3] != before[3] {
			t.Errorf("asked: %v, before %v", now, before)
		}
		if got := get(t, kust, stage, sharedName).Status.LastHandledReconcileAt; got != now[0] {
			t.Errorf("it says done, and the controller has handled %q, not %q", got, now[0])
		}
		if w := written(t, from); !slices.Equal(w, []string{"patch " + stage + "/kustomizations/" + sharedName}) {
			t.Errorf("written: %v", w)
		}
	})
	step("R fetches first", func(t *testing.T) {
		c := shared(t)
		sha := c.push("Say that it was fetched")
		from := auditEnd(t)
		d.Keys("R")
		if said := rule(d, "R Kustomization "+sharedName); !strings.Contains(said, "fetched "+sha[:7]) || !strings.Contains(said, "applied "+sha[:7]) {
			t.Errorf("said: %s", said)
		}
		if o := get(t, kust, stage, sharedName); !strings.HasSuffix(o.Status.LastAppliedRevision, sha) {
			t.Errorf("it says done, and applied is %s; pushed was %s", o.Status.LastAppliedRevision, sha)
		}
		if w := written(t, from); !slices.Equal(w, []string{"patch " + stage + "/gitrepositories/" + sharedName, "patch " + stage + "/kustomizations/" + sharedName}) {
			t.Errorf("written: %v", w)
		}
	})
	step("s on a tenant, and back", func(t *testing.T) {
		from := auditEnd(t)
		d.Tenant(stage)
		d.Keys("s")
		d.Wait("Suspend " + stage + " on lab")
		d.Keys("freeze\t3d")
		d.Wait("REASON    freeze")
		d.Button("Suspend")
		rule(d, "s "+stage)
		if got := suspended(); got != [4]bool{true, true, false, false} {
			t.Errorf("suspended: %v", got)
		}
		if w := written(t, from); !slices.Equal(w, []string{"patch " + stage + "/kustomizations/" + sharedName, "patch " + stage + "/gitrepositories/" + sharedName}) {
			t.Errorf("written: %v", w)
		}
		o := get(t, kust, stage, sharedName)
		for name, want := range map[string]string{"suspended-by": "lab-admin", "suspended-reason": "freeze"} {
			if got := o.Metadata.Annotations["tenantry.dev/"+name]; got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		d.Keys("r")
		d.Wait("s resumes it")
		d.Keys("s")
		d.Wait("Resume " + stage + " on lab")
		d.Button("Resume")
		rule(d, "resume "+stage)
		if got := suspended(); got != [4]bool{} {
			t.Errorf("suspended: %v", got)
		}
		o = get(t, kust, stage, sharedName)
		for name := range o.Metadata.Annotations {
			if strings.HasPrefix(name, "tenantry.dev/") || strings.HasSuffix(name, "/suspendedBy") {
				t.Errorf("%s is left behind", name)
			}
		}
	})
	step("marked rows", func(t *testing.T) {
		mark := func() {
			for _, ns := range []string{stage, prod} {
				d.Tenant(ns)
				d.Keys(" ")
			}
			d.Wait("2 marked")
		}
		before, from := stamps(), auditEnd(t)
		mark()
		d.Keys("r")
		d.Wait("Reconcile 2 marked rows on lab")
		d.Button("Reconcile")
		rule(d, "r 2 marked rows")
		if now := stamps(); now[0] == before[0] || now[2] == before[2] || now[1] != before[1] || now[3] != before[3] {
			t.Errorf("asked: %v, before %v", now, before)
		}
		mark()
		d.Keys("s")
		d.Wait("Suspend 2 marked rows on lab")
		d.Button("Suspend")
		rule(d, "s 2 marked rows")
		if got := suspended(); got != [4]bool{true, true, true, true} {
			t.Errorf("suspended: %v", got)
		}
		mark()
		d.Keys("s")
		d.Wait("Resume 2 marked rows on lab")
		d.Button("Resume")
		rule(d, "resume 2 marked rows")
		if got := suspended(); got != [4]bool{} {
			t.Errorf("suspended: %v", got)
		}
		for _, w := range written(t, from) {
			if !strings.HasPrefix(w, "patch "+stage+"/") && !strings.HasPrefix(w, "patch "+prod+"/") {
				t.Errorf("written elsewhere: %s", w)
			}
		}
	})
	step("the platform", func(t *testing.T) {
		from := auditEnd(t)
		before := get(t, "fluxinstance", lab.FluxNamespace, "flux").Metadata.Annotations[asked]
		d.Tenant("platform")
		d.Keys("r")
		d.Wait("Reconcile the platform on lab")
		d.Wait("[x] FluxInstance/" + lab.FluxNamespace + "/flux")
		d.Button("Reconcile")
		until(d, "the operator has handled it", func() bool {
			o := get(t, "fluxinstance", lab.FluxNamespace, "flux")
			return o.Metadata.Annotations[asked] != before && o.Status.LastHandledReconcileAt == o.Metadata.Annotations[asked]
		})
		for _, w := range written(t, from) {
			if !strings.HasPrefix(w, "patch "+lab.FluxNamespace+"/") {
				t.Errorf("written elsewhere: %s", w)
			}
		}
	})
	d.Leave()
}

// A suspension of what Git manages outlives its parent's next run, or the
// dialog said before that it would not: one manifest leaves open whether it is
// suspended, one states that it is not.
func TestASuspensionAndItsParent(t *testing.T) {
	const ns = "e2e-parent"
	child := func(name, more string) string {
		return fmt.Sprintf(`apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: %s, namespace: %s}
spec:
  interval: 20m
  path: ./%s
  prune: true
  serviceAccountName: %s
  sourceRef: {kind: GitRepository, name: fleet}
%s`, name, ns, name, ns, more)
	}
	settings := func(name string) string {
		return fmt.Sprintf("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: %s}\ndata: {k: v}\n", name, ns)
	}
	gitRepo(t, ns, map[string]string{
		"parent/open.yaml":   child("leaves-open", ""),
		"parent/stated.yaml": child("states-it", "  suspend: false\n"),
		"parent/source.yaml": fmt.Sprintf("apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: inner-source, namespace: %s}\nspec: {interval: 10m, url: %q, ref: {branch: main}}\n",
			ns, lab.GitURL+"/"+ns+".git"),
		"leaves-open/c.yaml": settings("leaves-open"), "states-it/c.yaml": settings("states-it"),
	})
	tenantOf(t, ns, fmt.Sprintf(`apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: fleet, namespace: %[1]s}
spec: {interval: 10m, url: "%[2]s/%[1]s.git", ref: {branch: main}}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: parent, namespace: %[1]s}
spec:
  interval: 20m
  path: ./parent
  prune: true
  serviceAccountName: %[1]s
  sourceRef: {kind: GitRepository, name: fleet}
`, ns, lab.GitURL))
	for _, k := range []string{kust + "/parent", kust + "/leaves-open", kust + "/states-it", repo + "/inner-source"} {
		eventually(t, 60*time.Second, func() error {
			out, err := kubectlErr("wait", "-n", ns, k, "--for=condition=Ready", "--timeout=10s")
			if err != nil {
				return fmt.Errorf("%s: %s", k, out)
			}
			return nil
		})
	}
	d := desk(t, lab.Kubeconfig, "")
	step := steps(t, &d)
	for _, c := range []struct {
		kind, resource, name, says string
		lasts                      bool
	}{
		{"Kustomization", kust, "leaves-open", "leaves open whether it is suspended", true},
		{"GitRepository", repo, "inner-source", "leaves open whether it is suspended", true},
		{"Kustomization", kust, "states-it", "its next run undoes this", false},
	} {
		step(c.name, func(t *testing.T) {
			open(d, c.kind, c.name)
			d.Keys("s")
			d.Until("the dialog says what its parent does", func(screen string) bool {
				box := flat(screen)
				return strings.Contains(box, "Suspend "+c.kind+"/"+ns+"/"+c.name) && strings.Contains(box, "UNDONE BY") &&
					strings.Contains(box, "Kustomization/"+ns+"/parent applies") && strings.Contains(box, c.says)
			})
			d.Button("Suspend")
			until(d, "suspended", func() bool { return get(t, c.resource, ns, c.name).Spec.Suspend })
			requestNow(t, kust, ns, "parent")
			if got := get(t, c.resource, ns, c.name).Spec.Suspend; got != c.lasts {
				t.Errorf("after its parent's run it is suspended: %v; the dialog said %q", got, c.says)
			}
			if !c.lasts {
				d.Wait("its suspension is undone")
			} else if strings.Contains(d.Screen(), "is undone") {
				t.Errorf("it lasts, and is said to be undone:\n%s", d.Screen())
			}
			d.Keys("1")
		})
	}
	d.Leave()
}

// flat is what a dialog says, else what a screen does, with the lines run
// together.
func flat(screen string) string {
	var out []string
	for l := range strings.SplitSeq(screen, "\n") {
		from, to := strings.Index(l, "│"), strings.LastIndex(l, "│")
		if strings.Contains(screen, "[ Cancel ]") && from < to {
			l = l[from:to]
		}
		out = append(out, strings.Fields(strings.ReplaceAll(l, "│", " "))...)
	}
	return strings.Join(out, " ")
}

// Every key of a read-only session, and the API server's own log of what came.
func TestReadOnlyKeysOnTheLab(t *testing.T) {
	from := auditEnd(t)
	d := desk(t, lab.Kubeconfig, "", "--read-only")
	d.Wait("READ-ONLY")
	for _, at := range []string{stage, "platform", "team-x"} {
		d.Tenant(at)
		for _, k := range []string{"r", "R", "s", "K", "a", "\r", "\x1b", " ", "*", "s", "r", "f", "+", "\x1b", "w", "\x1b", "m", "\x1b", "\x0f", "\x19", "\x1b"} {
			d.Keys(k)
			_, _ = d.WaitFor(20*time.Millisecond, func(string) bool { return false })
		}
		d.Keys("\x1b\x1b\x1b\x1b0")
	}
	onSync(d, stage)
	d.Keys("V")
	d.Wait(" AS " + stage + " ")
	d.Keys("rsK")
	d.Wait("read-only")
	d.Keys("V")
	d.Wait("now on lab")
	onSync(d, stage)
	d.Keys("s")
	d.Wait("refused: this session is read-only")
	d.Keys("ydelthxc\x1b123456789!S")
	d.Wait("READ-ONLY")
	d.Keys("\x1b\x1b\x03\x03")
	if _, err := d.Session.Wait(10 * time.Second); err != nil {
		t.Error(err)
	}
	seen := map[string]int{}
	for _, a := range audit(t, from) {
		if a.Verb == "create" && strings.HasPrefix(a.ObjectRef.Resource, "selfsubject") {
			seen["review"]++
			continue
		}
		seen[a.Verb]++
		if a.Verb != "get" && a.Verb != "list" && a.Verb != "watch" {
			t.Errorf("%s %s", a.Verb, a.RequestURI)
		}
	}
	t.Logf("the API server saw %v", seen)
	if seen["watch"] < 5 {
		t.Errorf("too little was seen to prove anything: %v", seen)
	}
}

// A user who may only look is told so by name, with the Role that would allow
// it, before anything is sent.
func TestATenantUserIsToldTheRole(t *testing.T) {
	from := auditEnd(t)
	d := desk(t, lab.TenantKubeconfig, "", "-n", "fluxdemo-dev")
	onSync(d, "fluxdemo-dev")
	d.Keys("r")
	told := func(screen string) bool {
		return strings.Contains(flat(screen), "team-x-user may not patch kustomizations in the namespace fluxdemo-dev") && strings.Contains(screen, "ctrl+y shows the Role")
	}
	d.Until("r is refused", told)
	d.Button("Reconcile")
	d.Wait("may not patch kustomizations")
	d.Keys("\x1b")
	d.Until("the dialog is gone", func(screen string) bool { return !strings.Contains(screen, "[ Cancel ]") })
	d.Keys("s")
	d.Wait("Suspend Kustomization/fluxdemo-dev/")
	d.Until("s is refused", told)
	d.Keys("\x19")
	d.Until("the Role", func(screen string) bool {
		box := flat(screen)
		return strings.Contains(box, "kind: Role") && strings.Contains(box, "namespace: fluxdemo-dev") &&
			strings.Contains(box, `resources: ["kustomizations"]`) && strings.Contains(box, `verbs: ["patch"]`)
	})
	d.Keys("\x19\x1b")
	d.Leave()
	if w := written(t, from); len(w) > 0 {
		t.Errorf("written: %v", w)
	}
}

// The API server dies before, during and after a suspension: nothing is sent
// twice, and what is said of it is what the server has.
func TestTheAPIServerDiesAroundASuspension(t *testing.T) {
	resumed(t)
	const ns = prod
	suspended := func() bool { return get(t, kust, ns, sharedName).Spec.Suspend }
	patches := func(from int64) (n int) {
		for _, a := range audit(t, from) {
			if a.Verb == "patch" && a.ObjectRef.Namespace == ns {
				n++
			}
		}
		return n
	}
	ask := func(d jobs.Desk, verb string) {
		d.T.Helper()
		d.Wait("● live")
		onSync(d, ns)
		d.Keys("s")
		d.Wait(verb + " Kustomization/" + ns + "/" + sharedName)
	}
	resume := func(d jobs.Desk) {
		d.T.Helper()
		ask(d, "Resume")
		d.Button("Resume")
		rule(d, "resume Kustomization "+sharedName)
		if suspended() {
			t.Error("it says resumed, and it is not")
		}
	}
	r := record(t)
	d := desk(t, r.kubeconfig(t), "")
	step := steps(t, &d)
	step("before", func(t *testing.T) {
		onSync(d, ns)
		signal(t, "kube-apiserver", syscall.SIGKILL)
		d.Wait("retry in")
		d.Keys("s")
		d.Wait("refused: the API server is away")
		inLab(t, "start", "kube-apiserver")
		from := auditEnd(t)
		ask(d, "Suspend")
		d.Button("Suspend")
		rule(d, "s Kustomization "+sharedName)
		if !suspended() || patches(from) != 1 {
			t.Errorf("suspended %v by %d patches", suspended(), patches(from))
		}
		resume(d)
	})
	// The server stops before the patch is passed on to it.
	during := func(d jobs.Desk, then func()) {
		d.T.Helper()
		ask(d, "Suspend")
		held := make(chan struct{})
		r.hold(func(req *http.Request) {
			if req.Method == http.MethodPatch {
				r.hold(nil)
				signal(d.T.(*testing.T), "kube-apiserver", syscall.SIGSTOP)
				close(held)
			}
		})
		d.Button("Suspend")
		select {
		case <-held:
		case <-time.After(d.Patience):
			d.T.Fatalf("no patch came\n%s", d.Screen())
		}
		then()
	}
	ended := func(d jobs.Desk) (said string) {
		d.T.Helper()
		d.Until("how it ended is said", func(screen string) bool {
			said = line(screen, "s Kustomization "+sharedName)
			return strings.Contains(screen, "● live") && (strings.Contains(said, " ✓ ") || strings.Contains(said, "✗"))
		})
		d.T.Logf("said: %s", said)
		return said
	}
	step("paused for a moment", func(t *testing.T) {
		from := auditEnd(t)
		during(d, func() {
			d.Wait("retry in") // it was silent for long enough to be said to be away
			signal(t, "kube-apiserver", syscall.SIGCONT)
		})
		if said := ended(d); !strings.Contains(said, " ✓ ") || !suspended() || patches(from) != 1 {
			t.Errorf("suspended %v by %d patches, said: %s", suspended(), patches(from), said)
		}
		resume(d)
	})
	step("paused beyond the patch's time", func(t *testing.T) {
		from := auditEnd(t)
		during(d, func() {
			d.Wait("sent, no answer; watching whether it arrived")
			signal(t, "kube-apiserver", syscall.SIGCONT)
		})
		if said := ended(d); strings.Contains(said, " ✓ ") != suspended() || patches(from) > 1 {
			t.Errorf("suspended %v by %d patches, said: %s", suspended(), patches(from), said)
		}
		if suspended() {
			resume(d)
		}
	})
	step("killed", func(t *testing.T) {
		during(d, func() {
			signal(t, "kube-apiserver", syscall.SIGKILL)
			d.Wait("sent, no answer; watching whether it arrived")
			inLab(t, "start", "kube-apiserver")
		})
		if said := ended(d); !strings.Contains(said, "it did not arrive") || suspended() {
			t.Errorf("suspended %v, said: %s", suspended(), said)
		}
	})
	step("after", func(t *testing.T) {
		ask(d, "Suspend")
		d.Button("Suspend")
		rule(d, "s Kustomization "+sharedName)
		signal(t, "kube-apiserver", syscall.SIGKILL)
		d.Wait("retry in")
		inLab(t, "start", "kube-apiserver")
		d.Wait("● live")
		if !suspended() || strings.Contains(d.Screen(), "undone") {
			t.Errorf("suspended %v\n%s", suspended(), d.Screen())
		}
		resume(d)
	})
	d.Leave()
}
