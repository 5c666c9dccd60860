package kube

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"google.golang.org/protobuf/encoding/protowire"
)

// Kubernetes' protobuf: four magic bytes, then a runtime.Unknown whose field 2
// holds the message (k8s.io/apimachinery/pkg/runtime/generated.proto). Every
// list is {1: ListMeta, 2: items…}, every object starts with {1: ObjectMeta}.

var protoMagic = [4]byte{'k', '8', 's', 0}

var errProto = errors.New("malformed protobuf")

// protoFields calls f for each field of a message. Only varints and bytes
// occur in what is read here; other wire types are skipped.
func protoFields(b []byte, f func(num protowire.Number, value []byte, n uint64) error) error {
	for len(b) > 0 {
		num, typ, size := protowire.ConsumeTag(b)
		if size < 0 {
			return errProto
		}
		b = b[size:]
		var value []byte
		var n uint64
		switch typ {
		case protowire.VarintType:
			n, size = protowire.ConsumeVarint(b)
		case protowire.BytesType:
			value, size = protowire.ConsumeBytes(b)
		default:
			size = protowire.ConsumeFieldValue(num, typ, b)
		}
		if size < 0 {
			return errProto
		}
		b = b[size:]
		if err := f(num, value, n); err != nil {
			return err
		}
	}
	return nil
}

// protoObject takes the message out of its envelope.
func protoObject(b []byte) ([]byte, error) {
	if len(b) < 4 || [4]byte(b[:4]) != protoMagic {
		return nil, errProto
	}
	var message []byte
	err := protoFields(b[4:], func(num protowire.Number, value []byte, _ uint64) error {
		if num == 2 {
			message = value
		}
		return nil
	})
	return message, err
}

// readProtoList calls each for every item of a Kubernetes list. raw is valid
// during the call only.
func readProtoList(r io.Reader, each func(raw []byte)) (listMeta, error) {
	var meta listMeta
	br := bufio.NewReaderSize(r, 32<<10)
	var magic [4]byte
	if _, err := io.ReadFull(br, magic[:]); err != nil {
		return meta, unexpected(err)
	}
	if magic != protoMagic {
		return meta, errProto
	}
	var item []byte
	defer func() { clear(item[:cap(item)]) }()
	for seen := false; ; {
		num, size, err := protoHead(br)
		if err == io.EOF && seen {
			return meta, nil
		}
		if err != nil {
			return meta, unexpected(err)
		}
		if num != 2 { // the envelope's type, encoding, …
			if _, err := io.CopyN(io.Discard, br, size); err != nil {
				return meta, unexpected(err)
			}
			continue
		}
		seen = true
		list := &io.LimitedReader{R: br, N: size}
		item, err = protoItems(&limitedByteReader{br: br, limited: list}, item, &meta, each)
		if err != nil {
			return meta, err
		}
	}
}

// limitedByteReader reads at most limited.N bytes of br, also byte by byte.
type limitedByteReader struct {
	br      *bufio.Reader
	limited *io.LimitedReader
}

func (l *limitedByteReader) Read(p []byte) (int, error) { return l.limited.Read(p) }

func (l *limitedByteReader) ReadByte() (byte, error) {
	if l.limited.N <= 0 {
		return 0, io.EOF
	}
	c, err := l.br.ReadByte()
	if err == nil {
		l.limited.N--
	}
	return c, err
}

type byteReader interface {
	io.Reader
	io.ByteReader
}

// protoItems reads a list message, reusing item as buffer.
func protoItems(r *limitedByteReader, item []byte, meta *listMeta, each func([]byte)) ([]byte, error) {
	for {
		if r.limited.N == 0 {
			return item, nil
		}
		num, size, err := protoHead(r)
		if err != nil {
			return item, unexpected(err)
		}
		if size > maxItem {
			return item, fmt.Errorf("an object of more than %d MiB", maxItem>>20)
		}
		if int64(cap(item)) < size {
			item = make([]byte, size, size+size/4)
		}
		item = item[:size]
		if _, err := io.ReadFull(r, item); err != nil {
			return item, unexpected(err)
		}
		switch num {
		case 1:
			_ = protoFields(item, func(num protowire.Number, value []byte, _ uint64) error {
				switch num {
				case 2:
					meta.ResourceVersion = string(value)
				case 3:
					meta.Continue = string(value)
				}
				return nil
			})
		case 2:
			each(item)
		}
	}
}

// protoHead reads a field's number and the length of its bytes. Fields that
// are not bytes do not occur at these two levels.
func protoHead(r byteReader) (num protowire.Number, size int64, err error) {
	tag, err := binary.ReadUvarint(r)
	if err != nil {
		return 0, 0, err
	}
	n, typ := protowire.DecodeTag(tag)
	if typ != protowire.BytesType {
		return 0, 0, errProto
	}
	length, err := binary.ReadUvarint(r)
	if err != nil {
		return 0, 0, unexpected(err)
	}
	if length > 1<<40 {
		return 0, 0, errProto
	}
	return n, int64(length), nil
}

// readProtoFrame reads one frame of a watch: a big-endian length, then a
// WatchEvent. The result may alias buf.
func readProtoFrame(r io.Reader, buf []byte) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return buf, err
	}
	size := int(binary.BigEndian.Uint32(head[:]))
	if size > maxItem {
		return buf, fmt.Errorf("an event of more than %d MiB", maxItem>>20)
	}
	if cap(buf) < size {
		buf = make([]byte, size)
	}
	buf = buf[:size]
	_, err := io.ReadFull(r, buf)
	return buf, unexpected(err)
}

// protoEvent cuts a WatchEvent {1: type, 2: RawExtension{1: raw}}.
func protoEvent(frame []byte) (typ string, object []byte, err error) {
	err = protoFields(frame, func(num protowire.Number, value []byte, _ uint64) error {
		switch num {
		case 1:
			typ = string(value)
		case 2:
			return protoFields(value, func(num protowire.Number, raw []byte, _ uint64) error {
				if num == 1 {
					object, err = protoObject(raw)
				}
				return err
			})
		}
		return nil
	})
	return typ, object, err
}

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
