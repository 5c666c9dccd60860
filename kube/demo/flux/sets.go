package flux

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tenantry/kube/demo/api"
	"tenantry/kube/demo/control"
	"tenantry/kube/demo/sim"
	"tenantry/kube/demo/tree"
	"tenantry/kube/demo/workload"
)

const (
	setOwner        = "resourceset." + GroupOperator
	annotationPrune = GroupOperator + "/prune"
	inProgress      = "Reconciliation in progress"
	// retrySet is how soon a ResourceSet asks again for what it waits for.
	retrySet = 5 * time.Second
)

// making is one reconciliation of a ResourceSet.
type making struct {
	f       *Controllers
	key     sim.Key
	obj     Object
	client  *api.Client // acts as the set's account
	began   time.Time
	inputs  int
	objects []Object
	applied []Object
	changes []string
	digest  string
	done    func(time.Duration)
}

// set reconciles one ResourceSet as the operator does.
func (f *Controllers) set(key sim.Key, done func(time.Duration)) {
	client := f.client(operator)
	obj, err := client.Get(ResourceSet, key.Namespace, key.Name)
	if err != nil {
		delete(f.setFailures, key)
		done(sim.Never)
		return
	}
	if !f.runs(operator) {
		done(2 * time.Second)
		return
	}
	m := &making{f: f, key: key, obj: obj, client: f.actAs(obj), began: f.env.Now(), done: done}
	disabled := isDisabled(obj)
	if tree.Str(obj, "metadata", "deletionTimestamp") != "" {
		m.finalize(disabled)
		return
	}
	if !slices.Contains(tree.Strings(obj, "metadata", "finalizers"), instanceFinalizer) {
		if m.obj, err = f.ensureFinalizer(client, ResourceSet, obj, instanceFinalizer); err != nil {
			done(time.Second)
			return
		}
		f.editSet(key, func(s status) {
			if disabled {
				s.set("Ready", "True", "ReconciliationDisabled", "Initialized with reconciliation suspended")
				return
			}
			s.set("Reconciling", "True", "Progressing", inProgress)
			s.set("Ready", "Unknown", "Progressing", inProgress)
		})
	}
	if disabled {
		f.env.Event(operator, obj, "Warning", "ReconciliationDisabled", "Reconciliation is disabled", nil)
		if tree.Str(obj, "metadata", "annotations", requestedAt) != tree.Str(obj, "status", "lastHandledReconcileAt") {
			f.editSet(key, func(s status) { s.handled() })
		}
		done(sim.Never)
		return
	}
	if problem := m.dependency(); problem != "" {
		m.waitFor(problem)
		return
	}
	f.editSet(key, func(s status) {
		s.drop("Stalled")
		s.set("Reconciling", "True", "Progressing", inProgress)
		s.set("Ready", "Unknown", "Progressing", inProgress)
	})
	f.env.Loop.After(f.env.Loop.Between(100*time.Millisecond, 400*time.Millisecond), m.work)
}

func isDisabled(obj Object) bool {
	return strings.EqualFold(tree.Str(obj, "metadata", "annotations", annotationReconcile), "disabled")
}

func (f *Controllers) editSet(key sim.Key, edit func(status)) {
	_, _ = f.statusClient(operator).EditStatus(ResourceSet, key.Namespace, key.Name, func(o Object) error {
		edit(status{o, tree.Int(o, "metadata", "generation"), f.env.Stamp()})
		return nil
	})
}

// actAs returns a client with the rights a ResourceSet applies with.
func (f *Controllers) actAs(obj Object) *api.Client {
	account := tree.Str(obj, "spec", "serviceAccountName")
	if account == "" {
		account, _ = f.flag(operator, "--default-service-account")
	}
	if account == "" {
		return f.client(operator)
	}
	return f.client(operator).As(api.Account(tree.Str(obj, "metadata", "namespace"), account))
}

// dependency says what the set still waits for, if anything.
func (m *making) dependency() string {
	for _, dep := range tree.Maps(m.obj, "spec", "dependsOn") {
		t := target{groupKind(dep), tree.Str(dep, "namespace"), tree.Str(dep, "name")}
		id := tree.Str(dep, "apiVersion") + "/" + t.String()
		o, err := m.f.client(operator).Get(t.gk, t.namespace, t.name)
		switch {
		case err != nil:
			return fmt.Sprintf("dependency %s not found: %v", id, err)
		case !tree.Bool(dep, "ready"):
		case tree.Str(dep, "readyExpr") != "":
			return fmt.Sprintf("dependency %s not ready: this cluster evaluates no expressions", id)
		case t.gk.Group == GroupOperator:
			if !isReady(o) {
				return "dependency " + id + " not ready"
			}
		case kstatus(o) != "Current":
			return fmt.Sprintf("dependency %s not ready: status %s", id, kstatus(o))
		}
	}
	return ""
}

