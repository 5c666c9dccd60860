package kube

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"tenantry/model"
)

// recorded decodes every object of testdata/recorded/<resource>.json, which a
// real cluster answered.
func recorded(t *testing.T, kind model.Kind) map[string]*model.Object {
	t.Helper()
	f, err := os.Open("testdata/recorded/" + kind.Resource() + ".json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	e := entryOf(t, kind)
	out := map[string]*model.Object{}
	meta, err := readList(f, func(raw []byte, enc encoding) {
		o := e.decodeObject(raw, enc)
		out[strings.TrimPrefix(o.Namespace+"/"+o.Name, "/")] = o
	})
	if err != nil || meta.ResourceVersion != "900" {
		t.Fatalf("reading %s: %v, %+v", kind, err, meta)
	}
	for name, o := range out {
		if o.Undecodable != "" {
			t.Errorf("%s %s: %s", kind, name, o.Undecodable)
		}
		if o.UID == "" || o.ResourceVersion == "" || o.Created == 0 || o.Kind != kind {
			t.Errorf("%s %s lacks metadata: %+v", kind, name, o)
		}
	}
	return out
}

func entryOf(t *testing.T, kind model.Kind) *entry {
	t.Helper()
	for i := range registry {
		if registry[i].kind == kind {
			return &registry[i]
		}
	}
	t.Fatalf("%s is not in the registry", kind)
	return nil
}

func decodeText(t *testing.T, kind model.Kind, text string) *model.Object {
	t.Helper()
	return entryOf(t, kind).decodeObject([]byte(text), encodingJSON)
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %s\nwant %s", what, show(got), show(want))
	}
}

func show(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprintf("%+v", v)
	}
	return string(b)
}

func TestEveryKindHasAnEntry(t *testing.T) {
	all := append(model.Kinds(), model.KindsOnRequest()...)
	for _, kind := range all {
		e := entryOf(t, kind)
		if e.decode == nil || len(e.versions) == 0 {
			t.Errorf("%s is incomplete", kind)
		}
	}
	if len(registry) != len(all) {
		t.Errorf("%d entries for %d kinds", len(registry), len(all))
	}
}

func TestAddingAKindIsOneEntry(t *testing.T) {
	type hello struct {
		Metadata metaFields `json:"metadata"`
		Spec     struct {
			Greeting string `json:"greeting"`
		} `json:"spec"`
	}
	e := &entry{kind: model.Bucket, versions: []string{"v7"}, decode: fromJSON(func(kind model.Kind, in *hello) *model.Object {
		o := newObject(kind, &in.Metadata)
		o.Detail = &model.Source{URL: in.Spec.Greeting}
		return o
	})}
	o := e.decodeObject([]byte(`{"metadata":{"name":"a","namespace":"b"},"spec":{"greeting":"hi"}}`), encodingJSON)
	equal(t, "key", o.Key, model.Key{Kind: model.Bucket, Namespace: "b", Name: "a"})
	equal(t, "detail", o.Detail, &model.Source{URL: "hi"})
	equal(t, "path", e.path("v7", "b"), "/apis/source.toolkit.fluxcd.io/v7/namespaces/b/buckets")
}

func TestRecordedGitRepositories(t *testing.T) {
	all := recorded(t, model.GitRepository)
	o := all["fluxdemo-dev/git-demo-dev"]
	equal(t, "source", o.Detail, &model.Source{
		URL: "http://127.0.0.1:13000/flux-dev.git", Ref: "branch main", Interval: 60, Timeout: 60,
		Revision: "main@sha1:41aaea2377872176849e91c97af0e08ed8ffd3c3", Updated: 1795335554,
	})
	if len(o.Conditions) != 2 || o.Condition("Ready").Reason != "Succeeded" || o.ObservedGeneration != 1 {
		t.Errorf("conditions: %s", show(o.Conditions))
	}
	equal(t, "ref by name", all["flux-system/flux-system"].Detail.(*model.Source).Ref, "name refs/heads/main")
	s := all["team-x/suspended"]
	if !s.Detail.(*model.Source).Suspend || s.ObservedGeneration != -1 || len(s.Conditions) != 0 {
		t.Errorf("suspended: %s", show(s))
	}
	n := all["team-x/nosecret"]
	equal(t, "secrets", n.Detail.(*model.Source).Secrets, []model.Pair{{Name: "secretRef", Value: "flux-system"}})
}

