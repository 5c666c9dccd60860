package scenes

import (
	"context"
	"slices"
	"strings"
	"time"

	"tenantry/lab/cluster"
)

// Broken makes every failure of the tables below and waits until each object
// has got there.
func (s *Scene) Broken(ctx context.Context) error {
	start := time.Now()
	deleting := cluster.Ref{APIVersion: kustomizeV1, Kind: "Kustomization", Namespace: "team-z", Name: "deleting"}
	if o, err := s.API.Get(ctx, deleting); err == nil && o.Str("metadata", "deletionTimestamp") != "" {
		// What was spoiled cannot be made good again.
		s.say("the broken tenants are there already")
		return s.await(ctx, 120*time.Second, BrokenExpectations())
	}
	for _, step := range []func(context.Context) error{s.brokenX, s.brokenY, s.brokenZ, s.brokenReleases, s.brokenPlatform} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	if err := s.await(ctx, 120*time.Second, slices.Concat(tables...)); err != nil {
		return err
	}
	// Some states can only be reached from a good one.
	if err := s.spoil(ctx); err != nil {
		return err
	}
	if err := s.await(ctx, 60*time.Second, spoiled); err != nil {
		return err
	}
	s.say("%d objects are in the states lab expect broken names (%.0f s)", len(BrokenExpectations()), time.Since(start).Seconds())
	return nil
}

var tables = [][]Expectation{brokenX, brokenY, brokenZ, brokenReleases, brokenPlatform}

// BrokenExpectations lists every object of the scene a dashboard is asked
// about.
func BrokenExpectations() []Expectation {
	out := slices.Concat(tables...)
	for i, e := range out {
		// What was spoiled later replaces the good state it began with.
		if j := slices.IndexFunc(spoiled, func(s Expectation) bool { return s.ref() == e.ref() }); j >= 0 {
			out[i] = spoiled[j]
		}
	}
	return out
}

// await polls every object until each was seen as expected once: a failing
// Kustomization flips between False and Unknown while it retries.
func (s *Scene) await(ctx context.Context, limit time.Duration, expected []Expectation) error {
	open := slices.Clone(expected)
	return cluster.Poll(ctx, "the broken objects", limit, func() (bool, string) {
		var last []string
		open = slices.DeleteFunc(open, func(e Expectation) bool {
			o, err := s.API.Get(ctx, e.ref())
			if err != nil {
				last = append(last, err.Error())
				return false
			}
			ok, seen := e.reached(o)
			if !ok {
				last = append(last, e.ref().String()+" "+seen)
			}
			return ok
		})
		return len(open) == 0, "\n" + strings.Join(last, "\n")
	})
}

func contains(text, part string) bool { return strings.Contains(text, part) }

// tenant makes a namespace with its account and binding.
func (s *Scene) tenant(ctx context.Context, name string) error {
	objects, err := render("tenant.yaml", map[string]string{"Name": name})
	if err != nil {
		return err
	}
	return s.API.ApplyAll(ctx, objects)
}

func (s *Scene) applyManifest(ctx context.Context, name string, data any) error {
	objects, err := render(name, data)
	if err != nil {
		return err
	}
	return s.API.ApplyAll(ctx, objects)
}
