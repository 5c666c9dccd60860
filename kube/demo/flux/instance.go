package flux

import (
	"fmt"
	"strings"
	"time"

	"tenantry/kube/demo/control"
	"tenantry/kube/demo/sim"
	"tenantry/kube/demo/tree"
	"tenantry/kube/demo/workload"
)

const (
	operator            = "flux-operator"
	instanceFinalizer   = "fluxcd.controlplane.io/finalizer"
	annotationReconcile = "fluxcd.controlplane.io/reconcile"
	annotationEvery     = "fluxcd.controlplane.io/reconcileEvery"
	annotationTimeout   = "fluxcd.controlplane.io/reconcileTimeout"
)

// installing is one reconciliation of a FluxInstance.
type installing struct {
	f       *Controllers
	key     sim.Key
	obj     Object
	began   time.Time
	version string
	digest  string
	changes []string
	applied []Object
	done    func(time.Duration)
}

// instance reconciles the FluxInstance as the operator does: only the one
// named flux in its own namespace.
func (f *Controllers) instance(key sim.Key, done func(time.Duration)) {
	client := f.client(operator)
	obj, err := client.Get(Instance, key.Namespace, key.Name)
	if err != nil || key.Namespace != f.Namespace || key.Name != "flux" {
		done(sim.Never)
		return
	}
	if !f.runs(operator) {
		done(2 * time.Second)
		return
	}
	disabled := isDisabled(obj)
	if tree.Str(obj, "metadata", "deletionTimestamp") != "" {
		if !disabled {
			f.uninstall(obj)
		}
		_, _ = client.Edit(Instance, key.Namespace, key.Name, func(o Object) error {
			workload.DropFinalizer(o, instanceFinalizer)
			return nil
		})
		done(sim.Never)
		return
	}
	if obj, err = f.ensureFinalizer(client, Instance, obj, instanceFinalizer); err != nil {
		done(time.Second)
		return
	}
	if disabled {
		f.env.Event(operator, obj, "Warning", "ReconciliationDisabled", "Reconciliation is disabled", nil)
		if len(tree.List(obj, "status", "conditions")) == 0 {
			f.editInstance(key, func(s status) {
				s.set("Ready", "True", "ReconciliationDisabled", "Initialized with reconciliation suspended")
			})
		}
		done(sim.Never)
		return
	}
	in := &installing{f: f, key: key, obj: obj, began: f.env.Now(), done: done}
	f.editInstance(key, func(s status) {
		s.set("Reconciling", "True", "Progressing", inProgress)
		s.set("Ready", "Unknown", "Progressing", inProgress)
		s.drop("Stalled")
	})
	f.env.Loop.After(f.env.Loop.Between(600*time.Millisecond, 1300*time.Millisecond), in.work)
}

func (f *Controllers) editInstance(key sim.Key, edit func(status)) {
	_, _ = f.statusClient(operator).EditStatus(Instance, key.Namespace, key.Name, func(o Object) error {
		edit(status{o, tree.Int(o, "metadata", "generation"), f.env.Stamp()})
		return nil
	})
}

func (in *installing) work() {
	asked := tree.Str(in.obj, "spec", "distribution", "version")
	if !offers(asked) {
		in.buildFailed(fmt.Sprintf("no match found for semver: %s in %s", asked, distributionVersion))
		return
	}
	in.version = distributionVersion
	objects := in.f.components(in.obj)
	in.digest = digestOf(fmt.Sprint(in.obj["spec"]))
	revision := in.version + "@" + in.digest
	first := tree.Str(in.obj, "status", "lastAppliedRevision") == ""
	if was := tree.Str(in.obj, "status", "lastAttemptedRevision"); was != revision {
		verb := "Upgrading"
		if first {
			verb = "Installing"
		}
		in.f.env.Event(operator, in.obj, "Normal", "Progressing", fmt.Sprintf("%s to revision %s", verb, revision), nil)
	}
	in.f.editInstance(in.key, func(s status) { tree.Make(s.obj, "status")["lastAttemptedRevision"] = revision })
	if problem := in.applyAll(objects); problem != "" {
		in.failed(revision, problem)
		return
	}
	in.removeStale()
	if len(in.changes) > 0 {
		verb := "updated"
		if first {
			verb = "installed"
		}
		in.f.env.Event(operator, in.obj, "Normal", "ReconciliationSucceeded",
			fmt.Sprintf("Flux %s %s\n%s", in.version, verb, strings.Join(in.changes, "\n")),
			map[string]string{GroupOperator + "/revision": revision})
	}
	if wait, ok := tree.Map(in.obj, "spec")["wait"].(bool); ok && !wait {
		in.succeed(revision)
		return
	}
	in.await(revision)
}

func (in *installing) applyAll(objects []Object) string {
	client := in.f.client(operator)
	for _, o := range objects {
		if in.f.unchanged(operator, o) {
			in.applied = append(in.applied, o)
			continue
		}
		_, created, changed, err := client.Apply(o, true, false)
		if err != nil {
			return dryRunFailed(o, err)
		}
		in.f.settle(operator, o)
		in.applied = append(in.applied, o)
		switch {
		case created:
			in.changes = append(in.changes, subject(o)+" created")
		case changed:
			in.changes = append(in.changes, subject(o)+" configured")
		}
	}
	return ""
}

