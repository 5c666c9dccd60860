package flux

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"tenantry/kube/demo/control"
	"tenantry/kube/demo/git"
	"tenantry/kube/demo/sim"
	"tenantry/kube/demo/tree"
	"tenantry/kube/demo/workload"
)

const sourceController = "source-controller"

// source reconciles one GitRepository as source-controller does.
func (f *Controllers) source(key sim.Key, done func(time.Duration)) {
	client := f.client(sourceController)
	obj, err := client.Get(GitRepository, key.Namespace, key.Name)
	if err != nil {
		delete(f.failures, key)
		done(sim.Never)
		return
	}
	if !f.runs(sourceController) {
		done(2 * time.Second)
		return
	}
	if tree.Str(obj, "metadata", "deletionTimestamp") != "" {
		delete(f.uploaded, key.Namespace+"/"+key.Name)
		_, _ = client.Edit(GitRepository, key.Namespace, key.Name, func(o Object) error {
			workload.DropFinalizer(o, finalizer)
			return nil
		})
		done(sim.Never)
		return
	}
	if obj, err = f.ensureFinalizer(client, GitRepository, obj, finalizer); err != nil {
		done(time.Second)
		return
	}
	if tree.Bool(obj, "spec", "suspend") {
		f.editSource(key, func(s status) {
			// What is known is summed up anew, for the generation there is now.
			for _, typ := range []string{"Reconciling", "Ready"} {
				if c := conditionOf(s.obj, typ); c != nil {
					s.set(typ, tree.Str(c, "status"), tree.Str(c, "reason"), tree.Str(c, "message"))
					tree.Make(s.obj, "status")["observedGeneration"] = s.generation
				}
			}
			s.handled()
		})
		done(sim.Never)
		return
	}
	f.fetch(key, obj, done)
}

func (f *Controllers) editSource(key sim.Key, edit func(status)) {
	_, _ = f.statusClient(sourceController).EditStatus(GitRepository, key.Namespace, key.Name, func(o Object) error {
		edit(status{o, tree.Int(o, "metadata", "generation"), f.env.Stamp()})
		return nil
	})
}

// fetch looks at the remote. A first fetch and a new generation show that they
// are under way; a poll that finds nothing new leaves no trace in the status.
func (f *Controllers) fetch(key sim.Key, obj Object, done func(time.Duration)) {
	had := f.uploaded[key.Namespace+"/"+key.Name]
	generation := tree.Int(obj, "metadata", "generation")
	observed := tree.Int(obj, "status", "observedGeneration")
	progress := "reconciliation in progress"
	switch {
	case observed > 0 && observed != generation:
		progress = fmt.Sprintf("processing object: new generation %d -> %d", observed, generation)
	case had == nil:
		progress = "building artifact"
	}
	if had == nil || observed != generation {
		f.editSource(key, func(s status) {
			s.set("Reconciling", "True", "Progressing", progress)
			s.set("Ready", "Unknown", "Progressing", progress)
		})
	}
	creds, err := f.credentials(obj)
	var commit *git.Commit
	var revision string
	if err == nil {
		ref := tree.Map(obj, "spec", "ref")
		commit, revision, err = f.git.Fetch(tree.Str(obj, "spec", "url"),
			git.Ref{Branch: tree.Str(ref, "branch"), Tag: tree.Str(ref, "tag"), Name: tree.Str(ref, "name"), Commit: tree.Str(ref, "commit")},
			creds, had != nil)
	}
	took := f.env.Loop.Between(80*time.Millisecond, 400*time.Millisecond)
	f.env.Loop.After(took, func() {
		if err != nil {
			done(f.fetchFailed(key, obj, had != nil, progress, err))
			return
		}
		delete(f.failures, key)
		f.fetched(key, obj, had, commit, revision)
		done(f.idle(duration(tree.Str(obj, "spec", "interval"), time.Minute)))
	})
}

func (f *Controllers) fetchFailed(key sim.Key, obj Object, had bool, progress string, err error) time.Duration {
	reason := "GitOperationFailed"
	var auth *authError
	if errors.As(err, &auth) || errors.Is(err, git.ErrNoAuth) {
		reason = "AuthenticationFailed"
	}
	message := err.Error()
	if had && !strings.HasPrefix(progress, "processing") {
		progress = "reconciliation in progress"
	}
	f.editSource(key, func(s status) {
		s.generation = tree.Int(obj, "metadata", "generation") // the one that was tried
		s.set("Reconciling", "True", "ProgressingWithRetry", progress)
		s.set("Ready", "False", reason, message)
		s.set("FetchFailed", "True", reason, message)
		s.handled()
	})
	f.env.Event(sourceController, obj, "Warning", reason, message, nil)
	f.log(sourceController, "error", "GitRepository", obj, "Reconciler error", Object{"error": message})
	n := f.failures[key]
	f.failures[key] = n + 1
	backoff := min(750*time.Millisecond<<min(n, 11), 15*time.Minute)
	if f.env.Loop.History() {
		backoff = max(backoff, 12*time.Hour)
	}
	return backoff
}

