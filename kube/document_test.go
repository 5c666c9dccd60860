package kube

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/kube/demo"
	"tenantry/kube/demo/fault"
	"tenantry/model"
)

func (e *embedded) document(ref model.ObjectRef) (*model.Document, error) {
	return e.session.Document(e.t.Context(), ref)
}

// refused wants an error of a reason with all these words.
func (e *embedded) refused(ref model.ObjectRef, reason model.RequestReason, words ...string) {
	e.t.Helper()
	d, err := e.document(ref)
	var problem *model.RequestError
	if !errors.As(err, &problem) || problem.Reason != reason || d != nil {
		e.t.Errorf("%s: %v, want reason %d", ref, err, reason)
		return
	}
	for _, w := range words {
		if !strings.Contains(err.Error(), w) {
			e.t.Errorf("%s: %q does not say %q", ref, err, w)
		}
	}
}

func TestDocumentsAreYAML(t *testing.T) {
	e := newEmbedded(t)
	e.create("v1", "ConfigMap", "a", "same", tree{"data": tree{"z": "1", "a": "true", "text": "one\ntwo"}, "metadata": tree{
		"labels": tree{"team": "x"}, "annotations": tree{lastApplied: `{"canary":1}`, "note": "kept"}}})
	e.create("v1", "ConfigMap", "b", "same", tree{"data": tree{"other": "1"}})
	e.create("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "a", "k", tree{"spec": tree{"interval": "1m", "prune": true,
		"sourceRef": tree{"kind": "GitRepository", "name": "g"}}})
	e.open(demo.AdminToken, Options{})

	d, err := e.document(model.ObjectRef{Kind: "ConfigMap", Namespace: "a", Name: "same"})
	if err != nil {
		t.Fatal(err)
	}
	head, rest, _ := strings.Cut(d.YAML, "  creationTimestamp: ")
	equal(t, "document", head, "# the annotation kubectl.kubernetes.io/last-applied-configuration is left out: it repeats the object as it was last applied\n"+
		"apiVersion: v1\ndata:\n  a: \"true\"\n  text: |-\n    one\n    two\n  z: \"1\"\nkind: ConfigMap\nmetadata:\n  annotations:\n    note: kept\n")
	if strings.Contains(d.YAML, "managedFields") || strings.Contains(d.YAML, "canary") || !strings.Contains(rest, "  name: same\n  namespace: a\n") {
		t.Errorf("document:\n%s", d.YAML)
	}
	if d.ResourceVersion == "" || d.Kind != "ConfigMap" || d.Version != "v1" || time.Since(time.Unix(int64(d.At), 0)).Abs() > 5*time.Second {
		t.Errorf("%+v", d)
	}
	owner := d.Owners[slices.IndexFunc(d.Owners, func(o model.FieldOwner) bool { return o.Path == ".data.text" })]
	if owner.Manager != "test" || owner.Operation != "Update" || owner.Time == 0 {
		t.Errorf("owner: %+v", owner)
	}
	if !slices.IsSortedFunc(d.Owners, func(a, b model.FieldOwner) int { return strings.Compare(a.Path, b.Path) }) {
		t.Errorf("owners: %+v", d.Owners)
	}
	for _, o := range d.Owners {
		if o.Path == ".data" {
			t.Errorf("%+v: only leaves", o)
		}
	}

	// A watched kind costs no discovery, and another object of the name is another.
	k, err := e.document(model.Key{Kind: model.Kustomization, Namespace: "a", Name: "k"}.ObjectRef())
	if err != nil || !strings.HasPrefix(k.YAML, "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n") || !strings.Contains(k.YAML, "\nspec:\n") {
		t.Errorf("%v\n%+v", err, k)
	}
	for _, r := range e.seen.of("/apis/kustomize.toolkit.fluxcd.io") {
		if !strings.Contains(r.URL.Path, "/kustomizations") {
			t.Errorf("asked for %s", r.URL)
		}
	}
	if n := len(e.seen.of("/kustomizations/k")); n != 1 {
		t.Errorf("%d requests for one document", n)
	}
	if o, err := e.document(model.ObjectRef{Kind: "ConfigMap", Namespace: "b", Name: "same"}); err != nil || !strings.Contains(o.YAML, "other:") {
		t.Errorf("%v %+v", err, o)
	}
	if n := len(e.seen.of("/api/v1/namespaces/a/configmaps/same")); n != 1 {
		t.Errorf("%d requests for one document", n)
	}
	ns, err := e.document(model.ObjectRef{Kind: "Namespace", Name: "a"})
	if err != nil || !strings.Contains(ns.YAML, "phase: Active") {
		t.Errorf("%v %+v", err, ns)
	}
}

