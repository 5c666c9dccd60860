package e2e

import (
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"k8s.io/client-go/tools/clientcmd"
)

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

// Invariant 1: Secrets are not asked for, and what is in them is nowhere in the
// program: not in its memory, not on its screen. There are enough of them to
// show in any buffer they might have gone through.
func TestSecretsAreNeverRead(t *testing.T) {
	stamp := fmt.Sprint(time.Now().UnixNano())
	inData, inApplied := "kanarie"+stamp, "toegepast"+stamp
	var manifest strings.Builder
	for i := range 24 {
		fmt.Fprintf(&manifest, `---
apiVersion: v1
kind: Secret
metadata:
  name: canary-%d
  namespace: fluxdemo-dev
  annotations: {kubectl.kubernetes.io/last-applied-configuration: '{"data":{"password":"%s%s"}}'}
stringData: {password: "%s"}
`, i, inApplied, strings.Repeat("x", 1500), inData)
	}
	apply(t, manifest.String())
	t.Cleanup(func() {
		for i := range 24 {
			_, _ = kubectlErr("delete", "secret", "-n", "fluxdemo-dev", fmt.Sprintf("canary-%d", i))
		}
	})
	r := record(t)
	s := dashboard(t, r.kubeconfig(t), 120, 40)
	if err := s.Type("/canary\r"); err != nil {
		t.Fatal(err)
	}
	requests := r.requests()
	if len(requests) < 20 {
		t.Fatalf("only %d requests were seen, so nothing was proved", len(requests))
	}
	for _, req := range requests {
		if req.Method != http.MethodGet && !strings.Contains(req.URL.Path, "/selfsubject") {
			t.Errorf("a request that is not a read: %s %s", req.Method, req.URL)
		}
		if regexp.MustCompile(`/secrets(/|$)`).MatchString(req.URL.Path) {
			t.Errorf("Secrets were asked for: %s", req.URL)
		}
	}
	// A name on the screen must be found, or the search proves nothing.
	for needle, want := range map[string]bool{inData: false, base64.StdEncoding.EncodeToString([]byte(inData)): false, inApplied: false, "fluxdemo-dev": true} {
		if found := memoryHolds(t, s.Pid(), []byte(needle)); found != want {
			t.Errorf("%q in the program's memory: %v, want %v", needle, found, want)
		}
		if !want && bytes.Contains(s.Raw(), []byte(needle)) {
			t.Errorf("%q was on the screen", needle)
		}
	}
}

// memoryHolds searches a process's writable memory.
func memoryHolds(t *testing.T, pid int, needle []byte) bool {
	t.Helper()
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		t.Fatal(err)
	}
	mem, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		t.Fatalf("read the program's memory: %v", err)
	}
	defer func() { _ = mem.Close() }()
	for _, l := range strings.Split(string(maps), "\n") {
		var from, to uint64
		var perm string
		if n, _ := fmt.Sscanf(l, "%x-%x %s", &from, &to, &perm); n != 3 || !strings.HasPrefix(perm, "rw") {
			continue
		}
		buf := make([]byte, to-from)
		n, _ := mem.ReadAt(buf, int64(from)) // pages never touched can't be read
		if bytes.Contains(buf[:n], needle) {
			return true
		}
	}
	return false
}
