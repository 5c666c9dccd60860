package kube

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/rest"
)

// pageSize is the limit of a paged list.
const pageSize = 500

// listWatch is how a scope's Reflector reads the server. Its list cuts the
// response into objects as it arrives and puts them into the store; nothing
// but one object is ever decoded at a time.
type listWatch struct{ c *scope }

// List implements cache.ListerWatcher.
func (l *listWatch) List(o metav1.ListOptions) (runtime.Object, error) {
	return l.ListWithContext(l.c.ctx, o)
}

// Watch implements cache.ListerWatcher.
func (l *listWatch) Watch(o metav1.ListOptions) (watch.Interface, error) {
	return l.WatchWithContext(l.c.ctx, o)
}

// IsWatchListSemanticsUnSupported tells the Reflector to list rather than to
// stream the first objects through a watch. A list cut on the fly needs less
// memory than the Reflector's temporary store, and was faster in every
// measurement; KUBE_FEATURE_WatchListClient=true asks for streaming anyway.
func (l *listWatch) IsWatchListSemanticsUnSupported() bool {
	on, err := strconv.ParseBool(os.Getenv("KUBE_FEATURE_WatchListClient"))
	return err != nil || !on
}

// ListWithContext implements cache.ListerWithContext. A connection error is
// not returned but waited out: the Reflector would list again from scratch.
func (l *listWatch) ListWithContext(ctx context.Context, o metav1.ListOptions) (runtime.Object, error) {
	c := l.c
	pause := newBackoff()
	for {
		meta, err := c.list(ctx, o.ResourceVersion)
		if err == nil {
			return &emptyList{ListMeta: metav1.ListMeta{ResourceVersion: meta.ResourceVersion}}, nil
		}
		if !isConnectionError(err) || ctx.Err() != nil {
			c.refusedVerb("list")
			return nil, err
		}
		c.broken(err)
		c.s.conn.suspect(err)
		if err := c.pause(ctx, pause.next()); err != nil {
			return nil, err
		}
	}
}

// list reads the whole collection into the store, once.
func (c *scope) list(ctx context.Context, resourceVersion string) (listMeta, error) {
	if err := c.s.conn.wait(ctx); err != nil {
		return listMeta{}, err
	}
	release, err := c.s.lists.acquire(ctx)
	if err != nil {
		return listMeta{}, err
	}
	defer release()
	c.store.begin()
	if !c.paged {
		// Without a limit the server answers from memory; it and we stream.
		meta, err := c.listPage(ctx, c.store.since(resourceVersion), "", 0)
		if !errors.Is(err, errTruncated) {
			return meta, err
		}
		// The server gives a list a minute. On a line too slow for that,
		// take it in pages.
		c.paged = true
	}
	var meta listMeta
	for next := ""; ; next = meta.Continue {
		if meta, err = c.listPage(ctx, "", next, pageSize); err != nil || meta.Continue == "" {
			return meta, err
		}
	}
}

// errTruncated is a list that broke off in the middle.
var errTruncated = errors.New("the list broke off")

func (c *scope) listPage(ctx context.Context, resourceVersion, next string, limit int) (listMeta, error) {
	ctx, cancel := c.s.requestContext(ctx)
	defer cancel()
	req := c.request(false)
	if resourceVersion != "" {
		req.Param("resourceVersion", resourceVersion)
	}
	if next != "" {
		req.Param("continue", next)
	}
	if limit > 0 {
		req.Param("limit", strconv.Itoa(limit))
	}
	body, err := c.ask(ctx, req)
	if err != nil {
		if apierrors.IsForbidden(err) && c.key.namespace != "" && !c.e.kind.Namespaced() {
			return c.getOne(ctx, err)
		}
		return listMeta{}, err
	}
	defer body.Close()
	count := 0
	meta, err := readList(body, func(raw []byte, enc encoding) {
		count++
		c.s.gc.count()
		o := c.e.decodeObject(raw, enc)
		c.store.attribute(o, raw, enc)
		c.store.put(o)
	})
	if err != nil && count > 0 && ctx.Err() == nil && !errors.Is(err, errGivenUp) {
		return meta, errors.Join(errTruncated, err)
	}
	return meta, err
}

// readList cuts a response into objects, by what it starts with: protobuf by
// its magic bytes, else JSON.
func readList(body io.Reader, each func(raw []byte, enc encoding)) (listMeta, error) {
	br := bufio.NewReaderSize(body, 16<<10)
	first, err := br.Peek(1)
	if err != nil {
		return listMeta{}, unexpected(err)
	}
	if first[0] == protoMagic[0] {
		return readProtoList(br, func(raw []byte) { each(raw, encodingProto) })
	}
	return readJSONList(br, func(raw []byte) { each(raw, encodingJSON) })
}

