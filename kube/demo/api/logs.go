package api

import (
	"fmt"
	"net/http"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"tenantry/kube/demo/store"
	"tenantry/kube/demo/tree"
)

// keptLines is how many lines of a container's log are kept.
const keptLines = 2000

// LogName names one container's log.
type LogName struct{ Namespace, Pod, Container string }

type logLine struct {
	at   time.Time
	text string
}

type containerLog struct {
	lines    []logLine
	dropped  int // lines no longer kept
	previous []logLine
	closed   bool
}

// Logs holds what containers wrote.
type Logs struct {
	mu      sync.Mutex
	now     func() time.Time
	byName  map[LogName]*containerLog
	changed chan struct{}
}

func newLogs(now func() time.Time) *Logs {
	return &Logs{now: now, byName: map[LogName]*containerLog{}, changed: make(chan struct{})}
}

func (l *Logs) log(name LogName) *containerLog {
	c := l.byName[name]
	if c == nil {
		c = &containerLog{}
		l.byName[name] = c
	}
	return c
}

func (l *Logs) announce() {
	close(l.changed)
	l.changed = make(chan struct{})
}

// Write adds a line to a container's log.
func (l *Logs) Write(name LogName, text string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.log(name)
	c.lines = append(c.lines, logLine{l.now(), text})
	if drop := len(c.lines) - keptLines; drop > keptLines/2 {
		c.lines = append([]logLine(nil), c.lines[drop:]...)
		c.dropped += drop
	}
	l.announce()
}

// Restart makes the log so far the previous one, as a container's restart does.
func (l *Logs) Restart(name LogName) {
	l.mu.Lock()
	defer l.mu.Unlock()
	c := l.log(name)
	c.previous, c.lines, c.dropped = c.lines, nil, 0
	l.announce()
}

// Close drops the logs of a pod that is gone; followers see the end.
func (l *Logs) Close(namespace, pod string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for name, c := range l.byName {
		if name.Namespace == namespace && name.Pod == pod {
			c.closed = true
			delete(l.byName, name)
		}
	}
	l.announce()
}

func (s *Server) serveLog(w http.ResponseWriter, r *http.Request, q request) error {
	if q.verb != "get" {
		return plainStatus(http.StatusMethodNotAllowed, metav1.StatusReasonMethodNotAllowed, "the server does not allow this method on the requested resource")
	}
	lq, err := s.logQuery(q)
	if err != nil {
		return err
	}
	pod := s.store.Get("pods", store.Key{Namespace: q.namespace, Name: q.name})
	if pod == nil {
		return apierrors.NewNotFound(schema.GroupResource{Resource: "pods"}, q.name)
	}
	container, err := logContainer(pod.Content, q.query.Get("container"))
	if err != nil {
		return err
	}
	if tree.Str(pod.Content, "spec", "nodeName") == "" {
		w.WriteHeader(http.StatusNoContent) // there is no kubelet to ask yet
		return nil
	}
	name := LogName{q.namespace, q.name, container}
	s.logs.mu.Lock()
	log := s.logs.log(name)
	hasPrevious := log.previous != nil
	s.logs.mu.Unlock()
	if lq.previous && !hasPrevious {
		return apierrors.NewBadRequest(fmt.Sprintf("previous terminated container %q in pod %q not found", container, q.name))
	}
	if reason := waitingReason(pod.Content, container); reason != "" && !lq.previous {
		return apierrors.NewBadRequest(fmt.Sprintf("container %q in pod %q is waiting to start: %s", container, q.name, reason))
	}
	w.Header().Set("Content-Type", "text/plain")
	w.WriteHeader(http.StatusOK)
	flush(w)
	s.streamLog(w, r.Context().Done(), log, lq)
	return nil
}

func (s *Server) streamLog(w http.ResponseWriter, gone <-chan struct{}, log *containerLog, lq logQuery) {
	next := -1 // index of the next line, counted from the log's beginning
	written := 0
	for {
		s.logs.mu.Lock()
		lines, dropped, closed, changed := log.lines, log.dropped, log.closed, s.logs.changed
		if lq.previous {
			lines, dropped, closed = log.previous, 0, true
		}
		s.logs.mu.Unlock()
		if next < 0 {
			next = dropped
			if lq.tail >= 0 && len(lines) > lq.tail {
				next = dropped + len(lines) - lq.tail
			}
		}
		next = min(max(next, dropped), dropped+len(lines)) // restarted or trimmed meanwhile
		for ; next-dropped < len(lines); next++ {
			line := lines[next-dropped]
			if line.at.Before(lq.since) {
				continue
			}
			text := line.text + "\n"
			if lq.timestamps {
				text = line.at.Format("2006-01-02T15:04:05.000000000Z07:00") + " " + text
			}
			if lq.limit >= 0 && written+len(text) > lq.limit {
				_, _ = w.Write([]byte(text[:lq.limit-written]))
				return
			}
			written += len(text)
			if _, err := w.Write([]byte(text)); err != nil {
				return
			}
		}
		flush(w)
		if !lq.follow || closed {
			return
		}
		select {
		case <-changed:
		case <-gone:
			return
		}
	}
}
