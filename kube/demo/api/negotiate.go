package api

import (
	"mime"
	"net/http"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	jsonType  = "application/json"
	protoType = "application/vnd.kubernetes.protobuf"
)

// output is how an answer is written: its encoding, and whether objects are
// reduced to their metadata.
type output struct {
	protobuf bool
	partial  bool
	table    bool // columns instead of objects: of lists of Secrets only
}

func (o output) contentType(stream bool) string {
	if !o.protobuf {
		return jsonType
	}
	if stream {
		return protoType + ";stream=watch"
	}
	return protoType
}

// negotiate picks the first media type of the Accept header this resource can
// be written in. "as" names what may be asked for here: PartialObjectMetadata
// or its list.
func negotiate(r *http.Request, res *Resource, as string) (output, error) {
	accept := r.Header.Get("Accept")
	if strings.TrimSpace(accept) == "" {
		return output{}, nil
	}
	for _, clause := range strings.Split(accept, ",") {
		media, params, err := mime.ParseMediaType(strings.TrimSpace(clause))
		if err != nil {
			continue
		}
		out := output{}
		if want := params["as"]; want != "" {
			out.table = want == "Table" && as == partialKind+"List" && res != nil && res.Kind == "Secret"
			if as == "" || want != as && !out.table || params["g"] != metav1.GroupName || params["v"] != "v1" {
				continue
			}
			out.partial = !out.table
		}
		switch media {
		case jsonType, "application/*", "*/*":
			return out, nil
		case protoType:
			out.protobuf = true
			if out.partial || res == nil || !res.Custom && res.hasProtobuf() {
				return out, nil
			}
		}
	}
	return output{}, plainStatus(http.StatusNotAcceptable, metav1.StatusReasonNotAcceptable,
		"406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf")
}

// hasProtobuf says whether objects of the resource can be written as protobuf.
func (r *Resource) hasProtobuf() bool { return r.typed != nil || r.reviews() }

// reviews says whether the resource is a question rather than a thing.
func (r *Resource) reviews() bool {
	return r.Group == "authorization.k8s.io" || r.Group == "authentication.k8s.io"
}
