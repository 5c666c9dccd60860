package kube

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unsafe"

	helmv2 "github.com/fluxcd/helm-controller/api/v2"
	kustomizev1 "github.com/fluxcd/kustomize-controller/api/v1"
	"github.com/fluxcd/pkg/apis/meta"
	sourcev1 "github.com/fluxcd/source-controller/api/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"tenantry/model"
)

// These tests fill Flux's own API types and decode what they marshal to: the
// private structs of decode_*.go can't drift from the field names.

func decodeTyped(t *testing.T, kind model.Kind, object any) *model.Object {
	t.Helper()
	raw, err := json.Marshal(object)
	if err != nil {
		t.Fatal(err)
	}
	o := decodeText(t, kind, string(raw))
	if o.Undecodable != "" {
		t.Fatal(o.Undecodable)
	}
	return o
}

var (
	named   = metav1.ObjectMeta{Name: "a", Namespace: "ns"}
	minute  = metav1.Duration{Duration: time.Minute}
	secret  = &meta.LocalObjectReference{Name: "s"}
	at      = metav1.Time{Time: time.Unix(1795335554, 0)}
	current = meta.Artifact{Revision: "r", LastUpdateTime: at}
)

func TestSourcesReadFluxTypes(t *testing.T) {
	cases := []struct {
		name   string
		kind   model.Kind
		object any
		want   *model.Source
	}{
		{"git", model.GitRepository, &sourcev1.GitRepository{ObjectMeta: named,
			Spec: sourcev1.GitRepositorySpec{URL: "u", Interval: minute, Timeout: &minute, Provider: "github", SecretRef: secret,
				ProxySecretRef: secret, Verification: &sourcev1.GitRepositoryVerification{SecretRef: *secret},
				Reference: &sourcev1.GitRepositoryRef{Branch: "b", Tag: "t", Commit: "c"}},
			Status: sourcev1.GitRepositoryStatus{Artifact: &current, ReconcileRequestStatus: meta.ReconcileRequestStatus{LastHandledReconcileAt: "x"}}},
			&model.Source{URL: "u", Ref: "commit c", Provider: "github", Interval: 60, Timeout: 60, Revision: "r", Updated: 1795335554, Verify: true,
				LastHandled: "x", Secrets: []model.Pair{{Name: "secretRef", Value: "s"}, {Name: "proxySecretRef", Value: "s"}, {Name: "verify.secretRef", Value: "s"}}}},
		{"oci", model.OCIRepository, &sourcev1.OCIRepository{ObjectMeta: named,
			Spec: sourcev1.OCIRepositorySpec{URL: "oci://u", Interval: minute, CertSecretRef: secret, Suspend: true,
				Reference: &sourcev1.OCIRepositoryRef{SemVer: ">=1", Tag: "t"}}},
			&model.Source{URL: "oci://u", Ref: "semver >=1", Interval: 60, Suspend: true, Secrets: []model.Pair{{Name: "certSecretRef", Value: "s"}}}},
		{"bucket", model.Bucket, &sourcev1.Bucket{ObjectMeta: named,
			Spec: sourcev1.BucketSpec{BucketName: "b", Endpoint: "e", Interval: minute, SecretRef: secret}},
			&model.Source{URL: "e/b", Interval: 60, Secrets: []model.Pair{{Name: "secretRef", Value: "s"}}}},
		{"helm repository", model.HelmRepository, &sourcev1.HelmRepository{ObjectMeta: named,
			Spec: sourcev1.HelmRepositorySpec{URL: "oci://u", Type: "oci"}},
			&model.Source{URL: "oci://u", Static: true}},
		{"chart", model.HelmChart, &sourcev1.HelmChart{ObjectMeta: named,
			Spec: sourcev1.HelmChartSpec{Chart: "c", Version: "6.x", Interval: minute, SourceRef: sourcev1.LocalHelmChartSourceReference{Kind: "HelmRepository", Name: "h"}}},
			&model.Source{URL: "c", Ref: "version 6.x", Interval: 60, SourceRef: model.Ref{Kind: "HelmRepository", Namespace: "ns", Name: "h"}}},
		{"external", model.ExternalArtifact, &sourcev1.ExternalArtifact{ObjectMeta: named,
			Spec:   sourcev1.ExternalArtifactSpec{SourceRef: &meta.NamespacedObjectKindReference{Kind: "X", Name: "x", Namespace: "other"}},
			Status: sourcev1.ExternalArtifactStatus{Artifact: &current}},
			&model.Source{Static: true, Revision: "r", Updated: 1795335554, SourceRef: model.Ref{Kind: "X", Namespace: "other", Name: "x"}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			equal(t, "detail", decodeTyped(t, c.kind, c.object).Detail, c.want)
		})
	}
}

