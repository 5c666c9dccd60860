package kube

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// embeddedMeta is nil in every item: the Reflector only calls the methods item
// defines itself.
type embeddedMeta = metav1.Object

// GetObjectMeta implements metav1.ObjectMetaAccessor.
func (i *item) GetObjectMeta() metav1.Object { return i }

// GetNamespace implements metav1.Object.
func (i *item) GetNamespace() string {
	if i.object == nil {
		return ""
	}
	return i.object.Namespace
}

// GetName implements metav1.Object.
func (i *item) GetName() string {
	if i.object == nil {
		return ""
	}
	return i.object.Name
}

// GetResourceVersion implements metav1.Object.
func (i *item) GetResourceVersion() string { return i.resourceVersion }

// GetAnnotations implements metav1.Object: the Reflector looks for the mark of
// a streaming list's end.
func (i *item) GetAnnotations() map[string]string {
	if i.initialEventsEnd {
		return initialEventsEndMark
	}
	return nil
}

var initialEventsEndMark = map[string]string{metav1.InitialEventsAnnotationKey: "true"}

// GetObjectKind implements runtime.Object.
func (i *item) GetObjectKind() schema.ObjectKind { return schema.EmptyObjectKind }

// DeepCopyObject implements runtime.Object; items are immutable.
func (i *item) DeepCopyObject() runtime.Object { return i }

// emptyList is the answer to the Reflector's list: its items have already
// gone to the store, one by one.
type emptyList struct {
	metav1.TypeMeta
	metav1.ListMeta
	Items []runtime.Object
}

// DeepCopyObject implements runtime.Object.
func (l *emptyList) DeepCopyObject() runtime.Object { return l }
