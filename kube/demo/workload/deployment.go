package workload

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"sort"
	"strconv"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/runtime"

	"tenantry/kube/demo/control"
	"tenantry/kube/demo/sim"
	"tenantry/kube/demo/tree"
)

const revisionAnnotation = "deployment.kubernetes.io/revision"

// rollout is one look at a Deployment and what it owns.
type rollout struct {
	w       *Controllers
	obj     Object
	key     sim.Key
	desired int64
	current Object   // the ReplicaSet of the wanted template
	old     []Object // the others, oldest revision first
}

func (w *Controllers) deployment(key sim.Key, done func(time.Duration)) {
	obj, err := w.client("kube-controller-manager").Get(control.Deployment, key.Namespace, key.Name)
	if err != nil || tree.Str(obj, "metadata", "deletionTimestamp") != "" {
		done(sim.Never)
		return
	}
	r := &rollout{w: w, obj: obj, key: key, desired: tree.Int(obj, "spec", "replicas")}
	r.gather()
	if !tree.Bool(obj, "spec", "paused") {
		if r.current == nil {
			r.create()
		} else {
			r.renumber()
		}
		r.scale()
	}
	done(r.report())
}

// gather finds the Deployment's ReplicaSets.
func (r *rollout) gather() {
	uid := tree.Str(r.obj, "metadata", "uid")
	want := r.hash()
	for _, rs := range r.w.client("").List(control.ReplicaSet, r.key.Namespace) {
		if !ownedBy(rs, uid) {
			continue
		}
		if tree.Str(rs, "metadata", "labels", "pod-template-hash") == want {
			r.current = rs
		} else {
			r.old = append(r.old, rs)
		}
	}
	sort.Slice(r.old, func(i, j int) bool { return revision(r.old[i]) < revision(r.old[j]) })
}

// wordless are the letters and digits Kubernetes makes names of.
const wordless = "bcdfghjklmnpqrstvwxz2456789"

// hash names a pod template as Kubernetes does: short, and without letters
// that make words.
func (r *rollout) hash() string {
	b, _ := json.Marshal(tree.Map(r.obj, "spec", "template"))
	h := fnv.New32a()
	_, _ = h.Write(b)
	name := []byte(strconv.FormatUint(uint64(h.Sum32()), 10))
	for i, digit := range name {
		name[i] = wordless[int(digit)%len(wordless)]
	}
	return string(name)
}

func revision(obj Object) int64 {
	n, _ := strconv.ParseInt(tree.Str(obj, "metadata", "annotations", revisionAnnotation), 10, 64)
	return n
}

func (r *rollout) newest() int64 {
	if len(r.old) == 0 {
		return 0
	}
	return revision(r.old[len(r.old)-1])
}

func (r *rollout) annotations(rev int64) Object {
	surge, _ := r.limits()
	return Object{revisionAnnotation: fmt.Sprint(rev), "deployment.kubernetes.io/desired-replicas": fmt.Sprint(r.desired),
		"deployment.kubernetes.io/max-replicas": fmt.Sprint(r.desired + surge)}
}

func (r *rollout) create() {
	hash, rev := r.hash(), r.newest()+1
	template := runtime.DeepCopyJSON(tree.Map(r.obj, "spec", "template"))
	tree.Make(template, "metadata", "labels")["pod-template-hash"] = hash
	labels := runtime.DeepCopyJSON(tree.Map(template, "metadata", "labels"))
	match := Object{"pod-template-hash": hash}
	for k, v := range tree.Map(r.obj, "spec", "selector", "matchLabels") {
		match[k] = v
	}
	rs, err := r.w.client("kube-controller-manager").Create(Object{
		"apiVersion": "apps/v1", "kind": "ReplicaSet",
		"metadata": Object{"name": r.key.Name + "-" + hash, "namespace": r.key.Namespace, "labels": labels,
			"annotations": r.annotations(rev), "ownerReferences": []any{ownerRef(r.obj)}},
		"spec": Object{"replicas": int64(0), "selector": Object{"matchLabels": match}, "template": template},
	})
	if err == nil {
		r.current = rs
	}
}

// renumber makes the ReplicaSet rolled back to the newest one.
func (r *rollout) renumber() {
	if rev := r.newest() + 1; revision(r.current) < rev {
		r.edit(r.current, func(rs Object) { tree.Make(rs, "metadata", "annotations")[revisionAnnotation] = fmt.Sprint(rev) })
	}
}