func TestKustomizationReadsFluxType(t *testing.T) {
	o := decodeTyped(t, model.Kustomization, &kustomizev1.Kustomization{ObjectMeta: named,
		Spec: kustomizev1.KustomizationSpec{Interval: minute, Force: true, DeletionPolicy: "Orphan", Suspend: true,
			HealthChecks: make([]meta.NamespacedObjectKindReference, 2),
			SourceRef:    kustomizev1.CrossNamespaceSourceReference{Kind: "Bucket", Name: "b", Namespace: "other"},
			KubeConfig:   &meta.KubeConfigReference{SecretRef: &meta.SecretKeyReference{Name: "kc"}},
			Decryption:   &kustomizev1.Decryption{SecretRef: secret},
			PostBuild:    &kustomizev1.PostBuild{SubstituteFrom: []kustomizev1.SubstituteReference{{Kind: "ConfigMap", Name: "no"}, {Kind: "Secret", Name: "vars"}}}},
		Status: kustomizev1.KustomizationStatus{ObservedGeneration: 3, LastAppliedRevision: "r", LastAttemptedRevision: "q"}})
	equal(t, "detail", o.Detail, &model.Sync{Interval: 60, Force: true, DeletionPolicy: "Orphan", Suspend: true, HealthChecks: 2,
		RemoteCluster: true, SourceRef: model.Ref{Kind: "Bucket", Namespace: "other", Name: "b"}, Applied: "r", Attempted: "q",
		Secrets: []model.Pair{{Name: "kubeConfig.secretRef", Value: "kc"}, {Name: "decryption.secretRef", Value: "s"}, {Name: "postBuild.substituteFrom", Value: "vars"}}})
	if o.ObservedGeneration != 3 {
		t.Errorf("observed generation %d", o.ObservedGeneration)
	}
}

func TestHelmReleaseReadsFluxType(t *testing.T) {
	o := decodeTyped(t, model.HelmRelease, &helmv2.HelmRelease{ObjectMeta: named,
		Spec: helmv2.HelmReleaseSpec{Interval: minute, TargetNamespace: "t", ServiceAccountName: "sa",
			DependsOn: []helmv2.DependencyReference{{Name: "d"}},
			Chart: &helmv2.HelmChartTemplate{Spec: helmv2.HelmChartTemplateSpec{Chart: "c",
				SourceRef: helmv2.CrossNamespaceObjectReference{Kind: "HelmRepository", Name: "h"}}},
			ValuesFrom: []helmv2.ValuesReference{{Kind: "Secret", Name: "v"}}},
		Status: helmv2.HelmReleaseStatus{LastAttemptedRevision: "6.2.0", History: helmv2.Snapshots{
			{ChartVersion: "6.1.0", Status: "failed", FirstDeployed: at, LastDeployed: at},
			{ChartVersion: "6.0.0", Status: "deployed", FirstDeployed: at, LastDeployed: at}}}})
	equal(t, "detail", o.Detail, &model.Sync{Interval: 60, TargetNamespace: "t", ServiceAccount: "sa",
		DependsOn: []model.Ref{{Kind: "HelmRelease", Namespace: "ns", Name: "d"}},
		SourceRef: model.Ref{Kind: "HelmRepository", Namespace: "ns", Name: "h"},
		Applied:   "6.0.0", Attempted: "6.2.0", Secrets: []model.Pair{{Name: "valuesFrom", Value: "v"}},
		History: []model.HistoryEntry{{Revision: "6.1.0", Status: "failed", First: 1795335554, Last: 1795335554},
			{Revision: "6.0.0", Status: "deployed", First: 1795335554, Last: 1795335554}}})
}

