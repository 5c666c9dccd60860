package why_test

import (
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

type world struct {
	*model.Store
	clock *uitest.Clock
}

func newWorld(objects ...*model.Object) *world {
	w := &world{clock: uitest.NewClock()}
	w.Store = model.NewStore(w.clock.Now)
	c := uitest.NewCluster("prod").Controllers().PlatformSync()
	c.Put(uitest.Object(model.ServiceAccount, "flux-system", "flux-system", &model.Account{}), uitest.Deployment("flux-system", "web", 1, 1, 1, 1, 0))
	for _, ns := range []string{"eu", "us"} {
		c.Put(uitest.Namespace(ns, ns))
		c.Put(uitest.Access(ns)...)
		c.Put(source(ns), uitest.Sync(ns, "app", "./deploy", uitest.Rev1), uitest.Deployment(ns, "web", 4, 2, 2, 2, 0))
	}
	w.Apply(c.Batch)
	w.put(objects...)
	return w
}

func (w *world) put(objects ...*model.Object) {
	w.Apply((&uitest.Cluster{}).Put(objects...).Batch)
}

func (w *world) drop(keys ...model.Key) {
	var b model.Batch
	for _, k := range keys {
		b.Changes = append(b.Changes, model.ObjectChange{Key: k})
	}
	w.Apply(b)
}

func source(ns string, conditions ...model.Condition) *model.Object {
	return uitest.Git(ns, "app", "https://git.acme.io/acme/"+ns, uitest.Rev1, conditions...)
}

func fetching(reason, message string) *model.Object {
	o := source("eu",
		uitest.Condition("Reconciling", "True", "ProgressingWithRetry", "building artifact", time.Minute),
		uitest.Failing(reason, message, time.Hour),
		uitest.Condition("ArtifactInStorage", "True", "Succeeded", "stored artifact", time.Hour),
		uitest.Condition("FetchFailed", "True", reason, message, time.Hour))
	o.Detail.(*model.Source).Secrets = []model.Pair{{Name: "secretRef", Value: "git"}}
	return o
}

func ssh(o *model.Object) *model.Object {
	o.Detail.(*model.Source).URL = "ssh://git@git.acme.io/acme/eu"
	return o
}

func applying(reason, message string) *model.Object {
	return uitest.Sync("eu", "app", "./deploy", uitest.Rev1, uitest.Failing(reason, message, time.Hour))
}

func at(o *model.Object, change func(*model.Sync)) *model.Object {
	change(o.Detail.(*model.Sync))
	return o
}

func other(name string, conditions ...model.Condition) *model.Object {
	return at(uitest.Sync("eu", name, "./"+name, uitest.Rev1, conditions...), func(d *model.Sync) { d.SourceRef.Name, d.Inventory = "app", "" })
}

func stuckDeployment() *model.Object {
	o := uitest.Deployment("eu", "web", 5, 2, 1, 0, 0)
	o.Conditions = []model.Condition{{Type: "Progressing", Status: "False", Reason: "ProgressDeadlineExceeded", LastTransition: uitest.Ago(time.Hour)},
		{Type: "Available", Status: "False", Reason: "MinimumReplicasUnavailable", LastTransition: uitest.Ago(time.Hour)}}
	return o
}

const waitsForWeb = "health check failed after 5m0.05s: timeout waiting for: [Deployment/eu/web status: 'InProgress']"
