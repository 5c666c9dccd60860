package kube

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"tenantry/model"
	"tenantry/model/logs"
)

// Bounds of one reading of logs. A view that is not drawn for a while must not
// fill the memory, and a Deployment of a thousand pods is not read whole.
const (
	maxLogStreams  = 40   // containers followed at once
	maxLogWaiting  = 4000 // lines held for the reader
	logWindow      = 100 * time.Millisecond
	findPodsEvery  = 4 * time.Second
	defaultLogTail = 500
)

// logStream reads the logs of what is wanted until it is closed.
type logStream struct {
	s       *Session
	want    logs.Want
	ctx     context.Context
	cancel  context.CancelFunc
	wg      sync.WaitGroup
	wake    chan struct{}
	matcher *logs.Matcher
	readers map[containerID]*logReader // owned by find

	mu      sync.Mutex
	lines   []logs.Line
	dropped int
	sources map[string]logs.Source
	changed bool // sources did
}

// containerID names a container of one pod, and which of its runs.
type containerID struct {
	namespace, pod, uid, name string
}

// Logs starts to read logs and returns at once; what goes wrong is told per
// container. The reading ends with ctx, with the session, or by Close.
func (s *Session) Logs(ctx context.Context, want logs.Want) (logs.Stream, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx.Err() != nil {
		return nil, ErrClosed
	}
	if want.Tail <= 0 {
		want.Tail = defaultLogTail
	}
	l := &logStream{s: s, want: want, wake: make(chan struct{}, 1), matcher: logs.NewMatcher(want.About),
		readers: map[containerID]*logReader{}, sources: map[string]logs.Source{}}
	l.ctx, l.cancel = context.WithCancel(ctx)
	l.wg.Add(1)
	s.wg.Go(func() { // the session waits for it too
		defer l.wg.Done()
		defer context.AfterFunc(s.ctx, l.cancel)()
		l.find()
	})
	return l, nil
}

// Close implements logs.Stream.
func (l *logStream) Close() {
	l.cancel()
	l.wg.Wait()
}

// Next implements logs.Stream.
func (l *logStream) Next(ctx context.Context) (logs.Batch, error) {
	select {
	case <-ctx.Done():
		return logs.Batch{}, ctx.Err()
	case <-l.ctx.Done():
		return logs.Batch{}, ErrClosed
	case <-l.wake:
	}
	window := time.NewTimer(logWindow) // lines come in bursts
	defer window.Stop()
	select {
	case <-l.ctx.Done():
	case <-ctx.Done():
	case <-window.C:
	}
	select {
	case <-l.wake: // of what is taken now
	default:
	}
	return l.take(), nil
}

func (l *logStream) take() logs.Batch {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := logs.Batch{Lines: l.lines, Dropped: l.dropped}
	l.lines, l.dropped, l.changed = nil, 0, false
	for _, s := range l.sources {
		b.Sources = append(b.Sources, s)
	}
	slices.SortFunc(b.Sources, func(x, y logs.Source) int {
		return strings.Compare(x.Of.String()+"\x00"+x.Pod+"\x00"+x.Container, y.Of.String()+"\x00"+y.Pod+"\x00"+y.Container)
	})
	slices.SortStableFunc(b.Lines, func(x, y logs.Line) int { return int(min(max(x.At-y.At, -1), 1)) })
	return b
}

func (l *logStream) signal() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// put takes a line that was read, if it is wanted.
func (l *logStream) put(line logs.Line) {
	l.mu.Lock()
	wanted := l.matcher.Match(&line.Entry)
	if wanted {
		if len(l.lines) == maxLogWaiting {
			n := maxLogWaiting / 4
			l.lines = append(l.lines[:0], l.lines[n:]...)
			l.dropped += n
		}
		l.lines = append(l.lines, line)
	}
	l.mu.Unlock()
	if wanted {
		l.signal()
	}
}

// say notes how a source is read; a state of none takes it off the list.
func (l *logStream) say(source logs.Source, there bool) {
	id := source.Of.String() + "\x00" + source.Pod + "\x00" + source.Container
	l.mu.Lock()
	before, was := l.sources[id]
	news := was != there || there && before != source
	if there {
		l.sources[id] = source
	} else {
		delete(l.sources, id)
	}
	l.mu.Unlock()
	if news {
		l.signal()
	}
}

// find looks for the containers of what is wanted, now and then anew: pods come
// and go, containers start again.
func (l *logStream) find() {
	for {
		l.look()
		select {
		case <-l.ctx.Done():
			return
		case <-time.After(findPodsEvery):
		}
	}
}

// look finds the containers there are by now, and starts to read those that
// are new.
func (l *logStream) look() {
	there := map[containerID]bool{}
	for _, of := range l.want.Of {
		whole := logs.Source{Of: of}
		pods, err := l.s.podsOf(l.ctx, of)
		if l.ctx.Err() != nil {
			return
		}
		switch {
		case err != nil && apierrors.IsForbidden(err):
			whole.State, whole.Why = logs.Denied, plainError(err)
		case err != nil && apierrors.IsNotFound(err):
			whole.State, whole.Why = logs.None, of.String()+" does not exist"
		case err != nil:
			whole.State, whole.Why = logs.Waiting, l.s.requestError(l.ctx, "looking for the pods of "+of.String(), err).Text
		case len(pods) == 0:
			whole.State, whole.Why = logs.None, of.String()+" has no pods"
		}
		l.say(whole, err != nil || len(pods) == 0)
		if err != nil && !apierrors.IsNotFound(err) {
			for id, r := range l.readers { // nothing is known of them
				there[id] = there[id] || r.source.Of == of
			}
		}
		for _, p := range pods {
			l.attach(of, p, there)
		}
	}
	for id, r := range l.readers {
		if !there[id] {
			r.cancel()
			l.say(r.source, false)
			delete(l.readers, id)
		}
	}
}

// attach reads the containers of a pod that are not read yet.
func (l *logStream) attach(of model.Key, p podJSON, there map[containerID]bool) {
	for _, c := range p.containers() {
		id := containerID{p.Metadata.Namespace, p.Metadata.Name, p.Metadata.UID, c.name}
		there[id] = true
		r := l.readers[id]
		if r == nil {
			if len(l.readers) == maxLogStreams {
				l.say(logs.Source{Of: of, State: logs.Waiting, Why: fmt.Sprintf("%d containers are read, and no more at once", maxLogStreams)}, true)
				return
			}
			r = &logReader{l: l, id: id, source: logs.Source{Of: of, Pod: p.Metadata.Name, Container: c.name}}
			l.readers[id] = r
		}
		switch {
		case l.want.Previous && c.restarts == 0 && !c.ended:
			l.say(r.with(logs.None, "it has not ended before"), true)
		case l.want.Previous && (!r.started || r.over() && (r.failed.Load() || c.restarts != r.restarts)):
			r.start(c)
		case l.want.Previous: // what is over does not change
		case !c.begun:
			l.say(r.with(logs.Waiting, orWord(c.why, "it has not started yet")), true)
		case !r.started || r.over() && (c.running || c.id != r.run):
			r.start(c)
		}
	}
}

func orWord(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// refusedLog words why a container's log is not read.
func (l *logStream) refusedLog(err error) (logs.State, string) {
	switch {
	case apierrors.IsForbidden(err):
		return logs.Denied, plainError(err)
	case errors.Is(err, errLost), isConnectionError(err):
		return logs.Waiting, l.s.requestError(l.ctx, "reading the log", err).Text
	}
	return logs.Waiting, plainError(err)
}
