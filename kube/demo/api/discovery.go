package api

import (
	"encoding/json"
	"net/http"
	"sort"
	"strings"

	discoveryv2 "k8s.io/api/apidiscovery/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/version"
)

// serveNonResource answers /version, the health endpoints and discovery.
func (s *Server) serveNonResource(w http.ResponseWriter, r *http.Request, q request) error {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return newStatus(http.StatusMethodNotAllowed, metav1.StatusReasonMethodNotAllowed,
			"the server does not allow this method on the requested resource")
	}
	path := strings.TrimRight(q.path, "/")
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	switch {
	case path == "/healthz" || path == "/livez" || path == "/readyz":
		return writeBody(w, http.StatusOK, "text/plain; charset=utf-8", []byte("ok"))
	case path == "/version":
		return writeJSON(w, version.Info{Major: "1", Minor: "36", GitVersion: GitVersion, GitTreeState: "clean",
			GoVersion: "go1.26", Compiler: "gc", Platform: "linux/amd64"})
	case path == "/api":
		return s.serveRoot(w, r, true)
	case path == "/apis":
		return s.serveRoot(w, r, false)
	case parts[0] == "api" && len(parts) == 2 && parts[1] == "v1":
		return s.serveResourceList(w, "", "v1")
	case parts[0] == "apis" && len(parts) == 2:
		return s.serveGroup(w, parts[1])
	case parts[0] == "apis" && len(parts) == 3:
		return s.serveResourceList(w, parts[1], parts[2])
	}
	return notFoundPath{}
}

func writeJSON(w http.ResponseWriter, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return writeBody(w, http.StatusOK, jsonType, append(b, '\n'))
}

// served returns all resources by group, groups sorted.
func (s *Server) served() (groups []string, byGroup map[string][]*Resource) {
	byGroup = map[string][]*Resource{}
	for _, r := range s.builtins {
		byGroup[r.Group] = append(byGroup[r.Group], r)
	}
	crds, _ := s.store.List(crdID, "")
	for _, crd := range crds {
		if r := s.customResource(crd); r != nil {
			byGroup[r.Group] = append(byGroup[r.Group], r)
		}
	}
	for g, list := range byGroup {
		groups = append(groups, g)
		sort.Slice(list, func(i, j int) bool { return list[i].Plural < list[j].Plural })
	}
	sort.Strings(groups)
	return groups, byGroup
}

// groupVersions returns a group's versions in the order of its resources.
func groupVersions(list []*Resource) []string {
	var versions []string
	for _, r := range list {
		if !contains(versions, r.Version) {
			versions = append(versions, r.Version)
		}
	}
	return versions
}

func apiGroup(name string, list []*Resource) metav1.APIGroup {
	g := metav1.APIGroup{Name: name}
	for _, v := range groupVersions(list) {
		g.Versions = append(g.Versions, metav1.GroupVersionForDiscovery{GroupVersion: name + "/" + v, Version: v})
	}
	g.PreferredVersion = g.Versions[0]
	return g
}

// serveRoot answers /api and /apis, aggregated where the client asks for it.
func (s *Server) serveRoot(w http.ResponseWriter, r *http.Request, core bool) error {
	groups, byGroup := s.served()
	if wantsAggregated(r.Header.Get("Accept")) {
		return s.serveAggregated(w, groups, byGroup, core)
	}
	if core {
		return writeJSON(w, metav1.APIVersions{
			TypeMeta: metav1.TypeMeta{Kind: "APIVersions"}, Versions: []string{"v1"},
			ServerAddressByClientCIDRs: []metav1.ServerAddressByClientCIDR{{ClientCIDR: "0.0.0.0/0", ServerAddress: r.Host}},
		})
	}
	list := metav1.APIGroupList{TypeMeta: metav1.TypeMeta{Kind: "APIGroupList", APIVersion: "v1"}}
	for _, g := range groups {
		if g != "" {
			list.Groups = append(list.Groups, apiGroup(g, byGroup[g]))
		}
	}
	return writeJSON(w, list)
}

func (s *Server) serveGroup(w http.ResponseWriter, name string) error {
	_, byGroup := s.served()
	if name == "" || byGroup[name] == nil {
		return notFoundPath{}
	}
	g := apiGroup(name, byGroup[name])
	g.TypeMeta = metav1.TypeMeta{Kind: "APIGroup", APIVersion: "v1"}
	return writeJSON(w, g)
}

