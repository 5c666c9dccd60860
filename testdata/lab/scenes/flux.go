package scenes

import (
	"context"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"tenantry/lab/cluster"
	"tenantry/lab/machine"
	"tenantry/lab/programs"
)

// seedFlux installs Flux the way the operator's chart and one FluxInstance do.
func (s *Scene) seedFlux(ctx context.Context) error {
	if err := s.seedOperator(ctx, cluster.Manager); err != nil {
		return err
	}
	instance, err := render("instance.yaml", s.names())
	if err != nil {
		return err
	}
	if err := s.API.ApplyAll(ctx, instance); err != nil {
		return err
	}
	return s.startFlux(ctx)
}

func (s *Scene) names() map[string]string {
	return map[string]string{
		"Namespace": s.Lab.Config.FluxNamespace,
		"Version":   programs.FluxOperatorVersion,
		"Git":       s.Lab.GitURL(),
	}
}

// Operator installs the operator alone, as its chart does.
func (s *Scene) Operator(ctx context.Context) error {
	if err := s.seedOperator(ctx, "helm"); err != nil {
		return err
	}
	s.say("the operator runs in %s", s.Lab.Config.FluxNamespace)
	return nil
}

func (s *Scene) seedOperator(ctx context.Context, manager string) error {
	crds, err := readYAML(filepath.Join(s.Lab.Config.Assets, "operator-crds"))
	if err != nil {
		return err
	}
	objects, err := render("operator.yaml", s.names())
	if err != nil {
		return err
	}
	for _, o := range append(crds, objects...) {
		if err := s.API.Apply(ctx, o, manager); err != nil {
			return err
		}
	}
	// A served kind is not at once in the server's discovery, and the operator
	// ends when it misses its own.
	var kinds []string
	for _, crd := range crds {
		kinds = append(kinds, crd.Str("metadata", "name"))
	}
	if err := s.kindsServed(ctx, kinds...); err != nil {
		return err
	}
	return s.StartPart(ctx, machine.Operator)
}

// fluxKinds are what the two real controllers watch.
var fluxKinds = []string{
	"gitrepositories.source.toolkit.fluxcd.io", "ocirepositories.source.toolkit.fluxcd.io", "buckets.source.toolkit.fluxcd.io",
	"helmrepositories.source.toolkit.fluxcd.io", "helmcharts.source.toolkit.fluxcd.io", "externalartifacts.source.toolkit.fluxcd.io",
	"kustomizations.kustomize.toolkit.fluxcd.io", "helmreleases.helm.toolkit.fluxcd.io",
}

// startFlux starts the controllers as soon as their kinds are served, and waits
// for the instance.
func (s *Scene) startFlux(ctx context.Context) error {
	start := time.Now()
	if err := s.kindsServed(ctx, fluxKinds...); err != nil {
		return err
	}
	if err := s.startAll(ctx, machine.Source, machine.Kustomize); err != nil {
		return err
	}
	if err := s.API.Ready(ctx, 90*time.Second, s.instance()); err != nil {
		return err
	}
	s.say("FluxInstance flux is Ready and the controllers run%s (%.1f s)", lockdownNote(s.Lab), time.Since(start).Seconds())
	return nil
}

func lockdownNote(l *machine.Lab) string {
	if !l.Config.Lockdown {
		return ""
	}
	r, ok := l.Record(machine.Kustomize)
	if ok && strings.Contains(strings.Join(r.Args, " "), "--no-cross-namespace-refs") {
		return ", locked down"
	}
	return ""
}

func (s *Scene) instance() cluster.Ref {
	return cluster.Ref{APIVersion: "fluxcd.controlplane.io/v1", Kind: "FluxInstance", Namespace: s.Lab.Config.FluxNamespace, Name: "flux"}
}

// kindsServed waits until kinds, by the names of their definitions, can be
// asked for and discovered.
func (s *Scene) kindsServed(ctx context.Context, names ...string) error {
	for _, name := range names {
		r := cluster.Ref{APIVersion: "apiextensions.k8s.io/v1", Kind: "CustomResourceDefinition", Name: name}
		err := cluster.Poll(ctx, "CRD "+name, 60*time.Second, func() (bool, string) {
			crd, err := s.API.Get(ctx, r)
			if err != nil {
				return false, err.Error()
			}
			if crd.Condition("Established").Status != "True" {
				return false, "not established"
			}
			return s.discovered(ctx, crd)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// discovered says whether every served version of a kind is in the discovery.
func (s *Scene) discovered(ctx context.Context, crd cluster.Object) (bool, string) {
	spec, _ := crd["spec"].(map[string]any)
	versions, _ := spec["versions"].([]any)
	for _, v := range versions {
		version := cluster.Object(v.(map[string]any))
		if version["served"] != true {
			continue
		}
		path := "/apis/" + crd.Str("spec", "group") + "/" + version.Str("name")
		var list struct{ Resources []struct{ Name string } }
		if err := s.API.Do(ctx, http.MethodGet, path, "", nil, &list); err != nil {
			return false, err.Error()
		}
		if !slices.ContainsFunc(list.Resources, func(r struct{ Name string }) bool { return r.Name == crd.Str("spec", "names", "plural") }) {
			return false, "established, but not in " + path
		}
	}
	return true, ""
}
