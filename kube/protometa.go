package kube

import (
	"encoding/json"

	"google.golang.org/protobuf/encoding/protowire"
)

// protoMeta is what is read of an ObjectMeta without decoding its object.
// Annotations are never copied; only the mark of a streaming list is noticed.
type protoMeta struct {
	name, namespace, uid, resourceVersion string
	generation                            int64
	created, deleting                     stamp
	finalizers                            []string
	labels                                map[string]string
	fieldsV1                              [][]byte // alias of the input
	initialEventsEnd                      bool
}

const initialEventsEnd = "k8s.io/initial-events-end"

// protoMetaOf reads field 1 of any object, in the numbering of
// k8s.io/apimachinery/pkg/apis/meta/v1/generated.proto.
func protoMetaOf(object []byte) (protoMeta, error) {
	var m protoMeta
	err := protoFields(object, func(num protowire.Number, value []byte, _ uint64) error {
		if num != 1 {
			return nil
		}
		return protoFields(value, func(num protowire.Number, v []byte, n uint64) error {
			switch num {
			case 1:
				m.name = string(v)
			case 3:
				m.namespace = string(v)
			case 5:
				m.uid = string(v)
			case 6:
				m.resourceVersion = string(v)
			case 7:
				m.generation = int64(n)
			case 8:
				m.created = protoTime(v)
			case 9:
				m.deleting = protoTime(v)
			case 11:
				key, value := protoPair(v)
				if m.labels == nil {
					m.labels = map[string]string{}
				}
				m.labels[string(key)] = string(value)
			case 12:
				key, value := protoPair(v)
				if string(key) == initialEventsEnd && string(value) == "true" {
					m.initialEventsEnd = true
				}
			case 14:
				m.finalizers = append(m.finalizers, string(v))
			case 17:
				return protoFields(v, func(num protowire.Number, fields []byte, _ uint64) error {
					if num == 7 {
						return protoFields(fields, func(num protowire.Number, raw []byte, _ uint64) error {
							if num == 1 {
								m.fieldsV1 = append(m.fieldsV1, raw)
							}
							return nil
						})
					}
					return nil
				})
			}
			return nil
		})
	})
	return m, err
}

// protoPair reads a map entry {1: key, 2: value}.
func protoPair(b []byte) (key, value []byte) {
	_ = protoFields(b, func(num protowire.Number, v []byte, _ uint64) error {
		switch num {
		case 1:
			key = v
		case 2:
			value = v
		}
		return nil
	})
	return key, value
}

// protoTime reads a metav1.Time {1: seconds, 2: nanos}.
func protoTime(b []byte) stamp {
	var at stamp
	_ = protoFields(b, func(num protowire.Number, _ []byte, n uint64) error {
		if num == 1 {
			at = stamp(int64(n))
		}
		return nil
	})
	return max(at, 0)
}

// Unmarshal reads a PartialObjectMetadata, so that a Secret is decoded like
// any other built-in kind.
func (s *secretJSON) Unmarshal(b []byte) error {
	m, err := protoMetaOf(b)
	if err != nil {
		return err
	}
	s.Metadata = secretMeta{
		Name: m.name, Namespace: m.namespace, UID: m.uid, ResourceVersion: m.resourceVersion,
		Generation: m.generation, CreationTimestamp: m.created, DeletionTimestamp: m.deleting,
		Finalizers: m.finalizers, Labels: m.labels,
	}
	s.Metadata.ManagedFields = make([]secretFields, len(m.fieldsV1))
	for i, raw := range m.fieldsV1 {
		if err := json.Unmarshal(raw, &s.Metadata.ManagedFields[i].FieldsV1); err != nil {
			s.Metadata.ManagedFields[i] = secretFields{}
		}
	}
	return nil
}
