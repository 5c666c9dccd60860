package kube

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/validate/content"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"tenantry/model"
)

// maxLooks is how often a write looks again because the object's status moved
// between the look and the patch. Each time nothing was written.
const maxLooks = 4

// Do makes one change, or asks with DryRun what it would do. It is sent once;
// an answer that never came is not asked for again. It waits no longer than
// ten seconds. Every error is a *model.WriteError.
func (s *Session) Do(ctx context.Context, w model.Write) (*model.Written, error) {
	ctx, cancel := s.personal(ctx)
	defer cancel()
	if isSecret(w.Ref.Group, w.Ref.Kind) {
		defer clear(w.Body)
	}
	d := &doing{s: s, w: w}
	if s.opts.ReadOnly {
		return nil, d.fail(model.WriteReadOnly, "this session is read-only (--read-only, or the configuration says so for this context)")
	}
	for _, part := range []string{w.Ref.Group, w.Ref.Version, w.Ref.Namespace, w.Ref.Name} {
		if why := content.IsPathSegmentName(part); len(why) > 0 {
			return nil, d.fail(model.WriteRefused, fmt.Sprintf("%q can't be part of an object's address: %s", part, why[0]))
		}
	}
	if err := s.reachable(ctx); err != nil {
		return nil, d.unsent(ctx, err)
	}
	if err := d.resolve(ctx); err != nil {
		return nil, err
	}
	for range maxLooks {
		version, err := d.look(ctx)
		if errors.Is(err, errNothingLeft) {
			return d.gone(), nil
		}
		if err != nil {
			return nil, err
		}
		written, err := d.send(ctx, version)
		switch {
		case err == nil:
			return written, nil
		case version != "" && (w.Op == model.WriteMerge || w.Op == model.WriteDelete) && apierrors.IsConflict(err):
			continue // its status moved meanwhile; nothing was written
		case w.Op == model.WriteDelete && isMissingObject(err):
			return d.gone(), nil
		}
		return nil, d.refused(ctx, err)
	}
	return nil, d.fail(model.WriteChanged, "it keeps changing; look at it again")
}

// doing is one write on its way.
type doing struct {
	s   *Session
	w   model.Write
	res resource
}

func (d *doing) fail(reason model.WriteReason, text string) *model.WriteError {
	return &model.WriteError{Reason: reason, Text: d.w.Ref.String() + ": " + text}
}

// resolve finds the object's address.
func (d *doing) resolve(ctx context.Context) error {
	if res, ok := d.s.watchedResource(d.w.Ref); ok {
		d.res = res
		return nil
	}
	res, ok, err := d.s.resources.find(ctx, d.w.Ref)
	switch {
	case err != nil:
		return d.unsent(ctx, err)
	case !ok:
		d.s.resources.forget()
		return d.fail(model.WriteRefused, fmt.Sprintf("the server does not serve %s of %s; is its CRD installed?", d.w.Ref.Kind, d.w.Ref.Group))
	}
	d.res = res
	return nil
}

// gone is the answer to a deletion of what is not there: what was wanted is so.
func (d *doing) gone() *model.Written {
	return &model.Written{UID: d.w.UID, At: d.at(), Gone: true}
}

// errNothingLeft: a deletion looked for its object and there was none.
var errNothingLeft = errors.New("nothing is left to delete")

// at is now, by the server's clock.
func (d *doing) at() model.Unix {
	return d.s.now() + model.Unix(d.s.conn.current().ClockOffsetMS/1000)
}

// look compares the object with what the write was decided for, and returns
// the version the patch is then bound to. A write that relies on nothing but
// the object's identity needs no look: the UID goes into the patch.
func (d *doing) look(ctx context.Context) (version string, err error) {
	w := d.w
	if w.Generation == 0 && len(w.Was) == 0 {
		return "", nil
	}
	var now metav1.PartialObjectMetadata
	raw, err := answer(d.s.client.Get().AbsPath(d.res.path(w.Ref.Namespace, w.Ref.Name)).
		SetHeader("Accept", acceptJSON+partialForm).MaxRetries(0).DoRaw(ctx))
	if err == nil {
		err = json.Unmarshal(raw, &now)
	}
	switch {
	case w.Op == model.WriteDelete && isMissingObject(err):
		return "", errNothingLeft
	case apierrors.IsNotFound(err):
		return "", d.fail(model.WriteGone, "it does not exist any more; nothing was written")
	case apierrors.IsForbidden(err):
		return "", d.forbidden("get", err)
	case err != nil:
		return "", d.unsent(ctx, err)
	case w.UID != "" && string(now.UID) != w.UID:
		return "", d.fail(model.WriteChanged, "another object of that name has taken its place; nothing was written")
	case now.DeletionTimestamp != nil && w.Op == model.WriteDelete:
		return "", nil // its generation moved when that began, and no spec matters any more
	case now.DeletionTimestamp != nil:
		return "", d.fail(model.WriteChanged, "it is being deleted; nothing was written")
	case w.Generation != 0 && now.Generation != w.Generation:
		return "", d.fail(model.WriteChanged, fmt.Sprintf("somebody changed its spec meanwhile (generation %d is now %d); nothing was written, look again",
			w.Generation, now.Generation))
	}
	for _, a := range w.Was {
		if is := now.Annotations[a.Name]; is != a.Value {
			return "", d.fail(model.WriteChanged, fmt.Sprintf("its annotation %s is %q now and was %q; nothing was written, look again", a.Name, is, a.Value))
		}
	}
	return now.ResourceVersion, nil
}

