package main

import (
	"context"

	"tenantry/lab/machine"
	"tenantry/lab/scenes"
)

func runBootstrap(ctx context.Context, l *machine.Lab, _ []string) error {
	return fresh(ctx, l, scenes.Bootstrap, l.Config.FastLeases)
}

func runCozy(ctx context.Context, l *machine.Lab, args []string) error {
	f := flags("cozy")
	noSync := f.Bool("no-sync", false, "")
	if _, err := parse(f, args); err != nil {
		return err
	}
	l.Config.NoSync = *noSync
	return fresh(ctx, l, scenes.Cozy, l.Config.FastLeases)
}

// runOperator does to an empty lab what installing the operator's chart does to
// a cluster. The controllers start with lab up, once an instance has brought
// their kinds.
func runOperator(ctx context.Context, l *machine.Lab, _ []string) error {
	if err := running(l); err != nil {
		return err
	}
	if l.Config.Mode == scenes.Empty {
		l.Config.Mode = scenes.Flux
		if err := l.Save(); err != nil {
			return err
		}
	}
	return scenes.New(l, talk()).Operator(ctx)
}

func runBroken(ctx context.Context, l *machine.Lab, _ []string) error {
	if err := runningFlux(l); err != nil {
		return err
	}
	return scenes.New(l, talk()).Broken(ctx)
}

func runExpect(_ context.Context, _ *machine.Lab, args []string) error {
	switch {
	case len(args) == 1 && args[0] == "broken":
		return printJSON(scenes.BrokenExpectations())
	case len(args) == 1 && args[0] == "faults":
		return printJSON(scenes.Faults())
	}
	return usagef("lab expect knows broken, and faults")
}
