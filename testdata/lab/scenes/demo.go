package scenes

import (
	"context"
	"fmt"
	"time"

	"tenantry/lab/cluster"
	"tenantry/lab/machine"
)

// A Tenant of the demo: dev has a repository of its own, stage and prod share
// one, so that two namespaces hold objects of the same name.
type Tenant struct {
	Name, Namespace, Repo, Path string
	Source, Sync                string // names of GitRepository and Kustomization
	Colour, Content             string
}

// Tenants of the demo.
var Tenants = []Tenant{
	{"dev", "fluxdemo-dev", "flux-dev", "dev", "git-demo-dev", "git-dev", "Cornsilk", "Hello from development"},
	{"stage", "fluxdemo-stage", "flux-stage-prod", "stage", "flux-stage-prod", "flux-stage-prod", "Wheat", "Hello from staging"},
	{"prod", "fluxdemo-prod", "flux-stage-prod", "prod", "flux-stage-prod", "flux-stage-prod", "LightSteelBlue", "Hello from production"},
}

// FindTenant by its short name.
func FindTenant(name string) (Tenant, error) {
	for _, t := range Tenants {
		if t.Name == name {
			return t, nil
		}
	}
	return Tenant{}, fmt.Errorf("no demo tenant is called %q: choose dev, stage or prod", name)
}

// SourceRef, SyncRef and AppRef name the tenant's objects.
func (t Tenant) SourceRef() cluster.Ref {
	return cluster.Ref{APIVersion: "source.toolkit.fluxcd.io/v1", Kind: "GitRepository", Namespace: t.Namespace, Name: t.Source}
}
func (t Tenant) SyncRef() cluster.Ref {
	return cluster.Ref{APIVersion: "kustomize.toolkit.fluxcd.io/v1", Kind: "Kustomization", Namespace: t.Namespace, Name: t.Sync}
}
func (t Tenant) AppRef() cluster.Ref {
	return cluster.Ref{APIVersion: "apps/v1", Kind: "Deployment", Namespace: t.Namespace, Name: "kcheck"}
}

const appReplicas, appImage = 2, "ghcr.io/wolcn/kcheck:1.0.2"

// files of a tenant's folder in its repository.
func (t Tenant) files() map[string]string {
	return map[string]string{
		t.Path + "/1_deployment.yaml": fmt.Sprintf(`apiVersion: apps/v1
kind: Deployment
metadata:
  name: kcheck
  namespace: %s
  labels:
    app: kcheck
spec:
  replicas: %d
  selector:
    matchLabels:
      app: kcheck
  template:
    metadata:
      labels:
        app: kcheck
    spec:
      containers:
      - name: kcheck
        image: %s
        env:
        - name: COLOUR
          value: %q
        - name: CONTENT
          value: %q
        ports:
        - containerPort: 8080
`, t.Namespace, appReplicas, appImage, t.Colour, t.Content),
		t.Path + "/2_service.yaml": fmt.Sprintf(`apiVersion: v1
kind: Service
metadata:
  name: kcheck
  namespace: %s
spec:
  selector:
    app: kcheck
  ports:
  - port: 80
    targetPort: 8080
`, t.Namespace),
	}
}

// Demo makes the three tenants and waits until their pods run.
func (s *Scene) Demo(ctx context.Context) error {
	start := time.Now()
	repos := map[string]map[string]string{}
	for _, t := range Tenants {
		if repos[t.Repo] == nil {
			repos[t.Repo] = map[string]string{"README.md": "# " + t.Repo + "\n\nWhat Flux applies, one folder per tenant.\n"}
		}
		for name, body := range t.files() {
			repos[t.Repo][name] = body
		}
	}
	for name, files := range repos {
		if err := s.repo(name).Write(ctx, "Add the kcheck web app", files); err != nil {
			return err
		}
	}
	for _, t := range Tenants {
		objects, err := render("demo.yaml", map[string]any{
			"Git": s.Lab.GitURL(), "Tenant": t, "Viewer": t.Namespace == machine.TenantNamespace,
			"User": machine.TenantUser, "Group": machine.TenantGroup,
		})
		if err != nil {
			return err
		}
		if err := s.API.ApplyAll(ctx, objects); err != nil {
			return err
		}
	}
	for _, t := range Tenants {
		if err := s.API.Ready(ctx, 90*time.Second, t.SourceRef(), t.SyncRef()); err != nil {
			return err
		}
		if err := s.API.RolledOut(ctx, 60*time.Second, t.AppRef()); err != nil {
			return err
		}
	}
	s.say("dev, stage and prod are Ready with their pods running (%.1f s)", time.Since(start).Seconds())
	return nil
}
