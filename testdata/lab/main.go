// Command lab runs a real Kubernetes with a real Flux on this machine, without
// containers, for tests, demos and measurements. "lab help" lists what it can do.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"tenantry/lab/machine"
)

func main() {
	// The keeper of a part must outlive the terminal that started it, so it
	// leaves before any signal handling is set up.
	if len(os.Args) > 1 && os.Args[1] == machine.KeepCommand {
		os.Exit(machine.Keep(os.Args[2:]))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := dispatch(ctx, os.Args[1:])
	var usage usageError
	switch {
	case err == nil:
	case errors.As(err, &usage):
		fmt.Fprintf(os.Stderr, "lab: %v\n", err)
		os.Exit(3)
	default:
		fmt.Fprintf(os.Stderr, "lab: %v\n", err)
		os.Exit(1)
	}
}
