package flux

import (
	"fmt"
	"strings"
	"time"

	"tenantry/kube/demo/api"
	"tenantry/kube/demo/control"
	"tenantry/kube/demo/sim"
	"tenantry/kube/demo/tree"
)

const (
	kustomizeController = "kustomize-controller"
	// kustomizeStatus is what kustomize-controller writes its own objects as.
	kustomizeStatus = "gotk-kustomize-controller"
)

// run is one reconciliation of a Kustomization.
type run struct {
	f        *Controllers
	key      sim.Key
	obj      Object
	client   *api.Client // acts as the tenant's account
	source   *tarred
	began    time.Time
	progress string // the Reconciling message so far
	digest   string
	applied  []Object // what was applied, in order
	changes  []string
	changed  bool // something was written
	done     func(time.Duration)
}

// failure is why a run ended: the Ready condition's reason and message.
type failure struct{ reason, message string }

// sync reconciles one Kustomization as kustomize-controller does.
func (f *Controllers) sync(key sim.Key, done func(time.Duration)) {
	client := f.client(kustomizeStatus)
	obj, err := client.Get(Kustomization, key.Namespace, key.Name)
	if err != nil {
		done(sim.Never)
		return
	}
	if !f.runs(kustomizeController) {
		done(2 * time.Second)
		return
	}
	if tree.Str(obj, "metadata", "deletionTimestamp") != "" {
		f.finalize(key, obj)
		done(sim.Never)
		return
	}
	if obj, err = f.ensureFinalizer(client, Kustomization, obj, finalizer); err != nil {
		done(time.Second)
		return
	}
	if tree.Bool(obj, "spec", "suspend") {
		f.editSync(key, func(s status) {
			// What was fine counts as seen as it now is.
			if c := conditionOf(s.obj, "Ready"); c != nil && c["status"] == "True" {
				tree.Make(s.obj, "status")["observedGeneration"] = s.generation
			}
			s.handled()
		})
		done(sim.Never)
		return
	}
	r := &run{f: f, key: key, obj: obj, client: f.impersonate(obj), began: f.env.Now(), done: done}
	if fail, retry := r.check(); fail != nil {
		r.refuse(*fail, retry)
		return
	}
	r.progress = fmt.Sprintf("Fetching manifests for revision %s with a timeout of %s", r.source.revision, r.timeoutText())
	f.editSync(key, func(s status) {
		s.set("Reconciling", "True", "Progressing", r.progress)
		s.set("Ready", "Unknown", "Progressing", "Reconciliation in progress")
		s.drop("Stalled")
	})
	f.env.Loop.After(f.env.Loop.Between(120*time.Millisecond, 450*time.Millisecond), r.work)
}

func (f *Controllers) editSync(key sim.Key, edit func(status)) {
	_, _ = f.statusClient(kustomizeStatus).EditStatus(Kustomization, key.Namespace, key.Name, func(o Object) error {
		edit(status{o, tree.Int(o, "metadata", "generation"), f.env.Stamp()})
		return nil
	})
}

// impersonate returns a client with the rights the Kustomization applies with:
// its account, the lockdown's default one, or the controller's own.
func (f *Controllers) impersonate(obj Object) *api.Client {
	client := f.client(kustomizeController)
	account := tree.Str(obj, "spec", "serviceAccountName")
	if account == "" {
		account, _ = f.flag(kustomizeController, "--default-service-account")
	}
	if account == "" {
		return client
	}
	return client.As(api.Account(tree.Str(obj, "metadata", "namespace"), account))
}

// refuse ends a run that never began: no Reconciling condition, and only
// AccessDenied is final.
func (r *run) refuse(fail failure, retry time.Duration) {
	r.f.editSync(r.key, func(s status) {
		if fail.reason == "AccessDenied" {
			s.set("Stalled", "True", fail.reason, fail.message)
		} else {
			s.drop("Stalled")
		}
		s.drop("Reconciling")
		s.set("Ready", "False", fail.reason, fail.message)
		s.handled()
	})
	revision := ""
	if r.source != nil {
		revision = r.source.revision
	}
	if fail.reason == "DependencyNotReady" {
		r.event("Normal", fail.reason, "Dependencies do not meet ready condition, retrying in 30s", revision)
	} else {
		r.event("Warning", fail.reason, fail.message, revision)
	}
	if r.f.env.Loop.History() && retry > 0 {
		retry = 12 * time.Hour
	}
	r.done(retry)
}

func (r *run) event(typ, reason, message, revision string) {
	var annotations map[string]string
	if revision != "" {
		annotations = map[string]string{GroupKustomize + "/revision": revision}
		if reason == "ReconciliationSucceeded" {
			annotations[GroupKustomize+"/commit_status"] = "update"
		}
	}
	r.f.env.Event(kustomizeController, r.obj, typ, reason, message, annotations)
}

func (r *run) interval() time.Duration {
	return duration(tree.Str(r.obj, "spec", "interval"), 10*time.Minute)
}

func (r *run) timeout() time.Duration {
	d := duration(tree.Str(r.obj, "spec", "timeout"), r.interval()-30*time.Second)
	return max(d, 30*time.Second)
}

func (r *run) timeoutText() string { return r.timeout().String() }

func (r *run) retry() time.Duration {
	d := duration(tree.Str(r.obj, "spec", "retryInterval"), r.interval())
	if r.f.env.Loop.History() {
		return max(d, 12*time.Hour)
	}
	return d
}

