package kube

import (
	"encoding/json"
	"fmt"

	"tenantry/model"
)

// encoding is how an object's bytes are written.
type encoding uint8

const (
	encodingJSON encoding = iota
	encodingProto
)

// decodeFunc reduces one object's bytes, which are only valid during the call.
type decodeFunc func(kind model.Kind, raw []byte, enc encoding) (*model.Object, error)

// fromJSON decodes a kind that the API server only writes as JSON (a custom
// resource) through the struct T.
func fromJSON[T any](convert func(model.Kind, *T) *model.Object) decodeFunc {
	return func(kind model.Kind, raw []byte, enc encoding) (*model.Object, error) {
		if enc != encodingJSON {
			return nil, errProto
		}
		in := new(T)
		if err := json.Unmarshal(raw, in); err != nil {
			return nil, err
		}
		return convert(kind, in), nil
	}
}

// fromBoth decodes a built-in kind through its API type T.
func fromBoth[T any, P interface {
	*T
	Unmarshal([]byte) error
}](convert func(model.Kind, *T) *model.Object) decodeFunc {
	return func(kind model.Kind, raw []byte, enc encoding) (*model.Object, error) {
		in := new(T)
		var err error
		if enc == encodingProto {
			err = P(in).Unmarshal(raw)
		} else {
			err = json.Unmarshal(raw, in)
		}
		if err != nil {
			return nil, err
		}
		return convert(kind, in), nil
	}
}

// decode reduces one object and never fails: an object that can't be read is
// shown as undecodable, whatever is wrong with it.
func (e *entry) decodeObject(raw []byte, enc encoding) (o *model.Object) {
	defer func() {
		if r := recover(); r != nil {
			o = undecodable(e.kind, raw, enc, fmt.Sprintf("decoding it panicked: %v", r))
		}
	}()
	o, err := e.decode(e.kind, raw, enc)
	if err != nil {
		return undecodable(e.kind, raw, enc, err.Error())
	}
	pack(o)
	return o
}
