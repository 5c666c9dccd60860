package kube

import (
	"strings"

	"tenantry/model"
)

// inventoryJSON is status.inventory of everything Flux applies.
type inventoryJSON struct {
	Entries []struct {
		ID string `json:"id"`
	} `json:"entries"`
}

// text joins the ids into one string, as model.Sync keeps them.
func (in *inventoryJSON) text() string {
	if in == nil || len(in.Entries) == 0 {
		return ""
	}
	size := len(in.Entries) - 1
	for i := range in.Entries {
		size += len(in.Entries[i].ID)
	}
	var b strings.Builder
	b.Grow(size)
	for i := range in.Entries {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(in.Entries[i].ID)
	}
	return b.String()
}

// historyJSON is one entry of status.history: of Kustomization, ResourceSet
// and FluxInstance (digest, …), or of HelmRelease (chartVersion, …).
type historyJSON struct {
	Digest               string            `json:"digest"`
	FirstReconciled      stamp             `json:"firstReconciled"`
	LastReconciled       stamp             `json:"lastReconciled"`
	LastReconciledTook   span              `json:"lastReconciledDuration"`
	LastReconciledStatus string            `json:"lastReconciledStatus"`
	TotalReconciliations int32             `json:"totalReconciliations"`
	Metadata             map[string]string `json:"metadata"`

	ChartVersion  string `json:"chartVersion"`
	Status        string `json:"status"`
	FirstDeployed stamp  `json:"firstDeployed"`
	LastDeployed  stamp  `json:"lastDeployed"`
}

// historyOf keeps at most five entries, which is what Flux keeps.
func historyOf(in []historyJSON) []model.HistoryEntry {
	if len(in) > 5 {
		in = in[:5]
	}
	if len(in) == 0 {
		return nil
	}
	out := make([]model.HistoryEntry, len(in))
	for i := range in {
		h := &in[i]
		if h.LastDeployed != 0 || h.ChartVersion != "" {
			out[i] = model.HistoryEntry{Revision: intern(clip(h.ChartVersion)), Status: intern(h.Status),
				First: model.Unix(h.FirstDeployed), Last: model.Unix(h.LastDeployed)}
			continue
		}
		revision := h.Digest
		for _, name := range [...]string{"revision", "flux"} {
			if v := h.Metadata[name]; v != "" {
				revision = v
				break
			}
		}
		out[i] = model.HistoryEntry{
			Revision: intern(clip(revision)), Status: intern(h.LastReconciledStatus),
			First: model.Unix(h.FirstReconciled), Last: model.Unix(h.LastReconciled),
			Duration: int32(h.LastReconciledTook), Total: h.TotalReconciliations,
		}
	}
	return out
}

type sourceRefJSON struct {
	Kind      string `json:"kind"`
	Name      string `json:"name"`
	Namespace string `json:"namespace"`
}

type valuesFrom struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
}

// syncJSON holds the fields of Kustomization and HelmRelease, in every version
// from v1beta1/v2beta1 on.
type syncJSON struct {
	Metadata metaFields `json:"metadata"`
	Spec     struct {
		Path            string          `json:"path"`
		SourceRef       *sourceRefJSON  `json:"sourceRef"`
		ChartRef        *sourceRefJSON  `json:"chartRef"`
		DependsOn       []sourceRefJSON `json:"dependsOn"`
		ServiceAccount  string          `json:"serviceAccountName"`
		TargetNamespace string          `json:"targetNamespace"`
		Interval        span            `json:"interval"`
		RetryInterval   span            `json:"retryInterval"`
		Timeout         span            `json:"timeout"`
		Suspend         bool            `json:"suspend"`
		Prune           bool            `json:"prune"`
		Wait            bool            `json:"wait"`
		Force           bool            `json:"force"`
		DeletionPolicy  string          `json:"deletionPolicy"`
		HealthChecks    []struct{}      `json:"healthChecks"`
		KubeConfig      *struct {
			SecretRef *refName `json:"secretRef"`
		} `json:"kubeConfig"`
		Decryption *struct {
			SecretRef *refName `json:"secretRef"`
		} `json:"decryption"`
		PostBuild *struct {
			SubstituteFrom []valuesFrom `json:"substituteFrom"`
		} `json:"postBuild"`
		Chart *struct {
			Spec struct {
				SourceRef sourceRefJSON `json:"sourceRef"`
				Verify    *struct {
					SecretRef *refName `json:"secretRef"`
				} `json:"verify"`
			} `json:"spec"`
		} `json:"chart"`
		ValuesFrom []valuesFrom `json:"valuesFrom"`
	} `json:"spec"`
	Status struct {
		ObservedGeneration *int64         `json:"observedGeneration"`
		Conditions         []condition    `json:"conditions"`
		Applied            string         `json:"lastAppliedRevision"`
		Attempted          string         `json:"lastAttemptedRevision"`
		LastHandled        string         `json:"lastHandledReconcileAt"`
		Inventory          *inventoryJSON `json:"inventory"`
		History            []historyJSON  `json:"history"`
	} `json:"status"`
}