// Invariant 1: whatever is asked, however it is spelled, no request for a
// Secret leaves the session.
func TestSecretsAreNoDocuments(t *testing.T) {
	e := newEmbedded(t)
	e.create("v1", "Secret", "a", "s", tree{"stringData": tree{"password": "canary"}})
	e.open(demo.AdminToken, Options{})
	e.until("complete", e.store.Complete)
	e.refused(model.Key{Kind: model.Secret, Namespace: "a", Name: "s"}.ObjectRef(), model.RequestWithheld, "Secret/a/s", "values")
	e.refused(model.ObjectRef{Version: "v1", Kind: "Secret", Namespace: "a", Name: "s"}, model.RequestWithheld)
	for _, ref := range []model.ObjectRef{
		{Kind: "ConfigMap", Namespace: "a", Name: "../secrets/s"},
		{Kind: "ConfigMap", Namespace: "a/secrets", Name: "s"},
		{Kind: "Deployment", Group: "apps", Version: "../../../api/v1", Namespace: "a", Name: "s"},
		{Kind: "ConfigMap", Version: "v1/namespaces/a/secrets/s?", Namespace: "a", Name: "s"},
		{Kind: "ConfigMap", Namespace: "a", Name: "..%2fsecrets%2fs"},
		{Kind: "ConfigMap", Namespace: "a", Name: ".."},
		{Kind: "", Namespace: "a", Name: "s"},
		{Kind: "Kustomization", Group: "kustomize.toolkit.fluxcd.io", Name: "no-namespace"},
	} {
		e.refused(ref, model.RequestFailed)
	}
	e.refused(model.ObjectRef{Group: "core.cozystack.io", Kind: "TenantSecret", Namespace: "a", Name: "s"}, model.RequestWithheld)
	e.refused(model.ObjectRef{Kind: "secret", Namespace: "a", Name: "s"}, model.RequestNotServed)
	e.refused(model.ObjectRef{Kind: "SecretList", Namespace: "a"}, model.RequestFailed)
	if asked := e.seen.of("secret"); len(asked) > 0 {
		t.Errorf("asked for %s", asked[0].URL)
	}
}

// A server whose discovery or answer leads to a Secret is not followed.
func TestSecretsInDisguise(t *testing.T) {
	e := newEmbedded(t).open(demo.AdminToken, Options{})
	e.cluster.Faults().Add(fault.Rule{Path: "/api/v1/namespaces/a/configmaps", Do: fault.Replace,
		Body: `{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"data":{"password":"canary"}}`})
	e.refused(model.ObjectRef{Kind: "ConfigMap", Namespace: "a", Name: "s"}, model.RequestWithheld)

	s := newFakeServer(t)
	s.groups["/api/v1"] = `{"resources":[{"name":"secrets","kind":"Harmless","namespaced":true},{"name":"pods/log","kind":"Log"}]}`
	r := openSession(t, s, Options{})
	var problem *model.RequestError
	_, err := r.session.Document(t.Context(), model.ObjectRef{Kind: "Harmless", Namespace: "a", Name: "s"})
	if !errors.As(err, &problem) || problem.Reason != model.RequestWithheld || s.asked("/api/v1/namespaces/a/secrets/s") > 0 {
		t.Errorf("%v", err)
	}
}

