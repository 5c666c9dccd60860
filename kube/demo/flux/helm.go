package flux

import (
	"fmt"
	"time"

	"tenantry/kube/demo/api"
	"tenantry/kube/demo/control"
	"tenantry/kube/demo/sim"
	"tenantry/kube/demo/tree"
	"tenantry/kube/demo/workload"
)

const helmController = "helm-controller"

// helmRepository reconciles a HelmRepository: an index that is always there.
func (f *Controllers) helmRepository(key sim.Key, done func(time.Duration)) {
	client := f.client(sourceController)
	obj, err := client.Get(HelmRepository, key.Namespace, key.Name)
	if err != nil || tree.Str(obj, "spec", "type") == "oci" {
		done(sim.Never)
		return
	}
	if !f.runs(sourceController) {
		done(2 * time.Second)
		return
	}
	digest := digestOf(tree.Str(obj, "spec", "url"))
	message := "stored artifact: revision '" + digest + "'"
	_, _ = f.statusClient(sourceController).EditStatus(HelmRepository, key.Namespace, key.Name, func(o Object) error {
		s := status{o, tree.Int(o, "metadata", "generation"), f.env.Stamp()}
		st := tree.Make(o, "status")
		if tree.Map(st, "artifact") == nil {
			st["artifact"] = Object{"digest": digest, "revision": digest, "lastUpdateTime": s.now, "size": int64(48213),
				"path": "helmrepository/" + key.Namespace + "/" + key.Name + "/index.yaml",
				"url":  "http://source-controller." + f.Namespace + ".svc.cluster.local./helmrepository/" + key.Namespace + "/" + key.Name + "/index.yaml"}
		}
		st["observedGeneration"] = s.generation
		s.set("Ready", "True", "Succeeded", message)
		s.set("ArtifactInStorage", "True", "Succeeded", message)
		s.handled()
		return nil
	})
	done(f.idle(duration(tree.Str(obj, "spec", "interval"), time.Hour)))
}

// release reconciles a HelmRelease: each new generation is a new revision of
// the release, with a Deployment of the chart's name.
func (f *Controllers) release(key sim.Key, done func(time.Duration)) {
	client := f.client(helmController)
	obj, err := client.Get(HelmRelease, key.Namespace, key.Name)
	if err != nil {
		done(sim.Never)
		return
	}
	if !f.runs(helmController) {
		done(2 * time.Second)
		return
	}
	if tree.Str(obj, "metadata", "deletionTimestamp") != "" {
		_ = client.Delete(control.Deployment, key.Namespace, key.Name, nil)
		_, _ = client.Edit(HelmRelease, key.Namespace, key.Name, func(o Object) error {
			workload.DropFinalizer(o, finalizer)
			return nil
		})
		done(sim.Never)
		return
	}
	if obj, err = f.ensureFinalizer(client, HelmRelease, obj, finalizer); err != nil {
		done(time.Second)
		return
	}
	if tree.Bool(obj, "spec", "suspend") {
		f.editRelease(key, func(s status) { s.handled() })
		done(sim.Never)
		return
	}
	if tree.Int(obj, "status", "observedGeneration") == tree.Int(obj, "metadata", "generation") && isReady(obj) {
		f.editRelease(key, func(s status) { s.handled() })
		done(f.idle(duration(tree.Str(obj, "spec", "interval"), 5*time.Minute)))
		return
	}
	f.upgrade(key, obj, done)
}

func (f *Controllers) editRelease(key sim.Key, edit func(status)) {
	_, _ = f.statusClient(helmController).EditStatus(HelmRelease, key.Namespace, key.Name, func(o Object) error {
		edit(status{o, tree.Int(o, "metadata", "generation"), f.env.Stamp()})
		return nil
	})
}

func (f *Controllers) upgrade(key sim.Key, obj Object, done func(time.Duration)) {
	chart := tree.Map(obj, "spec", "chart", "spec")
	name, version := tree.Str(chart, "chart"), tree.Str(chart, "version")
	namespace := tree.Str(chart, "sourceRef", "namespace")
	if namespace == "" {
		namespace = key.Namespace
	}
	if _, err := f.client("").Get(HelmRepository, namespace, tree.Str(chart, "sourceRef", "name")); err != nil {
		f.editRelease(key, func(s status) {
			s.set("Ready", "False", "ArtifactFailed", fmt.Sprintf("HelmChart '%s/%s-%s' is not ready: failed to get source: HelmRepository.%s %q not found",
				key.Namespace, key.Namespace, key.Name, GroupSource, tree.Str(chart, "sourceRef", "name")))
		})
		done(retryDependency)
		return
	}
	n := tree.Int(first(obj), "version") + 1
	act, acting := "install", "install"
	if n > 1 {
		act, acting = "upgrade", "upgrade"
	}
	f.editRelease(key, func(s status) {
		s.set("Reconciling", "True", "Progressing", fmt.Sprintf("Running '%s' action with timeout of 5m0s", acting))
		s.set("Ready", "Unknown", "Progressing", fmt.Sprintf("Running '%s' action with timeout of 5m0s", acting))
	})
	if problem := f.installChart(key, obj, name, version); problem != "" {
		f.editRelease(key, func(s status) {
			message := fmt.Sprintf("Helm %s failed for release %s/%s with chart %s@%s: %s", act, key.Namespace, key.Name, name, version, problem)
			s.drop("Reconciling")
			s.set("Ready", "False", title(act)+"Failed", message)
			s.set("Released", "False", title(act)+"Failed", message)
		})
		done(time.Minute)
		return
	}
	f.awaitRelease(key, obj, name, version, act, n, f.env.Now(), done)
}

