package model

import (
	"strings"
	"time"
)

// What kinds say alike, each in its own place: whether they are suspended, how
// often they run and how long they may take.

// suspended applies each kind's own rule (domain.md §5).
func suspended(o *Object) bool {
	switch d := o.Detail.(type) {
	case *Source:
		return d.Suspend
	case *Sync:
		if o.Kind != ResourceSet {
			return d.Suspend
		}
	}
	switch o.Kind {
	case FluxInstance, ResourceSet, ResourceSetInputProvider, FluxReport:
		return strings.EqualFold(o.Annotations.Get(AnnotationReconcile), "disabled")
	}
	return false
}

// IsSuspended reports whether the object is suspended by its own rule,
// whatever else is wrong with it.
func (o *Object) IsSuspended() bool { return suspended(o) }

// history returns status.history as Flux's own reconcilers write it. A
// HelmRelease's is Helm's: releases, in Helm's words.
func history(o *Object) []HistoryEntry {
	if o.Kind == HelmRelease {
		return nil
	}
	switch d := o.Detail.(type) {
	case *Sync:
		return d.History
	case *Instance:
		return d.History
	}
	return nil
}

// interval returns how often the object is reconciled, in seconds; 0 = unknown.
func interval(o *Object) int32 {
	switch d := o.Detail.(type) {
	case *Source:
		return d.Interval
	case *Sync:
		if o.Kind == ResourceSet {
			return annotationSeconds(o, AnnotationReconcileEvery, 3600)
		}
		return d.Interval
	case *Instance:
		return annotationSeconds(o, AnnotationReconcileEvery, 3600)
	}
	return 0
}

// timeout returns how long one reconciliation may take, in seconds, by each
// controller's default (domain.md §1.4, §3.1, §4).
func timeout(o *Object) int32 {
	switch d := o.Detail.(type) {
	case *Source:
		if d.Timeout > 0 {
			return d.Timeout
		}
		return 60
	case *Sync:
		switch {
		case o.Kind == ResourceSet:
			return annotationSeconds(o, AnnotationReconcileLimit, 300)
		case d.Timeout > 0:
			return d.Timeout
		case o.Kind == HelmRelease:
			return 300
		}
		return max(d.Interval-30, 30)
	case *Instance:
		return annotationSeconds(o, AnnotationReconcileLimit, 300)
	}
	return 300
}

// Timeout returns how long one reconciliation of the object may take, in
// seconds, by what it says or its controller's default.
func (o *Object) Timeout() int32 { return timeout(o) }

// annotationSeconds reads a Go duration; what can't be parsed is the default,
// as the operator does.
func annotationSeconds(o *Object, name string, def int32) int32 {
	d, err := time.ParseDuration(o.Annotations.Get(name))
	if err != nil || d <= 0 {
		return def
	}
	return int32(min(d/time.Second, 1<<30))
}

func seconds(n int32) string { return (time.Duration(n) * time.Second).String() }

// trim takes off the newlines controllers leave at a message's end.
func trim(s string) string { return strings.TrimSpace(s) }
