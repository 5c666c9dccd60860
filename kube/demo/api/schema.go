package api

import (
	"fmt"
	"sync"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/structured-merge-diff/v6/typed"
)

// mergeSchema says which lists are merged by key. Everything it does not name
// is deduced from the value: maps are granular and lists atomic, which is
// exactly what Flux's own definitions declare.
const mergeSchema = `types:
- name: object
  map:
    fields:
    - name: apiVersion
      type: {scalar: string}
    - name: kind
      type: {scalar: string}
    - name: metadata
      type: {namedType: meta}
    - name: roleRef
      type: {namedType: __untyped_atomic_}
    elementType: {namedType: __untyped_deduced_}
- name: meta
  map:
    fields:
    - name: finalizers
      type: {list: {elementType: {scalar: string}, elementRelationship: associative}}
    - name: ownerReferences
      type: {list: {elementType: {namedType: __untyped_deduced_}, elementRelationship: associative, keys: [uid]}}
    elementType: {namedType: __untyped_deduced_}
- name: workload
  map:
    fields:
    - name: metadata
      type: {namedType: meta}
    - name: spec
      type: {namedType: workloadSpec}
    - name: status
      type: {namedType: conditioned}
    elementType: {namedType: __untyped_deduced_}
- name: conditioned
  map:
    fields:
    - name: conditions
      type: {list: {elementType: {namedType: __untyped_deduced_}, elementRelationship: associative, keys: [type]}}
    elementType: {namedType: __untyped_deduced_}
- name: workloadSpec
  map:
    fields:
    - name: selector
      type: {namedType: __untyped_atomic_}
    - name: template
      type: {namedType: template}
    elementType: {namedType: __untyped_deduced_}
- name: template
  map:
    fields:
    - name: metadata
      type: {namedType: meta}
    - name: spec
      type: {namedType: podSpec}
    elementType: {namedType: __untyped_deduced_}
- name: pod
  map:
    fields:
    - name: metadata
      type: {namedType: meta}
    - name: spec
      type: {namedType: podSpec}
    - name: status
      type: {namedType: conditioned}
    elementType: {namedType: __untyped_deduced_}
- name: podSpec
  map:
    fields:
    - name: containers
      type: {list: {elementType: {namedType: container}, elementRelationship: associative, keys: [name]}}
    - name: initContainers
      type: {list: {elementType: {namedType: container}, elementRelationship: associative, keys: [name]}}
    - name: volumes
      type: {list: {elementType: {namedType: __untyped_deduced_}, elementRelationship: associative, keys: [name]}}
    - name: imagePullSecrets
      type: {list: {elementType: {namedType: __untyped_deduced_}, elementRelationship: associative, keys: [name]}}
    - name: nodeSelector
      type: {namedType: __untyped_atomic_}
    elementType: {namedType: __untyped_deduced_}
- name: container
  map:
    fields:
    - name: env
      type: {list: {elementType: {namedType: __untyped_deduced_}, elementRelationship: associative, keys: [name]}}
    - name: volumeMounts
      type: {list: {elementType: {namedType: __untyped_deduced_}, elementRelationship: associative, keys: [mountPath]}}
    - name: ports
      type: {list: {elementType: {namedType: containerPort}, elementRelationship: associative, keys: [containerPort, protocol]}}
    elementType: {namedType: __untyped_deduced_}
- name: containerPort
  map:
    fields:
    - name: containerPort
      type: {scalar: numeric}
    - name: protocol
      type: {scalar: string}
      default: TCP
    elementType: {namedType: __untyped_deduced_}
- name: service
  map:
    fields:
    - name: metadata
      type: {namedType: meta}
    - name: spec
      type: {namedType: serviceSpec}
    elementType: {namedType: __untyped_deduced_}
- name: serviceSpec
  map:
    fields:
    - name: selector
      type: {namedType: __untyped_atomic_}
    - name: ports
      type: {list: {elementType: {namedType: servicePort}, elementRelationship: associative, keys: [port, protocol]}}
    elementType: {namedType: __untyped_deduced_}
- name: servicePort
  map:
    fields:
    - name: port
      type: {scalar: numeric}
    - name: protocol
      type: {scalar: string}
      default: TCP
    elementType: {namedType: __untyped_deduced_}
- name: account
  map:
    fields:
    - name: metadata
      type: {namedType: meta}
    - name: secrets
      type: {list: {elementType: {namedType: __untyped_deduced_}, elementRelationship: associative, keys: [name]}}
    elementType: {namedType: __untyped_deduced_}
- name: namespace
  map:
    fields:
    - name: metadata
      type: {namedType: meta}
    - name: status
      type: {namedType: conditioned}
    elementType: {namedType: __untyped_deduced_}
- name: __untyped_atomic_
  scalar: untyped
  list: {elementType: {namedType: __untyped_atomic_}, elementRelationship: atomic}
  map: {elementType: {namedType: __untyped_atomic_}, elementRelationship: atomic}
- name: __untyped_deduced_
  scalar: untyped
  list: {elementType: {namedType: __untyped_atomic_}, elementRelationship: atomic}
  map: {elementType: {namedType: __untyped_deduced_}, elementRelationship: separable}
`

// mergeTypes names the type of the kinds that need more than "object".
var mergeTypes = map[schema.GroupKind]string{
	{Group: "apps", Kind: "Deployment"}:  "workload",
	{Group: "apps", Kind: "ReplicaSet"}:  "workload",
	{Group: "apps", Kind: "StatefulSet"}: "workload",
	{Group: "apps", Kind: "DaemonSet"}:   "workload",
	{Kind: "Pod"}:                        "pod",
	{Kind: "Service"}:                    "service",
	{Kind: "ServiceAccount"}:             "account",
	{Kind: "Namespace"}:                  "namespace",
}

// typeConverter gives the field manager its types. The schema is parsed when
// first needed.
type typeConverter struct {
	once   sync.Once
	parser *typed.Parser
	err    error
}

func newTypeConverter() *typeConverter { return &typeConverter{} }

// ObjectToTyped implements managedfields.TypeConverter.
func (c *typeConverter) ObjectToTyped(obj runtime.Object, opts ...typed.ValidationOptions) (*typed.TypedValue, error) {
	c.once.Do(func() { c.parser, c.err = typed.NewParser(typed.YAMLObject(mergeSchema)) })
	if c.err != nil {
		return nil, c.err
	}
	u, ok := obj.(*unstructured.Unstructured)
	if !ok {
		return nil, fmt.Errorf("cannot read fields of a %T", obj)
	}
	name, ok := mergeTypes[u.GroupVersionKind().GroupKind()]
	if !ok {
		name = "object"
	}
	return c.parser.Type(name).FromUnstructured(u.Object, opts...)
}

// TypedToObject implements managedfields.TypeConverter.
func (c *typeConverter) TypedToObject(value *typed.TypedValue) (runtime.Object, error) {
	switch o := value.AsValue().Unstructured().(type) {
	case map[string]any:
		return &unstructured.Unstructured{Object: o}, nil
	default:
		return nil, fmt.Errorf("a merged object became a %T", o)
	}
}
