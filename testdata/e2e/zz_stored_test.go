package e2e

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

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
