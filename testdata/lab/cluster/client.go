package cluster

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// Manager is the field manager of what the lab itself writes.
const Manager = "lab"

// A Client talks to one API server with one token.
type Client struct {
	Server, Token string
	HTTP          *http.Client
	Agent         string // User-Agent; the server takes it as field manager where none is sent
}

// New makes a client that keeps up to conns connections.
func New(server, token string, conns int) *Client {
	return &Client{Server: server, Token: token, Agent: "lab", HTTP: &http.Client{
		Transport: &http.Transport{
			// The server is a child of this program, on loopback.
			TLSClientConfig:     &tls.Config{InsecureSkipVerify: true},
			MaxIdleConnsPerHost: conns,
			MaxConnsPerHost:     conns,
			ForceAttemptHTTP2:   false,
			IdleConnTimeout:     30 * time.Second,
		},
	}}
}

// A StatusError is the server's refusal.
type StatusError struct {
	Code            int
	Reason, Message string
}

func (e *StatusError) Error() string {
	return fmt.Sprintf("the API server answered %d %s: %s", e.Code, e.Reason, e.Message)
}

// Is404 and Is409 tell the two refusals that callers expect.
func Is404(err error) bool { return hasCode(err, http.StatusNotFound) }
func Is409(err error) bool { return hasCode(err, http.StatusConflict) }

func hasCode(err error, code int) bool {
	var s *StatusError
	return errors.As(err, &s) && s.Code == code
}

// Do sends one request and decodes the answer into out, if out is not nil.
func (c *Client) Do(ctx context.Context, method, path, contentType string, body []byte, out any) error {
	resp, err := c.send(ctx, method, path, contentType, body)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if out == nil {
		_, err := io.Copy(io.Discard, resp.Body)
		return err
	}
	if raw, ok := out.(*[]byte); ok {
		*raw, err = io.ReadAll(resp.Body)
		return err
	}
	return json.NewDecoder(resp.Body).Decode(out)
}

// Stream opens a watch; the caller closes the answer.
func (c *Client) Stream(ctx context.Context, path string) (io.ReadCloser, error) {
	resp, err := c.send(ctx, http.MethodGet, path, "", nil)
	if err != nil {
		return nil, err
	}
	return resp.Body, nil
}

func (c *Client) send(ctx context.Context, method, path, contentType string, body []byte) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.Server+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+c.Token)
	req.Header.Set("User-Agent", c.Agent)
	req.Header.Set("Accept", "application/json")
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := c.HTTP.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode < 300 {
		return resp, nil
	}
	defer resp.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	refusal := &StatusError{Code: resp.StatusCode, Message: string(text)}
	var status struct{ Reason, Message string }
	if json.Unmarshal(text, &status) == nil && status.Message != "" {
		refusal.Reason, refusal.Message = status.Reason, status.Message
	}
	return nil, refusal
}

// Get reads one object.
func (c *Client) Get(ctx context.Context, r Ref) (Object, error) {
	var o Object
	if err := c.Do(ctx, http.MethodGet, r.Path(), "", nil, &o); err != nil {
		return nil, fmt.Errorf("reading %s: %w", r, err)
	}
	return o, nil
}

// List reads a kind's objects, in one namespace or in all.
func (c *Client) List(ctx context.Context, apiVersion, kind, namespace, query string) ([]Object, error) {
	var list struct{ Items []Object }
	path := CollectionPath(apiVersion, kind, namespace)
	if query != "" {
		path += "?" + query
	}
	if err := c.Do(ctx, http.MethodGet, path, "", nil, &list); err != nil {
		return nil, fmt.Errorf("listing %s: %w", Resource(kind), err)
	}
	return list.Items, nil
}

// Delete removes one object; one that is gone already is no error.
func (c *Client) Delete(ctx context.Context, r Ref) error {
	err := c.Do(ctx, http.MethodDelete, r.Path(), "", nil, nil)
	if err != nil && !Is404(err) {
		return fmt.Errorf("deleting %s: %w", r, err)
	}
	return nil
}

// Apply is a forced server-side apply by the given field manager.
func (c *Client) Apply(ctx context.Context, o Object, manager string) error {
	return c.apply(ctx, o, manager, "")
}

// ApplyStatus applies the status subresource.
func (c *Client) ApplyStatus(ctx context.Context, o Object, manager string) error {
	return c.apply(ctx, o, manager, "/status")
}

func (c *Client) apply(ctx context.Context, o Object, manager, sub string) error {
	body, err := json.Marshal(o)
	if err != nil {
		return err
	}
	r := o.Ref()
	path := r.Path() + sub + "?force=true&fieldValidation=Strict&fieldManager=" + url.QueryEscape(manager)
	// A CRD that was just created answers 404 for a moment.
	for deadline := time.Now().Add(20 * time.Second); ; {
		err := c.Do(ctx, http.MethodPatch, path, "application/apply-patch+yaml", body, nil)
		if err == nil {
			return nil
		}
		if !Is404(err) || time.Now().After(deadline) || ctx.Err() != nil {
			return fmt.Errorf("applying %s: %w", r, err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// ApplyAll applies objects in order as the lab.
func (c *Client) ApplyAll(ctx context.Context, objects []Object) error {
	for _, o := range objects {
		if err := c.Apply(ctx, o, Manager); err != nil {
			return err
		}
	}
	return nil
}

// Merge sends a JSON merge patch.
func (c *Client) Merge(ctx context.Context, r Ref, sub, manager string, patch any) error {
	body, err := json.Marshal(patch)
	if err != nil {
		return err
	}
	path := r.Path()
	if sub != "" {
		path += "/" + sub
	}
	path += "?fieldManager=" + url.QueryEscape(manager)
	if err := c.Do(ctx, http.MethodPatch, path, "application/merge-patch+json", body, nil); err != nil {
		return fmt.Errorf("patching %s: %w", r, err)
	}
	return nil
}
