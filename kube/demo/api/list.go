package api

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/internalversion"
	"k8s.io/apimachinery/pkg/apis/meta/internalversion/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo/store"
)

func (s *Server) serveGet(w http.ResponseWriter, r *http.Request, q request, res *Resource) error {
	v := s.store.Get(res.ID(), keyOf(res, q.namespace, q.name))
	if v == nil {
		return apierrors.NewNotFound(res.GR(), q.name)
	}
	return s.writeVersion(w, r, http.StatusOK, res, v)
}

// keyOf drops the namespace of cluster-scoped resources: /namespaces/x has
// one in its path.
func keyOf(res *Resource, namespace, name string) store.Key {
	if !res.Namespaced {
		namespace = ""
	}
	return store.Key{Namespace: namespace, Name: name}
}

// listOptions reads and checks the query of a list or watch.
func listOptions(query url.Values, watch bool) (*internalversion.ListOptions, error) {
	o := &internalversion.ListOptions{
		Watch:                watch,
		AllowWatchBookmarks:  isTrue(query.Get("allowWatchBookmarks")),
		ResourceVersion:      query.Get("resourceVersion"),
		ResourceVersionMatch: metav1.ResourceVersionMatch(query.Get("resourceVersionMatch")),
		Continue:             query.Get("continue"),
	}
	if v := query.Get("limit"); v != "" {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return nil, apierrors.NewBadRequest(err.Error())
		}
		o.Limit = n
	}
	if v := query.Get("timeoutSeconds"); v != "" {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return nil, apierrors.NewBadRequest(err.Error())
		}
		o.TimeoutSeconds = &n
	}
	if query.Has("sendInitialEvents") {
		b := isTrue(query.Get("sendInitialEvents"))
		o.SendInitialEvents = &b
	}
	if errs := validation.ValidateListOptions(o, true); len(errs) > 0 {
		return nil, apierrors.NewInvalid(schema.GroupKind{Group: metav1.GroupName, Kind: "ListOptions"}, "", errs)
	}
	return o, nil
}

func parseRevision(v string) (uint64, error) {
	if v == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(v, 10, 64)
	if err != nil {
		return 0, apierrors.NewBadRequest("invalid resource version: resourceVersion: Invalid value: " + strconv.Quote(v) + ": " + err.Error())
	}
	return n, nil
}

// continueToken is where the next page starts, in the form etcd-backed
// servers use.
type continueToken struct {
	Version  string `json:"v"`
	Revision int64  `json:"rv"`
	Start    string `json:"start"`
}

const continueExpired = "The provided continue parameter is too old " +
	"to display a consistent list result. You can start a new list without " +
	"the continue parameter, or use the continue token in this response to " +
	"retrieve the remainder of the results. Continuing with the provided " +
	"token results in an inconsistent list - objects that were created, " +
	"modified, or deleted between the time the first chunk was returned " +
	"and now may show up in the list."

func (t continueToken) encode() string {
	b, _ := json.Marshal(t)
	return base64.RawURLEncoding.EncodeToString(b)
}

func decodeContinue(v string) (continueToken, error) {
	var t continueToken
	b, err := base64.RawURLEncoding.DecodeString(v)
	if err == nil {
		err = json.Unmarshal(b, &t)
	}
	if err != nil {
		return t, apierrors.NewBadRequest("invalid continue token: continue key is not valid: " + err.Error())
	}
	if t.Version != partialVersion || t.Start == "" {
		return t, apierrors.NewBadRequest("invalid continue token: continue key is not valid: server did not return a valid token")
	}
	return t, nil
}

func (s *Server) serveList(w http.ResponseWriter, r *http.Request, q request, res *Resource) error {
	out, err := negotiate(r, res, partialKind+"List")
	if err != nil {
		return err
	}
	opts, err := listOptions(q.query, false)
	if err != nil {
		return err
	}
	sel, err := parseSelection(res, q.query.Get("labelSelector"), q.query.Get("fieldSelector"))
	if err != nil {
		return err
	}
	namespace := keyOf(res, q.namespace, "").Namespace
	versions, revision, start, err := s.listFrom(res, namespace, opts)
	if err != nil {
		return err
	}
	items, meta := page(versions, sel, opts.Limit, revision, start)
	encode := encodeList
	if out.table {
		encode = s.encodeTable
	}
	body, err := encode(res, items, meta, out)
	if err != nil {
		return err
	}
	return writeBody(w, http.StatusOK, out.contentType(false), body)
}

// listFrom returns the objects a list is about, at the revision it asks for,
// and the path its page starts after.
func (s *Server) listFrom(res *Resource, namespace string, opts *internalversion.ListOptions) ([]*store.Version, uint64, string, error) {
	if opts.Continue != "" {
		token, err := decodeContinue(opts.Continue)
		if err != nil {
			return nil, 0, "", err
		}
		if token.Revision < 0 {
			// The inconsistent continuation offered by an expired page.
			versions, revision := s.store.List(res.ID(), namespace)
			return versions, revision, token.Start, nil
		}
		versions, err := s.store.ListAt(res.ID(), namespace, uint64(token.Revision))
		if err != nil {
			gone := apierrors.NewResourceExpired(continueExpired)
			gone.ErrStatus.ListMeta.Continue = continueToken{partialVersion, -1, token.Start}.encode()
			return nil, 0, "", gone
		}
		return versions, uint64(token.Revision), token.Start, nil
	}
	want, err := parseRevision(opts.ResourceVersion)
	if err != nil {
		return nil, 0, "", err
	}
	versions, revision := s.store.List(res.ID(), namespace)
	if want > revision {
		return nil, 0, "", tooLarge(want, revision)
	}
	if opts.ResourceVersionMatch == metav1.ResourceVersionMatchExact {
		versions, err = s.store.ListAt(res.ID(), namespace, want)
		if err != nil {
			return nil, 0, "", expired("The resourceVersion for the provided list is too old.")
		}
		revision = want
	}
	return versions, revision, "", nil
}

func tooLarge(want, have uint64) error {
	err := apierrors.NewTimeoutError("Too large resource version: "+
		strconv.FormatUint(want, 10)+", current: "+strconv.FormatUint(have, 10), 1)
	err.ErrStatus.Details.Causes = []metav1.StatusCause{{
		Type: metav1.CauseTypeResourceVersionTooLarge, Message: "Too large resource version"}}
	return err
}

// page selects and cuts a list.
func page(versions []*store.Version, sel selection, limit int64, revision uint64, start string) ([]*store.Version, metav1.ListMeta) {
	meta := metav1.ListMeta{ResourceVersion: strconv.FormatUint(revision, 10)}
	from := 0
	for start != "" && from < len(versions) && versions[from].Key.Path() <= start {
		from++
	}
	filtered := sel.labels != nil || sel.fields != nil
	var items []*store.Version
	for i := from; i < len(versions); i++ {
		if filtered && !sel.matches(versions[i].Content) {
			continue
		}
		if limit > 0 && int64(len(items)) == limit {
			last := items[len(items)-1].Key.Path()
			meta.Continue = continueToken{partialVersion, int64(revision), last}.encode()
			if !filtered {
				left := int64(len(versions) - i)
				meta.RemainingItemCount = &left
			}
			break
		}
		items = append(items, versions[i])
	}
	return items, meta
}
