package palette

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/model"
	"tenantry/ui/uitest"
)

func index(names ...string) *Names {
	n := &Names{}
	for _, s := range names {
		space, name, ok := strings.Cut(s, "/")
		if !ok {
			space, name = "", s
		}
		n.Add(space, name)
	}
	return n
}

func found(n *Names, names []string, typed string) []string {
	var out []string
	for _, h := range n.Find(typed, nil, 5) {
		out = append(out, names[h.At])
	}
	return out
}

func TestTheBestNameComesFirst(t *testing.T) {
	names := []string{"fluxdemo-prod/flux-stage-prod", "fluxdemo-stage/flux-stage-prod", "shop/web-prod", "prod/web", "a/prod", "a/production", "a/reprod", "a/p-r-o-d"}
	n := index(names...)
	for typed, want := range map[string][]string{
		"prod":                      {"a/prod", "a/production", "shop/web-prod", "fluxdemo-prod/flux-stage-prod", "fluxdemo-stage/flux-stage-prod"},
		"fluxdemo-stage/flux":       {"fluxdemo-stage/flux-stage-prod"},
		"stage fluxdemo-prod":       {"fluxdemo-prod/flux-stage-prod"},
		"FLUX-STAGE fluxdemo-stage": {"fluxdemo-stage/flux-stage-prod"},
		"fsp":                       {"fluxdemo-prod/flux-stage-prod", "fluxdemo-stage/flux-stage-prod"},
		"wp":                        {"shop/web-prod"},
		"zzz":                       nil,
		" ":                         nil,
	} {
		if got := found(n, names, typed); !slices.Equal(got, want) {
			t.Errorf("%q finds %q, want %q", typed, got, want)
		}
	}
}

func TestOnlyWhatIsAskedForIsFound(t *testing.T) {
	n := index("a/web", "b/web", "c/web")
	hits := n.Find("web", func(i int) bool { return i != 1 }, 5)
	if len(hits) != 2 || hits[0].At != 0 || hits[1].At != 2 {
		t.Errorf("%v", hits)
	}
	if got := hits[0].Hits; !slices.Equal(got, []int{0, 1, 2}) {
		t.Errorf("the letters typed are %v", got)
	}
}

func TestKindsGoByTheirShortNames(t *testing.T) {
	for word, want := range map[string]model.Kind{"ks": model.Kustomization, "HR": model.HelmRelease, "deployments": model.Deployment,
		"GitRepository": model.GitRepository, "gitrepo": model.GitRepository, "": model.KindUnknown, "k": model.KindUnknown} {
		if got, ok := KindNamed(word); got != want || ok != (want != model.KindUnknown) {
			t.Errorf("%q is %v, want %v", word, got, want)
		}
	}
	for typed, want := range map[string]string{"ks web": "Kustomization web", "deploy/web": "Deployment web", "ks ": "Kustomization ", "shop/web": "no"} {
		k, rest, ok := CutKind(typed)
		got := k.String() + " " + rest
		if !ok {
			got = "no"
		}
		if got != want {
			t.Errorf("%q is cut into %q, want %q", typed, got, want)
		}
	}
}

// many are the names of 10,000 tenants' 80,000 objects.
func many() *Names {
	n := &Names{}
	for i := range 10000 {
		ns := fmt.Sprintf("tenant-%05d", i)
		for _, name := range []string{ns, ns + "-app", ns + "-infra", "web", "worker", "default", ns + "-git", "reconciler"} {
			n.Add(ns, name)
		}
	}
	return n
}

// A letter's answer must come well within a frame, whatever is typed.
func TestEighty000NamesAnswerEachLetter(t *testing.T) {
	n := many()
	if n.Len() != 80000 {
		t.Fatal(n.Len())
	}
	for _, typed := range []string{"t", "te", "tenant-04711", "web", "04711 web", "tgit", "t0a", "zzzz", "wrk", "tenant-04711/w"} {
		best := time.Hour
		for range 20 { // the best of many: the machine may be busy
			start := time.Now()
			n.Find(typed, nil, 50)
			best = min(best, time.Since(start))
		}
		t.Logf("%-16q %s", typed, best)
		if best > 30*time.Millisecond*uitest.Slowdown {
			t.Errorf("%q takes %s", typed, best)
		}
	}
}

func BenchmarkFind(b *testing.B) {
	n := many()
	for _, typed := range []string{"t", "04711 web", "tgit"} {
		b.Run(typed, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				n.Find(typed, nil, 50)
			}
		})
	}
}

func BenchmarkBuild(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		many()
	}
}

func FuzzFind(f *testing.F) {
	f.Add("flux-stage-prod", "fsp")
	f.Add("世界", "世")
	f.Add("a\x00b", "\xff")
	f.Fuzz(func(t *testing.T, name, typed string) {
		n := &Names{}
		n.Add("ns", name)
		for _, h := range n.Find(typed, nil, 5) {
			for _, at := range h.Hits {
				if at < 0 || at >= len(strings.ToLower(name)) {
					t.Fatalf("%q in %q points at %d", typed, name, at)
				}
			}
		}
	})
}
