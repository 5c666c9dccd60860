package model

import (
	"testing"
	"time"
)

func suspend(o *Object, annotations ...string) *Object {
	switch d := o.Detail.(type) {
	case *Sync:
		d.Suspend = true
	case *Source:
		d.Suspend = true
	}
	for i := 0; i+1 < len(annotations); i += 2 {
		o.Annotations = append(o.Annotations, Pair{annotations[i], annotations[i+1]})
	}
	return o
}

func TestSuspensionSaysOnlyWhatIsKnown(t *testing.T) {
	w := newWorld(t).synced().put(namespace("stage", LabelTenant, "stage"), namespace("prod", LabelTenant, "prod"))
	// Both tenants have a sync of the same name; one is said to be suspended by
	// somebody, the other was seen being suspended.
	told := suspend(kust("stage", "app", "app", cond("Ready", "False", "BuildFailed", "no such file")),
		AnnotationSuspendedBy, "kingdon", AnnotationSuspendReason, "freeze", AnnotationSuspendUntil, "2026-11-20",
		AnnotationSuspendedAt, "2026-11-13T03:00:00Z")
	w.put(told, kust("prod", "app", "app"), git("prod", "app", rev1), git("stage", "app", rev1))
	w.pass(time.Hour).put(suspend(kust("prod", "app", "app")))
	seen := w.Get(Key{Kustomization, "prod", "app"})

	got, ok := w.Suspension(told)
	want := Suspension{Key: told.Key, Since: Unix(time.Date(2026, 11, 13, 3, 0, 0, 0, time.UTC).Unix()), By: "kingdon", Reason: "freeze",
		Until: "2026-11-20", UntilAt: Unix(time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC).Unix()), Overdue: true, Was: Failed, Lasts: LastsYes}
	if !ok || got != want {
		t.Errorf("stage: %+v, want %+v", got, want)
	}
	got, ok = w.Suspension(seen)
	want = Suspension{Key: seen.Key, Since: Unix(w.now.Unix()), Was: Ready, Lasts: LastsYes}
	if !ok || got != want {
		t.Errorf("prod: %+v, want %+v", got, want)
	}
	w.pass(time.Hour).put(kust("prod", "app", "app"))
	if _, ok := w.Suspension(w.Get(seen.Key)); ok {
		t.Error("what was resumed counts as suspended")
	}
	unknown := suspend(git("prod", "app", rev1))
	first := newWorld(t).put(unknown).synced()
	if got, _ := first.Suspension(unknown); got.Since != 0 || got.By != "" {
		t.Errorf("what was suspended before the first look was so since %d by %q: nobody can know", got.Since, got.By)
	}
}

func TestWhatASuspensionLasts(t *testing.T) {
	instance := obj(FluxInstance, "flux-system", "flux", &Instance{}, cond("Ready", "True", "ReconciliationSucceeded", ""))
	parent := kust("apps", "apps", "apps")
	stopped := suspend(kust("apps", "stopped", "apps"))
	of := func(o *Object, parent string) *Object {
		return labelled(o, LabelKustomizationName, parent, LabelKustomizationNS, "apps")
	}
	generated := func(annotations ...string) *Object {
		return labelled(suspend(kust("flux-system", "flux-system", "flux-system"), annotations...), LabelInstanceName, "flux", LabelInstanceNS, "flux-system")
	}
	set := obj(ResourceSet, "apps", "tenants", &Sync{}, cond("Ready", "True", "ReconciliationSucceeded", ""))
	release := obj(HelmRelease, "apps", "chart", &Sync{}, cond("Ready", "True", "UpgradeSucceeded", ""))
	for name, tc := range map[string]struct {
		o       *Object
		lasts   Lasting
		because string
	}{
		"nothing applies it":                  {suspend(kust("shop", "app", "app")), LastsYes, ""},
		"generated, written by anyone":        {generated(), LastsNo, "the operator undoes it"},
		"generated, written by tenantry":      {generated(AnnotationSuspendedBy, "ann"), LastsYes, ""},
		"applied from Git, written by anyone": {of(suspend(kust("shop", "app", "app")), "apps"), LastsUnknown, "Kustomization apps applies it"},
		"applied from Git, by tenantry":       {of(suspend(kust("shop", "app", "app"), AnnotationSuspendedBy, "ann"), "apps"), LastsYes, "unless Git sets it"},
		"made by a ResourceSet, by tenantry": {labelled(suspend(kust("shop", "app", "app"), AnnotationSuspendedBy, "ann"), LabelResourceSetName, "tenants",
			LabelResourceSetNS, "apps"), LastsYes, "unless its template sets it"},
		"made by a chart, by tenantry": {labelled(suspend(kust("shop", "app", "app"), AnnotationSuspendedBy, "ann"), LabelHelmReleaseName, "chart",
			LabelHelmReleaseNS, "apps"), LastsYes, "unless its chart sets it"},
		"what applies it is suspended": {of(suspend(kust("shop", "app", "app")), "stopped"), LastsYes, "as long as what applies it is suspended"},
		"its labels are old":           {of(suspend(kust("shop", "app", "app")), "gone"), LastsYes, ""},
	} {
		w := newWorld(t).put(instance, parent, stopped, set, release, tc.o).synced()
		if got, ok := w.Suspension(tc.o); !ok || got.Lasts != tc.lasts || got.Because != tc.because {
			t.Errorf("%s: %v %v because %q, want %v because %q", name, ok, got.Lasts, got.Because, tc.lasts, tc.because)
		}
	}
	w := newWorld(t).synced()
	w.Apply(Batch{Scopes: []ScopeStatus{{Kind: Kustomization, Namespace: "apps", State: ScopeDenied, Verb: "list"}}})
	o := of(suspend(git("shop", "app", rev1)), "apps")
	if got, _ := w.put(o).Suspension(o); got.Lasts != LastsUnknown || got.Because != "what applies it can't be read" {
		t.Errorf("unreadable parent: %v because %q", got.Lasts, got.Because)
	}
}

