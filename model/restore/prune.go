package restore

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"tenantry/model/export"
)

// keeps are the fields of a spec by whose change nothing is ever deleted, by
// kind. By that of any other field, one that is not known yet among them, Flux
// may come to apply less than it did, and deletes the rest.
var keeps = map[string][]string{
	"FluxInstance":             {"cluster", "commonMetadata", "components", "distribution", "migrateResources", "sync", "wait"}, // some of these are looked into
	"ResourceSet":              {"commonMetadata", "dependsOn", "inputs", "resources", "serviceAccountName", "wait"},
	"ResourceSetInputProvider": {"certSecretRef", "insecure", "schedule", "secretRef", "serviceAccountName"},
	"Kustomization": {"buildMetadata", "commonMetadata", "decryption", "deletionPolicy", "dependsOn", "force", "healthCheckExprs", "healthChecks",
		"images", "interval", "prune", "retryInterval", "serviceAccountName", "suspend", "timeout", "wait"},
	"HelmRelease": {"commonMetadata", "dependsOn", "driftDetection", "healthCheckExprs", "install", "interval", "maxHistory", "persistentClient",
		"rollback", "serviceAccountName", "suspend", "test", "timeout", "uninstall", "upgrade", "waitStrategy"},
	"GitRepository":    sourceKeeps,
	"OCIRepository":    sourceKeeps,
	"Bucket":           sourceKeeps,
	"HelmRepository":   sourceKeeps,
	"ExternalArtifact": nil,
}

var sourceKeeps = []string{"accessFrom", "certSecretRef", "insecure", "interval", "passCredentials", "provider", "proxySecretRef", "region", "secretRef",
	"serviceAccountName", "sts", "suspend", "timeout", "verify"}

// deleters say who deletes what when a field outside of these is changed.
var deleters = map[string]string{
	"FluxInstance":             "the operator deletes what it does not make any more",
	"ResourceSet":              "the operator deletes what it does not make any more",
	"ResourceSetInputProvider": "the operator deletes what the ResourceSets that take inputs from it do not make any more",
	"Kustomization":            "what it applied and does not find any more is pruned",
	"HelmRelease":              "Helm deletes what the release does not have any more, or uninstalls it",
	"GitRepository":            sourceDeletes,
	"OCIRepository":            sourceDeletes,
	"Bucket":                   sourceDeletes,
	"ExternalArtifact":         sourceDeletes,
	"HelmRepository":           "Helm deletes what its charts do not have any more",
}

const (
	sourceDeletes = "what was applied from it and is not in it any more is pruned"
	syncDeletes   = "the operator deletes the source and the Kustomization it made of it, and with that all this applied"
)

// prunes says what Flux deletes, or may delete, when an object becomes another;
// "" when nothing.
func prunes(kind string, from, to export.Object) string {
	kept, known := keeps[kind]
	if !known {
		return ""
	}
	a, b := part(from, "spec"), part(to, "spec")
	var said []string
	say := func(what, who string) { said = append(said, what+": "+who) }
	switch kind {
	case "FluxInstance":
		prunesInstance(a, b, say)
	case "ResourceSet":
		prunesSet(a, b, say)
	case "ResourceSetInputProvider":
		if !reflect.DeepEqual(part(part(from, "metadata"), "labels"), part(part(to, "metadata"), "labels")) {
			say("its labels change", deleters[kind])
		}
	case "Kustomization":
		if a["force"] != true && b["force"] == true {
			say("spec.force is set", "what can't be changed in place is deleted and made anew")
		}
		if b["prune"] != true {
			return strings.Join(said, "; ")
		}
	}
	var changed []string
	for _, field := range slices.Sorted(maps.Keys(merged(a, b))) {
		if !slices.Contains(kept, field) && !reflect.DeepEqual(a[field], b[field]) {
			changed = append(changed, "spec."+field)
		}
	}
	switch len(changed) {
	case 0:
	case 1:
		say(changed[0]+" changes", deleters[kind])
	default:
		say(strings.Join(changed, ", ")+" change", deleters[kind])
	}
	if suspended(from) && !suspended(to) {
		say("it is resumed", "what was held back is done, and "+deleters[kind])
	}
	return strings.Join(said, "; ")
}

