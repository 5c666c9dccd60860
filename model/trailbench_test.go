package model

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

func BenchmarkTrailsOfADay(b *testing.B) {
	for _, n := range []int{20, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			h := newTown(b, n)
			h.Rollouts()
			r := rand.New(rand.NewPCG(1, 2))
			b.ResetTimer()
			for b.Loop() {
				h.pass(4 * time.Second)
				h.push(r.IntN(n))
			}
			b.StopTimer()
			b.ReportMetric(float64(h.size())/(1<<20), "MB")
		})
	}
}

// What a screen pays: all repositories at first, after one change, and one
// repository of twenty tenants.
func BenchmarkRollouts(b *testing.B) {
	h := newTown(b, 10_000)
	b.Run("first of 10000", func(b *testing.B) {
		for b.Loop() {
			h.trails.repos = nil
			h.Rollouts()
		}
	})
	b.Run("after one change", func(b *testing.B) {
		for b.Loop() {
			h.push(17)
			h.Rollouts()
		}
	})
	b.Run("chain", func(b *testing.B) {
		repo := h.RepoOf(Key{Kustomization, "t00017", "app"})
		for b.Loop() {
			h.dirty(Key{Kustomization, "t00017", "app"})
			h.Chain(repo)
		}
	})
}

// One repository that a thousand tenants follow, while they roll out one by
// one.
func BenchmarkSharedRepository(b *testing.B) {
	h := newTown(b, 1000)
	share := func(o *Object) *Object {
		o.Detail.(*Source).URL = "https://git.example/acme/fleet"
		return o
	}
	for i := range h.n {
		for n := range 5 {
			h.put(share(h.objects(i, n, true)[0]))
		}
	}
	repo := h.Rollouts()[0].Repo
	h.Chain(repo)
	i := 0
	b.ResetTimer()
	for b.Loop() {
		i = (i + 1) % h.n
		h.at[i]++
		list := h.objects(i, h.at[i], true)
		h.put(share(list[0]), list[1], list[2])
		h.Rollouts()
		h.Chain(repo)
	}
}
