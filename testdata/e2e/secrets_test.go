package e2e

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

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