func TestResourceSetAndProvider(t *testing.T) {
	o := decodeText(t, model.ResourceSet, `{"metadata":{"name":"a","namespace":"ns","annotations":{
		"fluxcd.controlplane.io/reconcile":"Disabled","fluxcd.controlplane.io/reconcileEvery":"5m","other":"x"}},
		"spec":{"wait":true,"serviceAccountName":"sa","dependsOn":[{"kind":"ResourceSet","name":"b"},{"kind":"Namespace","name":"n"}]},
		"status":{"conditions":[{"type":"Ready","status":"True","observedGeneration":2}],"lastAppliedRevision":"r"}}`)
	equal(t, "detail", o.Detail, &model.Sync{Wait: true, Prune: true, Suspend: true, ServiceAccount: "sa", Interval: 300, Applied: "r",
		DependsOn: []model.Ref{{Kind: "ResourceSet", Namespace: "ns", Name: "b"}, {Kind: "Namespace", Name: "n"}}})
	if o.Annotations.Has("other") || !o.Annotations.Has(model.AnnotationReconcile) || o.ObservedGeneration != -1 {
		t.Errorf("%s", show(o))
	}
	p := decodeText(t, model.ResourceSetInputProvider, `{"metadata":{"name":"a","namespace":"ns"},"spec":{"type":"GitHubPullRequest","url":"u"}}`)
	equal(t, "provider", p.Detail, &model.Provider{Type: "GitHubPullRequest", URL: "u"})
}

func TestBadObjectsAreShownNotLost(t *testing.T) {
	cases := map[string]string{
		"wrong type": `{"metadata":{"name":"a","namespace":"ns","resourceVersion":"7"},"spec":{"interval":"1m","prune":"yes please"}}`,
		"truncated":  `{"metadata":{"name":"a","namespace":"ns","resourceVersion":"7"},"spec":{"path":{}}}`,
	}
	for name, text := range cases {
		o := decodeText(t, model.Kustomization, text)
		if o.Undecodable == "" || o.Key != (model.Key{Kind: model.Kustomization, Namespace: "ns", Name: "a"}) || o.ResourceVersion != "7" {
			t.Errorf("%s: %s", name, show(o))
		}
	}
	e := &entry{kind: model.Lease, decode: func(model.Kind, []byte, encoding) (*model.Object, error) { panic("boom") }}
	if o := e.decodeObject([]byte(`{"metadata":{"name":"a"}}`), encodingJSON); !strings.Contains(o.Undecodable, "boom") || o.Name != "a" {
		t.Errorf("panic: %s", show(o))
	}
	odd := decodeText(t, model.Kustomization, `{"metadata":{"name":"a","creationTimestamp":"yesterday"},"spec":{"interval":"soon"}}`)
	if odd.Undecodable != "" || odd.Created != 0 {
		t.Errorf("an unreadable time or interval is no reason to hide an object: %s", show(odd))
	}
}

func TestTextIsBounded(t *testing.T) {
	long := strings.Repeat("ä", maxText)
	if got := clip(long); len(got) > maxText+3 || !strings.HasSuffix(got, "ä…") {
		t.Errorf("%d bytes, ends %q", len(got), got[len(got)-6:])
	}
}

func TestPackingChangesNothing(t *testing.T) {
	o := decodeText(t, model.Kustomization, `{"metadata":{"name":"a","namespace":"ns","uid":"u","resourceVersion":"1"},
		"status":{"conditions":[{"type":"Ready","message":"same"},{"type":"Reconciling","message":"other"},{"type":"Stalled","message":"same"}],
		"inventory":{"entries":[{"id":"x"},{"id":"y"}]},"lastHandledReconcileAt":"z"}}`)
	var got []string
	for _, c := range o.Conditions {
		got = append(got, c.Message)
	}
	equal(t, "messages", got, []string{"same", "other", "same"})
	if unsafe.StringData(o.Conditions[0].Message) != unsafe.StringData(o.Conditions[2].Message) {
		t.Error("equal messages are kept twice")
	}
	d := o.Detail.(*model.Sync)
	equal(t, "strings", []string{o.Name, o.UID, o.ResourceVersion, d.Inventory, d.LastHandled}, []string{"a", "u", "1", "x\ny", "z"})
}

func TestBuiltinKindsReadProtobuf(t *testing.T) {
	for _, kind := range []model.Kind{model.Deployment, model.ReplicaSet, model.Namespace, model.RoleBinding, model.ServiceAccount} {
		fromJSON := recorded(t, kind)
		for name, o := range recordedAsProtobuf(t, kind) {
			equal(t, kind.String()+" "+name, o, fromJSON[name])
		}
	}
}
