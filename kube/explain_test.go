package kube

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/kube/demo"
	"tenantry/model"
	"tenantry/model/why"
)

// The faults of the demo company, as its story made them (kube/demo/story.go):
// what is explained has to lead there. Everything an explanation asks for is
// counted: at most five requests beside what is read anyway.
func TestTheCompanysFaultsAreExplained(t *testing.T) {
	company := demo.NewCompany(demo.CompanyOptions{Seed: 1, Manual: true})
	t.Cleanup(company.Close)
	config := company.Config()
	counted := &seen{next: config.Transport}
	config.Transport = counted
	session, err := Open(t.Context(), config, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(session.Close)
	store := model.NewStore(time.Now)
	until := func(what string, ok func() bool) {
		t.Helper()
		for deadline := time.Now().Add(20 * time.Second); !ok(); {
			if time.Now().After(deadline) {
				t.Fatal("not in time: " + what)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			b, err := session.Next(ctx)
			cancel()
			if err == nil {
				store.Apply(b)
			}
		}
	}
	until("complete", store.Complete)
	asked := func() int {
		counted.mu.Lock()
		defer counted.mu.Unlock()
		n := 0
		for _, r := range counted.requests {
			if path := r.URL.Path; path == reviewsPath || strings.HasSuffix(path, "/pods") || strings.HasSuffix(path, "/events") || strings.HasSuffix(path, "/nodes") {
				n++
			}
		}
		return n
	}
	for _, c := range []struct {
		row        string
		at         model.Ref
		says       []string
		asItShould bool
	}{
		{"billing", model.Ref{Kind: "Secret", Namespace: "billing", Name: "deploy-key"}, []string{"billing/deploy-key does not exist"}, false},
		{"payments", model.Ref{Kind: "ServiceAccount", Namespace: "payments", Name: "payments"}, []string{"ConfigMap payments-endpoint", "in webshop"}, true},
		{"checkout", model.Ref{Kind: "Pod", Namespace: "checkout"}, []string{"Deployment checkout/checkout-db", "checkout-db:1.0.8"}, false},
	} {
		t.Run(c.row, func(t *testing.T) {
			before := asked()
			e := why.Row(store, c.row)
			wants := e.Wants
			for range 3 { // what was read may make it want more
				session.Want(wants)
				until("what is wanted is read", func() bool {
					return !slices.ContainsFunc(wants, func(w model.Want) bool {
						return store.KindStatus(w.Kind).State == model.ScopeSyncing || store.KindStatus(w.Kind).State == model.ScopeAbsent
					})
				})
				until("and seen", func() bool { return len(wants) == 0 || len(why.Row(store, c.row).Faults) > 0 })
				e = why.Row(store, c.row)
				for _, w := range e.Wants {
					if !slices.Contains(wants, w) {
						wants = append(wants, w)
					}
				}
			}
			var needs []model.Access
			for i := range e.Faults {
				for _, x := range e.Faults[i].Fixes {
					needs = append(needs, x.Needs...)
				}
			}
			slices.SortFunc(needs, func(a, b model.Access) int {
				return strings.Compare(a.Resource+a.Namespace+a.Name, b.Resource+b.Namespace+b.Name)
			})
			needs = slices.Compact(needs)
			if len(wants) > 0 && len(needs) > 1 {
				needs = needs[:1] // as the page does
			}
			if _, err := session.Can(t.Context(), needs); err != nil {
				t.Fatal(err)
			}
			if n := asked() - before; n > 5 {
				t.Errorf("%d requests for one explanation", n)
			} else {
				t.Logf("%d requests", n)
			}
			session.Want(nil)
			if len(e.Faults) != 1 {
				t.Fatalf("%s", e.Text(time.UTC))
			}
			root := e.Faults[0].Root().Ref
			if root.Kind != c.at.Kind || root.Namespace != c.at.Namespace || c.at.Name != "" && root.Name != c.at.Name || e.Faults[0].AsItShould != c.asItShould {
				t.Errorf("starts at %s, want %s\n%s", root, c.at, e.Text(time.UTC))
			}
			for _, word := range c.says {
				if !strings.Contains(e.Headline, word) {
					t.Errorf("%q does not say %q", e.Headline, word)
				}
			}
		})
	}
	for _, name := range []string{"fluxdemo-dev", "fluxdemo-stage", "fluxdemo-prod", "webshop", "search", "metrics", model.PlatformKey} {
		if e := why.Row(store, name); e == nil || !e.Fine() {
			t.Errorf("%s: %+v", name, e)
		}
	}
	if e := why.Row(store, "reports"); e == nil || !strings.Contains(e.Headline, "suspended") || len(e.Faults) > 0 || !strings.Contains(strings.Join(e.Waits, " "), "mara") {
		t.Errorf("reports: %+v", e)
	}
}
