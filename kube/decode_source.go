package kube

import "tenantry/model"

// artifact is status.artifact of the source kinds (fluxcd/pkg/apis/meta
// Artifact); lastUpdateTime moves only when the content changed.
type artifact struct {
	Revision       string `json:"revision"`
	LastUpdateTime stamp  `json:"lastUpdateTime"`
}

// sourceJSON holds the fields of every kind of source.toolkit.fluxcd.io, in
// every version from v1beta1 to v1: their names never clashed.
type sourceJSON struct {
	Metadata metaFields `json:"metadata"`
	Spec     struct {
		URL      string `json:"url"`
		Endpoint string `json:"endpoint"`
		Bucket   string `json:"bucketName"`
		Chart    string `json:"chart"`
		Version  string `json:"version"`
		Type     string `json:"type"`
		Provider string `json:"provider"`
		Ref      struct {
			Branch string `json:"branch"`
			Tag    string `json:"tag"`
			SemVer string `json:"semver"`
			Name   string `json:"name"`
			Commit string `json:"commit"`
			Digest string `json:"digest"`
		} `json:"ref"`
		Interval       span     `json:"interval"`
		Timeout        span     `json:"timeout"`
		Suspend        bool     `json:"suspend"`
		SecretRef      *refName `json:"secretRef"`
		CertSecretRef  *refName `json:"certSecretRef"`
		ProxySecretRef *refName `json:"proxySecretRef"`
		Verify         *struct {
			SecretRef *refName `json:"secretRef"`
		} `json:"verify"`
		SourceRef *struct {
			Kind      string `json:"kind"`
			Name      string `json:"name"`
			Namespace string `json:"namespace"`
		} `json:"sourceRef"`
	} `json:"spec"`
	Status struct {
		ObservedGeneration *int64      `json:"observedGeneration"`
		Conditions         []condition `json:"conditions"`
		Artifact           *artifact   `json:"artifact"`
		LastHandled        string      `json:"lastHandledReconcileAt"`
	} `json:"status"`
}

func decodeSource(kind model.Kind, in *sourceJSON) *model.Object {
	o := newObject(kind, &in.Metadata)
	spec, status := &in.Spec, &in.Status
	o.Conditions = conditionsOf(status.Conditions)
	if status.ObservedGeneration != nil {
		o.ObservedGeneration = *status.ObservedGeneration
	}
	d := &model.Source{
		URL: clip(spec.URL), Provider: intern(spec.Provider),
		Interval: int32(spec.Interval), Timeout: int32(spec.Timeout), Suspend: spec.Suspend,
		LastHandled: clip(status.LastHandled),
	}
	switch kind {
	case model.GitRepository, model.OCIRepository:
		d.Ref = refText(in)
	case model.Bucket:
		d.URL = clip(spec.Endpoint + "/" + spec.Bucket)
	case model.HelmRepository:
		// An OCI Helm repository is only an address: helm-controller pulls
		// from it, source-controller never reconciles it.
		d.Static = spec.Type == "oci"
	case model.HelmChart:
		d.URL = clip(spec.Chart)
		if spec.Version != "" {
			d.Ref = intern("version " + clip(spec.Version))
		}
	case model.ExternalArtifact:
		// Written by any controller: where that sets no conditions there is
		// nothing to judge by.
		d.Static = len(o.Conditions) == 0
	}
	if r := spec.SourceRef; r != nil {
		d.SourceRef = refOf(r.Kind, r.Namespace, r.Name, o.Namespace)
	}
	if a := status.Artifact; a != nil {
		d.Revision, d.Updated = intern(clip(a.Revision)), model.Unix(a.LastUpdateTime)
	}
	var secrets secretPairs
	secrets.add("secretRef", spec.SecretRef)
	secrets.add("certSecretRef", spec.CertSecretRef)
	secrets.add("proxySecretRef", spec.ProxySecretRef)
	if spec.Verify != nil {
		d.Verify = true
		secrets.add("verify.secretRef", spec.Verify.SecretRef)
	}
	d.Secrets = secrets
	o.Detail = d
	return o
}

// refText names the reference that decides, by Flux's precedence: commit over
// name over semver over tag over branch; for OCI digest over semver over tag
// (GitRepositoryRef and OCIRepositoryRef of source-controller/api).
func refText(in *sourceJSON) string {
	ref := &in.Spec.Ref
	for _, c := range [...]struct{ word, value string }{
		{"digest", ref.Digest}, {"commit", ref.Commit}, {"name", ref.Name},
		{"semver", ref.SemVer}, {"tag", ref.Tag}, {"branch", ref.Branch},
	} {
		if c.value != "" {
			return intern(c.word + " " + clip(c.value))
		}
	}
	return ""
}

// refOf returns a reference whose namespace, when not written, is the
// referring object's: that is what every Flux controller takes it for.
func refOf(kind, namespace, name, own string) model.Ref {
	if namespace == "" {
		namespace = own
	}
	return model.Ref{Kind: intern(kind), Namespace: intern(namespace), Name: intern(name)}
}
