package api

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strconv"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/internalversion"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"tenantry/kube/demo/store"
	"tenantry/kube/demo/tree"
)

// watcher writes one watch's stream.
type watcher struct {
	s         *Server
	w         http.ResponseWriter
	res       *Resource
	out       output
	sel       selection
	namespace string
	at        uint64 // everything up to here has been sent
}

func (s *Server) serveWatch(w http.ResponseWriter, r *http.Request, q request, res *Resource) error {
	out, err := negotiate(r, res, partialKind)
	if err != nil {
		return err
	}
	opts, err := listOptions(q.query, true)
	if err != nil {
		return err
	}
	fieldSelector := q.query.Get("fieldSelector")
	if q.name != "" {
		fieldSelector = "metadata.name=" + q.name
	}
	sel, err := parseSelection(res, q.query.Get("labelSelector"), fieldSelector)
	if err != nil {
		return err
	}
	from, err := parseRevision(opts.ResourceVersion)
	if err != nil {
		return err
	}
	ctx := r.Context()
	if from > s.store.Revision() {
		// A real server waits for its cache to catch up.
		if err := s.store.WaitFor(ctx, res.ID(), from); err != nil {
			return nil
		}
	}
	wt := &watcher{s: s, w: w, res: res, out: out, sel: sel, namespace: keyOf(res, q.namespace, "").Namespace, at: from}
	w.Header().Set("Content-Type", out.contentType(true))
	w.WriteHeader(http.StatusOK)
	flush(w)
	end := time.NewTimer(watchLimit(opts, s.opts.MaxWatch))
	defer end.Stop()
	wt.run(ctx.Done(), end.C, opts)
	return nil
}

// watchLimit is how long the watch may last: as asked, else half an hour to
// an hour.
func watchLimit(opts *internalversion.ListOptions, most time.Duration) time.Duration {
	limit := 30*time.Minute + rand.N(30*time.Minute)
	if opts.TimeoutSeconds != nil {
		limit = time.Duration(*opts.TimeoutSeconds) * time.Second
	}
	if most > 0 && limit > most {
		limit = most
	}
	return limit
}

func (wt *watcher) run(gone <-chan struct{}, end <-chan time.Time, opts *internalversion.ListOptions) {
	initial := opts.SendInitialEvents != nil && *opts.SendInitialEvents
	if initial || (opts.SendInitialEvents == nil && wt.at == 0) {
		if wt.sendInitial(opts.AllowWatchBookmarks && initial) != nil {
			return
		}
	} else if wt.at == 0 {
		wt.at = wt.s.store.Revision()
	}
	marks := time.NewTicker(wt.s.opts.BookmarkEvery)
	defer marks.Stop()
	for {
		more, err := wt.sendNew()
		if err != nil {
			return
		}
		select {
		case <-more:
		case <-gone:
			return
		case <-end:
			if opts.AllowWatchBookmarks {
				_ = wt.bookmark(nil)
			}
			return
		case <-marks.C:
			if opts.AllowWatchBookmarks && wt.bookmark(nil) != nil {
				return
			}
		}
	}
}

// sendInitial sends what is there now as added objects, then, for a streaming
// list, the bookmark that ends it.
func (wt *watcher) sendInitial(mark bool) error {
	versions, revision := wt.s.store.List(wt.res.ID(), wt.namespace)
	for _, v := range versions {
		if !wt.sel.matches(v.Content) {
			continue
		}
		if err := wt.sendVersion("ADDED", v); err != nil {
			return err
		}
	}
	wt.at = revision
	if mark {
		return wt.bookmark(map[string]any{metav1.InitialEventsAnnotationKey: "true"})
	}
	flush(wt.w)
	return nil
}

// sendNew sends the events since the last call and returns what announces more.
func (wt *watcher) sendNew() (<-chan struct{}, error) {
	events, upTo, more, err := wt.s.store.Since(wt.res.ID(), wt.at)
	if err != nil {
		if wt.s.resource(wt.res.Group, wt.res.Version, wt.res.Plural) == nil {
			return nil, err // its definition is gone: the stream just ends
		}
		wt.sendExpired()
		return nil, err
	}
	for i := range events {
		if err := wt.sendEvent(&events[i]); err != nil {
			return nil, err
		}
	}
	if len(events) > 0 {
		flush(wt.w)
	}
	wt.at = upTo
	return more, nil
}

// sendEvent translates a change to what a watch with selectors sees of it: an
// object that stops matching is deleted for it, one that starts is added.
func (wt *watcher) sendEvent(e *store.Event) error {
	if wt.namespace != "" && e.Object.Key.Namespace != wt.namespace {
		return nil
	}
	before := e.Previous != nil && wt.sel.matches(e.Previous.Content)
	now := e.Type != store.Deleted && wt.sel.matches(e.Object.Content)
	switch {
	case now && before:
		return wt.sendVersion("MODIFIED", e.Object)
	case now:
		return wt.sendVersion("ADDED", e.Object)
	case before && e.Type == store.Deleted:
		return wt.sendVersion("DELETED", e.Object)
	case before:
		gone := tree.CopyTop(e.Previous.Content)
		tree.Meta(gone)["resourceVersion"] = strconv.FormatUint(e.Revision, 10)
		b, err := encodeContent(wt.res, gone, wt.out)
		if err != nil {
			return err
		}
		return wt.frame("DELETED", b)
	}
	return nil
}

func (wt *watcher) sendVersion(typ string, v *store.Version) error {
	b, err := encodeObject(wt.res, v, wt.out)
	if err != nil {
		return err
	}
	return wt.frame(typ, b)
}

func (wt *watcher) bookmark(annotations map[string]any) error {
	meta := map[string]any{"resourceVersion": strconv.FormatUint(wt.at, 10)}
	if annotations != nil {
		meta["annotations"] = annotations
	}
	b, err := encodeContent(wt.res, map[string]any{
		"kind": wt.res.Kind, "apiVersion": wt.res.APIVersion(), "metadata": meta}, wt.out)
	if err == nil {
		err = wt.frame("BOOKMARK", b)
	}
	flush(wt.w)
	return err
}

func (wt *watcher) sendExpired() {
	status := statusOf(expired("too old resource version: %d (%d)", wt.at, wt.s.store.Revision()))
	var b []byte
	var err error
	if wt.out.protobuf {
		if b, err = status.Marshal(); err == nil {
			b, err = envelope("v1", "Status", b)
		}
	} else {
		b, err = json.Marshal(status)
	}
	if err == nil {
		_ = wt.frame("ERROR", b)
		flush(wt.w)
	}
}

// frame writes one watch event around an encoded object.
func (wt *watcher) frame(typ string, object []byte) error {
	var b []byte
	if wt.out.protobuf {
		event := metav1.WatchEvent{Type: typ, Object: runtime.RawExtension{Raw: object}}
		body, err := event.Marshal()
		if err != nil {
			return err
		}
		b = binary.BigEndian.AppendUint32(make([]byte, 0, len(body)+4), uint32(len(body)))
		b = append(b, body...)
	} else {
		b = fmt.Appendf(make([]byte, 0, len(object)+40), `{"type":%q,"object":`, typ)
		b = append(append(b, object...), "}\n"...)
	}
	n, err := wt.w.Write(b)
	if err == nil && n < len(b) {
		err = errors.New("short write")
	}
	return err
}

func flush(w http.ResponseWriter) {
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
}
