package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"tenantry/kube/demo/store"
)

// protoMessage is what all generated API types can do.
type protoMessage interface{ Marshal() ([]byte, error) }

// protoMagic starts every protobuf answer; a runtime.Unknown follows.
var protoMagic = []byte{'k', '8', 's', 0}

// envelope wraps a message as Kubernetes does on the wire.
func envelope(apiVersion, kind string, raw []byte) ([]byte, error) {
	unknown := runtime.Unknown{TypeMeta: runtime.TypeMeta{APIVersion: apiVersion, Kind: kind}, Raw: raw}
	b, err := unknown.Marshal()
	if err != nil {
		return nil, err
	}
	return append(append(make([]byte, 0, len(b)+4), protoMagic...), b...), nil
}

const (
	partialVersion = "meta.k8s.io/v1"
	partialKind    = "PartialObjectMetadata"
)

// partialObject reduces an object to its metadata.
func partialObject(obj map[string]any) map[string]any {
	return map[string]any{"kind": partialKind, "apiVersion": partialVersion, "metadata": obj["metadata"]}
}

// rawProto is the object's message without envelope.
func rawProto(res *Resource, obj map[string]any, out output) ([]byte, error) {
	var target runtime.Object
	if out.partial {
		target, obj = &metav1.PartialObjectMetadata{}, partialObject(obj)
	} else {
		target = res.typed()
	}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(obj, target); err != nil {
		return nil, fmt.Errorf("unable to convert %s: %w", res.Kind, err)
	}
	return target.(protoMessage).Marshal()
}

func kindOf(res *Resource, out output) (apiVersion, kind string) {
	if out.partial {
		return partialVersion, partialKind
	}
	return res.APIVersion(), res.Kind
}

// encodeObject returns a version as it stands alone in an answer or event.
func encodeObject(res *Resource, v *store.Version, out output) ([]byte, error) {
	form := "json"
	switch {
	case out.protobuf && out.partial:
		form = "partial-proto"
	case out.protobuf:
		form = "proto"
	case out.partial:
		form = "partial-json"
	}
	return v.Encoded(form, func() ([]byte, error) { return encodeContent(res, v.Content, out) })
}

func encodeContent(res *Resource, obj map[string]any, out output) ([]byte, error) {
	if out.protobuf {
		raw, err := rawProto(res, obj, out)
		if err != nil {
			return nil, err
		}
		version, kind := kindOf(res, out)
		return envelope(version, kind, raw)
	}
	if out.partial {
		obj = partialObject(obj)
	}
	return json.Marshal(obj)
}

// encodeItem returns a version as it stands in a list: items of built-in
// kinds do not say what they are.
func encodeItem(res *Resource, v *store.Version, out output) ([]byte, error) {
	switch {
	case out.protobuf:
		form := "item-proto"
		if out.partial {
			form = "item-partial-proto"
		}
		return v.Encoded(form, func() ([]byte, error) { return rawProto(res, v.Content, out) })
	case out.partial || res.Custom || res.typed == nil:
		return encodeObject(res, v, out)
	}
	return v.Encoded("item-json", func() ([]byte, error) {
		bare := make(map[string]any, len(v.Content))
		for k, val := range v.Content {
			if k != "kind" && k != "apiVersion" {
				bare[k] = val
			}
		}
		return json.Marshal(bare)
	})
}

