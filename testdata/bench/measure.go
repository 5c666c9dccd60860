package main

import (
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"tenantry/testdata/terminal"
)

// row is one measurement.
type row struct {
	profile, mode string
	complete      time.Duration // process start → "● live" on the screen
	download      time.Duration // the same lists raw, six at a time, in the same run
	bytes         int64
	peakKB        int64
	settledKB     int64
	idleCPU       float64 // seconds of CPU in the idle time; -1 = not measured
	keyP50        time.Duration
	keyP99        time.Duration
	written       int64 // bytes to the terminal while idle
	frames        int64 // in how many writes

	// What a person waits for besides the cursor; 0 = not measured.
	filter, sort, list, open time.Duration

	// Under updates.
	busyCPU               float64       // share of a core
	busyBytes, busyFrames float64       // to the terminal, a second
	updates, lost         int           // made, and final states that were not shown
	caughtUp              time.Duration // from the last update to a page, written out, that has them all
}

func modeEnv(mode string) []string {
	switch mode {
	case "streamed":
		return []string{"KUBE_FEATURE_WatchListClient=true"}
	case "paged":
		return []string{"KUBE_FEATURE_WatchListClient=false"}
	}
	return nil
}

func measure(o options, env environment, binary, profile, mode string, idle bool) (row, error) {
	r := row{profile: profile, mode: mode, idleCPU: -1}
	var err error
	if r.download, r.bytes, err = download(env); err != nil {
		return r, err
	}
	s, err := terminal.Start(120, 40, append(modeEnv(mode), "KUBECONFIG="+env.Kubeconfig), binary)
	if err != nil {
		return r, err
	}
	defer s.Close()
	at, err := s.WaitText(120*time.Second, "● live")
	if err != nil {
		return r, err
	}
	r.complete = at.Sub(s.Started)
	if screen := s.Screen(); !strings.Contains(screen, strconv.Itoa(o.tenants)+" tenants") {
		return r, fmt.Errorf("live, but it does not show %d tenants:\n%s", o.tenants, screen)
	}
	<-time.After(3 * time.Second) // memory settles after the first collection
	r.settledKB, r.peakKB = memory(s.Pid())
	if idle && o.idle > 0 {
		before, frames := s.Written()
		cpu := cpuSeconds(s.Pid())
		<-time.After(o.idle)
		r.idleCPU = cpuSeconds(s.Pid()) - cpu
		after, now := s.Written()
		r.written, r.frames = after-before, now-frames
	}
	if r.keyP50, r.keyP99, err = keys(s, 100); err != nil {
		return r, err
	}
	if idle {
		if err := touch(s, &r); err != nil {
			return r, err
		}
	}
	_, peak := memory(s.Pid())
	r.peakKB = max(r.peakKB, peak)
	return r, nil
}

var position = regexp.MustCompile(`(\d+)/(\d+)\s*$`)

// cursorAt reads the position off the key line's end.
func cursorAt(screen string) int {
	lines := strings.Split(screen, "\n")
	for i := len(lines) - 1; i >= 0 && i > len(lines)-3; i-- {
		if m := position.FindStringSubmatch(lines[i]); m != nil {
			n, _ := strconv.Atoi(m[1])
			return n
		}
	}
	return -1
}

// keys presses down and up n times and measures each until its frame is there.
func keys(s *terminal.Session, n int) (p50, p99 time.Duration, err error) {
	var took []time.Duration
	for i := 0; i < n; i++ {
		key := "j"
		if i%2 == 1 {
			key = "k"
		}
		was := cursorAt(s.Screen())
		start := time.Now()
		if err := s.Type(key); err != nil {
			return 0, 0, err
		}
		at, err := s.WaitFor(5*time.Second, func(screen string) bool { return cursorAt(screen) != was })
		if err != nil {
			return 0, 0, fmt.Errorf("key %s at row %d: %w", key, was, err)
		}
		took = append(took, at.Sub(start))
	}
	sort.Slice(took, func(i, j int) bool { return took[i] < took[j] })
	return took[len(took)/2], took[len(took)*99/100], nil
}

// memory reads resident memory and its peak, in KiB.
func memory(pid int) (now, peak int64) {
	data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for _, l := range strings.Split(string(data), "\n") {
		f := strings.Fields(l)
		if len(f) < 2 {
			continue
		}
		n, _ := strconv.ParseInt(f[1], 10, 64)
		switch f[0] {
		case "VmRSS:":
			now = n
		case "VmHWM:":
			peak = n
		}
	}
	return now, peak
}

// cpuSeconds reads user and system time; the clock tick is 10 ms on Linux.
func cpuSeconds(pid int) float64 {
	data, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, rest, _ := strings.Cut(string(data), ") ")
	f := strings.Fields(rest)
	if len(f) < 13 {
		return 0
	}
	user, _ := strconv.ParseFloat(f[11], 64)
	sys, _ := strconv.ParseFloat(f[12], 64)
	return (user + sys) / 100
}

var lists = []string{
	"/api/v1/namespaces", "/api/v1/serviceaccounts", "/apis/rbac.authorization.k8s.io/v1/rolebindings",
	"/apis/source.toolkit.fluxcd.io/v1/gitrepositories", "/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations",
	"/apis/apps/v1/deployments", "/apis/apps/v1/replicasets", "/apis/helm.toolkit.fluxcd.io/v2/helmreleases",
}

var token = regexp.MustCompile(`token:\s*(\S+)`)

// warm waits until the API server answers every list: right after a load it
// refuses some while its caches fill.
func warm(env environment) error {
	var err error
	for start := time.Now(); time.Since(start) < time.Minute; {
		if _, _, err = download(env); err == nil {
			return nil
		}
		<-time.After(time.Second)
	}
	return err
}

// download fetches the lists as JSON, six at a time, and throws them away: the
// floor any program stands on.
func download(env environment) (time.Duration, int64, error) {
	config, err := os.ReadFile(env.Kubeconfig)
	if err != nil {
		return 0, 0, err
	}
	m := token.FindSubmatch(config)
	if m == nil {
		return 0, 0, fmt.Errorf("no token in %s", env.Kubeconfig)
	}
	// The lab's server has a certificate of its own making, on loopback.
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true, DisableCompression: true}}
	start := time.Now()
	var wg sync.WaitGroup
	var mu sync.Mutex
	var total int64
	var failed error
	slots := make(chan struct{}, 6)
	for _, path := range lists {
		wg.Add(1)
		go func() {
			defer wg.Done()
			slots <- struct{}{}
			defer func() { <-slots }()
			n, err := fetch(client, env.Server+path, string(m[1]))
			mu.Lock()
			defer mu.Unlock()
			total += n
			if err != nil {
				failed = err
			}
		}()
	}
	wg.Wait()
	return time.Since(start), total, failed
}

func fetch(client *http.Client, url, bearer string) (int64, error) {
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	req.Header.Set("Authorization", "Bearer "+bearer)
	req.Header.Set("Accept", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode == http.StatusNotFound {
		return 0, nil // a kind this load does not have
	}
	if resp.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("GET %s: %s", url, resp.Status)
	}
	return io.Copy(io.Discard, resp.Body)
}
