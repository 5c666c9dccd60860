package kube

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/validate/content"
	"sigs.k8s.io/yaml"

	"tenantry/model"
)

// lastApplied is the annotation in which kubectl repeats the whole object.
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

// lastAppliedLeft is the first line of a document that had it.
const lastAppliedLeft = "# the annotation " + lastApplied + " is left out: it repeats the object as it was last applied\n"

// Document reads one live object, of any kind but Secret, as text. It waits no
// longer than ten seconds. Every error is a *model.RequestError.
func (s *Session) Document(ctx context.Context, ref model.ObjectRef) (*model.Document, error) {
	ctx, cancel := s.personal(ctx)
	defer cancel()
	if isSecret(ref.Group, ref.Kind) {
		return nil, withheld(ref)
	}
	for _, part := range []string{ref.Group, ref.Version, ref.Namespace, ref.Name} {
		// A name that climbs would read something else: a Secret, say.
		if why := content.IsPathSegmentName(part); len(why) > 0 {
			return nil, &model.RequestError{Text: fmt.Sprintf("reading %s: %q can't be part of an object's address: %s", ref, part, why[0])}
		}
	}
	if ref.Name == "" || ref.Kind == "" {
		return nil, &model.RequestError{Text: "reading " + ref.String() + ": a kind and a name are needed"}
	}
	doing := "reading " + ref.String()
	if err := s.reachable(ctx); err != nil {
		return nil, s.requestError(ctx, doing, err)
	}
	res, raw, err := s.readObject(ctx, ref)
	var refusal *model.RequestError
	switch {
	case errors.As(err, &refusal):
		return nil, refusal
	case apierrors.IsForbidden(err):
		return nil, s.forbiddenDocument(ref, res, err)
	case apierrors.IsNotFound(err):
		return nil, &model.RequestError{Reason: model.RequestNotFound, Text: ref.String() + " does not exist (any more)"}
	case err != nil:
		return nil, s.requestError(ctx, doing, err)
	}
	ref.Version = res.version
	d, err := s.newDocument(ref, raw)
	if errors.As(err, &refusal) {
		return nil, refusal
	}
	if err != nil {
		return nil, &model.RequestError{Text: doing + ": the answer makes no sense: " + oneLine(err.Error())}
	}
	return d, nil
}

// isSecret reports whether objects of a kind hold a Secret's data: Secrets, and
// the view of them that Cozystack's aggregated API (core.cozystack.io) gives.
func isSecret(group, kind string) bool {
	return group == model.Secret.Group() && kind == model.Secret.String() ||
		strings.HasSuffix(group, ".cozystack.io") && kind == "TenantSecret"
}

func withheld(ref model.ObjectRef) error {
	return &model.RequestError{Reason: model.RequestWithheld,
		Text: ref.String() + " is not read: a Secret's values never enter tenantry unasked; kubectl get secret shows it where you may"}
}

// readObject gets the object. A kind that is watched needs no discovery,
// unless the version it is watched in is not served.
func (s *Session) readObject(ctx context.Context, ref model.ObjectRef) (resource, []byte, error) {
	if res, ok := s.watchedResource(ref); ok {
		raw, err := s.getObject(ctx, res, ref)
		if !apierrors.IsNotFound(err) || isMissingObject(err) {
			return res, raw, err
		}
		ref.Version = ""
	}
	res, ok, err := s.resources.find(ctx, ref)
	switch {
	case err != nil:
		return resource{}, nil, err
	case !ok:
		s.resources.forget() // it may be served by the next time
		group := ref.Group
		if group == "" {
			group = "core"
		}
		return resource{}, nil, &model.RequestError{Reason: model.RequestNotServed,
			Text: fmt.Sprintf("%s is not read: the server does not serve %s in the API group %s; is its CRD installed?", ref, ref.Kind, group)}
	case isSecret(ref.Group, ref.Kind) || res.group == model.Secret.Group() && res.plural == model.Secret.Resource():
		return resource{}, nil, withheld(ref)
	}
	raw, err := s.getObject(ctx, res, ref)
	return res, raw, err
}

// watchedResource tells how a kind of the registry is served, as far as its
// watch has found out.
func (s *Session) watchedResource(ref model.ObjectRef) (resource, bool) {
	for i := range registry {
		e := &registry[i]
		if e.kind.String() != ref.Kind || e.kind.Group() != ref.Group {
			continue
		}
		version := ref.Version
		if version == "" {
			version = e.versions[0]
			for _, c := range s.allScopes() {
				if c.e == e {
					version = c.currentVersion()
					break
				}
			}
		}
		return resource{ref.Group, version, e.kind.Resource(), e.kind.Namespaced()}, true
	}
	return resource{}, false
}

func (s *Session) getObject(ctx context.Context, res resource, ref model.ObjectRef) ([]byte, error) {
	if res.namespaced && ref.Namespace == "" {
		return nil, &model.RequestError{Text: "reading " + ref.String() + ": it lives in a namespace, and none is named"}
	}
	return answer(s.client.Get().AbsPath(res.path(ref.Namespace, ref.Name)).SetHeader("Accept", acceptJSON).MaxRetries(0).DoRaw(ctx))
}

// isMissingObject tells a 404 about an object from one about its path: only
// the first names the object.
func isMissingObject(err error) bool {
	var status apierrors.APIStatus
	if !errors.As(err, &status) {
		return false
	}
	d := status.Status().Details
	return status.Status().Code == http.StatusNotFound && d != nil && d.Name != ""
}

func (s *Session) forbiddenDocument(ref model.ObjectRef, res resource, err error) error {
	who, where, role := "you", "", "ClusterRole"
	if u := s.conn.current().User; u != "" {
		who = u
	}
	if res.namespaced {
		where, role = " in the namespace "+ref.Namespace, "Role"
	}
	return &model.RequestError{Reason: model.RequestForbidden, Text: fmt.Sprintf(
		"%s may not get %s %s%s (%s); a %s with the rule {apiGroups: [%q], resources: [%s], verbs: [get]} would allow it",
		who, res.plural, ref.Name, where, plainError(err), role, res.group, res.plural)}
}

// newDocument turns the API server's answer into text. sigs.k8s.io/yaml writes
// keys in the order kubectl does.
func (s *Session) newDocument(ref model.ObjectRef, raw []byte) (*model.Document, error) {
	object := map[string]any{}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber() // an integer of 64 bits is no float
	if err := dec.Decode(&object); err != nil {
		return nil, err
	}
	if kind, _ := object["kind"].(string); kind != ref.Kind {
		if kind == model.Secret.String() {
			return nil, withheld(ref)
		}
		return nil, fmt.Errorf("asked for %s, got %q", ref.Kind, kind)
	}
	d := &model.Document{ObjectRef: ref, At: s.now() + model.Unix(s.conn.current().ClockOffsetMS/1000)}
	comment := ""
	if meta, _ := object["metadata"].(map[string]any); meta != nil {
		d.ResourceVersion, _ = meta["resourceVersion"].(string)
		d.Owners = fieldOwners(raw)
		delete(meta, "managedFields")
		if annotations, _ := meta["annotations"].(map[string]any); annotations[lastApplied] != nil {
			delete(annotations, lastApplied)
			if len(annotations) == 0 {
				delete(meta, "annotations")
			}
			comment = lastAppliedLeft
		}
	}
	text, err := json.Marshal(object)
	if err != nil {
		return nil, err
	}
	if text, err = yaml.JSONToYAML(text); err != nil {
		return nil, err
	}
	d.YAML = comment + string(text)
	return d, nil
}
