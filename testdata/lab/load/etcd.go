package load

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"tenantry/lab/cluster"
)

// store talks to etcd through its HTTP gateway. One patch costs the API server
// several milliseconds of a core; a put behind its back costs next to nothing
// and reaches watchers just the same. On a small machine that is the
// difference between measuring a dashboard and measuring the server.
type store struct {
	url  string
	http *http.Client
}

// Store opens the etcd of a lab.
func Store(url string) *store {
	return &store{url: url, http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: workers}}}
}

// key is where the API server keeps an object. It must not be sent several in
// one transaction: they would share one resourceVersion, which a watch that
// resumes could not tell apart.
func key(r cluster.Ref) string {
	group, _, found := strings.Cut(r.APIVersion, "/")
	path := "/registry/"
	// Kinds of CRDs are kept below their group, built-in ones are not.
	if found && strings.Contains(group, "toolkit.fluxcd.io") {
		path += group + "/"
	}
	path += cluster.Resource(r.Kind) + "/"
	if r.Namespace != "" {
		path += r.Namespace + "/"
	}
	return path + r.Name
}

func (s *store) get(ctx context.Context, r cluster.Ref) ([]byte, error) {
	var answer struct{ Kvs []struct{ Value []byte } }
	if err := s.post(ctx, "/v3/kv/range", map[string]any{"key": []byte(key(r))}, &answer); err != nil {
		return nil, fmt.Errorf("reading %s from etcd: %w", r, err)
	}
	if len(answer.Kvs) != 1 {
		return nil, fmt.Errorf("etcd has no %s at %s", r, key(r))
	}
	return answer.Kvs[0].Value, nil
}

func (s *store) put(ctx context.Context, r cluster.Ref, value []byte) error {
	if err := s.post(ctx, "/v3/kv/put", map[string]any{"key": []byte(key(r)), "value": value}, nil); err != nil {
		return fmt.Errorf("writing %s to etcd: %w", r, err)
	}
	return nil
}

func (s *store) post(ctx context.Context, path string, in, out any) error {
	body, err := json.Marshal(in) // []byte becomes base64, as the gateway wants it
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	resp, err := s.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("etcd answered %s: %s", resp.Status, text)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(text, out)
}
