package fluxsync_test

import (
	"strings"
	"testing"

	"tenantry/model"
	"tenantry/model/fluxsync"
	"tenantry/ui/uitest"
)

// appliedBy are the labels of what a Kustomization applied.
func appliedBy(namespace, name string) model.Pairs {
	return model.Pairs{{Name: model.LabelKustomizationName, Value: name}, {Name: model.LabelKustomizationNS, Value: namespace}}
}

// What its own labels and annotations keep from being pruned is not among what
// goes: as kustomize-controller's deleteObjects looks at it.
func TestWhatObjectsSayOfThemselvesDecides(t *testing.T) {
	sync := model.Key{Kind: model.Kustomization, Namespace: ns, Name: ns}
	ids := []string{"a_own__ConfigMap", "a_pruneless__ConfigMap", "a_labelled__ConfigMap", "a_ignored__ConfigMap", "a_disabled__ConfigMap",
		"a_others__ConfigMap", "a_nobodys__ConfigMap", "a_gone__ConfigMap", "a_unread__Secret", "a_merged__ConfigMap"}
	s := store(strings.Join(ids, "\n"), nil)
	own := func(more ...model.Pair) model.Pairs { return append(appliedBy(ns, ns), more...) }
	const group = "kustomize.toolkit.fluxcd.io/"
	mark := func(k, v string) model.Pairs { return model.Pairs{{Name: group + k, Value: v}} }
	seen := fluxsync.Seen{}
	for name, m := range map[string]model.Marks{
		"own":       {Labels: own()},
		"pruneless": {Labels: own(), Annotations: mark("prune", "Disabled")},
		"labelled":  {Labels: own(mark("prune", "disabled")...)},
		"ignored":   {Labels: own(), Annotations: mark("ssa", "ignore")},
		"disabled":  {Labels: own(), Annotations: mark("reconcile", "disabled")},
		"others":    {Labels: appliedBy("docs", "app")},
		"nobodys":   {Labels: model.Pairs{{Name: "app", Value: "x"}}},
		"gone":      {Gone: true},
		"merged":    {Labels: own(), Annotations: mark("ssa", "merge")},
	} {
		seen[model.ObjectRef{Kind: "ConfigMap", Namespace: "a", Name: name}] = m
	}
	for _, f := range []fluxsync.Falls{fluxsync.FallsOf(s, sync, seen), fluxsync.MayFallOf(s, sync, seen)} {
		var goes, stays []string
		for _, r := range f.Objects {
			goes = append(goes, r.Name)
		}
		for _, r := range f.Stays {
			stays = append(stays, r.Ref.Name+" "+r.Why)
		}
		if got := strings.Join(goes, " "); got != "unread merged own" { // Secrets are graver
			t.Errorf("what goes: %s", got)
		}
		if got, want := strings.Join(stays, "\n"), strings.Join([]string{"pruneless stays: prune disabled", "labelled stays: prune disabled", "ignored stays: ssa Ignore",
			"disabled stays: reconcile disabled", "others stays: Kustomization/docs/app wrote it last",
			"nobodys stays: it does not carry the label of Kustomization/flux-system/flux-system", "gone is not there any more"}, "\n"); got != want {
			t.Errorf("what stays:\n%s\nwant\n%s", got, want)
		}
	}
	// What has to be read for that is all of it, each once.
	look := fluxsync.Look{Store: s, Live: live(spec("./clusters/prod"), nil), Want: spec("./other")}
	if got := look.AtStake(); len(got) != len(ids) {
		t.Errorf("read: %v", got)
	}
	look.Want = spec("./clusters/prod")
	if got := look.AtStake(); len(got) != 0 {
		t.Errorf("nothing goes, and these are read: %v", got)
	}
	// Nothing that goes: no name has to be typed.
	s = store("a_gone__ConfigMap\na_pruneless__ConfigMap", nil)
	for _, want := range []*fluxsync.Spec{nil, spec("./other")} {
		if h := (fluxsync.Look{Store: s, Live: live(spec("./clusters/prod"), nil), Want: want, Seen: seen}).Hazards(); fluxsync.Deletes(h) {
			t.Errorf("%+v", h)
		}
	}
}

