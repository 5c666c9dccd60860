package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"

	"tenantry/lab/cluster"
	"tenantry/lab/load"
	"tenantry/lab/machine"
)

func runLoad(ctx context.Context, l *machine.Lab, args []string) error {
	f := flags("load")
	profile := f.String("profile", "plain", "")
	rest, err := parse(f, args)
	if err != nil {
		return err
	}
	if len(rest) != 1 || (*profile != "plain" && *profile != "full") {
		return usagef("lab load needs a number of tenants and --profile plain or full")
	}
	n, err := strconv.Atoi(rest[0])
	if err != nil || n < 1 {
		return usagef("lab load: %q is no number of tenants", rest[0])
	}
	if err := running(l); err != nil {
		return err
	}
	if l.Config.Mode == "empty" {
		return fmt.Errorf("the load needs Flux's kinds, which an empty lab lacks: run lab reset first")
	}
	// From here on the lab is a still life: what would move it stays down.
	l.Config.Loaded = true
	if err := l.Save(); err != nil {
		return err
	}
	if err := l.StopParts(l.Movers()); err != nil {
		return err
	}
	api := cluster.New(l.Server(), l.Config.AdminToken, 16)
	full := *profile == "full"
	start := time.Now()
	if err := load.Create(ctx, api, load.Store(l.EtcdURL()), n, full, talk()); err != nil {
		return err
	}
	took := time.Since(start).Seconds()
	fmt.Fprintf(talk(), "%d tenants made (%.0f s)\n", n, took)
	report, err := load.Measure(ctx, api, full)
	if err != nil {
		return err
	}
	report.Tenants, report.CreateSeconds = n, took
	for _, k := range report.Kinds {
		fmt.Fprintf(talk(), "%-16s %7d objects %12d bytes\n", k.Kind, k.Objects, k.Bytes)
	}
	fmt.Fprintf(talk(), "%-16s %7d objects %12d bytes, downloaded in %.2f s with %d requests at once\n",
		"all", report.Objects, report.Bytes, report.DownloadSeconds, report.Parallel)
	return printJSON(report)
}

func runMeasure(ctx context.Context, l *machine.Lab, args []string) error {
	f := flags("measure")
	profile := f.String("profile", "plain", "")
	if _, err := parse(f, args); err != nil {
		return err
	}
	if err := running(l); err != nil {
		return err
	}
	report, err := load.Measure(ctx, cluster.New(l.Server(), l.Config.AdminToken, 16), *profile == "full")
	if err != nil {
		return err
	}
	return printJSON(report)
}

func runUpdates(ctx context.Context, l *machine.Lab, args []string) error {
	f := flags("updates")
	rate := f.Int("rate", 500, "")
	length := f.Duration("for", 60*time.Second, "")
	states := f.String("states", "", "")
	if _, err := parse(f, args); err != nil {
		return err
	}
	if *rate < 1 {
		return usagef("lab updates: --rate must be at least 1")
	}
	if err := running(l); err != nil {
		return err
	}
	report, err := load.Update(ctx, cluster.New(l.Server(), l.Config.AdminToken, 16), load.Store(l.EtcdURL()), *rate, *length)
	if err != nil {
		return err
	}
	if *states != "" {
		body, err := json.Marshal(report.States)
		if err != nil {
			return err
		}
		if err := os.WriteFile(*states, body, 0o644); err != nil {
			return err
		}
	}
	fmt.Fprintf(talk(), "%d updates in %.1f s (%.0f a second), %d failed\n", report.Made, report.Seconds, report.Rate, report.Failed)
	return printJSON(report)
}

func printJSON(v any) error {
	enc := json.NewEncoder(os.Stdout)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
