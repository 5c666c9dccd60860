package kube

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/rest"

	"tenantry/model"
)

const crdPath = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"

// crdWatchTimeout bounds one watch, as the Reflector does.
const crdWatchTimeout = 420 * time.Second

// watchCRDs follows CustomResourceDefinitions as metadata from now on, and
// wakes the scopes of a kind whose definition comes, changes or goes. It reads
// no list: which kinds are served now is what their own lists say, and a
// cluster's definitions together are many megabytes.
func (s *Session) watchCRDs(ctx context.Context) {
	pause := newBackoff()
	for ctx.Err() == nil {
		wait := pause.next()
		err := s.followCRDs(ctx, pause)
		if apierrors.IsForbidden(err) || apierrors.IsNotFound(err) {
			wait = absentRetry // absent kinds ask again by themselves
		}
		if err == nil {
			wait = 0
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-timer.C:
		}
		timer.Stop()
		if wait == 0 {
			s.wakeAbsent() // something may have come between two watches
		}
	}
}

func (s *Session) followCRDs(ctx context.Context, pause *backoff) error {
	if err := s.conn.wait(ctx); err != nil {
		return err
	}
	from, err := patiently(ctx, s.crdRequest(false).Param("limit", "1"), func(func()) {})
	if err != nil {
		return err
	}
	meta, err := readList(from, func([]byte, encoding) {})
	from.Close()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	req := s.crdRequest(true).Param("watch", "true").Param("resourceVersion", meta.ResourceVersion).
		Param("allowWatchBookmarks", "true").Param("timeoutSeconds", fmt.Sprint(int(crdWatchTimeout.Seconds())))
	body, err := patiently(ctx, req, func(func()) {})
	if err != nil {
		return err
	}
	w := newWatchStream(crdEntry, body, cancel)
	w.onBroken = s.conn.suspect
	w.limit(crdWatchTimeout + overtime)
	s.wg.Go(w.run)
	defer w.Stop()
	for event := range w.ResultChan() {
		pause.reset()
		it, ok := event.Object.(*item)
		if status, isStatus := event.Object.(*metav1.Status); isStatus && status.Code != http.StatusGone {
			return apierrors.FromObject(status)
		}
		if !ok || it.object == nil {
			continue
		}
		s.crdChanged(it.object.Name, event.Type == watch.Deleted)
	}
	return nil
}

// crdEntry reads definitions like any metadata; they are never put in a store.
var crdEntry = &entry{kind: model.KindUnknown, protobuf: true, metadataOnly: true, decode: fromBoth(decodeSecret)}

func (s *Session) crdRequest(watching bool) *rest.Request {
	return s.client.Get().AbsPath(crdPath).SetHeader("Accept", crdEntry.accept(watching)).MaxRetries(0)
}

// crdChanged acts on a definition named <plural>.<group>.
func (s *Session) crdChanged(name string, deleted bool) {
	plural, group, _ := strings.Cut(name, ".")
	for _, c := range s.allScopes() {
		if c.e.kind.Resource() != plural || c.e.kind.Group() != group {
			continue
		}
		switch {
		case deleted:
			c.restart() // the next answer is 404
		case c.state() == model.ScopeAbsent:
			c.wakeUp()
		}
	}
}
