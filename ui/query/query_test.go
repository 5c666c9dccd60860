package query

import "testing"

func TestFits(t *testing.T) {
	prod := &Subject{
		Name: "fluxdemo-prod", State: "Failed", Text: []string{"Secret flux-system is missing"},
		Namespaces: []string{"fluxdemo-prod", "shared"}, Repos: func() []string { return []string{"ssh://git@github.com/acme/fleet"} },
		Revisions: []string{"7e01c2d8aa"},
	}
	for q, want := range map[string]bool{
		"": true, "prod": true, "PROD": true, "fp": true, "demo": true, "lp": false, "xyz": false,
		"failed": true, "fail": true, "-failed": false, "stalled": false, "-stalled": true,
		"7e01": true, "7e0": false, "7e02": false, "secret": true, "ns:shared": true, "ns:stage": false,
		"-ns:shared": false, "repo:acme": true, "repo:other": false, "prod repo:acme": true,
		"prod repo:other": false, "ns:": true, "-": true,
	} {
		if got := Parse(q).Fits(prod); got != want {
			t.Errorf("%q fits: %v, want %v", q, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("ns:a -repo:b ready", "fluxdemo-prod")
	f.Fuzz(func(t *testing.T, q, name string) {
		Parse(q).Fits(&Subject{Name: name, State: name, Text: []string{name}, Namespaces: []string{name}, Revisions: []string{name}})
	})
}
