package uitest

import (
	"strings"
	"time"

	"tenantry/model"
)

// Watch marks kinds that are read on request as read in a namespace.
func (c *Cluster) Watch(ns string, kinds ...model.Kind) *Cluster {
	for _, k := range kinds {
		c.Scope(model.ScopeStatus{Kind: k, Namespace: ns, State: model.ScopeSynced})
	}
	return c
}

// Event makes an event about an object.
func Event(about model.Key, typ, reason, message, controller string, count int32, ago time.Duration) *model.Object {
	ns := about.Namespace
	if ns == "" {
		ns = "default"
	}
	name := strings.ToLower(about.Kind.String() + "-" + about.Name + "-" + reason)
	return Object(model.Event, ns, name, &model.EventDetail{Type: typ, Reason: reason, Message: message, Controller: controller, Count: count,
		Regarding: model.Ref{Kind: about.Kind.String(), Namespace: about.Namespace, Name: about.Name}, First: Ago(ago + time.Duration(count-1)*time.Minute), Last: Ago(ago)})
}

// ReplicaSet makes one of a Deployment.
func ReplicaSet(ns, deployment, hash string, revision int64, image string, ready int32, ago time.Duration) *model.Object {
	o := Object(model.ReplicaSet, ns, deployment+"-"+hash, &model.Replica{Owner: deployment, OwnerUID: "Deployment-" + ns + "-" + deployment,
		Revision: revision, Desired: ready, Ready: ready, Avail: ready, TemplateHash: hash, Images: []string{image}})
	o.Created = Ago(ago)
	return Label(o, model.LabelPodTemplateHash, hash)
}

// Pod makes a pod of a ReplicaSet, running; the containers given replace its
// one.
func Pod(ns, deployment, hash, suffix string, containers ...model.PodContainer) *model.Object {
	set := deployment + "-" + hash
	d := &model.PodDetail{Phase: "Running", Ready: true, Node: "node-1",
		Owner:     model.PodOwner{Kind: "ReplicaSet", Name: set, UID: "ReplicaSet-" + ns + "-" + set},
		Scheduled: model.Condition{Type: "PodScheduled", Status: "True"}, Containers: containers}
	if len(containers) == 0 {
		d.Containers = []model.PodContainer{{Name: deployment, Ready: true, Started: true, State: model.ContainerRunning, Since: Ago(time.Hour)}}
	}
	o := Object(model.Pod, ns, set+"-"+suffix, d)
	o.Created = Ago(time.Hour)
	return Label(o, model.LabelPodTemplateHash, hash)
}

// Watched is Prod with what is read on request: the events and pods of the two
// tenants with objects of the same names, and the ReplicaSets under them. In
// stage some pods don't come up.
func Watched() *Cluster {
	c := Prod()
	for _, ns := range []string{"fluxdemo-stage", "fluxdemo-prod"} {
		c.Watch(ns, model.Event, model.Pod)
		c.Put(ReplicaSet(ns, "kcheck", "5d9f", 2, "ghcr.io/acme/kcheck:1.0.1", 0, 5*24*time.Hour), ReplicaSet(ns, "kcheck", "7c44", 3, "ghcr.io/acme/kcheck:1.0.2", 3, 9*time.Hour))
		c.Put(Pod(ns, "kcheck", "7c44", "aaaaa"))
		key := func(k model.Kind, name string) model.Key { return model.Key{Kind: k, Namespace: ns, Name: name} }
		c.Put(
			Event(key(model.Deployment, "kcheck"), "Normal", "ScalingReplicaSet", "Scaled up replica set kcheck-7c44 from 2 to 3", "deployment-controller", 1, 50*time.Minute),
			Event(key(model.Kustomization, "flux-stage-prod"), "Normal", "ReconciliationSucceeded", "Reconciliation finished in 283ms, next run in 10m0s ("+ns+")", "kustomize-controller", 6, 2*time.Minute),
			Event(key(model.GitRepository, "flux-stage-prod"), "Normal", "NewArtifact", "stored artifact for commit 'three replicas'", "source-controller", 1, 2*time.Hour))
	}
	crashing := model.PodContainer{Name: "kcheck", Image: "ghcr.io/acme/kcheck:1.0.2", Restarts: 7, State: model.ContainerWaiting, Reason: "CrashLoopBackOff",
		Message: "back-off 5m0s restarting failed container", Last: &model.Termination{Reason: "Error", ExitCode: 2, Finished: Ago(3 * time.Minute)}}
	pulling := model.PodContainer{Name: "kcheck", Image: "ghcr.io/acme/kcheck:1.0.2", State: model.ContainerWaiting, Reason: "ImagePullBackOff",
		Message: `Back-off pulling image "ghcr.io/acme/kcheck:1.0.2"`}
	nowhere := Pod("fluxdemo-stage", "kcheck", "7c44", "ddddd")
	d := nowhere.Detail.(*model.PodDetail)
	d.Phase, d.Ready, d.Node, d.Containers = "Pending", false, "", nil
	d.Scheduled = model.Condition{Type: "PodScheduled", Status: "False", Reason: "Unschedulable", Message: "0/3 nodes are available: 3 Insufficient cpu."}
	c.Put(Pod("fluxdemo-stage", "kcheck", "7c44", "bbbbb", crashing), Pod("fluxdemo-stage", "kcheck", "7c44", "ccccc", pulling), nowhere)
	c.Put(Deployment("fluxdemo-stage", "kcheck", 5, 3, 3, 1, 0),
		Event(model.Key{Kind: model.Deployment, Namespace: "fluxdemo-stage", Name: "kcheck"}, "Warning", "FailedCreate",
			`Error creating: pods "kcheck-7c44-xxxxx" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=4, limited: pods=4`, "replicaset-controller", 5, 4*time.Minute))

	sync := Sync("fluxdemo-stage", "flux-stage-prod", "./stage", Rev2)
	sync.Detail.(*model.Sync).Inventory = Inventory("fluxdemo-stage", "kcheck") + "\nfluxdemo-prod_intruder__ConfigMap\n_kcheck-view_rbac.authorization.k8s.io_ClusterRole" +
		"\nfluxdemo-stage_a__ConfigMap\nfluxdemo-stage_b__ConfigMap\nfluxdemo-stage_c__ConfigMap\nfluxdemo-stage_d__ConfigMap\nfluxdemo-stage_e__ConfigMap\nfluxdemo-stage_tls__Secret"
	return c.Put(sync)
}
