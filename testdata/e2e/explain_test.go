package e2e

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"tenantry/kube"
	"tenantry/model"
	"tenantry/model/why"
)

// fault is what a scene of the lab did, in its own words (lab expect faults).
type fault struct {
	Ask, At    struct{ Kind, Namespace, Name string }
	Says       []string
	AsItShould bool
	Pods       bool
}

// What the lab did is what an explanation leads to and says, not what the
// controllers or the engine make of it.
func TestEveryFaultIsExplainedAsTheLabMadeIt(t *testing.T) {
	out, err := exec.Command(labBin, "expect", "faults").Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []fault
	if err := json.Unmarshal(out, &all); err != nil {
		t.Fatal(err)
	}
	if len(all) < 30 {
		t.Fatalf("only %d faults", len(all))
	}
	w := watch(t, lab.Kubeconfig, kube.Options{}, nil)
	var wants []model.Want
	for _, ns := range []string{"team-x", "team-z", "team-q"} {
		wants = append(wants, model.Want{Kind: model.Pod, Namespace: ns}, model.Want{Kind: model.Event, Namespace: ns})
	}
	w.session.Want(wants)
	// Failing objects flip while they retry, and one may look well for a moment.
	open := map[int]string{}
	for i := range all {
		open[i] = "not looked at"
	}
	eventually(t, 150*time.Second, func() error {
		var wrong []string
		w.look(func(s *model.Store) {
			for i := range open {
				open[i] = judge(s, &all[i])
				if kind, _ := model.KindNamed(all[i].Ask.Kind); open[i] != "" {
					if o := s.Get(model.Key{Kind: kind, Namespace: all[i].Ask.Namespace, Name: all[i].Ask.Name}); o != nil && o.Deleting != 0 {
						w.ahead = 6 * time.Minute // only after five minutes a deletion is held by something
						open[i] = judge(s, &all[i])
						w.ahead = 0
					}
				}
				if open[i] == "" {
					delete(open, i)
					continue
				}
				wrong = append(wrong, open[i])
			}
		})
		if len(wrong) > 0 {
			return fmt.Errorf("%d of %d:\n%s", len(wrong), len(all), strings.Join(wrong, "\n"))
		}
		return nil
	})
	t.Logf("%d faults explained as the lab made them", len(all))
}

// judge says what is wrong with an explanation; "" for one that is right.
func judge(s *model.Store, f *fault) string {
	kind, _ := model.KindNamed(f.Ask.Kind)
	e := why.Object(s, model.Key{Kind: kind, Namespace: f.Ask.Namespace, Name: f.Ask.Name})
	who := f.Ask.Kind + " " + f.Ask.Namespace + "/" + f.Ask.Name
	if len(e.Faults) != 1 {
		return fmt.Sprintf("%s: %d faults: %s", who, len(e.Faults), e.Headline)
	}
	got := &e.Faults[0]
	root := got.Root().Ref
	name := f.At.Name == "" && strings.HasPrefix(root.Name, f.Ask.Name) || f.At.Name == "" && f.Ask.Name == "unhealthy" || root.Name == f.At.Name
	switch {
	case root.Kind != f.At.Kind || root.Namespace != f.At.Namespace || !name:
		return fmt.Sprintf("%s starts at %s, want %+v: %s", who, root, f.At, e.Headline)
	case got.AsItShould != f.AsItShould:
		return fmt.Sprintf("%s: refused as it should be: %v: %s", who, got.AsItShould, e.Headline)
	case got.Raw:
		return fmt.Sprintf("%s: no cause: %s", who, e.Headline)
	}
	for _, word := range f.Says {
		if !strings.Contains(e.Headline, word) {
			return fmt.Sprintf("%s does not say %q: %s", who, word, e.Headline)
		}
	}
	return ""
}

// A healthy tenant has no fault, and its explanation says what runs.
func TestHealthyTenantsHaveNoFault(t *testing.T) {
	w := watch(t, lab.Kubeconfig, kube.Options{}, nil)
	eventually(t, 30*time.Second, func() error {
		var wrong []string
		w.look(func(s *model.Store) {
			for _, name := range []string{"fluxdemo-dev", "fluxdemo-stage", "fluxdemo-prod", "team-rs"} {
				e := why.Row(s, name)
				if e == nil || !e.Fine() || len(e.Waits) == 0 {
					wrong = append(wrong, fmt.Sprintf("%s: %+v", name, e))
				}
			}
		})
		if len(wrong) > 0 {
			return fmt.Errorf("%s", strings.Join(wrong, "\n"))
		}
		return nil
	})
}

// Two faults in one tenant are two chains: a path that is not there, and beside
// it a secret that is not.
func TestIndependentFaultsAreBothNamed(t *testing.T) {
	w := watch(t, lab.Kubeconfig, kube.Options{}, nil)
	eventually(t, 60*time.Second, func() error {
		var text string
		w.look(func(s *model.Store) {
			if e := why.Row(s, "team-x"); e != nil {
				for i := range e.Faults {
					text += e.Faults[i].Root().Ref.String() + "\n"
				}
			}
		})
		for _, want := range []string{"Secret/team-x/flux-system", "Kustomization/team-x/nopath", "ServiceAccount/team-x/ghost"} {
			if !strings.Contains(text, want) {
				return fmt.Errorf("%s is not among the faults of team-x:\n%s", want, text)
			}
		}
		return nil
	})
}
