package kube_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube"
	"tenantry/model"
	"tenantry/model/credential"
)

func storedIn(t *testing.T, w *writer, ns, name string) map[string]any {
	t.Helper()
	o, err := w.cluster.Client("test").Get(secretsOf, ns, name)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func sshDraft(ns string) *credential.Draft {
	return &credential.Draft{Namespace: ns, Name: "key", URL: "ssh://git@git.acme.io/x", Method: credential.SSH,
		Pair: &credential.Pair{Private: []byte("KANARIE"), Public: "ssh-ed25519 AAAA"}, Hosts: []byte("git.acme.io ssh-ed25519 AAAA\n")}
}

// A Secret is made and changed with the keys meant and no others; what was sent
// is zeros afterwards, also when it was refused.
func TestSecretIsWrittenAndWiped(t *testing.T) {
	w := newWriter(t, kube.Options{})
	write := sshDraft("dev").Create()
	if _, err := w.session.Do(context.Background(), write); err != nil {
		t.Fatal(err)
	}
	if len(bytes.Trim(write.Body, "\x00")) > 0 {
		t.Errorf("the body is still there: %s", write.Body)
	}
	if data := storedIn(t, w, "dev", "key")["data"].(map[string]any); data["identity"] != base64.StdEncoding.EncodeToString([]byte("KANARIE")) || len(data) != 3 {
		t.Errorf("%v", data)
	}
	again := sshDraft("dev").Create()
	var refused *model.WriteError
	if _, err := w.session.Do(context.Background(), again); !errors.As(err, &refused) || refused.Reason != model.WriteChanged {
		t.Errorf("%v", err)
	}
	if len(bytes.Trim(again.Body, "\x00")) > 0 {
		t.Error("what was refused is still there")
	}
	if _, err := w.cluster.Client("test").Get(secretsOf, "stage", "key"); err == nil {
		t.Error("the other namespace has one now")
	}
}

// What a server says about a Secret it refuses may repeat what is in it: that
// goes no further, whatever its key is called.
func TestARefusedSecretIsNotRepeated(t *testing.T) {
	draft := func() *credential.Draft {
		return &credential.Draft{Namespace: "dev", Name: "key", URL: "https://git.acme.io/x", Method: credential.Basic, Username: "robot-account", Password: []byte(`KAN"ARIE`)}
	}
	for code, reason := range map[int]string{http.StatusUnprocessableEntity: "Invalid", http.StatusForbidden: "Forbidden", http.StatusInternalServerError: "InternalError", http.StatusConflict: "Conflict"} {
		w := newWriter(t, kube.Options{})
		words := "admission webhook audit.acme.io denied the request: KAN\"ARIE and S0FOIkFSSUU= in " + `{"stringData":{"password":"KAN\"ARIE","other":"robot-account"}}`
		answer, _ := json.Marshal(map[string]any{"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "reason": reason, "message": words,
			"details": map[string]any{"causes": []any{map[string]any{"reason": "FieldManagerConflict", "field": ".data", "message": words}}}})
		w.sent.through(func(next http.RoundTripper) roundTrip {
			return func(r *http.Request) (*http.Response, error) {
				if r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/secrets") {
					return next.RoundTrip(r)
				}
				return &http.Response{StatusCode: code, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(answer)), Request: r}, nil
			}
		})
		_, problem := w.do(draft().Create())
		if problem == nil {
			t.Fatal("it was written")
		}
		said := fmt.Sprintf("%+v", *problem)
		for _, secret := range []string{"KAN", "ARIE", "S0FOIkFSSUU=", "robot-account"} {
			if strings.Contains(said, secret) {
				t.Errorf("%d: %q is repeated: %s", code, secret, said)
			}
		}
		if code != http.StatusConflict && !strings.Contains(said, "audit.acme.io denied the request") {
			t.Errorf("%d: what the server said is lost: %s", code, said)
		}
	}
}

