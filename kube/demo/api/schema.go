package api

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	apischema "k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/structured-merge-diff/v6/schema"
)

// fieldTypes are the types field managers work with. They are read off the Go
// types the kinds have, when a kind is first written: which fields exist,
// which lists are merged by key, which values are owned as a whole.
type fieldTypes struct {
	shape func(apischema.GroupVersionKind) any
	mu    sync.Mutex
	types map[apischema.GroupVersionKind]fieldType
}

func newFieldTypes(shape func(apischema.GroupVersionKind) any) *fieldTypes {
	return &fieldTypes{shape: shape, types: map[apischema.GroupVersionKind]fieldType{}}
}

// typeOf returns a kind's type. Each kind has a schema of its own: one that is
// in use must not grow.
func (c *fieldTypes) typeOf(gvk apischema.GroupVersionKind) fieldType {
	c.mu.Lock()
	defer c.mu.Unlock()
	t, ok := c.types[gvk]
	if !ok {
		b := newSchemaBuilder()
		t = fieldType{schema: b.schema, ref: b.root(c.shape(gvk))}
		c.types[gvk] = t
	}
	return t
}

// schemaBuilder turns Go types into a schema.
type schemaBuilder struct {
	schema *schema.Schema
	known  map[string]bool // types in the schema by name
}

func newSchemaBuilder() *schemaBuilder {
	untyped := schema.Untyped
	deduced := schema.TypeRef{NamedType: ptr("__untyped_deduced_")}
	atomic := schema.TypeRef{NamedType: ptr("__untyped_atomic_")}
	atoms := &schema.List{ElementType: atomic, ElementRelationship: schema.Atomic}
	return &schemaBuilder{known: map[string]bool{}, schema: &schema.Schema{Types: []schema.TypeDef{
		{Name: "__untyped_atomic_", Atom: schema.Atom{Scalar: &untyped, List: atoms,
			Map: &schema.Map{ElementType: atomic, ElementRelationship: schema.Atomic}}},
		{Name: "__untyped_deduced_", Atom: schema.Atom{Scalar: &untyped, List: atoms,
			Map: &schema.Map{ElementType: deduced, ElementRelationship: schema.Separable}}},
	}}}
}

func ptr[T any](v T) *T { return &v }

// root returns the type of a kind. A kind without a Go type has a proper
// metadata and is deduced for the rest.
func (c *schemaBuilder) root(shape any) schema.TypeRef {
	if shape != nil {
		return c.ref(reflect.TypeOf(shape), "")
	}
	const name = "__any_object_"
	if !c.known[name] {
		c.known[name] = true
		meta := c.ref(reflect.TypeFor[metav1.ObjectMeta](), "")
		c.define(name, schema.Atom{Map: &schema.Map{
			Fields:              []schema.StructField{{Name: "metadata", Type: meta}},
			ElementType:         schema.TypeRef{NamedType: ptr("__untyped_deduced_")},
			ElementRelationship: schema.Separable}})
	}
	return schema.TypeRef{NamedType: ptr(name)}
}

func (c *schemaBuilder) define(name string, atom schema.Atom) {
	c.schema.Types = append(c.schema.Types, schema.TypeDef{Name: name, Atom: atom})
}

var marshaler = reflect.TypeFor[json.Marshaler]()

// ref returns the type of a Go type; tag is the struct tag of the field it is
// found in, which says how lists are merged.
func (c *schemaBuilder) ref(t reflect.Type, tag reflect.StructTag) schema.TypeRef {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Implements(marshaler) || reflect.PointerTo(t).Implements(marshaler) {
		return schema.TypeRef{NamedType: ptr("__untyped_deduced_")}
	}
	scalar := func(s schema.Scalar) schema.TypeRef { return schema.TypeRef{Inlined: schema.Atom{Scalar: &s}} }
	switch t.Kind() {
	case reflect.String:
		return scalar(schema.String)
	case reflect.Bool:
		return scalar(schema.Boolean)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint32, reflect.Uint64, reflect.Float32, reflect.Float64:
		return scalar(schema.Numeric)
	case reflect.Map:
		return schema.TypeRef{Inlined: schema.Atom{Map: &schema.Map{ElementType: c.ref(t.Elem(), ""), ElementRelationship: schema.Separable}}}
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return scalar(schema.Untyped)
		}
		return c.list(t, tag)
	case reflect.Struct:
		return c.object(t)
	}
	return schema.TypeRef{NamedType: ptr("__untyped_deduced_")}
}

// list merges by the key its tag names. Ports have one more key than the tag
// can say.
func (c *schemaBuilder) list(t reflect.Type, tag reflect.StructTag) schema.TypeRef {
	l := &schema.List{ElementType: c.ref(t.Elem(), ""), ElementRelationship: schema.Atomic}
	if strings.Contains(tag.Get("patchStrategy"), "merge") {
		l.ElementRelationship = schema.Associative
		switch key := tag.Get("patchMergeKey"); key {
		case "":
		case "containerPort", "port":
			l.Keys = []string{key, "protocol"}
		default:
			l.Keys = []string{key}
		}
	}
	return schema.TypeRef{Inlined: schema.Atom{List: l}}
}

// whole are the structs owned as one value.
var whole = map[reflect.Type]bool{
	reflect.TypeFor[metav1.LabelSelector]():         true,
	reflect.TypeFor[rbacv1.RoleRef]():               true,
	reflect.TypeFor[rbacv1.Subject]():               true,
	reflect.TypeFor[corev1.LocalObjectReference]():  true,
	reflect.TypeFor[corev1.ObjectReference]():       true,
	reflect.TypeFor[corev1.ObjectFieldSelector]():   true,
	reflect.TypeFor[corev1.ResourceFieldSelector](): true,
	reflect.TypeFor[corev1.SecretKeySelector]():     true,
	reflect.TypeFor[corev1.ConfigMapKeySelector]():  true,
	reflect.TypeFor[corev1.NodeSelector]():          true,
}

func (c *schemaBuilder) object(t reflect.Type) schema.TypeRef {
	name := t.PkgPath() + "." + t.Name()
	if t.Name() == "" {
		name = fmt.Sprintf("anonymous.%p", t)
	}
	ref := schema.TypeRef{NamedType: ptr(name)}
	if c.known[name] {
		return ref
	}
	c.known[name] = true
	m := &schema.Map{ElementRelationship: schema.Separable}
	c.addFields(m, t)
	if whole[t] {
		m.ElementRelationship = schema.Atomic
	}
	c.define(name, schema.Atom{Map: m})
	return ref
}

func (c *schemaBuilder) addFields(m *schema.Map, t reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || !f.IsExported() {
			continue
		}
		if name == "" && (f.Anonymous || strings.Contains(options, "inline")) {
			c.addFields(m, f.Type)
			continue
		}
		field := schema.StructField{Name: name, Type: c.ref(f.Type, f.Tag)}
		switch {
		case name == "nodeSelector" || t == reflect.TypeFor[corev1.ServiceSpec]() && name == "selector":
			atom := field.Type.Inlined
			field.Type.Inlined.Map = &schema.Map{ElementType: atom.Map.ElementType, ElementRelationship: schema.Atomic}
		case name == "protocol":
			field.Default = "TCP"
		}
		m.Fields = append(m.Fields, field)
	}
}
