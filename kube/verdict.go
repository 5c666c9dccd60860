package kube

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"tenantry/model"
)

// judge turns the end of a list-and-watch into a state, and returns how long
// to wait before the next.
func (c *scope) judge(err error, pause *backoff) time.Duration {
	var status apierrors.APIStatus
	switch {
	case err == nil: // expired, or the stream made no sense: list again
		return pause.next()
	case !errors.As(err, &status):
		c.broken(err)
		return pause.next()
	}
	switch status.Status().Code {
	case http.StatusForbidden:
		return c.forbidden(err, pause)
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return c.notServed(err, pause)
	case http.StatusUnauthorized:
		c.broken(err)
		c.s.conn.suspect(err)
		return pause.next()
	case http.StatusGone:
		if c.refusedLast() == "list" { // even without a revision: a watch is just listed anew
			c.broken(err)
		}
		return pause.next()
	}
	c.broken(err)
	return pause.next()
}

func (c *scope) forbidden(err error, pause *backoff) time.Duration {
	c.mu.Lock()
	verb, listedAt, state := c.verb, c.listedAt, c.status.State
	confirmed := c.refused || (state != model.ScopeSynced && state != model.ScopeStale)
	c.refused = verb == "list"
	c.mu.Unlock()
	if verb == "watch" {
		if time.Since(listedAt) > freshList {
			return 0 // may listing be refused too?
		}
		c.report(model.ScopeSynced, "watch", err)
		return relistEvery
	}
	if !confirmed {
		c.report(model.ScopeStale, "", err)
		return confirmAfter
	}
	c.store.clear()
	c.report(model.ScopeDenied, "list", err)
	return c.s.deniedRetry()
}

func (c *scope) notServed(err error, pause *backoff) time.Duration {
	if c.e.protobuf {
		// Every Kubernetes serves these: whoever answers 404 is something else.
		c.broken(fmt.Errorf("this does not answer like a Kubernetes API server: %w", err))
		return pause.next()
	}
	served, asked := c.s.versions.served(c.ctx, c.e)
	if asked != nil {
		c.broken(asked)
		return pause.next()
	}
	if served == "" {
		c.store.clear()
		c.report(model.ScopeAbsent, "", nil)
		return absentRetry
	}
	c.mu.Lock()
	changed := c.version != served
	c.version = served
	c.mu.Unlock()
	if changed {
		return 0
	}
	// Listed as served but not answering yet: a CRD that is being established.
	c.broken(err)
	return pause.next()
}

// refusedVerb notes what was refused.
func (c *scope) refusedVerb(verb string) {
	c.mu.Lock()
	c.verb = verb
	c.mu.Unlock()
}

func (c *scope) refusedLast() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.verb
}