func (s *Server) serveResourceList(w http.ResponseWriter, group, version string) error {
	_, byGroup := s.served()
	list := metav1.APIResourceList{TypeMeta: metav1.TypeMeta{Kind: "APIResourceList"}, GroupVersion: version}
	if group != "" {
		list.APIVersion, list.GroupVersion = "v1", group+"/"+version
	}
	for _, r := range byGroup[group] {
		if r.Version != version {
			continue
		}
		list.APIResources = append(list.APIResources, metav1.APIResource{Name: r.Plural, SingularName: r.Singular,
			Namespaced: r.Namespaced, Kind: r.Kind, Verbs: r.verbs, ShortNames: r.ShortNames, Categories: r.Categories})
		for _, sub := range subresources(r) {
			list.APIResources = append(list.APIResources, metav1.APIResource{
				Name: r.Plural + "/" + sub.Subresource, Namespaced: r.Namespaced, Kind: r.Kind, Verbs: sub.Verbs})
		}
	}
	if list.APIResources == nil {
		return notFoundPath{}
	}
	return writeJSON(w, list)
}

func subresources(r *Resource) []discoveryv2.APISubresourceDiscovery {
	var subs []discoveryv2.APISubresourceDiscovery
	kind := &metav1.GroupVersionKind{Group: r.Group, Version: r.Version, Kind: r.Kind}
	if r.Plural == "pods" && r.Group == "" {
		subs = append(subs, discoveryv2.APISubresourceDiscovery{Subresource: "log", ResponseKind: kind, Verbs: []string{"get"}})
	}
	if r.Status {
		subs = append(subs, discoveryv2.APISubresourceDiscovery{Subresource: "status", ResponseKind: kind, Verbs: []string{"get", "patch", "update"}})
	}
	return subs
}

func wantsAggregated(accept string) bool {
	for _, clause := range strings.Split(accept, ",") {
		if strings.Contains(clause, "as=APIGroupDiscoveryList") && strings.Contains(clause, "v=v2") &&
			!strings.Contains(clause, "v=v2beta1") && strings.HasPrefix(strings.TrimSpace(clause), jsonType) {
			return true
		}
	}
	return false
}

func (s *Server) serveAggregated(w http.ResponseWriter, groups []string, byGroup map[string][]*Resource, core bool) error {
	list := discoveryv2.APIGroupDiscoveryList{TypeMeta: metav1.TypeMeta{Kind: "APIGroupDiscoveryList", APIVersion: "apidiscovery.k8s.io/v2"}}
	for _, name := range groups {
		if (name == "") != core {
			continue
		}
		g := discoveryv2.APIGroupDiscovery{ObjectMeta: metav1.ObjectMeta{Name: name}}
		for _, v := range groupVersions(byGroup[name]) {
			dv := discoveryv2.APIVersionDiscovery{Version: v, Freshness: discoveryv2.DiscoveryFreshnessCurrent}
			for _, r := range byGroup[name] {
				if r.Version != v {
					continue
				}
				scope := discoveryv2.ScopeCluster
				if r.Namespaced {
					scope = discoveryv2.ScopeNamespace
				}
				dv.Resources = append(dv.Resources, discoveryv2.APIResourceDiscovery{
					Resource: r.Plural, ResponseKind: &metav1.GroupVersionKind{Group: r.Group, Version: r.Version, Kind: r.Kind},
					Scope: scope, SingularResource: r.Singular, Verbs: r.verbs, ShortNames: r.ShortNames,
					Categories: r.Categories, Subresources: subresources(r)})
			}
			g.Versions = append(g.Versions, dv)
		}
		list.Items = append(list.Items, g)
	}
	b, err := json.Marshal(list)
	if err != nil {
		return err
	}
	return writeBody(w, http.StatusOK, "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList", append(b, '\n'))
}

// Namespaced returns the resources a namespace can hold objects of.
func (s *Server) Namespaced() []*Resource {
	var out []*Resource
	groups, byGroup := s.served()
	for _, g := range groups {
		for _, r := range byGroup[g] {
			if r.Namespaced && contains(r.verbs, "delete") {
				out = append(out, r)
			}
		}
	}
	return out
}