// getOne reads a cluster-scoped object by name where listing is refused: who
// may view a namespace may get it, but not list namespaces, not even that one.
func (c *scope) getOne(ctx context.Context, refusal error) (listMeta, error) {
	req := c.s.client.Get().AbsPath(c.e.path(c.currentVersion(), ""), c.key.namespace).
		SetHeader("Accept", acceptJSON).MaxRetries(0)
	raw, err := req.DoRaw(ctx)
	switch {
	case apierrors.IsNotFound(err):
		return listMeta{}, nil
	case err != nil:
		return listMeta{}, refusal
	}
	o := c.e.decodeObject(raw, encodingJSON)
	c.store.put(o)
	return listMeta{ResourceVersion: o.ResourceVersion}, nil
}

// request starts a GET of the scope's collection.
func (c *scope) request(watching bool) *rest.Request {
	namespace, selector := c.key.namespace, c.e.fieldSelector
	if !c.e.kind.Namespaced() {
		if namespace != "" {
			selector = "metadata.name=" + namespace
		}
		namespace = ""
	}
	req := c.s.client.Get().AbsPath(c.e.path(c.currentVersion(), namespace)).
		SetHeader("Accept", c.e.accept(watching)).MaxRetries(0)
	if selector != "" {
		req.Param("fieldSelector", selector)
	}
	return req
}

// WatchWithContext implements cache.WatcherWithContext.
func (l *listWatch) WatchWithContext(ctx context.Context, o metav1.ListOptions) (watch.Interface, error) {
	c := l.c
	pause := newBackoff()
	for {
		if err := c.s.conn.wait(ctx); err != nil {
			return nil, err
		}
		if c.startsAnew() {
			return nil, apierrors.NewResourceExpired(errRestored.Error())
		}
		w, err := c.watch(ctx, o)
		if err == nil {
			return w, nil
		}
		if apierrors.IsTooManyRequests(err) && ctx.Err() == nil {
			// The Reflector would wait in silence.
			c.broken(err)
			if err := c.pause(ctx, busy(err, pause)); err != nil {
				return nil, err
			}
			continue
		}
		if !isConnectionError(err) || ctx.Err() != nil {
			c.refusedVerb("watch")
			return nil, err
		}
		c.broken(err)
		c.s.conn.suspect(err)
		if err := c.pause(ctx, pause.next()); err != nil {
			return nil, err
		}
	}
}

func (c *scope) watch(ctx context.Context, o metav1.ListOptions) (watch.Interface, error) {
	ctx, cancel := context.WithCancel(ctx)
	req := c.request(true).Param("watch", "true")
	if o.ResourceVersion != "" {
		req.Param("resourceVersion", o.ResourceVersion)
	}
	if o.AllowWatchBookmarks {
		req.Param("allowWatchBookmarks", "true")
	}
	if o.TimeoutSeconds != nil {
		req.Param("timeoutSeconds", strconv.FormatInt(*o.TimeoutSeconds, 10))
	}
	if o.SendInitialEvents != nil {
		req.Param("sendInitialEvents", strconv.FormatBool(*o.SendInitialEvents))
	}
	if o.ResourceVersionMatch != "" {
		req.Param("resourceVersionMatch", string(o.ResourceVersionMatch))
	}
	body, err := c.ask(ctx, req)
	if err != nil {
		cancel()
		return nil, err
	}
	w := newWatchStream(c.e, body, cancel)
	w.store = c.store
	w.onBroken = func(err error) {
		if ctx.Err() == nil {
			c.s.conn.suspect(err)
		}
	}
	w.onRefused = c.broken
	w.ordered = o.SendInitialEvents == nil && o.ResourceVersion != "" && o.ResourceVersion != "0"
	if o.TimeoutSeconds != nil {
		w.limit(time.Duration(*o.TimeoutSeconds)*time.Second + overtime)
	}
	c.s.wg.Go(w.run)
	c.watching(cancel)
	return w, nil
}

// isConnectionError reports whether nothing was heard from the API server, as
// opposed to an answer tenantry has to act on.
func isConnectionError(err error) bool {
	if err == nil || errors.Is(err, context.Canceled) {
		return false
	}
	var status apierrors.APIStatus
	return !errors.As(err, &status) && !errors.Is(err, errProto) && !strings.HasPrefix(err.Error(), "malformed JSON")
}
