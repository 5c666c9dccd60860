package model

import (
	"sort"
	"strings"
)

// lockdownFlags are the arguments cluster.multitenant gives each controller
// (domain.md §7.3, flux-operator's builder/profiles.go).
var lockdownFlags = map[string][]string{
	"kustomize-controller":        {"--no-cross-namespace-refs", "--no-remote-bases", "--default-service-account"},
	"helm-controller":             {"--no-cross-namespace-refs", "--default-service-account"},
	"notification-controller":     {"--no-cross-namespace-refs"},
	"image-reflector-controller":  {"--no-cross-namespace-refs"},
	"image-automation-controller": {"--no-cross-namespace-refs"},
	"source-watcher":              {"--no-cross-namespace-refs"},
}

// lockdown reads the real arguments of the controllers that run.
func lockdown(controllers []ControllerView, readable bool) Lockdown {
	l := Lockdown{}
	set, want := 0, 0
	for _, c := range controllers {
		for _, flag := range lockdownFlags[baseController(c.Name)] {
			want++
			if flagSet(c.Args, flag) {
				set++
			} else {
				l.Missing = append(l.Missing, c.Name+": "+flag)
			}
		}
	}
	sort.Strings(l.Missing)
	switch {
	case want == 0 && !readable:
		l.Detail = "unknown: the controllers' Deployments can't be read"
	case want == 0:
		l.Detail = "unknown: no Flux controller was found"
	case set == want:
		l.Known, l.Enabled = true, true
		l.Detail = "on: every controller runs with the lockdown flags"
	case set == 0:
		l.Known = true
		l.Detail = "off: tenants can reach beyond their namespaces"
	default:
		l.Known, l.Partial = true, true
		l.Detail = "partly on; missing " + strings.Join(l.Missing, ", ")
	}
	return l
}

// baseController strips a shard's suffix: "kustomize-controller-shard1".
func baseController(name string) string {
	if i := strings.Index(name, "-controller"); i >= 0 {
		return name[:i+len("-controller")]
	}
	return name
}

// flagSet reads --flag=v, "--flag v" and a bare boolean --flag. A value of
// "false" or an empty one means it is off. Of a flag given twice the last
// counts, as pflag has it.
func flagSet(args []string, flag string) bool {
	set := false
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, flag+"="); ok {
			set = v != "" && v != "false"
		} else if a == flag {
			set = i+1 >= len(args) || args[i+1] != "false"
		}
	}
	return set
}