// usual are the components of an instance that does not say.
var usual = []any{"source-controller", "kustomize-controller", "helm-controller", "notification-controller"}

func prunesInstance(a, b export.Object, say func(what, who string)) {
	was, is := part(a, "sync"), part(b, "sync")
	switch {
	case len(was) == 0:
	case len(is) == 0:
		say("it loses spec.sync", syncDeletes)
	case !reflect.DeepEqual(was["name"], is["name"]):
		say("spec.sync.name changes", syncDeletes)
	default:
		for _, field := range []string{"kind", "url", "ref", "path"} {
			if !reflect.DeepEqual(was[field], is[field]) {
				say("spec.sync."+field+" changes", "what was applied from there and is not found any more is pruned")
				break
			}
		}
	}
	for _, c := range lacking(components(a), components(b)) {
		say("it loses the component "+shown("spec.components", c), "the operator deletes its kinds, and with them all objects of these")
	}
	if part(a, "cluster")["networkPolicy"] != false && part(b, "cluster")["networkPolicy"] == false {
		say("spec.cluster.networkPolicy changes", "the operator deletes the network policies it made")
	}
}

func components(spec export.Object) []any {
	if all, _ := spec["components"].([]any); len(all) > 0 {
		return all
	}
	return usual
}

func prunesSet(a, b export.Object, say func(what, who string)) {
	inputs, _ := a["inputs"].([]any)
	left, _ := b["inputs"].([]any)
	for _, in := range lacking(inputs, left) {
		say("spec.inputs loses "+shown("spec.inputs", in), "the operator deletes what it made of it")
	}
	resources, _ := a["resources"].([]any)
	kept, _ := b["resources"].([]any)
	for _, r := range resources {
		was, _ := r.(export.Object)
		i := slices.IndexFunc(kept, func(r any) bool {
			o, _ := r.(export.Object)
			return identity(o) == identity(was)
		})
		if i < 0 {
			say("spec.resources loses "+identity(was), "the operator deletes what it made of it")
			continue
		}
		kind, _ := was["kind"].(string)
		is, _ := kept[i].(export.Object)
		if why := prunes(kind, was, is); why != "" {
			say("spec.resources, "+identity(was), why)
		}
	}
}

// identity is what tells an object from others, its version aside.
func identity(o export.Object) string {
	apiVersion, _ := o["apiVersion"].(string)
	group, _, grouped := strings.Cut(apiVersion, "/")
	if !grouped {
		group = ""
	}
	meta := part(o, "metadata")
	out := fmt.Sprint(o["kind"])
	if group != "" {
		out += "." + group
	}
	if ns, _ := meta["namespace"].(string); ns != "" {
		out += "/" + ns
	}
	return out + "/" + fmt.Sprint(meta["name"])
}

// lacking are the elements of a list that are not in another.
func lacking(list, in []any) []any {
	var out []any
	for _, v := range list {
		if !slices.ContainsFunc(in, func(w any) bool { return reflect.DeepEqual(v, w) }) {
			out = append(out, v)
		}
	}
	return out
}

func part(o export.Object, field string) export.Object {
	p, _ := o[field].(export.Object)
	return p
}

// Allow has those applied, too, by which Flux would delete something.
func (p *Plan) Allow() {
	for _, o := range p.Spared() {
		o.State = Changed
	}
}

// Spared are those left as they are because Flux would delete something.
func (p *Plan) Spared() []*Object {
	return p.in(func(o *Object) bool { return o.State == Pruning })
}

// Deleting are those that are applied though Flux deletes something by it.
func (p *Plan) Deleting() []*Object {
	return p.in(func(o *Object) bool { return o.State == Changed && o.Prunes != "" })
}
