package api

import (
	"encoding/json"
	"strings"

	helmv2 "github.com/fluxcd/helm-controller/api/v2"
	kustomizev1 "github.com/fluxcd/kustomize-controller/api/v1"
	sourcev1 "github.com/fluxcd/source-controller/api/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	kjson "sigs.k8s.io/json"

	"tenantry/kube/demo/store"
)

// shape returns a value with the fields objects of the resource may have, or
// nil when it is not known.
func shape(res *Resource) any {
	if res.typed != nil {
		return res.typed()
	}
	switch res.Group + "/" + res.Kind {
	case "source.toolkit.fluxcd.io/GitRepository":
		return &sourcev1.GitRepository{}
	case "source.toolkit.fluxcd.io/OCIRepository":
		return &sourcev1.OCIRepository{}
	case "source.toolkit.fluxcd.io/HelmRepository":
		return &sourcev1.HelmRepository{}
	case "source.toolkit.fluxcd.io/HelmChart":
		return &sourcev1.HelmChart{}
	case "source.toolkit.fluxcd.io/Bucket":
		return &sourcev1.Bucket{}
	case "kustomize.toolkit.fluxcd.io/Kustomization":
		return &kustomizev1.Kustomization{}
	case "helm.toolkit.fluxcd.io/HelmRelease":
		return &helmv2.HelmRelease{}
	case "fluxcd.controlplane.io/FluxInstance":
		return &instanceShape{}
	}
	return nil
}

// instanceShape lists the fields of a FluxInstance, which has no type that
// may be imported here.
type instanceShape struct {
	APIVersion string            `json:"apiVersion"`
	Kind       string            `json:"kind"`
	Metadata   metav1.ObjectMeta `json:"metadata"`
	Spec       struct {
		Distribution struct {
			Version            any `json:"version"`
			Registry           any `json:"registry"`
			Variant            any `json:"variant"`
			ImagePullSecret    any `json:"imagePullSecret"`
			Artifact           any `json:"artifact"`
			ArtifactPullSecret any `json:"artifactPullSecret"`
		} `json:"distribution"`
		Components any `json:"components"`
		Cluster    struct {
			Type                                any `json:"type"`
			Multitenant                         any `json:"multitenant"`
			TenantDefaultServiceAccount         any `json:"tenantDefaultServiceAccount"`
			MultitenantWorkloadIdentity         any `json:"multitenantWorkloadIdentity"`
			ObjectLevelWorkloadIdentity         any `json:"objectLevelWorkloadIdentity"`
			TenantDefaultDecryptionServiceAcc   any `json:"tenantDefaultDecryptionServiceAccount"`
			TenantDefaultKubeConfigServiceAccnt any `json:"tenantDefaultKubeConfigServiceAccount"`
			NetworkPolicy                       any `json:"networkPolicy"`
			Domain                              any `json:"domain"`
			Size                                any `json:"size"`
		} `json:"cluster"`
		Storage          any `json:"storage"`
		Sharding         any `json:"sharding"`
		CommonMetadata   any `json:"commonMetadata"`
		Kustomize        any `json:"kustomize"`
		Wait             any `json:"wait"`
		MigrateResources any `json:"migrateResources"`
		Sync             struct {
			Kind       any `json:"kind"`
			URL        any `json:"url"`
			Ref        any `json:"ref"`
			Path       any `json:"path"`
			Name       any `json:"name"`
			Interval   any `json:"interval"`
			PullSecret any `json:"pullSecret"`
			Provider   any `json:"provider"`
		} `json:"sync"`
	} `json:"spec"`
	Status any `json:"status"`
}

// unknownFields lists the fields of an object its kind does not have.
func unknownFields(res *Resource, obj map[string]any) []string {
	into := shape(res)
	if into == nil {
		return nil
	}
	b, err := json.Marshal(obj)
	if err != nil {
		return nil
	}
	problems, err := kjson.UnmarshalStrict(b, into)
	if err != nil {
		return nil // a wrong type is reported where the object is decoded
	}
	var unknown []string
	for _, p := range problems {
		unknown = append(unknown, p.Error())
	}
	return unknown
}

// checkFields refuses unknown fields where the client asked for that.
func (s *Server) checkFields(res *Resource, obj map[string]any, strict bool) error {
	if !strict {
		return nil
	}
	if unknown := unknownFields(res, obj); len(unknown) > 0 {
		return apierrors.NewBadRequest(res.Kind + ` in version "` + res.Version + `" cannot be handled as a ` +
			res.Kind + ": strict decoding error: " + strings.Join(unknown, ", "))
	}
	return nil
}

// checkApply refuses unknown fields of an applied configuration: nobody could
// own them.
func (s *Server) checkApply(res *Resource, key store.Key, config map[string]any) error {
	unknown := unknownFields(res, config)
	if len(unknown) == 0 {
		return nil
	}
	first := strings.TrimSuffix(strings.TrimPrefix(unknown[0], `unknown field "`), `"`)
	return newStatus(500, "", "failed to create typed patch object (%s; %s, Kind=%s): .%s: field not declared in schema",
		"/"+key.Name, res.APIVersion(), res.Kind, first)
}
