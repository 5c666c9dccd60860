package kube

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/validate/content"

	"tenantry/model"
	"tenantry/model/credential"
)

// maxSecret is the most a Secret may hold, as JSON (1 MiB of data in base64,
// and its metadata).
const maxSecret = 3 << 20

// Secret reads a Secret with its values. It is the one place where they are
// asked for, and only for an action a person has confirmed: whoever calls it
// wipes what it returns. nil without an error: there is none. It waits no longer
// than ten seconds. Every error is a *model.RequestError.
func (s *Session) Secret(ctx context.Context, namespace, name string) (*credential.Stored, error) {
	ctx, cancel := s.personal(ctx)
	defer cancel()
	ref := model.Key{Kind: model.Secret, Namespace: namespace, Name: name}.ObjectRef()
	doing := "reading " + ref.String()
	for _, part := range []string{namespace, name} {
		if why := content.IsPathSegmentName(part); len(why) > 0 || part == "" {
			return nil, &model.RequestError{Text: fmt.Sprintf("%s: %q can't be part of an object's address", doing, part)}
		}
	}
	if err := s.reachable(ctx); err != nil {
		return nil, s.requestError(ctx, doing, err)
	}
	res := resource{"", "v1", model.Secret.Resource(), true}
	stream, err := s.client.Get().AbsPath(res.path(namespace, name)).SetHeader("Accept", acceptJSON).MaxRetries(0).Stream(ctx)
	switch {
	case apierrors.IsNotFound(err):
		return nil, nil
	case apierrors.IsForbidden(err):
		return nil, s.forbiddenDocument(ref, res, err)
	case err != nil:
		return nil, s.requestError(ctx, doing, err)
	}
	defer func() { _ = stream.Close() }()
	raw, err := readWiped(stream)
	defer clear(raw)
	if err == nil {
		var out *credential.Stored
		if out, err = storedSecret(raw); err == nil {
			return out, nil
		}
	}
	var bad *json.SyntaxError
	if errors.As(err, &bad) {
		err = errors.New("the answer makes no sense") // its own words may quote what was read
	}
	return nil, s.requestError(ctx, doing, err)
}

// readWiped reads all, and leaves no copy behind when its buffer grows.
func readWiped(r io.Reader) ([]byte, error) {
	buf := make([]byte, 0, 64<<10)
	for {
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		switch {
		case errors.Is(err, io.EOF):
			return buf, nil
		case err != nil:
			return buf, err
		case len(buf) > maxSecret:
			return buf, errors.New("it is longer than a Secret can be")
		case len(buf) == cap(buf):
			grown := make([]byte, len(buf), 4*cap(buf))
			copy(grown, buf)
			clear(buf)
			buf = grown
		}
	}
}

// storedSecret decodes a Secret. Annotations and managed fields are passed
// over: they may repeat the values.
func storedSecret(raw []byte) (*credential.Stored, error) {
	var o struct {
		Kind     string `json:"kind"`
		Metadata struct {
			UID             string            `json:"uid"`
			ResourceVersion string            `json:"resourceVersion"`
			Labels          map[string]string `json:"labels"`
			OwnerReferences []struct {
				Kind, Name string
				Controller bool
			} `json:"ownerReferences"`
		} `json:"metadata"`
		Type      string            `json:"type"`
		Immutable bool              `json:"immutable"`
		Data      map[string][]byte `json:"data"`
	}
	err := json.Unmarshal(raw, &o)
	if err != nil || o.Kind != model.Secret.String() {
		for _, v := range o.Data {
			clear(v)
		}
		return nil, errors.New("the answer is no Secret")
	}
	out := &credential.Stored{UID: o.Metadata.UID, Version: o.Metadata.ResourceVersion, Type: o.Type, Immutable: o.Immutable, Values: o.Data,
		Keys: slices.Sorted(maps.Keys(o.Data))}
	l := o.Metadata.Labels
	for _, by := range [...][3]string{
		{"Kustomization", model.LabelKustomizationNS, model.LabelKustomizationName},
		{"HelmRelease", model.LabelHelmReleaseNS, model.LabelHelmReleaseName},
		{"ResourceSet", model.LabelResourceSetNS, model.LabelResourceSetName},
	} {
		if name := l[by[2]]; name != "" {
			out.Owner = by[0] + "/" + l[by[1]] + "/" + name
		}
	}
	for _, ref := range o.Metadata.OwnerReferences {
		if ref.Controller { // ExternalSecret, SealedSecret, Certificate, …
			out.Owner = ref.Kind + " " + ref.Name
		}
	}
	return out, nil
}

// tableForm asks for columns instead of objects. What kubectl prints of a
// Secret is its name, type, number of keys and age; without the object there are
// no annotations, in which values may stand.
const tableForm = ";as=Table;g=meta.k8s.io;v=v1"

