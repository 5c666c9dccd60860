package kube

import (
	"context"
	"encoding/json"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
)

// versions finds out which version of a kind the server serves. It is only
// asked after the preferred one was answered with 404, so a current cluster
// costs no discovery at all, and an old or incomplete one two small documents
// instead of the whole discovery (a megabyte where many CRDs are installed).
type versions struct {
	client *rest.RESTClient
	gate   *conn
}

// served returns the best served version tenantry can read, "" when the kind
// is absent, or an error when the server could not be asked.
func (v *versions) served(ctx context.Context, e *entry) (string, error) {
	if e.kind.Group() == "" {
		return "", nil
	}
	var group metav1.APIGroup
	if ok, err := v.get(ctx, "/apis/"+e.kind.Group(), &group); !ok {
		return "", err
	}
	for _, version := range e.versions {
		if !slices.ContainsFunc(group.Versions, func(g metav1.GroupVersionForDiscovery) bool { return g.Version == version }) {
			continue
		}
		var list metav1.APIResourceList
		if ok, err := v.get(ctx, "/apis/"+e.kind.Group()+"/"+version, &list); err != nil {
			return "", err
		} else if ok && slices.ContainsFunc(list.APIResources, func(r metav1.APIResource) bool { return r.Name == e.kind.Resource() }) {
			return version, nil
		}
	}
	return "", nil
}

// get reads one discovery document; false when there is none.
func (v *versions) get(ctx context.Context, path string, into any) (bool, error) {
	if err := v.gate.wait(ctx); err != nil {
		return false, err
	}
	raw, err := v.client.Get().AbsPath(path).SetHeader("Accept", acceptJSON).MaxRetries(0).DoRaw(ctx)
	if apierrors.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, json.Unmarshal(raw, into)
}
