package main

import (
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"
)

// target is what the program is held to at a size.
type target struct {
	complete          time.Duration
	overDownload      float64 // complete ≤ this × the raw download; 0 = no such target
	peakMB, settledMB int64
}

var targets = map[int]target{
	1000:  {complete: 600 * time.Millisecond, peakMB: 64},
	10000: {complete: 5 * time.Second, overDownload: 1.2, peakMB: 240, settledMB: 110},
}

const (
	idleTarget = 0.15 // seconds of CPU in 30 idle seconds
	keyTarget  = 50 * time.Millisecond
	busyTarget = 0.5 // of a core
)

func printTable(w io.Writer, o options, rows []row) {
	t := targets[o.tenants]
	fmt.Fprintf(w, "\n%d tenants, every controller stopped. Targets: complete %s, peak %d MB, idle CPU %.2f s/30 s, key %s.\n",
		o.tenants, t.complete, t.peakMB, idleTarget, keyTarget)
	tw := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(tw, "PROFILE\tLISTS\tMB\tDOWNLOAD\tCOMPLETE\t×DOWNLOAD\tPEAK MB\tSETTLED MB\tIDLE CPU\tIDLE BYTES\tKEY p50\tKEY p99\tMISSED")
	for _, r := range rows {
		ratio := "–"
		if r.download > 0 {
			ratio = fmt.Sprintf("%.2f", r.complete.Seconds()/r.download.Seconds())
		}
		idle, written := "–", "–"
		if r.idleCPU >= 0 {
			idle, written = fmt.Sprintf("%.2f s", r.idleCPU), fmt.Sprint(r.written)
		}
		fmt.Fprintf(tw, "%s\t%s\t%.1f\t%s\t%s\t%s\t%.1f\t%.1f\t%s\t%s\t%s\t%s\t%s\n", r.profile, r.mode, float64(r.bytes)/1e6,
			ms(r.download), ms(r.complete), ratio, float64(r.peakKB)/1024, float64(r.settledKB)/1024, idle, written,
			ms(r.keyP50), ms(r.keyP99), missed(o, t, r))
	}
	_ = tw.Flush()
	for _, r := range rows {
		if r.open > 0 {
			fmt.Fprintf(w, "%s %s: a letter of the filter at most %s, sort %s, a flat list for the first time %s, open a page %s; idle: %d writes in %s\n",
				r.profile, r.mode, ms(r.filter), ms(r.sort), ms(r.list), ms(r.open), r.frames, o.idle)
		}
		if r.updates > 0 {
			fmt.Fprintf(w, "%s %s: %d updates in %s, %d final states not shown (compared within %s); %.0f %% of a core, %.0f bytes and %.1f writes a second to the terminal\n",
				r.profile, r.mode, r.updates, o.updates, r.lost, ms(r.caughtUp), r.busyCPU*100, r.busyBytes, r.busyFrames)
		}
	}
	if load, err := os.ReadFile("/proc/loadavg"); err == nil {
		fmt.Fprintf(w, "load of this machine at the end: %s", load)
	}
}

func ms(d time.Duration) string {
	if d == 0 {
		return "–"
	}
	return fmt.Sprintf("%d ms", d.Milliseconds())
}

func missed(o options, t target, r row) string {
	out := ""
	add := func(yes bool, name string) {
		if yes {
			out += name + " "
		}
	}
	add(t.complete > 0 && r.complete > t.complete && r.mode != "500 updates/s", "complete")
	add(t.overDownload > 0 && r.download > 0 && r.complete.Seconds() > t.overDownload*r.download.Seconds(), "×download")
	add(t.peakMB > 0 && r.peakKB > t.peakMB*1024, "peak")
	add(t.settledMB > 0 && r.settledKB > t.settledMB*1024, "settled")
	add(r.idleCPU >= 0 && r.idleCPU/o.idle.Seconds() > idleTarget/30, "idle")
	add(r.keyP99 > keyTarget, "key")
	add(r.busyCPU > busyTarget, "cpu")
	add(r.lost > 0, "states")
	if out == "" {
		return "nothing"
	}
	return out
}
