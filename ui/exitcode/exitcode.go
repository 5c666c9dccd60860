// Package exitcode holds what the program's exit codes mean, the same for
// every command, and turns an error into one line and its code.
package exitcode

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"tenantry/ui/text"
)

// The codes. 1 beats 2, and 2 beats 0.
const (
	OK          = 0
	Unhealthy   = 1 // something is unhealthy, or what was waited for can't come any more
	Unknown     = 2 // it could not be told
	Usage       = 3 // usage, configuration or kubeconfig
	TimedOut    = 4 // only wait
	Interrupted = 130
)

// Error is an error that has a code of its own. One without a cause is not
// said: whoever returns it has said all there is to say.
type Error struct {
	Code int
	Err  error
}

func (e *Error) Error() string {
	if e.Err == nil {
		return ""
	}
	return e.Err.Error()
}

func (e *Error) Unwrap() error { return e.Err }

// With gives an error a code, unless it has one already or there is none.
func With(code int, err error) error {
	var coded *Error
	if err == nil || errors.As(err, &coded) || errors.Is(err, context.Canceled) {
		return err
	}
	return &Error{code, err}
}

// Of is the code an error has; Usage when it has none of its own.
func Of(err error) int {
	var coded *Error
	switch {
	case err == nil:
		return OK
	case errors.As(err, &coded):
		return coded.Code
	case errors.Is(err, context.Canceled):
		return Interrupted
	}
	return Usage
}

// Report says an error in one line and returns its code. An error without a
// code is a mistake in the command line. It may quote a file or a cluster: what
// a terminal would obey is taken out.
func Report(w io.Writer, err error) int {
	code := Of(err)
	if code == OK {
		return OK
	}
	var coded *Error
	if code == Usage && !errors.As(err, &coded) {
		err = fmt.Errorf("%w; see tenantry --help", err)
	}
	if errors.Is(err, context.Canceled) {
		err = errors.New("interrupted")
	}
	if said := text.Clean(strings.Join(strings.Fields(err.Error()), " ")); said != "" {
		fmt.Fprintln(w, "tenantry: "+said)
	}
	return code
}
