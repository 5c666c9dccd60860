package kube

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
)

// watchStream turns a watch response into events that carry compact objects.
// It implements watch.Interface.
type watchStream struct {
	e      *entry
	body   io.ReadCloser
	cancel context.CancelFunc
	// onBroken is told when the stream ended by an error rather than by the
	// server's own time limit.
	onBroken func(error)
	// onRefused, when set, is told that the server ended the stream because it
	// is too busy.
	onRefused func(error)
	store     *store // what was read so far; nil where nothing is kept
	// ordered streams bring every event after the one before.
	ordered bool
	events  chan watch.Event
	stopped chan struct{}
	stop    sync.Once

	quiet *time.Timer   // ends a stream on which nothing comes; nil = none does
	after time.Duration // how long nothing has to come
	last  uint64        // the revision of the last event
}

func newWatchStream(e *entry, body io.ReadCloser, cancel context.CancelFunc) *watchStream {
	return &watchStream{e: e, body: body, cancel: cancel, events: make(chan watch.Event, 16), stopped: make(chan struct{})}
}

// Stop implements watch.Interface.
func (w *watchStream) Stop() {
	w.stop.Do(func() {
		close(w.stopped)
		w.cancel()
	})
}

// limit ends the stream when nothing has come for so long.
func (w *watchStream) limit(after time.Duration) {
	w.after = after
	w.quiet = time.AfterFunc(after, func() {
		w.onBroken(errQuiet)
		w.cancel()
	})
}

// ResultChan implements watch.Interface. It is closed when the stream ends.
func (w *watchStream) ResultChan() <-chan watch.Event { return w.events }

// run reads events until the stream ends.
func (w *watchStream) run() {
	defer close(w.events)
	defer w.body.Close()
	err := w.read()
	if w.quiet != nil {
		w.quiet.Stop()
	}
	select {
	case <-w.stopped:
		return
	default:
	}
	if err == nil || err == io.EOF || errors.Is(err, context.Canceled) {
		return // the server's time limit, or ended by restart
	}
	if isConnectionError(err) {
		w.onBroken(err)
		return // watched again from where it broke
	}
	// What the server sent can't be understood: start over with a list.
	w.send(watch.Event{Type: watch.Error, Object: errorStatus(err.Error())})
}

func errorStatus(message string) *metav1.Status {
	return &metav1.Status{Status: metav1.StatusFailure, Code: http.StatusInternalServerError, Message: message}
}

// inOrder reports whether an event comes after the last one, as far as their
// revisions tell.
func (w *watchStream) inOrder(version string) bool {
	revision, err := strconv.ParseUint(version, 10, 64)
	if err != nil || !w.ordered {
		return true
	}
	before := w.last
	w.last = revision
	return revision >= before
}

func (w *watchStream) read() error {
	br := bufio.NewReaderSize(w.body, 8<<10)
	first, err := br.Peek(1)
	if err != nil {
		return err
	}
	if first[0] == '{' {
		s := newJSONStream(br)
		for {
			doc, err := s.value()
			if err != nil {
				return err
			}
			typ, object, err := jsonEvent(doc)
			if err != nil {
				return fmt.Errorf("malformed JSON: %w", err)
			}
			if !w.handle(typ, object, encodingJSON) {
				return io.EOF
			}
		}
	}
	var frame []byte
	for {
		if frame, err = readProtoFrame(br, frame); err != nil {
			return err
		}
		typ, object, err := protoEvent(frame)
		if err != nil {
			return errors.Join(errProto, err)
		}
		if !w.handle(typ, object, encodingProto) {
			return io.EOF
		}
	}
}

// handle sends one event on; false ends the stream.
func (w *watchStream) handle(typ string, raw []byte, enc encoding) bool {
	event := watch.Event{Type: watch.EventType(typ)}
	if w.quiet != nil {
		if event.Type == watch.Bookmark {
			w.after = min(w.after, quietAfter)
		}
		w.quiet.Reset(w.after)
	}
	if w.e.metadataOnly {
		defer clear(raw) // annotations may hold a Secret's data
	}
	switch event.Type {
	case watch.Added, watch.Modified, watch.Deleted:
		o := w.e.decodeObject(raw, enc)
		if o.Name == "" {
			return true // not even its name could be read
		}
		if !w.inOrder(o.ResourceVersion) {
			// What was overtaken may be shown for good: list again.
			event.Type, event.Object = watch.Error, errorStatus("events arrived out of order")
			break
		}
		if w.store != nil {
			w.store.attribute(o, raw, enc)
		}
		event.Object = &item{object: o, resourceVersion: o.ResourceVersion}
	case watch.Bookmark:
		it := bookmark(raw, enc)
		if it == nil {
			return true
		}
		event.Object = it
	case watch.Error:
		status := &metav1.Status{}
		var err error
		if enc == encodingProto {
			err = status.Unmarshal(raw)
		} else {
			err = json.Unmarshal(raw, status)
		}
		if err != nil {
			status = errorStatus("the watch ended with an unreadable error")
		}
		if status.Code == http.StatusTooManyRequests && w.onRefused != nil {
			w.onRefused(apierrors.FromObject(status))
		}
		event.Object = status
	default:
		return true
	}
	return w.send(event)
}

func (w *watchStream) send(event watch.Event) bool {
	select {
	case w.events <- event:
		return true
	case <-w.stopped:
		return false
	}
}

// bookmark reads a bookmark's resourceVersion and whether it ends the first
// objects of a streaming list; nil when it has none.
func bookmark(raw []byte, enc encoding) *item {
	it := &item{}
	if enc == encodingProto {
		m, err := protoMetaOf(raw)
		if err != nil {
			return nil
		}
		it.resourceVersion, it.initialEventsEnd = m.resourceVersion, m.initialEventsEnd
	} else {
		var in struct {
			Metadata struct {
				ResourceVersion string            `json:"resourceVersion"`
				Annotations     map[string]string `json:"annotations"`
			} `json:"metadata"`
		}
		if json.Unmarshal(raw, &in) != nil {
			return nil
		}
		it.resourceVersion = in.Metadata.ResourceVersion
		it.initialEventsEnd = in.Metadata.Annotations[metav1.InitialEventsAnnotationKey] == "true"
	}
	if it.resourceVersion == "" {
		return nil
	}
	return it
}
