// Package ui is what a person sees: the dashboard, and the printing of the
// one-shot commands. It talks to a cluster only through the interface Cluster.
package ui

import (
	"context"

	"tenantry/model"
)

// Cluster is one session with one cluster, as the dashboard needs it. It is
// owned here, by its consumer; more will be added as screens need more (do an
// action, describe, events, logs).
type Cluster interface {
	// Next blocks until something changed and returns all of it at once, at
	// most about ten times a second. It is called by one caller at a time. An
	// error means that the session is over.
	Next(context.Context) (model.Batch, error)
	// Refresh checks connection, permissions and served kinds again. It writes
	// nothing and does not wait.
	Refresh()
	// Close ends the session and waits for everything it started.
	Close()
}
