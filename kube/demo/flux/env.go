package flux

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo/api"
	"tenantry/kube/demo/control"
	"tenantry/kube/demo/git"
	"tenantry/kube/demo/sim"
	"tenantry/kube/demo/store"
	"tenantry/kube/demo/tree"
)

// finalizer holds Flux's objects until their controller has cleaned up.
const finalizer = "finalizers.fluxcd.io"

const (
	requestedAt = "reconcile.fluxcd.io/requestedAt"
	// DefaultNamespace is where the operator runs.
	DefaultNamespace = "flux-system"
)

// retryDependency is how soon an object is looked at again that waits for
// another.
const retryDependency = 30 * time.Second

// Controllers are Flux and its operator.
type Controllers struct {
	env       *control.Env
	git       *git.Host
	Namespace string // where they run

	sources   *sim.Queue
	syncs     *sim.Queue
	instances *sim.Queue
	releases  *sim.Queue
	helmRepos *sim.Queue
	sets      *sim.Queue
	failures  map[sim.Key]int     // consecutive failures of a source
	uploaded  map[string]*tarred  // what each source's artifact holds
	parsed    map[string][]Object // manifests by the text of their file
	settled   map[string]settled  // what the last apply of each object came to

	setFailures map[sim.Key]int // consecutive failures of a ResourceSet
}

// tarred is what a source's artifact holds.
type tarred struct {
	revision string
	commit   *git.Commit
}

// Start runs the controllers; each works only while its Deployment does.
func Start(env *control.Env, host *git.Host) *Controllers {
	f := &Controllers{env: env, git: host, Namespace: DefaultNamespace, failures: map[sim.Key]int{}, uploaded: map[string]*tarred{}, settled: map[string]settled{}, parsed: map[string][]Object{}, setFailures: map[sim.Key]int{}}
	f.sources = sim.NewQueue(env.Loop, f.source)
	f.syncs = sim.NewQueue(env.Loop, f.sync)
	f.instances = sim.NewQueue(env.Loop, f.instance)
	f.releases = sim.NewQueue(env.Loop, f.release)
	f.helmRepos = sim.NewQueue(env.Loop, f.helmRepository)
	f.sets = sim.NewQueue(env.Loop, f.set)
	env.On("gitrepositories."+GroupSource, func(ev store.Event) {
		if control.Changed(ev, requestedAt) {
			f.sources.Add(control.KeyOf(ev))
		}
		if ev.Type == store.Deleted || revisionOf(ev.Object.Content) != revisionOf(previous(ev)) {
			f.wakeSyncs(ev.Object.Content)
		}
	})
	env.On("kustomizations."+GroupKustomize, func(ev store.Event) {
		if control.Changed(ev, requestedAt) {
			f.syncs.Add(control.KeyOf(ev))
		}
	})
	env.On("fluxinstances."+GroupOperator, func(ev store.Event) {
		if control.Changed(ev, requestedAt, annotationReconcile) {
			f.instances.Add(control.KeyOf(ev))
		}
	})
	env.On("resourcesets."+GroupOperator, func(ev store.Event) {
		if control.Changed(ev, requestedAt, annotationReconcile) {
			f.sets.Add(control.KeyOf(ev))
		}
	})
	env.On("helmreleases."+GroupHelm, func(ev store.Event) {
		if control.Changed(ev, requestedAt) {
			f.releases.Add(control.KeyOf(ev))
		}
	})
	env.On("helmrepositories."+GroupSource, func(ev store.Event) {
		if control.Changed(ev, requestedAt) {
			f.helmRepos.Add(control.KeyOf(ev))
		}
	})
	return f
}

func previous(ev store.Event) Object {
	if ev.Previous == nil {
		return nil
	}
	return ev.Previous.Content
}

func revisionOf(source Object) string { return tree.Str(source, "status", "artifact", "revision") }

// wakeSyncs notes, with the store locked, that a source has something new; the
// Kustomizations are found later.
func (f *Controllers) wakeSyncs(source Object) {
	namespace, name := tree.Str(source, "metadata", "namespace"), tree.Str(source, "metadata", "name")
	f.env.Loop.After(20*time.Millisecond, func() {
		for _, ks := range f.client("kustomize-controller").List(Kustomization, "") {
			ref := tree.Map(ks, "spec", "sourceRef")
			ns := tree.Str(ref, "namespace")
			if ns == "" {
				ns = tree.Str(ks, "metadata", "namespace")
			}
			if ns == namespace && tree.Str(ref, "name") == name && tree.Str(ref, "kind") == "GitRepository" {
				f.syncs.Add(keyOf(ks))
			}
		}
	})
}

func keyOf(obj Object) sim.Key {
	return sim.Key{Namespace: tree.Str(obj, "metadata", "namespace"), Name: tree.Str(obj, "metadata", "name")}
}

func (f *Controllers) client(manager string) *api.Client { return f.env.Client(manager) }

