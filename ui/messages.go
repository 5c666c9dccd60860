package ui

import (
	"time"

	"tenantry/model"
)

// Every message the root handles besides Bubble Tea's own.
type (
	// batchMsg carries what Next returned. epoch is the session it was asked
	// of: answers of older sessions are dropped.
	batchMsg struct {
		epoch uint64
		batch model.Batch
		err   error
	}
	// documentMsg is a live object that was asked for, or why there is none.
	documentMsg struct {
		epoch    uint64
		ref      model.ObjectRef
		document *model.Document
		err      error
	}
	// browsedMsg: the browser was started, or why not.
	browsedMsg struct {
		link string
		err  error
	}
	// wroteMsg: the page was written to a file, or why not.
	wroteMsg struct {
		path string
		err  error
	}
	// bugMsg: a command without an answer of its own panicked.
	bugMsg struct{ err *bug }
	// tickMsg comes once a second.
	tickMsg struct{ at time.Time }
	// terminateMsg: the process was told to end.
	terminateMsg struct{}
)
