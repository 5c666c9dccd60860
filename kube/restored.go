package kube

import (
	"context"
	"errors"
	"strconv"

	"k8s.io/client-go/tools/cache"

	"tenantry/model"
)

// errRestored is said while everything is read anew.
var errRestored = errors.New("the cluster was restored to an older state: reading it anew")

// checkRestored asks, when the server is back, whether its state is older than
// what was read: etcd was restored from a backup. A watch would then wait for
// a revision that comes again only much later, and what is written until then
// has versions that were seen before, on other contents. Nothing else is asked
// before the answer.
func (s *Session) checkRestored(ctx context.Context) {
	tried := 0
	for _, c := range s.allScopes() {
		had, err := strconv.ParseUint(c.store.version(), 10, 64)
		if err != nil || c.e.kind == model.Event { // these may be in an etcd of their own
			continue
		}
		ctx, cancel := context.WithTimeout(ctx, probeTimeout)
		now, err := c.revision(ctx)
		cancel()
		if err == nil {
			if now < had {
				s.log.Warn("the cluster was restored to an older state", "had", had, "has", now)
				s.readAnew()
			}
			return
		}
		if tried++; tried == 3 {
			return // refused by now, or the server is away again
		}
	}
}

// revision asks for the revision the cluster is at: without one in the
// request, the answer is never from a cache that has not caught up.
func (c *scope) revision(ctx context.Context) (uint64, error) {
	body, err := c.request(false).Param("limit", "1").Stream(ctx)
	if err != nil {
		return 0, err
	}
	defer body.Close()
	meta, err := readList(body, func([]byte, encoding) {})
	if err != nil {
		return 0, err
	}
	return strconv.ParseUint(meta.ResourceVersion, 10, 64)
}

// readAnew forgets at which revision anything was read.
func (s *Session) readAnew() {
	for _, c := range s.allScopes() {
		c.mu.Lock()
		c.anew = true
		c.mu.Unlock()
		c.store.distrust()
		c.broken(errRestored)
		c.restart()
		c.wakeUp()
	}
}

// startsAnew reports whether what a Reflector knows of revisions is void.
func (c *scope) startsAnew() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.anew
}

// reflector returns a Reflector that has read nothing.
func (c *scope) reflector() *cache.Reflector {
	c.mu.Lock()
	c.anew = false
	c.mu.Unlock()
	return cache.NewReflectorWithOptions(&listWatch{c}, nil, c.store, cache.ReflectorOptions{
		Name: c.e.kind.Resource(), TypeDescription: c.e.kind.String(), Backoff: reflectorBackoff()})
}
