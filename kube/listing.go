package kube

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/validate/content"

	"tenantry/model"
)

// listPage is how many objects one request asks for: the server's own size of a
// page that is cheap to make.
const listPage = "500"

// List reads the live objects of a kind and hands each to f as JSON decodes it,
// page by page. The reference's namespace restricts it; its name is not looked
// at. Secrets are never asked for. An error of f ends it and is returned; every
// other error is a *model.RequestError.
func (s *Session) List(ctx context.Context, ref model.ObjectRef, f func(map[string]any) error) error {
	what := ref.Kind + " objects"
	if ref.Namespace != "" {
		what += " in " + ref.Namespace
	}
	if isSecret(ref.Group, ref.Kind) {
		return withheld(ref)
	}
	if why := content.IsPathSegmentName(ref.Namespace); len(why) > 0 {
		return &model.RequestError{Text: fmt.Sprintf("listing %s: %q can't be part of an address: %s", what, ref.Namespace, why[0])}
	}
	if err := s.reachable(ctx); err != nil {
		return s.requestError(ctx, "listing "+what, err)
	}
	res, ok := s.watchedResource(ref)
	if !ok {
		var err error
		if res, ok, err = s.resources.find(ctx, ref); err != nil {
			return s.requestError(ctx, "listing "+what, err)
		}
	}
	if !ok || isSecret(res.group, ref.Kind) || res.group == model.Secret.Group() && res.plural == model.Secret.Resource() {
		return &model.RequestError{Reason: model.RequestNotServed, Text: "the server does not serve " + what}
	}
	return s.listPages(ctx, res, ref, what, f)
}

func (s *Session) listPages(ctx context.Context, res resource, ref model.ObjectRef, what string, f func(map[string]any) error) error {
	path := res.collection(ref.Namespace)
	for next := ""; ; {
		req := s.client.Get().AbsPath(path).SetHeader("Accept", acceptJSON).Param("limit", listPage).MaxRetries(0)
		if next != "" {
			req = req.Param("continue", next)
		}
		raw, err := answer(req.DoRaw(ctx))
		switch {
		case apierrors.IsForbidden(err):
			return &model.RequestError{Reason: model.RequestForbidden, Text: fmt.Sprintf(
				"you may not list %s (%s); a rule {apiGroups: [%q], resources: [%s], verbs: [list]} would allow it", what, plainError(err), res.group, res.plural)}
		case apierrors.IsNotFound(err):
			return &model.RequestError{Reason: model.RequestNotServed, Text: "the server does not serve " + what}
		case err != nil:
			return s.requestError(ctx, "listing "+what, err)
		}
		var page struct {
			APIVersion string
			Metadata   struct{ Continue string }
			Items      []json.RawMessage
		}
		if err := json.Unmarshal(raw, &page); err != nil {
			return &model.RequestError{Text: "listing " + what + ": the answer makes no sense: " + oneLine(err.Error())}
		}
		for _, item := range page.Items {
			object, err := decodeListed(item, page.APIVersion, ref.Kind)
			if err != nil {
				return &model.RequestError{Text: "listing " + what + ": the answer makes no sense: " + oneLine(err.Error())}
			}
			if err := f(object); err != nil {
				return err
			}
		}
		if next = page.Metadata.Continue; next == "" {
			return nil
		}
	}
}

// decodeListed decodes one object of a list, in which built-in kinds leave out
// what kind they are.
func decodeListed(item json.RawMessage, apiVersion, kind string) (map[string]any, error) {
	object := map[string]any{}
	dec := json.NewDecoder(bytes.NewReader(item))
	dec.UseNumber() // an integer of 64 bits is no float
	if err := dec.Decode(&object); err != nil {
		return nil, err
	}
	object["apiVersion"], object["kind"] = apiVersion, kind
	return object, nil
}
