package program

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strings"
	"time"

	"tenantry/kube/demo"
	"tenantry/kube/demo/git"
)

// push commits to the branch that is followed and asks the sources to fetch,
// as a webhook would.
func (d *desk) push(url string, files map[string]*string, fetch ...string) string {
	d.Helper()
	sha := d.company.Git.Repo(url).Push("main", "A test's push", "Ana Ruiz <ana@example.com>", time.Now(), files).SHA
	for _, source := range fetch {
		ns, name, _ := strings.Cut(source, "/")
		d.annotate(ns, name, requestedAt, sha)
	}
	return sha
}

func (d *desk) annotate(ns, source, name, value string) {
	d.Helper()
	_, err := d.company.Cluster.Client("flux").Edit(repositories, ns, source, func(o demo.Object) error {
		meta := o["metadata"].(map[string]any)
		annotations, _ := meta["annotations"].(map[string]any)
		if annotations == nil {
			annotations = map[string]any{}
		}
		annotations[name] = value
		meta["annotations"] = annotations
		return nil
	})
	if err != nil {
		d.Fatal(err)
	}
}

// edited is a file of the newest commit with a text put for another.
func (d *desk) edited(url, path, old, new string) map[string]*string {
	d.Helper()
	was := d.company.Git.Repo(url).Head("main").Files[path]
	if !strings.Contains(was, old) {
		d.Fatalf("%s holds no %q:\n%s", path, old, was)
	}
	return git.Write(path, strings.Replace(was, old, new, 1))
}

// waited is how a wait ended.
type waited struct {
	stdout, stderr string
	code           int
	took           time.Duration
}

// waitFor runs tenantry wait; while is called once it has begun.
func (d *desk) waitFor(while func(), args ...string) waited {
	d.Helper()
	cmd := exec.Command(binary, append([]string{"wait"}, args...)...)
	cmd.Env = append(os.Environ(), "KUBECONFIG="+d.config, "XDG_STATE_HOME="+d.state, "XDG_CONFIG_HOME="+d.state)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	began := time.Now()
	if err := cmd.Start(); err != nil {
		d.Fatal(err)
	}
	if while != nil {
		while()
	}
	err := cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		d.Fatal(err)
	}
	out := waited{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode(), time.Since(began)}
	d.Logf("wait %s: exit %d after %s\n%s%s", strings.Join(args, " "), out.code, out.took.Round(time.Millisecond), out.stderr, out.stdout)
	return out
}

// rolledOut fails unless the server's Deployment has a setting and is rolled
// out.
func (d *desk) rolledOut(ns, name, env string) {
	d.Helper()
	o := d.object(deployments, ns, name).Object
	var x struct {
		Metadata struct{ Generation int64 }
		Spec     struct {
			Replicas int64
			Template struct {
				Spec struct {
					Containers []struct{ Env []struct{ Name string } }
				}
			}
		}
		Status struct{ ObservedGeneration, UpdatedReplicas, AvailableReplicas, Replicas int64 }
	}
	data, err := json.Marshal(o)
	if err != nil {
		d.Fatal(err)
	}
	if err := json.Unmarshal(data, &x); err != nil {
		d.Fatal(err)
	}
	has := false
	for _, e := range x.Spec.Template.Spec.Containers[0].Env {
		has = has || e.Name == env
	}
	if s := x.Status; !has || s.ObservedGeneration != x.Metadata.Generation || s.UpdatedReplicas != x.Spec.Replicas ||
		s.AvailableReplicas != x.Spec.Replicas || s.Replicas != x.Spec.Replicas {
		d.Errorf("%s/%s is not rolled out: %s set %v, %+v", ns, name, env, has, x)
	}
}

// watches reports whether the objects of a kind were listed and are watched.
func (d *desk) watches(resource string) bool {
	n := 0
	for _, r := range d.seenRequests() {
		if strings.HasPrefix(r, "GET ") && strings.HasSuffix(r, "/"+resource) {
			n++
		}
	}
	return n > 1
}

func (d *desk) artifact(ns, name string) string {
	status, _ := d.object(repositories, ns, name).Object["status"].(map[string]any)
	artifact, _ := status["artifact"].(map[string]any)
	revision, _ := artifact["revision"].(string)
	return revision
}
