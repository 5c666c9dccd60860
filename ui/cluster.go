// Package ui is what a person sees: the dashboard, and the printing of the
// one-shot commands. It talks to a cluster only through the interface Cluster.
package ui

import (
	"context"

	"tenantry/model"
	"tenantry/model/credential"
	"tenantry/model/logs"
)

// Cluster is one session with one cluster, as the dashboard needs it. It is
// owned here, by its consumer.
type Cluster interface {
	// Next blocks until something changed and returns all of it at once, at
	// most about ten times a second. It is called by one caller at a time. An
	// error means that the session is over.
	Next(context.Context) (model.Batch, error)
	// Refresh checks connection, permissions and served kinds again. It writes
	// nothing and does not wait.
	Refresh()
	// Want says what is read on request (model.KindsOnRequest) from now on; it
	// replaces what was wanted before, and nil wants nothing. It does not wait,
	// may be called at any time, and costs nothing when nothing changes. What
	// is read comes through Next; what is no longer wanted leaves the store.
	Want([]model.Want)
	// Document reads one live object, whatever its kind, and does not wait
	// longer than ten seconds. An error is a *model.RequestError whose words
	// can be shown; a Secret is never asked for.
	Document(context.Context, model.ObjectRef) (*model.Document, error)
	// Logs begins to read containers' logs and does not wait; what of it can't be
	// read is told by what is read. The caller closes the stream.
	Logs(context.Context, logs.Want) (logs.Stream, error)
	// Can asks whether the user may do each of these; the answers are in the
	// same order and may be half a minute old. It does not wait longer than
	// ten seconds. With an error the answers are there too, unknown where the
	// server could not be asked.
	Can(context.Context, []model.Access) ([]model.Permission, error)
	// Do makes one change, exactly as it is given, and does not wait longer than
	// ten seconds. It is sent once and never again by itself. An error is a
	// *model.WriteError whose words can be shown.
	Do(context.Context, model.Write) (*model.Written, error)
	// Secret reads a Secret with its values, for an action a person confirmed
	// that says so; nil without an error: there is none. Whoever asks wipes it.
	Secret(ctx context.Context, namespace, name string) (*credential.Stored, error)
	// Secrets lists a namespace's Secrets without what is in them. Both do not
	// wait longer than ten seconds, and fail with a *model.RequestError.
	Secrets(ctx context.Context, namespace string) (*model.SecretList, error)
	// Rules are what the user may do in a namespace, as the server tells it. It
	// does not wait longer than ten seconds; an error's words can be shown.
	Rules(ctx context.Context, namespace string) (*model.AccessRules, error)
	// Who is the name the server knows the user by; "" when it can't be told.
	Who(context.Context) string
	// Close ends the session and waits for everything it started.
	Close()
}
