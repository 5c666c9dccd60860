package api

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"sync"

	"k8s.io/apimachinery/pkg/util/validation/field"

	"tenantry/kube/demo/tree"
)

// validate checks an object as far as tenantry's own writes can go wrong; live
// is nil for a new one.
func validate(res *Resource, live, obj map[string]any) field.ErrorList {
	switch res.Group + "/" + res.Kind {
	case "source.toolkit.fluxcd.io/GitRepository":
		c := checks{obj: obj}
		c.required("spec", "interval")
		c.required("spec", "url")
		c.pattern(durationPattern, "spec", "interval")
		c.pattern(`^(http|https|ssh)://.*$`, "spec", "url")
		c.pattern(`^([0-9]+(\.[0-9]+)?(ms|s|m))+$`, "spec", "timeout")
		c.oneOf([]string{"generic", "aws", "azure", "github"}, "spec", "provider")
		return c.incomplete()
	case "source.toolkit.fluxcd.io/OCIRepository":
		c := checks{obj: obj}
		c.required("spec", "interval")
		c.required("spec", "url")
		c.pattern(durationPattern, "spec", "interval")
		c.pattern(`^oci://.*$`, "spec", "url")
		return c.incomplete()
	case "kustomize.toolkit.fluxcd.io/Kustomization":
		c := checks{obj: obj}
		c.required("spec", "interval")
		c.required("spec", "prune")
		c.required("spec", "sourceRef")
		if _, ok := tree.Map(obj, "spec")["sourceRef"]; ok {
			c.required("spec", "sourceRef", "kind")
			c.required("spec", "sourceRef", "name")
		}
		c.pattern(durationPattern, "spec", "interval")
		c.pattern(durationPattern, "spec", "retryInterval")
		c.pattern(durationPattern, "spec", "timeout")
		c.oneOf([]string{"OCIRepository", "GitRepository", "Bucket", "ExternalArtifact"}, "spec", "sourceRef", "kind")
		return c.incomplete()
	case "fluxcd.controlplane.io/FluxInstance":
		return validateInstance(live, obj)
	case "fluxcd.controlplane.io/ResourceSet":
		return validateSet(obj)
	case "apps/Deployment":
		return validateDeployment(live, obj)
	case rbacGroup + "/RoleBinding", rbacGroup + "/ClusterRoleBinding":
		if live != nil && !reflect.DeepEqual(live["roleRef"], obj["roleRef"]) {
			return field.ErrorList{field.Invalid(field.NewPath("roleRef"), roleRefOf(obj), "cannot change roleRef")}
		}
	case "/Secret":
		if live != nil && live["type"] != obj["type"] {
			return field.ErrorList{field.Invalid(field.NewPath("type"), obj["type"], "field is immutable")}
		}
	}
	return nil
}

const durationPattern = `^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$`

// checks gathers what is wrong with a custom object, in the words of the
// server's schema validation.
type checks struct {
	obj  map[string]any
	errs field.ErrorList
}

func fieldPath(path []string) *field.Path { return field.NewPath(path[0], path[1:]...) }

func (c *checks) value(path []string) (any, bool) {
	v, ok := tree.Map(c.obj, path[:len(path)-1]...)[path[len(path)-1]]
	return v, ok
}

func (c *checks) required(path ...string) {
	if _, ok := c.value(path); !ok {
		c.errs = append(c.errs, field.Required(fieldPath(path), ""))
	}
}

func (c *checks) pattern(pattern string, path ...string) {
	v, ok := c.value(path)
	if !ok {
		return
	}
	at := fieldPath(path)
	text, ok := v.(string)
	if !ok {
		c.errs = append(c.errs, field.TypeInvalid(at, jsonTypeName(v), fmt.Sprintf("%s in body must be of type string: %q", at, jsonTypeName(v))))
		return
	}
	if !matches(pattern, text) {
		c.errs = append(c.errs, field.Invalid(at, text, fmt.Sprintf("%s in body should match '%s'", at, pattern)))
	}
}

// list refuses what is there and is no list.
func (c *checks) list(path ...string) {
	v, ok := c.value(path)
	if _, is := v.([]any); !ok || is {
		return
	}
	at, have := fieldPath(path), jsonTypeName(v)
	c.errs = append(c.errs, field.TypeInvalid(at, have, fmt.Sprintf("%s in body must be of type array: %q", at, have)))
}

func (c *checks) oneOf(values []string, path ...string) {
	if v, ok := c.value(path); ok {
		if text, _ := v.(string); !contains(values, text) {
			c.errs = append(c.errs, field.NotSupported(fieldPath(path), v, values))
		}
	}
}

// incomplete adds what the server says when a shape is so wrong that further
// rules could not be asked. A wrong pattern alone does not stop them.
func (c *checks) incomplete() field.ErrorList {
	for _, e := range c.errs {
		if e.Type == field.ErrorTypeRequired || e.Type == field.ErrorTypeNotSupported || e.Type == field.ErrorTypeTypeInvalid {
			return append(c.errs, &field.Error{Type: field.ErrorTypeInvalid, Field: "<nil>", BadValue: nil,
				Detail: "some validation rules were not checked because the object was invalid; correct the existing errors to complete validation"})
		}
	}
	return c.errs
}

// patterns are compiled when first needed: an import must cost nothing.
var patterns sync.Map