// A Namespace that goes takes along what nothing prunes.
func TestANamespaceTakesAlongWhatIsMarked(t *testing.T) {
	s := store("_a__Namespace\na_marked__ConfigMap\na_gone__ConfigMap\nb_marked__ConfigMap\n"+appOfDocs+"\n_docs__Namespace", nil)
	own := appliedBy(ns, ns)
	marked := model.Marks{Labels: own, Annotations: model.Pairs{{Name: model.MarkKustomizePrune, Value: "disabled"}}}
	seen := fluxsync.Seen{
		model.ObjectRef{Kind: "ConfigMap", Namespace: "a", Name: "marked"}: marked, model.ObjectRef{Kind: "ConfigMap", Namespace: "b", Name: "marked"}: marked,
		model.ObjectRef{Kind: "ConfigMap", Namespace: "a", Name: "gone"}:                 {Gone: true},
		model.Key{Kind: model.Kustomization, Namespace: "docs", Name: "app"}.ObjectRef(): marked,
	}
	f := fluxsync.FallsOf(s, model.Key{Kind: model.Kustomization, Namespace: ns, Name: ns}, seen)
	var names []string
	for _, r := range f.Objects {
		names = append(names, r.String())
	}
	want := "Namespace/a Namespace/docs Kustomization/docs/app ConfigMap/a/marked Deployment/docs/web Service/docs/web"
	if got := strings.Join(names, " "); got != want || len(f.Stays) != 2 {
		t.Errorf("goes %s\nwant %s\nstays %v", got, want, f.Stays)
	}
}

// A child's Kustomization prunes what carries the child's name, not its own.
func TestNestedObjectsAreTheChilds(t *testing.T) {
	s := store(appOfDocs, nil)
	app := appliedBy("docs", "app")
	seen := fluxsync.Seen{
		model.ObjectRef{Group: "apps", Kind: "Deployment", Namespace: "docs", Name: "web"}: {Labels: app},
		model.ObjectRef{Kind: "Service", Namespace: "docs", Name: "web"}:                   {Labels: appliedBy(ns, ns)},
		model.Key{Kind: model.Kustomization, Namespace: "docs", Name: "app"}.ObjectRef():   {Labels: appliedBy(ns, ns)},
	}
	f := fluxsync.FallsOf(s, model.Key{Kind: model.Kustomization, Namespace: ns, Name: ns}, seen)
	var names []string
	for _, r := range f.Objects {
		names = append(names, r.String())
	}
	if got := strings.Join(names, " "); got != "Kustomization/docs/app Deployment/docs/web" || len(f.Stays) != 1 {
		t.Errorf("goes %s, stays %v", got, f.Stays)
	}
}

// Another Kustomization that applies the very content that is to come tells
// what of it should stay.
func TestWhatTheNewContentIsKnownToHold(t *testing.T) {
	s := store("docs_settings__ConfigMap\ndocs_old__ConfigMap", nil)
	twin := uitest.Sync("docs", "twin", "clusters/other", uitest.Rev1)
	d := twin.Detail.(*model.Sync)
	d.SourceRef = model.Ref{Kind: "GitRepository", Namespace: ns, Name: ns}
	d.Inventory = "docs_settings__ConfigMap\ndocs_more__ConfigMap"
	src := uitest.Git(ns, ns, "ssh://git@github.com/acme/fleet", uitest.Rev1)
	src.Detail.(*model.Source).Ref = "name refs/heads/main"
	s.Apply((&uitest.Cluster{}).Put(twin, src).Batch)
	for _, h := range (fluxsync.Look{Store: s, Live: live(spec("./clusters/prod"), nil), Want: spec("./other/../clusters/other")}).Hazards() {
		if len(h.Falls.Shared) != 0 {
			t.Errorf("another path: %+v", h.Falls.Shared)
		}
	}
	for _, h := range (fluxsync.Look{Store: s, Live: live(spec("./clusters/prod"), nil), Want: spec("./clusters/other")}).Hazards() {
		if h.ID != "N2" {
			continue
		}
		if len(h.Falls.Objects) != 2 || len(h.Falls.Shared) != 1 || h.Falls.Shared[model.ObjectRef{Kind: "ConfigMap", Namespace: "docs", Name: "settings"}] != twin.Key {
			t.Errorf("%+v", h.Falls)
		}
		return
	}
	t.Error("no hazard")
}