func TestRecordedKustomizations(t *testing.T) {
	all := recorded(t, model.Kustomization)
	d := all["fluxdemo-dev/git-dev"].Detail.(*model.Sync)
	equal(t, "sync", d, &model.Sync{
		Path: "./dev", SourceRef: model.Ref{Kind: "GitRepository", Namespace: "fluxdemo-dev", Name: "git-demo-dev"},
		ServiceAccount: "fluxdemo-dev", Interval: 1200, Prune: true,
		Applied:   "main@sha1:41aaea2377872176849e91c97af0e08ed8ffd3c3",
		Attempted: "main@sha1:41aaea2377872176849e91c97af0e08ed8ffd3c3",
		Inventory: "fluxdemo-dev_kcheck-service__Service\nfluxdemo-dev_kcheck_apps_Deployment",
		History: []model.HistoryEntry{{Revision: "main@sha1:41aaea2377872176849e91c97af0e08ed8ffd3c3",
			Status: "ReconciliationSucceeded", First: 1795335555, Last: 1795335555, Total: 1}},
	})
	w := all["team-x/waitfor"]
	equal(t, "dependsOn", w.Detail.(*model.Sync).DependsOn, []model.Ref{{Kind: "Kustomization", Namespace: "team-x", Name: "nopath"}})
	if c := w.Condition("Ready"); c.Reason != "DependencyNotReady" || c.Message != "dependency 'team-x/nopath' is not ready" {
		t.Errorf("waitfor: %s", show(c))
	}
	u := all["team-x/unhealthy"].Detail.(*model.Sync)
	if !u.Wait || u.TargetNamespace != "team-x" || u.RetryInterval != 30 || u.Timeout != 30 {
		t.Errorf("unhealthy: %s", show(u))
	}
}

func TestRecordedInstanceAndReport(t *testing.T) {
	o := recorded(t, model.FluxInstance)["flux-system/flux"]
	d := o.Detail.(*model.Instance)
	if d.Version != "2.x" || d.Registry != "ghcr.io/fluxcd" || !d.Multitenant || !d.Wait || len(d.Components) != 3 {
		t.Errorf("instance: %s", show(d))
	}
	equal(t, "sync", d.Sync, &model.InstanceSync{Kind: "GitRepository", URL: "http://127.0.0.1:13000/flux-stage-prod.git",
		Ref: "refs/heads/main", Path: "dev", Interval: 60})
	equal(t, "history", d.History, []model.HistoryEntry{{Revision: "v2.9.4", Status: "ReconciliationSucceeded",
		First: 1795335511, Last: 1795335511, Duration: 1, Total: 1}})
	if o.ObservedGeneration != -1 || o.Annotations != nil {
		t.Errorf("the operator writes no observedGeneration, and last-applied is not kept: %s", show(o))
	}
	r := recorded(t, model.FluxReport)["flux-system/flux"].Detail.(*model.FluxReportDetail)
	if r.DistributionVersion != "v2.9.4" || r.DistributionStatus != "Installed" || r.ManagedBy != "flux-operator" {
		t.Errorf("report: %s", show(r))
	}
}

func TestRecordedWorkloads(t *testing.T) {
	all := recorded(t, model.Deployment)
	c := all["flux-system/source-controller"]
	w := c.Detail.(*model.Workload)
	if len(w.Containers) != 1 || len(w.Containers[0].Args) == 0 || w.Revision != 1 || w.Desired != 1 {
		t.Errorf("source-controller: %s", show(w))
	}
	if c.Labels.Get(model.LabelPartOf) != "flux" || c.Labels.Has("control-plane") || c.Annotations.Has("deployment.kubernetes.io/revision") {
		t.Errorf("kept the wrong labels: %s %s", show(c.Labels), show(c.Annotations))
	}
	for name, o := range all {
		if o.Namespace != "flux-system" && o.Detail.(*model.Workload).Containers[0].Args != nil {
			t.Errorf("%s: arguments are kept of Flux's controllers only", name)
		}
	}
	if p := all["team-x/slow"].Condition("Progressing"); p == nil || p.LastTransition == 0 {
		t.Errorf("slow: %s", show(all["team-x/slow"]))
	}
	r := recorded(t, model.ReplicaSet)["fluxdemo-dev/kcheck-7cb8c476ff"].Detail.(*model.Replica)
	if r.Owner != "kcheck" || r.OwnerUID == "" || r.Revision != 1 || r.TemplateHash != "7cb8c476ff" || len(r.Images) != 1 {
		t.Errorf("replica set: %s", show(r))
	}
}

func TestRecordedAccess(t *testing.T) {
	n := recorded(t, model.Namespace)["fluxdemo-dev"]
	equal(t, "namespace", n.Detail, &model.NamespaceDetail{Phase: "Active"})
	b := recorded(t, model.RoleBinding)["fluxdemo-dev/fluxdemo-dev-reconciler"]
	equal(t, "binding", b.Detail, &model.Binding{RoleKind: "ClusterRole", RoleName: "cluster-admin",
		Subjects: []model.Subject{{Kind: "User", Name: "gotk:fluxdemo-dev:reconciler"}, {Kind: "ServiceAccount", Namespace: "fluxdemo-dev", Name: "fluxdemo-dev"}}})
	equal(t, "account", recorded(t, model.ServiceAccount)["fluxdemo-dev/fluxdemo-dev"].Detail, &model.Account{})
}

// No password of a URL gets past the decoder, in a spec or in a message.
func TestPasswordsOfURLsAreLeftOut(t *testing.T) {
	for in, want := range map[string]string{
		"https://ann:hunter2@git.example/a":                                      "https://ann:xxxxx@git.example/a",
		"unable to clone 'https://x:tok@git.example/a': authentication required": "unable to clone 'https://x:xxxxx@git.example/a': authentication required",
		"ssh://git@git.example/a":                                                "ssh://git@git.example/a",
	} {
		if got := clip(in); got != want {
			t.Errorf("%s: %s", in, got)
		}
	}
}