func (f *Controllers) awaitRelease(key sim.Key, obj Object, chart, version, act string, n int64, since time.Time, done func(time.Duration)) {
	if d, err := f.client("").Get(control.Deployment, key.Namespace, key.Name); err == nil && kstatus(d) != "Current" && f.env.Now().Sub(since) < 5*time.Minute {
		f.env.Loop.After(time.Second, func() { f.awaitRelease(key, obj, chart, version, act, n, since, done) })
		return
	}
	message := fmt.Sprintf("Helm %s succeeded for release %s/%s.v%d with chart %s@%s", act, key.Namespace, key.Name, n, chart, version)
	f.editRelease(key, func(s status) {
		st := tree.Make(s.obj, "status")
		list := append([]any{Object{"chartName": chart, "chartVersion": version, "appVersion": version, "name": key.Name, "namespace": key.Namespace,
			"version": n, "status": "deployed", "firstDeployed": s.now, "lastDeployed": s.now, "digest": digestOf(message), "configDigest": digestOf(fmt.Sprint(obj["spec"]))}},
			tree.List(st, "history")...)
		for i := 1; i < len(list); i++ {
			if m, ok := list[i].(map[string]any); ok {
				m["status"] = "superseded"
			}
		}
		st["history"] = list[:min(len(list), 5)]
		st["lastAttemptedRevision"], st["lastAttemptedGeneration"] = version, s.generation
		st["lastAttemptedReleaseAction"] = act
		st["helmChart"] = key.Namespace + "/" + key.Namespace + "-" + key.Name
		st["storageNamespace"] = key.Namespace
		st["observedGeneration"] = tree.Int(obj, "metadata", "generation")
		st["inventory"] = Object{"entries": []any{Object{"id": key.Namespace + "_" + key.Name + "_apps_Deployment", "v": "v1"}}}
		s.drop("Reconciling", "Stalled")
		s.generation = tree.Int(obj, "metadata", "generation")
		s.set("Ready", "True", title(act)+"Succeeded", message)
		s.set("Released", "True", title(act)+"Succeeded", message)
		s.handled()
	})
	f.env.Event(helmController, obj, "Normal", title(act)+"Succeeded", message, map[string]string{GroupHelm + "/revision": version})
	f.log(helmController, "info", "HelmRelease", obj, "release is in a new state", Object{"revision": version})
	done(f.idle(duration(tree.Str(obj, "spec", "interval"), 5*time.Minute)))
}

func first(obj Object) Object {
	if list := tree.Maps(obj, "status", "history"); len(list) > 0 {
		return list[0]
	}
	return nil
}

func title(word string) string { return string(word[0]-'a'+'A') + word[1:] }

// installChart makes the chart's one Deployment, as the release's account.
func (f *Controllers) installChart(key sim.Key, obj Object, chart, version string) string {
	client := f.impersonateHelm(obj)
	replicas := tree.Int(obj, "spec", "values", "replicaCount")
	if !tree.Has(obj, "spec", "values", "replicaCount") {
		replicas = 1
	}
	labels := Object{"app.kubernetes.io/name": chart, "app.kubernetes.io/instance": key.Name}
	_, _, _, err := client.Apply(Object{"apiVersion": "apps/v1", "kind": "Deployment",
		"metadata": Object{"name": key.Name, "namespace": key.Namespace, "labels": Object{
			"app.kubernetes.io/name": chart, "app.kubernetes.io/instance": key.Name, "app.kubernetes.io/managed-by": "Helm",
			"helm.sh/chart": chart + "-" + version, GroupHelm + "/name": key.Name, GroupHelm + "/namespace": key.Namespace},
			"annotations": Object{"meta.helm.sh/release-name": key.Name, "meta.helm.sh/release-namespace": key.Namespace}},
		"spec": Object{"replicas": replicas, "selector": Object{"matchLabels": labels},
			"template": Object{"metadata": Object{"labels": labels}, "spec": Object{"containers": []any{
				Object{"name": chart, "image": "ghcr.io/charts/" + chart + ":" + version}}}}}}, true, false)
	if err != nil {
		return err.Error()
	}
	return ""
}

// impersonateHelm returns a client with the rights the release installs with.
func (f *Controllers) impersonateHelm(obj Object) *api.Client {
	client := f.client(helmController)
	account := tree.Str(obj, "spec", "serviceAccountName")
	if account == "" {
		account, _ = f.flag(helmController, "--default-service-account")
	}
	if account == "" {
		return client
	}
	return client.As(api.Account(tree.Str(obj, "metadata", "namespace"), account))
}
