package query

import (
	"testing"
	"time"
)

func TestFits(t *testing.T) {
	prod := &Subject{
		Name: "fluxdemo-prod", State: "Failed", Text: []string{"Secret flux-system is missing, as when it was Suspended"},
		Namespaces: []string{"fluxdemo-prod", "shared"}, Repos: func() []string { return []string{"ssh://git@github.com/acme/fleet"} },
		By: func() []string { return []string{"kubectl-scale", "Ann"} }, Revisions: []string{"7e01c2d8aa"}, Age: 50 * time.Hour,
	}
	for q, want := range map[string]bool{
		"": true, "prod": true, "PROD": true, "fp": true, "demo": true, "lp": false, "xyz": false,
		"failed": true, "fail": true, "-failed": false, "stalled": false, "-stalled": true,
		"7e01": true, "7e0": false, "7e02": false, "secret": true, "ns:shared": true, "ns:stage": false,
		"-ns:shared": false, "repo:acme": true, "repo:other": false, "prod repo:acme": true,
		"prod repo:other": false, "ns:": true, "-": true,
		"by:ann": true, "by:scale": true, "by:flux": false, "-by:ann": false, "by:": true,
		"older:2d": true, "older:50h": true, "older:51h": false, "-older:51h": true, "older:1w": false, "older:30m": true,
		"older:": true, "older:9": true, "-older:9": true, // still being typed
		"older:soon": false, "-older:2d": false,
		"suspended": false, "-suspended": true, "suspend": true, // a whole state's name is no text
	} {
		if got := Parse(q).Fits(prod); got != want {
			t.Errorf("%q fits: %v, want %v", q, got, want)
		}
	}
	unknown := &Subject{Name: "a"}
	for q, want := range map[string]bool{"older:1s": false, "-older:1s": true, "by:ann": false, "repo:a": false, "-repo:a": true} {
		if got := Parse(q).Fits(unknown); got != want {
			t.Errorf("%q fits what says nothing of it: %v, want %v", q, got, want)
		}
	}
}

func TestExact(t *testing.T) {
	for q, want := range map[string]bool{"shop": true, "SHOP": true, "fail shop": true, "sho": false, "-shop": false, "ns:shop": false, "": false} {
		if got := Parse(q).Exact("shop"); got != want {
			t.Errorf("%q names shop exactly: %v, want %v", q, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("ns:a -repo:b ready older:2d by:x", "fluxdemo-prod")
	f.Fuzz(func(t *testing.T, q, name string) {
		list := func() []string { return []string{name} }
		p := Parse(q)
		p.Exact(name)
		p.Fits(&Subject{Name: name, State: name, Text: list(), Namespaces: list(), Revisions: list(), Repos: list, By: list, Age: time.Hour})
	})
}
