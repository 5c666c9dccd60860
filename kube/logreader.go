package kube

import (
	"bufio"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"tenantry/model/logs"
)

// maxLogLine is how much of one line is read; the rest of it is passed over.
const maxLogLine = 64 << 10

// logReader reads one container's log.
type logReader struct {
	l       *logStream
	id      containerID
	source  logs.Source
	run     string // the container's run that is read
	started bool
	cancel  context.CancelFunc
	done    atomic.Bool
	failed  atomic.Bool // it was refused, or broke
	// restarts is how often the container had been started when it was read.
	restarts int32
	last     time.Time // of the last line; read and written by one reading at a time
	until    time.Time // lines up to here were read before
}

// over reports whether the log was read to its end.
func (r *logReader) over() bool { return r.done.Load() }

// with is the source in a state.
func (r *logReader) with(state logs.State, why string) logs.Source {
	s := r.source
	s.State, s.Why = state, why
	return s
}

// start reads the log of a container's present run, or goes on where the last
// reading broke.
func (r *logReader) start(c logContainer) {
	r.started, r.run, r.restarts = true, c.id, c.restarts
	r.done.Store(false)
	ctx, cancel := context.WithCancel(r.l.ctx)
	r.cancel = cancel
	r.l.wg.Add(1)
	r.l.s.wg.Go(func() {
		defer r.l.wg.Done()
		defer r.done.Store(true)
		defer cancel()
		err := r.read(ctx)
		r.failed.Store(err != nil)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			state, why := r.l.refusedLog(err)
			r.l.say(r.with(state, why), true)
		default:
			r.l.say(r.with(logs.Ended, ""), true)
		}
	})
}

// read asks for the log and reads it to its end.
func (r *logReader) read(ctx context.Context) error {
	r.l.say(r.with(logs.Opening, ""), true)
	asked, cancel := r.l.s.personal(ctx)
	err := r.l.s.reachable(asked)
	cancel()
	if err != nil {
		return err
	}
	request := r.l.s.client.Get().AbsPath("/api/v1/namespaces/"+r.id.namespace+"/pods/"+r.id.pod+"/log").
		Param("container", r.id.name).Param("timestamps", "true").MaxRetries(0)
	if r.l.want.Previous {
		request = request.Param("previous", "true")
	} else {
		request = request.Param("follow", "true")
	}
	if r.last.IsZero() {
		request = request.Param("tailLines", strconv.Itoa(r.l.want.Tail))
	} else {
		r.until = r.last
		request = request.Param("sinceTime", r.last.UTC().Format(time.RFC3339)) // whole seconds: some come again
	}
	body, err := request.Stream(ctx)
	if err != nil {
		return err
	}
	defer body.Close()
	r.l.say(r.with(logs.Following, ""), true)
	return r.lines(bufio.NewReaderSize(body, maxLogLine))
}

func (r *logReader) lines(in *bufio.Reader) error {
	for {
		line, err := in.ReadSlice('\n')
		if len(line) > 0 {
			r.take(string(line))
		}
		for errors.Is(err, bufio.ErrBufferFull) { // the rest of a long line
			_, err = in.ReadSlice('\n')
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// take takes one line, with the time the runtime put before it.
func (r *logReader) take(line string) {
	at, rest, ok := strings.Cut(line, " ")
	moment, err := time.Parse(time.RFC3339Nano, at)
	if !ok || err != nil {
		moment, rest = time.Time{}, line
	} else if !moment.After(r.until) {
		return // it was read before
	}
	out := logs.Line{Namespace: r.id.namespace, Pod: r.id.pod, Container: r.id.name, Entry: logs.Parse(rest)}
	if !moment.IsZero() {
		r.last, out.At = moment, moment.UnixMilli()
	}
	r.l.put(out)
}
