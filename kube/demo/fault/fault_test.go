package fault_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"k8s.io/client-go/rest"

	"tenantry/kube/demo"
	"tenantry/kube/demo/fault"
)

func open(t *testing.T) (*demo.Cluster, *http.Client) {
	t.Helper()
	c := demo.NewCluster(demo.Options{Kinds: true})
	client, err := rest.HTTPClientFor(c.Config())
	if err != nil {
		t.Fatal(err)
	}
	return c, client
}

func get(ctx context.Context, client *http.Client, path string) (int, http.Header, string, error) {
	req, err := http.NewRequestWithContext(ctx, "GET", demo.Host+path, nil)
	if err != nil {
		return 0, nil, "", err
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, nil, "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode, resp.Header, string(b), err
}

const namespaces = "/api/v1/namespaces"

func TestFaultsOfAnswers(t *testing.T) {
	c, client := open(t)
	ask := func(rule fault.Rule) (int, http.Header, string, error) {
		defer c.Faults().Add(rule)()
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		return get(ctx, client, namespaces)
	}
	if _, _, _, err := ask(fault.Rule{Do: fault.Refuse}); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("refuse: %v", err)
	}
	if _, _, _, err := ask(fault.Rule{Do: fault.Hang}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("hang: %v", err)
	}
	if code, _, _, err := ask(fault.Rule{Do: fault.Slow, Delay: 10 * time.Millisecond}); err != nil || code != 200 {
		t.Errorf("slow: %d %v", code, err)
	}
	if code, _, body, err := ask(fault.Rule{Do: fault.Cut, Bytes: 40}); err == nil || code != 200 || len(body) != 40 {
		t.Errorf("cut: %d %q %v", code, body, err)
	}
	if code, _, body, err := ask(fault.Rule{Do: fault.Truncate, Bytes: 40}); err != nil || code != 200 || len(body) != 40 {
		t.Errorf("truncate: %d %q %v", code, body, err)
	}
	if code, _, body, _ := ask(fault.Rule{Do: fault.Expire}); code != 410 || !strings.Contains(body, `"Expired"`) {
		t.Errorf("expire: %d %s", code, body)
	}
	if code, header, _, _ := ask(fault.Rule{Do: fault.Throttle, Delay: 2 * time.Second}); code != 429 || header.Get("Retry-After") != "2" {
		t.Errorf("throttle: %d %v", code, header)
	}
	if code, _, _, _ := ask(fault.Rule{Do: fault.Fail}); code != 500 {
		t.Errorf("fail: %d", code)
	}
	if _, _, body, _ := ask(fault.Rule{Do: fault.Replace, Body: "\x1b[2J"}); body != "\x1b[2J" {
		t.Errorf("replace: %q", body)
	}
	if code, _, _, err := get(t.Context(), client, namespaces); code != 200 || err != nil {
		t.Errorf("after the faults: %d %v", code, err)
	}
}

// A dropped watch does not end with its time.
func TestDroppedWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, client := open(t)
		c.Faults().Add(fault.Rule{Verb: "watch", Do: fault.Drop, Bytes: 1})
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		began := time.Now()
		_, _, body, err := get(ctx, client, namespaces+"?watch=true&timeoutSeconds=1")
		if took := time.Since(began); took != time.Hour || strings.Count(body, "\n") != 1 {
			t.Fatalf("%v after %v and %q", err, took, body)
		}
	})
}

func TestRulesCount(t *testing.T) {
	c, client := open(t)
	c.Faults().Add(fault.Rule{Verb: "list", Resource: "namespaces", Skip: 1, Count: 2, Do: fault.Fail})
	var codes []int
	for range 4 {
		code, _, _, _ := get(t.Context(), client, namespaces)
		codes = append(codes, code)
	}
	if codes[0] != 200 || codes[1] != 500 || codes[2] != 500 || codes[3] != 200 {
		t.Fatalf("codes %v", codes)
	}
	if code, _, _, _ := get(t.Context(), client, namespaces+"/default"); code != 200 {
		t.Fatal("the rule is for lists only")
	}
}

func TestFaultsOfWatches(t *testing.T) {
	for name, test := range map[string]struct {
		rule fault.Rule
		want string
	}{
		"duplicate": {fault.Rule{Verb: "watch", Do: fault.Duplicate}, "default default kube-node-lease kube-node-lease kube-public kube-public kube-system kube-system"},
		"reorder":   {fault.Rule{Verb: "watch", Do: fault.Reorder}, "kube-node-lease default kube-system kube-public"},
		"silence":   {fault.Rule{Verb: "watch", Do: fault.Silence, Bytes: 1}, "default"},
	} {
		t.Run(name, func(t *testing.T) {
			c, client := open(t)
			c.Faults().Add(test.rule)
			_, _, body, err := get(t.Context(), client, namespaces+"?watch=true&timeoutSeconds=1")
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, line := range strings.Split(body, "\n") {
				if _, rest, ok := strings.Cut(line, `"kubernetes.io/metadata.name":"`); ok {
					name, _, _ := strings.Cut(rest, `"`)
					names = append(names, name)
				}
			}
			if got := strings.Join(names, " "); got != test.want {
				t.Fatalf("saw %q, want %q", got, test.want)
			}
		})
	}
}
