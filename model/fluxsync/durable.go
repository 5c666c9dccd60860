package fluxsync

import (
	"fmt"
	"strings"

	"tenantry/model"
)

// Durable says where a sync belongs so that it lasts, in one sentence, and the
// text to put there.
type Durable struct {
	Where string
	Text  string
}

// Durable returns the place a sync belongs to, by what the instance's labels
// and annotations say.
func (l Live) Durable(s Spec) Durable {
	switch {
	case l.cozystack():
		return Durable{"in the platform's Kubernetes app, through addons.fluxcd.valuesOverride: the chart's value instance.sync",
			"# values of the Kubernetes app in the management cluster\naddons:\n  fluxcd:\n    valuesOverride:\n      flux-instance:\n" + indent(l.values(s), 8)}
	case l.FluxRelease() != "":
		return Durable{"in the values of HelmRelease " + l.FluxRelease() + ": instance.sync", "# spec.values of HelmRelease " + l.FluxRelease() + " (chart flux-instance)\n" + l.values(s)}
	case l.HelmRelease() != "" || l.Labels[model.LabelManagedBy] == "Helm":
		return l.inChart(s)
	}
	if k, ok := l.Kustomization(); ok {
		where := fmt.Sprintf("in Git, in the manifest that Kustomization %s/%s applies", k.Namespace, k.Name)
		return Durable{where, "# in that manifest\n" + s.Manifest(l.Key.Namespace)}
	}
	if l.byHelm() {
		return l.inChart(s)
	}
	return Durable{"in Git, as a part of this FluxInstance's manifest", "# a part of this FluxInstance's manifest\n" + s.Manifest(l.Key.Namespace)}
}

func (l Live) inChart(s Spec) Durable {
	return Durable{"in the chart's value instance.sync" + of(l.HelmRelease()), "# values of the chart flux-instance" + of(l.HelmRelease()) + "\n" + l.values(s)}
}

func of(release string) string {
	if release == "" {
		return ""
	}
	return " of release " + release
}

// cozystack reports whether the instance was made by Cozystack's addon: its
// HelmReleases are <cluster>-fluxcd, and its namespace is cozy-fluxcd.
func (l Live) cozystack() bool {
	return l.Key.Namespace == "cozy-fluxcd" && l.byHelm()
}

func (l Live) values(s Spec) string {
	return "instance:\n  sync:\n" + indent(s.yaml(), 4)
}

// Manifest is what would be applied, as YAML.
func (s Spec) Manifest(namespace string) string {
	return "apiVersion: " + apiVersion + "\nkind: FluxInstance\nmetadata:\n  name: " + InstanceName + "\n  namespace: " + quoted(namespace) + "\nspec:\n  sync:\n" + indent(s.yaml(), 4)
}

func (s Spec) yaml() string {
	var b strings.Builder
	for f := range FieldCount {
		if v := s.Get(f); v != "" {
			fmt.Fprintf(&b, "%s: %s\n", f, quoted(v))
		}
	}
	return b.String()
}

// quoted writes a YAML scalar: as it is where that reads as a string, else
// between double quotes.
func quoted(s string) string {
	plain := s != ""
	for i, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("./", r)
		if !letter && (i == 0 || r < '0' || r > '9') && (i == 0 || !strings.ContainsRune("-_@:+", r)) {
			plain = false
		}
	}
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "on", "off", "null", ".", "y", "n", ".inf", ".nan":
		plain = false
	}
	if plain && !strings.HasSuffix(s, ":") {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

func indent(s string, n int) string {
	pad := strings.Repeat(" ", n)
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	for i := range lines {
		lines[i] = pad + lines[i]
	}
	return strings.Join(lines, "\n") + "\n"
}