// runs says whether a controller's Deployment is available: a controller that
// is down leaves its objects alone.
func (f *Controllers) runs(component string) bool {
	d, err := f.client("").Get(control.Deployment, f.Namespace, component)
	return err == nil && tree.Int(d, "status", "availableReplicas") > 0
}

// hasFlag reads a boolean flag of a controller's Deployment.
func (f *Controllers) hasFlag(component, flag string) bool {
	v, ok := f.flag(component, flag)
	return ok && v != "false"
}

func (f *Controllers) flag(component, flag string) (string, bool) {
	d, err := f.client("").Get(control.Deployment, f.Namespace, component)
	if err != nil {
		return "", false
	}
	for _, c := range tree.Maps(d, "spec", "template", "spec", "containers") {
		for _, arg := range tree.Strings(c, "args") {
			if arg == flag {
				return "true", true
			}
			if v, ok := strings.CutPrefix(arg, flag+"="); ok {
				return v, true
			}
		}
	}
	return "", false
}

// log writes a line as a controller does, to its pod.
func (f *Controllers) log(component, level, kind string, obj Object, msg string, extra Object) {
	line := Object{"level": level, "ts": f.env.Now().Format("2006-01-02T15:04:05.000Z"), "msg": msg,
		"controller": strings.ToLower(kind), "controllerKind": kind, "name": tree.Str(obj, "metadata", "name"),
		"namespace": tree.Str(obj, "metadata", "namespace")}
	group, _, _ := strings.Cut(tree.Str(obj, "apiVersion"), "/")
	line["controllerGroup"] = group
	for k, v := range extra {
		line[k] = v
	}
	b, err := json.Marshal(line)
	if err != nil {
		return
	}
	for _, p := range f.client("").List(control.Pod, f.Namespace) {
		if tree.Str(p, "metadata", "labels", "app") == component || tree.Str(p, "metadata", "labels", "app.kubernetes.io/name") == component {
			f.env.API.Logs().Write(api.LogName{Namespace: f.Namespace, Pod: tree.Str(p, "metadata", "name"), Container: "manager"}, string(b))
			return
		}
	}
}

// duration reads a duration, or returns a default.
func duration(v string, otherwise time.Duration) time.Duration {
	if d, err := time.ParseDuration(v); err == nil {
		return d
	}
	return otherwise
}

// jitter moves an interval by up to a twentieth, as the controllers do.
func (f *Controllers) jitter(d time.Duration) time.Duration {
	return time.Duration(float64(d) * (0.95 + f.env.Loop.Float()/10))
}

// idle is the delay to the next run of an object that is fine. In the made-up
// past nothing polls in vain: pushes come with a request to fetch.
func (f *Controllers) idle(d time.Duration) time.Duration {
	if f.env.Loop.History() {
		return sim.Never
	}
	return f.jitter(d)
}

// statusClient returns the client a controller writes status with. Who wrote
// the status of the made-up past is not kept: it costs as much as all the rest.
func (f *Controllers) statusClient(manager string) *api.Client {
	if f.env.Loop.History() {
		return f.client(manager).Untracked()
	}
	return f.client(manager)
}

func addFinalizer(obj Object, name string) bool {
	meta := tree.Meta(obj)
	if slices.Contains(tree.Strings(meta, "finalizers"), name) {
		return false
	}
	meta["finalizers"] = append(tree.List(meta, "finalizers"), name)
	return true
}

// ensureFinalizer returns the object with its finalizer on.
func (f *Controllers) ensureFinalizer(client *api.Client, gk schema.GroupKind, obj Object, name string) (Object, error) {
	if slices.Contains(tree.Strings(obj, "metadata", "finalizers"), name) {
		return obj, nil
	}
	key := keyOf(obj)
	return client.Edit(gk, key.Namespace, key.Name, func(o Object) error {
		addFinalizer(o, name)
		return nil
	})
}

func digestOf(text string) string { return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(text))) }

// Resume puts every object back on its true schedule once the made-up past
// has caught up with the present: each is looked at within that time, or it
// would seem that its controller has forgotten it.
func (f *Controllers) Resume(within time.Duration) {
	for _, o := range f.client("").List(GitRepository, "") {
		f.sources.AddAfter(keyOf(o), time.Second+f.spread(o, within))
	}
	for _, o := range f.client("").List(Kustomization, "") {
		f.syncs.AddAfter(keyOf(o), time.Second+f.spread(o, within))
	}
	for _, o := range f.client("").List(HelmRelease, "") {
		f.releases.AddAfter(keyOf(o), time.Second+f.spread(o, within))
	}
	for _, o := range f.client("").List(Instance, "") {
		f.instances.AddAfter(keyOf(o), f.env.Loop.Between(within/4, within))
	}
}

// spread is a moment within an object's interval, or before that if it is
// longer; what fails is due soon.
func (f *Controllers) spread(o Object, within time.Duration) time.Duration {
	d := min(duration(tree.Str(o, "spec", "interval"), within), within)
	if !isReady(o) {
		d = min(d, 30*time.Second)
	}
	return time.Duration(float64(d) * f.env.Loop.Float())
}
