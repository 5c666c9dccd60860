package scenes

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sigs.k8s.io/yaml"

	"tenantry/lab/cluster"
)

// A Change is what one push does to a tenant's folder.
type Change struct {
	Replicas   int // -1: as it is
	Image      string
	Env        []string // K=V
	Labels     []string // K=V on the pod template; an empty V removes K
	RemovePath bool
	Break      bool
	Message    string
	Reconcile  bool
}

// Push commits a change to a tenant's repository and returns the new SHA.
func (s *Scene) Push(ctx context.Context, t Tenant, c Change) (string, error) {
	repo := s.repo(t.Repo)
	if _, err := os.Stat(repo.Bare); err != nil {
		return "", fmt.Errorf("the repository %s does not exist: run lab demo first", t.Repo)
	}
	sha, err := repo.Commit(ctx, c.message(t), func(dir string) error { return c.edit(t, dir) })
	if err != nil {
		return "", err
	}
	if c.Reconcile {
		return sha, s.Reconcile(ctx, t.SourceRef())
	}
	return sha, nil
}

// Reconcile asks for a run now, as the flux command does.
func (s *Scene) Reconcile(ctx context.Context, r cluster.Ref) error {
	return s.API.Merge(ctx, r, "", cluster.Manager, map[string]any{"metadata": map[string]any{
		"annotations": map[string]any{"reconcile.fluxcd.io/requestedAt": time.Now().Format(time.RFC3339Nano)},
	}})
}

func (c Change) message(t Tenant) string {
	switch {
	case c.Message != "":
		return c.Message
	case c.RemovePath:
		return "Move " + t.Name + " away"
	case c.Break:
		return "Tidy the manifests of " + t.Name
	case c.Image != "":
		return fmt.Sprintf("Use %s in %s", c.Image, t.Name)
	case c.Replicas >= 0:
		return fmt.Sprintf("Run %d replicas in %s", c.Replicas, t.Name)
	}
	return "Change " + t.Name
}

func (c Change) edit(t Tenant, dir string) error {
	folder := filepath.Join(dir, t.Path)
	if c.RemovePath {
		return os.RemoveAll(folder)
	}
	if _, err := os.Stat(folder); err != nil {
		// An earlier push removed it: bring it back.
		for name, body := range t.files() {
			if err := os.MkdirAll(folder, 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o644); err != nil {
				return err
			}
		}
	}
	broken := filepath.Join(folder, "3_broken.yaml")
	if c.Break {
		return os.WriteFile(broken, []byte("kind: ConfigMap: broken\n"), 0o644)
	}
	if err := os.RemoveAll(broken); err != nil {
		return err
	}
	file := filepath.Join(folder, "1_deployment.yaml")
	body, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var o cluster.Object
	if err := yaml.Unmarshal(body, &o); err != nil {
		return err
	}
	if err := c.editDeployment(o); err != nil {
		return err
	}
	if body, err = yaml.Marshal(o); err != nil {
		return err
	}
	return os.WriteFile(file, body, 0o644)
}

func (c Change) editDeployment(o cluster.Object) error {
	spec := o.At("spec").(map[string]any)
	if c.Replicas >= 0 {
		spec["replicas"] = c.Replicas
	}
	container := o.At("spec", "template", "spec", "containers").([]any)[0].(map[string]any)
	if image := c.Image; image != "" {
		if !strings.Contains(image, "/") {
			image = strings.Split(appImage, ":")[0] + ":" + image
		}
		container["image"] = image
	}
	for _, kv := range c.Env {
		k, v, ok := strings.Cut(kv, "=")
		if !ok {
			return fmt.Errorf("--env %s is not of the form K=V", kv)
		}
		container["env"] = setEnv(container["env"], k, v)
	}
	labels := o.At("spec", "template", "metadata", "labels").(map[string]any)
	for _, kv := range c.Labels {
		k, v, ok := strings.Cut(kv, "=")
		if !ok {
			return fmt.Errorf("--label %s is not of the form K=V", kv)
		}
		if labels[k] = v; v == "" {
			delete(labels, k)
		}
	}
	if c.Message != "" && c.Replicas < 0 && c.Image == "" && len(c.Env)+len(c.Labels) == 0 {
		// A message alone still has to change something to be a commit.
		container["env"] = setEnv(container["env"], "NOTE", c.Message)
	}
	return nil
}

func setEnv(env any, name, value string) any {
	list, _ := env.([]any)
	for _, e := range list {
		if m, ok := e.(map[string]any); ok && m["name"] == name {
			m["value"] = value
			return list
		}
	}
	return append(list, map[string]any{"name": name, "value": value})
}
