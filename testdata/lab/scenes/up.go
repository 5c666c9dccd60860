package scenes

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"tenantry/lab/cluster"
	"tenantry/lab/machine"
	"tenantry/lab/programs"
)

// Modes of a lab.
const (
	Flux      = "flux"      // Flux installed by the operator, locked down
	Empty     = "empty"     // Kubernetes and Git only
	Bootstrap = "bootstrap" // Flux as its own CLI installs it
	Cozy      = "cozy"      // operator and instance as a platform's Helm releases
)

// Settings of each mode.
func configure(l *machine.Lab, mode string) {
	l.Config.Mode = mode
	l.Config.FluxNamespace, l.Config.Lockdown = "flux-system", true
	switch mode {
	case Bootstrap:
		l.Config.Lockdown = false
	case Cozy:
		l.Config.FluxNamespace = "cozy-fluxcd"
	}
}

// Fresh makes a new lab of the given mode in a wiped state folder.
func Fresh(ctx context.Context, l *machine.Lab, set programs.Set, mode string, talk writer) error {
	configure(l, mode)
	if err := l.Prepare(set.Bin, set.Assets, talk); err != nil {
		return err
	}
	return New(l, talk).Resume(ctx)
}

type writer interface{ Write([]byte) (int, error) }

// Resume starts whatever does not run, and finishes what an interrupted start
// left undone.
func (s *Scene) Resume(ctx context.Context) error {
	start := time.Now()
	l := s.Lab
	for _, part := range []string{machine.Etcd, machine.APIServer} {
		if err := l.Start(ctx, part); err != nil {
			return err
		}
	}
	if err := s.seedKwok(ctx); err != nil {
		return err
	}
	if err := s.startAll(ctx, machine.Manager, machine.Scheduler, machine.Kwok, machine.Git, machine.PodLogger); err != nil {
		return err
	}
	if err := s.seedNode(ctx); err != nil {
		return err
	}
	s.say("Kubernetes is up (%.1f s)", time.Since(start).Seconds())
	seed := map[string]func(context.Context) error{
		Flux: s.seedFlux, Bootstrap: s.seedBootstrap, Cozy: s.seedCozy,
		Empty: func(context.Context) error { return nil },
	}[l.Config.Mode]
	if seed == nil {
		return fmt.Errorf("the lab's mode %q is unknown: run lab reset", l.Config.Mode)
	}
	marker := filepath.Join(l.Dir, "seeded")
	if _, err := os.Stat(marker); errors.Is(err, fs.ErrNotExist) {
		if err := seed(ctx); err != nil {
			return err
		}
		if err := os.WriteFile(marker, nil, 0o644); err != nil {
			return err
		}
	} else if err := s.startAll(ctx, l.Expected()...); err != nil {
		return err
	}
	s.say("the lab is up (%.1f s)", time.Since(start).Seconds())
	return nil
}

// startAll starts parts together and waits for all.
func (s *Scene) startAll(ctx context.Context, names ...string) error {
	errs := make([]error, len(names))
	var wg sync.WaitGroup
	for i, name := range names {
		wg.Add(1)
		go func() {
			defer wg.Done()
			errs[i] = s.StartPart(ctx, name)
		}()
	}
	wg.Wait()
	return errors.Join(errs...)
}

// StartPart starts one part with what it needs to work at once.
func (s *Scene) StartPart(ctx context.Context, name string) error {
	if name == machine.Kwok && !s.Lab.Alive(name) {
		// kwok leaves a node alone while another kwok's Lease on it is valid,
		// and the Lease of the one before is for up to 40 s.
		lease := cluster.Ref{APIVersion: "coordination.k8s.io/v1", Kind: "Lease", Namespace: "kube-node-lease", Name: nodeName}
		if err := s.API.Delete(ctx, lease); err != nil {
			return err
		}
	}
	err := s.Lab.Start(ctx, name)
	// A kubelet starts a container again that ends before it is ready, and
	// Flux's programs rely on it: they end when a kind is not discovered yet.
	for try := 1; err != nil && try < 4 && slices.Contains(restarted, name) && !s.Lab.Alive(name) && ctx.Err() == nil; try++ {
		s.say("%s did not come up and is started again: %v", name, err)
		time.Sleep(time.Duration(try) * time.Second)
		err = s.Lab.Start(ctx, name)
	}
	return err
}

// restarted are the parts that a kubelet would run.
var restarted = []string{machine.Operator, machine.Source, machine.Kustomize}

const nodeName = "lab-node"

// seedKwok gives kwok its kinds and the stages its pods go through. It must
// happen before kwok starts.
func (s *Scene) seedKwok(ctx context.Context) error {
	crds, err := readYAML(filepath.Join(s.Lab.Config.Assets, "kwok-crds"))
	if err != nil {
		return err
	}
	if err := s.API.ApplyAll(ctx, crds); err != nil {
		return err
	}
	stages, err := readYAML(filepath.Join(s.Lab.Config.Assets, "kwok-stages"))
	if err != nil {
		return err
	}
	for i, stage := range stages {
		if stage.Str("metadata", "name") == "pod-ready" {
			stages[i] = slowable(stage)
		}
	}
	faults, err := faultStages()
	if err != nil {
		return err
	}
	return s.API.ApplyAll(ctx, append(stages, faults...))
}

func (s *Scene) seedNode(ctx context.Context) error {
	node, err := render("node.yaml", map[string]string{"Name": nodeName})
	if err != nil {
		return err
	}
	if err := s.API.ApplyAll(ctx, node); err != nil {
		return err
	}
	// Addresses stay empty: kwok fills in its own.
	return s.API.ApplyStatus(ctx, cluster.Object{
		"apiVersion": "v1", "kind": "Node", "metadata": map[string]any{"name": nodeName},
		"status": map[string]any{
			"allocatable": map[string]any{"cpu": "64", "memory": "256Gi", "pods": "500"},
			"capacity":    map[string]any{"cpu": "64", "memory": "256Gi", "pods": "500"},
		},
	}, cluster.Manager)
}

// readYAML reads all manifests below a folder, in name order.
func readYAML(dir string) ([]cluster.Object, error) {
	var out []cluster.Object
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && d.Name() == "testdata" {
				return fs.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(path, ".yaml") || d.Name() == "kustomization.yaml" {
			return nil
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		objects, err := cluster.Parse(body)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		out = append(out, objects...)
		return nil
	})
	return out, err
}