func (r *run) say(format string) {
	r.progress = fmt.Sprintf(format, r.source.revision, r.timeoutText())
}

// work builds and applies; the health checks may go on for a while.
func (r *run) work() {
	objects, fail := r.build()
	if fail == nil {
		r.say("Detecting drift for revision %s with a timeout of %s")
		fail = r.applyAll(objects)
	}
	r.announce("server-side apply completed")
	if fail == nil {
		fail = r.prune()
		r.announce("garbage collection completed")
	}
	if fail != nil {
		r.fail(*fail)
		return
	}
	if checks := r.healthTargets(); len(checks) > 0 {
		r.say("Running health checks for revision %s with a timeout of %s")
		r.f.editSync(r.key, func(s status) {
			r.writeInventory(s)
			s.set("Reconciling", "True", "Progressing", r.progress)
			s.set("Healthy", "Unknown", "Progressing", r.progress)
		})
		r.awaitHealth(checks, r.f.env.Now())
		return
	}
	r.f.editSync(r.key, func(s status) { s.drop("Healthy") })
	r.succeed()
}

// announce tells what was changed since it was last called.
func (r *run) announce(what string) {
	if len(r.changes) == 0 {
		return
	}
	r.event("Normal", "Progressing", strings.Join(r.changes, "\n"), r.source.revision)
	r.f.log(kustomizeController, "info", "Kustomization", r.obj, what, Object{"output": r.changes, "revision": r.source.revision})
	r.changes, r.changed = nil, true
}

func (r *run) took() string { return r.f.env.Now().Sub(r.began).String() }

// attempted reports whether a run got far enough to count in the history:
// source and build failures do not.
func (r *run) attempted(reason string) bool {
	return reason != "ArtifactFailed" && reason != "BuildFailed"
}

func (r *run) fail(fail failure) {
	r.f.editSync(r.key, func(s status) {
		st := tree.Make(s.obj, "status")
		if fail.reason != "ArtifactFailed" {
			st["lastAttemptedRevision"] = r.source.revision
		}
		if r.attempted(fail.reason) {
			s.history(r.digest, fail.reason, r.took(), Object{"revision": r.source.revision})
		}
		if fail.reason == "HealthCheckFailed" {
			s.set("Healthy", "False", fail.reason, fail.message)
			fail.message = fmt.Sprintf("health check failed after %s: %s", r.took(), fail.message)
		}
		s.set("Reconciling", "True", "ProgressingWithRetry", r.progress)
		s.set("Ready", "False", fail.reason, fail.message)
		s.handled()
	})
	r.event("Warning", fail.reason, fail.message, r.source.revision)
	r.f.log(kustomizeController, "error", "Kustomization", r.obj, "Reconciliation failed after "+r.took()+", next try in "+r.retry().String(),
		Object{"error": fail.message, "revision": r.source.revision})
	r.done(r.retry())
}

func (r *run) succeed() {
	r.f.editSync(r.key, func(s status) {
		st := tree.Make(s.obj, "status")
		r.writeInventory(s)
		st["lastAppliedRevision"], st["lastAttemptedRevision"] = r.source.revision, r.source.revision
		st["observedGeneration"] = tree.Int(r.obj, "metadata", "generation")
		s.history(r.digest, "ReconciliationSucceeded", r.took(), Object{"revision": r.source.revision})
		s.drop("Reconciling", "Stalled")
		s.generation = tree.Int(r.obj, "metadata", "generation")
		s.set("Ready", "True", "ReconciliationSucceeded", "Applied revision: "+r.source.revision)
		s.handled()
	})
	message := fmt.Sprintf("Reconciliation finished in %s, next run in %s", r.took(), r.interval())
	r.event("Normal", "ReconciliationSucceeded", message, r.source.revision)
	r.f.log(kustomizeController, "info", "Kustomization", r.obj, message, Object{"revision": r.source.revision})
	r.done(r.f.idle(r.interval()))
}

// writeInventory notes what was applied.
func (r *run) writeInventory(s status) {
	entries := make([]any, 0, len(r.applied))
	for _, id := range inventoryIDs(r.applied) {
		entries = append(entries, Object{"id": id, "v": "v1"})
	}
	tree.Make(s.obj, "status")["inventory"] = Object{"entries": entries}
}

// finalize prunes what a deleted Kustomization applied, then lets it go.
func (f *Controllers) finalize(key sim.Key, obj Object) {
	r := &run{f: f, key: key, obj: obj, client: f.impersonate(obj), began: f.env.Now()}
	policy := tree.Str(obj, "spec", "deletionPolicy")
	wants := tree.Bool(obj, "spec", "prune") && policy != "Orphan" || policy == "Delete" || policy == "WaitForTermination"
	if wants && !tree.Bool(obj, "spec", "suspend") {
		if account := tree.Str(obj, "spec", "serviceAccountName"); account != "" {
			if _, err := f.client("").Get(control.ServiceAccount, key.Namespace, account); err != nil {
				f.env.Event(kustomizeController, obj, "Warning", "ReconciliationFailed",
					fmt.Sprintf("unable to prune objects: \nserviceaccounts %q not found", account), nil)
				wants = false
			}
		}
		if wants {
			r.removeAll(tree.Maps(obj, "status", "inventory", "entries"))
		}
	}
	f.dropFinalizer(key)
}