// removeStale deletes what the instance made before and does not now: a
// removed sync takes its source and Kustomization, and with them all they
// applied.
func (in *installing) removeStale() {
	keep := map[string]bool{}
	for _, id := range inventoryIDs(in.applied) {
		keep[id] = true
	}
	for _, entry := range tree.Maps(in.obj, "status", "inventory", "entries") {
		id := tree.Str(entry, "id")
		if keep[id] {
			continue
		}
		gk, namespace, name := parseID(id)
		if in.f.client(operator).Delete(gk, namespace, name, nil) == nil {
			in.changes = append(in.changes, fmt.Sprintf("%s/%s/%s deleted", gk.Kind, namespace, name))
		}
	}
}

// await waits for everything made to be current.
func (in *installing) await(revision string) {
	var waiting, notReady []string
	for _, o := range in.applied {
		t := target{groupKind(o), tree.Str(o, "metadata", "namespace"), tree.Str(o, "metadata", "name")}
		if t.namespace == "" {
			continue
		}
		word := in.f.health(t)
		if word == "Current" {
			continue
		}
		waiting = append(waiting, fmt.Sprintf("%s status: '%s'", t, word))
		if line := in.f.unready(t); line != "" {
			notReady = append(notReady, line)
		}
	}
	limit := duration(tree.Str(in.obj, "metadata", "annotations", annotationTimeout), 5*time.Minute)
	now, err := in.f.client("").Get(Instance, in.key.Namespace, in.key.Name)
	switch {
	case err != nil || tree.Int(now, "metadata", "generation") != tree.Int(in.obj, "metadata", "generation"),
		tree.Str(now, "metadata", "deletionTimestamp") != "":
		in.f.editInstance(in.key, func(s status) {
			in.writeInventory(s)
			s.set("Ready", "False", "HealthCheckCanceled", fmt.Sprintf("New reconciliation triggered by FluxInstance/%s/%s", in.key.Namespace, in.key.Name))
		})
		in.done(0)
	case len(waiting) == 0:
		in.succeed(revision)
	case in.f.env.Now().Sub(in.began) >= limit:
		in.failed(revision, strings.Join(append([]string{"timeout waiting for: [" + strings.Join(waiting, ", ") + "]"}, notReady...), "\n"))
	default:
		in.f.env.Loop.After(500*time.Millisecond, func() { in.await(revision) })
	}
}

func (in *installing) took() time.Duration {
	return max(in.f.env.Now().Sub(in.began).Round(time.Second), time.Second)
}

func (in *installing) every() time.Duration {
	every := duration(tree.Str(in.obj, "metadata", "annotations", annotationEvery), time.Hour)
	return in.f.idle(every)
}

func (in *installing) succeed(revision string) {
	message := fmt.Sprintf("Reconciliation finished in %s", shortDuration(in.took()))
	in.f.editInstance(in.key, func(s status) {
		in.writeInventory(s)
		st := tree.Make(s.obj, "status")
		st["lastAppliedRevision"] = revision
		st["components"] = in.f.componentStatus(in.obj)
		s.history(in.digest, "ReconciliationSucceeded", in.f.env.Now().Sub(in.began).String(), Object{"flux": in.version})
		s.drop("Reconciling", "Stalled")
		s.set("Ready", "True", "ReconciliationSucceeded", message)
		s.handled()
	})
	in.f.env.Event(operator, in.obj, "Normal", "ReconciliationSucceeded", message,
		map[string]string{GroupOperator + "/revision": revision})
	in.f.report()
	in.done(in.every())
}

// shortDuration prints 60s as 1m, as the operator does.
func shortDuration(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	return text
}

func (in *installing) writeInventory(s status) {
	var entries []any
	for _, id := range inventoryIDs(in.applied) {
		entries = append(entries, Object{"id": id, "v": "v1"})
	}
	tree.Make(s.obj, "status")["inventory"] = Object{"entries": entries}
}

func (in *installing) failed(revision, problem string) {
	message := "reconciliation failed: " + problem
	in.f.editInstance(in.key, func(s status) {
		in.writeInventory(s)
		s.history(in.digest, "ReconciliationFailed", in.f.env.Now().Sub(in.began).String(), Object{"flux": in.version})
		s.set("Reconciling", "True", "ProgressingWithRetry", message)
		s.set("Ready", "False", "ReconciliationFailed", message)
		s.handled()
	})
	in.f.env.Event(operator, in.obj, "Warning", "ReconciliationFailed", message, nil)
	in.done(time.Minute)
}

func (in *installing) buildFailed(problem string) {
	message := "build failed: " + problem
	in.f.editInstance(in.key, func(s status) {
		s.drop("Reconciling")
		s.set("Stalled", "True", "BuildFailed", message)
		s.set("Ready", "False", "BuildFailed", message)
		s.handled()
	})
	in.f.env.Event(operator, in.obj, "Warning", "BuildFailed", message, nil)
	in.done(sim.Never)
}

// uninstall removes the controllers, lets every Flux object go without its
// controller's leave, then the kinds themselves. What they applied stays.
func (f *Controllers) uninstall(obj Object) {
	client := f.client(operator)
	for _, name := range instanceComponents(obj) {
		_ = client.Delete(control.Deployment, f.Namespace, name, nil)
	}
	for _, k := range toolkitKinds() {
		gk := GitRepository
		gk.Group, gk.Kind = k.group, k.kind
		for _, o := range client.List(gk, "") {
			key := keyOf(o)
			_, _ = client.Edit(gk, key.Namespace, key.Name, func(o Object) error {
				delete(tree.Meta(o), "finalizers")
				return nil
			})
		}
		_ = client.Delete(definition, "", k.plural+"."+k.group, nil)
	}
}
