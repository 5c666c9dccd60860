package kube

import (
	"context"
	"strings"
	"sync"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"tenantry/model"
)

// resource is how the server serves a kind.
type resource struct {
	group, version, plural string
	namespaced             bool
}

// path returns the URL path of one object.
func (r resource) path(namespace, name string) string {
	return r.collection(namespace) + "/" + name
}

// collection returns the URL path of all objects of a namespace, or of all with
// "".
func (r resource) collection(namespace string) string {
	p := "/api/" + r.version
	if r.group != "" {
		p = "/apis/" + r.group + "/" + r.version
	}
	if r.namespaced && namespace != "" {
		p += "/namespaces/" + namespace
	}
	return p + "/" + r.plural
}

// resources finds out how kinds outside the registry are served. It asks for
// one group at a time, when an object of it is wanted, and remembers.
type resources struct {
	versions *versions
	mu       sync.Mutex
	served   map[string][]string                         // group → versions, the preferred one first
	lists    map[metav1.GroupVersion]map[string]resource // by kind
}

func newResources(v *versions) *resources {
	r := &resources{versions: v}
	r.forget()
	return r
}

// forget drops what is remembered.
func (r *resources) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.served, r.lists = map[string][]string{}, map[metav1.GroupVersion]map[string]resource{}
}

// find returns how the server serves the kind of a reference; false when it
// does not.
func (r *resources) find(ctx context.Context, ref model.ObjectRef) (resource, bool, error) {
	all := []string{ref.Version}
	if ref.Version == "" {
		var err error
		if all, err = r.groupVersions(ctx, ref.Group); err != nil {
			return resource{}, false, err
		}
	}
	for _, version := range all {
		kinds, err := r.kinds(ctx, metav1.GroupVersion{Group: ref.Group, Version: version})
		if err != nil {
			return resource{}, false, err
		}
		if res, ok := kinds[ref.Kind]; ok {
			return res, true, nil
		}
	}
	return resource{}, false, nil
}

func (r *resources) groupVersions(ctx context.Context, group string) ([]string, error) {
	if group == "" {
		return v1, nil
	}
	r.mu.Lock()
	known := r.served[group]
	r.mu.Unlock()
	if known != nil {
		return known, nil
	}
	var doc metav1.APIGroup
	if ok, err := r.versions.get(ctx, "/apis/"+group, &doc); !ok {
		return nil, err
	}
	all := []string{doc.PreferredVersion.Version}
	for _, v := range doc.Versions {
		if v.Version != doc.PreferredVersion.Version {
			all = append(all, v.Version)
		}
	}
	r.mu.Lock()
	r.served[group] = all
	r.mu.Unlock()
	return all, nil
}

func (r *resources) kinds(ctx context.Context, gv metav1.GroupVersion) (map[string]resource, error) {
	r.mu.Lock()
	known := r.lists[gv]
	r.mu.Unlock()
	if known != nil {
		return known, nil
	}
	path := "/api/" + gv.Version
	if gv.Group != "" {
		path = "/apis/" + gv.Group + "/" + gv.Version
	}
	var doc metav1.APIResourceList
	if ok, err := r.versions.get(ctx, path, &doc); !ok {
		return nil, err
	}
	kinds := map[string]resource{}
	for i := range doc.APIResources {
		a := &doc.APIResources[i]
		if !strings.Contains(a.Name, "/") { // not a subresource
			kinds[a.Kind] = resource{gv.Group, gv.Version, a.Name, a.Namespaced}
		}
	}
	r.mu.Lock()
	r.lists[gv] = kinds
	r.mu.Unlock()
	return kinds, nil
}
