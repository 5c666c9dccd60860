package kube

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tenantry/model"
)

// maxNamespaces bounds how many namespaces are read one by one: each is a list
// and a watch per kind, and an API server limits the watches of one client.
const maxNamespaces = 50

// plan decides which scopes exist (design: explicit namespaces, else -A, else
// cluster-wide if the first lists succeed, else the context's namespace, else
// the namespaces that can be listed). The lists' own 403s are the verdict.
func (s *Session) plan() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.opts.Namespaces) > 0 {
		reason := ""
		names := slices.Compact(slices.Sorted(slices.Values(s.opts.Namespaces)))
		if len(names) > maxNamespaces {
			reason = limitReason(len(names))
			names = names[:maxNamespaces]
		}
		s.narrow(names, reason)
		for i := range registry {
			if e := &registry[i]; e.kind == model.ClusterRoleBinding {
				s.open(e, "")
			}
		}
		return
	}
	for i := range registry {
		if e := &registry[i]; s.readsAtStart(e) {
			s.open(e, "")
		}
	}
}

// readsAtStart reports whether a kind is read from the start.
func (s *Session) readsAtStart(e *entry) bool {
	return !e.fluxNamespacesOnly && (!e.onRequest || e.kind == model.Secret && s.opts.Secrets)
}

func limitReason(n int) string {
	return fmt.Sprintf("only %d of %d namespaces are read: each costs a watch per kind; name others with -n", maxNamespaces, n)
}

// narrow reads single namespaces: every namespaced kind in each, and the
// Namespace object itself. Called with mu held.
func (s *Session) narrow(namespaces []string, reason string) {
	for _, namespace := range namespaces {
		for i := range registry {
			e := &registry[i]
			if !s.readsAtStart(e) || e.kind == model.ClusterRoleBinding {
				continue
			}
			if wide := s.scopes[scopeKey{e.kind, ""}]; wide != nil && wide.state() != model.ScopeDenied {
				continue
			}
			s.open(e, namespace)
		}
	}
	s.namespaces = append(s.namespaces, namespaces...)
	all, why := slices.Clone(s.namespaces), reason
	s.conn.set(func(c *model.Connection) { c.Namespaces, c.NamespacesReason = all, why })
	s.readWanted()
}

// open starts a scope unless it exists. Called with mu held.
func (s *Session) open(e *entry, namespace string) {
	key := scopeKey{e.kind, namespace}
	if s.scopes[key] != nil || s.ctx.Err() != nil {
		return
	}
	s.scopes[key] = s.start(e, key)
}

// start starts a scope. Called with mu held.
func (s *Session) start(e *entry, key scopeKey) *scope {
	ctx, stop := context.WithCancel(s.ctx)
	c := &scope{s: s, e: e, key: key, ctx: ctx, stop: stop, wake: make(chan struct{}, 1), version: e.versions[0]}
	c.store = newStore(e.kind, s.feed)
	c.store.onListed = c.listed
	if e.newest > 0 {
		// Their lists come straight from etcd, which they would block whole.
		c.store.newest, c.store.onFull, c.paged = &newest{limit: e.newest}, c.overfull, true
	}
	if e.kind == model.FluxInstance || e.kind == model.Deployment {
		c.store.onObject = s.lookForFlux
	}
	c.status = model.ScopeStatus{Kind: e.kind, Namespace: key.namespace, State: model.ScopeSyncing, Since: s.now()}
	s.feed.putStatus(c.status)
	s.wg.Go(c.run)
	return c
}

// lookForFlux opens the Leases of every namespace Flux is seen in: that of a
// FluxInstance, of a controller (part-of=flux) or of the operator. It runs
// before the object is handed over, so the kind's own "synced" can't overtake
// the new scope's "syncing".
func (s *Session) lookForFlux(o *model.Object) {
	if o.Kind == model.Deployment && o.Labels.Get(model.LabelPartOf) != "flux" && o.Labels.Get(model.LabelAppName) != "flux-operator" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range registry {
		if e := &registry[i]; e.fluxNamespacesOnly {
			s.open(e, o.Namespace)
		}
	}
}

