package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"tenantry/lab/machine"
	"tenantry/lab/programs"
	"tenantry/lab/scenes"
)

// flags makes a flag set whose mistakes are usage errors.
func flags(name string) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	return f
}

// parse reads flags and returns the other arguments, in any order.
func parse(f *flag.FlagSet, args []string) ([]string, error) {
	var rest []string
	for {
		if err := f.Parse(args); err != nil {
			return nil, usagef("lab %s: %v", f.Name(), err)
		}
		if f.NArg() == 0 {
			return rest, nil
		}
		rest, args = append(rest, f.Arg(0)), f.Args()[1:]
	}
}

func build(ctx context.Context) (programs.Set, error) {
	if err := machine.CheckTools(); err != nil {
		return programs.Set{}, err
	}
	cache, err := machine.CacheDir()
	if err != nil {
		return programs.Set{}, err
	}
	return programs.Build(ctx, cache, talk())
}

func runBuild(ctx context.Context, _ *machine.Lab, _ []string) error {
	set, err := build(ctx)
	if err == nil {
		fmt.Println(set.Bin)
	}
	return err
}

func runUp(ctx context.Context, l *machine.Lab, args []string) error {
	f := flags("up")
	fast := f.Bool("fast-leases", false, "")
	empty := f.Bool("empty", false, "")
	if _, err := parse(f, args); err != nil {
		return err
	}
	set, err := build(ctx)
	if err != nil {
		return err
	}
	if !l.Exists() {
		l.Config.FastLeases = *fast
		mode := scenes.Flux
		if *empty {
			mode = scenes.Empty
		}
		if err := scenes.Fresh(ctx, l, set, mode, talk()); err != nil {
			return err
		}
		return printExport(l)
	}
	for _, name := range l.Expected() {
		if r, ok := l.Record(name); ok && r.Process.Stopped() {
			fmt.Fprintf(talk(), "resuming %s, which was paused\n", name)
			if err := l.Resume(name); err != nil {
				return err
			}
		}
	}
	dead := missing(l)
	if len(dead) == 0 {
		note := ""
		if l.Config.Loaded {
			note = "; loaded, so the controllers are down on purpose until lab reset"
		}
		fmt.Fprintf(talk(), "the lab is already up (%s%s)\n", l.Dir, note)
		return printExport(l)
	}
	if len(dead) < len(l.Expected()) {
		fmt.Fprintf(talk(), "starting again what does not run: %s\n", strings.Join(dead, ", "))
	}
	if err := l.Prepare(set.Bin, set.Assets, talk()); err != nil {
		return err
	}
	if err := scenes.New(l, talk()).Resume(ctx); err != nil {
		return err
	}
	return printExport(l)
}

func missing(l *machine.Lab) []string {
	var out []string
	for _, name := range l.Expected() {
		if !l.Alive(name) {
			out = append(out, name)
		}
	}
	return out
}

func runDown(_ context.Context, l *machine.Lab, _ []string) error {
	n := len(l.Running())
	start := time.Now()
	if err := l.StopAll(false); err != nil {
		return err
	}
	fmt.Fprintf(talk(), "stopped %d parts (%.1f s)\n", n, time.Since(start).Seconds())
	return nil
}

func runReset(ctx context.Context, l *machine.Lab, args []string) error {
	f := flags("reset")
	empty := f.Bool("empty", false, "")
	fast := f.Bool("fast-leases", false, "")
	newPorts := f.Bool("new-ports", false, "")
	if _, err := parse(f, args); err != nil {
		return err
	}
	mode := scenes.Flux
	if *empty {
		mode = scenes.Empty
	}
	if *newPorts {
		l.Config.Ports = nil
	}
	return fresh(ctx, l, mode, *fast)
}

// fresh replaces the lab's cluster by a new one of the given mode.
func fresh(ctx context.Context, l *machine.Lab, mode string, fastLeases bool) error {
	set, err := build(ctx)
	if err != nil {
		return err
	}
	if err := l.StopAll(true); err != nil {
		return err
	}
	if err := l.Wipe(); err != nil {
		return err
	}
	l.Config.FastLeases, l.Config.Loaded = fastLeases, false
	if err := scenes.Fresh(ctx, l, set, mode, talk()); err != nil {
		return err
	}
	return printExport(l)
}

// partCommand acts on named parts.
func partCommand(verb string) func(context.Context, *machine.Lab, []string) error {
	return func(ctx context.Context, l *machine.Lab, names []string) error {
		if len(names) == 0 {
			return usagef("lab %s needs the name of a part: %s", verb, strings.Join(machine.Names(), " "))
		}
		for _, name := range names {
			if err := actOn(ctx, l, verb, name); err != nil {
				return err
			}
		}
		return nil
	}
}

func actOn(ctx context.Context, l *machine.Lab, verb, name string) error {
	switch verb {
	case "stop":
		return l.Stop(name)
	case "kill":
		return l.Kill(name)
	case "pause":
		return l.Pause(name)
	case "resume":
		return l.Resume(name)
	}
	if !l.Exists() {
		return fmt.Errorf("no lab exists in %s: run lab up", l.Dir)
	}
	s := scenes.New(l, talk())
	if err := s.StartPart(ctx, name); err != nil {
		return err
	}
	if name == machine.APIServer || name == machine.Etcd {
		return s.Revive(ctx)
	}
	return nil
}