func matches(pattern, text string) bool {
	re, ok := patterns.Load(pattern)
	if !ok {
		re, _ = patterns.LoadOrStore(pattern, regexp.MustCompile(pattern))
	}
	return re.(*regexp.Regexp).MatchString(text)
}

// jsonTypeName names a JSON value's type as schema validation does.
func jsonTypeName(v any) string {
	switch v.(type) {
	case string:
		return "string"
	case bool:
		return "boolean"
	case int64, int:
		return "integer"
	case float64:
		return "number"
	case []any:
		return "array"
	case nil:
		return "null"
	}
	return "object"
}

func validateInstance(live, obj map[string]any) field.ErrorList {
	c := checks{obj: obj}
	if _, ok := tree.Map(obj, "spec")["distribution"]; !ok {
		c.required("spec", "distribution")
	} else {
		c.required("spec", "distribution", "registry")
		c.required("spec", "distribution", "version")
	}
	if sync, ok := tree.Map(obj, "spec")["sync"].(map[string]any); ok {
		for _, f := range []string{"kind", "path", "ref", "url"} {
			c.required("spec", "sync", f)
		}
		c.oneOf([]string{"OCIRepository", "GitRepository", "Bucket"}, "spec", "sync", "kind")
		c.oneOf([]string{"generic", "aws", "azure", "gcp", "github"}, "spec", "sync", "provider")
		c.pattern(durationPattern, "spec", "sync", "interval")
		kind, provider := tree.Str(sync, "kind"), tree.Str(sync, "provider")
		at := field.NewPath("spec", "sync")
		if provider == "gcp" && kind == "GitRepository" {
			c.errs = append(c.errs, field.Invalid(at, field.OmitValueType{}, "sync.provider 'gcp' is only supported for OCIRepository and Bucket"))
		}
		if provider == "github" && kind != "GitRepository" {
			c.errs = append(c.errs, field.Invalid(at, field.OmitValueType{}, "sync.provider 'github' is only supported for GitRepository"))
		}
		// A transition rule: it looks only where both sides have the field.
		was, had := tree.Map(live, "spec", "sync")["name"]
		if is, has := sync["name"]; had && has && was != is {
			c.errs = append(c.errs, field.Invalid(at.Child("name"), is, "Sync name is immutable"))
		}
	}
	if name := tree.Str(obj, "metadata", "name"); name != "flux" && len(c.errs) == 0 {
		c.errs = append(c.errs, field.Invalid(nil, field.OmitValueType{}, "the only accepted name for a FluxInstance is 'flux'"))
	}
	return c.incomplete()
}

func validateSet(obj map[string]any) field.ErrorList {
	c := checks{obj: obj}
	for _, name := range []string{"inputs", "inputsFrom", "resources", "dependsOn", "steps"} {
		c.list("spec", name)
	}
	if len(c.errs) > 0 {
		return c.incomplete()
	}
	spec := tree.Map(obj, "spec")
	_, steps := spec["steps"]
	_, resources := spec["resources"]
	_, text := spec["resourcesTemplate"]
	switch {
	case steps && (resources || text):
		c.errs = append(c.errs, field.Invalid(field.NewPath("spec"), field.OmitValueType{}, "steps is mutually exclusive with resources and resourcesTemplate"))
	case !steps && !resources && !text:
		c.errs = append(c.errs, field.Invalid(field.NewPath("spec"), field.OmitValueType{}, "at least one of steps, resources or resourcesTemplate must be set"))
	}
	return c.errs
}

func validateDeployment(live, obj map[string]any) field.ErrorList {
	var errs field.ErrorList
	spec := field.NewPath("spec")
	selector := tree.Map(obj, "spec", "selector")
	labels := tree.Map(obj, "spec", "template", "metadata", "labels")
	if len(selector) == 0 {
		errs = append(errs, field.Required(spec.Child("selector"), ""))
	}
	for k, v := range tree.Map(selector, "matchLabels") {
		if labels[k] != v {
			errs = append(errs, field.Invalid(spec.Child("template", "metadata", "labels"), asFields(labels), "`selector` does not match template `labels`"))
			break
		}
	}
	if live != nil && !reflect.DeepEqual(tree.Map(live, "spec", "selector"), selector) {
		errs = append(errs, field.Invalid(spec.Child("selector"), asFields(selector), "field is immutable"))
	}
	if len(tree.List(obj, "spec", "template", "spec", "containers")) == 0 {
		errs = append(errs, field.Required(spec.Child("template", "spec", "containers"), ""))
	}
	if n := tree.Int(obj, "spec", "replicas"); n < 0 {
		errs = append(errs, field.Invalid(spec.Child("replicas"), n, "must be greater than or equal to 0").WithOrigin("minimum"))
	}
	return errs
}

// asFields keeps a map printable in an error: field errors print strings,
// numbers and structs, and panic on nothing else.
func asFields(v any) any { return jsonValue{v} }

// jsonValue prints as JSON in an error.
type jsonValue struct{ v any }

// MarshalJSON implements json.Marshaler.
func (j jsonValue) MarshalJSON() ([]byte, error) { return json.Marshal(j.v) }

// roleRefOf prints a role reference as the server's own type does.
func roleRefOf(obj map[string]any) any {
	return asFields(struct{ APIGroup, Kind, Name string }{tree.Str(obj, "roleRef", "apiGroup"), tree.Str(obj, "roleRef", "kind"), tree.Str(obj, "roleRef", "name")})
}
