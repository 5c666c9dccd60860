package model

import "strings"

// Want names a kind to be read on request, in one namespace or, with "",
// everywhere the session may read.
type Want struct {
	Kind      Kind
	Namespace string
}

// ObjectRef names any object of a cluster, of whatever kind. Version is empty
// where the server's preferred one will do.
type ObjectRef struct {
	Group, Version, Kind string
	Namespace, Name      string
}

// ObjectRef returns the reference that names the object of a key.
func (k Key) ObjectRef() ObjectRef {
	return ObjectRef{Group: k.Kind.Group(), Kind: k.Kind.String(), Namespace: k.Namespace, Name: k.Name}
}

// String returns Kind/namespace/name, without the group.
func (r ObjectRef) String() string {
	return Ref{Kind: r.Kind, Namespace: r.Namespace, Name: r.Name}.String()
}

// InventoryRef reads an id of a Flux inventory, <namespace>_<name>_<group>_<kind>
// (fluxcd/cli-utils pkg/object), in which RBAC names have "__" for ":".
func InventoryRef(id string) (ObjectRef, bool) {
	rest, kind, ok := cutLast(id, "_")
	if !ok {
		return ObjectRef{}, false
	}
	rest, group, ok := cutLast(rest, "_")
	if !ok {
		return ObjectRef{}, false
	}
	namespace, name, ok := strings.Cut(rest, "_")
	if !ok || kind == "" || name == "" {
		return ObjectRef{}, false
	}
	if group == groupRBAC {
		name = strings.ReplaceAll(name, "__", ":")
	}
	return ObjectRef{Group: group, Kind: kind, Namespace: namespace, Name: name}, true
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// Document is one live object as text, and who wrote its fields.
type Document struct {
	ObjectRef
	// YAML is the object as kubectl would print it, without managedFields and
	// last-applied-configuration. It is the cluster's text: clean it before it
	// is drawn.
	YAML            string
	Owners          []FieldOwner // by path, then manager
	At              Unix         // when it was read, by the server's clock
	ResourceVersion string
}

// FieldOwner says who last applied or wrote a field.
type FieldOwner struct {
	// Path is the field as managedFields name it, e.g. .spec.replicas or
	// .spec.template.spec.containers[name="web"].image.
	Path                            string
	Manager, Operation, Subresource string
	Time                            Unix
}

// Access is one thing to do with one resource: what an access review is asked
// about. Namespace "" means cluster-wide, or a cluster-scoped object; Name ""
// any object.
type Access struct {
	Verb, Group, Resource, Subresource string
	Namespace, Name                    string
}

// Permission is the server's answer about one Access.
type Permission struct {
	Access Access
	State  PermissionState
	// Reason is the server's explanation, which may be empty, or why it could
	// not be asked.
	Reason string
}

// PermissionState says whether something is allowed.
type PermissionState uint8

// The states of a permission. Unknown means that nobody could say: neither
// promise it nor hide it.
const (
	PermissionUnknown PermissionState = iota
	PermissionAllowed
	PermissionDenied
)

// String returns the state's word.
func (p PermissionState) String() string {
	switch p {
	case PermissionAllowed:
		return "allowed"
	case PermissionDenied:
		return "denied"
	}
	return "unknown"
}

// RequestError says in words why the cluster did not give what was asked for.
type RequestError struct {
	Reason RequestReason
	Text   string
}

// Error returns the words.
func (e *RequestError) Error() string { return e.Text }

// RequestReason tells apart why a request failed.
type RequestReason uint8

// The reasons.
const (
	RequestFailed      RequestReason = iota // none of the others; Text says
	RequestNotFound                         // the object does not exist
	RequestNotServed                        // the server does not serve the kind
	RequestForbidden                        // the user may not
	RequestUnreachable                      // nothing was heard from the server
	RequestTimedOut                         // it did not answer in time
	RequestWithheld                         // never asked for: a Secret
)

// AccessRule is one thing a user may do (SelfSubjectRulesReview's resourceRules).
type AccessRule struct{ Verbs, Groups, Resources, Names []string }

// AccessRules are what a user may do in a namespace, what is granted cluster-wide
// included.
type AccessRules struct {
	Namespace string
	Rules     []AccessRule
	// Incomplete: an authorizer that can't list its rules may allow more.
	Incomplete bool
}
