// Package logs is what is asked for and what is known of containers' logs: whose
// they are, what a line says, and which lines are about an object.
package logs

import (
	"context"
	"slices"

	"tenantry/model"
)

// Want says whose logs are read, and what of them.
type Want struct {
	// Of are the Deployments, StatefulSets, DaemonSets, ReplicaSets and Pods
	// whose containers' logs are read, all containers of each.
	Of []model.Key
	// Previous asks for what the containers before the present ones wrote.
	Previous bool
	// Tail is how many lines of each container are read to begin with, before
	// About leaves any out.
	Tail  int
	About Filter
}

// Equal reports whether both want the same.
func (w *Want) Equal(o *Want) bool {
	return w.Previous == o.Previous && w.Tail == o.Tail && slices.Equal(w.Of, o.Of) &&
		slices.Equal(w.About.Objects, o.About.Objects) && slices.Equal(w.About.Namespaces, o.About.Namespaces)
}

// Stream is logs being read. Next waits for what was written and returns all of
// it at once, at most about ten times a second; it is called by one caller at a
// time. Close ends the reading and waits for everything it started.
type Stream interface {
	Next(context.Context) (Batch, error)
	Close()
}

// Batch is what came since the last one.
type Batch struct {
	Lines []Line // in the order of their times
	// Dropped is how many lines came faster than they were taken; the oldest
	// are left out.
	Dropped int
	// Sources are all containers that are read, and what could not be, by name.
	Sources []Source
}

// Line is one line of a container's log.
type Line struct {
	// At is when the container's runtime took it down, in milliseconds since
	// the epoch; 0 = unknown.
	At        int64
	Namespace string
	Pod       string
	Container string
	Entry
}

// State says how far a container's log is read.
type State uint8

// The states of a source.
const (
	Opening   State = iota // asked for, nothing heard yet
	Following              // read to its end, and what comes
	Ended                  // read to its end; nothing more will come
	Waiting                // it will be tried again; Why says what is in the way
	Denied                 // the user may not read it
	None                   // there is nothing to read; Why says why
)

// Source is a container whose log is read; without a Pod it stands for all that
// could not be found out about an object of Want.Of.
type Source struct {
	Of        model.Key
	Pod       string
	Container string
	State     State
	Why       string
}
