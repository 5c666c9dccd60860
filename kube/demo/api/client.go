package api

import (
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo/store"
	"tenantry/kube/demo/tree"
)

// Object is an object as JSON tree.
type Object = map[string]any

// Client lets the embedded controllers use the server without HTTP. It is
// subject to the same rules: its user's rights, ownership of fields, conflicts.
type Client struct {
	s       *Server
	user    User
	manager string
	untrack bool
}

// Client returns a client that acts as user and writes as manager.
func (s *Server) Client(user User, manager string) *Client {
	return &Client{s: s, user: user, manager: manager}
}

// As returns a client for another user with the same field manager.
func (c *Client) As(user User) *Client {
	return &Client{s: c.s, user: user, manager: c.manager, untrack: c.untrack}
}

// Untracked returns a client whose creates and edits leave no managedFields.
// Nobody reads those of pods, events and the like, and they cost most of a
// write. Its edits are not checked either: they are the controllers' own.
func (c *Client) Untracked() *Client {
	return &Client{s: c.s, user: c.user, manager: c.manager, untrack: true}
}

func (c *Client) own(res *Resource, live, obj map[string]any, opts writeOptions) (map[string]any, error) {
	if c.untrack {
		return obj, nil
	}
	return c.s.trackUpdate(res, "", live, obj, opts.manager)
}

// User returns the name the client acts under.
func (c *Client) User() string { return c.user.Name }

// Server returns the server behind the client.
func (c *Client) Server() *Server { return c.s }

func (c *Client) open(gk schema.GroupKind, verb, namespace, name, subresource string) (*Resource, error) {
	res := c.s.resourceOfGroupKind(gk)
	if res == nil {
		return nil, newStatus(404, metav1.StatusReasonNotFound, "no matches for kind %q in group %q", gk.Kind, gk.Group)
	}
	a := attributes{verb: verb, group: res.Group, resource: res.Plural, subresource: subresource, namespace: namespace, name: name}
	// A namespace's own requests name it in their path, hence as namespace too.
	if res.Plural == "namespaces" && res.Group == "" {
		a.namespace = name
	}
	return res, c.s.authorize(c.user, a)
}

func (s *Server) resourceOfGroupKind(gk schema.GroupKind) *Resource {
	for _, r := range s.builtins {
		if r.Kind == gk.Kind && r.Group == gk.Group {
			return r
		}
	}
	crds, _ := s.store.List(crdID, "")
	for _, crd := range crds {
		if r := s.customResource(crd); r != nil && r.Kind == gk.Kind && r.Group == gk.Group {
			return r
		}
	}
	return nil
}

// Known returns the resource of a kind, or nil.
func (c *Client) Known(gk schema.GroupKind) *Resource { return c.s.resourceOfGroupKind(gk) }

// Get returns an object to read. It is shared: copy it before changing it.
func (c *Client) Get(gk schema.GroupKind, namespace, name string) (Object, error) {
	res, err := c.open(gk, "get", namespace, name, "")
	if err != nil {
		return nil, err
	}
	v := c.s.store.Get(res.ID(), keyOf(res, namespace, name))
	if v == nil {
		return nil, apierrors.NewNotFound(res.GR(), name)
	}
	return v.Content, nil
}

// List returns objects to read; namespace "" is all.
func (c *Client) List(gk schema.GroupKind, namespace string) []Object {
	res, err := c.open(gk, "list", namespace, "", "")
	if err != nil {
		return nil
	}
	versions, _ := c.s.store.List(res.ID(), namespace)
	out := make([]Object, len(versions))
	for i, v := range versions {
		out[i] = v.Content
	}
	return out
}

// Create stores a new object, which the server keeps.
func (c *Client) Create(obj Object) (Object, error) {
	gk, namespace, name := identify(obj)
	res, err := c.open(gk, "create", namespace, name, "")
	if err != nil {
		return nil, err
	}
	v, err := c.s.create(res, keyOf(res, namespace, "").Namespace, obj, writeOptions{manager: c.manager, trusted: c.untrack}, c.own)
	if err != nil {
		return nil, err
	}
	return v.Content, nil
}