func (f *Controllers) fetched(key sim.Key, obj Object, had *tarred, commit *git.Commit, revision string) {
	if had != nil && had.revision == revision && revisionOf(obj) == revision &&
		tree.Int(obj, "status", "observedGeneration") == tree.Int(obj, "metadata", "generation") && conditionOf(obj, "FetchFailed") == nil {
		if tree.Str(obj, "metadata", "annotations", requestedAt) != tree.Str(obj, "status", "lastHandledReconcileAt") {
			f.editSource(key, func(s status) { s.handled() })
		}
		if !f.env.Loop.History() {
			f.env.Event(sourceController, obj, "Normal", "GitOperationSucceeded",
				fmt.Sprintf("no changes since last reconciliation: observed revision '%s'", revision), nil)
		}
		return
	}
	digest := digestOf(git.Digest(commit.Files))
	changed := had == nil || had.revision != revision
	f.uploaded[key.Namespace+"/"+key.Name] = &tarred{revision, commit}
	message := fmt.Sprintf("stored artifact for revision '%s'", revision)
	f.editSource(key, func(s status) {
		s.generation = tree.Int(obj, "metadata", "generation") // the one that was fetched for
		st := tree.Make(s.obj, "status")
		if changed || tree.Map(st, "artifact") == nil {
			path := fmt.Sprintf("gitrepository/%s/%s/%s.tar.gz", key.Namespace, key.Name, commit.SHA)
			st["artifact"] = Object{"digest": digest, "lastUpdateTime": s.now, "path": path, "revision": revision,
				"size": int64(420 + 90*len(commit.Files)), "url": "http://source-controller." + f.Namespace + ".svc.cluster.local./" + path}
		}
		st["observedGeneration"] = s.generation
		s.drop("Reconciling", "FetchFailed", "Stalled")
		s.set("Ready", "True", "Succeeded", message)
		s.set("ArtifactInStorage", "True", "Succeeded", message)
		s.handled()
	})
	if !changed {
		return
	}
	subject := commit.Subject
	if len(subject) > 50 {
		subject = subject[:47] + "..."
	}
	note := fmt.Sprintf("stored artifact for commit '%s'", subject)
	f.env.Event(sourceController, obj, "Normal", "NewArtifact", note,
		map[string]string{GroupSource + "/digest": digest, GroupSource + "/revision": revision})
	f.log(sourceController, "info", "GitRepository", obj, note, Object{"revision": revision})
}

// authError is a failure that has the reason AuthenticationFailed.
type authError struct{ text string }

func (e *authError) Error() string { return e.text }

// credentials reads the Secret a source names.
func (f *Controllers) credentials(obj Object) (git.Credentials, error) {
	name := tree.Str(obj, "spec", "secretRef", "name")
	if name == "" {
		return nil, nil
	}
	namespace := tree.Str(obj, "metadata", "namespace")
	secret, err := f.client(sourceController).Get(control.Secret, namespace, name)
	if err != nil {
		id := namespace + "/" + name
		if apierrors.IsNotFound(err) {
			return nil, &authError{fmt.Sprintf("failed to get secret '%s': failed to get secret '%s': secrets %q not found", id, id, name)}
		}
		return nil, &authError{fmt.Sprintf("failed to get secret '%s': %v", id, err)}
	}
	creds := git.Credentials{}
	for k, v := range tree.Map(secret, "data") {
		text, _ := v.(string)
		if b, err := base64.StdEncoding.DecodeString(text); err == nil {
			creds[k] = string(b)
		}
	}
	return creds, nil
}

// FetchNow makes the sources of a repository look at it, as a webhook does.
func (f *Controllers) FetchNow(address string) {
	for _, o := range f.client(sourceController).List(GitRepository, "") {
		if strings.TrimSuffix(tree.Str(o, "spec", "url"), ".git") == strings.TrimSuffix(address, ".git") {
			f.sources.Add(keyOf(o))
		}
	}
}
