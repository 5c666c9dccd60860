// Package restore decides what a folder that was exported means for a cluster:
// which of its objects are missing, the same, different or somebody else's, in
// which order they are applied, and how they are getting on after it. It reads
// and sends nothing itself.
package restore

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"tenantry/model"
	"tenantry/model/export"
)

// Object is one object of the folder, and what was found out about it.
type Object struct {
	File string
	Kind export.Kind
	Ref  model.ObjectRef
	Want export.Object // without what a cluster adds

	State State
	// Live is the object as it is, cleaned; nil when it is not there. UID is
	// that of the live one.
	Live export.Object
	UID  string
	// Generation is that of the live spec; 0 where there is none.
	Generation int64
	// Becomes is what the server says it would be; nil when it was not asked.
	Becomes export.Object
	Diff    []Difference
	// Prunes says what Flux would delete if it were applied; "" for nothing.
	Prunes string
	// Why says why it is left alone or refused.
	Why string
	// Later says why the server could not be asked yet; "" when it could.
	Later string
}

// State says what the folder means for an object.
type State uint8

// The states. Untold is one the server has yet to be asked about.
const (
	Untold State = iota
	New
	Same
	Changed
	Theirs  // somebody else's: left as it is
	Pruning // Flux would delete something if it were applied: left as it is
	Refused // the server, or what is known of the cluster, does not allow it
	Unread  // what is there can't be read
)

// String returns the state as a plan prints it.
func (s State) String() string {
	return [...]string{"not asked", "new", "same", "change", "left", "would delete", "refused", "unread"}[s]
}

var (
	label = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$`)
	// Roles and bindings may be called nearly anything (path segment names).
	segment = regexp.MustCompile(`^[A-Za-z0-9][-A-Za-z0-9.:_]{0,252}$`)
)

// Check takes an object as it stands in a file: what is no part of a platform
// or tenant, or can't be an object at all, is refused.
func Check(file string, o export.Object) (*Object, error) {
	apiVersion, _ := o["apiVersion"].(string)
	kind, _ := o["kind"].(string)
	if apiVersion == "" || kind == "" {
		return nil, fmt.Errorf("%s: an object without apiVersion or kind", file)
	}
	group, version, ok := strings.Cut(apiVersion, "/")
	if !ok {
		group, version = "", apiVersion
	}
	k, known := export.KindNamed(group, kind)
	meta, isMap := o["metadata"].(export.Object)
	name, _ := meta["name"].(string)
	namespace, _ := meta["namespace"].(string)
	ref := model.ObjectRef{Group: group, Version: version, Kind: kind, Namespace: namespace, Name: name}
	fail := func(format string, args ...any) (*Object, error) {
		return nil, fmt.Errorf("%s: %s: "+format, append([]any{file, ref}, args...)...)
	}
	switch {
	case !known:
		return fail("%s of %s is no part of a platform or tenant; only what an export writes is restored", kind, apiVersion)
	case !label.MatchString(version):
		return fail("%q is no version", apiVersion)
	case !isMap || name == "":
		return fail("it has no name")
	case !segment.MatchString(name):
		return fail("%q is no name", name)
	case k.Namespaced && !label.MatchString(namespace):
		return fail("%q is no namespace", namespace)
	case !k.Namespaced && namespace != "":
		return fail("a %s lives in no namespace", kind)
	}
	if at := controlIn(o); at != "" {
		return fail("%s holds control characters, which no export writes and no list of differences could show", at)
	}
	return &Object{File: file, Kind: k, Ref: ref, Want: export.Clean(o)}, nil
}

// controlIn names a field that holds what a terminal would obey or hide, "" for
// none.
func controlIn(o export.Object) string {
	var find func(path string, v any) string
	find = func(path string, v any) string {
		switch v := v.(type) {
		case string:
			if strings.ContainsFunc(v, obeyed) {
				return path
			}
		case []any:
			for i, one := range v {
				if at := find(fmt.Sprintf("%s[%d]", path, i), one); at != "" {
					return at
				}
			}
		case export.Object:
			for _, name := range slices.Sorted(maps.Keys(v)) {
				if at := find(strings.TrimPrefix(path+"."+name, "."), v[name]); at != "" {
					return at
				}
				if strings.ContainsFunc(name, obeyed) {
					return "the name of a field of " + cmp.Or(path, "the object")
				}
			}
		}
		return ""
	}
	return find("", o)
}

// obeyed reports whether a terminal would take a character for an order: to move,
// to colour, to turn the direction of what follows.
func obeyed(r rune) bool {
	return r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r))
}

// key is the object's identity in the cluster, whatever its version.
func (o *Object) key() model.ObjectRef {
	k := o.Ref
	k.Version = ""
	return k
}

// Key is the object's key; false for a kind that is not watched.
func (o *Object) Key() (model.Key, bool) { return o.Ref.Key() }

// Body is what is sent: the object as it stands in the folder.
func (o *Object) Body() []byte {
	body, err := json.Marshal(o.Want)
	if err != nil { // it came from JSON values
		return nil
	}
	return body
}

// suspends reports whether the folder wants it suspended.
func (o *Object) suspends() bool { return suspended(o.Want) }

func suspended(o export.Object) bool {
	disabled, _ := part(part(o, "metadata"), "annotations")["fluxcd.controlplane.io/reconcile"].(string)
	return part(o, "spec")["suspend"] == true || strings.EqualFold(disabled, "disabled")
}