// Apply applies a configuration server-side; config is not changed. created says that there was no
// such object; changed that something was written.
func (c *Client) Apply(config Object, force, dryRun bool) (out Object, created, changed bool, err error) {
	gk, namespace, name := identify(config)
	res, err := c.open(gk, "patch", namespace, name, "")
	if err != nil {
		return nil, false, false, err
	}
	key := keyOf(res, namespace, name)
	var before uint64
	if v := c.s.store.Get(res.ID(), key); v != nil {
		before = v.Revision
	}
	q := request{user: c.user, verb: "patch", isResource: true, group: res.Group, version: res.Version,
		plural: res.Plural, namespace: namespace, name: name}
	v, created, err := c.s.apply(q, res, key, config, writeOptions{manager: c.manager, force: force, dryRun: dryRun})
	if err != nil {
		return nil, false, false, err
	}
	if dryRun {
		live := c.s.store.Get(res.ID(), key)
		return v.Content, created, live == nil || !sameObject(live.Content, v.Content), nil
	}
	return v.Content, created, v.Revision != before, nil
}

// Edit changes an object: f gets a copy and may refuse by returning an error.
func (c *Client) Edit(gk schema.GroupKind, namespace, name string, f func(Object) error) (Object, error) {
	return c.edit(gk, namespace, name, "", f)
}

// EditStatus changes an object's status: f gets a copy of the whole object.
func (c *Client) EditStatus(gk schema.GroupKind, namespace, name string, f func(Object) error) (Object, error) {
	return c.edit(gk, namespace, name, "status", f)
}

func (c *Client) edit(gk schema.GroupKind, namespace, name, subresource string, f func(Object) error) (Object, error) {
	res, err := c.open(gk, "update", namespace, name, subresource)
	if err != nil {
		return nil, err
	}
	if !res.Status {
		subresource = ""
	}
	v, err := c.s.change(res, keyOf(res, namespace, name), subresource, writeOptions{manager: c.manager, trusted: c.untrack},
		func(live map[string]any) (map[string]any, error) {
			if c.untrack && subresource == "status" {
				// Only the status may change, so the rest is shared.
				next := tree.CopyTop(live)
				if status, ok := live["status"]; ok {
					next["status"] = runtime.DeepCopyJSONValue(status)
				}
				return next, f(next)
			}
			next := runtime.DeepCopyJSON(live)
			return next, f(next)
		}, func(live, next map[string]any) (map[string]any, error) {
			if c.untrack {
				return next, nil
			}
			return c.s.trackUpdate(res, subresource, live, next, c.manager)
		})
	if err != nil {
		return nil, err
	}
	return v.Content, nil
}

// Delete removes an object; a missing one is an error.
func (c *Client) Delete(gk schema.GroupKind, namespace, name string, opts *metav1.DeleteOptions) error {
	res, err := c.open(gk, "delete", namespace, name, "")
	if err != nil {
		return err
	}
	if opts == nil {
		opts = &metav1.DeleteOptions{}
	}
	_, _, err = c.s.delete(res, keyOf(res, namespace, name), opts)
	return err
}

func identify(obj Object) (gk schema.GroupKind, namespace, name string) {
	gv, _ := schema.ParseGroupVersion(tree.Str(obj, "apiVersion"))
	return schema.GroupKind{Group: gv.Group, Kind: tree.Str(obj, "kind")},
		tree.Str(obj, "metadata", "namespace"), tree.Str(obj, "metadata", "name")
}

// Can asks whether the client's user may do something.
func (c *Client) Can(verb, group, resource, namespace, name string) bool {
	ok, _ := c.s.allows(c.user, attributes{verb: verb, group: group, resource: resource, namespace: namespace, name: name})
	return ok
}

// Key names an object of a resource as the store's events do.
func Key(namespace, name string) store.Key { return store.Key{Namespace: namespace, Name: name} }

// StatusReason returns an error's reason, e.g. "Forbidden", or "".
func StatusReason(err error) string { return fmt.Sprint(apierrors.ReasonForError(err)) }
