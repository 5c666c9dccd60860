package kube

import (
	"strings"

	"tenantry/model"
)

// The kinds of fluxcd.controlplane.io are read with structs of our own: the
// operator's API package is AGPL-3.0 and must not be linked. Field names are
// the CRDs' public ones.

// operatorStatus is what the operator writes in every status. There is no
// observedGeneration: only the conditions have one.
type operatorStatus struct {
	Conditions  []condition    `json:"conditions"`
	Applied     string         `json:"lastAppliedRevision"`
	Attempted   string         `json:"lastAttemptedRevision"`
	LastHandled string         `json:"lastHandledReconcileAt"`
	Inventory   *inventoryJSON `json:"inventory"`
	History     []historyJSON  `json:"history"`
}

type instanceJSON struct {
	Metadata managedMeta `json:"metadata"`
	Spec     struct {
		Distribution struct {
			Version            string `json:"version"`
			Registry           string `json:"registry"`
			ImagePullSecret    string `json:"imagePullSecret"`
			ArtifactPullSecret string `json:"artifactPullSecret"`
		} `json:"distribution"`
		Components []string `json:"components"`
		Cluster    struct {
			Type                        string `json:"type"`
			Size                        string `json:"size"`
			Multitenant                 bool   `json:"multitenant"`
			TenantDefaultServiceAccount string `json:"tenantDefaultServiceAccount"`
		} `json:"cluster"`
		Wait      *bool `json:"wait"`
		Kustomize struct {
			Patches []struct{} `json:"patches"`
		} `json:"kustomize"`
		Sync *struct {
			Kind       string `json:"kind"`
			URL        string `json:"url"`
			Ref        string `json:"ref"`
			Path       string `json:"path"`
			PullSecret string `json:"pullSecret"`
			Name       string `json:"name"`
			Provider   string `json:"provider"`
			Interval   span   `json:"interval"`
		} `json:"sync"`
	} `json:"spec"`
	Status operatorStatus `json:"status"`
}

func decodeInstance(kind model.Kind, in *instanceJSON) *model.Object {
	o := newObject(kind, &in.Metadata.metaFields)
	spec, status := &in.Spec, &in.Status
	o.Conditions = conditionsOf(status.Conditions)
	d := &model.Instance{
		Version: intern(spec.Distribution.Version), Registry: intern(spec.Distribution.Registry),
		ClusterType: intern(spec.Cluster.Type), Size: intern(spec.Cluster.Size),
		Components: internAll(spec.Components), Multitenant: spec.Cluster.Multitenant,
		TenantDefaultAccount: intern(spec.Cluster.TenantDefaultServiceAccount),
		// The CRD defaults wait to true (fluxinstance_types.go).
		Wait:    spec.Wait == nil || *spec.Wait,
		Applied: clip(status.Applied), Attempted: clip(status.Attempted),
		Inventory: status.Inventory.text(), History: historyOf(status.History), LastHandled: clip(status.LastHandled),
		ImagePullSecret:       intern(spec.Distribution.ImagePullSecret),
		ArtifactPullSecret:    intern(spec.Distribution.ArtifactPullSecret),
		KustomizePatchesCount: int16(min(len(spec.Kustomize.Patches), 1<<15-1)),
	}
	if s := spec.Sync; s != nil {
		d.Sync = &model.InstanceSync{Kind: intern(s.Kind), URL: clip(s.URL), Ref: clip(s.Ref), Path: clip(s.Path),
			PullSecret: intern(s.PullSecret), Name: intern(s.Name), Provider: intern(s.Provider), Interval: int32(s.Interval)}
	}
	d.SpecBy, d.SpecAt, d.SyncBy = in.Metadata.specManagers("f:sync")
	o.Detail = d
	return o
}

type reportJSON struct {
	Metadata metaFields `json:"metadata"`
	Spec     struct {
		Distribution struct {
			Version   string `json:"version"`
			Status    string `json:"status"`
			ManagedBy string `json:"managedBy"`
		} `json:"distribution"`
		Operator struct {
			Version string `json:"version"`
		} `json:"operator"`
		Cluster struct {
			ServerVersion string `json:"serverVersion"`
		} `json:"cluster"`
	} `json:"spec"`
	Status operatorStatus `json:"status"`
}

// decodeReport reads a FluxReport, whose data is all in its spec.
func decodeReport(kind model.Kind, in *reportJSON) *model.Object {
	o := newObject(kind, &in.Metadata)
	o.Conditions = conditionsOf(in.Status.Conditions)
	o.Detail = &model.FluxReportDetail{
		DistributionVersion: clip(in.Spec.Distribution.Version), DistributionStatus: clip(in.Spec.Distribution.Status),
		ManagedBy: clip(in.Spec.Distribution.ManagedBy), OperatorVersion: clip(in.Spec.Operator.Version),
		ServerVersion: clip(in.Spec.Cluster.ServerVersion),
	}
	return o
}

type resourceSetJSON struct {
	Metadata metaFields `json:"metadata"`
	Spec     struct {
		DependsOn      []sourceRefJSON `json:"dependsOn"`
		ServiceAccount string          `json:"serviceAccountName"`
		Wait           bool            `json:"wait"`
	} `json:"spec"`
	Status operatorStatus `json:"status"`
}

// The operator's default for fluxcd.controlplane.io/reconcileEvery on a
// ResourceSet, in seconds (common_types.go).
const defaultReconcileEvery = 3600

func decodeResourceSet(kind model.Kind, in *resourceSetJSON) *model.Object {
	o := newObject(kind, &in.Metadata)
	status := &in.Status
	o.Conditions = conditionsOf(status.Conditions)
	d := &model.Sync{
		ServiceAccount: intern(in.Spec.ServiceAccount), Wait: in.Spec.Wait, Prune: true,
		Interval: int32(parseSpan(in.Metadata.Annotations[model.AnnotationReconcileEvery])),
		Timeout:  int32(parseSpan(in.Metadata.Annotations[model.AnnotationReconcileLimit])),
		Suspend:  strings.EqualFold(in.Metadata.Annotations[model.AnnotationReconcile], "disabled"),
		Applied:  intern(clip(status.Applied)), Attempted: intern(clip(status.Attempted)),
		Inventory: status.Inventory.text(), History: historyOf(status.History), LastHandled: clip(status.LastHandled),
	}
	if d.Interval == 0 {
		d.Interval = defaultReconcileEvery
	}
	for i := range in.Spec.DependsOn {
		r := &in.Spec.DependsOn[i]
		own := o.Namespace
		if k, ok := model.KindNamed(r.Kind); ok && !k.Namespaced() {
			own = ""
		}
		d.DependsOn = append(d.DependsOn, refOf(r.Kind, r.Namespace, r.Name, own))
	}
	o.Detail = d
	return o
}

type providerJSON struct {
	Metadata metaFields `json:"metadata"`
	Spec     struct {
		Type string `json:"type"`
		URL  string `json:"url"`
	} `json:"spec"`
	Status operatorStatus `json:"status"`
}

func decodeProvider(kind model.Kind, in *providerJSON) *model.Object {
	o := newObject(kind, &in.Metadata)
	o.Conditions = conditionsOf(in.Status.Conditions)
	o.Detail = &model.Provider{Type: intern(in.Spec.Type), URL: clip(in.Spec.URL), LastHandled: clip(in.Status.LastHandled)}
	return o
}
