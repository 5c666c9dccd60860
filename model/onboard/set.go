package onboard

import (
	"encoding/json"
	"fmt"
	"regexp"

	"tenantry/model"
	"tenantry/model/action"
)

// A tenant as a ResourceSet: one object of which flux-operator makes all the
// others, once for each namespace, and puts back what somebody changes of them.
// Its templates are the very objects that would be applied else.

// The inputs a namespace gives; flux-operator's templates use << and >>.
const (
	inputNamespace = "<< inputs.namespace >>"
	inputPath      = "<< inputs.path >>"
)

// SetKey is the ResourceSet a tenant is made by; false when it is made of
// single objects.
func (s Spec) SetKey() (model.Key, bool) {
	return model.Key{Kind: model.ResourceSet, Namespace: s.Set, Name: s.Name}, s.Set != ""
}

// set is the ResourceSet.
func (s Spec) set() Object {
	inner := s
	inner.Set, inner.Spaces = "", []Space{{Namespace: inputNamespace, Path: inputPath}}
	var resources []json.RawMessage
	for _, o := range inner.Objects() {
		resources = append(resources, o.Body)
	}
	var inputs []manifest
	for _, sp := range s.Spaces {
		inputs = append(inputs, manifest{"namespace": sp.Namespace, "path": sp.Path})
	}
	k, _ := s.SetKey()
	body, _ := json.Marshal(manifest{ // maps of plain values: cannot fail
		"apiVersion": k.Kind.Group() + "/v1", "kind": k.Kind.String(),
		"metadata": manifest{"name": k.Name, "namespace": k.Namespace},
		"spec":     manifest{"inputs": inputs, "resources": resources},
	})
	return Object{Ref: k.ObjectRef(), Body: body, Resource: k.Kind.Resource(),
		Why: fmt.Sprintf("of which flux-operator makes %d objects in each of %d namespaces, and puts them back when they are changed", len(resources), len(s.Spaces))}
}

// yamlWord is text that YAML takes for something else than text: a template
// puts it into a manifest without quotes.
var yamlWord = regexp.MustCompile(`^([-+.0-9_xeo]+|[-+]?0x[0-9a-f]+|null|true|false|yes|no|on|off|y|n|~)$`)

// inSet looks at what is in the way of a ResourceSet.
func (c *checker) inSet() {
	k, ok := c.spec.SetKey()
	if !ok {
		return
	}
	if c.store.KindStatus(k.Kind).State == model.ScopeAbsent {
		c.add(true, FieldNone, -1, "there is no flux-operator here that would make anything of a ResourceSet")
	}
	if o := c.store.Get(k); o != nil {
		c.setThere(o)
	}
	for i, sp := range c.spec.Spaces {
		if yamlWord.MatchString(sp.Namespace) {
			c.add(true, FieldNamespace, i, "a ResourceSet can't take %q for a namespace: its templates would make a number or a truth value of it", sp.Namespace)
		}
		if yamlWord.MatchString(sp.Path) && sp.Path != "./" {
			c.add(true, FieldPath, i, "a ResourceSet can't take %q for a path: write ./%s", sp.Path, sp.Path)
		}
	}
}

// setThere looks at a ResourceSet that exists: only the one that was sent before
// is changed, and only so that none of its namespaces goes.
func (c *checker) setThere(o *model.Object) {
	owner, owned := c.store.Owner(o)
	switch {
	case owned:
		c.add(true, FieldName, -1, "%s exists already and %s applies it: choose another name, or change it there", o.Key, owner)
	case !c.mendsSet(o.Key):
		c.add(true, FieldName, -1, "%s exists already: choose another name, or change it where it is kept", o.Key)
	default:
		if why := c.spec.leavesWhy(o.Key, spacesOf(model.InventoryRefs(o))); why != "" {
			c.add(true, FieldNamespace, -1, "%s", why)
			return
		}
		c.exists(FieldName, -1, o.Key)
	}
}

func (c *checker) mendsSet(k model.Key) bool {
	if c.sent == nil {
		return false
	}
	was, asSet := c.sent.SetKey()
	return asSet && was == k
}

// watchSet follows what comes of a ResourceSet: itself, then each source and
// sync it makes.
func (s Spec) watchSet(k model.Key) []action.Step {
	s = s.withDefaults()
	out := []action.Step{{Key: k, Watch: true, Wait: true, Words: "wait until " + k.String() + " has made them", Judge: made(k)}}
	var syncs []action.Step
	for _, sp := range s.Spaces {
		source := model.Key{Kind: model.GitRepository, Namespace: sp.Namespace, Name: s.Source.Name}
		sync := model.Key{Kind: model.Kustomization, Namespace: sp.Namespace, Name: s.Source.Name}
		out = append(out, action.Step{Key: source, Watch: true, Words: "fetch " + source.String(), Judge: once(source, fetched(source)), Took: action.FetchTook(source)})
		syncs = append(syncs, action.Step{Key: sync, Watch: true, Words: "wait for " + sync.String(), Judge: once(sync, applied(sync, s)), Took: action.SettleTook(sync)})
	}
	return append(out, syncs...)
}