// Secrets lists the Secrets of one namespace without what is in them: a table
// does not say which namespace a row is of. It waits no longer than ten seconds.
// Every error is a *model.RequestError.
func (s *Session) Secrets(ctx context.Context, namespace string) (*model.SecretList, error) {
	ctx, cancel := s.personal(ctx)
	defer cancel()
	doing := "listing Secrets in " + namespace
	if why := content.IsPathSegmentName(namespace); len(why) > 0 || namespace == "" {
		return nil, &model.RequestError{Text: doing + ": a namespace has to be named"}
	}
	if err := s.reachable(ctx); err != nil {
		return nil, s.requestError(ctx, doing, err)
	}
	out := &model.SecretList{Namespace: namespace, At: s.now() + model.Unix(s.conn.current().ClockOffsetMS/1000)}
	next := ""
	for range 100 { // pages: 50,000 Secrets are more than anybody reads
		req := s.client.Get().AbsPath("/api/v1/namespaces/"+namespace+"/secrets").SetHeader("Accept", acceptJSON+tableForm).
			Param("includeObject", "None").Param("limit", "500").Param("fieldSelector", secretSelector)
		if next != "" {
			req = req.Param("continue", next)
		}
		raw, err := answer(req.MaxRetries(0).DoRaw(ctx))
		switch {
		case apierrors.IsForbidden(err):
			return nil, s.forbiddenSecrets(namespace, err)
		case err != nil:
			return nil, s.requestError(ctx, doing, err)
		}
		if next, err = addRows(out, raw); err != nil {
			return nil, &model.RequestError{Text: doing + ": " + err.Error()}
		}
		if next == "" {
			break
		}
	}
	return out, nil
}

// addRows adds the rows of one page.
func addRows(out *model.SecretList, raw []byte) (next string, err error) {
	var t struct {
		Kind     string `json:"kind"`
		Metadata struct {
			Continue string `json:"continue"`
		} `json:"metadata"`
		Columns []struct {
			Name string `json:"name"`
		} `json:"columnDefinitions"`
		Rows []struct {
			Cells []any `json:"cells"`
		} `json:"rows"`
	}
	if json.Unmarshal(raw, &t) != nil || t.Kind != "Table" {
		return "", errors.New("the server does not write tables, and nothing else is asked for: a Secret's annotations may hold its values")
	}
	at := map[string]int{}
	for i, c := range t.Columns {
		at[c.Name] = i
	}
	cell := func(row []any, column string) any {
		if i, ok := at[column]; ok && i < len(row) {
			return row[i]
		}
		return nil
	}
	for _, r := range t.Rows {
		info := model.SecretInfo{Namespace: out.Namespace, Age: -1}
		info.Name, _ = cell(r.Cells, "Name").(string)
		info.Type, _ = cell(r.Cells, "Type").(string)
		if n, ok := cell(r.Cells, "Data").(float64); ok {
			info.Count = int(n)
		}
		if age, ok := cell(r.Cells, "Age").(string); ok {
			info.Age = parseAge(age)
		}
		if info.Name != "" {
			out.Secrets = append(out.Secrets, info)
		}
	}
	return t.Metadata.Continue, nil
}

// parseAge reads an age as kubectl writes it, e.g. 5d3h; -1 for what is none.
func parseAge(s string) int64 {
	units := map[byte]int64{'y': 365 * 86400, 'd': 86400, 'h': 3600, 'm': 60, 's': 1}
	total, n, digits := int64(0), int64(0), false
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9' && n < 1e6:
			n, digits = n*10+int64(c-'0'), true
		case digits && units[c] > 0:
			total, n, digits = total+n*units[c], 0, false
		default:
			return -1
		}
	}
	if s == "" || digits {
		return -1
	}
	return total
}

func (s *Session) forbiddenSecrets(namespace string, err error) error {
	who := "you"
	if u := s.conn.current().User; u != "" {
		who = u
	}
	return &model.RequestError{Reason: model.RequestForbidden, Text: fmt.Sprintf(
		"%s may not list secrets in the namespace %s (%s); a Role with the rule {apiGroups: [\"\"], resources: [secrets], verbs: [list]} would allow it, and reading their values as well",
		who, namespace, strings.TrimSuffix(plainError(err), "."))}
}

// rinse asks a question as long as what was sent before, most of it blanks: the
// buffers of a connection keep what went through them until something as long
// comes after it, and nobody can reach them to make zeros of it.
func (s *Session) rinse(ctx context.Context, size int) {
	const question = `{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{"resourceAttributes":{"verb":"get","resource":"secrets"}}}`
	body := append([]byte(question), bytes.Repeat([]byte(" "), size)...)
	_, _ = s.client.Post().AbsPath(reviewsPath).SetHeader("Accept", acceptJSON).SetHeader("Content-Type", acceptJSON).
		Body(body).MaxRetries(0).DoRaw(ctx)
}