func TestDocumentsThatCannotBeRead(t *testing.T) {
	e := newEmbedded(t)
	e.grant("", "rest", allButEvents()...)
	e.open(demo.TenantToken, Options{})
	e.until("complete", e.store.Complete)
	e.refused(model.ObjectRef{Group: "apps", Kind: "Deployment", Namespace: "a", Name: "none"}, model.RequestNotFound, "Deployment/a/none", "does not exist")
	if n := len(e.seen.of("/deployments/none")); n != 1 {
		t.Errorf("%d requests to find that out", n)
	}
	e.refused(model.ObjectRef{Kind: "ConfigMap", Namespace: "a", Name: "c"}, model.RequestForbidden,
		"you may not get configmaps c in the namespace a", `User "dev"`, `Role with the rule {apiGroups: [""], resources: [configmaps], verbs: [get]}`)
	e.refused(model.ObjectRef{Group: "no.such", Kind: "Thing", Namespace: "a", Name: "c"}, model.RequestNotServed, "no.such", "CRD")
	e.refused(model.ObjectRef{Group: "apps", Kind: "Thing", Namespace: "a", Name: "c"}, model.RequestNotServed)

	deployment := model.ObjectRef{Group: "apps", Kind: "Deployment", Namespace: "a", Name: "none"}
	heal := e.cluster.Faults().Add(fault.Rule{Verb: "get", Resource: "deployments", Do: fault.Hang})
	slow := newEmbedded(t)
	slow.cluster = e.cluster
	slow.open(demo.AdminToken, Options{RequestTimeout: 50 * time.Millisecond})
	slow.refused(deployment, model.RequestTimedOut, "did not answer in time", "ctrl+r")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := e.session.Document(ctx, deployment); err == nil || strings.Contains(err.Error(), "did not answer") {
		t.Errorf("given up: %v", err)
	}
	heal()
	heal = e.cluster.Faults().Add(fault.Rule{Verb: "get", Resource: "deployments", Do: fault.Refuse})
	e.refused(deployment, model.RequestUnreachable, "reading Deployment/a/none", "refuses connections")
	heal()
	e.cluster.Faults().Add(fault.Rule{Do: fault.Refuse})
	e.session.Refresh()
	e.until("lost", func() bool { return e.store.Connection().State == model.ConnLost })
	began := time.Now()
	e.refused(deployment, model.RequestUnreachable, "refuses connections")
	if took := time.Since(began); took > time.Second {
		t.Errorf("said after %v what is known", took)
	}
	e.session.Close()
	if _, err := e.document(deployment); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("closed: %v", err)
	}
}

func TestDocumentsOfOlderServers(t *testing.T) {
	s := newFakeServer(t)
	const group = "/apis/kustomize.toolkit.fluxcd.io"
	s.absent[kustomizations] = true
	s.groups[group] = `{"kind":"APIGroup","versions":[{"version":"v1beta2"}],"preferredVersion":{"version":"v1beta2"}}`
	s.groups[group+"/v1beta2"] = `{"kind":"APIResourceList","resources":[{"name":"kustomizations","kind":"Kustomization","namespaced":true}]}`
	s.groups[group+"/v1beta2/kustomizations/k"] = `{"kind":"Kustomization","metadata":{"name":"k","resourceVersion":"7"},"spec":{"big":9007199254740993,"share":0.5}}`
	s.absent[group+"/v1/kustomizations/k"] = true
	r := openSession(t, s, Options{})
	for range 2 { // before the watch has found out, and after
		d, err := r.session.Document(t.Context(), model.Key{Kind: model.Kustomization, Namespace: "a", Name: "k"}.ObjectRef())
		if err != nil {
			t.Fatal(err)
		}
		if d.Version != "v1beta2" || d.ResourceVersion != "7" || !strings.Contains(d.YAML, "big: 9007199254740993\n") || !strings.Contains(d.YAML, "share: 0.5\n") {
			t.Errorf("%+v", d)
		}
		r.until("read", func() bool { return r.complete() })
	}
}
