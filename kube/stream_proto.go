package kube

import (
	"bufio"
	"encoding/binary"
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
