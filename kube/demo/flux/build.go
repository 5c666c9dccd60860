package flux

import (
	"errors"
	"fmt"
	"path"
	"sort"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"

	"tenantry/kube/demo/tree"
)

// buildFolder is where kustomize-controller unpacks; the number is its own.
func (r *run) buildFolder() string {
	return fmt.Sprintf("/tmp/kustomization-%d", 1000000000+r.f.env.Loop.Pick(9000000000))
}

// build reads the manifests under the path: all of them, or those a
// kustomization.yaml lists, with its namespace, prefix and images applied.
func (r *run) build() ([]Object, *failure) {
	folder := path.Clean("/" + tree.Str(r.obj, "spec", "path"))
	tmp := r.buildFolder()
	files, ok := r.source.commit.Under(folder)
	if !ok {
		return nil, &failure{"ArtifactFailed", fmt.Sprintf("kustomization path not found: stat %s: no such file or directory", path.Join(tmp, folder))}
	}
	r.say("Building manifests for revision %s with a timeout of %s")
	overlay := overlayOf(files)
	names := make([]string, 0, len(files))
	for name := range files {
		if !strings.HasSuffix(name, ".yaml") && !strings.HasSuffix(name, ".yml") || path.Base(name) == "kustomization.yaml" {
			continue
		}
		if overlay == nil || contains(tree.Strings(overlay, "resources"), name) {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	if overlay != nil {
		for _, name := range tree.Strings(overlay, "resources") {
			if _, ok := files[name]; !ok {
				return nil, &failure{"BuildFailed", fmt.Sprintf("kustomize build failed: accumulating resources: accumulation err='accumulating resources from '%s': open %s: no such file or directory'", name, path.Join(tmp, folder, name))}
			}
		}
	}
	var objects []Object
	for _, name := range names {
		list, err := r.f.parse(files[name])
		if err != nil {
			return nil, &failure{"BuildFailed", fmt.Sprintf("failed to decode Kubernetes YAML from %s: MalformedYAMLError: %s", path.Join(tmp, folder, name), err)}
		}
		objects = append(objects, list...)
	}
	text := ""
	for _, o := range objects {
		r.adapt(o, overlay)
		text += fingerprint(o)
	}
	r.digest = digestOf(text)
	return objects, nil
}

func overlayOf(files map[string]string) Object {
	text, ok := files["kustomization.yaml"]
	if !ok {
		return nil
	}
	var o Object
	if yaml.Unmarshal([]byte(text), &o) != nil || o == nil {
		return Object{}
	}
	return o
}

// parse reads a file's manifests; most files are the same as last time.
func (f *Controllers) parse(text string) ([]Object, error) {
	list, ok := f.parsed[text]
	if !ok {
		var err error
		if list, err = parseManifests(text); err != nil {
			return nil, err
		}
		if len(f.parsed) > 200 {
			clear(f.parsed)
		}
		f.parsed[text] = list
	}
	out := make([]Object, len(list))
	for i, o := range list {
		out[i] = runtime.DeepCopyJSON(o)
	}
	return out, nil
}

func parseManifests(text string) ([]Object, error) {
	var out []Object
	for _, doc := range strings.Split(text, "\n---") {
		if strings.TrimSpace(doc) == "" {
			continue
		}
		b, err := yaml.YAMLToJSON([]byte(doc))
		if err != nil {
			return nil, errors.New(strings.TrimPrefix(err.Error(), "error converting YAML to JSON: "))
		}
		o, err := decodeJSON(b)
		if err != nil {
			return nil, err
		}
		if len(o) > 0 {
			out = append(out, o)
		}
	}
	return out, nil
}

// adapt makes a manifest the Kustomization's: target namespace, overlay, and
// the labels that say who applied it.
func (r *run) adapt(o, overlay Object) {
	meta := tree.Meta(o)
	if prefix := tree.Str(overlay, "namePrefix"); prefix != "" {
		meta["name"] = prefix + tree.Str(meta, "name")
	}
	namespace := tree.Str(r.obj, "spec", "targetNamespace")
	if namespace == "" {
		namespace = tree.Str(overlay, "namespace")
	}
	if namespace != "" && !clusterKind(o) {
		meta["namespace"] = namespace
	}
	for _, image := range append(tree.Maps(overlay, "images"), tree.Maps(r.obj, "spec", "images")...) {
		for _, c := range tree.Maps(o, "spec", "template", "spec", "containers") {
			name, _, _ := strings.Cut(tree.Str(c, "image"), ":")
			if name == tree.Str(image, "name") {
				if n := tree.Str(image, "newName"); n != "" {
					name = n
				}
				c["image"] = name + ":" + tree.Str(image, "newTag")
			}
		}
	}
	for k, v := range tree.Map(r.obj, "spec", "commonMetadata", "labels") {
		tree.Make(o, "metadata", "labels")[k] = v
	}
	normalizeManifest(o)
	labels := tree.Make(o, "metadata", "labels")
	labels[GroupKustomize+"/name"], labels[GroupKustomize+"/namespace"] = r.key.Name, r.key.Namespace
}

// normalizeManifest writes out what rebuilding a workload from its type does:
// empty values Flux then owns.
func normalizeManifest(o Object) {
	if tree.Str(o, "kind") != "Deployment" {
		return
	}
	tree.Default(tree.Make(o, "spec"), "strategy", Object{})
	for _, c := range tree.Maps(o, "spec", "template", "spec", "containers") {
		tree.Default(c, "resources", Object{})
		for _, p := range tree.Maps(c, "ports") {
			tree.Default(p, "protocol", "TCP")
		}
	}
}

// clusterKind says whether a manifest is of a kind without namespace.
func clusterKind(o Object) bool {
	switch tree.Str(o, "kind") {
	case "Namespace", "ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "Node", "PersistentVolume", "StorageClass", "IngressClass", "PriorityClass":
		return true
	}
	return false
}

func contains(list []string, want string) bool {
	for _, v := range list {
		if strings.TrimPrefix(v, "./") == want {
			return true
		}
	}
	return false
}
