package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"tenantry/testdata/terminal"
)

// updates changes a cluster for a while and returns how many pods each
// Deployment it touched has in the end, by namespace and name.
type updates func(length time.Duration) (states map[string]int64, made int, err error)

func (e *embedded) updates(length time.Duration) (map[string]int64, int, error) {
	ctx, cancel := context.WithTimeout(context.Background(), length)
	defer cancel()
	states, made := e.update(ctx, 500)
	return states, made, nil
}

func (l labProgram) updates(length time.Duration) (map[string]int64, int, error) {
	file := filepath.Join(filepath.Dir(l.bin), "states.json")
	if err := l.run("updates", "--rate", "500", "--for", length.String(), "--states", file); err != nil {
		return nil, 0, err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, 0, err
	}
	var all []struct {
		Kind, Namespace, Name string
		Available             int64
	}
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, 0, err
	}
	states := map[string]int64{}
	for _, s := range all {
		if s.Kind == "Deployment" {
			states[s.Namespace+" "+s.Name] = s.Available
		}
	}
	return states, int(length.Seconds() * 500), nil
}

// measureUpdates presses keys for as long as 500 statuses a second change, then
// compares what is shown with what the cluster has.
func measureUpdates(o options, change updates, env environment, binary, profile string) (row, error) {
	r := row{profile: profile, mode: "500 updates/s", idleCPU: -1}
	s, err := terminal.Start(120, 40, []string{"KUBECONFIG=" + env.Kubeconfig}, binary)
	if err != nil {
		return r, err
	}
	defer s.Close()
	at, err := s.WaitText(120*time.Second, "● live")
	if err != nil {
		return r, err
	}
	r.complete = at.Sub(s.Started)
	type end struct {
		states map[string]int64
		made   int
		err    error
	}
	done := make(chan end, 1)
	go func() {
		states, made, err := change(o.updates)
		done <- end{states, made, err}
	}()
	<-time.After(time.Second)
	cpu, start := cpuSeconds(s.Pid()), time.Now()
	bytes, writes := s.Written()
	// First alone, for what it costs and writes by itself, then under keys.
	half := o.updates/2 - time.Second
	<-time.After(half)
	r.busyCPU = (cpuSeconds(s.Pid()) - cpu) / time.Since(start).Seconds()
	nowBytes, nowWrites := s.Written()
	r.busyBytes, r.busyFrames = perSecond(nowBytes-bytes, start), perSecond(nowWrites-writes, start)
	if r.keyP50, r.keyP99, err = keys(s, max(int(half.Seconds())*15, 100)); err != nil {
		return r, err
	}
	last := <-done
	if last.err != nil {
		return r, last.err
	}
	r.settledKB, r.peakKB = memory(s.Pid())
	r.updates = last.made
	ended := time.Now()
	r.lost, err = lost(s, last.states)
	r.caughtUp = time.Since(ended)
	return r, err
}

func perSecond(n int64, since time.Time) float64 { return float64(n) / time.Since(since).Seconds() }

// podsShown is how a row says how many pods there are: 2/3 at rest, in words
// while they come and go.
var podsShown = regexp.MustCompile(`\b(\d+)/\d+\b|\b(\d+) of \d+ pods available`)

// differing counts the Deployments that have no row, or one with other figures.
// Rows that say something else of their Deployment, such as why it fails, count
// as shown.
func differing(text string, states map[string]int64) int {
	shown := map[string]string{}
	for l := range strings.SplitSeq(text, "\n") {
		f := strings.Fields(strings.TrimLeft(l, "▌◆• "))
		if len(f) < 4 || !strings.HasPrefix(f[2], "deploy/") {
			continue
		}
		key := f[0] + " " + strings.TrimPrefix(f[2], "deploy/")
		shown[key] = "?"
		if m := podsShown.FindStringSubmatch(l); m != nil {
			shown[key] = m[1] + m[2]
		}
	}
	n := 0
	for k, available := range states {
		if shown[k] != "?" && shown[k] != fmt.Sprint(available) {
			n++
		}
	}
	return n
}

// lost counts the final states that are not shown, not even after a while. The page of workloads is
// written out, all of it, as a person would.
func lost(s *terminal.Session, states map[string]int64) (int, error) {
	if err := s.Type("7"); err != nil {
		return 0, err
	}
	if _, err := s.WaitText(20*time.Second, "▸ Workloads"); err != nil {
		return 0, err
	}
	missing := 0
	for end := time.Now().Add(30 * time.Second); ; {
		text, err := written(s)
		if err != nil {
			return 0, err
		}
		missing = differing(text, states)
		if missing == 0 || time.Now().After(end) {
			return missing, nil
		}
	}
}

// written has the page on top written out and reads it.
func written(s *terminal.Session) (string, error) {
	for _, f := range pages() {
		_ = os.Remove(f)
	}
	if err := s.Type(":write page\r"); err != nil {
		return "", err
	}
	if _, err := s.WaitFor(20*time.Second, func(string) bool { return len(pages()) > 0 }); err != nil {
		return "", err
	}
	data, err := os.ReadFile(pages()[0])
	return string(data), err
}

func pages() []string {
	found, _ := filepath.Glob("tenantry-workloads-*.txt")
	return found
}
