// Command watch prints what a session tells of a cluster: when it was
// complete, what it holds and what that costs, and with --for every state
// change as it happens. It is for trying package kube against a real API
// server: go run ./kube/testdata/watch --for 1m
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"runtime/pprof"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/pflag"

	"tenantry/kube"
	"tenantry/model"
)

func main() {
	start := time.Now()
	var flags kube.Flags
	flags.Bind(pflag.CommandLine)
	stay := pflag.Duration("for", 0, "keep watching for this long")
	verbose := pflag.Bool("changes", false, "print every change")
	profile := pflag.String("cpuprofile", "", "write a CPU profile here")
	heap := pflag.String("heapprofile", "", "write a heap profile here")
	pflag.Parse()
	if *profile != "" {
		f, err := os.Create(*profile)
		check(err)
		check(pprof.StartCPUProfile(f))
		defer pprof.StopCPUProfile()
	}
	kube.Quiet(os.Stderr)
	target, err := flags.Load("dev")
	check(err)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	session, err := kube.Open(ctx, target.Config, kube.Options{Context: target.Context, Namespaces: flags.Namespaces,
		AllNamespaces: flags.AllNamespaces, DefaultNamespace: target.DefaultNamespace, RequestTimeout: target.RequestTimeout})
	check(err)
	w := &watcher{start: start, objects: map[model.Key]*model.Object{}, scopes: map[string]model.ScopeStatus{}, verbose: *verbose}
	deadline := time.Now().Add(time.Hour)
	for {
		wait, cancel := context.WithDeadline(ctx, deadline)
		b, err := session.Next(wait)
		cancel()
		if err != nil {
			break
		}
		w.apply(b)
		if w.complete > 0 && time.Until(deadline) > 59*time.Minute {
			deadline = time.Now().Add(*stay + 500*time.Millisecond)
		}
	}
	w.summary()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	fmt.Printf("heap: %d MB in objects, %d MB in spans, %d MB idle of which %d MB given back; anonymous memory %s, files %s\n",
		m.HeapAlloc>>20, m.HeapInuse>>20, m.HeapIdle>>20, m.HeapReleased>>20, status("RssAnon"), status("RssFile"))
	if *heap != "" {
		f, err := os.Create(*heap)
		check(err)
		runtime.GC()
		check(pprof.WriteHeapProfile(f))
		check(f.Close())
	}
	session.Close()
	runtime.KeepAlive(w)
}

type watcher struct {
	start    time.Time
	complete time.Duration
	objects  map[model.Key]*model.Object
	scopes   map[string]model.ScopeStatus
	batches  int
	largest  int
	verbose  bool
}

func (w *watcher) apply(b model.Batch) {
	w.batches++
	w.largest = max(w.largest, len(b.Changes))
	for _, c := range b.Changes {
		if c.Object == nil {
			delete(w.objects, c.Key)
		} else {
			w.objects[c.Key] = c.Object
		}
		if w.verbose && w.complete > 0 {
			fmt.Printf("%8.3f %s gone=%v\n", time.Since(w.start).Seconds(), c.Key, c.Object == nil)
		}
	}
	for _, s := range b.Scopes {
		key := s.Kind.String() + "/" + s.Namespace
		if s.Removed {
			delete(w.scopes, key)
		} else {
			w.scopes[key] = s
		}
		if w.complete > 0 || s.State > model.ScopeSynced || s.Message != "" || s.Removed {
			fmt.Printf("%8.3f %-40s %s verb=%q removed=%v %s\n", time.Since(w.start).Seconds(), key, s.State, s.Verb, s.Removed, s.Message)
		}
	}
	if b.Conn != nil {
		fmt.Printf("%8.3f connection %+v\n", time.Since(w.start).Seconds(), *b.Conn)
	}
	if w.complete == 0 && len(w.scopes) > 0 {
		for _, s := range w.scopes {
			if s.State == model.ScopeSyncing {
				return
			}
		}
		w.complete = time.Since(w.start)
		fmt.Printf("%8.3f complete, peak %s\n", w.complete.Seconds(), status("VmHWM"))
	}
}

func (w *watcher) summary() {
	counts := map[string]int{}
	for k, o := range w.objects {
		counts[k.Kind.String()]++
		if o.Undecodable != "" {
			fmt.Println("undecodable", k, o.Undecodable)
		}
	}
	var lines []string
	for k, n := range counts {
		lines = append(lines, fmt.Sprintf("%s %d", k, n))
	}
	slices.Sort(lines)
	fmt.Println(strings.Join(lines, ", "))
	var use syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &use)
	fmt.Printf("%d objects in %d batches (largest %d), complete after %.3f s, peak %s, now %s, CPU %.2f s\n", len(w.objects), w.batches,
		w.largest, w.complete.Seconds(), status("VmHWM"), status("VmRSS"),
		time.Duration(use.Utime.Nano()+use.Stime.Nano()).Seconds())
}

func status(name string) string {
	raw, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.Join(strings.Fields(rest), " ")
		}
	}
	return "?"
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(3)
	}
}