func decodeSync(kind model.Kind, in *syncJSON) *model.Object {
	o := newObject(kind, &in.Metadata)
	spec, status := &in.Spec, &in.Status
	o.Conditions = conditionsOf(status.Conditions)
	if status.ObservedGeneration != nil {
		o.ObservedGeneration = *status.ObservedGeneration
	}
	d := &model.Sync{
		Path: intern(clip(spec.Path)), ServiceAccount: intern(spec.ServiceAccount),
		TargetNamespace: intern(spec.TargetNamespace),
		Interval:        int32(spec.Interval), RetryInterval: int32(spec.RetryInterval), Timeout: int32(spec.Timeout),
		Suspend: spec.Suspend, Prune: spec.Prune, Wait: spec.Wait, Force: spec.Force,
		RemoteCluster: spec.KubeConfig != nil, HealthChecks: int16(min(len(spec.HealthChecks), 1<<15-1)),
		DeletionPolicy: intern(spec.DeletionPolicy),
		Applied:        intern(clip(status.Applied)), Attempted: intern(clip(status.Attempted)),
		Inventory: status.Inventory.text(), History: historyOf(status.History), LastHandled: clip(status.LastHandled),
	}
	for _, r := range [...]*sourceRefJSON{spec.SourceRef, spec.ChartRef} {
		if r != nil {
			d.SourceRef = refOf(r.Kind, r.Namespace, r.Name, o.Namespace)
		}
	}
	if spec.Chart != nil && d.SourceRef.Kind == "" {
		r := &spec.Chart.Spec.SourceRef
		d.SourceRef = refOf(r.Kind, r.Namespace, r.Name, o.Namespace)
	}
	for i := range spec.DependsOn {
		r := &spec.DependsOn[i]
		d.DependsOn = append(d.DependsOn, refOf(kind.String(), r.Namespace, r.Name, o.Namespace))
	}
	// HelmRelease v2 has no lastAppliedRevision: the deployed release is the
	// newest of its history.
	if kind == model.HelmRelease && d.Applied == "" {
		for i := range status.History {
			if status.History[i].Status == "deployed" {
				d.Applied = intern(clip(status.History[i].ChartVersion))
				break
			}
		}
	}
	d.Secrets = syncSecrets(in)
	o.Detail = d
	return o
}

func syncSecrets(in *syncJSON) secretPairs {
	var secrets secretPairs
	spec := &in.Spec
	if spec.KubeConfig != nil {
		secrets.add("kubeConfig.secretRef", spec.KubeConfig.SecretRef)
	}
	if spec.Decryption != nil {
		secrets.add("decryption.secretRef", spec.Decryption.SecretRef)
	}
	if spec.PostBuild != nil {
		secrets.addFrom("postBuild.substituteFrom", spec.PostBuild.SubstituteFrom)
	}
	if spec.Chart != nil && spec.Chart.Spec.Verify != nil {
		secrets.add("chart.verify.secretRef", spec.Chart.Spec.Verify.SecretRef)
	}
	secrets.addFrom("valuesFrom", spec.ValuesFrom)
	return secrets
}

func (p *secretPairs) addFrom(field string, from []valuesFrom) {
	for i := range from {
		if from[i].Kind == "Secret" {
			p.add(field, &refName{Name: from[i].Name})
		}
	}
}