// encodeList writes a whole list.
func encodeList(res *Resource, items []*store.Version, meta metav1.ListMeta, out output) ([]byte, error) {
	apiVersion, kind := kindOf(res, out)
	kind += "List"
	encoded := make([][]byte, len(items))
	size := 256
	for i, v := range items {
		b, err := encodeItem(res, v, out)
		if err != nil {
			return nil, err
		}
		encoded[i] = b
		size += len(b) + 8
	}
	buf := bytes.NewBuffer(make([]byte, 0, size))
	if out.protobuf {
		// Every list type has its metadata in field 1 and its items in field 2.
		m, err := meta.Marshal()
		if err != nil {
			return nil, err
		}
		writeField(buf, 1, m)
		for _, b := range encoded {
			writeField(buf, 2, b)
		}
		return envelope(apiVersion, kind, buf.Bytes())
	}
	m, err := json.Marshal(meta)
	if err != nil {
		return nil, err
	}
	if res.Custom && !out.partial && meta.Continue == "" {
		m = append([]byte(`{"continue":"",`), m[1:]...) // lists of custom kinds always say it
	}
	fmt.Fprintf(buf, `{"kind":%q,"apiVersion":%q,"metadata":%s,"items":[`, kind, apiVersion, m)
	for i, b := range encoded {
		if i > 0 {
			buf.WriteByte(',')
		}
		buf.Write(b)
	}
	buf.WriteString("]}\n")
	return buf.Bytes(), nil
}

// writeField writes a length-delimited protobuf field.
func writeField(buf *bytes.Buffer, number int, b []byte) {
	buf.WriteByte(byte(number<<3 | 2))
	n := uint64(len(b))
	for n >= 0x80 {
		buf.WriteByte(byte(n) | 0x80)
		n >>= 7
	}
	buf.WriteByte(byte(n))
	buf.Write(b)
}

func writeBody(w http.ResponseWriter, code int, contentType string, body []byte) error {
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(code)
	_, err := w.Write(body)
	return ignoreWrite(err)
}

// ignoreWrite drops errors of writing to a client: it is gone, nobody is left
// to tell.
func ignoreWrite(error) error { return nil }

// writeVersion answers with one stored object.
func (s *Server) writeVersion(w http.ResponseWriter, r *http.Request, code int, res *Resource, v *store.Version) error {
	out, err := negotiate(r, res, partialKind)
	if err != nil {
		return err
	}
	body, err := encodeObject(res, v, out)
	if err != nil {
		return err
	}
	if !out.protobuf {
		body = append(body[:len(body):len(body)], '\n')
	}
	return writeBody(w, code, out.contentType(false), body)
}

// writeTyped answers with a typed object that is not stored.
func (s *Server) writeTyped(w http.ResponseWriter, r *http.Request, code int, res *Resource, obj runtime.Object) error {
	obj.GetObjectKind().SetGroupVersionKind(res.GVK())
	out, err := negotiate(r, res, "")
	if err != nil {
		return err
	}
	if out.protobuf {
		raw, err := obj.(protoMessage).Marshal()
		if err != nil {
			return err
		}
		body, err := envelope(res.APIVersion(), res.Kind, raw)
		if err != nil {
			return err
		}
		return writeBody(w, code, protoType, body)
	}
	body, err := json.Marshal(obj)
	if err != nil {
		return err
	}
	return writeBody(w, code, jsonType, append(body, '\n'))
}

// writeError answers with the error's Status, in the encoding asked for.
func (s *Server) writeError(w http.ResponseWriter, r *http.Request, err error) {
	if _, ok := err.(notFoundPath); ok {
		w.Header().Set("X-Content-Type-Options", "nosniff")
		_ = writeBody(w, http.StatusNotFound, "text/plain; charset=utf-8", []byte("404 page not found\n"))
		return
	}
	status := statusOf(err)
	if status.Details != nil && status.Details.RetryAfterSeconds > 0 {
		w.Header().Set("Retry-After", fmt.Sprint(status.Details.RetryAfterSeconds))
	}
	out, _ := negotiate(r, nil, "")
	if out.protobuf {
		if raw, err := status.Marshal(); err == nil {
			if body, err := envelope("v1", "Status", raw); err == nil {
				_ = writeBody(w, int(status.Code), protoType, body)
				return
			}
		}
	}
	body, _ := json.Marshal(status)
	_ = writeBody(w, int(status.Code), jsonType, append(body, '\n'))
}
