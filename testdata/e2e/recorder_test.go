package e2e

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"k8s.io/client-go/tools/clientcmd"
)

// exchange is a server-side apply and what the API server answered.
type exchange struct {
	path, query, body string
	spec              string // spec.sync of the answer
}

// applies keeps what is applied by way of a recorder.
func (r *recorder) applies(t *testing.T) func() []exchange {
	t.Helper()
	var all []exchange
	var body []byte
	r.hold(func(req *http.Request) {
		if req.Method != http.MethodPatch || !strings.Contains(req.Header.Get("Content-Type"), "apply-patch") {
			return
		}
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			t.Error(err)
		}
		req.Body = io.NopCloser(bytes.NewReader(body))
	})
	r.holdAnswer(func(answer *http.Response) {
		req := answer.Request
		if req.Method != http.MethodPatch || !strings.Contains(req.Header.Get("Content-Type"), "apply-patch") {
			return
		}
		text, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Error(err)
		}
		answer.Body = io.NopCloser(bytes.NewReader(text))
		var o struct {
			Spec struct{ Sync json.RawMessage }
		}
		_ = json.Unmarshal(text, &o)
		r.mu.Lock()
		defer r.mu.Unlock()
		all = append(all, exchange{req.URL.Path, req.URL.RawQuery, string(body), string(o.Spec.Sync)})
	})
	return func() []exchange {
		r.mu.Lock()
		defer r.mu.Unlock()
		return slices.Clone(all)
	}
}

// A recorder stands between the program and the API server.
type recorder struct {
	*httptest.Server
	mu     sync.Mutex
	seen   []*http.Request
	before func(*http.Request)  // called with each before it is passed on; nil for nothing
	after  func(*http.Response) // called with each answer before it is passed back
}

// hold sets what is done before a request is passed on.
func (r *recorder) hold(before func(*http.Request)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.before = before
}

// holdAnswer sets what is done before an answer is passed back.
func (r *recorder) holdAnswer(after func(*http.Response)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.after = after
}

func record(t *testing.T) *recorder {
	t.Helper()
	target, err := url.Parse(lab.Server)
	if err != nil {
		t.Fatal(err)
	}
	r := &recorder{}
	proxy := httputil.NewSingleHostReverseProxy(target)
	// The lab's server has a certificate of its own making, on loopback.
	proxy.Transport = &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 64}
	proxy.FlushInterval = -1
	proxy.ErrorLog = log.New(io.Discard, "", 0) // of a server that is killed on purpose
	proxy.ModifyResponse = func(answer *http.Response) error {
		r.mu.Lock()
		after := r.after
		r.mu.Unlock()
		if after != nil {
			after(answer)
		}
		return nil
	}
	// Credentials are only sent over TLS.
	r.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		r.mu.Lock()
		r.seen = append(r.seen, req.Clone(req.Context()))
		before := r.before
		r.mu.Unlock()
		if before != nil {
			before(req)
		}
		proxy.ServeHTTP(w, req)
	}))
	r.EnableHTTP2 = true
	r.StartTLS()
	t.Cleanup(r.Close)
	return r
}

func (r *recorder) requests() []*http.Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]*http.Request{}, r.seen...)
}

// kubeconfig is the admin's, by way of the recorder.
func (r *recorder) kubeconfig(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(lab.Kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	config, err := clientcmd.Load(data)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range config.Clusters {
		c.Server, c.InsecureSkipTLSVerify, c.CertificateAuthority, c.CertificateAuthorityData = r.URL, true, "", nil
	}
	path := filepath.Join(t.TempDir(), "kubeconfig")
	if err := clientcmd.WriteToFile(*config, path); err != nil {
		t.Fatal(err)
	}
	return path
}