// The write is bound to what was looked at: who changes the Secret in between
// keeps the change.
func TestRotationIsBoundToWhatWasSeen(t *testing.T) {
	w := newWriter(t, kube.Options{})
	client := w.cluster.Client("other")
	w.create(client.Create(map[string]any{"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/ssh-auth", "metadata": map[string]any{"name": "key", "namespace": "dev",
		"annotations": map[string]any{"kubectl.kubernetes.io/last-applied-configuration": `{"data":{"identity":"KANARIE"}}`}},
		"stringData": map[string]any{"ssh-privatekey": "k", "identity": "old", "known_hosts": "h", "password": "p", "notes": "mine"}}))
	now, err := w.session.Secret(context.Background(), "dev", "key")
	if err != nil {
		t.Fatal(err)
	}
	if now.Type != "kubernetes.io/ssh-auth" || strings.Join(now.Keys, " ") != "identity known_hosts notes password ssh-privatekey" || string(now.Values["identity"]) != "old" {
		t.Errorf("%+v", now)
	}
	if _, err := client.Edit(secretsOf, "dev", "key", func(o map[string]any) error {
		o["data"].(map[string]any)["notes"] = base64.StdEncoding.EncodeToString([]byte("changed"))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	var refused *model.WriteError
	if _, err := w.session.Do(context.Background(), sshDraft("dev").Update(now)); !errors.As(err, &refused) || refused.Reason != model.WriteChanged {
		t.Fatalf("%v, want it refused as changed", err)
	}
	if now, err = w.session.Secret(context.Background(), "dev", "key"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.session.Do(context.Background(), sshDraft("dev").Update(now)); err != nil {
		t.Fatal(err)
	}
	o := storedIn(t, w, "dev", "key")
	data := o["data"].(map[string]any)
	if o["type"] != "kubernetes.io/ssh-auth" || data["notes"] != base64.StdEncoding.EncodeToString([]byte("changed")) || data["password"] != nil || data["ssh-privatekey"] == nil ||
		data["identity"] != base64.StdEncoding.EncodeToString([]byte("KANARIE")) {
		t.Errorf("%v", o)
	}
}

// Who applies a Secret is told by its labels, before anything is written.
func TestSecretOwners(t *testing.T) {
	w := newWriter(t, kube.Options{})
	for name, c := range map[string]struct {
		meta map[string]any
		want string
	}{
		"git":      {map[string]any{"labels": map[string]any{"kustomize.toolkit.fluxcd.io/name": "app", "kustomize.toolkit.fluxcd.io/namespace": "dev"}}, "Kustomization/dev/app"},
		"external": {map[string]any{"ownerReferences": []any{map[string]any{"apiVersion": "x/v1", "kind": "ExternalSecret", "name": "key", "uid": "1", "controller": true}}}, "ExternalSecret key"},
		"nobody":   {map[string]any{}, ""},
	} {
		c.meta["name"], c.meta["namespace"] = name, "dev"
		w.create(w.cluster.Client("x").Create(map[string]any{"apiVersion": "v1", "kind": "Secret", "metadata": c.meta}))
		if now, err := w.session.Secret(context.Background(), "dev", name); err != nil || now.Owner != c.want {
			t.Errorf("%s: %+v, %v, want %q", name, now, err, c.want)
		}
	}
	if now, err := w.session.Secret(context.Background(), "dev", "none"); now != nil || err != nil {
		t.Errorf("none: %v, %v", now, err)
	}
}

// A list brings names, types and numbers, and nothing a value could stand in.
func TestSecretsAreListedWithoutValues(t *testing.T) {
	w := newWriter(t, kube.Options{})
	w.create(w.cluster.Client("x").Create(map[string]any{"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "metadata": map[string]any{"name": "key", "namespace": "dev",
		"annotations": map[string]any{"kubectl.kubernetes.io/last-applied-configuration": "KANARIE"}}, "stringData": map[string]any{"a": "KANARIE", "b": "c"}}))
	var answers bytes.Buffer
	w.sent.through(func(next http.RoundTripper) roundTrip {
		return func(r *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(r)
			if err == nil && strings.HasSuffix(r.URL.Path, "/secrets") {
				resp.Body = tee(resp.Body, &answers)
			}
			return resp, err
		}
	})
	list, err := w.session.Secrets(context.Background(), "dev")
	if err != nil || len(list.Secrets) != 1 || list.Secrets[0].Name != "key" || list.Secrets[0].Type != "Opaque" || list.Secrets[0].Count != 2 || list.Secrets[0].Age < 0 {
		t.Fatalf("%+v, %v", list, err)
	}
	if s := answers.String(); !strings.Contains(s, `"key"`) || strings.Contains(s, "KANARIE") || strings.Contains(s, base64.StdEncoding.EncodeToString([]byte("KANARIE"))) {
		t.Errorf("what was sent: %s", s)
	}
	for _, ns := range []string{"", "../dev", "a/b"} {
		if _, err := w.session.Secrets(context.Background(), ns); err == nil {
			t.Errorf("%q was listed", ns)
		}
	}
}

var secretsOf = schema.GroupKind{Kind: "Secret"}

type teed struct {
	io.Reader
	io.Closer
}

func tee(body io.ReadCloser, to io.Writer) io.ReadCloser {
	return teed{io.TeeReader(body, to), body}
}
