package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"tenantry/lab/gitserve"
	"tenantry/lab/machine"
	"tenantry/lab/podlogs"
)

// A usageError is a mistake in the command line.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text + "; lab help shows how" }

func usagef(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

// A command works on the lab. locked commands change it and exclude each other.
type command struct {
	run    func(ctx context.Context, l *machine.Lab, args []string) error
	locked bool
}

var commands = map[string]command{
	"up":        {runUp, true},
	"down":      {runDown, true},
	"reset":     {runReset, true},
	"build":     {runBuild, false},
	"env":       {runEnv, false},
	"status":    {runStatus, false},
	"logs":      {runLogs, false},
	"start":     {partCommand("start"), true},
	"stop":      {partCommand("stop"), true},
	"kill":      {partCommand("kill"), true},
	"pause":     {partCommand("pause"), true},
	"resume":    {partCommand("resume"), true},
	"demo":      {runDemo, true},
	"push":      {runPush, false},
	"bootstrap": {runBootstrap, true},
	"cozy":      {runCozy, true},
	"operator":  {runOperator, true},
	"broken":    {runBroken, true},
	"expect":    {runExpect, false},
	"load":      {runLoad, true},
	"measure":   {runMeasure, false},
	"updates":   {runUpdates, false},

	machine.GitCommand:      {func(ctx context.Context, l *machine.Lab, _ []string) error { return gitserve.Serve(ctx, l) }, false},
	machine.PodLogsCommand:  {func(ctx context.Context, l *machine.Lab, _ []string) error { return podlogs.Serve(ctx, l) }, false},
	machine.TryMountCommand: {func(_ context.Context, _ *machine.Lab, args []string) error { return machine.TryMount(args[0]) }, false},
}

func dispatch(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return usagef("no command")
	}
	if slices.Contains([]string{"help", "-h", "--help"}, args[0]) || slices.Contains(args[1:], "--help") {
		fmt.Print(strings.TrimLeft(helpText, "\n"))
		return nil
	}
	c, ok := commands[args[0]]
	if !ok {
		return usagef("no command is called %q", args[0])
	}
	l, err := machine.Open()
	if err != nil {
		return err
	}
	if c.locked {
		unlock, err := l.Lock()
		if err != nil {
			return err
		}
		defer unlock()
		// Another command may have changed the lab while this one waited.
		if l, err = machine.Open(); err != nil {
			return err
		}
	}
	return c.run(ctx, l, args[1:])
}

// running refuses to work on a lab that is not up.
func running(l *machine.Lab) error {
	if !l.Exists() || !l.Alive(machine.APIServer) {
		return fmt.Errorf("no lab runs in %s: start it with lab up", l.Dir)
	}
	return nil
}

// runningFlux refuses to work on a lab whose Flux is not there or not meant to
// run.
func runningFlux(l *machine.Lab) error {
	if err := running(l); err != nil {
		return err
	}
	switch {
	case l.Config.Mode == "empty":
		return fmt.Errorf("this lab has no Flux: run lab reset first")
	case l.Config.Loaded:
		return fmt.Errorf("this lab is loaded and its controllers are down on purpose: run lab reset first")
	case !l.Alive(machine.Source) || !l.Alive(machine.Kustomize):
		return fmt.Errorf("the Flux controllers do not run: run lab up first")
	}
	return nil
}

func talk() *os.File { return os.Stderr }