// scopeChanged follows a scope's verdict.
func (s *Session) scopeChanged(c *scope, state model.ScopeState) {
	if c.e.kind.OnRequest() {
		return // no part of what decides what else is read
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case state == model.ScopeSynced && c.key.namespace == "":
		s.widened(c)
	case state == model.ScopeDenied && c.key.namespace == "":
		s.refusedWide(c)
	case state == model.ScopeDenied:
		s.refusedNarrow()
	}
	if c.e.kind == model.Namespace && state == model.ScopeSynced {
		s.refusedNarrow() // the namespaces are known now
	}
	s.checkComplete()
}

// widened drops the single namespaces of a kind that can be read cluster-wide
// by now. Called with mu held.
func (s *Session) widened(c *scope) {
	for key, narrow := range s.scopes {
		if key.kind == c.key.kind && key.namespace != "" && !c.e.fluxNamespacesOnly {
			delete(s.scopes, key)
			narrow.retire(c.store)
		}
	}
	if s.automatic && s.refusedKinds(false) == 0 {
		s.automatic, s.namespaces = false, nil
		s.conn.set(func(c *model.Connection) { c.Namespaces, c.NamespacesReason = nil, "" })
		s.readWanted()
	}
}

// refusedWide falls back to the context's namespace. Called with mu held.
func (s *Session) refusedWide(c *scope) {
	if s.opts.AllNamespaces || len(s.opts.Namespaces) > 0 || c.key.kind == model.ClusterRoleBinding {
		return
	}
	if s.automatic {
		for _, namespace := range s.namespaces {
			s.open(c.e, namespace)
		}
		return
	}
	if s.refusedKinds(true) == 0 {
		// Some kinds are readable cluster-wide: the others at least in the
		// context's own namespace.
		if s.opts.DefaultNamespace != "" && c.e.kind.Namespaced() {
			s.open(c.e, s.opts.DefaultNamespace)
		}
		return
	}
	s.automatic = true
	if s.opts.DefaultNamespace != "" {
		s.narrow([]string{s.opts.DefaultNamespace}, "cluster-wide lists are refused: reading the context's namespace")
		return
	}
	s.refusedNarrow()
}

// refusedKinds counts the namespaced kinds refused cluster-wide. With all set
// it is 0 unless every one is refused or absent.
func (s *Session) refusedKinds(all bool) int {
	n := 0
	for key, c := range s.scopes {
		if key.namespace != "" || !key.kind.Namespaced() {
			continue
		}
		switch c.state() {
		case model.ScopeDenied:
			n++
		case model.ScopeAbsent:
		default:
			if all {
				return 0
			}
		}
	}
	return n
}

// refusedNarrow is the last resort when nothing is readable cluster-wide and
// the context's namespace is not named or refused too: the namespaces that can
// be listed. Called with mu held.
func (s *Session) refusedNarrow() {
	if !s.automatic || s.listedNamespaces {
		return
	}
	for key, c := range s.scopes {
		if key.namespace != "" && key.kind.Namespaced() && c.state() != model.ScopeDenied && c.state() != model.ScopeAbsent {
			return // something is readable, or not yet known
		}
	}
	wide := s.scopes[scopeKey{model.Namespace, ""}]
	if wide == nil || wide.state() == model.ScopeSyncing {
		return // decided when the Namespaces are known
	}
	if wide.state() != model.ScopeSynced {
		if len(s.namespaces) == 0 {
			s.conn.set(func(c *model.Connection) {
				c.NamespacesReason = "cluster-wide lists are refused and namespaces can't be listed: name yours with -n"
			})
		}
		return
	}
	s.listedNamespaces = true
	names := wide.store.names()
	slices.Sort(names)
	names = slices.DeleteFunc(names, func(n string) bool { return slices.Contains(s.namespaces, n) })
	reason := "cluster-wide lists are refused: reading the namespaces one by one"
	if len(names) > maxNamespaces {
		reason = limitReason(len(names))
		names = names[:maxNamespaces]
	}
	s.narrow(names, reason)
}

// deniedRetry is how long a refused scope waits before it asks again by
// itself. Where the user's rules are watched, their change wakes it.
func (s *Session) deniedRetry() time.Duration {
	if s.rulesComplete.Load() {
		return time.Minute
	}
	return 5 * time.Second
}

// checkComplete notices the end of the first reading. Called with mu held.
func (s *Session) checkComplete() {
	if s.complete {
		return
	}
	for _, c := range s.scopes {
		if c.state() == model.ScopeSyncing {
			return
		}
	}
	s.complete = true
	s.feed.flush()
	s.wg.Go(s.settle)
}
