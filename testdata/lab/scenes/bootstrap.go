package scenes

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"sigs.k8s.io/yaml"

	"tenantry/lab/cluster"
	"tenantry/lab/machine"
)

// bootstrapFolder is the cluster's folder in the fleet repository.
const bootstrapFolder = "clusters/lab/flux-system"

// seedBootstrap installs Flux the way its own CLI does: the components are
// committed, applied once, and from then on applied by the Kustomization that
// reads them. There is no operator and no lockdown, and all Kustomizations
// live in flux-system.
func (s *Scene) seedBootstrap(ctx context.Context) error {
	components, err := s.components()
	if err != nil {
		return err
	}
	text, err := yamlStream(components)
	if err != nil {
		return err
	}
	files, err := s.bootstrapFiles(text)
	if err != nil {
		return err
	}
	if err := s.repo("fleet-infra").Write(ctx, "Add Flux and the cluster's first apps", files); err != nil {
		return err
	}
	// The CLI applies with its own name first; the controller takes over.
	for _, o := range components {
		if err := s.API.Apply(ctx, o, "flux"); err != nil {
			return err
		}
	}
	if err := s.kindsServed(ctx, fluxKinds...); err != nil {
		return err
	}
	if err := s.startAll(ctx, machine.Source, machine.Kustomize); err != nil {
		return err
	}
	sync, err := cluster.Parse([]byte(files[bootstrapFolder+"/gotk-sync.yaml"]))
	if err != nil {
		return err
	}
	for _, o := range sync {
		if err := s.API.Apply(ctx, o, "flux"); err != nil {
			return err
		}
	}
	refs := []cluster.Ref{{APIVersion: sourceV1, Kind: "GitRepository", Namespace: "flux-system", Name: "flux-system"}}
	for _, name := range []string{"flux-system", "infra", "apps"} {
		refs = append(refs, cluster.Ref{APIVersion: kustomizeV1, Kind: "Kustomization", Namespace: "flux-system", Name: name})
	}
	if err := s.API.Ready(ctx, 90*time.Second, refs...); err != nil {
		return err
	}
	s.say("flux-system, infra and apps are Ready; Flux manages itself from Git")
	return nil
}

const (
	sourceV1    = "source.toolkit.fluxcd.io/v1"
	kustomizeV1 = "kustomize.toolkit.fluxcd.io/v1"
	helmV2      = "helm.toolkit.fluxcd.io/v2"
)

// components are the manifests of four controllers, as gotk-components.yaml
// holds them.
func (s *Scene) components() ([]cluster.Object, error) {
	data := filepath.Join(s.Lab.Config.Assets, "operator-data", "flux")
	version, err := newestVersion(data)
	if err != nil {
		return nil, err
	}
	objects := []cluster.Object{{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": "flux-system"}}}
	for _, file := range []string{"rbac", "source-controller", "kustomize-controller", "helm-controller", "notification-controller"} {
		body, err := os.ReadFile(filepath.Join(data, version, file+".yaml"))
		if err != nil {
			return nil, err
		}
		more, err := cluster.Parse(body)
		if err != nil {
			return nil, fmt.Errorf("%s of Flux %s: %w", file, version, err)
		}
		objects = append(objects, more...)
	}
	for _, o := range objects {
		asBootstrapped(o, version)
	}
	return objects, nil
}

func asBootstrapped(o cluster.Object, version string) {
	meta := o["metadata"].(map[string]any)
	labels, _ := meta["labels"].(map[string]any)
	if labels == nil {
		labels = map[string]any{}
	}
	labels["app.kubernetes.io/instance"] = "flux-system"
	labels["app.kubernetes.io/part-of"] = "flux"
	labels["app.kubernetes.io/version"] = version
	meta["labels"] = labels
	switch kind := o.Str("kind"); kind {
	case "Namespace", "CustomResourceDefinition", "ClusterRole":
	case "ClusterRoleBinding":
		for _, e := range o["subjects"].([]any) {
			e.(map[string]any)["namespace"] = "flux-system"
		}
	default:
		meta["namespace"] = "flux-system"
		if kind != "Deployment" {
			return
		}
		container := o.At("spec", "template", "spec", "containers").([]any)[0].(map[string]any)
		container["image"] = "ghcr.io/" + container["image"].(string)
	}
}

// newestVersion picks the highest vX.Y.Z among folder names.
func newestVersion(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if len(names) == 0 {
		return "", fmt.Errorf("no Flux version in %s", dir)
	}
	return slices.MaxFunc(names, func(a, b string) int { return slices.Compare(numbers(a), numbers(b)) }), nil
}

func numbers(version string) []int {
	var out []int
	for _, part := range strings.Split(strings.TrimPrefix(version, "v"), ".") {
		n, _ := strconv.Atoi(part)
		out = append(out, n)
	}
	return out
}

func (s *Scene) bootstrapFiles(components string) (map[string]string, error) {
	files := map[string]string{
		bootstrapFolder + "/gotk-components.yaml": components,
		bootstrapFolder + "/kustomization.yaml":   "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n- gotk-components.yaml\n- gotk-sync.yaml\n",
	}
	for manifest, file := range map[string]string{
		"bootstrap-sync.yaml":  bootstrapFolder + "/gotk-sync.yaml",
		"bootstrap-parts.yaml": "clusters/lab/parts.yaml",
		"bootstrap-infra.yaml": "infra/infra.yaml",
		"bootstrap-apps.yaml":  "apps/apps.yaml",
	} {
		objects, err := render(manifest, s.names())
		if err != nil {
			return nil, err
		}
		if files[file], err = yamlStream(objects); err != nil {
			return nil, err
		}
	}
	return files, nil
}

func yamlStream(objects []cluster.Object) (string, error) {
	var out strings.Builder
	for _, o := range objects {
		body, err := yaml.Marshal(o)
		if err != nil {
			return "", err
		}
		out.WriteString("---\n")
		out.Write(body)
	}
	return out.String(), nil
}