// send does the one request.
func (d *doing) send(ctx context.Context, version string) (*model.Written, error) {
	w := d.w
	body, err := d.body(version)
	if err != nil {
		return nil, err
	}
	if isSecret(w.Ref.Group, w.Ref.Kind) {
		defer d.s.rinse(ctx, len(body))
		defer clear(body)
	}
	at := d.res.path(w.Ref.Namespace, w.Ref.Name)
	req := d.s.client.Post().AbsPath(strings.TrimSuffix(at, "/"+w.Ref.Name)).SetHeader("Content-Type", acceptJSON)
	switch w.Op {
	case model.WriteMerge:
		req = d.s.client.Patch(types.MergePatchType).AbsPath(at).SetHeader("Content-Type", string(types.MergePatchType))
	case model.WriteApply:
		req = d.s.client.Patch(types.ApplyYAMLPatchType).AbsPath(at).SetHeader("Content-Type", string(types.ApplyYAMLPatchType)).
			Param("force", fmt.Sprint(w.Force))
	case model.WriteDelete:
		req = d.s.client.Delete().AbsPath(at).SetHeader("Content-Type", acceptJSON)
	}
	if w.Op != model.WriteDelete {
		req = req.Param("fieldManager", model.FieldManager).Param("fieldValidation", "Strict")
		if w.DryRun {
			req = req.Param("dryRun", metav1.DryRunAll)
		}
	}
	accept := acceptJSON
	if isSecret(w.Ref.Group, w.Ref.Kind) {
		accept += partialForm // its values went out; they need not come back
	}
	raw, err := answer(req.SetHeader("Accept", accept).Body(body).MaxRetries(0).DoRaw(ctx))
	if err != nil && isSecret(w.Ref.Group, w.Ref.Kind) {
		hush(err, body) // before it is wiped
	}
	if err != nil {
		return nil, err
	}
	return d.written(raw)
}

// body is what is sent: the patch bound to the object it was decided for.
func (d *doing) body(version string) ([]byte, error) {
	w := d.w
	if w.Op == model.WriteDelete {
		o := metav1.DeleteOptions{}
		if w.UID != "" {
			o.Preconditions = metav1.NewUIDPreconditions(w.UID)
			if version = cmp.Or(version, w.Version); version != "" {
				o.Preconditions.ResourceVersion = &version
			}
		}
		if w.DryRun {
			o.DryRun = []string{metav1.DryRunAll}
		}
		return json.Marshal(struct {
			metav1.TypeMeta `json:",inline"`
			metav1.DeleteOptions
		}{metav1.TypeMeta{Kind: "DeleteOptions", APIVersion: "v1"}, o})
	}
	if version == "" {
		version = w.Version
	}
	if w.UID == "" && version == "" {
		return w.Body, nil
	}
	if isSecret(w.Ref.Group, w.Ref.Kind) {
		return boundBody(w.Body, w.UID, version)
	}
	patch := map[string]any{}
	if err := json.Unmarshal(w.Body, &patch); err != nil {
		return nil, fmt.Errorf("the patch makes no sense: %w", err)
	}
	meta, _ := patch["metadata"].(map[string]any)
	if meta == nil {
		meta = map[string]any{}
		patch["metadata"] = meta
	}
	if w.UID != "" {
		meta["uid"] = w.UID
	}
	if version != "" {
		meta["resourceVersion"] = version
	}
	return json.Marshal(patch)
}

// boundBody puts the object a patch is for in front of what it says, without
// reading it: what goes through a decoder leaves copies of a Secret behind.
func boundBody(body []byte, uid, version string) ([]byte, error) {
	if len(body) < 2 || body[0] != '{' || bytes.Contains(body, []byte(`"metadata":`)) {
		return nil, errors.New("the patch makes no sense")
	}
	meta := map[string]string{}
	if uid != "" {
		meta["uid"] = uid
	}
	if version != "" {
		meta["resourceVersion"] = version
	}
	head, err := json.Marshal(map[string]any{"metadata": meta})
	if err != nil {
		return nil, err
	}
	out := append(make([]byte, 0, len(head)+len(body)), head[:len(head)-1]...)
	if body[1] != '}' {
		out = append(out, ',')
	}
	return append(out, body[1:]...), nil
}

// written reads the server's answer.
func (d *doing) written(raw []byte) (*model.Written, error) {
	out := &model.Written{At: d.at()}
	var meta metav1.PartialObjectMetadata
	if err := json.Unmarshal(raw, &meta); err != nil {
		return out, nil // it was done; what the answer looks like is no reason to say otherwise
	}
	out.UID, out.ResourceVersion, out.Generation = string(meta.UID), meta.ResourceVersion, meta.Generation
	if d.w.Op == model.WriteDelete || isSecret(d.w.Ref.Group, d.w.Ref.Kind) {
		return out, nil
	}
	object := map[string]any{}
	if json.Unmarshal(raw, &object) != nil {
		return out, nil
	}
	if m, _ := object["metadata"].(map[string]any); m != nil {
		delete(m, "managedFields")
	}
	out.Object, _ = json.Marshal(object)
	return out, nil
}