func (r *rollout) edit(rs Object, f func(Object)) {
	next, err := r.w.client("kube-controller-manager").Edit(control.ReplicaSet, r.key.Namespace, tree.Str(rs, "metadata", "name"),
		func(o Object) error { f(o); return nil })
	if err != nil {
		return
	}
	if rs["metadata"] != nil && r.current != nil && tree.Str(r.current, "metadata", "name") == tree.Str(next, "metadata", "name") {
		r.current = next
	}
	for i := range r.old {
		if tree.Str(r.old[i], "metadata", "name") == tree.Str(next, "metadata", "name") {
			r.old[i] = next
		}
	}
}

// limits resolves maxSurge and maxUnavailable.
func (r *rollout) limits() (surge, unavailable int64) {
	rolling := tree.Map(r.obj, "spec", "strategy", "rollingUpdate")
	surge = share(rolling["maxSurge"], r.desired, math.Ceil)
	unavailable = share(rolling["maxUnavailable"], r.desired, math.Floor)
	if surge == 0 && unavailable == 0 {
		unavailable = 1
	}
	return surge, unavailable
}

func share(v any, of int64, round func(float64) float64) int64 {
	switch v := v.(type) {
	case int64:
		return v
	case string:
		if p, err := strconv.ParseFloat(strings.TrimSuffix(v, "%"), 64); err == nil {
			return int64(round(p * float64(of) / 100))
		}
	}
	return 0
}

// scale moves replicas from the old ReplicaSets to the current one as far as
// the strategy allows at this moment.
func (r *rollout) scale() {
	if r.current == nil {
		return
	}
	surge, unavailable := r.limits()
	have, oldPods := tree.Int(r.current, "spec", "replicas"), int64(0)
	total := have
	for _, rs := range r.old {
		total += tree.Int(rs, "spec", "replicas")
		oldPods += tree.Int(rs, "status", "replicas")
	}
	if tree.Str(r.obj, "spec", "strategy", "type") == "Recreate" {
		for _, rs := range r.old {
			r.setReplicas(rs, 0)
		}
		if oldPods == 0 {
			r.setReplicas(r.current, r.desired)
		}
		return
	}
	switch {
	case have > r.desired:
		r.setReplicas(r.current, r.desired)
	case have < r.desired:
		if room := r.desired + surge - total; room > 0 {
			r.setReplicas(r.current, have+min(room, r.desired-have))
		}
	}
	have = tree.Int(r.current, "spec", "replicas")
	total = have
	for _, rs := range r.old {
		total += tree.Int(rs, "spec", "replicas")
	}
	pending := have - tree.Int(r.current, "status", "availableReplicas")
	spare := total - (r.desired - unavailable) - pending
	for _, healthy := range []bool{false, true} { // unhealthy old pods go first
		for _, rs := range r.old {
			n := tree.Int(rs, "spec", "replicas")
			take := n
			if !healthy {
				take = n - tree.Int(rs, "status", "availableReplicas")
			}
			if take = min(take, spare); take > 0 {
				r.setReplicas(rs, n-take)
				spare -= take
			}
		}
	}
	r.prune()
}

func (r *rollout) setReplicas(rs Object, n int64) {
	was := tree.Int(rs, "spec", "replicas")
	if was == n {
		return
	}
	r.edit(rs, func(o Object) { tree.Make(o, "spec")["replicas"] = n })
	verb := "up"
	if n < was {
		verb = "down"
	}
	r.w.env.Event("deployment-controller", r.obj, "Normal", "ScalingReplicaSet",
		fmt.Sprintf("Scaled %s replica set %s from %d to %d", verb, tree.Str(rs, "metadata", "name"), was, n), nil)
}

// prune drops ReplicaSets beyond the history limit.
func (r *rollout) prune() {
	limit := int64(10)
	if tree.Has(r.obj, "spec", "revisionHistoryLimit") {
		limit = tree.Int(r.obj, "spec", "revisionHistoryLimit")
	}
	for i := 0; i < len(r.old)-int(limit); i++ {
		rs := r.old[i]
		if tree.Int(rs, "spec", "replicas") == 0 && tree.Int(rs, "status", "replicas") == 0 {
			_ = r.w.client("kube-controller-manager").Delete(control.ReplicaSet, r.key.Namespace, tree.Str(rs, "metadata", "name"), nil)
		}
	}
}
