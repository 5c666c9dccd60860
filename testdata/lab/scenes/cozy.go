package scenes

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"tenantry/lab/cluster"
	"tenantry/lab/gitserve"
)

// seedCozy makes what a platform's Helm releases leave behind: operator and
// instance in a namespace of their own, owned by Helm, and later a person's
// spec.sync on top.
func (s *Scene) seedCozy(ctx context.Context) error {
	if err := s.seedOperator(ctx, "helm"); err != nil {
		return err
	}
	objects, err := render("instance.yaml", s.names())
	if err != nil {
		return err
	}
	instance := objects[0]
	meta := instance["metadata"].(map[string]any)
	meta["labels"] = map[string]any{
		"app.kubernetes.io/managed-by": "Helm", "app.kubernetes.io/name": "flux-instance", "app.kubernetes.io/instance": "fluxcd",
		"helm.sh/chart": "flux-instance-0.58.1",
		// The HelmRelease lives in the management cluster.
		"helm.toolkit.fluxcd.io/name": "kubernetes-demo-fluxcd", "helm.toolkit.fluxcd.io/namespace": "tenant-root",
	}
	meta["annotations"] = map[string]any{"meta.helm.sh/release-name": "fluxcd", "meta.helm.sh/release-namespace": "cozy-fluxcd"}
	if err := s.createAs(ctx, instance, "helm"); err != nil {
		return err
	}
	tenants, err := render("cozy-tenants.yaml", s.names())
	if err != nil {
		return err
	}
	if err := s.API.ApplyAll(ctx, tenants); err != nil {
		return err
	}
	if err := s.startFlux(ctx); err != nil {
		return err
	}
	if err := s.cozyReleases(ctx); err != nil {
		return err
	}
	if s.Lab.Config.NoSync {
		return nil
	}
	return s.cozySync(ctx)
}

// createAs posts an object, so that its manager is an Update entry as Helm's
// client-side install leaves it.
func (s *Scene) createAs(ctx context.Context, o cluster.Object, manager string) error {
	body, err := json.Marshal(o)
	if err != nil {
		return err
	}
	r := o.Ref()
	path := cluster.CollectionPath(r.APIVersion, r.Kind, r.Namespace) + "?fieldManager=" + manager
	if err := s.API.Do(ctx, http.MethodPost, path, "application/json", body, nil); err != nil && !cluster.Is409(err) {
		return fmt.Errorf("creating %s: %w", r, err)
	}
	return nil
}

// cozySync is the person's part: a pull secret and spec.sync by server-side
// apply under a manager of their own.
func (s *Scene) cozySync(ctx context.Context) error {
	files, err := render("cozy-fleet.yaml", s.names())
	if err != nil {
		return err
	}
	text, err := yamlStream(files)
	if err != nil {
		return err
	}
	if err := s.repo("fleet").Write(ctx, "Add the cluster cozy", map[string]string{"clusters/cozy/apps.yaml": text}); err != nil {
		return err
	}
	ns := s.Lab.Config.FluxNamespace
	secret := cluster.Object{
		"apiVersion": "v1", "kind": "Secret", "type": "Opaque",
		"metadata":   map[string]any{"name": "flux-system", "namespace": ns},
		"stringData": map[string]any{"username": gitserve.User, "password": gitserve.Password},
	}
	if err := s.API.Apply(ctx, secret, "platform-operator"); err != nil {
		return err
	}
	sync := cluster.Object{
		"apiVersion": "fluxcd.controlplane.io/v1", "kind": "FluxInstance",
		"metadata": map[string]any{"name": "flux", "namespace": ns},
		"spec": map[string]any{"sync": map[string]any{
			"kind": "GitRepository", "url": s.Lab.GitURL() + "/private/fleet.git", "ref": "refs/heads/main",
			"path": "./clusters/cozy", "pullSecret": "flux-system", "interval": "1m",
		}},
	}
	if err := s.API.Apply(ctx, sync, "platform-operator"); err != nil {
		return err
	}
	err = s.API.Ready(ctx, 90*time.Second,
		cluster.Ref{APIVersion: sourceV1, Kind: "GitRepository", Namespace: ns, Name: ns},
		cluster.Ref{APIVersion: kustomizeV1, Kind: "Kustomization", Namespace: ns, Name: ns},
		s.instance())
	if err != nil {
		return err
	}
	s.say("spec.sync made GitRepository and Kustomization %s, both Ready", ns)
	return nil
}

// cozyReleases gives the tenants' HelmReleases the status that helm-controller
// would write, which does not run here.
func (s *Scene) cozyReleases(ctx context.Context) error {
	releases, err := s.API.List(ctx, helmV2, "HelmRelease", "", "")
	if err != nil {
		return err
	}
	for _, hr := range releases {
		if err := s.API.ApplyStatus(ctx, releaseStatus(hr.Ref(), time.Now(), "True", "InstallSucceeded", "Helm install succeeded for release "+hr.Str("metadata", "namespace")+"/"+hr.Str("metadata", "name")+".v1"), "helm-controller"); err != nil {
			return err
		}
	}
	return nil
}

func releaseStatus(r cluster.Ref, since time.Time, ready, reason, message string) cluster.Object {
	return statusOf(r, map[string]any{
		"conditions": []any{
			condition("Ready", ready, reason, message, since),
			condition("Released", ready, reason, message, since),
		},
		"lastAttemptedRevision": "1.2.3", "observedGeneration": 1,
	})
}

func statusOf(r cluster.Ref, status map[string]any) cluster.Object {
	return cluster.Object{
		"apiVersion": r.APIVersion, "kind": r.Kind,
		"metadata": map[string]any{"name": r.Name, "namespace": r.Namespace}, "status": status,
	}
}

func condition(kind, status, reason, message string, since time.Time) map[string]any {
	return map[string]any{
		"type": kind, "status": status, "reason": reason, "message": message,
		"observedGeneration": 1, "lastTransitionTime": since.UTC().Format(time.RFC3339),
	}
}