// What was suspended by tenantry and runs all the same was taken back, if
// something applies it that may have done so.
func TestUndone(t *testing.T) {
	parent := kust("apps", "apps", "apps")
	of := func(o *Object, annotations ...string) *Object {
		o = labelled(o, LabelKustomizationName, "apps", LabelKustomizationNS, "apps")
		for i := 0; i < len(annotations); i += 2 {
			o.Annotations = append(o.Annotations, Pair{annotations[i], annotations[i+1]})
		}
		return o
	}
	gone := labelled(kust("shop", "app", "app"), LabelKustomizationName, "gone", LabelKustomizationNS, "apps")
	gone.Annotations = Pairs{{AnnotationSuspendedAt, "2026-11-22T10:00:00Z"}}
	said := []string{AnnotationSuspendedBy, "ann", AnnotationSuspendedAt, "2026-11-22T10:00:00Z"}
	for name, tc := range map[string]struct {
		o    *Object
		want bool
	}{
		"taken back":         {of(kust("shop", "app", "app"), said...), true},
		"suspended":          {of(suspend(kust("shop", "app", "app")), said...), false},
		"never suspended":    {of(kust("shop", "app", "app")), false},
		"nothing applies it": {gone, false},
	} {
		w := newWorld(t).put(parent, tc.o).synced()
		got, is := w.Undone(tc.o)
		if is != tc.want || is && (got.By != "ann" || got.Lasts != LastsNo || got.Because != "it runs again: undone by hand or by Kustomization apps") {
			t.Errorf("%s: %v %+v", name, is, got)
		}
	}
}

// Who suspends with tenantry writes down who that is: the change log names the
// person, not only the program. What stands there of an earlier suspension is
// not believed.
func TestTheLogNamesWhoSuspended(t *testing.T) {
	written := func(pairs ...string) (out Pairs) {
		for i := 0; i+1 < len(pairs); i += 2 {
			out = append(out, Pair{pairs[i], pairs[i+1]})
		}
		return out
	}
	jane := written(AnnotationSuspendedBy, "jane", AnnotationFluxSuspendedBy, "jane", AnnotationSuspendedAt, "2026-01-05T09:30:00Z")
	for name, c := range map[string]struct {
		before, after Pairs
		manager, want string
	}{
		"with tenantry":                     {nil, jane, "tenantry", "suspended by jane with tenantry"},
		"of a kind nobody reads writers of": {nil, jane, "", "suspended by jane"},
		"with the operator's page":          {nil, written(AnnotationFluxSuspendedBy, "ann"), "flux-operator-web", "suspended by ann with flux-operator-web"},
		"anew, by the same":                 {written(AnnotationSuspendedBy, "jane", AnnotationSuspendedAt, "2025-01-05T09:30:00Z"), jane, "tenantry", "suspended by jane with tenantry"},
		"by somebody else, jane before":     {jane, jane, "kubectl-patch", "suspended by kubectl-patch"},
		"by nobody known":                   {nil, nil, "", "suspended by "},
	} {
		w := newWorld(t)
		was, is, other := kust("a", "k", "g"), kust("a", "k", "g"), kust("b", "k", "g")
		was.Annotations, is.Annotations = c.before, c.after
		d := *is.Detail.(*Sync)
		d.Suspend = true
		is.Detail, is.Generation = &d, was.Generation+1
		if c.manager != "" {
			is.SpecWriters = map[string]Manager{"suspend": {Name: c.manager, Time: 9}}
		}
		w.put(was, other).synced().put(is)
		if got := ofSpec(w, is.Key); len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if got := ofSpec(w, other.Key); len(got) > 0 {
			t.Errorf("%s: %q of its namesake", name, got)
		}
	}
}