func (m *making) waitFor(problem string) {
	message := "Retrying dependency check: " + problem
	if c := conditionOf(m.obj, "Ready"); c == nil || c["reason"] != "DependencyNotReady" {
		m.f.env.Event(operator, m.obj, "Normal", "DependencyNotReady", message, nil)
	}
	m.f.editSet(m.key, func(s status) {
		s.set("Ready", "False", "DependencyNotReady", message)
		if c := conditionOf(s.obj, "Reconciling"); c != nil {
			s.set("Reconciling", "True", "ProgressingWithRetry", tree.Str(c, "message"))
		}
		s.handled()
	})
	m.done(retrySet)
}

// work builds, applies, prunes and waits, in that order.
func (m *making) work() {
	if err := m.build(); err != nil {
		m.stall(err.Error())
		return
	}
	err := m.apply()
	m.f.editSet(m.key, func(s status) {
		if len(m.applied) > 0 {
			m.writeInventory(s, tree.Maps(m.obj, "status", "inventory", "entries"))
		}
	})
	if err == nil {
		err = m.prune()
	}
	if err != nil {
		m.fail(err.Error())
		return
	}
	m.f.editSet(m.key, func(s status) { m.writeInventory(s, nil) })
	if len(m.changes) > 0 {
		m.f.env.Event(operator, m.obj, "Normal", "ApplySucceeded", strings.Join(m.changes, "\n"), nil)
	}
	if tree.Bool(m.obj, "spec", "wait") {
		m.await()
		return
	}
	m.succeed()
}

// writeInventory notes what was applied, and what was before and is not
// pruned yet.
func (m *making) writeInventory(s status, before []Object) {
	var entries []any
	known := map[string]bool{}
	for _, id := range inventoryIDs(m.applied) {
		entries, known[id] = append(entries, Object{"id": id, "v": "v1"}), true
	}
	for _, old := range before {
		if !known[tree.Str(old, "id")] {
			entries = append(entries, old)
		}
	}
	inventory := Object{}
	if len(entries) > 0 {
		inventory["entries"] = entries
	}
	tree.Make(s.obj, "status")["inventory"] = inventory
}

func (m *making) took() time.Duration { return m.f.env.Now().Sub(m.began) }

func (m *making) metadata() Object {
	return Object{"inputs": fmt.Sprint(m.inputs), "resources": fmt.Sprint(len(m.objects))}
}

func (m *making) succeed() {
	delete(m.f.setFailures, m.key)
	took := m.took().Round(time.Millisecond)
	if took >= time.Second {
		took = took.Round(time.Second)
	}
	message := fmt.Sprintf("Reconciliation finished in %s", took)
	m.f.editSet(m.key, func(s status) {
		tree.Make(s.obj, "status")["lastAppliedRevision"] = m.digest
		s.history(m.digest, "ReconciliationSucceeded", m.took().String(), m.metadata())
		s.drop("Reconciling", "Stalled")
		s.set("Ready", "True", "ReconciliationSucceeded", message)
		s.handled()
	})
	m.f.env.Event(operator, m.obj, "Normal", "ReconciliationSucceeded", message, nil)
	m.done(m.f.idle(duration(tree.Str(m.obj, "metadata", "annotations", annotationEvery), time.Hour)))
}

// fail ends a run that is tried again.
func (m *making) fail(problem string) {
	message := "reconciliation failed: " + problem
	m.f.editSet(m.key, func(s status) {
		s.history(m.digest, "ReconciliationFailed", m.took().String(), m.metadata())
		s.set("Reconciling", "True", "ProgressingWithRetry", inProgress)
		s.set("Ready", "False", "ReconciliationFailed", message)
		s.handled()
	})
	m.f.env.Event(operator, m.obj, "Warning", "ReconciliationFailed", message, nil)
	n := m.f.setFailures[m.key]
	m.f.setFailures[m.key] = n + 1
	m.done(min(750*time.Millisecond<<min(n, 11), 15*time.Minute))
}

// stall ends a run that only another spec can mend.
func (m *making) stall(message string) {
	m.f.editSet(m.key, func(s status) {
		s.history(digestOf(fingerprint(tree.Map(m.obj, "spec"))), "BuildFailed", m.took().String(), nil)
		s.drop("Reconciling")
		s.set("Stalled", "True", "BuildFailed", message)
		s.set("Ready", "False", "BuildFailed", message)
		s.handled()
	})
	m.f.env.Event(operator, m.obj, "Warning", "BuildFailed", message, nil)
	m.done(sim.Never)
}

// finalize takes what a deleted set made, unless it was switched off or its
// account is gone, then lets it go.
func (m *making) finalize(disabled bool) {
	if account := tree.Str(m.obj, "spec", "serviceAccountName"); account != "" && !disabled {
		_, err := m.f.client("").Get(control.ServiceAccount, m.key.Namespace, account)
		disabled = err != nil
	}
	if !disabled {
		_ = m.removeAll(tree.Maps(m.obj, "status", "inventory", "entries"))
	}
	_, _ = m.f.client(operator).Edit(ResourceSet, m.key.Namespace, m.key.Name, func(o Object) error {
		workload.DropFinalizer(o, instanceFinalizer)
		return nil
	})
	m.done(sim.Never)
}
